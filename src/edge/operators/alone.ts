/** How much money one operator moves without a second: counted by operator, by who gains, and by the day. */
import { inTransaction } from "../../engines/engine/engine.ts";
import type { Database } from "../../storage/database/database.ts";
import { lockOperators } from "../../storage/parties/parties.ts";
import type { OperatorRules } from "./rules.ts";
import { insertLoneMove, isCounted, type LoneMove, sumLoneMoves } from "./store.ts";

/**
 * Whether one operator may move this alone. If so it counts from now on, also where it is refused after all: a subject
 * counts once, so that trying again costs nothing.
 */
export async function mayMoveAlone(
  database: Database,
  { fourEyes }: Pick<OperatorRules, "fourEyes">,
  move: LoneMove,
): Promise<boolean> {
  if (fourEyes === "off") return true;
  const limit = Object.hasOwn(fourEyes, move.currency) ? (fourEyes[move.currency] ?? 0n) : 0n;
  if (move.amount > limit) return false;
  return inTransaction(database, async (client) => {
    await lockOperators(client);
    if (await isCounted(client, move)) return true;
    const { byOperator, toBeneficiary } = await sumLoneMoves(client, move);
    if (byOperator + move.amount > limit || toBeneficiary + move.amount > limit) return false;
    await insertLoneMove(client, move);
    return true;
  });
}
