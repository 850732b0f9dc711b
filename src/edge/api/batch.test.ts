/** Batches over HTTP: each command by itself, and the whole of it once for its key. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Json, peopleServer, type Who } from "../../../test/support/world/people-server.ts";

const { demo, call } = await peopleServer({ after });
const [shop, otherShop] = demo.shops;
const [rich] = demo.members;
assert.ok(shop && otherShop && rich);
const seller = bearer(shop.key);
const mandate = rich.mandates[shop.key];
assert.ok(mandate);

const trade = (amount: unknown, reference: string) => ({
  currency: "JPY",
  amount,
  buyer: { member: rich.number },
  approval: { mandate },
  reference,
});
const propose = (amount: unknown, reference: string, key?: string) => ({
  do: "propose",
  key,
  trade: trade(amount, reference),
});
const send = (commands: unknown[], key?: string, who: Who = seller) =>
  call(
    "POST",
    "/v1/trades/batch",
    { ...who, ...(key === undefined ? {} : { "idempotency-key": key }) },
    { commands },
  );
const outcomesOf = ({ body }: { body: Json }) =>
  body["outcomes"] as { status: number; replayed?: true; trade?: Json; problem?: Json }[];
const known = async (reference: string) =>
  ((await call("GET", `/v1/trades?reference=${reference}`, seller)).body["items"] as Json[]).length;

test("a batch that comes again with its key is answered as before, and done once", async () => {
  const commands = [propose(700, "once"), { do: "accept", number: "10" }, propose(800, "own-key", "own")];
  const first = await send(commands, "batch-1");
  assert.deepEqual(
    outcomesOf(first).map(({ status }) => status),
    [201, 422, 201],
  );
  assert.equal(first.replayed, false);
  const again = await send(commands, "batch-1");
  assert.deepEqual(again.body, first.body);
  assert.equal(again.replayed, true);
  assert.deepEqual([await known("once"), await known("own-key")], [1, 1]);
});

test("ten at once are done once", async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => send([propose(900, "ten")], "batch-ten")));
  const [first, ...rest] = all.map(({ body }) => body);
  for (const body of rest) assert.deepEqual(body, first);
  assert.equal(await known("ten"), 1);
});

test("a key that comes with another body is refused, and nothing of it is done", async () => {
  const commands = [propose(700, "longer")];
  assert.equal((await send(commands, "batch-2")).status, 200);
  for (const other of [
    [propose(701, "longer")],
    [...commands, propose(1, "more")],
    [propose(2, "new"), ...commands],
  ]) {
    const refused = await send(other, "batch-2");
    assert.deepEqual([refused.status, refused.code], [422, "idempotency_key_reused"]);
  }
  assert.deepEqual([await known("longer"), await known("more"), await known("new")], [1, 0, 0]);
  const single = await call(
    "POST",
    "/v1/trades",
    { ...seller, "idempotency-key": "batch-2" },
    trade(3, "single"),
  );
  assert.equal(single.code, "idempotency_key_reused");
  const theirs = await send(commands, "batch-2", bearer(otherShop.key));
  assert.equal(theirs.status, 200, "a key belongs to its caller");
});

test("a key that is none is refused", async () => {
  assert.equal((await send([propose(1, "none")], "a b")).code, "idempotency_key_invalid");
  assert.equal(await known("none"), 0);
});

test("a command that makes no sense is refused alone", async () => {
  const odd: unknown[] = [
    {},
    5,
    null,
    "propose",
    [],
    { do: 5 },
    { do: "propose" },
    propose(12.5, "half"),
    propose("5", "text"),
  ];
  const refund = { do: "refund", number: "10", amount: 0.5, reason: "half" };
  const { status, body } = await send([...odd, refund, propose(100, "sensible")]);
  assert.equal(status, 200);
  const outcomes = outcomesOf({ body });
  for (const { status: each, problem } of outcomes.slice(0, -1))
    assert.deepEqual([each, problem?.["code"]], [422, "invalid_field"]);
  assert.equal(outcomes.at(-1)?.status, 201);
  assert.deepEqual([await known("sensible"), await known("half")], [1, 0]);
});
