/** Passwords as they are stored, and a flood of them. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { testKeyring } from "../../../test/support/world/vault.ts";
import * as identity from "./identity.ts";

const { database } = await freshDatabase({ after }, "trading");
const secret = await identity.openServerSecret(database, testKeyring);
const open = (limits: identity.IdentityOptions["limits"] = {}): identity.Identity =>
  identity.openIdentity({ database, secret, limits });
const room = open();

test("equal passwords of two people are stored differently", async () => {
  const hashes = await Promise.all(
    ["a@example.com", "b@example.com"].map((email) => room.hashPassword(email, "same")),
  );
  assert.notEqual(hashes[0], hashes[1]);
  for (const hash of hashes) assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test("a flood of passwords is turned away instead of being queued without end", async () => {
  const narrow = open({ hashesWaiting: 2 });
  const hashes = await Promise.allSettled(
    Array.from({ length: 12 }, (_, index) => narrow.hashPassword(`f${index}@example.com`, "x")),
  );
  assert.equal(hashes.filter(({ status }) => status === "fulfilled").length, 4, "two run, two wait");
  await assert.doesNotReject(narrow.hashPassword("f@example.com", "x"), "and then there is room again");
  const few = open({ applicationsPerAddress: 1 });
  await few.hashPassword("g@example.com", "x", "192.0.2.7");
  await assert.rejects(few.hashPassword("g@example.com", "x", "192.0.2.7"), { name: "Refusal" });
});
