/** A caller's story at an operator's desk: found, acted for, read back; what takes two waits; nothing is done by halves. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { PageForm } from "./support/wire/forms.ts";
import { signIn, request } from "./support/wire/http.ts";
import { spoken } from "./support/world/operators.ts";
import { startGuarded } from "./support/world/two-operators.ts";
import { type WebPage, WebPerson } from "./support/world/web-person.ts";

const house = await startGuarded({ after }, { lookupsPerDay: 14 });
const { url, demo, call } = house;
const [one, two] = demo.operators;
const [buyer] = demo.members;
const [shopKey] = demo.shopKeys;
if (!one || !two || !buyer || shopKey === undefined) throw new Error("No demo.");
const shop = { authorization: `Bearer ${shopKey}` };

const at = ({ email, password }: { email: string; password: string }) =>
  new WebPerson(url, { page: "/signin", words: { email, password } });
const person = at(two);

/** A trade of so much that is reserved for the buyer by mandate, and shipped. */
async function shipped(amount: number, quantity = 3): Promise<string> {
  const { number, state } = (
    await call("POST", "/v1/trades", shop, {
      buyer: { member: buyer?.number },
      currency: "JPY",
      lines: [{ name: "Tea set", quantity, unitAmount: amount / quantity }],
      approval: { mandate: buyer?.mandates[String(shopKey)] },
    })
  ).json as { number: string; state: string };
  assert.equal(state, "reserved");
  assert.equal((await call("POST", `/v1/trades/${number}/ship`, shop, {})).status, 200);
  return number;
}

const formOf = ({ forms, html }: WebPage, id: string): PageForm => {
  const form = forms.find((each) => each.id === id);
  assert.ok(form, `${id} in ${html.slice(-3000)}`);
  return form;
};

const said = {
  channel: "phone",
  callReference: "call 7",
  proofKind: "callback",
  proofReference: "tape 9",
};

const stateOf = async (number: string) =>
  (await call("GET", `/v1/trades/${number}`, house.first)).json as { state: string; settled: number };

test("an operator begins at the desk, with what waits", async () => {
  const session = await signIn(url, two);
  const page = await request(`${url}/desk`, "GET", session);
  assert.equal(page.status, 200);
  for (const queue of ["bank-transfers", "debts", "objections"])
    assert.ok(page.text.includes(`id="queue-${queue}"`), queue);
});

test("goods are accepted for a caller: filled in, read back with the sum, done once", async () => {
  const number = await shipped(3000);
  const trade = await person.open(`/desk/trades/${number}`);
  assert.ok(trade.html.includes('id="act-accept"'), trade.html);
  const page = await person.open(`/desk/trades/${number}/acts/accept`);
  const read = await person.press(formOf(page, "act-form"), { ...said, "quantity-1": "2" });
  assert.match(read.html, /id="moves-settled".*2,000/s);
  assert.equal((await stateOf(number)).settled, 0, "nothing is done before it was read back");
  const unread = await person.post(`/desk/trades/${number}/acts/accept`, {
    ...said,

    "quantity-1": "2",
    said: "yes",
    key: "unread-1",
  });
  assert.equal(unread.status, 422);
  const done = await person.press(formOf(read, "read-form"), { readBack: "yes" });
  assert.ok(done.html.includes('id="done"'), done.html);
  assert.equal((await stateOf(number)).settled, 2000);
  assert.match(done.html, /data-by-operator="trade.accepted".*call 7/s);
});

test("what one operator may not move waits for another, and says so", async () => {
  const number = await shipped(300_000);
  const page = await person.open(`/desk/trades/${number}/acts/accept`);
  const read = await person.press(formOf(page, "act-form"), said);
  const waits = await person.press(formOf(read, "read-form"), { readBack: "yes" });
  assert.ok(waits.html.includes('id="waits"'), waits.html);
  assert.equal((await stateOf(number)).settled, 0);
});

test("a form says what is missing, and keeps the rest", async () => {
  const number = await shipped(3000);
  const { status, html } = await person.post(`/desk/trades/${number}/acts/reject`, {
    reason: "A <b>broken</b> cup",
    kind: "wrong",
  });
  assert.equal(status, 422);
  for (const field of ["channel-phone", "callReference", "proofKind-callback", "proofReference"])
    assert.ok(html.includes(`href="#${field}"`), field);
  assert.ok(html.includes("A &lt;b>broken&lt;/b> cup"), html);
});

test("of two operators on one trade the second is told that it has changed", async () => {
  const number = await shipped(3000);
  const page = await person.open(`/desk/trades/${number}/acts/cancel`).catch(() => undefined);
  const form = await person.open(`/desk/trades/${number}/acts/accept`);
  const read = await person.press(formOf(form, "act-form"), said);
  const meanwhile = { operator: { ...spoken, as: "buyer" }, lines: [{ line: 1, quantity: 1 }] };
  assert.equal((await call("POST", `/v1/trades/${number}/accept`, house.first, meanwhile)).status, 200);
  const late = await person.press(formOf(read, "read-form"), { readBack: "yes" });
  assert.equal(late.status, 409, late.html);
  assert.ok(late.html.includes('data-code="trade_changed"'));
  assert.equal((await stateOf(number)).settled, 1000);
  assert.ok(page === undefined || page.status < 500);
});

