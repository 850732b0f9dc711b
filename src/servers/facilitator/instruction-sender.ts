/** Instructions on their way to institutions, and what comes back, which is looked at before it is believed. */
import type { InstructionAnswer, WaitingInstruction } from "../../engines/outbox/outbox.ts";
import { problem, type ProblemCode, problemCodes } from "../../core/protocol/protocol.ts";
import {
  type Instruction,
  reservationStates,
  type ReservationView,
  type TransferView,
} from "../../core/protocol/schemas.ts";
import { type PeerClient, UnknownOutcomeError } from "../../edge/signing/signing.ts";

const timeoutMs = 8_000;

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

/** Sends instructions in one signed call. Every instruction has an answer, if only that nobody knows. */
export function makeSender(client: PeerClient, onError: (error: unknown) => void) {
  return async (institution: string, batch: readonly WaitingInstruction[]): Promise<InstructionAnswer[]> => {
    const nobodyKnows = batch.map((): InstructionAnswer => ({ how: "unknown" }));
    try {
      const instructions = batch.map(({ body }) => body);
      const path = "/v1/reservations/batch";
      const { status, body = {} } = await client.call(
        institution,
        "POST",
        path,
        { instructions },
        { timeoutMs },
      );
      const outcomes = body["outcomes"];
      if (status !== 200 || !Array.isArray(outcomes) || outcomes.length !== batch.length) {
        onError(new Error(`The institution ${institution} answered ${status} to a batch of instructions.`));
        return nobodyKnows;
      }
      return batch.map((instruction, index) => answerIn(instruction, outcomes[index], onError));
    } catch (error) {
      if (!(error instanceof UnknownOutcomeError)) onError(error);
      return nobodyKnows;
    }
  };
}

function answerIn(
  { body }: WaitingInstruction,
  outcome: unknown,
  onError: (error: unknown) => void,
): InstructionAnswer {
  const answer = readAnswer(body, outcome);
  if (answer !== undefined) return answer;
  onError(new Error(`The institution's answer to the instruction ${body.id} cannot be right.`));
  return { how: "unknown" };
}

/** What an outcome says, or undefined where it cannot be the answer to this instruction. */
export function readAnswer(instruction: Instruction, outcome: unknown): InstructionAnswer | undefined {
  if (typeof outcome !== "object" || outcome === null) return undefined;
  const { status, reservation, transfer, problem: refused } = outcome as Record<string, unknown>;
  if (typeof status !== "number") return undefined;
  if (status >= 400) {
    const code = (refused as { code?: unknown } | undefined)?.code;
    const known = problemCodes.find((each) => each === code);
    if (known === undefined) return undefined;
    // The institution has given the money back by itself, as it may when a reservation's time is over there.
    if (instruction.do === "release" && known === "hold_ended") return { how: "done", reservation: null };
    return technical.has(known) ? { how: "unknown" } : { how: "refused", problem: problem(known) };
  }
  if (instruction.do === "transfer")
    return isTransfer(instruction, transfer) ? { how: "done", reservation: null } : undefined;
  const view = readReservation(reservation);
  return view !== undefined && isPossible(instruction, view) ? { how: "done", reservation: view } : undefined;
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

function readReservation(value: unknown): ReservationView | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const view = value as ReservationView;
  if (!reservationStates.includes(view.state)) return undefined;
  const { amount, settled, released, refunded } = view;
  const amounts = [amount, settled, released, refunded];
  if (amounts.every((each) => each === null)) return view;
  if (!amounts.every(isAmount)) return undefined;
  return Number(settled) + Number(released) <= Number(amount) && Number(refunded) <= Number(settled)
    ? view
    : undefined;
}

const isAmount = (value: number | null): boolean =>
  value !== null && Number.isSafeInteger(value) && value >= 0;

/**
 * Whether a reservation can be like this right after the instruction, or later. A server that asked in goods is not to be told
 * an amount, and one that named an amount is.
 */
function isPossible(instruction: Exclude<Instruction, { do: "transfer" }>, view: ReservationView): boolean {
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
