/** Which statements servers have prepared, and whether one of them walks a table that grows. */
import assert from "node:assert/strict";
import pg from "pg";
import { type Database, rawSql } from "../../../src/storage/database/database.ts";

type Asked = { name?: string; text?: string };
interface Connection {
  connectionParameters?: { options?: string };
}

/** Statements that connections prepare from now on, by name, until the tests of the file are over. */
export function recordStatements(
  t: { after(release: () => void): unknown },
  isServer: (connection: Connection) => boolean,
): ReadonlyMap<string, string> {
  const prepared = new Map<string, string>();
  const send: unknown = Reflect.get(pg.Client.prototype, "query");
  Reflect.set(pg.Client.prototype, "query", function record(this: pg.Client, ...given: unknown[]): unknown {
    const asked = given[0] as Asked;
    if (asked.name !== undefined && asked.text !== undefined && isServer(this as object))
      prepared.set(asked.name, asked.text);
    return Reflect.apply(send as () => unknown, this, given);
  });
  t.after(() => Reflect.set(pg.Client.prototype, "query", send));
  return prepared;
}

interface Node {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  Plans?: Node[];
}

/** Of the indexes of a schema: which table each is of, and which hold only a part of it. */
interface Indexes {
  tables: ReadonlyMap<string, string>;
  partial: ReadonlySet<string>;
}

/** What of a plan reads a growing table and is not led by a key, or compares all that was given with all that was read. */
function walks(node: Node, indexes: Indexes, small: ReadonlySet<string>, limited = false): string[] {
  const { "Node Type": type, "Index Name": index = "", "Index Cond": cond } = node;
  const table = node["Relation Name"] ?? indexes.tables.get(index);
  const isScan = type.endsWith("Scan") && type !== "Bitmap Heap Scan" && table !== undefined;
  const led = cond !== undefined || limited || indexes.partial.has(index);
  const here = isScan && !led && !small.has(table) ? [`${type} of ${table}`] : [];
  const inner = node.Plans?.[1]?.["Node Type"];
  if (type === "Nested Loop" && inner === "Function Scan") here.push("all given with all read");
  const isLimit = type === "Limit" || (limited && /^(LockRows|Result|Subquery Scan)$/.test(type));
  return [...here, ...(node.Plans ?? []).flatMap((each) => walks(each, indexes, small, isLimit))];
}

/** Each walk over a table that grows, with the statement; `small` names tables that do not. */
export async function findWalks(
  database: Database,
  statements: ReadonlyMap<string, string>,
  small: ReadonlySet<string>,
): Promise<string[]> {
  const rows = await database.query<{ name: string; table: string; partial: boolean }>(
    rawSql(`
      select indexrelid::regclass::text as name, indrelid::regclass::text as table, indpred is not null as partial
      from pg_index`),
  );
  const indexes = {
    tables: new Map(rows.map(({ name, table }) => [name, table])),
    partial: new Set(rows.filter(({ partial }) => partial).map(({ name }) => name)),
  };
  const found: string[] = [];
  await database.transaction(async (client) => {
    await client.execute(rawSql("set local enable_seqscan = off"));
    await client.execute(rawSql("set local jit = off"));
    for (const [name, text] of statements) {
      if (!/^\s*(select|insert|update|delete|with)\b/i.test(text)) continue;
      const [row] = await client.query<{ "QUERY PLAN": { Plan: Node }[] }>(
        rawSql(`explain (generic_plan, format json) ${text}`),
      );
      const plan = row?.["QUERY PLAN"][0]?.Plan;
      assert.ok(plan !== undefined, name);
      for (const walk of walks(plan, indexes, small))
        found.push(`${walk}: ${text.replaceAll(/\s+/g, " ").trim()}`);
    }
  });
  return found;
}

/** Makes PostgreSQL believe that every table has ten million rows. */
export async function swell(database: Database): Promise<void> {
  await database.execute(rawSql("analyze"));
  await database.execute(
    rawSql(`
      select pg_restore_relation_stats('schemaname', n.nspname::text, 'relname', c.relname::text,
        'relpages', greatest(pg_relation_size(c.oid) / 8192, 1)::integer, 'reltuples', 10000000::real)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'i') and n.nspname = current_schema()`),
  );
}
