/**
 * A request done once for its Idempotency-Key, in a transaction of its own. The key is taken, the effect done and the answer
 * kept in one transaction, so there is never one without the others; a second request with the key waits for the first and
 * then finds its answer. A refusal leaves nothing behind: the same request, sent again, is looked at anew.
 */
import { refuse } from "../../core/protocol/protocol.ts";
import {
  type Client,
  CommitUnknownError,
  type Database,
  isTransient,
} from "../../storage/database/database.ts";
import { type Digest, type FirstAnswer, keepAnswer, readAnswers, takeKey } from "./first-answers-store.ts";
import { type Done, done, doneBefore } from "./outcome.ts";

export interface Effect<Body extends object = Record<string, unknown>> {
  status: number;
  body: Body;
  /** Shown in the first answer beside `body` and kept nowhere: a repetition gets the answer without it. */
  secret?: Record<string, unknown>;
}

/** Who asks for what, and under which key, if any. */
export interface Asked {
  /** A UUID. */
  caller: string;
  key: string | undefined;
  digest: Digest;
  /** What it is refused with where the key came with another request; idempotency_key_reused if left out. */
  reused?: "command_id_reused" | undefined;
}

/**
 * Does `effect` in a transaction, once for this caller and key. Refuses where the key came with another request, and with unavailable or outcome_unknown where the database could not be used.
 */
export async function once<Body extends object>(
  database: Database,
  { caller, key, digest, reused }: Asked,
  effect: (client: Client) => Promise<Effect<Body>>,
): Promise<Done<Body>> {
  return inTransaction(database, async (client) => {
    if (key === undefined) return shown(await effect(client));
    if (!(await takeKey(client, { caller, key }, digest.bytes)))
      return replay(client, { caller, key, digest, reused });
    const { secret = {}, ...kept } = await effect(client);
    const { status, view } = done(kept.status, kept.body);
    await keepAnswer(client, { caller, key, status, body: view.text });
    return shown({ ...kept, secret });
  });
}

/** A transaction whose technical failures are told as refusals: unavailable, or outcome_unknown. */
export async function inTransaction<T>(database: Database, work: (client: Client) => Promise<T>): Promise<T> {
  try {
    return await database.transaction(work);
  } catch (error) {
    if (error instanceof CommitUnknownError) refuse("outcome_unknown");
    if (isTransient(error)) refuse("unavailable");
    throw error;
  }
}

function shown<Body extends object>({ status, body, secret = {} }: Effect<Body>): Done<Body> {
  return done(status, { ...body, ...secret });
}

/**
 * Notes the key of a request that is many, each of which is answered once under a key of its own: nothing of an answer is kept
 * for this one. Answers whether the request came before; refuses where the key came with another.
 */
export function noteKey(database: Database, asked: Asked & { key: string }): Promise<boolean> {
  return inTransaction(database, async (client) => {
    if (await takeKey(client, asked, asked.digest.bytes)) return false;
    await firstOf(client, asked);
    return true;
  });
}

async function replay<Body>(client: Client, asked: Asked & { key: string }): Promise<Done<Body>> {
  const { status, body } = await firstOf(client, asked);
  return doneBefore(status, body);
}

/** What was kept for a key that was taken; refuses where it came with another request. */
async function firstOf(
  client: Client,
  { caller, key, digest, reused }: Asked & { key: string },
): Promise<FirstAnswer> {
  const [first] = await readAnswers(client, [{ caller, key }]);
  // Rows are removed after a while; one that went between the two statements has not been seen for days.
  if (first === undefined) refuse("overloaded");
  if (!digest.matches(first.request)) refuse(reused ?? "idempotency_key_reused");
  return first;
}
