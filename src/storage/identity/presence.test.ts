import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { rawSql, uuidv7 } from "../database/database.ts";
import { type Caller, makePresence } from "./identity.ts";

const { database } = await freshDatabase({ after }, "trading");
const caller = (kind: Caller["kind"]): Caller => ({
  kind,
  id: uuidv7(),
  name: null,
  credential: { kind: "session", id: "" },
});

/** How often each of these was written down. */
async function notes(
  work: (presence: ReturnType<typeof makePresence>, pass: (ms: number) => void) => Promise<void>,
) {
  let now = 0;
  let written = 0;
  const presence = makePresence({
    database: {
      ...database,
      execute: (query) => {
        written += 1;
        return database.execute(query);
      },
    },
    clock: () => now,
    onError: (error) => assert.fail(String(error)),
  });
  await work(presence, (ms) => {
    now += ms;
  });
  await presence.settled();
  return written;
}

const seenAt = async (id: string): Promise<Date | undefined> => {
  const rows = await database.query<{ at: Date }>(
    rawSql("select seen_at as at from presences where subject = $1", [id]),
  );
  return rows[0]?.at;
};

test("who is there is written down once an hour, and by one statement for all who come together", async () => {
  const [one, other] = [caller("member"), caller("shop")];
  const written = await notes(async (presence, pass) => {
    for (let turn = 0; turn < 100; turn += 1) for (const each of [one, other]) presence.note(each);
    await presence.settled();
    pass(3_599_999);
    presence.note(one);
    await presence.settled();
    pass(1);
    presence.note(one);
  });
  assert.equal(written, 2);
  assert.ok(await seenAt(one.id));
  assert.ok(await seenAt(other.id));
});

test("who signs in is written down at once, and everybody after the clock was moved", async () => {
  const one = caller("member");
  const written = await notes(async (presence) => {
    presence.note(one);
    await presence.settled();
    presence.arrived(one);
    await presence.settled();
    presence.forget();
    presence.note(one);
  });
  assert.equal(written, 3);
});

for (const kind of ["operator", "carrier", "provider", "guest", "recipient", "nobody"] as const) {
  test(`that a ${kind} was there is not remembered`, async () => {
    const one = caller(kind);
    assert.equal(
      await notes((presence) => {
        presence.note(one);
        presence.arrived(one);
        return Promise.resolve();
      }),
      0,
    );
    assert.equal(await seenAt(one.id), undefined);
  });
}

test("what could not be written down is noted again with the next request", async () => {
  const one = caller("member");
  const failures: unknown[] = [];
  let broken = true;
  const presence = makePresence({
    database: {
      ...database,
      execute: (query) => (broken ? Promise.reject(new Error("gone")) : database.execute(query)),
    },
    clock: () => 0,
    onError: (error) => failures.push(error),
  });
  presence.note(one);
  await presence.settled();
  assert.deepEqual([failures.length, await seenAt(one.id)], [1, undefined]);
  broken = false;
  presence.note(one);
  await presence.settled();
  assert.ok(await seenAt(one.id));
});
