/** What another server's answer to an instruction is taken for: refusals, whatever was asked. Pure. */
import type { InstructionAnswer } from "../../engines/outbox/outbox.ts";
import { problem, type ProblemCode, problemCodes } from "../../core/protocol/protocol.ts";
import { saysNothing } from "../signing/signing.ts";

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

/** An answer, or `impossible`: it was signed, and it cannot be the answer to this instruction. */
export type Reading = InstructionAnswer | { how: "impossible" };

export const impossible: Reading = { how: "impossible" };

/** A code that is not known here may be one of a later version, or the institution's own: no all the same, and kept as one. */
export function readRefusal(status: number, code: unknown): Reading {
  const known = problemCodes.find((each) => each === code);
  if (known === undefined && saysNothing(status)) return { how: "unknown" };
  if (typeof code !== "string") return impossible;
  if (known === undefined) return { how: "refused", problem: problem("institution_refused"), word: code };
  if (known === "confirmation_awaited") return { how: "awaited" };
  return technical.has(known) ? { how: "unknown" } : { how: "refused", problem: problem(known) };
}
