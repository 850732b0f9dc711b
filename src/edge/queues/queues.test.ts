/** Operators at their queues and forms: filled in, looked at once more, asked for, confirmed by another, declined, fetched. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Fields, formsIn, saidBy } from "../../../test/support/wire/forms.ts";
import { bearer, type Headers, type Json, request, signIn } from "../../../test/support/wire/http.ts";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { rawSql } from "../../storage/database/database.ts";

const { guarantor, call, admin } = await openGuaranteed({ after });
const { url, demo } = guarantor;
const [shop] = demo.shops;
const [hana] = demo.members;
const [first, second] = demo.operators;
if (!shop || !hana || !first || !second) throw new Error("No demo.");
const [asking, confirming] = [await signIn(url, first), await signIn(url, second)];
const buyer = await signIn(url, hana);
const shopId = shop.id;

const page = (path: string, who: Headers) => request(`${url}${path}`, "GET", who);
const read = async (path: string, who: Headers) => saidBy((await page(path, who)).text);
const mistakes = (html: string) =>
  [...html.matchAll(/<p class="error" id="([^"]+)-error">([^<]+)</g)].map(([, at, said]) => `${at}: ${said}`);

function send(action: string, who: Headers, fields: Fields) {
  const headers = { ...who, "content-type": "application/x-www-form-urlencoded", origin: url };
  return request(`${url}${action}`, "POST", headers, new URLSearchParams(fields).toString());
}

/** The form of this id on a page as it stands, with what is typed. */
function pressed(html: string, id: string, typed: Fields, who: Headers) {
  const found = formsIn(html).find((form) => form.id === id) ?? assert.fail(`No ${id}: ${saidBy(html)}`);
  const chosen = found.controls.filter(
    ({ kind, checked }) => (kind !== "radio" && kind !== "checkbox") || checked,
  );
  const fields = Object.fromEntries(chosen.map(({ name, value }) => [name, value]));
  return send(found.action, who, { ...fields, ...typed });
}

/** Fills a form in, looks at it once more, and does it. */
async function act(name: string, typed: Fields, last: Fields = {}, who: Headers = asking) {
  const { text } = await page(`/desk/acts/${name}`, who);
  const look = await pressed(text, "act-form", typed, who);
  assert.equal(look.status, 200, saidBy(look.text));
  const done = await pressed(look.text, "sure-form", { ...last, sure: "yes" }, who);
  return { look: saidBy(look.text), done };
}

const placeOf = (reply: { headers: globalThis.Headers; text: string }) =>
  reply.headers.get("location") ?? assert.fail(saidBy(reply.text));

async function confirmAt(place: string) {
  const { text } = await page(place.replace("?asked=yes", ""), confirming);
  return pressed(text, "confirm-form", {}, confirming);
}

/** A number as pages set it: in groups of four. */
const grouped = (number = ""): string => (number.match(/.{1,4}/g) ?? []).join(" ");

test("nobody but operators has these pages", async () => {
  for (const path of [
    "/operator-acts",
    "/disputes",
    "/desk/acts",
    "/desk/applications",
    "/desk/parties/shops",
  ]) {
    assert.equal((await page(path, buyer)).status, 403, path);
    assert.equal((await page(path, {})).headers.get("location"), `/signin?next=${path}`);
    assert.equal((await page(path, asking)).status, 200, path);
  }
  assert.equal((await page("/desk/acts/nothing", asking)).status, 404);
  // Only an institution collects.
  assert.equal((await page("/desk/acts/collector-set", asking)).status, 404);
});

test("what was typed wrongly is said at its field, and nothing is asked for", async () => {
  const { text } = await page("/desk/acts/shop-fee", asking);
  const wrong = await pressed(
    text,
    "act-form",
    { id: "Nobody", currency: "yen", fixed: "-1", basisPoints: "x" },
    asking,
  );
  assert.equal(wrong.status, 422);
  assert.deepEqual(mistakes(wrong.text), [
    "id: Nobody here has this name or id, or several have.",
    "currency: Enter the three letters of a currency, such as JPY.",
    "fixed: Enter an amount, such as 1,200.",
    "basisPoints: Enter a whole number.",
    "roundTo: Fill this in.",
  ]);
  assert.match(wrong.text, /value="Nobody"/);
  const field = await send("/desk/acts/shop-fee", asking, { id: shopId, surprise: "1" });
  assert.equal(field.status, 422, "a field that no form has");
});

