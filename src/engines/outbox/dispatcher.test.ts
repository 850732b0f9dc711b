/** Which answers of institutions are brought to their trades, and which only end their instructions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import type { CollectionView } from "../../core/protocol/schemas.ts";
import { problem } from "../../core/protocol/protocol.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { createDispatcher, type InstructionAnswer } from "./dispatcher.ts";
import { type WaitingInstruction, writeInstructions } from "./instruction-store.ts";

const tradeNumber = "40000000000010";

function instruction(knows: WaitingInstruction["knows"]): WaitingInstruction {
  const id = uuidv7();
  const body = { do: "heard", id, tradeNumber, paid: 0 } as const;
  const of = { id, institution: uuidv7(), trade: BigInt(tradeNumber), body, expected: null, attempts: 1 };
  return knows === undefined ? of : { ...of, knows };
}

const said = (version: number, paid: number): InstructionAnswer => {
  const collection = { tradeNumber, currency: "JPY", amount: 1200, version, paid } as CollectionView;
  return { how: "done", reservation: null, collection };
};

/** Each case: what the trade knows, what is answered, and whether the trade is told of it. */
const cases: [string, WaitingInstruction["knows"], InstructionAnswer, boolean][] = [
  ["nothing new", { version: 2, paid: 500 }, said(2, 500), false],
  ["less than is known by now", { version: 2, paid: 500 }, said(1, 0), false],
  ["a payment", { version: 2, paid: 500 }, said(2, 501), true],
  ["a later word", { version: 2, paid: 500 }, said(3, 500), true],
  ["what a step waits for", undefined, said(2, 500), true],
  ["no collection", { version: 2, paid: 500 }, { how: "done", reservation: null }, true],
  ["a refusal", { version: 2, paid: 500 }, { how: "refused", problem: problem("account_not_tied") }, true],
];

test("an answer is brought to its trade where it says something new", async (t) => {
  const { database } = await freshDatabase(t, "trading");
  const waiting = () => database.query<{ id: string }>(rawSql("select id from instructions"));
  for (const [name, knows, answer, told] of cases) {
    await t.test(name, async () => {
      const settled: string[] = [];
      const errors: unknown[] = [];
      const dispatcher = createDispatcher({
        database,
        send: (_, batch) => Promise.resolve(batch.map(() => answer)),
        settle: ({ id }) => Promise.resolve(void settled.push(id)),
        awaited: () => Promise.resolve(),
        onError: (error) => void errors.push(error),
        everyMs: 3_600_000,
      });
      const one = instruction(knows);
      await writeInstructions(database, [one]);
      dispatcher.take([one]);
      await dispatcher.round();
      await dispatcher.stop();
      assert.deepEqual([settled, errors], [told ? [one.id] : [], []]);
      // Who is told forgets the instruction with what it changes.
      assert.deepEqual(await waiting(), told ? [{ id: one.id }] : []);
      await database.execute(rawSql("delete from instructions"));
    });
  }
});
