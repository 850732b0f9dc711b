/** Decides one command on one trade: the table says whether it is allowed, the move says what it changes. */
import {
  type Act,
  type Decision,
  fallDue,
  type Happening,
  heldOf,
  type LineQuantity,
  numbered,
  passOver,
  payBack,
  stopClocks,
  type Terms,
  type Trade,
} from "../trade/trade.ts";
import { type ActorRole, isRefused, type ProblemCode, type Refused } from "../protocol/protocol.ts";
import type {
  Accept,
  AcceptOffer,
  AnswerDispute,
  AtDoor,
  Cancel,
  Deliver,
  Dispute,
  Extend,
  MoveBody,
  Offer,
  Refund,
  Reject,
  Resolve,
  Return,
  Say,
  SendBack,
  Ship,
  Withdraw,
} from "../protocol/schemas.ts";
import { advance, type AdvanceCommand, recourse, redirect } from "./advance.ts";
import {
  assign,
  type Assignment,
  cancel,
  refuse,
  reserve,
  type ReserveCommand,
  revise,
  type Revision,
} from "./agreement.ts";
import { type NewOrder, orderInstead, placed, seeOrder } from "../earmarks/earmarks.ts";
import { heldUp, type HeldUp } from "./held-up.ts";
import { accept, autoAccept, reject } from "./acceptance.ts";
import { expire, extend, hinder, type Hindrance, nextDeadline, payDue, remind } from "./deadlines.ts";
import { type Collected, moveGuarantee } from "../guarantees/guarantees.ts";
import { argue, rememberSpeaker } from "./disputes.ts";
import { acceptOffer, offer } from "./offers.ts";
import { notInspected, notSentBack, repay, sendBack, takeBack } from "./returns.ts";
import { refund, withdraw } from "./withdrawals.ts";
import { atDoor, deliver, ship } from "./shipping.ts";
import { hasEnded, type Move, transitions } from "./transitions.ts";
import { notAnswered, notDecided, resolve } from "./verdict.ts";

/** What can be asked of a trade. The engine has replaced names, such as a mandate's id, by what they stand for. */
export type Command =
  | ({ do: "reserve" } & ReserveCommand)
  | { do: "refuse"; code: ProblemCode; method: string | null; mandate: string | null }
  | ({ do: "revise" } & Revision & {
        /** The lines are the order that an earmark has waited for. */
        order?: NewOrder | undefined;
        /** The buyer says that such an order is theirs. */
        seen?: true | undefined;
      })
  | ({ do: "ship" } & Ship)
  | ({ do: "deliver" } & Deliver)
  | ({ do: "at-door" } & AtDoor)
  | ({ do: "accept" } & Accept)
  | ({ do: "reject" } & Reject)
  | ({ do: "send-back" } & SendBack)
  | ({ do: "return" } & Return)
  | ({ do: "withdraw" } & Withdraw)
  | ({ do: "dispute" } & Dispute)
  | ({ do: "answer" } & AnswerDispute)
  | ({ do: "say" } & Say)
  | ({ do: "offer" } & Offer)
  | ({ do: "offer/accept" } & AcceptOffer)
  | ({ do: "resolve" } & Resolve)
  | ({ do: "cancel" } & Cancel)
  | ({ do: "extend" } & Extend)
  | ({ do: "refund" } & Refund)
  | ({ do: "advance" } & AdvanceCommand)
  | ({ do: "assign" } & Assignment)
  | ({ do: "hinder" } & (Hindrance | HeldUp))
  | ({ do: "collect" } & Collected)
  | { do: "release" }
  | { do: "claim" }
  | { do: Exclude<ClockMove, "release" | "claim"> };

