/** A payment that waited for the owner of the account: meanwhile nobody could do anything else with the trade. */
import {
  type Act,
  clockOf,
  decided,
  type Decision,
  draftOf,
  keepFrozenUntil,
  type Trade,
  giveUpOwed,
  owed,
  settleUp,
} from "../trade/trade.ts";
import type { Refused } from "../protocol/protocol.ts";
import { openDispute } from "./disputes.ts";

/** How a step was held up: the owner of the buyer's account was asked. */
export interface HeldUp {
  who: "holder";
  /** When the step began to wait, RFC 3339. */
  since: string;
  /** The buyer's side made the step itself. */
  own: boolean;
  /** The owner objected, and it is not paid for good, although a clock says that it is due. */
  refused: boolean;
  /** What is refused was owed already, and nothing else was to be paid: then it goes back in a dispute, too. */
  onlyOwed?: boolean;
}

/**
 * All that ran against somebody while the trade stood still gets the time of the wait back, whatever would have come due in it:
 * for the shop and for what describes the world each time, for the buyer who made the step themselves once in a trade, so that
 * nobody lengthens their own time piece by piece.
 */
export function heldUp(
  trade: Trade,
  { since, own, refused, onlyOwed }: HeldUp,
  act: Act,
): Refused | Decision {
  const next = draftOf(trade);
  const decision = decided(next);
  const waited = { from: new Date(since), to: act.now };
  const spared = own && next.progress.hindered?.includes("holder") === true;
  giveTimeBack(decision, waited, spared);
  if (own && !spared && decision.events.length > 0)
    next.progress.hindered = [...(next.progress.hindered ?? []), "holder"];
  if (refused && (next.state !== "disputed" || onlyOwed === true)) notPaid(decision, act);
  if (decision.events.length > 0) return decision;
  return { refused: "extension_refused", detail: "No clock ran." };
}

/**
 * What was accepted and is refused on its payment date goes back to the payer: nobody here can pay it any more. Where a clock was
 * about to accept, nothing is accepted, and it becomes a dispute.
 */
function notPaid(decision: Decision, act: Act): void {
  const { next, events } = decision;
  const amount = owed(next);
  if (amount > 0n) {
    events.push({ type: "trade.unpaid", data: { by: "clock", amount: Number(amount) } });
    giveUpOwed(decision);
    settleUp(decision, act);
  } else if (
    next.progress.disputed === null &&
    next.frozen > 0n &&
    next.state !== "reserved" &&
    next.progress.lots.length > 0
  )
    openDispute(decision, act, {
      by: "clock",
      reason: "The institution does not pay it: the payer objected.",
    });
}

interface Waited {
  from: Date;
  to: Date;
}

function giveTimeBack(decision: Decision, { from, to }: Waited, spared: boolean): void {
  const { next } = decision;
  const { progress } = next;
  const later = (at: Date | null): Date | null =>
    at === null || at <= from || to <= from ? null : new Date(at.getTime() + to.getTime() - from.getTime());
  const prolonged = (deadline: string, until: Date | null, set: (until: Date) => void): void => {
    if (until === null) return;
    set(until);
    const data = { by: "clock", deadline, until: until.toISOString() };
    decision.events.push({ type: "trade.extended", data });
  };
  keepFrozenFor(decision, later, prolonged);
  prolonged("shipBy", later(next.shipBy), (until) => void (next.shipBy = until));
  for (const clock of ["deliverBy", "inspectBy", ...(spared ? [] : (["returnBy"] as const))] as const)
    prolonged(clock, later(clockOf(next, clock)), (until) => {
      progress.clocks[clock] = until.toISOString();
    });
  prolongDispute(decision, later, prolonged, spared);
  if (spared) return;
  // In a dispute it stands still, and gets its time back with the end of that.
  if (progress.disputed === null)
    prolonged("acceptBy", later(next.acceptBy), (until) => void (next.acceptBy = until));
  const ownEnd = progress.coolingOff === undefined ? null : later(new Date(progress.coolingOff));
  if (ownEnd !== null) progress.coolingOff = ownEnd.toISOString();
  const silentEnd = progress.silent === undefined ? null : later(new Date(progress.silent.until));
  if (progress.silent !== undefined && silentEnd !== null)
    progress.silent = { ...progress.silent, until: silentEnd.toISOString() };
  prolonged("coolingOffUntil", later(next.coolingOffUntil), (until) => void (next.coolingOffUntil = until));
}

type Later = (at: Date | null) => Date | null;
type Prolonged = (deadline: string, until: Date | null, set: (until: Date) => void) => void;

/** The money stays frozen for as much longer, so that no prolonged clock ends after it; so does the time of what has not left. */
function keepFrozenFor(decision: Decision, later: Later, prolonged: Prolonged): void {
  const { next } = decision;
  const { progress } = next;
  if (next.frozen === 0n) return;
  const agreed = progress.unshippedUntil === undefined ? null : new Date(progress.unshippedUntil);
  const end = later(agreed);
  prolonged("reservedUntil", later(next.reservedUntil), (until) => keepFrozenUntil(decision, until));
  if (end !== null) progress.unshippedUntil = end.toISOString();
  else if (agreed === null) delete progress.unshippedUntil;
}

function prolongDispute({ next }: Decision, later: Later, prolonged: Prolonged, spared: boolean): void {
  const { disputed } = next.progress;
  if (disputed === null) return;
  const { lookBy, answerBy, decideBy, asked } = disputed;
  const then = { ...disputed };
  next.progress.disputed = then;
  if (lookBy !== undefined && !spared)
    then.lookBy = (later(new Date(lookBy)) ?? new Date(lookBy)).toISOString();
  if (answerBy !== null && !(spared && asked.every((side) => side === "buyer")))
    prolonged("answerBy", later(new Date(answerBy)), (until) => void (then.answerBy = until.toISOString()));
  prolonged("decideBy", later(new Date(decideBy)), (until) => void (then.decideBy = until.toISOString()));
}
