import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { errorCode } from "./errors.ts";
import { identifier } from "./sql.ts";
import { typeParsers } from "./pool.ts";
import { addressOf } from "./settings.ts";

export type MigrateOptions = {
  /** An address whose user may create schemas (and the role, unless it is there already). */
  url: string;
  schema: string;
  /** The role that servers act as. Made when missing, without a login of its own. */
  role: string;
  /** A folder of files named like `0001_first.sql`. */
  folder: string;
};

/** The files applied by this call, in order, and the number the schema stands at now (0 when it has none). */
export type Migrated = { applied: string[]; version: number };

type Applied = { version: number; name: string; checksum: string };

type Migration = { version: number; name: string; text: string; checksum: string };

/**
 * Brings a schema up to date: each file in its own transaction, each exactly once, however many processes start at the
 * same time. New tables are open to the role for select, insert, update and delete; a file may revoke. Throws, and
 * changes nothing, when the schema is newer than the folder, when an applied file has been changed, or when a new file
 * is numbered below an applied one.
 */
export async function migrate(options: MigrateOptions): Promise<Migrated> {
  for (const name of [options.schema, options.role]) {
    if (!/^[a-z_][a-z0-9_]*$/.test(name))
      throw new Error(`"${name}" is not a plain lower-case database name.`);
  }
  const migrations = await readMigrations(options.folder);
  const client = new pg.Client({
    connectionString: addressOf(options.url).href,
    application_name: `kenshu migrate ${options.schema}`,
    types: typeParsers,
  });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(`set search_path to ${identifier(options.schema)}`);
    await ensureRole(client, options.role);
    const applied: string[] = [];
    await locked(client, options.schema, () => prepareSchema(client, options));
    for (;;) {
      const next = await locked(client, options.schema, () => applyNext(client, options.schema, migrations));
      if (next === undefined) return { applied, version: migrations.at(-1)?.version ?? 0 };
      applied.push(next);
    }
  } finally {
    await client.end();
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  const migrations: Migration[] = [];
  for (const name of names) {
    const number = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1];
    if (number === undefined)
      throw new Error(`${join(folder, name)}: a migration is named like 0001_what_it_does.sql.`);
    const version = Number(number);
    if (version <= (migrations.at(-1)?.version ?? 0)) {
      throw new Error(
        `${join(folder, name)}: the number ${number} is already taken (numbers start at 0001).`,
      );
    }
    const text = await readFile(join(folder, name), "utf8");
    migrations.push({ version, name, text, checksum: createHash("sha256").update(text).digest("hex") });
  }
  return migrations;
}

/** Runs `work` in a transaction that no other migrator of the same schema can be in at the same time. */
async function locked<T>(client: pg.Client, schema: string, work: () => Promise<T>): Promise<T> {
  await client.query("begin");
  try {
    await client.query("set local lock_timeout = 0; set local statement_timeout = 0");
    await client.query("select pg_advisory_xact_lock($1)", [lockKey(schema)]);
    // A file gives up when it cannot lock its table soon, so that other statements do not queue behind it.
    await client.query("set local lock_timeout = '5s'");
    const result = await work();
    const answer = await client.query("commit");
    if (answer.command !== "COMMIT")
      throw new Error("The database rolled a migration back instead of committing it.");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

function lockKey(schema: string): string {
  return createHash("sha256").update(`kenshu migrate ${schema}`).digest().readBigInt64BE(0).toString();
}

// Roles belong to the whole cluster and advisory locks to one database, so migrators of two databases can collide here.
// The loser of such a race tries again and finds the work done.
async function ensureRole(client: pg.Client, role: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const known = await client.query("select 1 from pg_roles where rolname = $1", [role]);
      if (known.rowCount === 0) await client.query(`create role ${identifier(role)} nologin`);
      // Up to PostgreSQL 15 every member of a role may act as it. Since 16 that needs a grant of its own, which the
      // creator of a role does not have.
      const { rows } = await client.query<{ granted: boolean }>(
        `select pg_has_role(current_user, $1,
           case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) as granted`,
        [role],
      );
      if (rows[0]?.granted !== true) await client.query(`grant ${identifier(role)} to current_user`);
      return;
    } catch (error) {
      const code = errorCode(error);
      if (code === "42501") throw roleRefused(role, error);
      // Duplicate object, unique violation, "tuple concurrently updated".
      if (attempt === 50 || (code !== "42710" && code !== "23505" && code !== "XX000")) throw error;
      await pause(5 + Math.random() * 20);
    }
  }
}

function roleRefused(role: string, cause: unknown): Error {
  const name = identifier(role);
  return new Error(
    `This database user may not set up the role ${role}. Let an administrator run: create role ${name} nologin; ` +
      `grant ${name} to <this user>;`,
    { cause },
  );
}

async function prepareSchema(client: pg.Client, { schema, role }: MigrateOptions): Promise<void> {
  const { rows } = await client.query<{ ready: boolean }>(
    "select case when to_regclass($1) is null then false else has_schema_privilege($2, $3, 'usage') end as ready",
    [`${identifier(schema)}.schema_migrations`, role, schema],
  );
  if (rows[0]?.ready === true) return;
  const [schemaName, roleName] = [identifier(schema), identifier(role)];
  await client.query(`
    create schema if not exists ${schemaName};
    grant usage on schema ${schemaName} to ${roleName};
    alter default privileges in schema ${schemaName} grant select, insert, update, delete on tables to ${roleName};
    alter default privileges in schema ${schemaName} grant usage, select on sequences to ${roleName};
    create table if not exists ${schemaName}.schema_migrations (
      version integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default clock_timestamp()
    );
    revoke insert, update, delete on ${schemaName}.schema_migrations from ${roleName}`);
}

/** Checks the whole history, then applies the first file that is missing from it. Returns its name. */
async function applyNext(
  client: pg.Client,
  schema: string,
  migrations: Migration[],
): Promise<string | undefined> {
  const { rows } = await client.query<Applied>(
    "select version, name, checksum from schema_migrations order by version",
  );
  for (const row of rows) checkApplied(schema, row, migrations);
  const next = migrations.find(({ version }) => !rows.some((row) => row.version === version));
  if (next === undefined) return undefined;
  const last = rows.at(-1);
  if (last !== undefined && next.version < last.version) {
    throw new Error(
      `${next.name} is numbered below ${last.name}, which the schema "${schema}" already has. Give it a new number.`,
    );
  }
  await apply(client, schema, next);
  return next.name;
}

function checkApplied(schema: string, row: Applied, migrations: Migration[]): void {
  const file = migrations.find(({ version }) => version === row.version);
  if (file === undefined) {
    throw new Error(
      `The schema "${schema}" has been migrated to ${row.name}, which this version of Kenshu does not know. ` +
        "It belongs to a newer version; run that one, or restore a backup made before it.",
    );
  }
  if (file.checksum !== row.checksum) {
    throw new Error(
      `${file.name} has been changed after it was applied to the schema "${schema}". ` +
        "An applied migration never changes; put it back and write the change as a new file.",
    );
  }
}

async function apply(client: pg.Client, schema: string, migration: Migration): Promise<void> {
  try {
    await client.query(migration.text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${migration.name} could not be applied to the schema "${schema}": ${reason}`, {
      cause: error,
    });
  }
  // A file may have changed the search path for itself; the record must land in its own schema all the same.
  await client.query(
    `insert into ${identifier(schema)}.schema_migrations (version, name, checksum) values ($1, $2, $3)`,
    [migration.version, migration.name, migration.checksum],
  );
}