test("a fee: the sum and whose it is are shown once more, another operator sees old and new, and confirms", async () => {
  const typed = { id: shop.name, currency: "JPY", fixed: "30", basisPoints: "250", roundTo: "shop" };
  const { look, done } = await act("shop-fee", typed);
  assert.match(look, /Another operator has to confirm it/);
  assert.match(look, new RegExp(`This will be done.*${shop.name}.*JPY.*¥30.*2\\.5%`));
  const place = placeOf(done);
  assert.match(place, /^\/operator-acts\/[0-9a-f-]{36}\?asked=yes$/);
  const mine = await page(place, asking);
  assert.match(saidBy(mine.text), /It waits for another operator now/);
  assert.match(saidBy(mine.text), /You asked for this: another operator has to confirm it/);
  assert.doesNotMatch(mine.text, /id="confirm-form"/);
  const theirs = await page(place, confirming);
  assert.match(saidBy(theirs.text), /As it stands now.*What will be done/);
  assert.match(saidBy(theirs.text), /Fixed part for each order ¥30/);
  assert.match(await read("/operator-acts", confirming), /Set a shop's fee/);
  // The first one's own hand does not confirm it, by whatever form.
  const digest = /name="digest" value="([0-9a-f]{64})"/.exec(theirs.text)?.[1] ?? "";
  const own = await send(`${place.replace("?asked=yes", "")}/confirm`, asking, { digest });
  assert.equal(own.status, 403, saidBy(own.text));
  assert.equal(placeOf(await confirmAt(place)), "/operator-acts?done=confirmed");
  const { json } = await call("guarantor", "GET", `/v1/shops/${shopId}`, asking);
  const [account] = json["accounts"] as { fee: Json }[];
  assert.equal(account?.fee["basisPoints"], 250, JSON.stringify(json));
});

test("a key is shown once, to whoever asked, when another has confirmed it", async () => {
  const { done } = await act("key-make", { kinds: "shops", id: shopId, label: "till" });
  const place = placeOf(done).replace("?asked=yes", "");
  const confirmed = await confirmAt(place);
  assert.equal(placeOf(confirmed), place);
  assert.doesNotMatch((await page(place, confirming)).text, /collect-form/);
  assert.match(await read("/operator-acts", asking), /Yours to fetch Make a key/);
  const { text } = await page(place, asking);
  const shown = await pressed(text, "collect-form", {}, asking);
  const key = /id="secret-value">([^<]+)</.exec(shown.text)?.[1] ?? assert.fail(saidBy(shown.text));
  assert.equal((await call("guarantor", "GET", "/v1/trades", bearer(key))).status, 200);
  assert.equal((await pressed(text, "collect-form", {}, asking)).status, 404, "once");
});

test("an operator declines with a reason, and it is never done", async () => {
  const { done } = await act("member-suspend", { number: hana.number });
  assert.match(placeOf(done), /done=yes/, "one is enough to stop");
  const resumed = await act("member-resume", { number: hana.number });
  const place = placeOf(resumed.done).replace("?asked=yes", "");
  const { text } = await page(place, confirming);
  const declined = await pressed(text, "decline-form", { reason: "She has not called back" }, confirming);
  assert.equal(placeOf(declined), "/operator-acts?done=declined");
  assert.equal((await page(place, confirming)).status, 404);
  const [row] = await admin.guarantor.query<{ reason: string }>(
    rawSql("select declined_reason as reason from operator_acts where declined_at is not null", []),
  );
  assert.equal(row?.reason, "She has not called back");
  const again = await act("member-resume", { number: hana.number });
  assert.equal(placeOf(await confirmAt(placeOf(again.done))), "/operator-acts?done=confirmed");
});

test("who has applied is listed with what is missing, and nothing personal; two let them in", async () => {
  const person = { name: "Jiro Mori", address: "Nara", birthDate: "1980-02-03", phone: "０７４２－２２" };
  const entered = await act("member-add", person);
  assert.equal(placeOf(entered.done), "/desk/applications?done=yes");
  // This server lets members in at once; one that does not has them wait so.
  const [waiting] = await admin.guarantor.query<{ number: bigint }>(
    rawSql(
      `update people set state = 'provisional' where id = (select id from people order by id desc limit 1) returning number`,
      [],
    ),
  );
  const applied = await act("party-add", { kinds: "carriers", name: "Slow Boats", phone: "0120-1" });
  assert.equal(placeOf(applied.done), "/desk/applications?done=yes");
  const listed = await page("/desk/applications", asking);
  const number = String(waiting?.number);
  assert.match(saidBy(listed.text), /Missing: an email address, a sign-in.*Slow Boats.*Missing: a sign-in/);
  assert.doesNotMatch(listed.text, /Jiro|0742-22|０７４２/);
  const link = /href="(\/desk\/acts\/member-approve\?number=\d+)"/.exec(listed.text)?.[1] ?? "";
  assert.equal(link, `/desk/acts/member-approve?number=${number}`);
  const approved = await act("member-approve", { number });
  assert.equal(placeOf(await confirmAt(placeOf(approved.done))), "/operator-acts?done=confirmed");
  const boats =
    /href="\/desk\/acts\/party-approve\?kinds=carriers&amp;id=([^"]+)"/.exec(listed.text)?.[1] ?? "";
  const admitted = await act("party-approve", { kinds: "carriers", id: boats });
  assert.match(admitted.look, /Slow Boats/);
  assert.equal(placeOf(await confirmAt(placeOf(admitted.done))), "/operator-acts?done=confirmed");
  assert.doesNotMatch(await read("/desk/applications", asking), new RegExp(`${number}|Slow Boats`));
  assert.match(await read(`/desk/parties/carriers/${boats}`, asking), /Slow Boats ?approved/);
});

