/** What PostgreSQL keeps on the disk. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Database, rawSql } from "../../../src/storage/database/database.ts";

/** The files of the database, also with what was overwritten or deleted in them and not yet cleared away. */
export async function filesOf(database: Database): Promise<Buffer[]> {
  await database.execute(rawSql("checkpoint"));
  const [place] = await database.query<{ folder: string }>(
    rawSql(`select current_setting('data_directory') || '/base/' || oid as folder
      from pg_database where datname = current_database()`),
  );
  const folder = place?.folder ?? "";
  return readdirSync(folder).map((name) => readFileSync(join(folder, name)));
}
