/** Whom the ids in what is asked for mean. */
import { isId } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { readOperators, readParties } from "../../storage/parties/parties.ts";

function idsIn(value: unknown, found: Set<string>): void {
  if (typeof value === "string") {
    if (isId(value)) found.add(value);
  } else if (typeof value === "object" && value !== null) {
    for (const one of Object.values(value)) idsIn(one, found);
  }
}

/** More ids than these no page shows the names of. */
const mostIds = 100;

/** The names of the parties and operators whose ids stand in these values, by id. */
export async function namesIn(client: Client, values: readonly unknown[]): Promise<Record<string, string>> {
  const found = new Set<string>();
  for (const value of values) idsIn(value, found);
  const ids = [...found].slice(0, mostIds);
  if (ids.length === 0) return {};
  const names: Record<string, string> = {};
  const [parties, operators] = await Promise.all([readParties(client, ids), readOperators(client, ids)]);
  for (const { id, name } of [...parties, ...operators]) names[id] = name;
  return names;
}
