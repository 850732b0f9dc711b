/**
 * The means of payment of a trading server, as the trade engine uses it. A trading server is members, trades and one of
 * these; what differs between servers is behind this interface and nowhere else (ARCHITECTURE.md).
 */
import type { Client } from "../../storage/database/database.ts";
import type { Effect, Trade } from "../../core/machine/machine.ts";
import type { WaitingInstruction } from "../outbox/outbox.ts";
import type { ProblemCode } from "../../core/protocol/protocol.ts";

/** What a trade asks of the means of payment. */
export type MoneyEffect = Exclude<Effect, { do: "use mandate" | "use advance" }>;

/**
 * `done`: it is true as soon as the batch is committed. `asked`: another server decides, and its answer to this
 * instruction comes later. A refusal has changed nothing.
 */
export type RailOutcome =
  | { how: "done" }
  | { how: "asked"; instruction: string }
  | { how: "refused"; code: ProblemCode };

/** The means of payment during one batch: what it needs is locked and read, and it remembers what it was asked. */
export interface OpenRail {
  /** Does all of what a step asks that makes `trade` into `next`, or nothing. `now` is the batch's instant. */
  post(trade: Trade, effects: readonly MoneyEffect[], now: Date, next: Trade): RailOutcome;
  /** Sends the statements that make it true, without waiting. */
  write(client: Client): Promise<unknown>[];
  /** What other servers were asked to do, as far as it is this process that sends it. */
  asked: readonly WaitingInstruction[];
}

/** What a batch may touch. `payees` are accounts into which nothing is paid yet, and so need no lock. */
export interface Sought {
  holds: string[];
  accounts: ReadonlySet<string>;
  payees: ReadonlySet<string>;
}

export interface Rail {
  /** Whether a trade can be paid whose amount this server does not know, because another one does. */
  takesPrivate: boolean;
  /** Locks and reads what a batch may touch. Locking one row too many is harmless, one too few is not. */
  open(client: Client, sought: Sought): Promise<OpenRail>;
  /** Told what was asked once the batch is committed. */
  committed(asked: readonly WaitingInstruction[]): void;
}
