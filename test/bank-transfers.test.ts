/**
 * What arrives at the institution's bank: statements that two operators book, each entry once, what pays its due and what does not,
 * and how what waits goes to where it belongs.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { keepCameBack } from "../src/engines/arrivals/arrivals.ts";
import { lockReturned } from "../src/engines/collections/collections.ts";
import { cancelPayout } from "../src/engines/payouts/payouts.ts";
import { openDatabase, uuidv7 } from "../src/storage/database/database.ts";
import { camtStatement, type FileWish, type Said, zengin } from "./support/wire/incoming.ts";
import { type Json, signIn } from "./support/wire/http.ts";
import { newNumber, openCounters, said, tillOf } from "./support/world/counters.ts";
import { until } from "./support/world/world.ts";
import { testVault } from "./support/world/vault.ts";
import { houseAccount } from "../src/storage/ledger/ledger.ts";

const place = await openCounters({ after }, { operators: "two" });
const { url, demo, operator, admin, call, tell, read, accounts, balances, audit } = place;
const store = await place.collector();
const { pay, opened } = tillOf(place, store);
const [hana] = demo.members;
assert.ok(hana);
const asHana = await signIn(url, hana);
const second = await signIn(url, demo.operators[1] ?? assert.fail());

const arrived = houseAccount("arrivals", "JPY");
const today = new Date().toISOString().slice(0, 10);
const upload = (bytes: Buffer, who = operator) =>
  call("POST", "/v1/bank-statements", who, { content: bytes.toString("base64") });
const statement = (entries: readonly Said[], change: Partial<FileWish> = {}) =>
  zengin("statement", { account: "7000001", day: today, entries, ...change });
const notice = (entries: readonly Said[], change: Partial<FileWish> = {}) =>
  zengin("notice", { account: "7000002", day: today, entries, ...change });

/** Until nothing is new any more. */
const settled = () =>
  until("arrivals are looked at", async () => {
    const rows = await admin.query({ text: "select id from arrivals where state = 'new'", values: [] });
    return rows.length === 0;
  });

async function booked(bytes: Buffer): Promise<Json> {
  const reply = await upload(bytes);
  assert.equal(reply.status, 201, reply.text);
  await settled();
  return reply.json;
}

let references = 1000;
const next = () => (references += 1);

/** The one that waits with this reference. */
async function waiting(reference: number | string): Promise<Json> {
  const { json } = await call("GET", "/v1/arrivals?limit=200", operator);
  const found = (json["items"] as Json[]).find(
    (one) => one["reference"] === String(reference) || Number(one["reference"]) === reference,
  );
  return found ?? assert.fail(`${reference} does not wait: ${JSON.stringify(json)}`);
}
const state = async (number: string): Promise<string> => {
  const { body } = await read(`/v1/collections/${number}`);
  return said({ status: 200, collection: body });
};

test("a transfer with the number of a due pays it, exactly, by each form of a bank", async () => {
  const dues = await Promise.all([opened(3600), opened(1200), opened(800)]);
  const [one, two, three] = dues.map(({ number }) => number);
  assert.ok(one && two && three);
  const before = await balances(accounts.shop, arrived);
  const wrote = await booked(
    statement([
      { reference: next(), amount: 3600, remitter: `${one} ﾔﾏﾀﾞ ﾊﾅ` },
      { reference: next(), amount: 990, out: true },
    ]),
  );
  assert.deepEqual([wrote["count"], wrote["known"], wrote["total"]], [1, 0, 3600]);
  await booked(
    notice([{ reference: next(), amount: 1200, remitter: "ﾔﾏﾀﾞ", edi: two.replace(/(.{7})/, "$1-") }]),
  );
  await booked(
    camtStatement({
      account: "7000003",
      day: today,
      entries: [{ reference: "C1", amount: 800, remitter: "Yamada Hana", text: `for ${three}` }],
    }),
  );
  assert.deepEqual(await Promise.all([one, two, three].map(state)), [
    "paid 0/3600 3600-0 kept 0",
    "paid 0/1200 1200-0 kept 0",
    "paid 0/800 800-0 kept 0",
  ]);
  const [shop, rest] = (await balances(accounts.shop, arrived)).split(" ");
  assert.equal(Number(shop) - Number(before.split(" ")[0]), 5600 - 72 - 24 - 16);
  assert.equal(rest, "0");
  const { body } = await read(`/v1/collections/${one}`);
  assert.deepEqual(
    (body["payments"] as Json[]).map(({ channel }) => channel),
    ["bank"],
  );
  const { json } = await call("GET", `/v1/collectors/${store.id}`, operator);
  assert.equal((json["accounts"] as Json[])[0]?.["owes"], 0, "no clerk's custody");
  assert.deepEqual(await audit(), []);
});

