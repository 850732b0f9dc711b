/** Two processes of an institution and one bank: whatever comes twice or at once is booked once, and pays once. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { book, newNumber, openArrivals, statementOf } from "../../../test/support/world/arrivals.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import { auditCollections } from "../collections/collections.ts";
import {
  arrivalSweeper,
  assignArrivals,
  auditArrivals,
  countArrivals,
  dismissArrival,
  waitingArrivals,
} from "./arrivals.ts";

const place = await openArrivals({ after });
const { bank, processes, ids, shop, house, due, errors } = place;
const [one, other] = processes;

async function sound(): Promise<void> {
  assert.deepEqual((await auditArrivals(bank.database, { house })).differences, []);
  assert.deepEqual((await auditCollections(bank.database, () => ids.kept)).differences, []);
  assert.deepEqual(await bank.audit(), []);
  assert.deepEqual(errors, []);
}
const posted = async (id: string): Promise<bigint> =>
  (await readAccounts(bank.database, [id]))[0]?.posted ?? 0n;

let references = 0;
const entry = (amount: number, remitter = "") => ({ reference: (references += 1), amount, remitter });

test("the same file by two processes at once is booked once, and pays once", async () => {
  const numbers = await Promise.all(Array.from({ length: 10 }, () => due(newNumber(), 100)));
  const file = statementOf(numbers.map((number) => entry(100, number)));
  const said = await Promise.all([book(one, file), book(other, file)]);
  assert.deepEqual(said.toSorted(), ["already_exists", "booked 10 of 10"]);
  await Promise.all([one.sweep(), other.sweep(), one.sweep()]);
  assert.equal(await posted(shop), 900n);
  assert.equal(await posted(ids.arrivals), 0n);
  await sound();
});

test("files that overlap, booked at once: each entry is of one of them", async () => {
  const shared = Array.from({ length: 8 }, () => entry(7));
  const [mine, theirs] = [statementOf([...shared, entry(1)]), statementOf([entry(2), ...shared])];
  const said = await Promise.all([book(one, mine), book(other, theirs)]);
  assert.deepEqual(said.toSorted(), ["booked 1 of 9", "booked 9 of 9"]);
  await one.sweep();
  assert.equal(await posted(ids.arrivals), 59n);
  await sound();
});

test("two transfers for one due, looked at by two processes at once: it is paid once", async () => {
  const number = await due(newNumber(), 500);
  const before = await posted(shop);
  await book(one, statementOf([entry(500, number)]));
  await book(other, statementOf([entry(500, number)]));
  await Promise.all([one.sweep(), other.sweep()]);
  assert.equal(await posted(shop), before + 490n);
  const waits = await waitingArrivals(bank.database, 200, undefined);
  assert.deepEqual(
    waits.filter((each) => each.number === number).map(({ why, rest }) => [why, rest]),
    [["nothing_due", 500n]],
  );
  await sound();
});

test("what waits is assigned and put aside at once: one of the two has it", async () => {
  const number = await due(newNumber(), 400);
  await book(one, statementOf([entry(400)]));
  await one.sweep();
  const waits = await waitingArrivals(bank.database, 200, undefined);
  const arrival = waits.find(({ amount, why }) => amount === 400n && why === "unknown")?.id ?? "";
  const names = { operator: uuidv7(), confirmedBy: uuidv7() };
  const tries = await Promise.allSettled([
    one.database.transaction((client) =>
      assignArrivals(one.ground, client, { id: uuidv7(), arrivals: [arrival], number, reason: "r" }, names),
    ),
    other.database.transaction((client) =>
      dismissArrival(other.ground, client, { arrival, reason: "r" }, names),
    ),
  ]);
  assert.deepEqual(tries.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
  await sound();
});

test("the same due assigned twice at once is paid once", async () => {
  const number = await due(newNumber(), 60);
  await book(one, statementOf([entry(61), entry(62)]));
  await one.sweep();
  const found = (await waitingArrivals(bank.database, 200, undefined)).filter(({ amount }) =>
    [61n, 62n].includes(amount),
  );
  const before = await posted(shop);
  const tries = await Promise.allSettled(
    found.map(({ id }, index) =>
      processes[index % 2 === 0 ? 0 : 1].database.transaction((client) =>
        assignArrivals(
          one.ground,
          client,
          { id: uuidv7(), arrivals: [id], number, reason: "r" },
          {
            operator: uuidv7(),
            confirmedBy: null,
          },
        ),
      ),
    ),
  );
  assert.deepEqual(tries.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
  assert.equal(await posted(shop), before + 50n);
  await sound();
});

test("what cannot be looked at is seen by operators, unless the failure passes", async () => {
  const number = await due(newNumber(), 70);
  await book(one, statementOf([entry(70, number)]));
  const before = await countArrivals(bank.database);
  assert.equal(
    before.count,
    (await waitingArrivals(bank.database, 200, undefined)).length + 1,
    "new ones count",
  );
  const failing = async (failure: Error) => {
    const told: unknown[] = [];
    const ground = { ...one.ground, collections: { payWithin: () => Promise.reject(failure) } };
    const onError = (error: unknown) => void told.push(error);
    const sweeper = arrivalSweeper(ground, { database: one.database, everyMs: 3_600_000, onError });
    await sweeper.sweep();
    await sweeper.stop();
    assert.ok(told.length > 0);
    const waits = await waitingArrivals(bank.database, 200, undefined);
    return waits.filter(({ amount, why }) => amount === 70n && why === "refused").length;
  };
  assert.equal(await failing(Object.assign(new Error("lock"), { code: "55P03" })), 0);
  assert.equal(await failing(new Error("what nobody has thought of")), 1);
  assert.equal((await countArrivals(bank.database)).count, before.count);
  await sound();
});
