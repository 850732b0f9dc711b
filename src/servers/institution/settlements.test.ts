/** A member of an institution is told of each payment that another server makes from an account of theirs. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inDays } from "../../../test/support/world/consents.ts";
import { bearer, type Json, request, signIn } from "../../../test/support/wire/http.ts";
import { Browser } from "../../../test/support/world/pages-server.ts";
import { prepare, startParty } from "../../../test/support/wire/signed-pair.ts";
import { oneOperator } from "../../../test/support/world/operators.ts";
import { testKey } from "../../../test/support/world/vault.ts";
import { auditSeals } from "../../storage/seals/seals.ts";
import { settlementGauges } from "./objection-pages.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { createInstitution } from "./institution.ts";
import { seedInstitution } from "../../tools/demo/demo.ts";

const ids = {
  bank: "00000000-0000-4000-8000-000000004130",
  peer: "00000000-0000-4000-8000-000000004120",
};
const [bank, own] = await Promise.all([ids.bank, ids.peer].map((id) => prepare({ after }, id)));
if (!bank || !own) throw new Error("Two servers were to be prepared.");
const { url: databaseUrl, schema } = bank.database;
const where = { url: databaseUrl, schema, role: "kenshu_app", personalDataKeys: [testKey] };
const fee = { fixed: 0n, basisPoints: 0, roundTo: "shop" } as const;
const settings = { approval: "none", currencies: ["JPY", "USD"], fee, ...oneOperator } as const;
const facilitator = { id: ids.peer, name: "Some <b>facilitator", url: own.man.url };
const demo = await seedInstitution({ ...where, settings, peer: facilitator, loadMembers: 2 });
const institution = await createInstitution({
  ...where,
  settings,
  peers: [facilitator],
  publicUrl: bank.man.url,
  version: "0",
  sandbox: true,
  log: "silent",
});
after(() => institution.close());
bank.man.target = await institution.server.listen({ port: 0, host: "127.0.0.1" });
const peer = (await startParty({ after }, own, [{ id: ids.bank, name: "Bank", url: bank.man.url }], () => {}))
  .client;
const [rich, poor] = demo?.members ?? [];
const ties = demo?.ties;
const payee = ties?.shops[0]?.receive["JPY"];
const [shop] = demo?.shops ?? [];
if (!demo || !rich || !poor || !ties || !payee || !shop) throw new Error("The demo is not whole.");

const at = (path: string): string => `${bank.man.url}${path}`;
const asRich = await signIn(bank.man.url, rich);
const asPoor = await signIn(bank.man.url, poor);
const until = inDays(60);

/** What a peer is answered. */
async function ask(path: string, body: object): Promise<{ status: number; body: Json }> {
  const answer = await peer.call(ids.bank, "POST", path, body);
  return { status: answer.status, body: answer.body ?? {} };
}

let trades = 0;

/** A reservation of 1,000 under a new consent. */
async function reserved(
  more: { confirmAbove?: number; until?: string } = {},
): Promise<{ id: string; consent: string; trade: string }> {
  trades += 1;
  const trade = String(48210733951000 + trades);
  const wish = { peer: ids.peer, method: rich?.methods[0]?.id, until, ...more };
  const { json, text } = await request(at("/v1/consents"), "POST", asRich, wish);
  const consent = String(json["id"]);
  const id = uuidv7();
  const what = { tradeNumber: trade, account: consent, payee, amount: 1000, currency: "JPY" };
  const held = await ask("/v1/reservations", { id, ...what, until: wish.until });
  assert.equal(held.status, 201, text);
  return { id, consent, trade };
}

const settle = (reservation: string, body: object) =>
  ask(`/v1/reservations/${reservation}/settle`, { id: uuidv7(), ...body });

/** The mails that a member is shown, as text. */
async function mails(who: Record<string, string>): Promise<string[]> {
  const list = await (await fetch(at("/sandbox/mails"), { headers: who })).text();
  const pages = [...list.matchAll(/href="(\/sandbox\/mails\/[^"]+)"/gu)].map(([, path = ""]) => path);
  return Promise.all(pages.map(async (path) => (await fetch(at(path), { headers: who })).text()));
}

const { email, password } = rich;
const listed = async (who: Record<string, string>): Promise<Json[]> =>
  (await request(at("/v1/settlements"), "GET", who)).json["items"] as Json[];

