/**
 * The means of payment of a trading server, as the trade engine uses it. A trading server is members, trades and one of
 * these; what differs between servers is behind this interface and nowhere else (ARCHITECTURE.md).
 */
import type { Effect, Trade } from "../../core/trade/trade.ts";
import type { Client } from "../../storage/database/database.ts";
import type { Entry } from "../../storage/ledger/ledger.ts";
import type { WaitingInstruction } from "../outbox/outbox.ts";
import type { ProblemCode } from "../../core/protocol/protocol.ts";

/** What a trade asks of the means of payment. */
export type MoneyEffect = Exclude<Effect, { do: "use mandate" | "use advance" }>;

/**
 * `done`: it is true as soon as the batch is committed. `asked`: another server decides, and its answer to this
 * instruction comes later. `withdrawing`: another server says first how things stand there, and with that the step is decided
 * anew; until then nothing has changed, nor has it by a refusal.
 */
export type RailOutcome =
  | { how: "done" }
  | { how: "asked"; instruction: string }
  | { how: "withdrawing"; instruction: string }
  | { how: "refused"; code: ProblemCode };

/** The institution that a server is to itself. */
export const ownPlace = "00000000-0000-0000-0000-000000000000";

/** A rail during one batch: it has locked and read what the batch needs, and it remembers what it was asked. */
export interface OpenRail {
  /**
   * Does all of what a step asks that makes `trade` into `next`, or nothing. `now` is the batch's instant. `more`: another step
   * of the same trade follows at once, and says what is so after both.
   */
  post(trade: Trade, effects: readonly MoneyEffect[], now: Date, next: Trade, more?: boolean): RailOutcome;
  /**
   * A step that waited has made `trade` into `next`, or has not and they are the same: does what follows from that and needs no
   * answer. It may note in `next` what it has told others.
   */
  follow(trade: Trade, next: Trade, now: Date): void;
  /** The institution at which an account is; undefined where nobody knows. In the server's own books it is `ownPlace`. */
  placeOf(account: string): string | undefined;
  /** What is in use of an account in the server's own books, frozen or owed: minor units, 0 of what is elsewhere. */
  inUse(account: string): bigint;
  /** Sends the statements that write it down, without waiting. */
  write(client: Client): Promise<unknown>[];
  /** What the batch has written into this server's own journal. */
  entries: readonly Entry[];
  /** The instructions to other servers that this process has to send. */
  asked: readonly WaitingInstruction[];
}

/** What a batch may touch. `payees` are accounts into which nothing is paid yet, and so need no lock. */
export interface Sought {
  holds: string[];
  accounts: ReadonlySet<string>;
  payees: ReadonlySet<string>;
  /** The shops of trades that the batch may pay. */
  shops: readonly string[];
}

export interface Rail {
  /** Whether the rail can pay a trade whose amount this server does not know: the institution knows it. */
  takesPrivate: boolean;
  /** As {@link OpenRail.placeOf}, outside of a batch. */
  placeOf(client: Client, account: string): Promise<string | undefined>;
  /** Locks and reads what a batch may touch. It may lock a row too many, never one too few. */
  open(client: Client, sought: Sought): Promise<OpenRail>;
}
