/** What can be asked of trades, whatever a caller's request has passed before it comes here. */
import type { FedEventView, Refused, Todo, TradeEventView, TradeView } from "../../core/protocol/protocol.ts";
import type { LineQuantity } from "../../core/trade/trade.ts";
import type { MoveBody, Propose } from "../../core/protocol/schemas.ts";
import type { Hint } from "../../storage/members/members.ts";
import type { ProvenRow } from "../../storage/seals/seals.ts";
import type { Outcome } from "../engine/engine.ts";
import type { TradeFilter } from "../feed/feed.ts";
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

/** How much of a list is read, and behind which mark. */
export interface PageWish {
  limit: number;
  after?: string | undefined;
}

/** What a party can show to anybody: steps of a trade, each with its way up to a checkpoint that was signed. */
export interface Receipt {
  format: "kenshu-receipt/1";
  trade: string;
  steps: ReceiptStep[];
  /** Signed notes. */
  checkpoints: string[];
  /** The names of those who have signed with the log. */
  witnesses: string[];
}

export interface ReceiptStep extends Omit<ProvenRow, "parts"> {
  /** Only those that the party may see. */
  parts: Record<string, string>;
}

export interface ToTake {
  amount: number;
  currency: string;
  institution: string;
}

/** What a move would do to the money of a trade as it stands, in minor units; null where this server knows no amounts. */
export interface Foreseen {
  settled: number | null;
  released: number | null;
  /** With what then stands as due to the buyer. */
  refunded: number | null;
  /** Accepted by it and paid on a later day, or once it is collected. */
  later: number | null;
  /** Of what is paid: the fee, and what repays that the shop was paid early. Told to shops and operators only. */
  fee?: number;
  repaid?: number;
  /** What the shop would be paid early, and what that costs it. */
  advance?: { paid: number; price: number };
}

/** What can be foreseen of one trade alone: not what somebody agrees to by it. */
export type ForeseenMove = Exclude<MoveBody, { do: "approve" | "revise" }>;

export interface TradeCalls<Where extends Checked> {
  readonly checked: Where;
  /** Proposes a trade; reserves it at once where the buyer has agreed. */
  propose(actor: Actor, body: Propose, key?: string): Promise<Outcome<TradeView>>;
  /** Moves a trade. `number` is as people write it; a wrong check digit is told apart from a number nobody has. */
  move(actor: Actor, number: string, body: MoveBody, key?: string): Promise<Outcome<TradeView>>;
  /**
   * A limit of this server keeps buyer or recipient from acting, for so long (ISO 8601, an hour unless told). Where a clock
   * runs against them it is prolonged, once.
   */
  hindered(number: string, who: "buyer" | "recipient", length?: string): Promise<void>;
  /** The trade as the actor may see it; undefined where it is not theirs. */
  read(actor: Actor, number: string): Promise<TradeView | undefined>;
  /** What a move would come to now, decided as the move itself will be; nothing happens by it. */
  foresee(actor: Actor, number: string, body: ForeseenMove): Promise<Foreseen | Refused>;
  /** How many of each line an operator's decision is about now: what still has a deadline of its own is left out. */
  decidable(actor: Actor, number: string): Promise<LineQuantity[]>;
  /** Who buys, by the id of the person; undefined where nobody does yet. */
  buyerOf(number: string): Promise<string | undefined>;
  /** The guest whom a trade is for, while they are known; undefined for any other trade. */
  guestOf(number: string): Promise<string | undefined>;
  /** What the shop has said of its guest, to fill the form with, as long as nobody has approved. */
  guestForm(number: string): Promise<Hint | undefined>;
  /** The record in order, after the event numbered `after`. */
  events(
    actor: Actor,
    number: string,
    page?: { limit: number; after?: number | undefined },
  ): Promise<Page<TradeEventView> | undefined>;
  /** The events that the actor may see, one or all so far, with proofs that hold without this server. */
  receipt(actor: Actor, number: string, event?: number): Promise<Receipt | Refused>;
  list(actor: Actor, page: PageWish): Promise<Page<TradeView>>;
  /**
   * The trades of the actor that fit, all that was committed before the call among them. Operators say whose they look
   * through.
   */
  search(
    actor: Actor,
    filter: TradeFilter & { shop?: string | undefined },
    page: PageWish,
  ): Promise<Page<TradeView> | Refused>;
  /** A shop's trades that ask the same of it, what ends soon first. */
  toDo(actor: Actor, todo: Todo, page: PageWish): Promise<Page<TradeView> | Refused>;
  /** How many of a shop's trades ask what of it, each counted as far as `todosCounted`. */
  countToDo(actor: Actor): Promise<Record<Todo, number>>;
  /** The events of all trades of a shop, carrier or provider, behind the position of one that was seen. */
  feed(actor: Actor, page: PageWish): Promise<Page<FedEventView> | Refused>;
  /**
   * What a carrier at the door would take with an acceptance of these goods, or of those with which they are there, and where it would
   * be owed; undefined where they have let nobody say so there. Only then, and only at the door, are they told what it costs.
   */
  toTake(actor: Actor, number: string, lines?: LineQuantity[]): Promise<ToTake | Refused | undefined>;
  /** To whom the goods go, for those who bring them and for the buyer, until it is erased. */
  recipient(actor: Actor, number: string): Promise<Omit<Recipient, "trade"> | undefined>;
}
