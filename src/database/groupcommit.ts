import { setTimeout as pause } from "node:timers/promises";
import type { Client, Connection, Database } from "./database.ts";
import { errorCode, isConnectionLoss, isTransient } from "./errors.ts";
import { sql } from "./sql.ts";

/** What a batch came to: an answer for each command, in order, and the statements that make them true. */
export interface Decided<A> {
  answers: A[];
  /** Sends the statements and returns their promises without waiting, so that the commit can follow at once. */
  write: (client: Client) => Promise<unknown>[];
}

export interface GroupCommitOptions<C, A> {
  database: Database;
  /** Locks and reads what the commands need, decides them in memory. May run again, so it keeps nothing. */
  decide: (client: Client, commands: readonly C[]) => Promise<Decided<A>>;
  /** Commands in one transaction, at most. */
  batchMax: number;
  /** Commands that may wait; more are refused with QueueFullError. */
  queueMax: number;
  /** How long a batch is tried again while the database is away or in conflict, in milliseconds. */
  patienceMs: number;
}

export interface GroupCommit<C, A> {
  /**
   * Puts a command into the next batch; the answer comes after its commit. Rejects with QueueFullError,
   * UnavailableError (nothing was done), OutcomeUnknownError, or the technical error of this one command.
   */
  submit(command: C): Promise<A>;
  /** Commands waiting now. */
  waiting(): number;
  /** Resolves when everything submitted so far has been answered. */
  idle(): Promise<void>;
}

export class QueueFullError extends Error {
  override readonly name = "QueueFullError";
}

/** The database could not be used for as long as the batch had patience; nothing was done. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}

/** The connection broke in the commit and the database could not be asked how it ended. */
export class OutcomeUnknownError extends Error {
  override readonly name = "OutcomeUnknownError";
}

interface Waiting<C, A> {
  command: C;
  resolve: (answer: A) => void;
  reject: (error: unknown) => void;
}

type Attempt<A> =
  | { how: "committed"; answers: A[] }
  | { how: "failed"; error: unknown }
  | { how: "unknown"; transaction: string; answers: A[] };

/**
 * One transaction for all commands that wait (design, section 6). While one batch is being written the
 * next gathers; nothing is answered before its commit. Other processes may do the same on the same rows:
 * what keeps it right is the row locks that `decide` takes, never anything in this memory.
 */
export function groupCommit<C, A>(options: GroupCommitOptions<C, A>): GroupCommit<C, A> {
  const queue: Waiting<C, A>[] = [];
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    // Requests that arrived in the same turn of the event loop belong into the same batch.
    await new Promise(setImmediate);
    while (queue.length > 0) await run(options, queue.splice(0, options.batchMax));
    running = undefined;
  }

  return {
    submit(command) {
      if (queue.length >= options.queueMax) return Promise.reject(new QueueFullError("Too many commands wait."));
      return new Promise<A>((resolve, reject) => {
        queue.push({ command, resolve, reject });
        running ??= drain();
      });
    },
    waiting: () => queue.length,
    idle: async () => {
      while (running !== undefined) await running;
    },
  };
}

/** Runs one batch to its end; never throws. A batch that fails for itself is halved until the culprit stands alone. */
async function run<C, A>(options: GroupCommitOptions<C, A>, batch: Waiting<C, A>[]): Promise<void> {
  const commands = batch.map((waiting) => waiting.command);
  const attempt = await persist(options, commands);
  if (attempt.how === "committed") {
    batch.forEach((waiting, index) => waiting.resolve(attempt.answers[index] as A));
  } else if (attempt.how === "unknown") {
    for (const waiting of batch) waiting.reject(new OutcomeUnknownError("The commit's outcome is unknown."));
  } else if (isTransient(attempt.error)) {
    const error = new UnavailableError("The database cannot be used.", { cause: attempt.error });
    for (const waiting of batch) waiting.reject(error);
  } else if (batch.length === 1) {
    batch[0]?.reject(attempt.error);
  } else {
    const half = Math.ceil(batch.length / 2);
    await run(options, batch.slice(0, half));
    await run(options, batch.slice(half));
  }
}

/** Tries a batch again for as long as its failure may pass and the patience lasts. */
async function persist<C, A>(options: GroupCommitOptions<C, A>, commands: C[]): Promise<Attempt<A>> {
  const began = performance.now();
  for (let tries = 1; ; tries += 1) {
    let result = await attempt(options, commands);
    if (result.how === "unknown") result = await askOutcome(options, result, began);
    if (result.how !== "failed" || !isTransient(result.error)) return result;
    if (performance.now() - began > options.patienceMs) return result;
    await pause(Math.min(500, 2 ** tries) * (0.5 + Math.random() / 2));
  }
}

async function attempt<C, A>(options: GroupCommitOptions<C, A>, commands: C[]): Promise<Attempt<A>> {
  let connection: Connection;
  try {
    connection = await options.database.connect();
  } catch (error) {
    return { how: "failed", error };
  }
  let broken = false;
  let committing: { transaction: string; answers: A[] } | undefined;
  try {
    // Were `begin` refused, the statements behind it would only read; the writes wait for its answer.
    const [, [id], decided] = await Promise.all([
      connection.execute(sql`begin`),
      connection.query<{ id: string }>(sql`select pg_current_xact_id()::text as id`),
      options.decide(connection, commands),
    ]);
    committing = { transaction: id?.id ?? "", answers: decided.answers };
    await Promise.all([...decided.write(connection), connection.execute(sql`commit`)]);
    return { how: "committed", answers: decided.answers };
  } catch (error) {
    broken = isConnectionLoss(error);
    if (!broken) broken = await rollback(connection);
    if (isConnectionLoss(error) && committing !== undefined) return { how: "unknown", ...committing };
    return { how: "failed", error };
  } finally {
    connection.release(broken);
  }
}

/** Ends a failed transaction; says whether the connection is beyond use. */
async function rollback(connection: Connection): Promise<boolean> {
  try {
    await connection.execute(sql`rollback`);
    return false;
  } catch {
    return true;
  }
}

/** After a connection was lost in the commit, the database itself says how the transaction ended. */
async function askOutcome<C, A>(
  options: GroupCommitOptions<C, A>,
  unknown: { how: "unknown"; transaction: string; answers: A[] },
  began: number,
): Promise<Attempt<A>> {
  do {
    try {
      const [row] = await options.database.query<{ status: string | null }>(
        sql`select pg_xact_status(${unknown.transaction}::xid8) as status`,
      );
      if (row?.status === "committed") return { how: "committed", answers: unknown.answers };
      if (row?.status === "aborted") return { how: "failed", error: new LostBatchError("08006") };
      if (row?.status == null) return unknown;
    } catch (error) {
      if (!isConnectionLoss(error) && errorCode(error) !== "53300") return unknown;
    }
    await pause(50);
  } while (performance.now() - began <= options.patienceMs);
  return unknown;
}

/** A batch whose transaction the database says did not happen; it is safe to run it again. */
class LostBatchError extends Error {
  readonly code: string;

  constructor(code: string) {
    super("The transaction was lost with its connection and did not happen.");
    this.code = code;
  }
}
