import type { Client, Database } from "../../storage/database/database.ts";
import type { ProblemCode } from "../../core/protocol/protocol.ts";
import {
  type BatchCounts,
  type Decided,
  groupCommit,
  OutcomeUnknownError,
  QueueFullError,
  UnavailableError,
} from "./group-commit.ts";
import { type NotDone, refusal } from "./outcome.ts";
import { type Sweeper, sweeper } from "./sweeper.ts";

export interface EngineOptions<Request, Answer, Key> {
  /** Connections whose statements all go by key. */
  database: Database;
  /** Locks and reads what the requests need, decides them in memory. May run again, so it keeps nothing. */
  decide: (client: Client, requests: readonly Request[]) => Promise<Decided<Answer>>;
  /** What may have come due: up to so many keys. */
  due: (limit: number) => Promise<Key[]>;
  /** The request by which the clock looks at one of them. */
  look: (key: Key) => Request;
  /** Told what each look of the clock came to. */
  looked?: (answer: Answer) => void;
  sweepEveryMs: number;
  onError: (error: unknown) => void;
}

/** Requests decided in batches, each batch one transaction, and the clock that makes requests of its own. */
export interface Engine<Request, Answer> {
  /** The answer, after the commit. Rejects where it was not the request that stood in the way: `technicalOutcome`. */
  submit: (request: Request) => Promise<Answer>;
  sweeper: Sweeper;
  /** Requests that wait for a batch. */
  waiting: () => number;
  counts: Readonly<BatchCounts>;
  /** Ends the sweeper and waits until everything submitted has been answered. */
  close: () => Promise<void>;
}

/** Requests in one transaction: more gain little, and the first of them would wait longer. */
const batchMax = 500;
const queueMax = 10_000;
const patienceMs = 10_000;

/** The same without a clock, for what nothing comes due of. */
export type Line<Request, Answer> = Omit<Engine<Request, Answer>, "sweeper">;

/** Requests that are decided in batches, each batch one transaction. `decide` is that of {@link EngineOptions}. */
export function openLine<Request, Answer>(
  database: Database,
  decide: EngineOptions<Request, Answer, never>["decide"],
): Line<Request, Answer> {
  const line = groupCommit<Request, Answer>({ database, decide, batchMax, queueMax, patienceMs });
  return { submit: line.submit, waiting: line.waiting, counts: line.counts, close: () => line.idle() };
}

export function openEngine<Request, Answer, Key>(
  options: EngineOptions<Request, Answer, Key>,
): Engine<Request, Answer> {
  const { database, decide, due, look, looked, sweepEveryMs: everyMs, onError } = options;
  const line = openLine(database, decide);
  const clock = sweeper<Key>({
    due,
    everyMs,
    onError,
    wake: async (key) => {
      try {
        const answer = await line.submit(look(key));
        looked?.(answer);
        return true;
      } catch (error) {
        // Where too much waits, callers are told, and what is due is looked at again.
        if (!(error instanceof QueueFullError)) onError(error);
        return false;
      }
    },
  });
  return {
    ...line,
    sweeper: clock,
    close: async () => {
      await clock.stop();
      await line.close();
    },
  };
}

/** What a caller is told when it was not the request that stood in the way but the machine. */
export function technicalOutcome(error: unknown, onError: (error: unknown) => void): NotDone {
  if (!(error instanceof QueueFullError)) onError(error);
  return refusal({ refused: technicalCode(error) });
}

function technicalCode(error: unknown): ProblemCode {
  if (error instanceof QueueFullError) return "overloaded";
  if (error instanceof UnavailableError) return "unavailable";
  return error instanceof OutcomeUnknownError ? "outcome_unknown" : "internal_error";
}
