/**
 * Cash on delivery in one act (0070), as a carrier does it at a guarantor, on the page and by calls: the goods are accepted and the
 * money is taken, and the institution has booked it, or says why not.
 */
import assert from "node:assert/strict";
import { takingAccount } from "../src/engines/rails/rails.ts";
import { rawSql } from "../src/storage/database/database.ts";
import { after, test } from "node:test";
import { auditCollections } from "../src/engines/collections/collections.ts";
import { keptAccountOf } from "../src/storage/ledger/ledger.ts";
import { openGuaranteed } from "./support/world/guaranteed.ts";
import { WebPerson, type WebPage } from "./support/world/web-person.ts";
import { institutionId } from "./support/world/pair.ts";
import { until } from "./support/world/world.ts";
import { bearer, type Json, signIn } from "./support/wire/http.ts";
import { saidBy } from "./support/wire/forms.ts";

const world = await openGuaranteed({ after }, { operators: "one" });
const { guarantor, institution, admin, call } = world;
const [shop] = guarantor.demo.shops;
const [hana] = guarantor.demo.members;
const [carrier] = guarantor.demo.carriers;
const driver = institution.demo.clerks.find(({ channel }) => channel === "cash_on_delivery");
if (!shop || !hana || !carrier || !driver) throw new Error("No demo.");
const [atShop, buyer] = [bearer(shop.key), await signIn(guarantor.url, hana)];
const byCarrier = await signIn(guarantor.url, carrier);
const byDriver = await signIn(institution.url, driver);
const at = (path: string, who = atShop, body?: Json) =>
  call("guarantor", body === undefined ? "GET" : "POST", path, who, body);
const there = (path: string, who = byDriver, body?: Json) =>
  call("institution", body === undefined ? "GET" : "POST", path, who, body);

/** Somebody who has come with three tea sets at 1,100 yen. */
async function sent(): Promise<string> {
  const proposed = await at("/v1/trades", atShop, {
    buyer: { member: hana?.number },
    currency: "JPY",
    lines: [{ name: "Tea set", quantity: 3, unitAmount: 1100 }],
    approval: { mandate: hana?.mandates[shop?.key ?? ""] },
    carrier: carrier?.id,
  });
  assert.equal(proposed.status, 201, proposed.text);
  const number = String(proposed.json["number"]);
  assert.equal((await at(`/v1/trades/${number}/ship`, atShop, {})).status, 200);
  return number;
}

async function codeFor(number: string): Promise<string> {
  const reported = await at(`/v1/trades/${number}/at-door`, byCarrier, {});
  assert.equal(reported.status, 200, reported.text);
  return String((await at(`/v1/trades/${number}/door-code`, buyer)).json["code"]);
}

async function owes(): Promise<number> {
  const shown = await there(`/v1/collectors/${driver?.id}`);
  const [account] = shown.json["accounts"] as { owes: number }[];
  return account?.owes ?? 0;
}

const person = (url: string, words: { email: string; password: string }) =>
  new WebPerson(url, { page: "/signin", words: { email: words.email, password: words.password } });
const formOf = ({ forms, html }: WebPage, id: string) =>
  forms.find((form) => form.id === id) ?? assert.fail(`${id}: ${saidBy(html)}`);
const stateOf = ({ html }: WebPage) => /data-taking="([a-z]+)"/.exec(html)?.[1];

test("a carrier presses one button, which names the sum, and the buyer has paid", async () => {
  const number = await sent();
  const before = await owes();
  const page = person(guarantor.url, carrier);
  const first = await page.open(`/trades/${number}`);
  assert.ok(!first.html.includes("3,300"), "before it is at the door nobody is told what it costs");
  const atDoor = await page.press(formOf(first, "at-door-form"));
  const form = formOf(atDoor, "taken-form");
  assert.match(saidBy(atDoor.html), /Accepted, and ¥3,300 taken/);
  assert.ok(formOf(atDoor, "by-code-form"), "without the money it is another press");
  const code = String((await at(`/v1/trades/${number}/door-code`, buyer)).json["code"]);
  const wrong = await page.press(form, { code: "1234567" });
  assert.equal(wrong.status, 422);
  const done = await page.press(formOf(wrong, "taken-form"), { code });
  assert.equal(stateOf(done), "taken", saidBy(done.html));
  assert.match(saidBy(done.html), /¥3,300 is booked/);
  const trade = await at(`/v1/trades/${number}`, buyer);
  assert.deepEqual([trade.json["state"], trade.json["settled"]], ["settled", 3300]);
  assert.match(
    saidBy((await person(guarantor.url, hana).open(`/trades/${number}`)).html),
    /paid to the carrier/,
  );
  assert.equal((await owes()) - before, 3300);
});

