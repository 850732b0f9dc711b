import { setTimeout as pause } from "node:timers/promises";
import {
  type Client,
  type Connection,
  type Database,
  isConnectionLoss,
  isKeyTaken,
  isSpent,
  isTransient,
  uuidv7,
} from "../../storage/database/database.ts";
import { leaveMark, readMark } from "./first-answers-store.ts";
import { makeGathering } from "./gathering.ts";

/** What a batch came to: an answer for each command, in order, and the statements that make them true. */
export interface Decided<A> {
  answers: A[];
  /**
   * Sends the statements and returns their promises without waiting, so that the commit can follow at once.
   * None sent means that nothing was changed.
   */
  write: (client: Client) => Promise<unknown>[];
  /** What this process has to do once the batch is committed. Must not throw. */
  committed?: (() => void) | undefined;
}

/** What has become of batches in this process so far. */
export interface BatchCounts {
  batches: number;
  requests: number;
  /** From the begin of a batch to its end, added up. */
  seconds: number;
  /** Batches that failed for themselves, and were tried again in halves or given up. */
  failed: number;
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
  submit: (command: C) => Promise<A>;
  /** Commands waiting now. */
  waiting: () => number;
  counts: Readonly<BatchCounts>;
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

/** A batch whose commit was sent: the ids by which the database can be asked about it. */
interface Sent<A> {
  how: "unknown";
  transaction: string;
  batch: string;
  answers: A[];
  committed: Decided<A>["committed"];
}

type Attempt<A> =
  | ({ how: "committed" } & Pick<Decided<A>, "answers" | "committed">)
  | { how: "failed"; error: unknown }
  | Sent<A>;

/**
 * One transaction for all commands that wait (docs/decisions/0010-group-commit.md). While one batch is being written the
 * next gathers; nothing is answered before its commit. Other processes may do the same on the same rows:
 * what keeps it right is the row locks that `decide` takes, never anything in this memory. The schema needs
 * the table `commits`.
 */
export function groupCommit<C, A>(given: GroupCommitOptions<C, A>): GroupCommit<C, A> {
  const counts: BatchCounts = { batches: 0, requests: 0, seconds: 0, failed: 0 };
  const options = { ...given, server: uuidv7(), counts };
  const queue: Waiting<C, A>[] = [];
  const gathering = makeGathering(() => queue.length, options.batchMax);
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    // Requests that arrived in the same turn of the event loop belong into the same batch.
    await new Promise(setImmediate);
    while (queue.length > 0) {
      await gathering.wait();
      const batch = queue.splice(0, options.batchMax);
      const began = performance.now();
      await run(options, batch);
      gathering.ended(batch.length, performance.now() - began);
    }
    running = undefined;
  }

  return {
    submit(command) {
      if (queue.length >= options.queueMax)
        return Promise.reject(new QueueFullError("Too many commands wait."));
      return new Promise<A>((resolve, reject) => {
        queue.push({ command, resolve, reject });
        running ??= drain();
        gathering.came();
      });
    },
    waiting: () => queue.length,
    counts,
    idle: async () => {
      while (running !== undefined) await running;
    },
  };
}

type Options<C, A> = GroupCommitOptions<C, A> & {
  /** This group commit's row in the table `commits`. */
  server: string;
  counts: BatchCounts;
};

