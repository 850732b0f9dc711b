/** What comes into a batch of trades and who asks, what it reads under locks, and what it has decided so far. */
import type { Act, Decision, Defaults, OperatorAct, Side, Trade } from "../../core/trade/trade.ts";
import type { ActorRole, ProblemCode, Refused, Topology } from "../../core/protocol/protocol.ts";
import type { CollectionView, MoveBody, Propose } from "../../core/protocol/schemas.ts";
import type { GuestForm, MandateRow, MethodRow, PersonRow, Vault } from "../../storage/members/members.ts";
import type { PartyRow, ShopRow, TakenReference } from "../../storage/parties/parties.ts";
import type { AdvanceAccount, AdvanceRules } from "../advances/advances.ts";
import type { StandingFor, StandLimits } from "../credit/credit.ts";
import type { Digest, FirstAnswers } from "../engine/engine.ts";
import { askedBy, type MailUse, type WebhookEndpoint } from "../outbox/outbox.ts";
import type { OpenRail, Rail } from "../rails/rails.ts";
import { type KeptTrade, stepIn } from "./kept-trade.ts";
import type { NewEvents, Recipient, Route } from "./store.ts";

/**
 * Who asks, as the server has established it. `opens`: the one trade whose link this person holds, or which the
 * recipient may see.
 */
export interface Actor {
  kind: "shop" | "carrier" | "provider" | "operator" | "person" | "recipient";
  id: string;
  opens?: string;
  /** The operator who has confirmed what this operator asked for. */
  confirmedBy?: string;
  /** The version of the trade that was confirmed; on another one the act is refused. */
  saw?: number;
  /** In whose place somebody who brings the goods accepts, with the code that those have given. */
  standsFor?: "buyer" | "recipient";
}

/** What an institution says was paid for a trade in all, minor units. */
export interface Notice {
  institution: string;
  currency: string;
  paid: number;
}

/**
 * What comes into a batch. `wake` is the clock's look at one trade; `hindered`: a limit keeps somebody from acting, for so
 * long; `answered` is what
 * another server says of a step that waited for it, with the code where it refused; `awaited`: that it has asked the owner of
 * the account first; `collected`: that so much has been paid there in all; `assign`: a store takes what the head of its chain
 * has made.
 */
export type Request =
  | {
      do: "propose";
      actor: Actor;
      body: Propose;
      key: string | undefined;
      digest: Digest;
    }
  | { do: "move"; actor: Actor; number: bigint; body: MoveBody; key: string | undefined; digest: Digest }
  | { do: "assign"; actor: Actor; number: bigint; head: string; key: undefined; digest: Digest }
  | { do: "wake"; number: bigint }
  | { do: "hindered"; number: bigint; who: "buyer" | "recipient"; for: string }
  | { do: "awaited"; number: bigint; instruction: string }
  | ({ do: "collected"; number: bigint } & Notice)
  | {
      do: "answered";
      number: bigint;
      instruction: string;
      refused: ProblemCode | undefined;
      collection: CollectionWord | undefined;
    };

/** What somebody asks who is told what it came to. */
export type Asked = Extract<Request, { actor: Actor }>;

/** What an institution says of a collection: what is due in all as it knows it, and what of that was paid. */
export type CollectionWord = Pick<CollectionView, "amount" | "paid" | "version" | "payableFrom" | "taken">;

/** What a server tells the engine about itself; the engine does not know which server it runs in. */
export interface Rules {
  topology: Topology;
  /** Where the money is, and how it is moved. */
  rail: Rail;
  /** Seals what is known of recipients. */
  vault: Vault;
  defaults: Defaults;
  /** IANA name of the zone whose days the dates in requests are. */
  timeZone: string;
  feeAccount: (currency: string) => string;
  /** How shops are paid early; without it none is. */
  advances?: AdvanceRules | undefined;
  /** How much this server stands for; without it nothing is limited, since it stands for nobody. */
  limits?: StandLimits | undefined;
  /** What becomes of mails; without it none is queued, and silence counts against everybody. */
  mails?: MailUse | undefined;
  /** The address at which the buyer of a trade can approve it. */
  approveUrl: (number: string) => string;
}

