/** A due from the word of a server to the till, over HTTP: what is told, taken, refused, kept and returned. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { newNumber, openCounters, type Outcome } from "../../../test/support/world/counters.ts";
import { request, signIn } from "../../../test/support/wire/http.ts";
import { uuidv7 } from "../../storage/database/database.ts";

const world = await openCounters({ after });
const { tell, due, call, balances, accounts } = world;
const store = await world.collector();
const bank = await world.collector("bank");

/** What an outcome says of money: state, due of amount, paid, refunded and kept; or the code of the refusal. */
function said({ collection, problem }: Outcome): string {
  if (collection === undefined) return String(problem?.["code"]);
  const { state, amount, due: open, paid, refunded, kept } = collection;
  return `${String(state)} ${String(open)}/${String(amount)} ${String(paid)}-${String(refunded)} kept ${String(kept)}`;
}

const pay = (number: string, amount: number, change: object = {}, who = store.key) =>
  call("POST", `/v1/collections/${number}/payments`, who, {
    id: uuidv7(),
    amount,
    currency: "JPY",
    channel: "konbini",
    reference: "receipt 1",
    ...change,
  });

test("a due is told, read, taken at a counter and heard of", async () => {
  const number = newNumber();
  const before = await balances(accounts.shop, accounts.own, store.account);
  assert.equal(before, "0 10000000 0");
  const [told] = await tell([due(number, 5000)]);
  assert.equal(said(told ?? { status: 0 }), "open 5000/5000 0-0 kept 0");
  const seen = await call("GET", `/v1/collections/${number}`, store.key);
  assert.deepEqual([seen.status, seen.json["due"], seen.json["shopName"]], [200, 5000, "Aoi Tea"]);
  assert.deepEqual((await world.read("/v1/collections?unheard=true")).body["items"], []);
  const paid = await pay(number, 5000);
  assert.deepEqual([paid.status, paid.json["state"], paid.json["amount"]], [201, "taken", 5000], paid.text);
  assert.equal(await balances(accounts.shop, accounts.own, store.account), "4900 10000100 -5000");
  const news = (await world.read("/v1/collections?unheard=true")).body["items"] as object[];
  assert.deepEqual(
    news.map((one) => said({ status: 200, collection: { ...one } })),
    ["paid 0/5000 5000-0 kept 0"],
  );
  const heard = await tell([{ do: "heard", id: uuidv7(), tradeNumber: number, paid: 5000 }]);
  assert.deepEqual(heard.map(said), ["paid 0/5000 5000-0 kept 0"]);
  assert.deepEqual((await world.read("/v1/collections?unheard=true")).body["items"], []);
  const mine = await world.read(`/v1/collections/${number}`);
  assert.deepEqual(
    [mine.status, said({ status: 200, collection: mine.body })],
    [200, "paid 0/5000 5000-0 kept 0"],
  );
  assert.deepEqual(await world.audit(), []);
});

test("a clerk who has signed in takes it too", async () => {
  const number = newNumber();
  await tell([due(number, 800)]);
  const clerk = await signIn(world.url, bank);
  const paid = await pay(number, 800, { channel: "bank" }, clerk);
  assert.equal(paid.status, 201, paid.text);
});

type Told = ReturnType<typeof due>;
const lower = (told: Told, amount: number, change: object = {}): Told => ({
  ...told,
  id: uuidv7(),
  version: 2,
  amount,
  fee: { ...(told["fee"] as object), amount: 0 },
  ...change,
});

/** A number under which so much is due. */
async function opened(amount = 1000, change: object = {}): Promise<{ number: string; told: Told }> {
  const number = newNumber();
  const told = due(number, amount, { ...change });
  const [outcome] = await tell([told]);
  assert.equal(outcome?.status, 200, JSON.stringify(outcome));
  return { number, told };
}

const codeOf = async (paying: ReturnType<typeof pay>): Promise<string> => {
  const { status, code, json } = await paying;
  return status === 201 ? String(json["state"]) : code;
};

test("a form that is sent twice is one payment", async () => {
  const number = newNumber();
  await tell([due(number, 700)]);
  const who = { ...(await signIn(world.url, store)), "content-type": "application/x-www-form-urlencoded" };
  const form = new URLSearchParams({
    amount: "700",
    currency: "JPY",
    reference: "",
    key: uuidv7(),
  }).toString();
  const press = () => request(`${world.url}/counter/${number}/take`, "POST", who, form);
  const [first, second] = [await press(), await press()];
  assert.deepEqual([first.status, second.status], [303, 303]);
  const receipt = first.headers.get("location") ?? "";
  assert.equal(second.headers.get("location"), receipt);
  const shown = await request(`${world.url}${receipt}`, "GET", who);
  assert.match(shown.text, /¥700/);
  const others = await request(`${world.url}${receipt}`, "GET", await signIn(world.url, bank));
  assert.equal(others.status, 404, "a receipt is that of whoever has taken it");
});

