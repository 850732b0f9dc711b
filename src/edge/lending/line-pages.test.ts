/** Lent lines on pages: lent, changed, stopped and called by operators; given by their lenders to members who let them. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { formsIn, saidBy } from "../../../test/support/wire/forms.ts";
import { bearer, type Headers, type Json, request, signIn } from "../../../test/support/wire/http.ts";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { rawSql } from "../../storage/database/database.ts";
import { auditSeals } from "../../storage/seals/seals.ts";
import { auditLending } from "../../engines/lending/lending.ts";

const world = await openGuaranteed({ after });
const { guarantor, call, admin } = world;
const { url, demo } = guarantor;
const [shop] = demo.shops;
const [hana, ken] = demo.members;
const [first, second] = demo.operators;
if (!shop || !hana || !ken || !first || !second) throw new Error("No demo.");
const [asking, confirming] = [await signIn(url, first), await signIn(url, second)];
/** An intermediary, who sells nothing itself (paragraph 0081), and a shop: both sign in. */
const minami = {
  name: "Minami Credit",
  contact: { email: "minami@example.com" },
  password: "credit in the south wind",
};
const nishi = { name: "Nishi", contact: { email: "nishi@example.com" }, password: "leaves in the west wind" };
const staff = bearer(demo.adminKey);
async function made(kind: string, party: typeof minami): Promise<string> {
  const id = String((await call("guarantor", "POST", `/v1/${kind}`, staff, party)).json["id"]);
  await call("guarantor", "POST", `/v1/${kind}/${id}/approve`, staff, {});
  return id;
}
const minamiId = await made("providers", minami);
await made("shops", nishi);
const lender = await signIn(url, { email: minami.contact.email, password: minami.password });
const stranger = await signIn(url, { email: nishi.contact.email, password: nishi.password });
const buyer = await signIn(url, hana);

const page = (path: string, who: Headers) => request(`${url}${path}`, "GET", who);
/** Presses the button of a form on a page, with what else is typed. */
async function press(
  path: string,
  form: string,
  who: Headers,
  typed: Record<string, string> = {},
  times = 1,
) {
  const { text } = await page(path, who);
  const found =
    formsIn(text).find(({ id }) => id.startsWith(form)) ??
    assert.fail(`No ${form} on ${path}: ${saidBy(text)}`);
  const fields = Object.fromEntries(found.controls.map(({ name, value }) => [name, value]));
  const body = new URLSearchParams({ ...fields, ...typed }).toString();
  const headers = { ...who, "content-type": "application/x-www-form-urlencoded", origin: url };
  let answer = await request(`${url}${found.action}`, "POST", headers, body);
  for (let again = 1; again < times; again += 1)
    answer = await request(`${url}${found.action}`, "POST", headers, body);
  return answer;
}
const waiting = async (name: string) => {
  const { json } = await call("guarantor", "GET", "/v1/operator-acts", confirming);
  return (json["items"] as Json[]).filter((each) => each["name"] === name);
};
async function confirm(name: string) {
  const [act, more] = await waiting(name);
  assert.equal(more, undefined, "one wish, however often it was pressed");
  return call("guarantor", "POST", `/v1/operator-acts/${String(act?.["id"])}/confirm`, confirming, {});
}
const lines = async () => (await call("guarantor", "GET", "/v1/lent-lines", staff)).json["items"] as Json[];
const read = async (path: string, who: Headers) => saidBy((await page(path, who)).text);
const mistakes = (html: string) =>
  [...html.matchAll(/<p class="error" id="([^"]+)-error">([^<]+)</g)].map(([, at, said]) => `${at}: ${said}`);

test("nothing is lent yet, and nobody else has such a page", async () => {
  assert.match(await read("/lent-lines", asking), /Nothing is lent yet/);
  assert.match(await read("/lent-lines", lender), /Nothing is lent to you/);
  assert.equal((await page("/lent-lines", buyer)).status, 403);
  assert.equal((await page("/lent-lines", {})).headers.get("location"), "/signin?next=/lent-lines");
  assert.ok((await page("/trades", lender)).text.includes('href="/lent-lines"'));
});

