/** `kenshu audit`: recomputes every balance, hold, trade and reservation from the journal and names each difference. */
import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readCheckpoint } from "@kenshu/sdk";
import { type Audit, type Database, errorCode, openDatabase } from "../../storage/database/database.ts";
import { startEmbedded } from "../../storage/embedded/embedded.ts";
import { audit, houseAccount, keptAccountOf } from "../../storage/ledger/ledger.ts";
import { auditSeals, type Held, readEpochs, readStatement } from "../../storage/seals/seals.ts";
import { auditArrivals } from "../../engines/arrivals/arrivals.ts";
import { keepCompared, listKnown, ownBooks } from "../../engines/breaks/breaks.ts";
import { auditCollections } from "../../engines/collections/collections.ts";
import { auditDebts } from "../../engines/debts/debts.ts";
import { auditReservations } from "../../engines/reservations/reservations.ts";
import { auditLending } from "../../engines/lending/lending.ts";
import { auditPayouts } from "../../engines/payouts/payouts.ts";
import { auditAdvances, auditKept, auditTrades } from "../../engines/trades/trades.ts";
import { readConfig } from "./config.ts";
import { databaseAddress } from "./paths.ts";
import { UsageError } from "./help.ts";

export async function auditCommand(args: string[], say: (line: string) => void): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      dir: { type: "string", default: ".kenshu" },
      schema: { type: "string", default: "institution" },
      witness: { type: "string", multiple: true, default: [] },
    },
  });
  const found = await findDatabase(values.dir);
  const database = openDatabase({ url: found.url, schema: values.schema, max: 2 });
  try {
    const differences = await auditAll(database, say);
    const sealed = await auditSealed(
      database,
      [...witnessesIn(values.dir, values.schema), ...values.witness],
      say,
    );
    say(differences === 0 ? "The books agree." : `${differences} differences.`);
    if (differences + sealed > 0) process.exitCode = 1;
  } finally {
    await database.close();
    await found.stop();
  }
}

async function auditAll(database: Database, say: (line: string) => void): Promise<number> {
  const onProgress = ({ stage, done, total }: { stage: string; done: number; total: number }) =>
    say(`${stage}: ${done} of ${total}`);
  const found: Audit[] = [
    await audit(database, { onProgress }),
    await auditTrades(database, { onProgress }),
    await auditReservations(database, { onProgress }),
    await auditCollections(database, keptAccountOf, { onProgress }),
    await auditDebts(database, { onProgress }),
    await auditAdvances(database, { onProgress }),
    await auditKept(database, { onProgress }),
    await auditLending(database, { onProgress }),
    await auditPayouts(database, { onProgress, house: houseAccount }),
    await auditArrivals(database, { onProgress, house: houseAccount }),
  ];
  const differences = found.flatMap(({ differences: each }) => each);
  const isWhole = !found.some(({ more }) => more);
  if (!(await kept(database, differences, isWhole)))
    say("What was found is not kept: the database only reads.");
  for (const { what, id, field, recorded, computed } of differences) {
    say(`${what} ${id}: ${field} is ${String(recorded)}, the journal says ${String(computed)}`);
  }
  return differences.length;
}

/** So many that are known are compared with what was found. */
const knownMost = 10_000;
const asNumber = (text: string | null): bigint | undefined =>
  text !== null && /^-?[0-9]{1,19}$/.test(text) ? BigInt(text) : undefined;

/** Keeps what was found among the breaks that operators see; false where this database takes nothing, being a copy. */
async function kept(
  database: Database,
  differences: Audit["differences"],
  isWhole: boolean,
): Promise<boolean> {
  try {
    const known = await listKnown(database, ownBooks, knownMost);
    const found = differences.map(({ what, id: subject, field, recorded, computed }) => {
      const [here, there] = [asNumber(recorded), asNumber(computed)];
      const difference = here === undefined || there === undefined ? null : there - here;
      return {
        subject,
        what: `${what} ${field}`,
        here: String(recorded),
        there: String(computed),
        difference,
      };
    });
    // Where more differ than were named, nothing says that one of them is gone.
    const looked = isWhole ? known.map(({ id }) => id) : [];
    await keepCompared(database, { party: ownBooks, found, looked });
    return true;
  } catch (error) {
    if (errorCode(error) === "25006") return false;
    throw error;
  }
}

/** Proves what the tables say against the log, and the log against what its witnesses hold. */
async function auditSealed(
  database: Database,
  witnesses: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  const { held, unreachable } = await heldByWitnesses(database, witnesses);
  for (const url of unreachable) say(`UNKNOWN what ${url} holds: it could not be asked`);
  const { differences } = await auditSeals(database, {
    held,
    onProgress: ({ stage, done, total }) => say(`${stage}: ${done} of ${total}`),
  });
  for (const { what, id, field, recorded, computed } of differences)
    say(`${what} ${id}: ${field} is ${String(recorded)}, sealed was ${String(computed)}`);
  const by = new Set(held.map((each) => each.by));
  if (differences.length > 0)
    say(`The past was changed: ${differences.length} differences, the first is named first.`);
  else
    say(
      `The past is what was sealed${by.size === 0 ? "; no witness was asked" : `, and what ${by.size} witnesses hold`}.`,
    );
  return differences.length;
}

/** The servers that witness the log, by the configuration of the server in a data folder. */
function witnessesIn(dir: string, schema: string): string[] {
  try {
    const config = readConfig(schema, join(resolve(dir), `${schema}.json`));
    if (config.party === "institution") return (config.peers ?? []).map(({ url }) => url);
    return config.party === "shop" ? [] : config.institutions.map(({ url }) => url);
  } catch {
    return [];
  }
}

/** The database that is asked about: the one named, the demo's while it runs, or the demo's started for this. */
async function findDatabase(dir: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const named = databaseAddress();
  if (named !== undefined) return { url: named, stop: () => Promise.resolve() };
  try {
    const { databaseUrl } = readConfig("institution", join(resolve(dir), "institution.json"));
    const probe = openDatabase({ url: databaseUrl, schema: "institution", max: 1 });
    try {
      await probe.query({ text: "select 1", values: [] });
      return { url: databaseUrl, stop: () => Promise.resolve() };
    } finally {
      await probe.close();
    }
  } catch {
    const folder = join(resolve(dir), "postgres");
    if (!existsSync(folder)) throw new UsageError(`${resolve(dir)} is not a data folder of kenshu start.`);
    return startEmbedded({ dir: folder, durable: true });
  }
}

/** Checkpoints that are compared, of each witness and epoch: the newest hold all that the older ones do. */
const pagesMost = 10;
const timeoutMs = 10_000;

/** What the witnesses of a server hold of its log. `unreachable` names those that did not answer: what they hold is not known. */
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