test("each payment is told to whom the account belongs, once, and stands on their page", async () => {
  const { id, trade } = await reserved();
  const first = { id: uuidv7(), amount: 300 };
  assert.equal((await settle(id, first)).status, 200);
  assert.equal((await settle(id, first)).status, 200, "the same again");
  assert.equal((await settle(id, { amount: 5000 })).status, 409, "a refusal");
  assert.equal((await settle(id, { amount: 200 })).status, 200);
  const mine = (await listed(asRich)).filter((one) => one["tradeNumber"] === trade);
  assert.deepEqual(
    mine.map(({ amount, frozen, serverName, payee: to }) => [amount, frozen, serverName, to]),
    [
      [200, 500, facilitator.name, shop.name],
      [300, 500, facilitator.name, shop.name],
    ],
  );
  const told = (await mails(asRich)).filter((text) => text.includes("300 was paid from your account"));
  assert.equal(told.length, 1);
  const [text = ""] = told;
  for (const fact of ["Some &lt;b>facilitator", trade.replaceAll(/(.{4})/gu, "$1 ").trim(), "500", shop.name])
    assert.ok(text.includes(fact), `${fact}: ${text}`);
  const [, path = ""] = /(\/settlements\/[0-9a-f-]{36})/u.exec(text) ?? [];
  const browser = new Browser(institution.server);
  assert.equal((await browser.get(path)).to, `/signin?next=${path}`);
  assert.equal((await browser.send("/signin", "sign-in", { email, password })).status, 303);
  const page = await browser.get(path);
  assert.ok(page.html.includes(shop.name) && !page.html.includes("<b>"), page.html);
  assert.ok(
    (await browser.get("/settlements")).html.includes(
      page.html.match(/data-settlement="[^"]+"/u)?.[0] ?? "-",
    ),
  );
});

test("nobody else is told, and nothing is told of a voucher, whose bearer nobody knows", async () => {
  const before = (await listed(asPoor)).length;
  const { id } = await reserved();
  await settle(id, { amount: 100 });
  assert.equal((await listed(asPoor)).length, before);
  const [mine] = await listed(asRich);
  assert.equal((await fetch(at(`/settlements/${String(mine?.["id"])}`), { headers: asPoor })).status, 404);
  assert.equal((await request(at("/v1/settlements"), "GET", bearer(shop.key))).status, 403);
  const { body } = await ask("/v1/consents/voucher", { code: demo.vouchers[0]?.code });
  const reservation = uuidv7();
  const what = { tradeNumber: "18", account: body["consent"], payee, amount: 100, currency: "JPY", until };
  const held = await ask("/v1/reservations", { id: reservation, ...what });
  assert.equal(held.status, 201, JSON.stringify(held.body));
  assert.equal((await settle(reservation, {})).status, 200);
});

const advance = async (by: string): Promise<void> => {
  const { status } = await request(at("/v1/test-clock/advance"), "POST", bearer(demo.adminKey), { by });
  assert.equal(status, 200);
};
const codeOf = ({ status, body }: { status: number; body: Json }): string =>
  body["code"] === undefined ? `${status} ${String(body["settled"])}` : (body["code"] as string);
/** What waits of a reservation. */
const asked = async (trade: string): Promise<Json> =>
  (await listed(asRich)).find((one) => one["tradeNumber"] === trade && one["state"] !== "paid") ?? {};
const answer = (id: unknown, how: "confirm" | "object", body: Json = {}, who = asRich) =>
  request(at(`/v1/settlements/${String(id)}/${how}`), "POST", who, body);
const verdict = { decision: "refuse", reason: "We have seen the parcel." };
const decide = (id: unknown, decision: "pay" | "refuse") =>
  request(at(`/v1/settlements/${String(id)}/decide`), "POST", bearer(demo.adminKey), {
    ...verdict,
    decision,
  });

