/** An act that takes a proof, and comes again with its key. */
import type { FastifyRequest } from "fastify";
import { answerTo } from "../../engines/engine/engine.ts";
import type { Database } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { idempotencyKey } from "../http/http.ts";
import type { ProvenAct } from "./acts.ts";
import type { Moments } from "./proving.ts";
import { proofOf } from "./shown.ts";

/**
 * Refuses a request for an act that takes more than the session and was not proved, as `Moments.need` does. One whose
 * Idempotency-Key has an answer already is let through: it gets that answer, or is refused for its other body, and nothing moves
 * by it. Only for calls that keep their answers under that key. Answers whether it was let through as such a repetition.
 */
export async function needUnlessRepeated(
  { database, moments }: { database: Database; moments: Moments },
  request: FastifyRequest,
  caller: Caller,
  act: ProvenAct,
): Promise<boolean> {
  const key = idempotencyKey(request);
  if (key !== undefined && (await answerTo(database, { caller: caller.id, key })) !== undefined) return true;
  await moments.need(caller, act, proofOf(request), key);
  return false;
}