test("each entry once: the same file, one that overlaps it, and one that says otherwise", async () => {
  const { number } = await opened(700);
  const [first, other] = [next(), next()];
  const entries = [{ reference: first, amount: 700, remitter: number }];
  const file = statement(entries);
  await booked(file);
  assert.equal((await upload(file)).code, "already_exists");
  const wider = await booked(statement([...entries, { reference: other, amount: 5, remitter: "ﾀﾞﾚｶ" }]));
  assert.deepEqual([wider["count"], wider["known"], wider["total"]], [2, 1, 5]);
  assert.equal(await state(number), "paid 0/700 700-0 kept 0");
  const lie = await upload(statement([{ reference: first, amount: 701 }]));
  assert.equal(lie.code, "bank_file_refused");
  assert.match(lie.text, /Line 2 has 701 .* under which 700 came before/);
  assert.deepEqual(await audit(), []);
});

test("nothing of a file that is wrong is booked, and the line is named", async () => {
  const { number } = await opened(300);
  const entry = { reference: next(), amount: 300, remitter: number };
  const good = statement([entry]);
  const cases: [Buffer, RegExp][] = [
    [good.subarray(0, 202 * 2 + 100), /Line 3 has 100 bytes/],
    [Buffer.concat([good, Buffer.from("ヤ")]), /Line 5 .*Shift_JIS/],
    [statement([entry], { account: "7000009" }), /none of this institution's/],
    [
      zengin("notice", { account: "7000001", day: today, entries: [entry] }),
      /come as statement and not as notice/,
    ],
    [
      camtStatement({
        account: "7000003",
        day: today,
        entries: [{ reference: "X", amount: 300, text: number, currency: "USD" }],
      }),
      /Line 1 is in USD/,
    ],
  ];
  for (const [bytes, says] of cases) {
    const reply = await upload(bytes);
    assert.equal(reply.code, "bank_file_refused", reply.text);
    assert.match(reply.text, says);
  }
  assert.equal((await upload(good, asHana)).code, "not_allowed");
  assert.equal(await state(number), "open 300/300 0-0 kept 0");
});

test("too little waits and pays nothing; together two operators let it pay", async () => {
  const { number } = await opened(1000);
  const [small, more] = [next(), next()];
  await booked(statement([{ reference: small, amount: 600, remitter: number }]));
  assert.equal(await state(number), "open 1000/1000 0-0 kept 0");
  const one = await waiting(small);
  assert.deepEqual([one["why"], one["number"], one["rest"]], ["too_little", number, 600]);
  await booked(statement([{ reference: more, amount: 450, remitter: "ﾅﾆﾓｶｶﾅｲ" }]));
  const two = await waiting(more);
  assert.equal(two["why"], "unknown");
  const id = String(one["id"]);
  const whole = await call("GET", `/v1/arrivals/${id}?reason=queue`, operator);
  assert.equal(whole.status, 200, whole.text);
  assert.deepEqual(
    [(whole.json["told"] as Json)["remitter"], whole.json["due"], whole.json["together"]],
    [number, 1000, 600],
  );
  assert.equal((await call("GET", `/v1/arrivals/${id}`, operator)).code, "invalid_field", "no reason");
  const assign = (arrivals: string[], to = number) =>
    call("POST", "/v1/arrivals/assign", operator, {
      id: uuidv7(),
      arrivals,
      number: to,
      reason: "asked by phone",
    });
  assert.equal((await assign([id])).code, "amount_mismatch");
  assert.equal((await assign([id], newNumber())).code, "not_found");
  const done = await assign([id, String(two["id"])]);
  assert.deepEqual([done.status, done.json["paid"]], [201, 1000], done.text);
  assert.equal(await state(number), "paid 0/1000 1000-0 kept 0");
  const rest = await waiting(more);
  assert.deepEqual([rest["rest"], rest["why"]], [50, "too_much"]);
  assert.equal((await assign([id])).code, "nothing_kept");
  assert.deepEqual(await audit(), []);
});

test("too much pays, and the rest goes back to a member's account, or to a bank and waits again where it comes back", async () => {
  const { number } = await opened(2000);
  const reference = next();
  await booked(notice([{ reference, amount: 2600, remitter: `${number} ﾔﾏﾀﾞ` }]));
  assert.equal(await state(number), "paid 0/2000 2000-0 kept 0");
  const found = await waiting(reference);
  assert.deepEqual([found["why"], found["rest"]], ["too_much", 600]);
  const at = `/v1/arrivals/${String(found["id"])}`;
  const member = await call("GET", `/v1/members/${hana.number}?reason=accounts`, operator);
  const [{ account } = {}] = member.json["methods"] as { account?: string }[];
  assert.ok(account);
  const give = (amount: number, to: Json) =>
    call("POST", `${at}/return`, operator, { id: uuidv7(), amount, reason: "too much", ...to });
  assert.equal((await give(601, { account })).code, "nothing_kept");
  assert.equal((await give(100, { account: accounts.shop })).code, "not_found", "no member's");
  assert.equal((await give(100, {})).code, "invalid_field");
  const had = Number(await balances(account));
  const back = await give(200, { account });
  assert.deepEqual([back.status, back.json["rest"]], [201, 400], back.text);
  assert.equal(Number(await balances(account)), had + 200);
  const bankAccount = {
    bank: "0001",
    branch: "001",
    kind: "ordinary",
    number: "0123456",
    holder: "ヤマダ ハナ",
  };
  assert.equal((await give(400, { bankAccount: { ...bankAccount, bank: "0000" } })).code, "invalid_field");
  const out = await give(400, { bankAccount });
  assert.deepEqual([out.status, out.json["rest"], out.json["state"]], [201, 0, "closed"], out.text);
  assert.deepEqual(await audit(), []);
  const [payout] = await admin.query<{ id: string; bank: string }>({
    text: "select id, bank_account as bank from payouts where account = $1 and state = 'waiting'",
    values: [arrived],
  });
  assert.ok(payout);
  const shown = await call("GET", `/v1/return-accounts/${payout.bank}?reason=act`, second);
  assert.deepEqual([shown.json["number"], shown.json["holder"]], ["0123456", "ﾔﾏﾀﾞ ﾊﾅ"], shown.text);
  const days = [1, 2, 3, 4, 5, 6, 7, 8].map((ahead) =>
    new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10),
  );
  const made = await Promise.all(days.map((payOn) => call("POST", "/v1/payout-files", operator, { payOn })));
  const file = made.find(({ status }) => status === 201)?.json ?? assert.fail();
  const path = `/v1/payout-files/${String(file["id"])}`;
  assert.equal((await call("POST", `${path}/approve`, operator, { digest: file["digest"] })).status, 200);
  assert.equal((await fetch(`${url}${path}/content`, { headers: operator })).status, 200);
  const returned = await call("POST", `/v1/payouts/${payout.id}/return`, operator, { reason: "AC01" });
  assert.equal(returned.status, 200, returned.text);
  const again = await waiting(reference);
  assert.deepEqual([again["why"], again["rest"]], ["came_back", 400]);
  assert.deepEqual(await audit(), []);
});

