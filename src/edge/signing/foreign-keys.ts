/** Keys that this server has not made: from files, or in the hands of a program that signs when it is asked. */
import { type KeyObject, sign, verify } from "node:crypto";
import type { Database } from "../../storage/database/database.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { readResponse } from "./bounded-body.ts";
import { forGuarantees, publishedKey, readKeySets } from "./key-sets.ts";
import type { OwnKeys } from "./own-keys.ts";
import { readNow } from "./store.ts";

const rotate: OwnKeys["rotate"] = async () =>
  refuse("not_allowed", "The keys of this server are kept outside of it and are changed where they are.");

/** Keys from files: the first signs, all are published, and one of which only the public half is there for its guarantees alone. */
export function givenKeys(database: Database, keys: readonly KeyObject[]): OwnKeys {
  const [first] = keys;
  const isEd25519 = keys.every(({ asymmetricKeyType }) => asymmetricKeyType === "ed25519");
  if (first?.type !== "private" || !isEd25519)
    throw new Error("The keys by which a server signs are private Ed25519 keys, at least one.");
  const { kid } = publishedKey(first);
  return {
    current: async () => ({
      kid,
      now: await readNow(database),
      sign: async (bytes) => sign(null, bytes, first),
    }),
    published: async () =>
      keys.map((key) => (key.type === "public" ? forGuarantees(publishedKey(key)) : publishedKey(key))),
    rotate,
  };
}

interface AskedOptions {
  database: Database;
  url: string;
  token?: string | undefined;
  fetch?: typeof globalThis.fetch;
  /** Milliseconds that only grow. */
  monotonic?: () => number;
}

const timeoutMs = 2000;
const largestAnswer = 64 * 1024;
/** A key that was added or taken away where the keys are is noticed after so long. */
const keptMs = 60_000;

/**
 * Keys of a program: `GET {url}/keys` answers a key set (RFC 7517) of which the first signs, `POST {url}/sign` with
 * `{kid, message}` answers `{signature}`, both in base64. What it has signed is verified before it is used.
 */
export async function askedKeys(options: AskedOptions): Promise<OwnKeys> {
  const { database, monotonic = () => performance.now() } = options;
  let known = { keys: await askKeys(options), at: monotonic() };
  const setsNow = async () => {
    if (monotonic() - known.at >= keptMs) {
      // While the program does not answer this, its keys are what they were.
      const keys = await askKeys(options).catch(() => known.keys);
      known = { keys, at: monotonic() };
    }
    return known.keys;
  };
  return {
    current: async () => {
      const [[kid, key] = []] = (await setsNow()).messages;
      if (kid === undefined || key === undefined) throw new Error("This server has no key that signs.");
      return { kid, now: await readNow(database), sign: (bytes) => askSignature(options, kid, key, bytes) };
    },
    published: async () => {
      const { messages, guarantees } = await setsNow();
      const jwk = ([kid, key]: [string, KeyObject]) => ({ ...publishedKey(key), kid });
      return [...[...messages].map(jwk), ...[...guarantees].map(jwk).map(forGuarantees)];
    },
    rotate,
  };
}

async function askKeys(options: AskedOptions): Promise<NonNullable<ReturnType<typeof readKeySets>>> {
  const keys = readKeySets(await ask(options, "/keys"));
  if (keys === undefined) throw new Error(`${options.url}/keys does not answer a set of Ed25519 keys.`);
  return keys;
}

async function askSignature(
  options: AskedOptions,
  kid: string,
  key: KeyObject,
  bytes: Buffer,
): Promise<Uint8Array> {
  const text = await ask(options, "/sign", JSON.stringify({ kid, message: bytes.toString("base64") }));
  const answer: unknown = JSON.parse(text);
  const signature =
    typeof answer === "object" && answer !== null && "signature" in answer ? answer.signature : undefined;
  const signed = Buffer.from(typeof signature === "string" ? signature : "", "base64");
  if (!verify(null, bytes, key, signed))
    throw new Error(`${options.url}/sign does not sign by the key ${kid}.`);
  return signed;
}

async function ask(options: AskedOptions, path: string, body?: string): Promise<string> {
  const { url, token, fetch = globalThis.fetch } = options;
  const answer = await fetch(`${url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body }),
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  const bytes = await readResponse(answer, largestAnswer);
  if (!answer.ok) throw new Error(`${url}${path} answers ${answer.status}.`);
  return Buffer.from(bytes).toString();
}
