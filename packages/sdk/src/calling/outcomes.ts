/** What calls take beside their content, and how they can end. */
import type { Problem, TradeState, TradeView } from "../wire/wire.ts";
import type { Retry } from "./calls.ts";

export interface KenshuOptions {
  /** Where the server is, such as `https://pay.example`. */
  url: string;
  /** A shop's key (`ks_...`). Left out where a session cookie says who is calling. */
  key?: string;
  /** Whether the browser sends its session cookie; the default is `same-origin`. */
  credentials?: "omit" | "same-origin" | "include";
  /** Further headers of every request, such as a cookie outside a browser. */
  headers?: Record<string, string>;
  fetch?: typeof globalThis.fetch;
  /** Longest wait for one attempt; 10 seconds unless told. */
  timeoutMs?: number;
  /** Unless told: 5 attempts within 30 seconds, pauses from 200 ms up to 5 s. */
  retry?: Partial<Retry>;
  /** Makes idempotency keys; replaced in tests. */
  newKey?: () => string;
  /** Chooses the jitter, from 0 up to 1; replaced in tests. */
  random?: () => number;
  /** Waits between attempts; replaced in tests. */
  pause?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** Options of one call that changes something. */
export interface CallOptions {
  /** The key of an earlier, unanswered call of the same content. Left out, a new key is made. */
  key?: string;
  /** Is given the key, and awaited, before anything is sent: the place to store it. If it throws, nothing is sent. */
  onKey?: (key: string) => void | Promise<void>;
  /**
   * True where an earlier call with this key ended `unknown`, or died with its process. Then a refusal at the door,
   * such as `not_authenticated`, leaves the outcome unknown, for it says nothing about that earlier call.
   */
  sentBefore?: boolean;
  signal?: AbortSignal;
}

/** Options of a batch; `onKeys` and `sentBefore` are about all of its commands. */
export interface BatchOptions {
  onKeys?: (keys: string[]) => void | Promise<void>;
  sentBefore?: boolean;
  signal?: AbortSignal;
}

/** The server said no. It did not do this, and with the same key it will not. */
export interface Refused {
  outcome: "refused";
  problem: Problem;
}

/** Nobody knows yet whether it was done. Ask again with the same key; never treat this as a failure. */
export interface Unknown {
  outcome: "unknown";
  key: string;
  reason: string;
}

/** The end of a call that changes something. `done` with `trade.pending` (status 202) still waits for another server. */
export type Outcome<Value extends object> =
  | ({ outcome: "done"; status: number; replayed: boolean } & Value)
  | Refused
  | Unknown;
/**
 * The same for calls that answer with a trade. A repeated key is answered with the trade as it was then (`replayed`);
 * `current()` reads it as it stands now.
 */
export type TradeOutcome = Outcome<{
  trade: TradeView;
  current: () => Promise<Answer<{ trade: TradeView }>>;
}>;

/** The end of a call that only reads. */
export type Answer<Value extends object> =
  | ({ outcome: "done"; status: number } & Value)
  | Refused
  | { outcome: "unknown"; reason: string };

/** Thrown by the iterators, which have no other way to say that a page did not come. */
export class ReadFailure extends Error {
  readonly problem: Problem | undefined;

  constructor(message: string, problem: Problem | undefined) {
    super(message);
    this.name = "ReadFailure";
    this.problem = problem;
  }
}

/** Where to stand in a list. */
export interface PageOptions {
  limit?: number;
  after?: string;
}

/** Where to stand in a list of what was made between two instants; RFC 3339, exclusive. */
export interface DatedPageOptions extends PageOptions {
  createdAfter?: string;
  createdBefore?: string;
}

/** Which trades are listed: those that fit all of what is given. Instants are RFC 3339 and exclusive. */
export interface FindOptions extends DatedPageOptions {
  reference?: string;
  state?: TradeState;
  metadata?: Readonly<Record<string, string>>;
  /** Lists by the last change, the oldest first. Who goes on from the last `updatedAt` they have seen misses nothing. */
  updatedAfter?: string;
  /** For operators: whose trades. */
  shop?: string;
}
