/** Keys that this server has made itself: sealed in the database, and shared by all its processes. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type Client, coalesce, type Database } from "../../storage/database/database.ts";
import { type Box, type Keyring, openBox } from "../../storage/keyring/keyring.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { forGuarantees, jwkOf, mostKeys, publishedKey } from "./key-sets.ts";
import type { OwnKey, OwnKeys } from "./own-keys.ts";
import * as store from "./store.ts";

/** Opens the keys of the server that keeps this database; at the first start one is made. */
export async function openKeptKeys(database: Database, keyring: Keyring): Promise<OwnKeys> {
  const box = await openKeyBox(database, keyring);
  await database.transaction(async (client) => {
    await store.lockKeys(client);
    await store.sealClearKeys(client, box.seal);
    for (const { kid, key } of await store.readUnnamed(client))
      await store.enterPublic(client, kid, publishedKey(openKey(box, kid, key)).x);
    await store.forgetEnded(client);
    const holding = (await store.readKeys(client)).filter(({ ended }) => !ended);
    if (holding.length === 0) await store.insertKey(client, newKey(box, 0));
  });
  const known = new Map<string, KeyObject>();
  // Memory holds the keys only. Which of them signs is read each time, because any process may rotate.
  const readAll = coalesce(async (asked: "all"[]) => {
    const rows = await store.readKeys(database);
    for (const kid of known.keys()) if (!rows.some((row) => row.kid === kid && !row.ended)) known.delete(kid);
    return new Map(asked.map((word) => [word, rows]));
  });
  const read = async () => (await readAll("all")) ?? [];
  const keyOf = async ({ kid }: store.KeyRow): Promise<KeyObject> => {
    const key = known.get(kid) ?? (await loadKey(database, box, kid));
    known.set(kid, key);
    return key;
  };
  return {
    current: async (wordUntil) => {
      for (let tries = 0; tries < 3; tries += 1) {
        const row = (await read()).find(({ signsFrom, ended, now }) => !ended && signsFrom <= now);
        if (row === undefined) throw new Error("This server has no key that signs.");
        // It may end between the reading and the note: then another one signs.
        if (wordUntil !== undefined && !(await notesWord(database, row, wordUntil))) continue;
        const key = await keyOf(row);
        return { kid: row.kid, now: row.now, sign: async (bytes) => sign(null, bytes, key) };
      }
      throw new Error("The keys of this server ended as fast as they were read.");
    },
    published: async () =>
      (await read()).map(({ kid, x, ended }) => (ended ? forGuarantees(jwkOf(kid, x)) : jwkOf(kid, x))),
    rotate: (overlapMs, inside) =>
      inside === undefined
        ? database.transaction((client) => rotate(client, box, overlapMs))
        : rotate(inside, box, overlapMs),
  };
}

/** The key by which this server signs its log, or what it has seen of others' logs; at the first start it is made. */
export async function openNoteKey(
  database: Database,
  keyring: Keyring,
  purpose: "log" | "witness",
): Promise<KeyObject> {
  const box = await openKeyBox(database, keyring);
  return database.transaction(async (client) => {
    await store.lockKeys(client);
    await store.sealClearKeys(client, box.seal);
    const kid = await store.readKid(client, purpose);
    if (kid !== undefined) return loadKey(client, box, kid);
    const key = newKey(box, 0);
    await store.insertKey(client, key, purpose);
    return loadKey(client, box, key.kid);
  });
}

const openKeyBox = (database: Database, keyring: Keyring) => openBox(database, keyring, "keys that sign");

async function loadKey(database: Client, box: Box, kid: string): Promise<KeyObject> {
  const sealed = await store.readPrivateKey(database, kid);
  if (sealed === undefined) throw new Error("A key of this server ended while it was read.");
  return openKey(box, kid, sealed);
}

function openKey(box: Box, kid: string, sealed: Buffer): KeyObject {
  return createPrivateKey({ key: box.open(kid, sealed), format: "der", type: "pkcs8" });
}

const hourMs = 3_600_000;

/** Notes with a key until when a word of it may be believed, to the full hour, so that not every word is a write. */
async function notesWord(database: Client, { kid, wordsUntil }: store.KeyRow, until: Date): Promise<boolean> {
  if (wordsUntil !== null && wordsUntil >= until) return true;
  return store.noteWord(database, kid, new Date(Math.ceil(until.getTime() / hourMs) * hourMs));
}

function newKey(box: Box, afterMs: number): store.NewKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const der = privateKey.export({ format: "der", type: "pkcs8" });
  const { kid, x } = publishedKey(privateKey);
  return { kid, x, privateKey: box.seal(kid, der), afterMs };
}

async function rotate(client: Client, box: Box, overlapMs: number): Promise<OwnKey[]> {
  await store.lockKeys(client);
  await store.forgetEnded(client);
  const before = await store.readKeys(client);
  const waiting = before.find(({ signsFrom, now }) => signsFrom > now);
  const next = newKey(box, overlapMs);
  if (waiting === undefined && overlapMs > 0) leavesRoom(before);
  if (waiting === undefined) await store.insertKey(client, next);
  else await store.bringForward(client, waiting.kid, overlapMs);
  const newest = waiting?.kid ?? next.kid;
  await (overlapMs > 0 ? store.endOthers(client, newest, overlapMs) : store.forgetOthers(client, newest));
  const keys = (await store.readKeys(client)).filter(({ ended }) => !ended);
  return keys.map(({ kid, signsFrom, endsAt }) => ({ kid, signsFrom, endsAt }));
}

/** Refuses where a set with one more key would be read by nobody. */
function leavesRoom(keys: readonly store.KeyRow[]): void {
  if (keys.length < mostKeys) return;
  const ends = keys.flatMap(({ ended, wordsUntil }) => (ended && wordsUntil !== null ? [wordsUntil] : []));
  const first = ends.toSorted((left, right) => left.getTime() - right.getTime())[0];
  refuse(
    "not_due_yet",
    `${mostKeys} keys are published, the most that others read; the first leaves at ${first?.toISOString()}.`,
  );
}
