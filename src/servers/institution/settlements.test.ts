/** A member of an institution is told of each payment that another server makes from an account of theirs. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inDays } from "../../../test/support/world/consents.ts";
import { bearer, type Json, request, signIn } from "../../../test/support/wire/http.ts";
import { Browser } from "../../../test/support/world/pages-server.ts";
import { prepare, startParty } from "../../../test/support/wire/signed-pair.ts";
import { oneOperator } from "../../../test/support/world/operators.ts";
import { testKey } from "../../../test/support/world/vault.ts";
import { uuidv7 } from "../../storage/database/database.ts";
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
async function reserved(more: object = {}): Promise<{ id: string; consent: string; trade: string }> {
  trades += 1;
  const trade = String(48210733951000 + trades);
  const wish = { peer: ids.peer, method: rich?.methods[0]?.id, until, ...more };
  const { json, text } = await request(at("/v1/consents"), "POST", asRich, wish);
  const consent = String(json["id"]);
  const id = uuidv7();
  const reserve = { id, tradeNumber: trade, account: consent, payee, amount: 1000, currency: "JPY", until };
  assert.equal((await ask("/v1/reservations", reserve)).status, 201, text);
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
