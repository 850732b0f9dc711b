/** What servers tell of dues, over HTTP: versions, rights, batches, and what goes back. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  codeOf,
  lower,
  newNumber,
  openCounters,
  said,
  tillOf,
} from "../../../test/support/world/counters.ts";
import type { Json } from "../../../test/support/wire/http.ts";
import { uuidv7 } from "../../storage/database/database.ts";

const world = await openCounters({ after });
const { tell, due, call, balances, accounts } = world;
const store = await world.collector();
const { pay, opened } = tillOf(world, store);

test("versions: an older one changes nothing, what was paid stands, more may become due", async () => {
  const { number, told } = await opened();
  const older = { ...told, id: uuidv7(), amount: 5 };
  assert.deepEqual((await tell([older])).map(said), ["open 1000/1000 0-0 kept 0"], "the same version");
  assert.equal(await codeOf(pay(number, 1000)), "taken");
  assert.deepEqual(
    (await tell([lower(told, 300)])).map(said),
    ["paid 0/1000 1000-0 kept 0"],
    "less than was paid",
  );
  const more = {
    ...told,
    id: uuidv7(),
    version: 3,
    amount: 1600,
    fee: { ...(told["fee"] as object), amount: 32 },
  };
  assert.deepEqual((await tell([more])).map(said), ["open 600/1600 1000-0 kept 0"]);
  assert.equal(await codeOf(pay(number, 600)), "taken");
  const { json } = await call("GET", `/v1/collections/${number}`, store.key);
  assert.equal(said({ status: 200, collection: json }), "paid 0/1600 1600-0 kept 0");
});

test("a server reaches what is its own, by consents that it holds", async () => {
  const { number, told } = await opened();
  const fee = told["fee"] as object;
  const next = (change: object, of = told) => ({ ...of, id: uuidv7(), version: 9, ...change });
  const fresh = (change: object) => due(newNumber(), 1000, { ...change });
  const swapped = `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`;
  const cases: [what: string, instruction: Json, as: "peer" | "other", code: string][] = [
    ["another server's number", next({ amount: 1 }), "other", "already_exists"],
    ["another server's consents", fresh({}), "other", "consent_not_valid"],
    ["no consent", fresh({ payee: uuidv7() }), "peer", "consent_not_valid"],
    [
      "its own account as the payee",
      fresh({ payee: (fee as { account: string }).account }),
      "peer",
      "consent_not_valid",
    ],
    [
      "the payee's as its own",
      fresh({ fee: { account: told["payee"], amount: 1 } }),
      "peer",
      "consent_not_valid",
    ],
    ["more of a fee than was agreed", fresh({ fee: { ...fee, amount: 91 } }), "peer", "consent_not_valid"],
    ["a fee beyond the amount", fresh({ fee: { ...fee, amount: 1001 } }), "peer", "amount_mismatch"],
    ["another currency", fresh({ currency: "USD" }), "peer", "currency_mismatch"],
    ["another currency later", next({ currency: "USD" }), "peer", "currency_mismatch"],
    ["a wrong check digit", next({ tradeNumber: swapped }), "peer", "wrong_check_digit"],
    ["kept back for ever", fresh({ payableFrom: "2099-01-01T00:00:00Z" }), "peer", "date_out_of_range"],
    ["an unknown word", { do: "undo", id: uuidv7() }, "peer", "invalid_field"],
    ["an unknown field", fresh({ color: "red" }), "peer", "invalid_field"],
    ["the same id, other content", { ...told, amount: 7 }, "peer", "command_id_reused"],
    ["heard of another's", { do: "heard", id: uuidv7(), tradeNumber: number, paid: 1 }, "other", "not_found"],
    [
      "heard of more than was paid",
      { do: "heard", id: uuidv7(), tradeNumber: number, paid: 1 },
      "peer",
      "amount_exceeds_settled",
    ],
  ];
  for (const [what, instruction, as, code] of cases)
    assert.deepEqual((await tell([instruction], as)).map(said), [code], what);
  assert.equal((await world.read(`/v1/collections/${number}`, "other")).status, 404);
  assert.deepEqual((await world.read("/v1/collections", "other")).body["items"], []);
  const [again] = await tell([told]);
  assert.equal(again?.replayed, true);
});

test("a bad instruction leaves its neighbours alone", async () => {
  const [one, two] = [newNumber(), newNumber()];
  const bad = due(newNumber(), 500, { payee: uuidv7() });
  assert.deepEqual((await tell([due(one, 500), bad, {}, due(two, 700)])).map(said), [
    "open 500/500 0-0 kept 0",
    "consent_not_valid",
    "invalid_field",
    "open 700/700 0-0 kept 0",
  ]);
});

test("what was paid goes back from those who had it, and is kept for return", async () => {
  const { number, told } = await opened(1000);
  const { payee, fee } = told as { payee: string; fee: { account: string } };
  const back = (total: number, ...sources: [string, number][]) => ({
    do: "reimburse",
    id: uuidv7(),
    tradeNumber: number,
    total,
    sources: sources.map(([account, amount]) => ({ account, amount })),
  });
  assert.deepEqual((await tell([back(10, [payee, 10])])).map(said), ["amount_exceeds_settled"], "before");
  assert.equal(await codeOf(pay(number, 1000)), "taken");
  const before = (await balances(accounts.shop, accounts.own, accounts.kept)).split(" ").map(BigInt);
  const answers = await tell([
    back(400, [payee, 300]),
    back(400, [uuidv7(), 400]),
    back(1001, [payee, 1001]),
    back(400, [payee, 392], [fee.account, 8]),
    back(400, [payee, 400]),
    back(300, [payee, 300]),
  ]);
  const stands = "paid 0/1000 1000-400 kept 400";
  assert.deepEqual(answers.map(said), [
    "amount_mismatch",
    "consent_not_valid",
    "amount_exceeds_settled",
    stands,
    stands,
    stands,
  ]);
  const [shop = 0n, own = 0n, kept = 0n] = before;
  assert.equal(
    await balances(accounts.shop, accounts.own, accounts.kept),
    `${shop - 392n} ${own - 8n} ${kept + 400n}`,
  );
  const wish = {
    id: uuidv7(),
    amount: 400,
    currency: "JPY",
    collector: store.id,
    reference: "slip 3",
    reason: "asked",
  };
  const path = `/v1/collections/${number}/returns`;
  const refused = await call("POST", path, world.operator, { ...wish, amount: 401 });
  assert.deepEqual([refused.status, refused.code], [409, "nothing_kept"], refused.text);
  const given = await call("POST", path, world.operator, wish);
  assert.equal(said({ status: 200, collection: given.json }), "paid 0/1000 1000-400 kept 0", given.text);
  assert.equal((await call("POST", path, store.key, wish)).code, "not_allowed");
});

test("a payee who has too little gives nothing back", async () => {
  const { number, told } = await opened(1000, { payableFrom: "2027-01-01T00:00:00Z" });
  assert.equal(await codeOf(pay(number, 1000)), "taken");
  const payee = String(told["payee"]);
  const all = BigInt(await balances(accounts.shop));
  const out = {
    id: uuidv7(),
    kind: "payout",
    account: accounts.shop,
    amount: Number(all),
    currency: "JPY",
    reference: "x",
  };
  const early = await call("POST", "/v1/transfers", world.operator, out);
  assert.equal(early.code, "not_payable_yet", early.text);
  const taken = await call("POST", "/v1/transfers", world.operator, { ...out, amount: Number(all) - 980 });
  assert.equal(taken.status, 201, taken.text);
  const [short] = await tell([
    {
      do: "reimburse",
      id: uuidv7(),
      tradeNumber: number,
      total: 1000,
      sources: [{ account: payee, amount: 1000 }],
    },
  ]);
  assert.equal(short?.problem?.["code"], "payee_insufficient_funds");
  const [part] = await tell([
    {
      do: "reimburse",
      id: uuidv7(),
      tradeNumber: number,
      total: 980,
      sources: [{ account: payee, amount: 980 }],
    },
  ]);
  assert.equal(said(part ?? { status: 0 }), "paid 0/1000 1000-980 kept 980");
  assert.equal(await balances(accounts.shop), "0");
});

test("what runs goes on: a suspended shop is paid, and nothing new is due to it", async () => {
  const { number, told } = await opened();
  const shop = world.demo.shops[0]?.id ?? "";
  assert.equal((await call("POST", `/v1/shops/${shop}/suspend`, world.operator, {})).status, 200);
  assert.equal(await codeOf(pay(number, 1000)), "taken");
  const more = { ...told, id: uuidv7(), version: 2, amount: 1500 };
  assert.deepEqual((await tell([due(newNumber(), 5), more])).map(said), ["shop_suspended", "shop_suspended"]);
  assert.deepEqual((await tell([lower(told, 10)])).map(said), ["paid 0/1000 1000-0 kept 0"]);
  assert.equal((await call("POST", `/v1/shops/${shop}/resume`, world.operator, {})).status, 200);
});

test("the books agree with all of it", async () => {
  assert.deepEqual(await world.audit(), []);
});
