/** What was paid is heard, whatever stands before it in the list of an institution. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHearing } from "./hearing.ts";

const institution = {
  id: "00000000-0000-7000-8000-0000000000c0",
  name: "Collector",
  url: "http://127.0.0.1",
};
const ofTrade = (number: number, paid: number) => ({
  tradeNumber: String(number),
  currency: "JPY",
  version: 1,
  amount: paid,
  paid,
  due: 0,
  refunded: 0,
  state: "paid",
  payableFrom: null,
});

test("what cannot be booked hides nothing behind it, ends the round, and is said once", async () => {
  const unheard: unknown[] = Array.from({ length: 1200 }, (_, index) => ofTrade(index, 100));
  unheard[7] = { ...ofTrade(7, 100), due: 5 };
  unheard[8] = { ...ofTrade(8, 100), tradeNumber: "eight" };
  unheard[9] = { ...ofTrade(9, 100), tradeNumber: "9".repeat(20) };
  unheard.push(ofTrade(5000, 900));
  const booked = new Map<bigint, number>();
  const faults: string[] = [];
  let calls = 0;
  let heard: object = {};
  const hearing = createHearing({
    institutions: [institution],
    everyMs: 60_000,
    onError: (error) => faults.push(String(error)),
    client: {
      call: (_to, method, path, body = {}) => {
        if (method === "POST") {
          heard = body;
          return Promise.resolve({ status: 200, body: undefined });
        }
        calls += 1;
        const query = new URL(path, institution.url).searchParams;
        const [from, limit] = [Number(query.get("after") ?? 0), Number(query.get("limit"))];
        const next = from + limit < unheard.length ? String(from + limit) : null;
        return Promise.resolve({ status: 200, body: { items: unheard.slice(from, from + limit), next } });
      },
    },
    debts: { paid: () => Promise.resolve(false) },
    trades: {
      collected: (number, { paid }) => {
        if (number !== 5000n) return Promise.resolve({ refused: "not_found" as const });
        booked.set(number, paid);
        return Promise.resolve(undefined);
      },
    },
  });
  await hearing.round();
  assert.deepEqual([...booked], [[5000n, 900]]);
  const [word, ...more] = (heard as { instructions: object[] }).instructions;
  assert.deepEqual(word, { ...word, do: "heard", tradeNumber: "5000", paid: 900 });
  assert.deepEqual(more, []);
  assert.equal(calls, 3);
  const once = faults.filter((fault) => fault.includes("cannot be booked")).length;
  assert.equal(once, 1197);
  assert.equal(faults.filter((fault) => fault.includes("that cannot be.")).length, 3);
  await hearing.round();
  assert.equal(faults.filter((fault) => fault.includes("cannot be booked")).length, once);
  await hearing.stop();
});
