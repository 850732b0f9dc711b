/** The client's calls about accounts and banks against a running institution: brought, paid, taken out, arrived, booked. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { type FileView, kenshu } from "@kenshu/sdk";
import { isBankDay } from "../src/core/bankfiles/bankfiles.ts";
import { type Said, zengin } from "./support/wire/incoming.ts";
import { type Json, signIn } from "./support/wire/http.ts";
import { openCounters, tillOf } from "./support/world/counters.ts";
import { until } from "./support/world/world.ts";
import { parseZengin } from "./support/wire/zengin.ts";

const place = await openCounters({ after });
const { url, demo, operator, call, audit } = place;
const { opened } = tillOf(place, await place.collector());
const [hana] = demo.members;
assert.ok(hana);
const desk = kenshu({ url, key: demo.adminKey });
const member = kenshu({ url, headers: await signIn(url, hana) });
const known = await call("GET", `/v1/members/${hana.number}?reason=accounts`, operator);
const account = String((known.json["methods"] as Json[])[0]?.["account"]);

interface Ended {
  outcome: string;
  problem?: { code: string };
}
const done = <End extends Ended>(end: End): Extract<End, { outcome: "done" }> =>
  end.outcome === "done" ? (end as Extract<End, { outcome: "done" }>) : assert.fail(JSON.stringify(end));
const codeOf = ({ outcome, problem }: Ended): string => problem?.code ?? outcome;

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
const start = ({ bytes }: FileView, length: number): string =>
  new TextDecoder().decode(bytes.slice(0, length));

const today = new Date().toISOString().slice(0, 10);
let references = 700;
async function book(...entries: readonly Omit<Said, "reference">[]) {
  const said = entries.map((entry) => ({ ...entry, reference: (references += 1) }));
  const content = zengin("statement", { account: "7000001", day: today, entries: said }).toString("base64");
  return done(await desk.bankStatements.book({ content })).statement;
}
const advance = async (by: string) =>
  assert.equal((await call("POST", "/v1/test-clock/advance", operator, { by })).status, 200);
const holds = async () => {
  const read = await member.accounts.get(account);
  return read.outcome === "done" ? read.account.posted : assert.fail(JSON.stringify(read));
};

test("a number is opened, has a slip, and is paid by a transfer that a statement tells of", async () => {
  const { funding } = done(await member.fundings.open(account, { amount: 5000 }, { key: "open-1" }));
  const again = done(await member.fundings.open(account, { amount: 5000 }, { key: "open-1" }));
  assert.deepEqual([again.replayed, again.funding.number], [true, funding.number]);
  assert.equal((await all(member.fundings.of(account)))[0]?.number, funding.number);
  const { file } = done(await member.fundings.slip(funding.number, { language: "ja" }));
  assert.equal(start(file, 5), "%PDF-");
  const had = await holds();
  const statement = await book({ amount: 5000, remitter: `${funding.number} ﾊﾅ` });
  await until(
    "it is paid",
    async () => done(await member.fundings.get(funding.number)).funding.state === "paid",
  );
  assert.equal(await holds(), had + 5000);
  assert.equal((await all(desk.bankStatements.list()))[0]?.id, statement.id);
  const [arrival] = await all(desk.bankStatements.arrivals(statement.id));
  assert.deepEqual([arrival?.amount, arrival?.number], [5000, funding.number]);
  assert.equal(codeOf(await desk.bankStatements.book({ content: "AAAA" })), "bank_file_refused");
});

test("what pays nothing waits: assigned, returned, put aside", async () => {
  const { funding } = done(await member.fundings.open(account, { amount: 700 }));
  await book(
    { amount: 700, remitter: "ﾀﾞﾚｶ" },
    { amount: 800, remitter: "ﾀﾞﾚｶ" },
    { amount: 9, remitter: "ﾘｿｸ" },
  );
  await until("they wait", async () => (await all(desk.arrivals.waiting())).length === 3);
  const waiting = await all(desk.arrivals.waiting({ limit: 1 }));
  const [one, two, three] = [700, 800, 9].map(
    (sum) => waiting.find(({ amount }) => amount === sum)?.id ?? "",
  );
  assert.ok(one && two && three);
  const { arrival } = done(await desk.arrivals.get(one, { reason: "who is it?" }));
  assert.equal(arrival.told?.remitter, "ﾀﾞﾚｶ");
  const reason = "told on the phone";
  const wish = { id: randomUUID(), arrivals: [one], number: funding.number, reason };
  assert.equal(done(await desk.arrivals.assign(wish)).assigned.paid, 700);
  const back = done(await desk.arrivals.return(two, { id: randomUUID(), amount: 800, account, reason }));
  assert.deepEqual([back.arrival.state, back.arrival.rest], ["closed", 0]);
  assert.equal(done(await desk.arrivals.dismiss(three, { reason })).arrival.state, "closed");
  assert.deepEqual(await all(desk.arrivals.waiting()), []);
  assert.equal(codeOf(await desk.arrivals.returnAccount(randomUUID(), { reason })), "not_found");
  assert.deepEqual(await audit(), []);
});

test("a member pays what is due from an account, once for its id", async () => {
  const { number } = await opened(900);
  const { due } = done(await member.dues.get(number));
  assert.deepEqual([due.due, due.currency], [900, "JPY"]);
  const wish = { id: randomUUID(), tradeNumber: number, amount: 900, currency: "JPY" };
  const { payment } = done(await member.dues.pay(account, wish));
  assert.equal(payment.id, wish.id);
  assert.deepEqual(done(await member.dues.pay(account, wish)).payment, payment);
  assert.equal(codeOf(await member.dues.pay(account, { ...wish, id: randomUUID() })), "nothing_due");
});

/** A day on which banks are open, ahead of the server's clock. */
async function payOn(): Promise<string> {
  const now = Date.parse(String((await call("GET", "/v1/test-clock", operator)).json["now"]));
  const days = Array.from({ length: 14 }, (_, ahead) => new Date(now + (ahead + 2) * 86_400_000));
  return days.map((day) => day.toISOString().slice(0, 10)).find(isBankDay) ?? assert.fail();
}
const bank = {
  bank: "0001",
  branch: "001",
  kind: "ordinary",
  number: "0123456",
  holder: "ヤマダ ハナ",
} as const;