test("what was no payer's is put aside, what is taken back is shown, and cheques wait", async () => {
  const { number } = await opened(100);
  const [interest, cheque, back] = [next(), next(), next()];
  await booked(
    notice([
      { reference: interest % 1_000_000, amount: 7, remitter: "ﾘｿｸ" },
      { reference: cheque, amount: 100, remitter: number, cheques: 100 },
      { reference: back, amount: 40, back: true },
    ]),
  );
  assert.equal((await waiting(cheque))["why"], "uncertain");
  const taken = await waiting(back);
  assert.deepEqual([taken["why"], taken["rest"], taken["takenBack"]], ["taken_back", 0, true]);
  for (const one of [await waiting(interest), taken, await waiting(cheque)]) {
    const reply = await call("POST", `/v1/arrivals/${String(one["id"])}/dismiss`, operator, {
      reason: "seen",
    });
    assert.deepEqual([reply.status, reply.json["state"]], [200, "closed"], reply.text);
  }
  assert.deepEqual(await audit(), []);
});

test("ambiguous, withdrawn and paid numbers wait", async () => {
  const [one, two, gone] = [await opened(500), await opened(500), await opened(500)];
  await pay(one.number, 500);
  const refs = [next(), next(), next()];
  const lower = {
    ...gone.told,
    id: uuidv7(),
    version: 2,
    amount: 0,
    fee: { ...(gone.told["fee"] as object), amount: 0 },
  };
  await tell([lower]);
  await booked(
    statement([
      { reference: refs[0] ?? 0, amount: 500, remitter: `${one.number} ${two.number}` },
      { reference: refs[1] ?? 0, amount: 500, remitter: one.number },
      { reference: refs[2] ?? 0, amount: 500, remitter: gone.number },
    ]),
  );
  const whys = await Promise.all(refs.map(async (reference) => (await waiting(reference))["why"]));
  assert.deepEqual(whys, ["ambiguous", "nothing_due", "nothing_due"]);
  assert.equal(await state(two.number), "open 500/500 0-0 kept 0");
});