test("what is above the sum waits until the owner confirms it, and holds up nothing beside it", async () => {
  const { id, trade } = await reserved({ confirmAbove: 300 });
  const free = await reserved();
  const wanted = { id: uuidv7(), amount: 301 };
  assert.equal(codeOf(await settle(id, wanted)), "confirmation_awaited");
  const instructions = [
    { do: "settle", reservation: id, ...wanted },
    { do: "settle", id: uuidv7(), reservation: free.id, amount: 900 },
    { do: "settle", id: uuidv7(), reservation: id, amount: 500 },
    { do: "settle", id: uuidv7(), reservation: id, amount: 200 },
    { do: "release", id: uuidv7(), reservation: id, amount: 50 },
    { do: "refund", id: uuidv7(), reservation: id, amount: 10 },
    { do: "assign", id: uuidv7(), reservation: id, payee },
  ];
  const batch = await ask("/v1/reservations/batch", { instructions });
  const outcomes = batch.body["outcomes"] as { status: number }[];
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    [409, 200, 409, 200, 200, 200, 409],
    JSON.stringify(outcomes),
  );
  const waits = await asked(trade);
  assert.deepEqual([waits["state"], waits["amount"]], ["waiting", 301]);
  assert.equal((await mails(asRich)).filter((text) => text.includes("confirm a payment of ¥301")).length, 1);
  assert.equal(codeOf(await settle(id, { ...wanted, amount: 302 })), "command_id_reused");
  assert.equal(codeOf(await settle(free.id, { ...wanted, amount: 1 })), "command_id_reused", "elsewhere");
  assert.equal((await answer(waits["id"], "confirm", {}, asPoor)).status, 404);
  assert.equal((await answer(waits["id"], "confirm")).status, 204);
  assert.equal((await answer(waits["id"], "confirm")).status, 204, "again");
  assert.equal((await answer(waits["id"], "object", { reason: "no" })).code, "already_answered");
  assert.equal(codeOf(await settle(id, wanted)), "200 501");
  assert.equal(codeOf(await settle(id, wanted)), "200 501", "once");
  assert.equal(codeOf(await settle(id, { amount: 1 })), "confirmation_awaited", "each after it");
});

test("slices of a trade, and a second reservation of it, are let no further", async () => {
  const { id, trade, consent } = await reserved({ confirmAbove: 300 });
  const second = uuidv7();
  const reserve = {
    id: second,
    tradeNumber: trade,
    account: consent,
    payee,
    amount: 500,
    currency: "JPY",
    until,
  };
  assert.equal((await ask("/v1/reservations", reserve)).status, 201);
  assert.equal((await settle(id, { amount: 150 })).status, 200);
  assert.equal((await settle(second, { amount: 150 })).status, 200);
  assert.equal(codeOf(await settle(id, { amount: 1 })), "confirmation_awaited");
  assert.equal(codeOf(await settle(second, { amount: 1 })), "confirmation_awaited");
});

test("only the owner sets the sum, and it holds at once; what is no sum changes nothing", async () => {
  const { id, consent } = await reserved();
  const set = (who: Record<string, string>, confirmAbove: number | null) =>
    request(at(`/v1/consents/${consent}/confirm-above`), "POST", who, { confirmAbove });
  assert.equal((await set(asPoor, 5)).status, 404);
  assert.equal((await set(bearer(shop.key), 5)).status, 403);
  assert.equal((await set(asRich, 0)).status, 204);
  assert.equal(codeOf(await settle(id, { amount: 1 })), "confirmation_awaited");
  const browser = new Browser(institution.server);
  await browser.send("/signin", "sign-in", { email, password });
  const wrong = await browser.send("/consents", `confirm-${consent}`, { confirmAbove: "lots" });
  assert.deepEqual([wrong.status, wrong.html.includes(`confirmAbove-${consent}-error`)], [422, true]);
  const right = await browser.send("/consents", `confirm-${consent}`, { confirmAbove: "1,200" });
  assert.deepEqual([right.status, right.to], [303, "/consents"]);
  const given = (await request(at("/v1/consents"), "GET", asRich)).json["items"] as Json[];
  assert.equal(given.find((one) => one["id"] === consent)?.["confirmAbove"], 1200);
  const said = "select confirm_above::int as sum from confirming_changes where consent = $1 order by id";
  const changes = await bank.database.query<{ sum: number | null }>(rawSql(said, [consent]));
  assert.deepEqual(
    changes.map(({ sum }) => sum),
    [0, 1200],
  );
  assert.deepEqual((await auditSeals(bank.database)).differences, [], "each of them is sealed");
  assert.equal(codeOf(await settle(id, { amount: 900 })), "200 900", "a greater sum holds at once, too");
});

