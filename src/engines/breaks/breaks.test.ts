/** Breaks from one comparison to the next, and what operators say of them meanwhile. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { Refusal } from "../../core/protocol/protocol.ts";
import { openDatabase, rawSql } from "../../storage/database/database.ts";
import {
  closeBreak,
  explainBreak,
  type Found,
  keepCompared,
  listBreaks,
  listKnown,
  listWords,
  readBreakFigures,
} from "./breaks.ts";

const place = await freshDatabase({ after }, "trading");
const { database } = place;
const party = "00000000-0000-4000-8000-000000000030";
const [mari, ken] = ["00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a2"];

const short = (difference: bigint, subject = "10000000000008"): Found => ({
  subject,
  what: "frozen",
  here: "1000",
  there: String(1000n + difference),
  reference: "r-1",
  currency: "JPY",
  difference,
});

async function compared(...found: Found[]): Promise<void> {
  const looked = (await listKnown(database, party, 100)).map(({ id }) => id);
  await keepCompared(database, { party, found, looked });
}

async function only(state: "open" | "explained" | "closed") {
  const found = await listBreaks(database, state, 10);
  const [one] = found;
  if (one === undefined || found.length > 1) return assert.fail(`${found.length} ${state}`);
  return one;
}
const explain = (id: string, version: number) =>
  database.transaction((client) =>
    explainBreak(client, { id, version, reason: "A payment is late.", operator: mari, confirmedBy: null }),
  );
const close = (id: string, version: number) =>
  database.transaction((client) =>
    closeBreak(client, { id, version, reason: "It was paid.", operator: mari, confirmedBy: ken }),
  );
const changed = (error: unknown) => error instanceof Refusal && error.problem.code === "break_changed";
const words = async (id: string) => (await listWords(database, id, 10)).map(({ word }) => word);

test("a break is kept once, from the day it was first seen on, and nobody's explanation silences it", async () => {
  await compared(short(-5n));
  const first = await only("open");
  await compared(short(-5n));
  const again = await only("open");
  assert.deepEqual([again.id, again.version, again.firstSeen], [first.id, 1, first.firstSeen]);
  assert.ok(again.lastSeen >= first.lastSeen);
  await explain(first.id, 1);
  assert.deepEqual(
    await readBreakFigures(database).then(({ unclosed, unexplained }) => [unclosed, unexplained]),
    [1, 0],
  );
  await compared(short(-5n));
  assert.equal((await only("explained")).id, first.id, "the same difference says nothing new");
});

test("another difference is open again, and an old version explains and closes nothing", async () => {
  await compared(short(-7n));
  const found = await only("open");
  assert.deepEqual([found.version, found.difference], [2, -7n]);
  await assert.rejects(explain(found.id, 1), changed);
  await assert.rejects(close(found.id, 1), changed);
  await close(found.id, 2);
  await assert.rejects(close(found.id, 2), changed);
  assert.deepEqual(await words(found.id), ["explained", "found again", "closed"]);
  assert.equal((await readBreakFigures(database)).unclosed, 0);
});

test("one that was closed and differs as before stays closed; gone and come back, it is open", async () => {
  await compared(short(-7n));
  const { id } = await only("closed");
  await compared();
  assert.notEqual((await only("closed")).agreesSince, null);
  await compared(short(-7n));
  const back = await only("open");
  assert.deepEqual([back.id, back.agreesSince, back.version], [id, null, 3]);
});

test("agreeing again closes nothing; what was not looked at does not agree", async () => {
  await compared();
  const gone = await only("open");
  assert.notEqual(gone.agreesSince, null);
  await compared(short(-7n));
  await keepCompared(database, { party, found: [], looked: [] });
  assert.equal((await only("open")).agreesSince, null);
  await keepCompared(database, { party: "books", found: [short(1n)], looked: [] });
  assert.equal((await listBreaks(database, "open", 10)).length, 2, "another party's is another break");
});

test("sums that grow on both sides are one break, by what they differ; thousands are kept at once", async () => {
  const sum = (here: bigint): Found => ({
    subject: "",
    what: "the sum of settled JPY",
    here: String(here),
    there: String(here - 40n),
    currency: "JPY",
    difference: -40n,
  });
  await compared(sum(1000n), short(-7n));
  await compared(sum(5000n), short(-7n));
  const found = (await listBreaks(database, "open", 10)).find(({ subject }) => subject === "");
  assert.deepEqual([found?.version, found?.here], [1, "5000"]);
  const many = Array.from({ length: 1201 }, (_, at) =>
    short(BigInt(at + 1), String(20_000_000_000_000 + at)),
  );
  await compared(...many, ...many);
  assert.equal((await listBreaks(database, "open", 5000)).length, 1204);
});

test("the application takes nothing back and deletes nothing", async () => {
  const app = openDatabase({ url: place.url, schema: place.schema, role: "kenshu_app" });
  try {
    for (const text of [
      "delete from breaks",
      "delete from break_words",
      "update break_words set reason = 'x'",
    ])
      await assert.rejects(app.execute(rawSql(text)), { code: "42501" });
  } finally {
    await app.close();
  }
});

test("what another server names as no currency, or writes with signs that no text holds, is kept all the same", async () => {
  const strange = "00000000-0000-4000-8000-000000000031";
  const odd: Found = {
    subject: "",
    what: "the sum of frozen jpy",
    here: "0",
    there: "1\u0000\ud800",
    currency: "jpy",
    difference: 1n,
  };
  await keepCompared(database, { party: strange, found: [odd, short(-3n, "10000000000016")], looked: [] });
  const kept = (await listBreaks(database, "open", 5000)).filter((each) => each.party === strange);
  assert.deepEqual(
    kept.map(({ there, currency }) => [there, currency]),
    [
      ["1", null],
      ["997", "JPY"],
    ],
  );
});

test("a break that was closed covers no other values, though they differ by as much", async () => {
  const other = "00000000-0000-4000-8000-000000000032";
  const stray = (there: string): Found => ({ ...short(-9n, "10000000000024"), there });
  await keepCompared(database, { party: other, found: [stray("r1 held")], looked: [] });
  const first = (await listBreaks(database, "open", 5000)).find((each) => each.party === other);
  await close(first?.id ?? "", 1);
  await keepCompared(database, { party: other, found: [stray("r2 held")], looked: [] });
  const again = (await listBreaks(database, "open", 5000)).find((each) => each.party === other);
  assert.deepEqual([again?.id, again?.version], [first?.id, 2]);
});