test("what was typed wrongly is said at its field, and stays typed", async () => {
  const wrong = await press("/lent-lines", "lend-form", asking, {
    lender: "Nobody",
    currency: "yen",
    limit: "-5",
  });
  assert.equal(wrong.status, 422);
  assert.deepEqual(mistakes(wrong.text), [
    "lender: No approved shop or service provider has this name or id.",
    "currency: Enter the three letters of a currency, such as JPY.",
    "limit: Enter an amount, such as 1,200.",
  ]);
  assert.match(wrong.text, /value="Nobody"/);
  assert.deepEqual(await waiting("lent-line.set"), []);
});

test("a line is lent by name when two operators say so, once however often it is pressed", async () => {
  const typed = { lender: minami.name, currency: "jpy", limit: "10,000" };
  const kept = await press("/lent-lines", "lend-form", asking, typed, 2);
  assert.equal(kept.headers.get("location"), "/lent-lines?asked=yes", kept.text);
  assert.match(await read("/lent-lines?asked=yes", asking), /another operator has to confirm it/);
  assert.deepEqual(await lines(), [], "one operator alone lends nothing");
  assert.equal((await confirm("lent-line.set")).status, 200);
  const [line] = await lines();
  assert.deepEqual([line?.["lender"], line?.["limit"]], [minamiId, 10_000]);
  assert.match(await read("/lent-lines", asking), /Lent ¥10,000/);
  assert.match(await read("/lent-lines", lender), /Your line · JPY/);
  assert.match(await read("/lent-lines", stranger), /Nothing is lent to you/);
});

const lineId = async () => String((await lines())[0]?.["id"]);

test("its lender gives a part to a member who lets it, and reads what is wrong at the field", async () => {
  const at = `/lent-lines/${await lineId()}`;
  assert.equal((await page(at, stranger)).status, 404);
  const give = (member: string, limit: string, times = 1) =>
    press(at, "give-form", lender, { member, limit }, times);
  const unasked = await give(hana.number, "4000");
  assert.deepEqual(mistakes(unasked.text), ["member: No member of this number lets you give them credit."]);
  for (const nonsense of ["", "abc", "12", "9".repeat(30)])
    assert.deepEqual(mistakes((await give(nonsense, "1")).text), mistakes(unasked.text), nonsense);
  await press(`/lenders/${minamiId}`, "allow-form", buyer);
  assert.deepEqual(mistakes((await give(hana.number, "10001")).text), [
    "limit: There is not so much left of the line: ¥10,000 at most.",
  ]);
  const spaced = `${hana.number.slice(0, 4)} ${hana.number.slice(4)}`;
  assert.equal((await give(spaced, "4000", 2)).headers.get("location"), at);
  assert.match(await read(at, lender), /Up to ¥4,000/);
  const changed = await press(at, `set-${hana.number}`, lender, { limit: "6000" });
  assert.equal(changed.status, 303, changed.text);
  assert.match(await read(at, asking), /Up to ¥6,000/);
  assert.doesNotMatch((await page(at, lender)).text, /Hana|example\.com/);
});

async function accepted(amount: number): Promise<string> {
  const body = { currency: "JPY", amount, buyer: { member: hana?.number } };
  const { json } = await call("guarantor", "POST", "/v1/trades", bearer(shop?.key ?? ""), body);
  const number = String(json["number"]);
  const { text } = await page(`/trades/${number}/approve`, buyer);
  const method = /value="([^"]+)"[^>]*>(?:(?!<input).)*?Credit from/s.exec(text)?.[1];
  const approval = { version: json["version"], method };
  const approved = await call("guarantor", "POST", `/v1/trades/${number}/approve`, buyer, approval);
  assert.equal(approved.status, 200, approved.text);
  await call("guarantor", "POST", `/v1/trades/${number}/accept`, buyer, {});
  return number;
}

