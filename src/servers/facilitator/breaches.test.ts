/** An institution that answers what cannot be: it is not believed, it is evidence, and it is asked nothing more. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Json, request } from "../../../test/support/wire/http.ts";
import { institutionId, openPair } from "../../../test/support/world/pair.ts";
import { until } from "../../../test/support/world/world.ts";
import { listenForMetrics } from "../../edge/http/http.ts";
import { rawSql } from "../../storage/database/database.ts";

const pair = await openPair({ after });
const { facilitator, admin } = pair;
const [shop] = facilitator.demo.shops;
const [hana] = facilitator.demo.members;
if (!shop || !hana) throw new Error("No demo.");
const atShop = bearer(shop.key);
const atDesk = bearer(facilitator.demo.adminKey);
const peer = `/v1/peers/${institutionId}`;

const ask = (method: string, path: string, who: Record<string, string>, body?: Json) =>
  request(`${facilitator.url}${path}`, method, who, body);
const propose = () =>
  ask("POST", "/v1/trades", atShop, {
    buyer: { member: hana.number },
    currency: "JPY",
    amount: 1000,
    acceptance: { by: ["buyer", "shop"], need: 1 },
    approval: { mandate: hana.mandates[shop.key] },
  });
const stateOf = async (number: unknown) => {
  const { json } = await ask("GET", `/v1/trades/${String(number)}`, atShop);
  return [json["state"], json["settled"], json["pending"] !== null];
};
const listener = await listenForMetrics(facilitator.server, { host: "127.0.0.1", port: 0 });
after(() => listener.close());
const stopped = async () => {
  const { text } = await request(`http://127.0.0.1:${listener.port}/metrics`, "GET");
  return /^kenshu_peers_stopped (\d+)$/m.exec(text)?.[1];
};

test("ten times the amount stops the institution until an operator has looked", async () => {
  const { json: trade } = await propose();
  assert.equal(trade["state"], "reserved");
  const number = trade["number"];
  assert.equal(await stopped(), "0");
  const tenfold = rawSql(
    "update holds set amount = amount * 10 where id in (select id from reservations where trade_number = $1)",
    [String(number)],
  );
  await admin.institution.execute(tenfold);
  const accepted = await ask(
    "POST",
    `/v1/trades/${String(number)}/accept`,
    { ...atShop, "idempotency-key": "a" },
    {},
  );
  assert.equal(accepted.status, 202, accepted.text);
  assert.deepEqual(await stateOf(number), ["reserved", 0, true]);

  const { json } = await ask("GET", `${peer}/breaches`, atDesk);
  const [breach] = json["items"] as Json[];
  assert.ok(breach);
  assert.equal(breach["trade"], number);
  const answered = (breach["answered"] as { reservation: Json }).reservation;
  assert.deepEqual([answered["amount"], answered["settled"]], [10_000, 1000]);
  const signed = breach["signed"] as {
    reply: string;
    fields: Record<string, string>;
    requestSignature: string;
  };
  assert.match(Buffer.from(signed.reply, "base64").toString(), /"amount":10000/);
  assert.match(signed.fields["signature-input"] ?? "", /keyid="[^"]+".*tag="kenshu"/);
  assert.match(signed.requestSignature, /^[a-z]+=:/);
  assert.equal(await stopped(), "1");

  // Meanwhile nothing new is asked of it.
  const other = await propose();
  assert.equal(other.status, 202, other.text);
  const sent = await admin.institution.query(
    rawSql("select from reservations where trade_number = $1", [String(other.json["number"])]),
  );
  assert.equal(sent.length, 0);

  // The institution puts its record right, an operator has looked, and what waited comes to its end.
  const of = String(number);
  await admin.institution.execute(
    rawSql(
      `update holds set amount = amount / 10, state = 'settled'
       where id in (select id from reservations where trade_number = $1)`,
      [of],
    ),
  );
  await admin.institution.execute(
    rawSql(
      `update answers set body = replace(replace(body, '"amount":10000', '"amount":1000'), '"held"', '"settled"')
       where body like '%"amount":10000%' and body like $1`,
      [`%"tradeNumber":"${of}"%`],
    ),
  );
  const resumed = await ask("POST", `${peer}/resume`, atDesk, {});
  assert.deepEqual(resumed.json, { peer: institutionId, looked: 1 });
  await until(
    "what waited is answered",
    async () => (await stateOf(number))[2] === false && (await stateOf(other.json["number"]))[2] === false,
  );
  assert.deepEqual(await stateOf(number), ["settled", 1000, false]);
  assert.equal(await stopped(), "0");
  const [seen] = (await ask("GET", `${peer}/breaches`, atDesk)).json["items"] as Json[];
  assert.equal(typeof seen?.["lookedBy"], "string");
});

test("a server that is none has no breaches and is not resumed", async () => {
  const none = "/v1/peers/00000000-0000-4000-8000-000000000000";
  assert.equal((await ask("GET", `${none}/breaches`, atDesk)).status, 404);
  assert.equal((await ask("POST", `${none}/resume`, atDesk, {})).status, 404);
});