test("by calls: the sum is asked for, said, and known in the answer; a part is a part", async () => {
  const number = await sent();
  assert.equal((await at(`/v1/trades/${number}/to-take`, byCarrier)).status, 404, "not at the door yet");
  const code = await codeFor(number);
  const whole = await at(`/v1/trades/${number}/to-take`, byCarrier);
  assert.equal(whole.json["amount"], 3300, whole.text);
  const part = await at(`/v1/trades/${number}/to-take?lines=1:2`, byCarrier);
  assert.equal(part.json["amount"], 2200);
  const lines = [{ line: 1, quantity: 2 }];
  const say = (amount: number) =>
    at(`/v1/trades/${number}/accept`, byCarrier, { code, lines, collected: { amount, currency: "JPY" } });
  assert.equal((await say(3300)).code, "amount_mismatch");
  const said = await say(2200);
  assert.deepEqual(
    said.json["taking"],
    { state: "taken", amount: 2200, currency: "JPY" },
    "the code was not spent",
  );
  assert.equal(said.json["amount"], undefined);
  const rest = await at(`/v1/trades/${number}/reject`, buyer, { reason: "One is dented" });
  assert.equal(rest.status, 200, rest.text);
  assert.deepEqual((await there(`/v1/collections/${number}`)).json["due"], 0);
});

test("what was said stands in the taker's list and on their page, with who said it", async () => {
  const listed = await there(`/v1/collectors/${driver.id}/takings?limit=1`);
  const [item] = listed.json["items"] as Json[];
  assert.equal(item?.["amount"], 2200);
  assert.ok(listed.json["next"] !== null);
  const next = await there(`/v1/collectors/${driver.id}/takings?after=${listed.json["next"] as string}`);
  assert.deepEqual(
    (next.json["items"] as Json[]).map((each) => each["amount"]),
    [3300],
  );
  const page = await person(institution.url, driver).open("/collecting");
  assert.match(saidBy(page.html), /¥2,200 .* Aoi Tea Guarantor/);
  const [clerk] = institution.demo.clerks;
  assert.ok(clerk);
  assert.equal(
    (await there(`/v1/collectors/${driver.id}/takings`, await signIn(institution.url, clerk))).status,
    404,
  );
  assert.equal((await person(institution.url, clerk).open("/collecting")).status, 403);
});

test("while the institution does not answer nothing is certain, and then it is", async () => {
  const number = await sent();
  const code = await codeFor(number);
  const before = await owes();
  await world.takeInstitutionAway();
  const page = person(guarantor.url, carrier);
  const form = formOf(await page.open(`/trades/${number}`), "taken-form");
  const waiting = await page.press(form, { code });
  assert.equal(stateOf(waiting), "asked");
  assert.match(saidBy(waiting.html), /not yet certain/);
  assert.equal((await at(`/v1/trades/${number}`, byCarrier)).json["state"], "accepted");
  await world.bringInstitutionBack();
  await until("the money is booked", async () => stateOf(await page.open(`/trades/${number}`)) === "taken");
  assert.equal((await owes()) - before, 3300);
});

