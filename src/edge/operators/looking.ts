/** Looks of operators at people's data: each says why, leaves a row that the person reads, and counts. */
import { refuse } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { countLookups, insertLookup, type NewLookup } from "../../storage/members/members.ts";
import { lockOperators } from "../../storage/parties/parties.ts";
import type { OperatorRules } from "./rules.ts";

/** Writes a look down, in the transaction that reads what is shown. Refuses with invalid_field and too_many_requests. */
export async function noteLook(
  client: Client,
  { lookupsPerDay }: Pick<OperatorRules, "lookupsPerDay">,
  look: Omit<NewLookup, "reason"> & { reason: string | undefined },
): Promise<void> {
  const reason = look.reason?.trim() ?? "";
  if (reason === "")
    refuse("invalid_field", "An operator says why they look at somebody's data: `reason` is missing.");
  await lockOperators(client);
  if ((await countLookups(client, look.operator)) >= BigInt(lookupsPerDay))
    refuse(
      "too_many_requests",
      `An operator looks at people's data ${lookupsPerDay} times a day at the most.`,
    );
  await insertLookup(client, { ...look, reason });
}
