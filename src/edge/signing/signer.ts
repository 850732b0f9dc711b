/** This server's own keys, kept in the database and shared by all its processes. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { type Client, coalesce, type Database } from "../../storage/database/database.ts";
import { type KeySet, publishedKey } from "./key-sets.ts";
import { type Message, signMessage } from "./message.ts";
import * as store from "./store.ts";

/** A key of this server: published now, signing from, published and good until (null for the newest). */
export interface OwnKey {
  kid: string;
  signsFrom: Date;
  endsAt: Date | null;
}

export interface Signer {
  /** Where this server is reached, without a slash at the end; its keys are known under it. */
  readonly url: string;
  /** The fields that sign a message; a request gets a nonce that was never used. */
  sign(message: Message, nonce?: string): Promise<Record<string, string>>;
  /** What is published at `/.well-known/jwks.json`. */
  jwks(): Promise<KeySet>;
  /**
   * Makes a key that is published at once and signs after the overlap; the one before it is good for another overlap.
   * Where a new key waits already, no other is made, and that key signs sooner if the overlap is shorter. Without an
   * overlap the old key ends at once.
   */
  rotate(overlapMs: number): Promise<OwnKey[]>;
}

/** The keys of the server that keeps this database and is reached at `publicUrl`; at the first start one is made. */
export async function openSigner(database: Database, publicUrl: string): Promise<Signer> {
  const url = new URL(publicUrl).origin;
  await database.transaction(async (client) => {
    await store.lockKeys(client);
    if ((await store.readKeys(client)).length === 0) await store.insertKey(client, newKey(0));
  });
  // Memory holds the keys only. Which of them signs is read each time, because any process may rotate.
  const readAll = coalesce(async (asked: "all"[]) => {
    const rows = await store.readKeys(database);
    return new Map(asked.map((word) => [word, rows]));
  });
  const read = async () => (await readAll("all")) ?? [];
  const known = new Map<string, KeyObject>();
  const keyOf = async ({ kid }: store.KeyRow): Promise<KeyObject> => {
    const key = known.get(kid) ?? (await loadKey(database, kid));
    known.set(kid, key);
    return key;
  };
  return {
    url,
    sign: async (message, nonce) => {
      const row = (await read()).find(({ signsFrom, now }) => signsFrom <= now);
      if (row === undefined) throw new Error("This server has no key that signs.");
      const signing = { keyid: `${url}#${row.kid}`, key: await keyOf(row), now: row.now.getTime() / 1000 };
      return signMessage(message, nonce === undefined ? signing : { ...signing, nonce });
    },
    jwks: async () => ({ keys: (await Promise.all((await read()).map(keyOf))).map(publishedKey) }),
    rotate: (overlapMs) => rotate(database, overlapMs),
  };
}

/** The key by which this server signs its log, or what it has seen of others' logs; at the first start it is made. */
export function openNoteKey(database: Database, purpose: "log" | "witness"): Promise<KeyObject> {
  return database.transaction(async (client) => {
    await store.lockKeys(client);
    const kid = await store.readKid(client, purpose);
    if (kid !== undefined) return loadKey(client, kid);
    const key = newKey(0);
    await store.insertKey(client, key, purpose);
    return loadKey(client, key.kid);
  });
}

async function loadKey(database: Client, kid: string): Promise<KeyObject> {
  const key = await store.readPrivateKey(database, kid);
  if (key === undefined) throw new Error("A key of this server ended while it was read.");
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

function newKey(afterMs: number): store.NewKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const der = privateKey.export({ format: "der", type: "pkcs8" });
  return { kid: publishedKey(privateKey).kid, privateKey: der, afterMs };
}

function rotate(database: Database, overlapMs: number): Promise<OwnKey[]> {
  return database.transaction(async (client) => {
    await store.lockKeys(client);
    const waiting = (await store.readKeys(client)).find(({ signsFrom, now }) => signsFrom > now);
    const next = newKey(overlapMs);
    if (waiting === undefined) await store.insertKey(client, next);
    else await store.bringForward(client, waiting.kid, overlapMs);
    await store.endOthers(client, waiting?.kid ?? next.kid, overlapMs);
    const keys = await store.readKeys(client);
    return keys.map(({ kid, signsFrom, endsAt }) => ({ kid, signsFrom, endsAt }));
  });
}