test("a carrier ends it at the institution, and nothing more is said; it agrees anew and brings the code", async () => {
  const there = person(institution.url, driver);
  const page = await there.open("/collecting");
  const [end] = page.forms.filter(({ id }) => id.startsWith("end-"));
  assert.ok(end);
  await there.press(end);
  const number = await sent();
  const here = person(guarantor.url, carrier);
  const code = await codeFor(number);
  const refused = await here.press(formOf(await here.open(`/trades/${number}`), "taken-form"), { code });
  assert.equal(stateOf(refused), "refused");
  assert.match(saidBy(refused.html), /is not booked/);
  assert.equal(
    (await at(`/v1/trades/${number}`, byCarrier)).json["state"],
    "accepted",
    "the goods are accepted",
  );
  const mistyped = await there.press(formOf(page, "agree"), { currency: "JPY", limitPerDay: "1,0" });
  assert.equal(mistyped.status, 422);
  const agreed = await there.press(formOf(mistyped, "agree"), { currency: "JPY", limitPerDay: "5000" });
  const secret = /<code id="code">(kc_[^<]+)</.exec(agreed.html)?.[1] ?? assert.fail(saidBy(agreed.html));
  const tieForm = formOf(await here.open("/collecting"), "tie-form");
  const tied = await here.press(tieForm, { code: secret });
  assert.match(saidBy(tied.html), /From now on you take the money with the acceptance/);
  assert.equal((await here.press(formOf(tied, "tie-form"), { code: "kc_somethingelse" })).status, 402);
  for (const [amount, state] of [
    [3300, "taken"],
    [3300, "refused"],
  ] as const) {
    const next = await sent();
    const proof = await codeFor(next);
    const collected = { amount, currency: "JPY" };
    const said = await at(`/v1/trades/${next}/accept`, byCarrier, { code: proof, collected });
    const taking = said.json["taking"] as Json;
    assert.equal(taking["state"], state, said.text);
    if (state === "refused") assert.equal(taking["code"], "consent_limit_exceeded", "5,000 a day");
  }
});

test("a code of one carrier is no other's, and a code for something else is none for this", async () => {
  const ask = (body: Json, who = byDriver) => there("/v1/consents", who, body);
  const peer = "00000000-0000-4000-8000-000000000040";
  const wish = { peer, purpose: "collect", currency: "JPY", limitPerDay: 1000 };
  for (const [change, code] of [
    [{ limitPerDay: undefined }, "invalid_field"],
    [{ currency: "USD" }, "currency_mismatch"],
    [{ limitPerTrade: 5 }, "invalid_field"],
    [{ purpose: "receive" }, "invalid_field"],
    [{ until: "2001-01-01T00:00:00Z" }, "date_out_of_range"],
  ] as const)
    assert.equal((await ask({ ...wish, ...change })).code, code, JSON.stringify(change));
  const [clerk] = institution.demo.clerks;
  assert.equal((await ask(wish, bearer(clerk?.key ?? ""))).code, "not_allowed", "who stands at a counter");
  const given = await ask(wish);
  assert.equal(given.status, 201, given.text);
  const at = institutionId;
  const tie = (id: string, who = byCarrier) =>
    call("guarantor", "POST", `/v1/carriers/${id}/ties`, who, {
      institution: at,
      code: given.json["code"] as string,
    });
  assert.equal((await tie(driver.id)).status, 404);
  assert.equal(
    (await tie(carrier.id, bearer(guarantor.demo.adminKey))).status,
    403,
    "nobody does it for them",
  );
  assert.equal((await tie(carrier.id)).status, 201);
});

test("a carrier who is not tied spends no code: tied again, the same code takes the money", async () => {
  const number = await sent();
  const code = await codeFor(number);
  const taking = { code, collected: { amount: 3300, currency: "JPY" } };
  const take = () => at(`/v1/trades/${number}/accept`, byCarrier, taking);
  const account = takingAccount(carrier?.id ?? "", "JPY");
  const move = (from: string, to: string) =>
    admin.guarantor.execute(
      rawSql("update remote_accounts set institution = $1 where account = $2 and institution = $3", [
        to,
        account,
        from,
      ]),
    );
  const elsewhere = "00000000-0000-4000-8000-00000000dead";
  assert.equal(await move(institutionId, elsewhere), 1);
  assert.equal((await take()).code, "account_not_tied");
  await move(elsewhere, institutionId);
  const taken = await take();
  assert.ok(taken.status === 200 || taken.status === 202, taken.text);
});

test("the books of both agree", async () => {
  await until("both agree", async () => (await world.reconcile()).breaks.length === 0);
  assert.deepEqual((await auditCollections(admin.institution, keptAccountOf)).differences, []);
});
