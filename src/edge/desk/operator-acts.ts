/**
 * What holds for operators who act on trades for people by phone, FAX, letter and at the counter (paragraphs 0080, 0093):
 * they say how the person proved who they are, and what moves money beyond what one operator may move alone is looked at by
 * a second one before it is done. It stands before the trades, for programs and pages alike.
 */
import { notDone, type Outcome } from "../../engines/engine/engine.ts";
import { type Database, uuidv7 } from "../../storage/database/database.ts";
import {
  type AcceptorRole,
  type Problem,
  problem,
  refuse,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { totalOf } from "../../core/trade/trade.ts";
import type { Approve, MoveBody, Propose } from "../../core/protocol/schemas.ts";
import type { Actor, TradeCalls } from "../../engines/trades/trades.ts";
import {
  type ActName,
  type Confirming,
  type KeptAct,
  mayMoveAlone,
  moveActs,
  takes,
  unspoken,
} from "../operators/operators.ts";

export interface Desk {
  /** The trades, with what holds for operators before them. */
  trades: TradeCalls<"desk">;
}

interface Room {
  database: Database;
  trades: TradeCalls<"doorstep">;
  confirming: Confirming;
}

export function openDesk(room: Room): Desk {
  const { trades, confirming } = room;
  confirming.doneBy(moveActs, {
    perform: (act, confirmedBy) => perform(trades, act, confirmedBy),
    changed: (act) => changed(trades, act),
  });
  return {
    trades: {
      ...trades,
      checked: "desk",
      propose: (actor, body, key) =>
        actor.kind === "operator" ? propose(room, actor, body, key) : trades.propose(actor, body, key),
      move: (actor, number, body, key) =>
        actor.kind === "operator"
          ? act(room, actor, number, body, key)
          : trades.move(actor, number, body, key),
    },
  };
}

/**
 * An order that an operator takes. It holds what is personal, and so it does not wait for a second operator: what one may not
 * do alone is proposed without consent, and the approval is what waits. Under a mandate nobody but the shop proposes: its
 * owner has agreed to nothing that an operator says.
 */
async function propose(
  { database, trades, confirming: { rules } }: Room,
  actor: Actor,
  body: Propose,
  key: string | undefined,
): Promise<Outcome<TradeView>> {
  const { approval } = body;
  const inTwoSteps = problem(
    "four_eyes_required",
    "Propose it without `approval`, then approve it: a second operator confirms the approval.",
  );
  if (approval === undefined) return trades.propose(actor, body, key);
  if ("mandate" in approval)
    return rules.fourEyes === "off" ? trades.propose(actor, body, key) : notDone(inTwoSteps);
  const refused = unspoken(rules, "trade.approve", approval.operator, "/approval/operator");
  if (refused !== undefined) return notDone(refused);
  if (rules.fourEyes === "off") return trades.propose(actor, body, key);
  const { amount = worthOf(body.lines ?? []), currency, shop } = body;
  // What cannot be seen here is looked at by two.
  if (body.private === true || shop === undefined || amount <= 0) return notDone(inTwoSteps);
  if (entrusts(body.acceptance?.by ?? [])) return notDone(inTwoSteps);
  const alone = await mayMoveAlone(database, rules, {
    operator: actor.id,
    beneficiary: shop,
    // The number is not known before; the same order sent again with its key is the same subject.
    subject: key === undefined ? uuidv7() : `order ${key}`,
    act: "trade.propose",
    currency,
    amount: BigInt(amount),
  });
  return alone ? trades.propose(actor, body, key) : notDone(inTwoSteps);
}

function worthOf(lines: NonNullable<Propose["lines"]>): number {
  return Number(totalOf(lines));
}

/** Whose money grows by an act: the shop's, but for those that give the buyer something back. */
const toBuyer: ReadonlySet<MoveBody["do"]> = new Set([
  "return",
  "withdraw",
  "send-back",
  "refund",
  "cancel",
  "release",
]);

function beneficiaryOf({ shop, buyer, number }: TradeView, { do: name }: MoveBody): string {
  if (!toBuyer.has(name)) return shop ?? number;
  return buyer !== null && buyer !== undefined && "member" in buyer ? buyer.member : `buyer of ${number}`;
}

/** The whole of the trade counts, however small a part the act is of: many small acts are not a way round. */
function worth(trade: TradeView, body: MoveBody): bigint | undefined {
  if (trade.amount == null || trade.currency === undefined) return undefined;
  return BigInt(Math.max(trade.amount, wished(trade, body)));
}

/** What a trade comes to by an act, which is what a second operator reads: the sum of other terms, where it is about them. */
function comesTo(trade: TradeView, body: MoveBody): bigint | undefined {
  if (trade.amount == null || trade.currency === undefined) return undefined;
  return BigInt(wished(trade, body) || trade.amount);
}

/** What a trade would come to by a revision, or by agreeing to what the shop has asked for; 0 where an act asks for no other sum. */
function wished({ revisionAsked }: TradeView, body: MoveBody): number {
  if (body.do === "approve") return revisionAsked?.amount ?? 0;
  return body.do === "revise" ? (body.amount ?? (body.lines && worthOf(body.lines)) ?? 0) : 0;
}

const agreeing: ReadonlySet<MoveBody["do"]> = new Set(["approve", "revise"]);

/** Goods that have left are given up for the shop; what has not left is taken from nobody. */
const hasLeft = ({ lines }: TradeView): boolean =>
  lines.some(({ shipped, delivered }) => shipped + delivered > 0);

/** An operator who brings a carrier's or a provider's word is believed as they are. */
const isSeen = (body: MoveBody): boolean =>
  (body.do === "ship" || body.do === "deliver" || body.do === "send-back" || body.do === "return") &&
  (body.operator?.as === "carrier" || body.operator?.as === "provider");

/** Whether somebody else than the buyer's side may accept. */
const entrusts = (by: readonly AcceptorRole[]): boolean =>
  by.some((role) => role !== "buyer" && role !== "recipient");

/** Who accepts once the buyer has agreed: the shop only where they name it, or had named it before the shop asked for other terms. */
const acceptorsOf = (
  { acceptance, revisionAsked }: TradeView,
  { acceptors }: Approve,
): readonly AcceptorRole[] =>
  acceptors ?? acceptance.by.filter((role) => role !== "shop" || revisionAsked != null);

function actOf(trade: TradeView, body: MoveBody): ActName {
  if (body.do === "cancel" && hasLeft(trade)) return "trade.give-up";
  if (isSeen(body)) return "trade.see";
  if (body.do === "approve" && entrusts(acceptorsOf(trade, body))) return "trade.entrust";
  return `trade.${body.do}`;
}

/** Whether one operator may do this to the trade, and has not agreed to it for the buyer as well. */
async function isForOne(
  { database, trades, confirming: { rules } }: Room,
  actor: Actor,
  trade: TradeView,
  body: MoveBody,
): Promise<boolean> {
  const name = actOf(trade, body);
  if (rules.fourEyes === "off" || takes(name) === "one") return true;
  if (takes(name) === "two") return false;
  if (body.do === "revise" && body.approval !== undefined) return false;
  const amount = worth(trade, body);
  if (amount === undefined || trade.currency === undefined) return false;
  if (!agreeing.has(body.do) && (await hasAgreed(trades, actor, trade.number))) return false;
  return mayMoveAlone(database, rules, {
    operator: actor.id,
    beneficiary: beneficiaryOf(trade, body),
    subject: trade.number,
    act: name,
    currency: trade.currency,
    amount,
  });
}

/** By which events somebody has agreed to a trade, or to the order in one that was reserved ahead. */
const agreed: ReadonlySet<string> = new Set(["trade.reserved", "trade.order_seen"]);

/** Whether this operator has agreed to the trade in the buyer's name: then somebody else says that the goods were right. */
async function hasAgreed(trades: TradeCalls<"doorstep">, actor: Actor, number: string): Promise<boolean> {
  const record = await trades.events(actor, number, { limit: 1000 });
  return (record?.items ?? []).some(
    ({ type, actor: by }) => agreed.has(type) && by.role === "operator" && by.id === actor.id,
  );
}

async function act(
  room: Room,
  actor: Actor,
  number: string,
  body: MoveBody,
  key: string | undefined,
): Promise<Outcome<TradeView>> {
  const { trades, confirming } = room;
  const refused = unspoken(confirming.rules, `trade.${body.do}`, body.operator);
  if (refused !== undefined) return notDone(refused);
  const trade = await trades.read(actor, number);
  // What was asked for under this key and waits, or was confirmed, is not another act because it is another day.
  const waited = key !== undefined && (await confirming.hasKept(actor.id, key));
  if (trade === undefined || (!waited && (await isForOne(room, actor, trade, body))))
    return trades.move(actor, number, body, key);
  const amount = comesTo(trade, body);
  const kept = await confirming.keep(actOf(trade, body), {
    operator: actor.id,
    key,
    subject: number,
    body: { ...body },
    version: trade.version,
    trade: BigInt(number),
    ...(trade.currency === undefined ? {} : { currency: trade.currency }),
    ...(amount === undefined ? {} : { amount }),
  });
  return kept as Outcome<TradeView>;
}

/** Under both names, and once: the engine keeps the answer under the id of the act. */
function perform(
  trades: TradeCalls<"doorstep">,
  { id, operator, subject, version, body }: KeptAct,
  confirmedBy: string,
): Promise<Outcome<TradeView>> {
  const saw = version === null ? {} : { saw: version };
  const actor: Actor = { kind: "operator", id: operator, confirmedBy, ...saw };
  return trades.move(actor, subject ?? refuse("not_found"), body as unknown as MoveBody, id);
}

async function changed(
  trades: TradeCalls<"doorstep">,
  { operator, subject, version }: KeptAct,
): Promise<Problem | undefined> {
  if (subject === null) return problem("not_found");
  const trade = await trades.read({ kind: "operator", id: operator }, subject);
  if (trade?.version === version) return undefined;
  return problem("trade_changed", undefined, { trade: subject });
}
