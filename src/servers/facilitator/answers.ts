/** What an institution says of an instruction, held against what it was asked, before it is believed. Pure. */
import { impossible, type Reading, readRefusal } from "../../edge/asking/asking.ts";
import { type Expected, isOfCollection, type WaitingInstruction } from "../../engines/outbox/outbox.ts";
import {
  type Instruction,
  reservationStates,
  type ReservationView,
  type TransferView,
} from "../../core/protocol/schemas.ts";

export function readAnswer(
  { body, expected }: Pick<WaitingInstruction, "body" | "expected">,
  outcome: unknown,
): Reading {
  // A facilitator asks for none.
  if (isOfCollection(body) || typeof outcome !== "object" || outcome === null) return impossible;
  const { status, reservation, transfer, problem: refused } = outcome as Record<string, unknown>;
  if (typeof status !== "number") return impossible;
  if (status >= 500) return { how: "unknown" };
  if (status >= 400) {
    const code = (refused as { code?: unknown } | undefined)?.code;
    // The institution has given the money back by itself, as it may when a reservation's time is over there.
    if (body.do === "release" && code === "hold_ended") return { how: "done", reservation: null };
    return readRefusal(status, code);
  }
  if (status < 200 || status >= 300) return impossible;
  if (body.do === "transfer")
    return isTransfer(body, transfer) ? { how: "done", reservation: null } : impossible;
  const view = readReservation(reservation);
  return view !== undefined && isAsked(body, view) && isExpected(body, expected, view)
    ? { how: "done", reservation: view }
    : impossible;
}

/** Whether an institution says that it has made this very transfer. */
function isTransfer(asked: TransferView, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { id, tradeNumber, currency, amount } = value as Partial<TransferView>;
  return (
    id === asked.id &&
    tradeNumber === asked.tradeNumber &&
    currency === asked.currency &&
    amount === asked.amount
  );
}

/** A reservation that agrees with itself: its sums are sums, and its state follows from them. */
function readReservation(value: unknown): ReservationView | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const view = value as ReservationView;
  if (!reservationStates.includes(view.state)) return undefined;
  const { amount, settled, released, refunded } = view;
  const amounts = [amount, settled, released, refunded];
  if (amounts.every((each) => each === null)) return view;
  if (!amounts.every(isAmount)) return undefined;
  const frozen = Number(amount) - Number(settled) - Number(released);
  if (frozen < 0 || Number(refunded) > Number(settled)) return undefined;
  return statesOf(frozen, Number(settled)).includes(view.state) ? view : undefined;
}

/** The states that a reservation may have by its sums; where nothing is frozen, its time may have been over. */
function statesOf(frozen: number, settled: number): ReservationView["state"][] {
  if (frozen > 0) return ["held"];
  return settled > 0 ? ["settled", "expired"] : ["released", "expired"];
}

const isAmount = (value: number | null): boolean =>
  value !== null && Number.isSafeInteger(value) && value >= 0;

/**
 * Whether a reservation can be like this right after the instruction, or later. A server that asked in goods is not to be told
 * an amount, and one that named an amount is.
 */
function isAsked(instruction: Exclude<Instruction, { do: "transfer" }>, view: ReservationView): boolean {
  const named = instruction.do !== "extend" && instruction.do !== "assign";
  if (named && (view.amount === null) !== (instruction.amount === undefined)) return false;
  const reaches = (done: number | null, asked: number | undefined) =>
    done === null || asked === undefined || done >= asked;
  switch (instruction.do) {
    case "reserve":
      return (
        view.id === instruction.id &&
        view.tradeNumber === instruction.tradeNumber &&
        view.currency === instruction.currency &&
        (instruction.amount === undefined || view.amount === instruction.amount)
      );
    case "settle":
      return view.id === instruction.reservation && reaches(view.settled, instruction.amount);
    case "release":
      return view.id === instruction.reservation && reaches(view.released, instruction.amount);
    case "refund":
      return view.id === instruction.reservation && reaches(view.refunded, instruction.amount);
    case "extend":
    case "assign":
      return view.id === instruction.reservation;
  }
}

/** Whether a reservation is what the step makes of the trade: the same sums, no more and no less. */
function isExpected(instruction: Instruction, expected: Expected | null, view: ReservationView): boolean {
  if (expected === null) return true;
  if (view.currency !== expected.currency) return false;
  if (expected.amounts === null) return view.amount === null;
  const { amount, settled, released, refunded } = expected.amounts;
  // What its time gave back there, this server may have heard of as a release that came too late.
  const isReleased = instruction.do === "refund" || view.released === released;
  return view.amount === amount && view.settled === settled && view.refunded === refunded && isReleased;
}
