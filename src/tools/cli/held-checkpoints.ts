/** What the witnesses of a server hold of its log, for the audit. */
import { hash } from "node:crypto";
import { readCheckpoint } from "@kenshu/sdk";
import type { Database } from "../../storage/database/database.ts";
import { type Held, readEpochs, readStatement } from "../../storage/seals/seals.ts";

/** Checkpoints that are compared, of each witness and epoch: the newest hold all that the older ones do. */
const pagesMost = 10;
const timeoutMs = 10_000;

/** Asks each witness. `unreachable` names those that did not answer: what they hold is not known. */
export async function heldByWitnesses(
  database: Database,
  witnesses: readonly string[],
): Promise<{ held: Held[]; unreachable: string[] }> {
  const found: { held: Held[]; unreachable: string[] } = { held: [], unreachable: [] };
  for (const url of witnesses) {
    for (const { epoch, statement } of await readEpochs(database)) {
      const { key = "" } = readStatement(statement);
      try {
        found.held.push(...(await heldBy(url, epoch, key)));
      } catch {
        if (!found.unreachable.includes(url)) found.unreachable.push(url);
      }
    }
  }
  return found;
}

/** Only what this log's own key has signed counts: a witness cannot make up a past. */
async function heldBy(url: string, epoch: number, key: string): Promise<Held[]> {
  const [origin = ""] = key.split("+");
  const held: Held[] = [];
  let below = "";
  for (let page = 0; page < pagesMost; page += 1) {
    const at = `${url}/v1/witness/${hash("sha256", origin, "hex")}/checkpoints${below}`;
    const answer = await fetch(at, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    if (answer.status === 404) return held;
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}.`);
    const { items, next } = (await answer.json()) as { items: string[]; next: string | null };
    for (const note of items) {
      const signed = await readCheckpoint(note, { log: key });
      if (typeof signed !== "string") held.push({ by: url, epoch, size: signed.size, root: signed.root });
    }
    if (next === null) break;
    below = `?below=${next}`;
  }
  return held;
}