test("what is done in somebody's name says how they proved it, and is read back", async () => {
  const { text } = await page("/desk/acts/member-reset", asking);
  const without = await pressed(text, "act-form", { number: hana.number }, asking);
  assert.equal(without.status, 422);
  const spoken = {
    number: hana.number,
    channel: "phone",
    callReference: "call 7",
    proofKind: "callback",
    proofReference: "tape 9",
  };
  const look = await pressed(text, "act-form", spoken, asking);
  const unread = await pressed(look.text, "sure-form", { sure: "yes", readBack: "" }, asking);
  assert.equal(unread.status, 422, saidBy(unread.text));
  const done = await pressed(look.text, "sure-form", { sure: "yes", readBack: "yes" }, asking);
  assert.match(`${done.headers.get("location")}`, /done=yes/, saidBy(done.text));
});

test("a code of one use stands in no page: not in the look before the last press, nor where the session has ended", async () => {
  const code = "code-of-one-use-7";
  const { text } = await page("/desk/acts/shop-tie", asking);
  assert.doesNotMatch(text, /name="tieCode"/, "it is asked for with the last press");
  const spoken = {
    id: shopId,
    institution: shopId,
    tieCode: code,
    channel: "phone",
    callReference: "call 8",
    proofKind: "callback",
    proofReference: "tape 8",
  };
  const look = await pressed(text, "act-form", spoken, asking);
  assert.equal(look.status, 200, saidBy(look.text));
  const field = formsIn(look.text)
    .find(({ id }) => id === "sure-form")
    ?.controls.find(({ name }) => name === "tieCode");
  assert.equal(field?.value, "");
  const last = { sure: "yes", readBack: "yes" };
  const without = await pressed(look.text, "sure-form", last, asking);
  assert.match(without.text, /id="tieCode-error"/);
  const refused = await pressed(look.text, "sure-form", { ...last, tieCode: code }, asking);
  const ended = await pressed(look.text, "sure-form", { ...last, tieCode: code }, {});
  for (const { text: shown } of [look, refused, ended]) assert.ok(!shown.includes(code), saidBy(shown));
});

type Move = (name: string, who: Headers, body: Json) => Promise<void>;

async function disputed(amount: number, before?: (move: Move) => Promise<"opened" | undefined>) {
  const body = {
    currency: "JPY",
    lines: [{ name: "Cups", quantity: 2, unitAmount: amount / 2 }],
    buyer: { member: hana?.number },
    coolingOff: "P8D",
  };
  const at = bearer(shop?.key ?? "");
  const { json } = await call("guarantor", "POST", "/v1/trades", at, body);
  const number = String(json["number"]);
  const { text } = await page(`/trades/${number}/approve`, buyer);
  const method = /name="method"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="method"/.exec(text);
  const approval = { version: json["version"], method: method?.[1] ?? method?.[2] };
  const approved = await call("guarantor", "POST", `/v1/trades/${number}/approve`, buyer, approval);
  assert.equal(approved.status, 200, approved.text);
  const move: Move = async (name, who, body) => {
    const moved = await call("guarantor", "POST", `/v1/trades/${number}/${name}`, who, body);
    assert.equal(moved.status, 200, `${name} ${moved.text}`);
  };
  await move("ship", at, {});
  await move("deliver", buyer, {});
  if ((await before?.(move)) === "opened") return number;
  await move("dispute", buyer, { reason: "One cup is broken" });
  await move("answer", at, { statement: "It left us whole" });
  return number;
}