async function claim(number: string): Promise<void> {
  const claimed = await call(
    "guarantor",
    "POST",
    `/v1/guarantees/${number}/claim`,
    bearer(shop?.key ?? ""),
    {},
  );
  assert.equal(claimed.status, 200, claimed.text);
}

test("two operators have the lender make good what both have read, and nothing else", async () => {
  const at = `/lent-lines/${await lineId()}`;
  const [one, more] = [await accepted(3000), await accepted(500)];
  await world.advance("P22D");
  await claim(one);
  assert.match(await read(at, lender), /Owed ¥3,000/);
  const tooLittle = await press(at, `set-${hana.number}`, lender, { limit: "2999" });
  assert.deepEqual(mistakes(tooLittle.text), ["limit: More than that is in use."]);
  const kept = await press(at, "call-", asking);
  assert.equal(kept.headers.get("location"), `${at}?asked=yes`, kept.text);
  await claim(more);
  assert.equal((await confirm("lent-line.call")).json["code"], "amount_mismatch", "more is owed by now");
  // What is refused waits on: it could be done again where that much is owed once more.
  const [old] = await waiting("lent-line.call");
  const path = `/v1/operator-acts/${String(old?.["id"])}/decline`;
  const declined = await call("guarantor", "POST", path, confirming, { reason: "More is owed by now." });
  assert.ok(declined.status < 300, declined.text);
  await press(at, "call-", asking);
  const called = await confirm("lent-line.call");
  assert.equal(called.json["amount"], 3500, called.text);
  assert.match(await read("/lent-lines", lender), /To be made good by you ¥3,500/);
  assert.match(await read(at, lender), /made good/);
  for (const proof of [auditLending, auditSeals])
    assert.deepEqual((await proof(admin.guarantor)).differences, []);
});

test("a lender whose sign-in was lately reset gives nothing, and takes back", async () => {
  const at = `/lent-lines/${await lineId()}`;
  const held = (until: string) =>
    admin.guarantor.execute(rawSql(`update logins set held_until = ${until} where subject = $1`, [minamiId]));
  assert.equal((await press(at, "give-form", lender, { member: hana.number, limit: "1500" })).status, 303);
  await held("kenshu_now() + interval '1 day'");
  const refused = await press(at, "give-form", lender, { member: hana.number, limit: "2500" });
  assert.equal(refused.status, 409, refused.text);
  const wish = { member: hana.number, limit: 2500 };
  const byProgram = await call("guarantor", "POST", `/v1${at}/members`, lender, wish);
  assert.equal(byProgram.code, "sign_in_changed_lately", byProgram.text);
  assert.equal((await press(at, `end-${hana.number}`, lender)).status, 303);
  await held("null");
});

test("a part is taken back but for what is in use, a line stopped by one and let go on by two", async () => {
  const at = `/lent-lines/${await lineId()}`;
  const given = await press(at, "give-form", lender, { member: hana.number, limit: "2000" });
  assert.equal(given.status, 303, given.text);
  assert.equal((await press(at, `end-${hana.number}`, lender, {}, 2)).status, 303);
  assert.match(await read(at, lender), /Up to ¥0/);
  assert.equal((await press("/lent-lines", "stop-", asking)).headers.get("location"), "/lent-lines");
  assert.match(await read("/lent-lines", lender), /Stopped since/);
  const refused = await press(at, "give-form", lender, { member: hana.number, limit: "1" });
  assert.match(saidBy(refused.text), /The line was stopped/);
  const wrong = await press("/lent-lines", "set-", asking, { limit: "much" });
  assert.match(mistakes(wrong.text).join(), /^limit-.*such as 1,200/);
  assert.equal((await press("/lent-lines", "set-", asking, { limit: "9000" })).status, 303);
  assert.match(await read("/lent-lines", asking), /Stopped since/);
  assert.equal((await confirm("lent-line.set")).status, 200);
  assert.doesNotMatch(await read("/lent-lines", asking), /Stopped since/);
  assert.match(await read("/lent-lines", asking), /Lent ¥9,000/);
  for (const proof of [auditLending, auditSeals])
    assert.deepEqual((await proof(admin.guarantor)).differences, []);
});
