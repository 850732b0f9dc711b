/** What can be asked of trades, whatever a caller's request has passed before it comes here. */
import type { TradeEventView, TradeView } from "../../core/protocol/protocol.ts";
import type { MoveBody, Propose } from "../../core/protocol/schemas.ts";
import type { Outcome } from "../engine/engine.ts";
import type { Actor, Recipient } from "../steps/steps.ts";

/**
 * Where a caller's request is looked at before trades are moved: not at all, at the doorstep, which knows what codes prove,
 * or there and at the desk, which knows what operators may do. Servers answer callers by the last one only.
 */
export type Checked = "nowhere" | "doorstep" | "desk";

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface TradeCalls<Where extends Checked> {
  readonly checked: Where;
  /** Proposes a trade; reserves it at once where the buyer has agreed. `guest` is a person already registered. */
  propose(actor: Actor, body: Propose, key?: string, guest?: string): Promise<Outcome<TradeView>>;
  /** Moves a trade. `number` is as people write it; a wrong check digit is told apart from a number nobody has. */
  move(actor: Actor, number: string, body: MoveBody, key?: string): Promise<Outcome<TradeView>>;
  /**
   * A limit of this server keeps buyer or recipient from acting, for so long (ISO 8601, an hour unless told). Where a clock
   * runs against them it is prolonged, once.
   */
  hindered(number: string, who: "buyer" | "recipient", length?: string): Promise<void>;
  /** The trade as the actor may see it; undefined where it is not theirs. */
  read(actor: Actor, number: string): Promise<TradeView | undefined>;
  /** The guest whom a trade is for, while they are known; undefined for any other trade. */
  guestOf(number: string): Promise<string | undefined>;
  /** The record in order, after the event numbered `after`. */
  events(
    actor: Actor,
    number: string,
    page?: { limit: number; after?: number | undefined },
  ): Promise<Page<TradeEventView> | undefined>;
  list(actor: Actor, page: { limit: number; after?: string | undefined }): Promise<Page<TradeView>>;
  /** To whom the goods go, for those who bring them and for the buyer, until it is erased. */
  recipient(actor: Actor, number: string): Promise<Omit<Recipient, "trade"> | undefined>;
}
