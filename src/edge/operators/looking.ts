/** Looks of operators at people's data: each says why, leaves a row that the person reads, and counts. */
import { refuse } from "../../core/protocol/protocol.ts";
import type { Client, Database } from "../../storage/database/database.ts";
import {
  countLookups,
  countOpened,
  insertLookup,
  type NewLookup,
  type Opened,
  openedPage,
} from "../../storage/members/members.ts";
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
  if (reason === openedPage)
    refuse(
      "invalid_field",
      `"${openedPage}" stands in the record for a page that shows nothing whole: say why.`,
    );
  await lockOperators(client);
  if ((await countLookups(client, look.operator)) >= BigInt(lookupsPerDay))
    refuse(
      "too_many_requests",
      `An operator looks at people's data ${lookupsPerDay} times a day at the most.`,
    );
  await insertLookup(client, { ...look, reason });
}

/** So many pages of people are opened by their numbers for each look with a reason: most calls want none. */
const pagesPerLook = 4;

/**
 * Notes that an operator has opened the page of somebody or of their trade by its number, once a day, for the person to read. False
 * where they have opened too many today: then the page does not show who is meant, masked or not. Walking through numbers
 * shows no more people than that.
 */
export async function mayShowOpened(
  database: Database,
  { lookupsPerDay }: Pick<OperatorRules, "lookupsPerDay">,
  operator: string,
  opened: Opened,
): Promise<boolean> {
  if ((await countOpened(database, operator, opened)).isKnown) return true;
  return database.transaction(async (client) => {
    await lockOperators(client);
    const { opened: count, isKnown } = await countOpened(client, operator, opened);
    if (isKnown) return true;
    if (count >= lookupsPerDay * pagesPerLook) return false;
    const { person, trade } = opened;
    await insertLookup(client, {
      person,
      operator,
      reason: openedPage,
      ...(trade === null ? {} : { trade }),
    });
    return true;
  });
}
