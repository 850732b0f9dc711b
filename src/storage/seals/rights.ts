/** What somebody may do and where money goes: sealed as the database has noted it, and proved against what stands now. */
import { type Client, type Finding, readClock } from "../database/database.ts";
import { newBatch, seal } from "./batch.ts";
import {
  checkChanges,
  checkFrozen,
  checkPaid,
  checkStanding,
  placeRights,
  relations,
  waitingRights,
} from "./rights-store.ts";
import { readStored } from "./store.ts";

/** Rows in one batch, so that who proves one reads no more than these. */
const rowsOfBatch = 500;

/**
 * Seals what the database has noted since the last time, at most `most` rows: a trigger cannot hash as a batch does, so the
 * sealer does it, in the transaction in which it adds to the log.
 */
export async function sealRights(client: Client, most: number): Promise<number> {
  const waiting = await waitingRights(client, most);
  for (let from = 0; from < waiting.length; from += rowsOfBatch) {
    const ids = waiting.slice(from, from + rowsOfBatch);
    const rows = await readStored(
      client,
      "rights",
      ids.map((key) => ({ key, sub: 0 })),
    );
    const batch = newBatch(await readClock(client));
    await Promise.all(seal(client, batch, rows));
    await placeRights(client, ids, batch.id);
  }
  return waiting.length;
}

/** What no server has done, what stands and was not noted, and money that went where nobody had the right to it. */
export async function checkRights(
  client: Client,
  limit: number,
  report: (done: number) => Promise<void>,
): Promise<Finding[]> {
  const found = await checkChanges(client, limit);
  for (const [index, relation] of relations.entries()) {
    found.push(...(await checkStanding(client, relation, limit)));
    await report(index + 1);
  }
  return found.slice(0, limit);
}

export async function checkMoneyByRights(client: Client, limit: number): Promise<Finding[]> {
  return [...(await checkPaid(client, limit)), ...(await checkFrozen(client, limit))].slice(0, limit);
}
