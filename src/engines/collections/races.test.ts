/** The same due paid, withdrawn and given back by several processes at once: each ends in one way, and the books agree. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openBank } from "../../../test/support/world/consents.ts";
import { newNumber } from "../../../test/support/world/counters.ts";
import { openDatabase, uuidv7 } from "../../storage/database/database.ts";
import { openAccounts } from "../../storage/ledger/ledger.ts";
import {
  accountOfCollector,
  auditCollections,
  type Collections,
  type CollectionOutcome,
  createCollections,
  type PaymentOutcome,
  putCollector,
} from "./collections.ts";

const bank = await openBank({ after });
const peer = bank.newPeer();
const shop = await bank.account(0n, { kind: "shop" });
const payee = await bank.receive(peer, shop);
const own = await bank.own(peer, await bank.account(0n, { kind: "fee" }), "receive");
const kept = uuidv7();
const collectors = [uuidv7(), uuidv7()] as const;
await openAccounts(bank.database, [
  { id: kept, kind: "suspense", currency: "JPY", floor: 0n },
  ...collectors.map((id) => ({
    id: accountOfCollector(id, "JPY"),
    kind: "collector" as const,
    currency: "JPY",
    floor: -(10n ** 9n),
  })),
]);
for (const id of collectors) await putCollector(bank.database, id, "konbini");

const errors: unknown[] = [];
/** A process of the institution, with a database connection of its own. */
function open(): Collections {
  const database = openDatabase({ url: bank.url, schema: bank.schema, role: "kenshu_app", keyed: true });
  const made = createCollections({
    database,
    house: { kept: () => kept, costs: () => kept, bills: () => "", today: () => "2031-01-01" },
    onError: (error) => errors.push(error),
  });
  after(async () => {
    await made.close();
    await database.close();
  });
  return made;
}
const processes = [open(), open()] as const;

const due = (tradeNumber: string, version: number, amount: number) =>
  ({
    do: "due",
    id: uuidv7(),
    tradeNumber,
    version,
    payee,
    currency: "JPY",
    amount,
    fee: { account: own, amount: amount > 0 ? 10 : 0 },
    payBy: "2031-01-01T00:00:00Z",
  }) as const;

const payment = (amount: bigint, taken = false) =>
  ({ id: uuidv7(), amount, currency: "JPY", channel: "konbini", reference: "receipt", taken }) as const;

const taker = (collector: string) => ({ collector, operator: null, confirmedBy: null, reason: null });

const codeOf = (outcome: CollectionOutcome | PaymentOutcome): string =>
  outcome.how === "refused" ? outcome.problem.value.code : String(outcome.view.value.state);

async function opened(amount = 500): Promise<string> {
  const number = newNumber();
  assert.equal(codeOf(await processes[0].submit(peer, due(number, 1, amount))), "open");
  return number;
}

async function checked(): Promise<void> {
  assert.deepEqual((await auditCollections(bank.database, () => kept)).differences, []);
  assert.deepEqual(await bank.audit(), []);
  assert.deepEqual(errors, []);
}

const rounds = Array.from({ length: 25 }, (_, round) => round);

test("a due paid twice at once by two processes is taken once", async () => {
  for (const round of rounds) {
    const number = await opened();
    const taken = round % 2 === 0;
    const outcomes = await Promise.all(
      processes.map((one, at) =>
        one.pay(number, taker(collectors[at] ?? ""), payment(500n, taken), undefined),
      ),
    );
    assert.deepEqual(outcomes.map(codeOf).sort(), taken ? ["kept", "taken"] : ["nothing_due", "taken"]);
  }
  await checked();
});

test("the same payment by two processes at once is one payment", async () => {
  for (const _ of rounds) {
    const number = await opened();
    const wish = payment(500n, true);
    const outcomes = await Promise.all(
      processes.map((one) => one.pay(number, taker(collectors[0]), wish, undefined)),
    );
    assert.deepEqual(outcomes.map(codeOf), ["taken", "taken"]);
    assert.deepEqual(outcomes.map(({ replayed }) => String(replayed)).sort(), ["false", "true"]);
  }
  await checked();
});

test("of a payment and a withdrawal that meet, one wins, and both servers know which", async () => {
  const ends = new Set<string>();
  for (const round of rounds) {
    const number = await opened();
    const [first, second] = round % 2 === 0 ? processes : [processes[1], processes[0]];
    const [paid, withdrawn] = await Promise.all([
      first.pay(number, taker(collectors[0]), payment(500n), undefined),
      second.submit(peer, due(number, 2, 0)),
    ]);
    const end = `${codeOf(paid)} ${codeOf(withdrawn)}`;
    ends.add(end);
    assert.ok(end === "taken paid" || end === "nothing_due withdrawn", end);
    const stands = await processes[0].read(number, { peer });
    assert.equal(stands?.paid, end === "taken paid" ? 500 : 0);
  }
  await checked();
});

test("the first due of a number told twice at once, by two processes, is one due", async () => {
  for (const _ of rounds) {
    const number = newNumber();
    const outcomes = await Promise.all(
      processes.map((one, at) => one.submit(peer, due(number, at + 1, 500 + at))),
    );
    assert.deepEqual(outcomes.map(codeOf), ["open", "open"]);
    const stands = await processes[0].read(number);
    assert.deepEqual([stands?.version, stands?.amount], [2, 501]);
  }
  await checked();
});

test("two servers that tell the same number: the first has it", async () => {
  const stranger = bank.newPeer();
  const theirs = await bank.receive(stranger, await bank.account(0n, { kind: "shop" }));
  for (const _ of rounds.slice(0, 10)) {
    const number = newNumber();
    const { fee: _fee, ...plain } = due(number, 1, 500);
    const outcomes = await Promise.all([
      processes[0].submit(peer, plain),
      processes[1].submit(stranger, { ...plain, id: uuidv7(), payee: theirs }),
    ]);
    assert.deepEqual(outcomes.map(codeOf).sort(), ["already_exists", "open"]);
  }
  await checked();
});

test("money given back twice at once goes back once", async () => {
  for (const _ of rounds) {
    const number = await opened();
    await processes[0].pay(number, taker(collectors[0]), payment(500n), undefined);
    const back = () => ({
      do: "reimburse" as const,
      id: uuidv7(),
      tradeNumber: number,
      total: 200,
      sources: [{ account: payee, amount: 200 }],
    });
    const outcomes = await Promise.all(processes.map((one) => one.submit(peer, back())));
    assert.deepEqual(outcomes.map(codeOf), ["paid", "paid"]);
    const stands = await processes[1].read(number);
    assert.deepEqual([stands?.refunded, stands?.kept], [200, 200]);
  }
  await checked();
});

test("many numbers paid in both processes at once wait for each other and never for ever", async () => {
  const numbers = await Promise.all(rounds.map(() => opened(300)));
  const outcomes = await Promise.all(
    processes.flatMap((one, at) =>
      (at === 0 ? numbers : numbers.toReversed()).map((number) =>
        one.pay(number, taker(collectors[at] ?? ""), payment(300n, true), undefined),
      ),
    ),
  );
  const codes = outcomes.map(codeOf);
  assert.equal(codes.filter((code) => code === "taken").length, numbers.length);
  assert.equal(codes.filter((code) => code === "kept").length, numbers.length);
  await checked();
});
