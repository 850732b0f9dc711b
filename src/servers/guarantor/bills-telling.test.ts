/** What a clerk tells institutions of bills where they are away, hang, refuse, or lose an answer. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CollectionInstruction, CollectionView } from "../../core/protocol/schemas.ts";
import { type CounterWord, createDebts } from "../../engines/debts/debts.ts";
import { openDatabase, uuidv7 } from "../../storage/database/database.ts";
import { houseAccount } from "../../storage/ledger/ledger.ts";
import { bills, openDebtors } from "../../../test/support/world/debtors.ts";
import { until } from "../../../test/support/world/world.ts";
import { bearer } from "../../../test/support/wire/http.ts";

const world = await openDebtors({ after });
const { guarantor, institution, call, pay, admin, billed, read, stands, told, becomes, dueAt, line } = world;
const { sweep, agree } = world;
const { hana, yui } = world.people;

const move = (party: "guarantor" | "institution", by: string) => {
  const who = party === "guarantor" ? guarantor : institution;
  return call(party, "POST", "/v1/test-clock/advance", bearer(who.demo.adminKey), { by });
};

test("while an institution cannot say what was paid, the line stops, and no step is told or charged", async () => {
  const { bill } = await billed(hana, 1100);
  await until("it is due", async () => (await dueAt(bill)) === "open 1100/1100 kept 0");
  await world.takeInstitutionAway();
  assert.equal((await move("guarantor", "P18D")).status, 200);
  await move("guarantor", "PT2M");
  assert.equal(await stands(bill), "open owed 1100 asked 1100 fees 0 paid 0 given up 0");
  assert.ok(!(await told(bill)).includes("bill overdue"));
  assert.equal(await line(hana), "overdue used 1100");
  await world.bringInstitutionBack();
  assert.equal((await move("institution", "P18DT2M")).status, 200);
  assert.equal((await pay(bill, 1100)).status, 201);
  await becomes(bill, "paid owed 0 asked 0 fees 0 paid 1100 given up 0");
  assert.equal(await line(hana), "active used 0");
  await agree();
});

test("what goes back is one instruction however often it is said, what is refused rests, and who hangs is asked once", async () => {
  const { bill } = await billed(yui, 900);
  const other = (await billed(hana, 800)).bill;
  await until("both are due", async () => (await dueAt(other)) === "open 800/800 kept 0");
  await sweep();
  const [elsewhere, payee] = [uuidv7(), uuidv7()];
  const set = (text: string, values: (string | bigint)[]) => admin.guarantor.query({ text, values });
  // Elsewhere is not the first place for bills; only this clerk knows it.
  await set(
    "update bills set collector = $1, collected = 300, returned = 300, told_heard = 300 where number = any($2::bigint[])",
    [elsewhere, `{${bill},${other}}`],
  );
  const { url, schema } = guarantor.place;
  const database = openDatabase({ url, schema, role: "kenshu_app" });
  const asked: CollectionInstruction[] = [];
  let answer: (instruction: CollectionInstruction) => CounterWord | undefined = () => undefined;
  const refunded = new Map<string, number>();
  const faults: unknown[] = [];
  const clerk = createDebts({
    database,
    onError: (error) => faults.push(error),
    ground: {
      rules: bills,
      timeZone: "UTC",
      mails: "kept",
      house: houseAccount,
      source: (currency) => houseAccount("outside", currency),
      counter: {
        placeFor: (_client, _currency, collector) =>
          Promise.resolve(collector === elsewhere ? { collector, payee } : undefined),
        tell: (_collector, instruction) => {
          asked.push(instruction);
          const { tradeNumber } = instruction;
          const view = { tradeNumber, currency: "JPY", paid: 300, refunded: refunded.get(tradeNumber) ?? 0 };
          return Promise.resolve(answer(instruction) ?? { how: "done", collection: view as CollectionView });
        },
      },
    },
  });
  const saidIn = async (sweeps: number) => {
    asked.length = 0;
    for (let count = 0; count < sweeps; count += 1) await clerk.sweep();
    return asked.map(({ do: does }) => does).filter((does) => does !== "due");
  };
  answer = () => ({ how: "unknown" });
  assert.deepEqual(await saidIn(1), ["heard"], "one that hangs holds up no more");
  answer = ({ do: does }) => (does === "reimburse" ? { how: "unknown" } : undefined);
  assert.deepEqual(await saidIn(2), ["heard", "reimburse", "heard", "reimburse"]);
  const ids = asked.flatMap((each) => (each.do === "reimburse" ? [each.id] : []));
  assert.equal(new Set(ids).size, 1, "the same again");
  answer = ({ do: does }) =>
    does === "reimburse" ? { how: "refused", code: "payee_insufficient_funds" } : undefined;
  assert.deepEqual(await saidIn(2), ["heard", "reimburse", "heard", "reimburse"], "each bill once");
  assert.equal(faults.length, 2);
  // The answer to the first was lost: nothing goes back twice. Whoever starts anew asks again.
  refunded.set(bill, 300).set(other, 100);
  answer = () => undefined;
  const anew = createDebts({ database, ground: clerk.ground, onError: (error) => faults.push(error) });
  asked.length = 0;
  await anew.sweep();
  const back = asked.flatMap((each) => (each.do === "reimburse" ? [each] : []));
  assert.deepEqual(
    back.map(({ tradeNumber, total, sources }) => ({ tradeNumber, total, sources })),
    [{ tradeNumber: other, total: 300, sources: [{ account: payee, amount: 200 }] }],
  );
  asked.length = 0;
  await anew.sweep();
  assert.deepEqual(asked, []);
  await database.close();
});

test("a bill that is over is not looked at again and again", async () => {
  await admin.guarantor.query({
    text: "update bills set next_at = made_at where state = 'paid'",
    values: [],
  });
  await sweep();
  const left = await admin.guarantor.query({
    text: "select number from bills where state <> 'open' and next_at is not null",
    values: [],
  });
  assert.deepEqual(left, []);
  assert.ok((await read(String((await world.billsOf(hana)).at(-1)?.["number"])))["state"] === "paid");
});