test("what is not due as it is offered is not taken", async () => {
  const { number } = await opened();
  const swapped = `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`;
  const carrier = await signIn(world.url, world.demo.carriers[0] ?? assert.fail());
  const cases: [what: string, answer: ReturnType<typeof pay>, code: string][] = [
    ["too little", pay(number, 999), "amount_mismatch"],
    ["too much", pay(number, 1001), "amount_mismatch"],
    ["another currency", pay(number, 1000, { currency: "USD" }), "currency_mismatch"],
    ["no currency", pay(number, 1000, { currency: "XXQ" }), "unknown_currency"],
    ["a wrong check digit", pay(swapped, 1000), "wrong_check_digit"],
    ["a number that nobody has told", pay(newNumber(), 1000), "not_found"],
    ["another way than the collector's", pay(number, 1000, { channel: "bank" }), "not_allowed"],
    ["a bank at the till of a store", pay(number, 1000, {}, bank.key), "not_allowed"],
    [
      "a carrier who is no collector",
      pay(number, 1000, { channel: "cash_on_delivery" }, carrier),
      "not_allowed",
    ],
    ["a shop", pay(number, 1000, {}, { authorization: `Bearer ${world.demo.shopKeys[0]}` }), "not_allowed"],
    ["nobody", pay(number, 1000, {}, {}), "not_authenticated"],
    ["in the name of another", pay(number, 1000, { collector: bank.id }), "not_allowed"],
    ["no receipt", pay(number, 1000, { reference: "" }), "invalid_field"],
    ["an operator who names nobody", pay(number, 1000, {}, world.operator), "invalid_field"],
    [
      "an operator who says no reason",
      pay(number, 1000, { collector: store.id }, world.operator),
      "invalid_field",
    ],
  ];
  for (const [what, answer, code] of cases) assert.equal(await codeOf(answer), code, what);
  assert.equal(await codeOf(pay(number, 1000)), "taken", "what is due");
});

test("a second payment is refused, or kept for return where it is in the till", async () => {
  const { number } = await opened();
  assert.equal(await codeOf(pay(number, 1000)), "taken");
  assert.equal(await codeOf(pay(number, 1000)), "nothing_due");
  const before = await balances(accounts.kept, store.account, accounts.shop);
  assert.equal(await codeOf(pay(number, 1000, { taken: true })), "kept");
  const [kept = 0n, held = 0n, shop = 0n] = before.split(" ").map(BigInt);
  assert.equal(
    await balances(accounts.kept, store.account, accounts.shop),
    `${kept + 1000n} ${held - 1000n} ${shop}`,
  );
  const { json } = await call("GET", `/v1/collections/${number}`, store.key);
  assert.equal(said({ status: 200, collection: json }), "paid 0/1000 1000-0 kept 1000");
  assert.deepEqual(
    (json["payments"] as { state: string }[]).map(({ state }) => state),
    ["taken", "kept"],
  );
  const others = await call("GET", `/v1/collections/${number}`, bank.key);
  assert.deepEqual(others.json["payments"], [], "another collector reads nothing of it");
});

test("what was withdrawn is not taken; what comes too late is kept", async () => {
  const { number, told } = await opened();
  assert.deepEqual((await tell([lower(told, 0)])).map(said), ["withdrawn 0/0 0-0 kept 0"]);
  assert.equal(await codeOf(pay(number, 1000)), "nothing_due");
  assert.equal(await codeOf(pay(number, 1000, { taken: true })), "kept");
  const back = {
    ...told,
    id: uuidv7(),
    version: 3,
    amount: 400,
    fee: { ...(told["fee"] as object), amount: 0 },
  };
  assert.deepEqual((await tell([back])).map(said), ["open 400/400 0-0 kept 1000"]);
  assert.equal(await codeOf(pay(number, 1000, { taken: true })), "kept", "not what is due");
  assert.equal(await codeOf(pay(number, 400, { taken: true })), "taken", "what is due");
});

test("the same payment again gets the first answer; its id with other content is refused", async () => {
  const { number } = await opened();
  const other = await opened();
  const id = uuidv7();
  const first = await pay(number, 1000, { id });
  const again = await pay(number, 1000, { id });
  assert.deepEqual([again.status, again.text], [first.status, first.text]);
  assert.equal(again.headers.get("idempotent-replayed"), "true");
  assert.equal(await codeOf(pay(number, 999, { id })), "command_id_reused");
  assert.equal(await codeOf(pay(other.number, 1000, { id })), "command_id_reused");
  assert.equal(
    await codeOf(pay(other.number, 1000, { id, channel: "bank" }, bank.key)),
    "taken",
    "ids are one's own",
  );
});

test("the key of a call is looked at as well", async () => {
  const [one, two] = [await opened(), await opened()];
  const who = { ...store.key, "idempotency-key": uuidv7() };
  const first = await pay(one.number, 1000, { id: store.id }, who);
  assert.equal(first.status, 201, first.text);
  assert.equal(await codeOf(pay(two.number, 1000, {}, who)), "idempotency_key_reused");
  assert.equal(await codeOf(pay(two.number, 1000)), "taken");
});

