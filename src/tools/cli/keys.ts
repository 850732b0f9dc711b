/** `kenshu keys rewrap`: wraps by the key of a configuration what a former one has wrapped, beside running servers. */
import { parseArgs } from "node:util";
import { checkKeys, rewrapAll } from "../../edge/host/host.ts";
import { openDatabase } from "../../storage/database/database.ts";
import { openKeyring } from "../../storage/keyring/keyring.ts";
import { personalDataKeys, readTradingConfig } from "./config.ts";
import { UsageError } from "./usage-error.ts";

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
      const { people, secrets } = await rewrapAll(database, openKeyring(keys));
      // Throws where a server still wraps by a former key, or begins to while this runs.
      await checkKeys(database, openKeyring(keys.slice(0, 1)));
      say(
        `${config.schema}: wrapped anew ${people} keys of people and recipients, ${secrets} of the server's secrets`,
      );
    } finally {
      await database.close();
    }
  }
  say("No other key opens anything any more: take the former ones out of the configuration.");
}
