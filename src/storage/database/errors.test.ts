import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CommitUnknownError,
  isConflict,
  isConnectionLoss,
  isTransient,
  NoConnectionError,
  RolledBackError,
} from "./errors.ts";

const coded = (code: string, message = "") => Object.assign(new Error(message), { code });

const cases: [what: string, error: unknown, loss: boolean, transient: boolean, conflict: boolean][] = [
  ["unique violation", coded("23505"), false, false, false],
  ["statement timeout", coded("57014"), false, true, false],
  ["read-only", coded("25006"), false, true, false],
  ["plain exception", new Error("oops"), false, false, false],
  ["not an error", "oops", false, false, false],
  ["serialization failure", coded("40001"), false, true, true],
  ["deadlock", coded("40P01"), false, true, true],
  ["lock timeout", coded("55P03"), false, true, false],
  ["terminated by an administrator", coded("57P01"), true, true, false],
  ["server starting up", coded("57P03"), true, true, false],
  ["connection failure", coded("08006"), true, true, false],
  ["idle in transaction", coded("25P03"), true, true, false],
  ["socket reset", coded("ECONNRESET"), true, true, false],
  ["driver: ended", new Error("Connection terminated unexpectedly"), true, true, false],
  [
    "pool exhausted",
    new NoConnectionError(new Error("timeout exceeded when trying to connect")),
    true,
    true,
    false,
  ],
  ["plan gone stale", coded("0A000", "cached plan must not change result type"), true, true, true],
  ["feature not supported", coded("0A000", "cannot do that"), false, false, false],
  ["commit unknown", new CommitUnknownError(coded("ECONNRESET")), true, false, false],
  ["rolled back by a deadlock", new RolledBackError(coded("40P01")), false, true, true],
  ["rolled back by a bad row", new RolledBackError(coded("23514")), false, false, false],
];

for (const [what, error, loss, transient, conflict] of cases) {
  test(`${what}: loss ${loss}, transient ${transient}, conflict ${conflict}`, () => {
    assert.deepEqual(
      [isConnectionLoss(error), isTransient(error), isConflict(error)],
      [loss, transient, conflict],
    );
  });
}