test("a due has an account of the bank's making, and what comes to it pays it, whatever is written", async () => {
  const { number } = await opened(640);
  const asked = await call("POST", `/v1/collections/${number}/paying-in`, operator, {});
  assert.equal(asked.status, 200, asked.text);
  const again = await call("POST", `/v1/collections/${number}/paying-in`, operator, {});
  assert.deepEqual(asked.json, again.json, "for good");
  assert.deepEqual([asked.json["virtual"], asked.json["branch"]], [true, "901"]);
  const virtual = String(asked.json["number"]);
  const other = (await opened(640)).number;
  await booked(
    notice([{ reference: next(), amount: 640, remitter: "ﾔﾏﾀﾞ", edi: other, code: `901${virtual}` }]),
  );
  assert.equal(await state(number), "paid 0/640 640-0 kept 0");
  assert.equal(await state(other), "open 640/640 0-0 kept 0");
  const third = (await opened(55)).number;
  const at = await call("POST", `/v1/collections/${third}/paying-in`, operator, {});
  const block = notice([{ reference: next(), amount: 55 }], {
    branch: "901",
    account: String(at.json["number"]),
  });
  assert.equal(
    (await upload(block)).code,
    "bank_file_refused",
    "it would come in the account's own notice, too",
  );
  const spent = await Promise.all(
    [await opened(1), await opened(2)].map((one) =>
      call("POST", `/v1/collections/${one.number}/paying-in`, operator, {}),
    ),
  );
  assert.deepEqual(
    spent.map(({ json }) => String(json["virtual"])).toSorted(),
    ["false", "true"],
    "three in all, then the number is written",
  );
  assert.deepEqual(await audit(), []);
});

test("what waits for the second operator says nothing of who has paid, and the file is kept nowhere", async () => {
  const reference = next();
  const content = statement([{ reference, amount: 9, remitter: "ﾋﾐﾂﾉ ﾅﾏｴ" }]).toString("base64");
  const headers = { ...operator, "content-type": "application/json" };
  const asked = await fetch(`${url}/v1/bank-statements`, {
    method: "POST",
    headers,
    body: JSON.stringify({ content }),
  });
  const { code } = (await asked.json()) as Json;
  assert.equal(code, "four_eyes_required");
  const { text } = await call("GET", "/v1/operator-acts", second);
  assert.ok(text.includes('"total":"9"') && !text.includes("ﾋﾐﾂ"), text);
  const kept = await admin.query<{ text: string }>({
    text: "select encode(content, 'escape') as text from bank_statements where state = 'asked'",
    values: [],
  });
  assert.ok(kept.length === 1 && !kept[0]?.text.includes("1001"));
  await booked(Buffer.from(content, "base64"));
  assert.equal((await waiting(reference))["why"], "unknown");
});

test("what is kept at a counter goes back to an account here, or by a bank", async () => {
  const { number } = await opened(400);
  await pay(number, 400);
  await pay(number, 400, { taken: true });
  const member = await call("GET", `/v1/members/${hana.number}?reason=accounts`, operator);
  const [{ account } = {}] = member.json["methods"] as { account?: string }[];
  const back = (amount: number, to: Json) =>
    call("POST", `/v1/collections/${number}/pay-backs`, operator, {
      id: uuidv7(),
      amount,
      currency: "JPY",
      reference: "receipt 9",
      reason: "paid twice",
      ...to,
    });
  const had = Number(await balances(account ?? ""));
  assert.equal((await back(150, { account })).status, 201);
  assert.equal(Number(await balances(account ?? "")), had + 150);
  assert.equal((await back(251, { account })).code, "nothing_kept");
  const bankAccount = {
    bank: "0001",
    branch: "001",
    kind: "ordinary",
    number: "7654321",
    holder: "ヤマダ ハナ",
  };
  const id = uuidv7();
  const out = await back(250, { bankAccount, id });
  assert.equal(out.status, 201, out.text);
  assert.equal(await state(number), "paid 0/400 400-0 kept 0");
  // What comes back locks the due before accounts: else it and a payment would wait for each other.
  const ground = { house: houseAccount, lockBack: lockReturned, cameBack: keepCameBack };
  const own = openDatabase({ ...place.place, role: "kenshu_app", keyed: true });
  after(() => own.close());
  let cancelled: Promise<unknown> | undefined;
  await admin.transaction(async (client) => {
    const run = (text: string, values: string[]) => client.query({ text, values });
    await run("select id from collections where trade_number = $1 for update", [number]);
    cancelled = own.transaction((other) =>
      cancelPayout({ ...ground, vault: testVault, mails: "kept", rules: undefined }, other, {
        id,
        reason: null,
      }),
    );
    const waits =
      "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    await until("it waits", async () => (await admin.query({ text: waits, values: [] })).length > 0);
    await run("select id from accounts where id = $1 for update nowait", [houseAccount("payouts", "JPY")]);
  });
  await cancelled;
  assert.equal(await state(number), "paid 0/400 400-0 kept 250");
  assert.deepEqual(await audit(), []);
});
