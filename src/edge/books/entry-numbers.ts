/** The trade numbers in an account's statement: each is found by the command, or by the hold, that the entry names already. */
import { numbersPaid } from "../../engines/collections/collections.ts";
import { numbersSaid } from "../../engines/reservations/reservations.ts";
import type { Client } from "../../storage/database/database.ts";
import type { Entry } from "../../storage/ledger/ledger.ts";

type Booked = Pick<Entry, "command" | "hold" | "kind">;

/**
 * Says of each of these entries under which number money was paid or frozen with it; null where it was under none, or for a trade
 * of this server's own.
 */
export async function numbersOf(
  client: Client,
  entries: readonly Booked[],
): Promise<(entry: Booked) => string | null> {
  const holds = entries.flatMap(({ hold }) => hold ?? []);
  const moved = entries.flatMap(({ kind, hold, command }) =>
    kind === "transfer" && hold === null ? [command] : [],
  );
  const frozen = [...new Set([...holds, ...moved])];
  const found = [
    ...(moved.length === 0 ? [] : await numbersPaid(client, moved)),
    ...(frozen.length === 0 ? [] : await numbersSaid(client, frozen)),
  ];
  const numbers = new Map(found.map(({ id, number }) => [id, number]));
  return ({ hold, command }) => numbers.get(hold ?? command) ?? null;
}