test("what cannot be done has no form, and a caller for the shop is not asked for the buyer's word", async () => {
  const number = await shipped(3000);
  const refund = await person.open(`/desk/trades/${number}/acts/refund`);
  assert.match(refund.html, /id="mistakes"/);
  const unknown = await person.open(`/desk/trades/${number}/acts/steal`);
  assert.equal(unknown.status, 404);
  const cancel = await person.open(`/desk/trades/${number}/acts/cancel`);
  assert.ok(!cancel.html.includes('id="as-buyer"'), "goods that have left are the shop's to call off");
});

test("an offer is made for one side, taken for the other, and read back with what it moves", async () => {
  const number = await shipped(3000);
  const press = async (act: string, typed: Record<string, string>) => {
    const page = await person.open(`/desk/trades/${number}/acts/${act}`);
    const read = await person.press(formOf(page, "act-form"), { ...said, ...typed });
    const done = await person.press(formOf(read, "read-form"), { readBack: "yes" });
    assert.ok(done.html.includes('id="done"'), `${act} ${done.html.slice(-2000)}`);
    return read.html;
  };
  await press("deliver", { as: "buyer" });
  await press("dispute", { as: "buyer", reason: "One is torn" });
  await press("answer", { statement: "It left us whole" });
  assert.match(await press("offer", { as: "shop", pay: "1,000" }), /data-says="release".*2,000/s);
  const taken = await press("accept-offer", {});
  assert.match(taken, /id="moves-settled".*1,000.*id="moves-released".*2,000/s);
  assert.equal((await stateOf(number)).settled, 1000);
});

const find = async (what: string) => {
  const page = await person.open("/desk/find");
  return person.press(formOf(page, "find-form"), { what });
};
const hana = {
  name: "髙橋　花子",
  kana: "タカハシ　ハナコ",
  address: "1 Secret Street",
  birthDate: "1990-01-01",
  contact: { email: "hana.takahashi@example.com", phone: "090-1234-5678" },
};
const joined = (await call("POST", "/v1/members", house.first, hana)).json as { number: string };

test("a trade and a member are found by their numbers, however they are typed", async () => {
  const number = await shipped(3000);
  const typed = `${number.slice(0, 4)} ${number.slice(4, 8)}－${number.slice(8)}`;
  assert.equal((await find(typed)).path, `/desk/trades/${number}`);
  assert.equal((await find(joined.number)).path, `/desk/members/${joined.number}`);
});

for (const what of [
  "高橋花子",
  "花子　髙橋",
  "ﾀｶﾊｼ",
  "たかはし はなこ",
  "０９０ １２３４ ５６７８",
  "Hana.Takahashi@example.com",
])
  test(`${what} finds the member, masked`, async () => {
    const { html, status } = await find(what);
    assert.equal(status, 200);
    assert.ok(html.includes(`data-person="${joined.number}"`), html);
    for (const secret of ["花子", "Secret", "1234-5678", "hana.takahashi", "@example.com"])
      assert.ok(!html.replaceAll(/value="[^"]*"/g, "").includes(secret), secret);
  });

test("a sign, one letter and who is not there find nobody", async () => {
  for (const what of ["%", "高", "高橋太郎", "_%", "電話"]) {
    const { html, status } = await find(what);
    assert.ok(status === 200 || status === 422, what);
    assert.ok(!html.includes("data-person="), what);
  }
});

test("what is personal is shown for a reason only, noted, and read by the person; who is erased is found no more", async () => {
  const page = await person.open(`/desk/members/${joined.number}`);
  assert.ok(!page.html.includes("Secret Street"));
  const form = page.forms.find(({ action }) => action.endsWith("/data"));
  assert.ok(form);
  const shown = await person.press(form, { why: "delivery", more: "a parcel came back" });
  assert.match(shown.html, /Secret Street/);
  const looks = await call("GET", `/v1/members/${joined.number}/lookups`, house.first);
  assert.match(looks.text, /a parcel came back/);
  const record = await person.open("/desk/looks");
  assert.match(record.html, /a parcel came back/);
  const erasing = "channel=phone&reference=c&proof=callback&proofReference=t";
  await house.together("DELETE", `/v1/members/${joined.number}?${erasing}`);
  assert.ok(!(await find("髙橋花子")).html.includes("data-person="));
});

test("searches and looks are counted together, and stopped by the day's number", async () => {
  let last = 200;
  for (let tried = 0; tried < 20 && last === 200; tried += 1) last = (await find("山本一郎")).status;
  assert.equal(last, 429);
  const number = await shipped(3000);
  assert.equal((await find(number)).path, `/desk/trades/${number}`, "a number is no look");
});
