/** Keys that this server has made itself: sealed in the database, and shared by all its processes. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type Client, coalesce, type Database } from "../../storage/database/database.ts";
import { type Box, type Keyring, openBox } from "../../storage/keyring/keyring.ts";
import { publishedKey } from "./key-sets.ts";
import type { OwnKey, OwnKeys } from "./own-keys.ts";
import * as store from "./store.ts";

/** Opens the keys of the server that keeps this database; at the first start one is made. */
export async function openKeptKeys(database: Database, keyring: Keyring): Promise<OwnKeys> {
  const box = await openKeyBox(database, keyring);
  await database.transaction(async (client) => {
    await store.lockKeys(client);
    await store.sealClearKeys(client, box.seal);
    if ((await store.readKeys(client)).length === 0) await store.insertKey(client, newKey(box, 0));
  });
  // Memory holds the keys only. Which of them signs is read each time, because any process may rotate.
  const readAll = coalesce(async (asked: "all"[]) => {
    const rows = await store.readKeys(database);
    return new Map(asked.map((word) => [word, rows]));
  });
  const read = async () => (await readAll("all")) ?? [];
  const known = new Map<string, KeyObject>();
  const keyOf = async ({ kid }: store.KeyRow): Promise<KeyObject> => {
    const key = known.get(kid) ?? (await loadKey(database, box, kid));
    known.set(kid, key);
    return key;
  };
  return {
    current: async () => {
      const row = (await read()).find(({ signsFrom, now }) => signsFrom <= now);
      if (row === undefined) throw new Error("This server has no key that signs.");
      const key = await keyOf(row);
      return { kid: row.kid, now: row.now, sign: async (bytes) => sign(null, bytes, key) };
    },
    published: async () => (await Promise.all((await read()).map(keyOf))).map(publishedKey),
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
  return createPrivateKey({ key: box.open(kid, sealed), format: "der", type: "pkcs8" });
}

function newKey(box: Box, afterMs: number): store.NewKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const der = privateKey.export({ format: "der", type: "pkcs8" });
  const { kid } = publishedKey(privateKey);
  return { kid, privateKey: box.seal(kid, der), afterMs };
}

async function rotate(client: Client, box: Box, overlapMs: number): Promise<OwnKey[]> {
  await store.lockKeys(client);
  const waiting = (await store.readKeys(client)).find(({ signsFrom, now }) => signsFrom > now);
  const next = newKey(box, overlapMs);
  if (waiting === undefined) await store.insertKey(client, next);
  else await store.bringForward(client, waiting.kid, overlapMs);
  await store.endOthers(client, waiting?.kid ?? next.kid, overlapMs);
  const keys = await store.readKeys(client);
  return keys.map(({ kid, signsFrom, endsAt }) => ({ kid, signsFrom, endsAt }));
}
