/** `kenshu audit`: recomputes every balance, hold, trade and reservation from the journal and names each difference. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Audit, type Database, openDatabase } from "../../storage/database/database.ts";
import { startEmbedded } from "../../storage/embedded/embedded.ts";
import { audit } from "../../storage/ledger/ledger.ts";
import { auditSeals } from "../../storage/seals/seals.ts";
import { auditReservations } from "../../engines/reservations/reservations.ts";
import { auditAdvances, auditTrades } from "../../engines/trades/trades.ts";
import { readConfig } from "./config.ts";
import { UsageError } from "./usage-error.ts";

export async function auditCommand(args: string[], say: (line: string) => void): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      dir: { type: "string", default: ".kenshu" },
      schema: { type: "string", default: "institution" },
    },
  });
  const found = await findDatabase(values.dir);
  const database = openDatabase({ url: found.url, schema: values.schema, max: 2 });
  try {
    const differences = await auditAll(database, say);
    say(differences === 0 ? "The books agree." : `${differences} differences.`);
    if (differences > 0) process.exitCode = 1;
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
    await auditAdvances(database, { onProgress }),
  ];
  const seals = await auditSeals(database, { onProgress });
  for (const { what, id, field, recorded, computed } of seals.differences)
    say(`${what} ${id}: ${field} is ${String(recorded)}, sealed was ${String(computed)}`);
  const differences = found.flatMap(({ differences: each }) => each);
  for (const { what, id, field, recorded, computed } of differences) {
    say(`${what} ${id}: ${field} is ${String(recorded)}, the journal says ${String(computed)}`);
  }
  return differences.length + seals.differences.length;
}

/** The database that is asked about: the one named, the demo's while it runs, or the demo's started for this. */
async function findDatabase(dir: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const named = process.env["KENSHU_DATABASE_URL"];
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
