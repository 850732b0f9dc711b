import { createHash } from "node:crypto";

/** What may stand in a statement as a value. JSON goes in as text: `JSON.stringify` it and cast with `::jsonb`. */
export type Value = string | number | bigint | boolean | Date | Uint8Array | null | readonly Value[];

/**
 * A statement with its values kept apart. With a `name` the driver prepares it once per connection, so a name must
 * always stand for the same text.
 */
export type Query = { readonly text: string; readonly values: Value[]; readonly name?: string };

type Site = { readonly text: string; readonly name: string };

// A template site hands over the same strings array on every call, so its text is put together only once.
const sites = new WeakMap<TemplateStringsArray, Site>();

function siteOf(strings: TemplateStringsArray): Site {
  const known = sites.get(strings);
  if (known !== undefined) return known;
  const text = strings.reduce((all, part, index) => `${all}$${index}${part}`);
  // The name comes from the text alone: two sites with one text share one prepared statement, and a bundled copy of
  // this file cannot give the same name to another text.
  const site = { text, name: `k_${createHash("sha256").update(text).digest("hex").slice(0, 24)}` };
  sites.set(strings, site);
  return site;
}

/** A statement written as a template: every `${value}` becomes a parameter, never a part of the text. */
export function sql(strings: TemplateStringsArray, ...values: Value[]): Query {
  const { text, name } = siteOf(strings);
  return { text, values, name };
}

/** A statement whose text is made at run time (names of tables or databases). It is not prepared under a name. */
export function rawSql(text: string, values: Value[] = []): Query {
  return { text, values };
}

/** Quotes a name (schema, role, table, database) so that it can stand in the text of `rawSql`. */
export function identifier(name: string): string {
  if (name === "" || name.includes("\0"))
    throw new Error("A database name may not be empty or contain a zero byte.");
  return `"${name.replaceAll('"', '""')}"`;
}