/** Runs one batch to its end; never throws. A batch that fails for itself is halved until the culprit stands alone. */
async function run<C, A>(options: Options<C, A>, batch: Waiting<C, A>[]): Promise<void> {
  const commands = batch.map((waiting) => waiting.command);
  const began = performance.now();
  const attempt = await persist(options, commands);
  const { counts } = options;
  counts.batches += 1;
  counts.requests += batch.length;
  counts.seconds += (performance.now() - began) / 1000;
  if (attempt.how !== "committed") counts.failed += 1;
  if (attempt.how === "committed") {
    attempt.committed?.();
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

const racesMost = 3;

/** Tries a batch again for as long as its failure may pass and the patience lasts. */
async function persist<C, A>(options: Options<C, A>, commands: C[]): Promise<Attempt<A>> {
  const began = performance.now();
  for (let tries = 1; ; tries += 1) {
    let result = await attempt(options, commands);
    if (result.how === "unknown") result = await askOutcome(options, result, began);
    if (result.how !== "failed") return result;
    // Another process has written the same key: who decides anew finds it. What still fails then is a mistake of ours.
    const raced = isKeyTaken(result.error) && tries < racesMost;
    if (!raced && !isTransient(result.error)) return result;
    if (performance.now() - began > options.patienceMs) return result;
    await pause(Math.min(500, 2 ** tries) * (0.5 + Math.random() / 2));
  }
}

async function attempt<C, A>(options: Options<C, A>, commands: C[]): Promise<Attempt<A>> {
  let connection: Connection;
  try {
    connection = await options.database.connect();
  } catch (error) {
    return { how: "failed", error };
  }
  let broken = false;
  let sent: Sent<A> | undefined;
  try {
    const { transaction, answers, write, committed } = await decide(options, connection, commands);
    const writes = write(connection);
    if (writes.length > 0) {
      const batch = uuidv7();
      writes.push(leaveMark(connection, options.server, batch));
      sent = { how: "unknown", transaction, batch, answers, committed };
    }
    // A failed statement fails the mark behind it too, so a commit that the server turns into a rollback is seen.
    await Promise.all([...writes, connection.commit()]);
    return { how: "committed", answers, committed };
  } catch (error) {
    const lost = isConnectionLoss(error);
    broken = isSpent(error) || (await hasBroken(connection));
    return lost && sent !== undefined ? sent : { how: "failed", error };
  } finally {
    connection.release(broken);
  }
}

/** Begins, and has the batch decided, in one go: were `begin` refused, what was sent behind it only reads. */
async function decide<C, A>(
  options: Options<C, A>,
  connection: Connection,
  commands: C[],
): Promise<Decided<A> & { transaction: string }> {
  // All three are waited for even when one fails: nothing may still be using the connection when it is given back.
  const [begun, ids, decided] = await Promise.allSettled([
    connection.begin(),
    connection.transactionNumber(),
    options.decide(connection, commands),
  ]);
  for (const each of [begun, ids, decided]) if (each.status === "rejected") throw each.reason;
  if (ids.status !== "fulfilled" || decided.status !== "fulfilled") throw new Error("Nothing was decided.");
  if (decided.value.answers.length !== commands.length) throw new Error("Each command needs its answer.");
  return { transaction: ids.value, ...decided.value };
}

/** Ends a failed transaction; says whether the connection is beyond use. */
async function hasBroken(connection: Connection): Promise<boolean> {
  try {
    await connection.rollback();
    return false;
  } catch {
    return true;
  }
}

/**
 * After a connection was lost in the commit, the database itself says how the transaction ended: by the mark
 * it left, once it is no longer in progress. Its number alone is no proof (see decision 0010).
 */
async function askOutcome<C, A>(options: Options<C, A>, sent: Sent<A>, began: number): Promise<Attempt<A>> {
  do {
    try {
      if (!(await options.database.isInProgress(sent.transaction))) {
        if ((await readMark(options.database, options.server)) === sent.batch)
          return { ...sent, how: "committed" };
        return { how: "failed", error: new LostBatchError() };
      }
    } catch (error) {
      if (!isTransient(error)) return sent;
    }
    await pause(50);
  } while (performance.now() - began <= options.patienceMs);
  return sent;
}

/** A batch whose transaction the database says did not happen; it is safe to run it again. */
class LostBatchError extends Error {
  /** That of a broken connection. */
  readonly code = "08006";

  constructor() {
    super("The transaction was lost with its connection and did not happen.");
  }
}
