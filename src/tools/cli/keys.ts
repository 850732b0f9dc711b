/** `kenshu keys rewrap`: wraps by the key of a configuration what a former one has wrapped, beside running servers. */
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { checkKeys, rewrapAll } from "../../edge/host/host.ts";
import { type Database, openDatabase } from "../../storage/database/database.ts";
import { openKeyring } from "../../storage/keyring/keyring.ts";
import { personalDataKeys, readTradingConfig } from "./config.ts";
import { UsageError } from "./help.ts";

/** Another process may just be at some of the rows, which are left to it; a server that wraps by a former key never ends. */
const turnsMost = 50;
const pauseMs = 100;

async function rewrapWhole(database: Database, keys: readonly Buffer[]) {
  const [ring, present] = [openKeyring(keys), openKeyring(keys.slice(0, 1))];
  const done = { people: 0, secrets: 0 };
  for (let turn = 1; ; turn += 1) {
    const { people, secrets } = await rewrapAll(database, ring);
    done.people += people;
    done.secrets += secrets;
    try {
      await checkKeys(database, present);
      return done;
    } catch (error) {
      if (turn === turnsMost) throw error;
      await pause(pauseMs);
    }
  }
}

export async function keysCommand(args: string[], say: (line: string) => void): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { config: { type: "string", multiple: true, default: [] } },
  });
  if (positionals.join(" ") !== "rewrap" || values.config.length === 0)
    throw new UsageError("Say rewrap, and --config FILE of an institution or a facilitator.");
  for (const file of values.config) {
    const config = readTradingConfig(file);
    const keys = personalDataKeys(config);
    const database = openDatabase({ url: config.databaseUrl, schema: config.schema, max: 2 });
    try {
      await checkKeys(database, openKeyring(keys));
      const { people, secrets } = await rewrapWhole(database, keys);
      say(
        `${config.schema}: wrapped anew ${people} keys of people and recipients, ${secrets} of the server's secrets`,
      );
    } finally {
      await database.close();
    }
  }
  say("No other key opens anything any more: take the former ones out of the configuration.");
}