test("where an account is paid out to, and when by itself", async () => {
  assert.equal(codeOf(await member.payouts.ask(account, wishOf(500))), "bank_account_required");
  const { password } = hana;
  assert.equal(codeOf(await member.accounts.nameBankAccount(account, bank)), "invalid_field");
  const { payingOut } = done(await member.accounts.nameBankAccount(account, { ...bank, password }));
  assert.equal(payingOut.bankAccount?.number, bank.number);
  const { schedule } = done(
    await member.accounts.setPayoutSchedule(account, { every: "month", on: 5, least: 100 }),
  );
  const read = done(await member.accounts.bankAccount(account));
  assert.deepEqual([read.payingOut.schedule, read.payingOut.asked], [schedule, null]);
  assert.equal((await member.accounts.removePayoutSchedule(account)).outcome, "done");
  assert.equal(codeOf(await member.accounts.removePayoutSchedule(account)), "not_found");
  await advance("P4D");
});

function wishOf(amount: number) {
  return { id: randomUUID(), amount, currency: "JPY" };
}

test("payouts are asked for once, gathered, approved, taken to the bank, and come back", async () => {
  const had = await holds();
  const [one, two, three] = [wishOf(1200), wishOf(800), wishOf(400)];
  for (const wish of [one, one, two, three])
    assert.equal(done(await member.payouts.ask(account, wish)).payout.id, wish.id);
  assert.equal(await holds(), had - 2400);
  assert.equal(codeOf(await member.payouts.ask(account, { ...one, amount: 1300 })), "command_id_reused");
  assert.equal(done(await member.payouts.cancel(three.id)).payout.state, "cancelled");
  assert.deepEqual(
    (await all(member.payouts.of(account))).map(({ id, state }) => [id, state]),
    [
      [three.id, "cancelled"],
      [two.id, "waiting"],
      [one.id, "waiting"],
    ],
  );
  assert.equal((await all(desk.payouts.waiting({ limit: 1 }))).length, 2);
  const dropped = done(await desk.payoutFiles.gather({ payOn: await payOn() })).file;
  assert.equal(done(await desk.payoutFiles.drop(dropped.id)).file.state, "dropped");
  const made = done(await desk.payoutFiles.gather({ payOn: await payOn() })).file;
  assert.deepEqual([made.count, made.total], [2, 2000]);
  assert.equal((await all(desk.payoutFiles.list()))[0]?.id, made.id);
  assert.equal(codeOf(await desk.payoutFiles.content(made.id)), "payout_not_open");
  await desk.payoutFiles.approve(made.id, { digest: made.digest });
  const { file } = done(await desk.payoutFiles.content(made.id));
  assert.match(file.name ?? "", /^payouts-.*\.txt$/);
  assert.deepEqual(
    parseZengin(Buffer.from(file.bytes)).transfers.map(({ amount }) => amount),
    [1200n, 800n],
    "the bytes are those of the bank's own set of characters",
  );
  const xml = done(await desk.payoutFiles.content(made.id, { form: "pain001" }));
  assert.match(start(xml.file, 200), /pain\.001/);
  const whole = done(await desk.payoutFiles.get(made.id)).file;
  assert.deepEqual([whole.payouts.length, whole.downloads.length], [2, 2]);
  assert.equal(
    done(await desk.payouts.return(two.id, { reason: "no such account" })).payout.state,
    "returned",
  );
  assert.equal(done(await desk.payoutFiles.complete(made.id, { reference: "line 9" })).file.state, "done");
  assert.equal(codeOf(await desk.payoutFiles.report({ content: "AAAA" })), "bank_file_refused");
  assert.equal((await member.accounts.takeAwayBankAccount(account)).outcome, "done");
  assert.equal(await holds(), had - 1200);
  assert.deepEqual(await audit(), []);
});

