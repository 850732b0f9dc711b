/** Large amounts by calls: what takes a proof, and whom a session, or a proof of something else, does not help. */
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { authenticator } from "../../../test/support/wire/authenticator.ts";
import {
  bearer,
  type Json,
  peopleServer,
  type Reply,
  signInAs,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { rawSql } from "../../storage/database/database.ts";

const origin = "https://pay.example";
const { context, demo, call } = await peopleServer({ after }, { stepUpAbove: { JPY: 5000n } });
const { database } = context;
const forget = () => database.execute(rawSql("delete from moved_by_session"));
beforeEach(forget);
const [shop] = demo.shops;
const [rich, poor] = demo.members;
if (shop === undefined || rich === undefined || poor === undefined) throw new Error("No demo.");
const key = bearer(shop.key);
const who = await signInAs(call, rich);
const { password } = rich;
const until = new Date(Date.now() + 60 * 86_400_000).toISOString();

const post = (path: string, by: Who, body: Json) => call("POST", path, by, body);
const withProof = (by: Who, proof: string): Who => ({ ...by, "kenshu-proof": proof });

async function proposed(amount: number, currency = "JPY"): Promise<string> {
  const { body } = await post("/v1/trades", key, { buyer: { member: rich?.number }, currency, amount });
  return String(body["number"]);
}

const act = (number: string, amount = 6000, version = 1): Json => ({
  act: "trade.approve",
  of: number,
  amount,
  currency: "JPY",
  version,
});

async function proved(wish: Json, by = who, how: Json = { password }): Promise<string> {
  const { status, body } = await post("/v1/proofs", by, { ...wish, ...how });
  assert.equal(status, 201, JSON.stringify(body));
  return String(body["proof"]);
}

const approve = (number: string, by: Who, more: Json = {}) =>
  post(`/v1/trades/${number}/approve`, by, { version: 1, ...more });
const stateOf = async (number: string) => (await call("GET", `/v1/trades/${number}`, key)).body["state"];

test("up to the amount a session approves, above it the proof of the moment does", async () => {
  assert.equal((await approve(await proposed(5000), who)).status, 200);
  const number = await proposed(5001);
  const refused = await approve(number, who);
  assert.deepEqual(
    [refused.status, refused.code, await stateOf(number)],
    [403, "proof_required", "proposed"],
  );
  const proof = await proved(act(number, 5001));
  assert.equal((await approve(number, withProof(who, proof))).body["state"], "reserved");
});

test("many amounts that are each below it are counted together for a day; what was proved is not among them", async () => {
  const poorly = await signInAs(call, poor);
  const asked = async (amount: number) => {
    const { body } = await post("/v1/trades", key, {
      buyer: { member: poor.number },
      currency: "JPY",
      amount,
    });
    return String(body["number"]);
  };
  const isAsked = async (number: string, by = poorly) =>
    (await approve(number, by)).code === "proof_required";
  const first = await asked(2000);
  const press = { ...poorly, "idempotency-key": "one-press" };
  const pressed = [await isAsked(first, press), await isAsked(first, press)];
  assert.deepEqual(pressed, [false, false], "the same press counts once");
  assert.equal(await isAsked(await asked(3000)), false, "up to the amount in sum");
  const third = await asked(1);
  assert.equal(await isAsked(third), true);
  const proof = await proved(act(third, 1), poorly, { password: poor.password });
  assert.equal(await isAsked(third, withProof(poorly, proof)), false);
  await database.execute(rawSql("update moved_by_session set since = since - interval '25 hours'"));
  assert.equal(await isAsked(await asked(1)), false, "a day later");
  await forget();
  const many = await Promise.all([1, 2, 3, 4].map(() => asked(2000)));
  const done = await Promise.all(many.map((number) => isAsked(number)));
  assert.equal(done.filter((isMore) => isMore).length, 2, "also at once");
});

test("currencies that are not named take none", async () => {
  const number = await proposed(900_000, "USD");
  assert.notEqual((await approve(number, who)).code, "proof_required");
});

test("a proof is for this act, of this amount, at this version, by this sign-in, once", async () => {
  const number = await proposed(6000);
  const other = await proposed(6000);
  const poorly = await signInAs(call, poor);
  const elsewhere = await signInAs(call, rich);
  const wrong: [string, Json][] = [
    ["another trade", act(other)],
    ["another amount", act(number, 6001)],
    ["a smaller one", act(number, 1)],
    ["another version", act(number, 6000, 2)],
    ["another act", { ...act(number), act: "trade.reserve" }],
    ["another currency", { ...act(number), currency: "USD" }],
  ];
  for (const [why, wish] of wrong)
    assert.equal((await approve(number, withProof(who, await proved(wish)))).code, "proof_required", why);
  const theirs = await proved(act(number), poorly, { password: poor.password });
  assert.equal((await approve(number, withProof(who, theirs))).code, "proof_required", "another's");
  for (const made of ["", "A".repeat(72), "x".repeat(500)])
    assert.equal((await approve(number, withProof(who, made))).code, "proof_required", made);
  const proof = await proved(act(number));
  assert.equal((await approve(number, withProof(elsewhere, proof))).status, 200, "their other browser");
  assert.equal((await approve(number, withProof(who, proof))).code, "proof_required", "used");
  assert.equal(await stateOf(other), "proposed");
});

test("the same call with the same key gets the first answer; another call gets nothing by it", async () => {
  const number = await proposed(6000);
  const proof = await proved(act(number));
  const once = { ...withProof(who, proof), "idempotency-key": "a" };
  assert.equal((await approve(number, once)).status, 200);
  const again = await approve(number, once);
  assert.deepEqual([again.status, again.replayed], [200, true]);
  assert.equal((await approve(number, { ...once, "idempotency-key": "b" })).code, "proof_required");
});

test("what was answered is answered again without a proof, and by its key nothing else is done", async () => {
  const [first, second] = [await proposed(3000), await proposed(2500)];
  const once = { ...who, "idempotency-key": "once" };
  assert.equal((await approve(first, once)).status, 200);
  assert.equal((await approve(second, { ...who, "idempotency-key": "more" })).code, "proof_required");
  const again = await approve(first, once);
  assert.deepEqual([again.status, again.replayed], [200, true], "the limit of the day is used up by now");
  const other = await approve(second, once);
  assert.deepEqual(
    [other.status, other.code, await stateOf(second)],
    [422, "idempotency_key_reused", "proposed"],
  );
  const proof = await proved(act(second, 2500));
  const proven = { ...withProof(who, proof), "idempotency-key": "proven" };
  assert.equal((await approve(second, proven)).status, 200);
  const later = await approve(second, { ...who, "idempotency-key": "proven" });
  assert.deepEqual(
    [later.status, later.replayed],
    [200, true],
    "the same call, without the proof it came with",
  );
  const mandate = { shop: shop?.id, currency: "JPY", limit: 6000, until };
  const path = `/v1/members/${rich?.number}/mandates`;
  const given = await proved({ act: "mandate.give", of: shop?.id, amount: 6000, currency: "JPY" });
  const giving = { ...withProof(who, given), "idempotency-key": "a-mandate" };
  assert.equal((await post(path, giving, mandate)).status, 201);
  const given2 = await post(path, { ...who, "idempotency-key": "a-mandate" }, mandate);
  assert.deepEqual([given2.status, given2.replayed], [201, true]);
  const larger = await post(path, { ...who, "idempotency-key": "a-mandate" }, { ...mandate, limit: 60_000 });
  assert.deepEqual([larger.status, larger.code], [422, "idempotency_key_reused"]);
});

test("a proof lasts five minutes, by the real clock", async () => {
  const number = await proposed(6000);
  const proof = await proved(act(number));
  const until = Buffer.from(proof, "base64url").readUIntBE(16, 6);
  const [now] = await database.query<{ at: Date }>(rawSql("select clock_timestamp() as at"));
  const left = until - (now?.at.getTime() ?? 0);
  assert.ok(left > 200_000 && left <= 300_000, String(left));
  const bytes = Buffer.from(proof, "base64url");
  bytes.writeUIntBE(until + 3_600_000, 16, 6);
  const longer = bytes.toString("base64url");
  assert.equal((await approve(number, withProof(who, longer))).code, "proof_required", "made to last longer");
});

test("who has a passkey proves by it, and by nothing less", async () => {
  const number = await proposed(6000);
  const mine = authenticator(origin);
  const begun = (await post("/v1/passkeys/options", who, { password })).body["publicKey"];
  await post("/v1/passkeys", who, { name: "Phone", response: mine.create(begun) });
  assert.equal(
    (await post("/v1/proofs", who, { ...act(number), password })).code,
    "proof_required",
    "saved in a laptop",
  );
  const asked = async (wish: Json) => (await post("/v1/proofs/options", who, wish)).body["publicKey"];
  const replayed = mine.get(await asked(act(number)));
  await proved(act(number), who, { response: replayed });
  assert.equal(
    (await post("/v1/proofs", who, { ...act(number), response: replayed })).code,
    "passkey_refused",
  );
  const forOther = mine.get(await asked(act(number, 6001)));
  assert.equal(
    (await post("/v1/proofs", who, { ...act(number), response: forOther })).code,
    "passkey_refused",
  );
  const elsewhere = mine.get(await asked(act(number)), { origin: "https://pay.example:4030" });
  assert.equal(
    (await post("/v1/proofs", who, { ...act(number), response: elsewhere })).code,
    "passkey_refused",
  );
  const back = mine.get(await asked(act(number)), { counter: 1 });
  assert.equal((await post("/v1/proofs", who, { ...act(number), response: back })).code, "passkey_refused");
  const stranger = authenticator(origin).get(await asked(act(number)));
  assert.equal(
    (await post("/v1/proofs", who, { ...act(number), response: stranger })).code,
    "passkey_refused",
  );
  const proof = await proved(act(number), who, { response: mine.get(await asked(act(number))) });
  assert.equal((await approve(number, withProof(who, proof))).body["state"], "reserved");
  const { items } = (await call("GET", "/v1/passkeys", who)).body as { items: Json[] };
  const id = String(items[0]?.["id"]);
  const gone = mine.get(await asked({ act: "passkey.remove", of: id }));
  assert.equal((await post(`/v1/passkeys/${id}/remove`, who, { response: gone })).status, 204);
});

test("a buyer's revision agrees as an approval does, and takes a proof, too", async () => {
  const number = await proposed(6000);
  const revise = (by: Who) =>
    post(`/v1/trades/${number}/revise`, by, { version: 1, payment: { on: "acceptance" } });
  assert.equal((await revise(who)).code, "proof_required");
  assert.equal(await stateOf(number), "proposed");
});

test("what is agreed to is the version whose amount was looked at, and none that comes meanwhile", async () => {
  const read = context.trades.read.bind(context.trades);
  /** The shop asks for more just after the trade was looked at for so many times. */
  async function hurried(looks: number, doing: (number: string) => Promise<Reply>): Promise<void> {
    const number = await proposed(5000);
    let seen = 0;
    context.trades.read = async (...of) => {
      const found = await read(...of);
      seen += 1;
      if (seen === looks) {
        const body = { do: "revise", amount: 6000 } as const;
        await context.trades.move({ kind: "shop", id: String(shop?.id) }, number, body);
      }
      return found;
    };
    const answer = await doing(number);
    context.trades.read = read;
    const { amount, state } = (await call("GET", `/v1/trades/${number}`, key)).body;
    assert.deepEqual([answer.code, amount, state], ["trade_changed", 6000, "proposed"]);
  }
  await hurried(2, (number) => approve(number, who, { version: 2 }));
  await hurried(1, (number) => post(`/v1/trades/${number}/revise`, who, { payment: { on: "acceptance" } }));
});

test("what a passkey has signed makes one proof, however often it is sent", async () => {
  const mine = authenticator(origin);
  const fresh = await signInAs(call, poor);
  const begun = (await post("/v1/passkeys/options", fresh, { password: poor.password })).body["publicKey"];
  await post("/v1/passkeys", fresh, { name: "Phone", response: mine.create(begun) });
  const { body } = await post("/v1/trades", key, {
    buyer: { member: poor.number },
    currency: "JPY",
    amount: 6000,
  });
  const number = String(body["number"]);
  const options = (await post("/v1/proofs/options", fresh, act(number))).body["publicKey"];
  const once = { ...fresh, "idempotency-key": "a" };
  const response = mine.get(options);
  const proofs = [
    await proved(act(number), once, { response }),
    await proved(act(number), once, { response }),
  ];
  assert.equal(proofs[1], proofs[0]);
  assert.equal(
    (await post("/v1/proofs", { ...fresh, "idempotency-key": "b" }, { ...act(number), response })).code,
    "passkey_refused",
  );
  assert.notEqual((await approve(number, withProof(fresh, proofs[0] ?? ""))).code, "proof_required");
  assert.equal((await approve(number, withProof(fresh, proofs[1] ?? ""))).code, "proof_required");
});

test("an operator's session proves nothing of a member's, and what it agrees to takes two as before", async () => {
  const [operator] = demo.operators;
  assert.ok(operator);
  const by = await signInAs(call, operator);
  assert.equal(
    (await post("/v1/proofs", by, { ...act("1"), password: operator.password })).code,
    "not_allowed",
  );
  assert.equal(
    (await post("/v1/proofs", key, { ...act("1"), password })).code,
    "not_allowed",
    "a shop's key",
  );
});

test("mandates above the amount, too; and after a new password by mail nothing large for three days", async () => {
  const path = `/v1/members/${rich.number}/mandates`;
  const mandate = { shop: shop.id, currency: "JPY", limit: 100_000, until };
  assert.equal((await post(path, who, { ...mandate, limit: 5000 })).status, 201);
  assert.equal((await post(path, who, mandate)).code, "proof_required");
  const wish = { act: "mandate.give", of: shop.id, amount: 100_000, currency: "JPY" };
  const proof = await proved(wish);
  assert.equal(
    (await post(path, withProof(who, proof), { ...mandate, limit: 100_001 })).code,
    "proof_required",
  );
  assert.equal((await post(path, withProof(who, proof), mandate)).status, 201);
  const number = await proposed(6000);
  await database.execute(
    rawSql(
      "update logins set held_until = kenshu_now() + interval '1 day' where subject = (select id from people where number = $1)",
      [BigInt(rich.number)],
    ),
  );
  assert.equal((await post("/v1/proofs/options", who, act(number))).body["by"], "later");
  assert.equal((await post("/v1/proofs", who, { ...act(number), password })).code, "sign_in_changed_lately");
  await forget();
  assert.equal((await approve(await proposed(100), who)).status, 200, "small ones go on");
});
