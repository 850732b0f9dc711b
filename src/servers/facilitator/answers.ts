/** What an institution says of an instruction, held against what it was asked, before it is believed. Pure. */
import {
  type Expected,
  type InstructionAnswer,
  isOfCollection,
  type WaitingInstruction,
} from "../../engines/outbox/outbox.ts";
import { problem, type ProblemCode, problemCodes } from "../../core/protocol/protocol.ts";
import {
  type Instruction,
  reservationStates,
  type ReservationView,
  type TransferView,
} from "../../core/protocol/schemas.ts";

/** Refusals that say nothing about the instruction: it may be done or not, and is asked again. */
const technical: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "unavailable",
  "overloaded",
  "outcome_unknown",
  "internal_error",
  "request_timeout",
  "too_many_requests",
  "signature_invalid",
  "not_authenticated",
]);

/** What a refusal with such a status is about is the call, whatever its word: no instruction is refused by it. */
const aboutTheCall: ReadonlySet<number> = new Set([401, 408, 425, 429]);

/** Whether an answer with this status leaves it open what became of what was asked. */
export const saysNothing = (status: number): boolean => status >= 500 || aboutTheCall.has(status);

/** An answer, or `impossible`: it was signed, and it cannot be the answer to this instruction. */
export type Reading = InstructionAnswer | { how: "impossible" };

const impossible: Reading = { how: "impossible" };

export function readAnswer(
  { body, expected }: Pick<WaitingInstruction, "body" | "expected">,
  outcome: unknown,
): Reading {
  // A facilitator asks for none.
  if (isOfCollection(body) || typeof outcome !== "object" || outcome === null) return impossible;
  const { status, reservation, transfer, problem: refused } = outcome as Record<string, unknown>;
  if (typeof status !== "number") return impossible;
  if (status >= 500) return { how: "unknown" };
  if (status >= 400) return readRefusal(body, status, (refused as { code?: unknown } | undefined)?.code);
  if (status < 200 || status >= 300) return impossible;
  if (body.do === "transfer")
    return isTransfer(body, transfer) ? { how: "done", reservation: null } : impossible;
  const view = readReservation(reservation);
  return view !== undefined && isAsked(body, view) && isExpected(body, expected, view)
    ? { how: "done", reservation: view }
    : impossible;
}

/** A code that is not known here may be one of a later version, or the institution's own: no all the same, and kept as one. */
function readRefusal(instruction: Instruction, status: number, code: unknown): Reading {
  const known = problemCodes.find((each) => each === code);
  if (known === undefined && aboutTheCall.has(status)) return { how: "unknown" };
  if (typeof code !== "string") return impossible;
  if (known === undefined) return { how: "refused", problem: problem("institution_refused"), word: code };
  // The institution has given the money back by itself, as it may when a reservation's time is over there.
  if (instruction.do === "release" && known === "hold_ended") return { how: "done", reservation: null };
  if (known === "confirmation_awaited") return { how: "awaited" };
  return technical.has(known) ? { how: "unknown" } : { how: "refused", problem: problem(known) };
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