/** What a batch knows of shops that are paid early, and what it has changed. */
export interface EarlyPayments {
  rules: AdvanceRules;
  /** By shop and currency; only of those whom it may concern. */
  accounts: Map<string, AdvanceAccount>;
  used: Set<string>;
}

/** What may be frozen for a shop, and what is in trades that the batch does not hold; minor units by currency. */
export interface LimitedShop {
  limits: Readonly<Record<string, number>>;
  elsewhere: Map<string, bigint>;
}

/** The events of one step, with the trade before it and after it; undefined where the step made the trade. */
export interface StepEvents extends NewEvents {
  before: Trade | undefined;
  next: KeptTrade;
}

/** All that a batch knows, locked and read, and all that it has decided so far. */
export interface World {
  now: Date;
  trades: Map<bigint, KeptTrade>;
  shops: Map<string, ShopRow>;
  parties: Map<string, PartyRow>;
  people: Map<string, PersonRow>;
  /** The same people by member number; guests have none. */
  members: Map<bigint, PersonRow>;
  /** Methods by the person whose they are, oldest first. */
  methods: Map<string, MethodRow[]>;
  mandates: Map<string, MandateRow>;
  /** Shops for which only so much may be frozen; only of those for which the batch may freeze something. */
  limited: Map<string, LimitedShop>;
  /** Undefined at a server that stands for nobody. */
  standing?: StandingFor | undefined;
  /** Undefined at a server that pays no shop early. */
  advances: EarlyPayments | undefined;
  rail: OpenRail;
  answers: FirstAnswers;
  newId: () => string;
  newNumber: () => bigint;
  inserted: Set<bigint>;
  updated: Set<bigint>;
  /** Of those updated, the ones in which something was agreed anew. */
  agreed: Set<bigint>;
  events: StepEvents[];
  recipients: Recipient[];
  guestForms: GuestForm[];
  /** Trades that nobody has to answer any more: what was said of their buyers is erased. */
  answeredTrades: Set<string>;
  routes: Route[];
  /** References that are taken, of shops that use each once: by shop and reference, the number of the trade that has it. */
  references: Map<string, bigint>;
  takenReferences: TakenReference[];
  usedMandates: Set<string>;
  answered: Set<string>;
  /** Trades that have or had a dispute in this batch, and whether they had it before. */
  disputed: Map<bigint, boolean>;
  /** Who wants to be told by a webhook of what happens to these trades. */
  endpoints: WebhookEndpoint[];
  mails: MailUse | undefined;
  /** When who was told of what they have to act on, of trades whose deadline has come. Without a row, both were long ago. */
  told: Map<bigint, Record<Side, Date | null>>;
  forgottenPeople: Set<string>;
  forgottenTrades: Set<string>;
}

/** By what a world knows a reference of a shop. */
export const referenceKey = (shop: string, reference: string): string => `${shop} ${reference}`;

/**
 * A trade, or a refusal which may concern a trade that stands. `waits`: the step waits for another server, the trade is
 * as it stands meanwhile, and `status` is for the case that all goes well.
 */
export type Result =
  | { status: number; trade: KeptTrade; role: ActorRole; waits?: boolean }
  | (Refused & { trade?: bigint });

/** Who acts, at the batch's instant, with a fresh id for what the act makes. */
export function actOf(world: World, role: ActorRole, actor: Actor, operator?: OperatorAct): Act {
  const { id, confirmedBy } = actor;
  const named = operator === undefined || confirmedBy === undefined ? operator : { ...operator, confirmedBy };
  return { role, actor: id, now: world.now, id: world.newId(), operator: named, standsFor: actor.standsFor };
}

/** Changes how much of a mandate is used; a mandate that has gone has nothing to get back. */
export function changeRoom(world: World, id: string, amount: bigint): void {
  const mandate = world.mandates.get(id);
  if (mandate === undefined) return;
  const used = mandate.used + amount;
  mandate.used = used < 0n ? 0n : used;
  world.usedMandates.add(id);
}

