/** Instructions of rails whose money is at institutions: all of them are about reservations. */
import assert from "node:assert/strict";
import type { Instruction } from "../../../src/core/protocol/schemas.ts";
import { type AnyInstruction, isOfCollection } from "../../../src/engines/outbox/outbox.ts";

export function ofReservation(body: AnyInstruction): Instruction {
  assert.ok(!isOfCollection(body));
  return body;
}
