/** Decides one command on one trade: the table says whether it is allowed, the move says what it changes. */
import { type ActorRole, isRefused, type ProblemCode, type Refused } from "../protocol/protocol.ts";
import type {
  Accept,
  AtDoor,
  Cancel,
  Deliver,
  Dispute,
  Extend,
  Refund,
  Reject,
  Resolve,
  Return,
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
import { expire, extend, nextDeadline, payDue } from "./deadlines.ts";
import { dispute, resolve } from "./disputes.ts";
import { accept, atDoor, autoAccept, deliver, reject, takeBack } from "./goods.ts";
import type { Act, Decision } from "./decision.ts";
import { refund } from "./refunds.ts";
import type { Trade } from "./trade.ts";
import { hasEnded, type Move, transitions } from "./transitions.ts";

/** What can be asked of a trade. The engine has replaced names, such as a mandate's id, by what they stand for. */
export type Command =
  | ({ do: "reserve" } & ReserveCommand)
  | { do: "refuse"; code: ProblemCode; method: string | null; mandate: string | null }
  | ({ do: "revise" } & Revision)
  | ({ do: "deliver" } & Deliver)
  | ({ do: "at-door" } & AtDoor)
  | ({ do: "accept" } & Accept)
  | ({ do: "reject" } & Reject)
  | ({ do: "return" } & Return)
  | ({ do: "dispute" } & Dispute)
  | ({ do: "resolve" } & Resolve)
  | ({ do: "cancel" } & Cancel)
  | ({ do: "extend" } & Extend)
  | ({ do: "refund" } & Refund)
  | ({ do: "advance" } & AdvanceCommand)
  | ({ do: "assign" } & Assignment)
  | { do: "expire" }
  | { do: "autoAccept" }
  | { do: "pay" };

const anyone: readonly ActorRole[] = ["buyer", "recipient", "carrier", "provider", "shop", "operator"];

/** Who may make which move. Accepting and rejecting are for the acceptors of the trade, whom the move knows. */
export const mayMove: Record<Move, readonly ActorRole[]> = {
  reserve: ["buyer", "operator", "shop"],
  refuse: ["clock"],
  revise: ["shop", "buyer", "operator"],
  deliver: ["shop", "carrier", "provider", "operator"],
  "at-door": ["carrier", "provider"],
  accept: anyone,
  reject: anyone,
  return: ["shop", "carrier", "operator"],
  dispute: ["buyer", "shop", "operator"],
  resolve: ["operator"],
  cancel: ["buyer", "shop", "operator"],
  extend: ["buyer", "shop", "operator"],
  expire: ["clock"],
  autoAccept: ["clock"],
  pay: ["clock"],
  refund: ["shop", "operator", "buyer"],
  advance: ["shop", "operator"],
  assign: ["shop"],
};

/**
 * Decides one command on one trade: a refusal, or the next trade with its effects. Pure: no I/O, no clock, no random. The
 * table says first whether the move is allowed, and last whether the new state is one that the move may lead to.
 */
export function decide(trade: Trade, command: Command, act: Act): Refused | Decision {
  if (!mayMove[command.do].includes(act.role)) return { refused: "not_allowed" };
  const cell = transitions[trade.state][command.do];
  if (typeof cell === "string") return { refused: cell, detail: `The trade is ${trade.state}.` };
  // A rejected trade waits for its goods only while money is frozen for them.
  if (trade.state === "rejected" && hasEnded(trade.state, trade.frozen) && command.do !== "refund") {
    return { refused: command.do === "return" ? "nothing_to_return" : "already_rejected" };
  }
  const result = move(trade, command, act);
  if (isRefused(result)) return result;
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

function move(trade: Trade, command: Command, act: Act): Refused | Decision {
  switch (command.do) {
    case "reserve":
      return reserve(trade, command, act, act.id);
    case "refuse":
      return refuse(trade, command.code, command);
    case "revise":
      return revise(trade, command, act);
    case "deliver":
      return deliver(trade, command, act);
    case "at-door":
      return atDoor(trade, command);
    case "accept":
      return accept(trade, command, act);
    case "reject":
      return reject(trade, command, act);
    case "return":
      return takeBack(trade, command, act);
    case "dispute":
      return dispute(trade, command, act);
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
  }
}

/** Does what every step needs: numbers the version, sets the time, and sets when the clock looks at the trade again. */
export function finish(before: Trade | undefined, decision: Decision, act: Act): Decision {
  const { next, events } = decision;
  next.version = (before?.version ?? 0) + events.length;
  next.updatedAt = act.now;
  if (next.hold !== null && next.amount !== next.frozen + next.settled + next.released) {
    throw new Error(`Trade ${next.number} does not add up after ${events.map(({ type }) => type).join()}.`);
  }
  const deadline = nextDeadline(next);
  // A look that comes too early is cheap; moving it would touch an index at every step.
  if (deadline !== undefined && (next.wakeAt === null || deadline.at < next.wakeAt))
    next.wakeAt = deadline.at;
  return decision;
}