test("a dispute is read with both sides' words, decided with its sum, and by two above an amount", async () => {
  const number = await disputed(500_000);
  const listed = await page("/disputes", asking);
  assert.match(listed.text, new RegExp(`href="/disputes/${number}"`));
  const { text } = await page(`/disputes/${number}`, asking);
  assert.match(saidBy(text), /One cup is broken.*It left us whole/);
  assert.match(saidBy(text), /Nobody who is independent has reported anything/);
  const empty = await pressed(text, "decide-form", {}, asking);
  assert.equal(empty.status, 422);
  const look = await pressed(
    text,
    "decide-form",
    { outcome: "release", reason: "Seen on the photo" },
    asking,
  );
  assert.equal(look.status, 200, saidBy(look.text));
  assert.match(saidBy(look.text), /The buyer's money is free again.*All that is open.*¥500,000/);
  const done = await pressed(look.text, "sure-form", { sure: "yes" }, asking);
  const place = placeOf(done);
  assert.match(place, /^\/operator-acts\//);
  const theirs = await read(place, confirming);
  assert.match(
    theirs,
    new RegExp(`Decide a dispute.*¥500,000.*${shop?.name}.*Member ${grouped(hana?.number)}`),
  );
  assert.equal(placeOf(await confirmAt(place)), "/operator-acts?done=confirmed");
  assert.doesNotMatch((await page("/disputes", asking)).text, new RegExp(number));
});

/** What is shown of a decision about this dispute before it is made. */
async function lookAt(number: string, typed: Fields) {
  const { text } = await page(`/disputes/${number}`, asking);
  const look = await pressed(text, "decide-form", { reason: "Seen on the photo", ...typed }, asking);
  const [, sums = ""] = /This is your decision(.*)/s.exec(saidBy(look.text)) ?? [];
  return { text: saidBy(text), look, sums };
}

test("a decision shows what it moves: goods whose own deadline runs are not among it", async () => {
  const number = await disputed(60_000, async (move) => {
    await move("reject", buyer, { lines: [{ line: 1, quantity: 1 }], reason: "Cracked" });
    return undefined;
  });
  const { text, look, sums } = await lookAt(number, { outcome: "settle" });
  assert.match(text, /Cups: how many of 1\?/);
  assert.match(sums, /Cups × 1 Paid to the shop later ¥30,000 Why/);
  assert.match(look.text, /name="quantity-1" value="1"/, "the yes is to what was shown");
  const done = await pressed(look.text, "sure-form", { sure: "yes" }, asking);
  assert.equal(placeOf(done), "/disputes?done=yes");
  const { text: then } = await call("guarantor", "GET", `/v1/trades/${number}`, bearer(shop?.key ?? ""));
  assert.match(then, /"accepted":1/);
});

test("goods that were accepted and then withdrawn can be named, and are among what is free again", async () => {
  const number = await disputed(60_000, async (move) => {
    await move("accept", buyer, { lines: [{ line: 1, quantity: 1 }] });
    await move("withdraw", buyer, { lines: [{ line: 1, quantity: 1 }], reason: "Changed" });
    await move("send-back", buyer, {});
    const contest = { contest: "not_back", reason: "Nothing came" };
    await move("dispute", bearer(shop?.key ?? ""), contest);
    await move("answer", buyer, { statement: "It was sent" });
    return "opened";
  });
  const { text, sums } = await lookAt(number, { outcome: "release" });
  assert.match(text, /Cups: how many of 2\?/);
  assert.match(sums, /Cups × 2 Free again for the buyer ¥60,000 Why/);
});

test("a decision that cannot be made says so before it is asked for", async () => {
  const number = await disputed(60_000);
  const { look } = await lookAt(number, { outcome: "settle", refund: "90,000" });
  assert.equal(look.status, 409);
  assert.match(look.text, /data-code="amount_exceeds_settled"/);
});