test("silence confirms three days after the owner was told, and never where nobody could be told", async () => {
  const told = await reserved({ confirmAbove: 0 });
  const untold = await reserved({ confirmAbove: 0 });
  const [one, other] = [{ id: uuidv7() }, { id: uuidv7() }];
  await settle(told.id, one);
  await settle(untold.id, other);
  const unsent =
    "update mails set state = 'failed' where settlement = (select id from settlements where instruction = $1)";
  await bank.database.execute(rawSql(unsent, [other.id]));
  await advance("P2DT23H");
  assert.equal(codeOf(await settle(told.id, one)), "confirmation_awaited");
  await advance("PT2H");
  assert.equal(codeOf(await settle(told.id, one)), "200 1000");
  await advance("P80D");
  const still = await peer.call(ids.bank, "GET", `/v1/reservations/${untold.id}`);
  assert.equal(still.body?.["state"], "held", "it does not end meanwhile");
  assert.equal(codeOf(await settle(untold.id, other)), "confirmation_awaited");
  const shown = (await request(at("/v1/settlement-objections"), "GET", bearer(demo.adminKey))).json[
    "items"
  ] as Json[];
  assert.ok(shown.some(({ tradeNumber, untold: nobody }) => tradeNumber === untold.trade && nobody === true));
  await listed(asRich);
  const browser = new Browser(institution.server);
  await browser.send("/signin", "sign-in", { email, password });
  const longAgo = "update sessions set created_at = created_at - interval '1 hour'";
  await bank.database.execute(rawSql(longAgo));
  await browser.get("/settlements");
  await advance("P3DT1H");
  assert.equal(
    codeOf(await settle(untold.id, other)),
    "confirmation_awaited",
    "that may be a thief's cookie",
  );
  await browser.send("/signin", "sign-in", { email, password });
  await browser.get("/settlements");
  await advance("P3DT1H");
  assert.equal(codeOf(await settle(untold.id, other)), "200 1000", "they have had it before them");
});

test("an objection is decided by operators: refused for good, and the trade's money can still go back", async () => {
  const { id, trade, consent } = await reserved({ confirmAbove: 100, until: inDays(300) });
  const wanted = { id: uuidv7(), amount: 600 };
  await settle(id, wanted);
  const browser = new Browser(institution.server);
  await browser.send("/signin", "sign-in", { email, password });
  const waits = await asked(trade);
  const pressed = await browser.send("/settlements", `object-${String(waits["id"])}`, {
    reason: "Never <b>came",
  });
  assert.equal(pressed.status, 303, pressed.html);
  await advance("P9D");
  assert.equal(
    codeOf(await settle(id, wanted)),
    "confirmation_awaited",
    "silence does not undo an objection",
  );
  assert.equal(
    (await request(at(`/v1/settlements/${String(waits["id"])}/decide`), "POST", asRich, verdict)).status,
    403,
  );
  assert.equal((await decide(waits["id"], "refuse")).status, 200);
  assert.equal((await decide(waits["id"], "pay")).code, "not_found", "it is decided");
  assert.equal(codeOf(await settle(id, wanted)), "settlement_refused");
  assert.equal(codeOf(await settle(id, { amount: 1000 })), "settlement_refused", "nor together with more");
  const second = uuidv7();
  const what = { tradeNumber: trade, account: consent, payee, amount: 1000, currency: "JPY" };
  assert.equal((await ask("/v1/reservations", { id: second, ...what, until: inDays(300) })).status, 201);
  assert.equal(codeOf(await settle(second, { amount: 600 })), "settlement_refused", "nor by reserving anew");
  assert.equal(codeOf(await settle(id, { amount: 200 })), "confirmation_awaited", "less is another question");
  const mine = (await mails(asRich)).filter((text) => text.includes("¥600 is not paid"));
  assert.equal(mine.length, 1);
  const shown = await browser.get(`/settlements/${String(waits["id"])}`);
  assert.ok(
    shown.html.includes("Never &lt;b>came") && shown.html.includes("We have seen the parcel."),
    shown.html,
  );
  assert.equal((await ask(`/v1/reservations/${id}/release`, { id: uuidv7() })).status, 200);
});

test("an objection that is refused is told with its reason, and the payment is made", async () => {
  const { id, trade } = await reserved({ confirmAbove: 100, until: inDays(300) });
  const wanted = { id: uuidv7(), amount: 700 };
  await settle(id, wanted);
  const waits = await asked(trade);
  const undecided = async () =>
    Number((await settlementGauges(bank.database).read())["kenshu_settlements_undecided"]);
  const before = await undecided();
  await answer(waits["id"], "object", { reason: "I keep both." });
  assert.equal(await undecided(), before + 1);
  assert.equal((await decide(waits["id"], "pay")).status, 200);
  assert.equal(await undecided(), before);
  assert.equal(codeOf(await settle(id, wanted)), "200 700");
  assert.ok((await mails(asRich)).some((text) => text.includes("¥700 is paid, although you objected")));
  assert.equal((await request(at("/v1/settlement-objections"), "GET", asRich)).status, 403);
});
