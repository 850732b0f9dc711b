/** What a transaction of an institution takes for true where a fault is planted. */
import { ownDues } from "../../../src/engines/collections/funding-store.ts";
import type { LocatedDue } from "../../../src/engines/collections/store.ts";
import type { Request } from "../../../src/engines/collections/world.ts";
import type { FirstAnswer } from "../../../src/engines/engine/engine.ts";
import type { Ground } from "../sim/process.ts";

/** The id of an instruction by which something was taken at a door. */
const takenIn = (request: Request): string[] =>
  request.do === "obey" && request.instruction.do === "due" && request.instruction.taken !== undefined
    ? [request.instruction.id]
    : [];

/** Planted: what was answered to a clerk is forgotten, what was answered to servers is not. */
const isWord = ({ body }: FirstAnswer): boolean => body.includes('"version"');

/** What a batch takes a due for, where a fault is planted. */
export function seenBy(mutant: Ground["mutant"], due: LocatedDue): LocatedDue {
  if (mutant === "a number to bring money under is paid more than once" && due.peer === ownDues)
    return { ...due, paid: 0n };
  if (mutant === "an older word about a due counts") return { ...due, version: 0n };
  if (mutant === "what was paid is forgotten where less is due")
    return { ...due, paid: due.paid > 0n && due.heard < due.paid ? due.heard : due.paid };
  return due;
}

/** The first answers that are still known. */
export function knownBy(
  mutant: Ground["mutant"],
  requests: readonly Request[],
  known: readonly FirstAnswer[],
): readonly FirstAnswer[] {
  if (mutant === "payments are taken once more for the same id") return known.filter(isWord);
  const atDoors = new Set(requests.flatMap(takenIn));
  return mutant === "what was taken at a door is taken once more"
    ? known.filter(({ key }) => !atDoors.has(key))
    : known;
}