test("a refusal is forgotten: what was in the till after all is sent again with the same id", async () => {
  const { number } = await opened();
  assert.equal(await codeOf(pay(number, 1000)), "taken");
  const id = uuidv7();
  assert.equal(await codeOf(pay(number, 1000, { id })), "nothing_due");
  assert.equal(await codeOf(pay(number, 1000, { id, taken: true })), "kept");
});

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
  const cases: [what: string, instruction: Told, as: "peer" | "other", code: string][] = [
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

test("a collector takes no more than it may hold, until it hands in what it has", async () => {
  const small = await world.collector("counter", 1500);
  const [one, two] = [await opened(), await opened()];
  const till = { channel: "counter" };
  assert.equal(await codeOf(pay(one.number, 1000, till, small.key)), "taken");
  assert.equal(await codeOf(pay(two.number, 1000, till, small.key)), "collector_limit_exceeded");
  const lowered = await call("PUT", `/v1/collectors/${small.id}`, world.operator, {
    name: `Stores ${small.id}`,
    channel: "counter",
    limits: { JPY: 999 },
  });
  assert.equal(lowered.code, "collector_limit_exceeded");
  const shown = await call("GET", `/v1/collectors/${small.id}`, small.key);
  assert.deepEqual(shown.json["accounts"], [
    { currency: "JPY", account: small.account, owes: 1000, limit: 1500 },
  ]);
  const hands = {
    id: uuidv7(),
    kind: "deposit",
    account: small.account,
    amount: 700,
    currency: "JPY",
    reference: "y",
  };
  assert.equal((await call("POST", "/v1/transfers", world.operator, hands)).status, 201);
  assert.equal(await codeOf(pay(two.number, 1000, till, small.key)), "taken");
  const statement = await call("GET", `/v1/accounts/${small.account}/entries`, small.key);
  assert.equal(statement.status, 200, statement.text);
  assert.equal((await call("GET", `/v1/accounts/${small.account}`, store.key)).status, 404, "another's");
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

test("a suspended collector takes nothing", async () => {
  const { number } = await opened();
  const closed = await world.collector();
  assert.equal((await call("POST", `/v1/collectors/${closed.id}/suspend`, world.operator, {})).status, 200);
  assert.equal(await codeOf(pay(number, 1000, {}, closed.key)), "not_authenticated");
  assert.equal((await call("POST", `/v1/collectors/${closed.id}/resume`, world.operator, {})).status, 200);
  assert.equal(await codeOf(pay(number, 1000, {}, closed.key)), "taken");
});

test("a carrier takes money at the door once operators let it", async () => {
  const { number } = await opened();
  const [carrier] = world.demo.carriers;
  assert.ok(carrier);
  const who = await signIn(world.url, carrier);
  const { json } = await call("GET", `/v1/carriers/${carrier.id}`, world.operator);
  const wish = { name: json["name"], channel: "cash_on_delivery", limits: { JPY: 50_000 } };
  const put = (change: object) =>
    call("PUT", `/v1/collectors/${carrier.id}`, world.operator, { ...wish, ...change });
  assert.equal((await put({ channel: "konbini" })).code, "invalid_field");
  assert.equal((await put({ name: "Another" })).code, "already_exists");
  assert.equal((await put({})).status, 200);
  assert.equal(await codeOf(pay(number, 1000, { channel: "cash_on_delivery" }, who)), "taken");
});

test("an operator enters what a collector has taken, under the collector's ids", async () => {
  const { number } = await opened();
  const by = { collector: store.id, reason: "Their line is down" };
  const id = uuidv7();
  const entered = await pay(number, 1000, { id, ...by }, world.operator);
  assert.deepEqual([entered.status, entered.json["state"]], [201, "taken"], entered.text);
  const again = await pay(number, 1000, { id });
  assert.deepEqual([again.status, again.headers.get("idempotent-replayed")], [201, "true"], again.text);
});

test("the totals of a server are the sums of its dues, and the books agree", async () => {
  const all: { due: number; paid: number; refunded: number; kept: number }[] = [];
  for (let after = ""; ; ) {
    const { body } = await world.read(`/v1/collections?limit=5${after}`);
    all.push(...(body["items"] as typeof all));
    if (body["next"] === null) break;
    after = `&after=${String(body["next"])}`;
  }
  const sum = (name: keyof (typeof all)[number]) => all.reduce((so, each) => so + each[name], 0);
  const totals = { due: sum("due"), paid: sum("paid"), refunded: sum("refunded"), kept: sum("kept") };
  assert.deepEqual((await world.read("/v1/collections/totals")).body["items"], [
    { currency: "JPY", ...totals },
  ]);
  assert.equal(await balances(accounts.kept), String(totals.kept));
  assert.deepEqual(await world.audit(), []);
});