test("transfers by hand, statements as files, and what was left behind", async () => {
  const wish = {
    id: randomUUID(),
    kind: "deposit",
    account,
    amount: 300,
    currency: "JPY",
    reference: "slip 3",
  } as const;
  const { transfer } = done(await desk.transfers.book({ ...wish, reason: "paid in at the counter" }));
  assert.equal(transfer.amount, 300);
  const isWaiting = (await all(desk.transfers.unmatched())).some(({ id }) => id === wish.id);
  assert.equal(isWaiting, transfer.suspended);
  assert.equal(codeOf(await desk.transfers.match(randomUUID(), { reference: "line 1" })), "not_found");
  const csv = done(await member.accounts.statement(account, { form: "csv" })).file;
  assert.match(csv.name ?? "", /^statement-.*\.csv$/);
  assert.match(start(done(await member.accounts.statement(account)).file, 400), /camt\.053/);
  assert.equal(codeOf(await member.accounts.statement(randomUUID())), "not_found");
  assert.ok(
    ["not_found", "account_closed"].includes(codeOf(await desk.accounts.passOn(account, { reason: "x" }))),
  );
});

test("a file that a proxy has put its own page in place of is none, and no amount goes out as a fraction", async () => {
  const page = () =>
    Promise.resolve(new Response("<html>", { status: 200, headers: { "content-type": "text/html" } }));
  const cut = kenshu({ url, key: "k", fetch: page, retry: { attempts: 2, firstPauseMs: 1 } });
  assert.equal((await cut.accounts.statement(account)).outcome, "unknown");
  await assert.rejects(member.payouts.ask(account, wishOf(1.5)), RangeError);
  await assert.rejects(member.fundings.open(account, { amount: 2 ** 53 }), RangeError);
});
