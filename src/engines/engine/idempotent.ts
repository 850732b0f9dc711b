/**
 * The first answer to a request, given again to whoever repeats the request with its Idempotency-Key. The key is taken,
 * the effect done and the answer kept in one transaction, so there is never one without the others; a second request
 * with the key waits for the first and then finds its answer. A refusal leaves nothing behind: the same request, sent
 * again, is looked at anew.
 */
import { createHash } from "node:crypto";
import {
  type Client,
  CommitUnknownError,
  type Database,
  isTransient,
} from "../../storage/database/database.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { keepAnswer, readAnswer, takeKey } from "./first-answers-store.ts";

export interface Effect {
  status: number;
  body: Record<string, unknown>;
  /** Shown in the first answer beside `body` and kept nowhere: a repetition gets the answer without it. */
  secret?: Record<string, unknown>;
}

export interface Replied {
  status: number;
  /** JSON text. */
  body: string;
  replayed: boolean;
}

/**
 * Does `effect` in a transaction, once for this caller (a UUID) and key. Refuses with idempotency_key_reused where the
 * key came with another request, and with overloaded or outcome_unknown where the database could not be used.
 */
export async function once(
  database: Database,
  caller: string,
  key: string | undefined,
  request: Buffer,
  effect: (client: Client) => Promise<Effect>,
): Promise<Replied> {
  return inTransaction(database, async (client) => {
    if (key === undefined) return shown(await effect(client));
    if (!(await takeKey(client, caller, key, request))) return await replay(client, caller, key, request);
    const done = await effect(client);
    await keepAnswer(client, caller, key, { status: done.status, body: JSON.stringify(done.body) });
    return shown(done);
  });
}

/** A transaction whose technical failures are told as refusals: overloaded, or outcome_unknown. */
export async function inTransaction<T>(database: Database, work: (client: Client) => Promise<T>): Promise<T> {
  try {
    return await database.transaction(work);
  } catch (error) {
    if (error instanceof CommitUnknownError) refuse("outcome_unknown");
    if (isTransient(error)) refuse("overloaded");
    throw error;
  }
}

function shown({ status, body, secret = {} }: Effect): Replied {
  return { status, body: JSON.stringify({ ...body, ...secret }), replayed: false };
}

async function replay(client: Client, caller: string, key: string, request: Buffer): Promise<Replied> {
  const first = await readAnswer(client, caller, key);
  // Rows are removed after a while; one that went between the two statements has not been seen for days.
  if (first === undefined) refuse("overloaded");
  if (!request.equals(first.request)) refuse("idempotency_key_reused");
  return { status: first.status, body: first.body, replayed: true };
}

const secretFields: ReadonlySet<string> = new Set(["password", "token"]);

/** JSON with the fields in one order. Secrets are left out: a quick hash of a password would give it away. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .map(([name, held]) => [name, secretFields.has(name) ? "" : canonical(held)] as const)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
}

/** What tells one request from another: method, path and body. */
export function requestHash(method: string, path: string, body: unknown): Buffer {
  return createHash("sha256")
    .update(JSON.stringify([method, path, canonical(body)]))
    .digest();
}