/** A move as the machine takes it: its lines by their numbers, where the caller has said what the shop calls them. */
export function commandOf(
  { terms }: Trade,
  body: Exclude<MoveBody, { do: "approve" | "revise" | "advance" }>,
): Refused | Command {
  const named = "lines" in body ? body.lines : undefined;
  const isNumbered = named?.every(({ line, id }) => line !== undefined && id === undefined) ?? true;
  if (named === undefined || isNumbered) return body as Command;
  const lines = numbered(terms.lines, named);
  return isRefused(lines) ? lines : ({ ...body, lines } as Command);
}

/** What a deadline does that has come. */
export type ClockMove = Exclude<ReturnType<typeof nextDeadline>, undefined>["move"] & Move;

const anyone: readonly ActorRole[] = ["buyer", "recipient", "carrier", "provider", "shop", "operator"];

/** Who may make which move. Accepting and rejecting are for the acceptors of the trade, whom the move knows. */
export const mayMove: Record<Move, readonly ActorRole[]> = {
  reserve: ["buyer", "operator", "shop"],
  refuse: ["clock"],
  revise: ["shop", "buyer", "operator"],
  ship: ["shop", "carrier", "operator"],
  deliver: anyone,
  "at-door": ["carrier", "provider"],
  accept: anyone,
  reject: anyone,
  "send-back": ["buyer", "recipient", "carrier", "operator"],
  return: ["shop", "carrier", "operator"],
  withdraw: ["buyer", "operator"],
  dispute: ["buyer", "shop", "operator"],
  answer: ["buyer", "shop", "operator"],
  say: ["buyer", "shop", "operator"],
  offer: ["buyer", "shop", "operator"],
  "offer/accept": ["buyer", "shop", "operator"],
  resolve: ["operator"],
  cancel: ["buyer", "shop", "operator"],
  extend: ["buyer", "shop", "operator"],
  expire: ["clock"],
  autoAccept: ["clock"],
  pay: ["clock"],
  refund: ["shop", "operator"],
  advance: ["shop", "operator"],
  assign: ["shop"],
  "not-sent-back": ["clock"],
  "not-inspected": ["clock"],
  "not-answered": ["clock"],
  "not-decided": ["clock"],
  remind: ["clock"],
  hinder: ["clock"],
  repay: ["clock"],
  collect: ["collector"],
  release: ["shop", "operator", "clock"],
  claim: ["shop", "operator", "clock"],
};

/**
 * Decides one command on one trade: a refusal, or the next trade with its effects. Pure: no I/O, no clock, no random. The
 * table says first whether the move is allowed, and last whether the new state is one that the move may lead to.
 */
export function decide(trade: Trade, command: Command, act: Act): Refused | Decision {
  if (!mayMove[command.do].includes(act.role)) return { refused: "not_allowed" };
  const cell = transitions[trade.state][command.do];
  if (typeof cell === "string") return { refused: cell, detail: `The trade is ${trade.state}.` };
  // A rejected trade waits for its goods only while they are open.
  if (trade.state === "rejected" && hasEnded(trade) && !isAfterwards(command.do)) {
    return { refused: command.do === "return" ? "nothing_to_return" : "already_rejected" };
  }
  const early = orderInstead(trade, command.do, act);
  if (early !== undefined) return early;
  const result = move(trade, command, act);
  if (isRefused(result)) return result;
  fallDue(trade, result, act.now);
  payBack(result, act);
  stopClocks(result.next);
  if (command.do !== "resolve") rememberSpeaker(result.next, act);
  if (!cell.includes(result.next.state)) {
    throw new Error(
      `${command.do} led from ${trade.state} to ${result.next.state}, which the table does not allow.`,
    );
  }
  if (act.debt !== undefined || result.next.progress.advance !== undefined) {
    redirect(result, act.debt);
    recourse(result);
  }
  return finish(trade, result, act);
}

/** Moves that are about money that was paid, or a record of it. */
const isAfterwards = (move: Move): boolean => move === "refund" || move === "repay";

