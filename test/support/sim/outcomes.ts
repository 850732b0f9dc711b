/** What an outcome of the trades engine says, for the caller and for the check: the one place that reads its body. */
import { problem, type ProblemCode } from "../../../src/core/protocol/protocol.ts";
import type { FirstAnswer } from "../../../src/engines/engine/engine.ts";
import type { SentOutcome } from "./sent-outcome.ts";

/** As much of a trade in an answer as nothing later may take back. */
export interface Told {
  number: string;
  version: number;
  shop: string;
  /** Of no private trade, and for nobody who only brings the goods. */
  amount?: number | null;
  settled?: number | null;
  refunded?: number | null;
}

/** The code of a refusal; undefined where it is none. */
export function codeOf({ status, text }: SentOutcome): string | undefined {
  return status < 400 ? undefined : (JSON.parse(text) as { code: string }).code;
}

/** The trade in an answer that is none of refusals. */
export function toldIn({ text }: SentOutcome): Told {
  return JSON.parse(text) as Told;
}

/** Refusals of a code at the door, which stand before the engine and are not kept. */
export function isOfDoor(code: string | undefined): boolean {
  return code === "door_code_invalid" || code === "too_many_requests";
}

/** What is answered without asking the engine. */
export function refusalOf(code: ProblemCode): SentOutcome {
  const told = problem(code);
  return { status: told.status, text: JSON.stringify(told), replayed: false };
}

export function isSameAnswer(one: SentOutcome, other: SentOutcome): boolean {
  return one.status === other.status && one.text === other.text;
}

/** Whether this is the answer that is kept to be given again. */
export function isKept(kept: FirstAnswer | undefined, { status, text }: SentOutcome): boolean {
  return kept?.status === status && kept.body === text;
}
