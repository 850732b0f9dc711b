/** Whether a payment that another server asks for may be made now, or its account's owner is asked first. Pure. */
import type { Refused } from "../../core/protocol/protocol.ts";

export type AskedState = "waiting" | "objected" | "allowed" | "refused";

/** A payment that was asked for and not made. */
export interface AskedSettlement {
  id: string;
  peer: string;
  instruction: string;
  reservation: string;
  amount: bigint;
  /** What had been paid for the trade, with this. */
  total: bigint;
  /** Of the instruction: what is confirmed is what is paid. */
  digest: Buffer;
  state: AskedState;
  /** Since when the owner knows of it: a mail was taken by a mail server or kept to be shown, or they have seen its page. */
  toldAt: Date | null;
  decidedAt: Date | null;
}

/** How long an owner who was told has; silence confirms. */
export const confirmWithinMs = 3 * 86_400_000;
/** How long money stays frozen for a payment that may be made and is not. */
const graceMs = 7 * 86_400_000;

/** When the owner's silence confirms; undefined where nobody could be told of it. */
export function silentAt({ toldAt }: Pick<AskedSettlement, "toldAt">): Date | undefined {
  return toldAt === null ? undefined : new Date(toldAt.getTime() + confirmWithinMs);
}

/** Whether the owner was told long enough ago and has said nothing. */
export function isSilent(settlement: AskedSettlement, now: Date): boolean {
  const at = silentAt(settlement);
  return settlement.state === "waiting" && at !== undefined && at <= now;
}

/** Whether money stays frozen beyond its time, since somebody still has to say something about it. */
export function keepsFrozen(settlement: AskedSettlement, now: Date): boolean {
  switch (settlement.state) {
    case "refused":
      return false;
    case "objected":
      return true;
    case "waiting": {
      const at = silentAt(settlement);
      return at === undefined || at.getTime() + graceMs > now.getTime();
    }
    case "allowed":
      return settlement.decidedAt === null || settlement.decidedAt.getTime() + graceMs > now.getTime();
  }
}

/** What a server wants paid. `settled`: what was paid for the trade before, of the same consent. */
export interface Wanted {
  instruction: string;
  amount: bigint;
  settled: bigint;
  confirmAbove: bigint | null;
  /** The least that was refused for good of the trade, of whichever of its reservations. */
  refused: bigint | undefined;
}

/** `pay` with what was asked before, if it was. `wait` for an answer to it; without it the owner has to be asked. */
export type Gate =
  | { how: "pay"; asked: AskedSettlement | undefined }
  | { how: "wait"; asked: AskedSettlement }
  | { how: "ask" }
  | Refused;

/** Decides by what was asked before for the reservation. */
export function gateOf(asked: readonly AskedSettlement[], wanted: Wanted, now: Date): Gate {
  const own = asked.find(({ instruction }) => instruction === wanted.instruction);
  if (own !== undefined) {
    if (own.state === "refused") return refusedForGood;
    return own.state === "allowed" || isSilent(own, now)
      ? { how: "pay", asked: own }
      : { how: "wait", asked: own };
  }
  const total = wanted.settled + wanted.amount;
  if (wanted.confirmAbove === null || total <= wanted.confirmAbove) return { how: "pay", asked: undefined };
  // What was refused for good is not asked for again in another form, of another reservation, or together with more.
  if (wanted.refused !== undefined && total >= wanted.refused) return refusedForGood;
  // One at a time: an owner is not asked a hundred things of one trade.
  const other = asked.find(({ state }) => state !== "refused");
  return other === undefined ? { how: "ask" } : { how: "wait", asked: other };
}

const refusedForGood: Refused = { refused: "settlement_refused" };