function move(trade: Trade, command: Command, act: Act): Refused | Decision {
  switch (command.do) {
    case "reserve":
      return reserve(trade, command, act, act.id);
    case "refuse":
      return refuse(trade, command.code, command);
    case "revise":
      return revised(trade, command, act);
    case "ship":
      return ship(trade, command, act);
    case "deliver":
      return deliver(trade, command, act);
    case "at-door":
      return atDoor(trade, command, act);
    case "accept":
      return accept(trade, command, act);
    case "reject":
      return reject(trade, command, act);
    case "send-back":
      return sendBack(trade, command, act);
    case "return":
      return takeBack(trade, command, act);
    case "withdraw":
      return withdraw(trade, command, act);
    case "dispute":
    case "answer":
    case "say":
      return argue(trade, command, act);
    case "offer":
      return offer(trade, command, act);
    case "offer/accept":
      return acceptOffer(trade, command, act);
    case "resolve":
      return resolve(trade, command, act);
    case "cancel":
      return cancel(trade, command, act);
    case "extend":
      return extend(trade, command, act);
    case "refund":
      return refund(trade, command, act);
    case "advance":
      return advance(trade, command);
    case "assign":
      return assign(trade, command);
    case "expire":
      return expire(trade, act);
    case "autoAccept":
      return autoAccept(trade, act);
    case "pay":
      return payDue(trade, act);
    case "not-sent-back":
      return notSentBack(trade, act);
    case "not-inspected":
      return notInspected(trade, act);
    case "not-answered":
      return notAnswered(trade, act);
    case "not-decided":
      return notDecided(trade, act);
    case "remind":
      return remind(trade, act);
    case "hinder":
      return command.who === "holder" ? heldUp(trade, command, act) : hinder(trade, command, act);
    case "repay":
      return repay(trade, act);
    case "collect":
    case "release":
    case "claim":
      return moveGuarantee(trade, command, act);
  }
}

function revised(trade: Trade, command: Command & { do: "revise" }, act: Act): Refused | Decision {
  if (command.seen === true) return seeOrder(trade, act);
  const decision = revise(trade, command, act);
  return isRefused(decision) ? decision : placed(trade, decision, command.order, act);
}

/** Says what the shop calls the lines that an event is about, beside their numbers. */
function nameLines(event: Happening, { terms }: Trade): void {
  for (const [name, value] of Object.entries(event.data ?? {}))
    if (Array.isArray(value) && value.every(isLineQuantity))
      event.data = { ...event.data, [name]: value.map((part) => ({ ...part, ...idOf(terms, part) })) };
}

const isLineQuantity = (part: unknown): part is LineQuantity =>
  typeof part === "object" && part !== null && "line" in part && "quantity" in part;

function idOf({ lines }: Terms, { line }: LineQuantity): { id?: string } {
  const id = lines[line - 1]?.id;
  return id === undefined ? {} : { id };
}

/** Does what every step needs: numbers the version, sets the time, and sets when the clock looks at the trade again. */
export function finish(before: Trade | undefined, decision: Decision, act: Act): Decision {
  const { next, events, effects } = decision;
  next.version = (before?.version ?? 0) + events.length;
  if (events.length > 0) next.updatedAt = act.now;
  if (next.hold !== null && next.amount !== next.frozen + next.settled + next.released) {
    throw new Error(`Trade ${next.number} does not add up after ${events.map(({ type }) => type).join()}.`);
  }
  // A step that pays or gives back all that was frozen leaves nothing whose time could be moved.
  const extension = heldOf(next) === 0n ? effects.findIndex((effect) => effect.do === "extend") : -1;
  if (extension >= 0) effects.splice(extension, 1);
  if (next.terms.lines.some(({ id }) => id !== undefined)) for (const event of events) nameLines(event, next);
  const { remindedAt } = next.progress;
  if (remindedAt === before?.progress.remindedAt) passOver(before, next, act.now);
  const deadline = nextDeadline(next);
  // A look that comes too early is cheap; moving it would touch an index at every step.
  if (deadline !== undefined && (next.wakeAt === null || deadline.at < next.wakeAt))
    next.wakeAt = deadline.at;
  return decision;
}
