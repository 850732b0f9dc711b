import assert from "node:assert/strict";
import { test } from "node:test";
import { KnownSecrets } from "./known-secrets.ts";

const now = new Date("2026-11-30T00:00:00Z");
const load = (secrets: Record<string, string>) => async (till: string) => {
  const secret = secrets[till];
  return secret === undefined ? undefined : { secret, now };
};

test("a secret that was replaced here counts no longer, for this till alone", async () => {
  const secrets = { one: "before", two: "other" };
  const known = new KnownSecrets(load(secrets));
  for (const till of ["one", "two"]) await known.read(till);
  secrets.one = "after";
  known.forget("one");
  assert.equal(known.lately("one"), undefined);
  assert.equal(known.lately("two")?.secret, "other");
  assert.equal((await known.read("one"))?.secret, "after");
  assert.equal(known.lately("one")?.secret, "after");
});

test("one that is replaced while it is read is not kept as it was", async () => {
  let goesOn = () => {};
  const waits = new Promise<void>((resolve) => {
    goesOn = resolve;
  });
  const known = new KnownSecrets(async () => {
    await waits;
    return { secret: "before", now };
  });
  const reading = known.read("one");
  // The reading has begun by then, and has not ended.
  await Promise.resolve();
  known.forget("one");
  goesOn();
  await reading;
  assert.equal(known.lately("one"), undefined);
});

test("a till without a secret has none, and none from before", async () => {
  const secrets: Record<string, string> = { one: "before" };
  const known = new KnownSecrets(load(secrets));
  await known.read("one");
  delete secrets["one"];
  assert.equal(await known.read("one"), undefined);
  assert.equal(known.lately("one"), undefined);
});
