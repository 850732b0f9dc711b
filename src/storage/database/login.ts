/**
 * How servers sign in to the database: as a role that owns nothing and can become none that owns more. Whoever takes a
 * server over can then do what its calls can do, and not remove a constraint or rewrite the journal.
 */
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { Client } from "./client.ts";
import { errorCode } from "./errors.ts";
import { addressOf } from "./settings.ts";
import { identifier, sql } from "./sql.ts";

export type LoginOptions = {
  /** The owner's address, or that of an administrator who may make roles. */
  url: string;
  /** The role whose rights the login has and no others. */
  role: string;
  login: string;
  password: string;
};

/** Makes a login for servers where it is missing, gives it this password, and answers the address by which it signs in. */
export async function makeServerLogin({ url, role, login, password }: LoginOptions): Promise<string> {
  const client = new pg.Client({ connectionString: addressOf(url).href, application_name: "kenshu login" });
  client.on("error", () => {});
  await client.connect();
  try {
    const [name, group, quoted] = [identifier(login), identifier(role), client.escapeLiteral(password)];
    for (let attempt = 1; ; attempt += 1) {
      try {
        const known = await client.query("select 1 from pg_roles where rolname = $1", [login]);
        await client.query(
          `${known.rowCount === 0 ? "create" : "alter"} role ${name} login password ${quoted}`,
        );
        await client.query(`grant ${group} to ${name}`);
        break;
      } catch (error) {
        const code = errorCode(error);
        // Others make it at the same moment: duplicate object, unique violation, "tuple concurrently updated".
        if (attempt === 50 || (code !== "42710" && code !== "23505" && code !== "XX000")) throw error;
        await pause(5 + Math.random() * 20);
      }
    }
  } finally {
    await client.end();
  }
  const address = addressOf(url);
  address.username = encodeURIComponent(login);
  address.password = encodeURIComponent(password);
  return address.href;
}

/**
 * Throws where whoever has signed in owns something of what they work on, or may become a role that does or that has
 * rights over the whole server. What they act as at present does not count, since that is given up by a word.
 */
export async function checkLogin(client: Client): Promise<void> {
  const [found] = await client.query<{ login: string; much: string }>(sql`
    select session_user::text as login, much from (
      select 'may become ' || rolname || ', which has rights over the whole server' as much from pg_roles
        where (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
            or (rolname like 'pg\\_%' and rolname <> 'pg_database_owner'))
          and pg_has_role(session_user, oid, 'member')
      union all select 'owns the database' from pg_database
        where datname = current_database() and pg_has_role(session_user, datdba, 'member')
      union all select 'owns the schema' from pg_namespace
        where nspname = current_schema() and pg_has_role(session_user, nspowner, 'member')
      union all select 'owns ' || relname from pg_class
        where relnamespace = current_schema()::regnamespace and pg_has_role(session_user, relowner, 'member')
    ) as found limit 1`);
  if (found === undefined) return;
  throw new Error(
    `The database user ${found.login} ${found.much}. Servers sign in as a role that owns nothing: ` +
      "see The database's users in docs/running.md.",
  );
}