function isAgreedAnew(before: Trade, next: Trade): boolean {
  return (
    before.terms !== next.terms ||
    before.hold !== next.hold ||
    before.method !== next.method ||
    before.mandate !== next.mandate ||
    before.approveBy !== next.approveBy ||
    before.paymentDate !== next.paymentDate
  );
}

/**
 * Keeps what a step comes to, with its events in one row of the record. `next` is the step's own, so it is kept without
 * being copied; nothing waits any more.
 */
export function keep(
  world: World,
  before: KeptTrade | undefined,
  next: Trade,
  decisions: readonly Pick<Decision, "events">[],
  act: Act,
): KeptTrade {
  const kept: KeptTrade =
    "pending" in next ? Object.assign(next, { pending: null }) : { pending: null, ...next };
  world.trades.set(next.number, kept);
  if (before === undefined) world.inserted.add(next.number);
  else world.updated.add(next.number);
  if (before !== undefined && isAgreedAnew(before, next)) world.agreed.add(next.number);
  noteDispute(world, before, next);
  if (next.terms.personal && !isUnanswered(next) && (before === undefined || isUnanswered(before)))
    world.answeredTrades.add(next.id);
  const events = decisions.flatMap((decision) => decision.events);
  if (events.length > 0) {
    const row = rowOf(before, kept, events, act);
    world.events.push(row);
    noteAsked(world, row);
  }
  return kept;
}

/** Whom a step of this batch asks something has not been told yet, unless a mail that is kept tells it now. */
function noteAsked({ told, mails, now }: World, row: NewEvents): void {
  const sides = told.get(row.number);
  if (sides === undefined) return;
  const at = mails === "kept" ? now : null;
  for (const reader of askedBy(toldEvents(row), row.role)) if (reader !== "recipient") sides[reader] = at;
}

/** A row of the record as single events. */
export function toldEvents({ types, data }: NewEvents): { type: string; data: Record<string, unknown> }[] {
  return types.map((type, index) => ({ type, data: data[index] ?? {} }));
}

/** Whether it waits for somebody to become its buyer, whose form what the shop has said may fill. */
export function isUnanswered({ state, buyer }: Trade): boolean {
  return buyer === null && (state === "proposed" || state === "refused");
}

function noteDispute({ disputed }: World, before: Trade | undefined, next: Trade): void {
  const had = before !== undefined && before.progress.disputed !== null;
  if ((had || next.progress.disputed !== null) && !disputed.has(next.number)) disputed.set(next.number, had);
}

/** Keeps a change that is no step of the trade and so stands in no event. */
export function keepQuietly(world: World, next: KeptTrade): KeptTrade {
  world.trades.set(next.number, next);
  world.updated.add(next.number);
  return next;
}

function rowOf(before: Trade | undefined, next: KeptTrade, events: Decision["events"], act: Act): StepEvents {
  const data = events.map(({ data: each = {} }) => each);
  if (act.operator !== undefined) data[0] = { ...data[0], operator: act.operator };
  return {
    number: next.number,
    trade: next.id,
    seq: (before?.version ?? 0) + 1,
    types: events.map(({ type }) => type),
    at: act.now,
    role: act.role,
    actor: act.actor,
    data,
    before,
    next,
  };
}

/**
 * The shop of a trade and where it is paid, once the step that waits is done: a store that takes an order becomes the shop
 * with the answer, and what comes next in the same batch is about the store.
 */
export function payeeAfter({ shop, terms, pending }: KeptTrade): { shop: string; shopAccount: string } {
  const changes = (stepIn(pending)?.done.changes ?? {}) as Partial<Pick<Trade, "shop" | "terms">>;
  return { shop: changes.shop ?? shop, shopAccount: (changes.terms ?? terms).shopAccount };
}

/** The shops of these trades, and stores that become one with an answer. */
export function shopsOf(trades: readonly KeptTrade[]): string[] {
  return [...new Set(trades.flatMap((trade) => [trade.shop, payeeAfter(trade).shop]))];
}
