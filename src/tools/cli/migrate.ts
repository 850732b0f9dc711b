/** `kenshu migrate`: brings a schema up to date; safe to run from many places at once. */
import { parseArgs } from "node:util";
import { migrate } from "../../storage/database/database.ts";
import { applicationRole, databaseAddress, migrations } from "./paths.ts";
import { UsageError } from "./help.ts";

export async function migrateCommand(args: string[], say: (line: string) => void): Promise<void> {
  const { values } = parseArgs({ args, options: { schema: { type: "string" }, kind: { type: "string" } } });
  const { schema, kind } = values;
  const url = databaseAddress();
  if (url === undefined) throw new UsageError("KENSHU_DATABASE_URL says which database.");
  if (schema === undefined || (kind !== "trading" && kind !== "shop")) {
    throw new UsageError("Say --schema NAME and --kind trading or --kind shop.");
  }
  const { applied, version } = await migrate({
    url,
    schema,
    role: applicationRole,
    folder: migrations[kind],
  });
  for (const name of applied) say(`applied ${name}`);
  say(`${schema} is at ${version}`);
}
