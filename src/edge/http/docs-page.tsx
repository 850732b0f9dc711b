import { createHash } from "node:crypto";
import { renderToString } from "preact-render-to-string";
import { type ProblemCode, problemEntry } from "../../core/protocol/protocol.ts";
import { type Described, refusalsOf } from "./openapi.ts";
import type { DeclaredRoute } from "./routes.ts";

const style = `
:root { color-scheme: light dark; --line: #8884; --quiet: #6e6e6e; }
@media (prefers-color-scheme: dark) { :root { --quiet: #a5a5a5; } }
body { margin: 0 auto; padding: 1rem 1rem 4rem; max-width: 60rem; font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
article { border-top: 1px solid var(--line); padding: 1rem 0; }
code { font: .9em ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
td { overflow-wrap: anywhere; } .quiet { color: var(--quiet); } p { margin: .25rem 0; }
nav ul { columns: 18rem; list-style: none; padding: 0; } summary { cursor: pointer; }
`;

/** The page styles itself; its policy names that style by its hash and allows nothing else. */
export const docsPolicy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

interface Schema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  format?: string;
  pattern?: string;
  description?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

interface Field {
  name: string;
  kind: string;
  needed: boolean;
  says: string;
}

function range(low: number | undefined, high: number | undefined, unit: string): string {
  if (low === undefined && high === undefined) return "";
  if (high === undefined || high === Number.MAX_SAFE_INTEGER) return ` from ${low ?? 0}${unit}`;
  return ` ${low ?? 0} to ${high}${unit}`;
}

function kindOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(kindOf).join(" or ");
  if (schema.type === "array")
    return `list of ${kindOf(schema.items ?? {})}${range(schema.minItems, schema.maxItems, "")}`;
  if (schema.type === "integer") return `integer${range(schema.minimum, schema.maximum, "")}`;
  if (schema.type !== "string") return [schema.type ?? "anything"].flat().join(" or ");
  return (schema.format ?? "text") + range(schema.minLength, schema.maxLength, " characters");
}

/** The fields of a schema, those of inner objects with their path. */
function fieldsOf(schema: Schema, path = ""): Field[] {
  const fields: Field[] = [];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const full = path + name;
    fields.push({
      name: full,
      kind: kindOf(field),
      needed: schema.required?.includes(name) === true,
      says: [field.description, field.pattern].filter((part) => part !== undefined).join("; "),
    });
    const forms = field.anyOf ?? [field];
    for (const form of forms) {
      if (form.type === "array") fields.push(...fieldsOf(form.items ?? {}, `${full}[].`));
      else fields.push(...fieldsOf(form, `${full}.`));
    }
  }
  const seen = new Set<string>();
  return fields.filter((field) => {
    const key = `${field.name} ${field.kind}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function Fields({ title, schema }: { title: string; schema: unknown }) {
  if (typeof schema !== "object" || schema === null) return null;
  const fields = fieldsOf(schema);
  if (fields.length === 0) return null;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{title}</th>
          <th scope="col">Kind</th>
          <th scope="col">About</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={`${field.name} ${field.kind}`}>
            <td>
              <code>{field.name}</code>
              {field.needed ? " (needed)" : ""}
            </td>
            <td>{field.kind}</td>
            <td class="quiet">{field.says}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Refusals({ codes }: { codes: readonly ProblemCode[] }) {
  return (
    <details>
      <summary>Refusals</summary>
      <table>
        <tbody>
          {codes.map((code) => (
            <tr key={code}>
              <td>{problemEntry(code).status}</td>
              <td>
                <code>{code}</code>
              </td>
              <td>{problemEntry(code).title}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function idOf(route: DeclaredRoute): string {
  return `${route.methods.join("-")}${route.url}`.replaceAll(/[^A-Za-z0-9]+/g, "-");
}

function Call({ route, access }: { route: DeclaredRoute; access: Described["access"] }) {
  return (
    <article id={idOf(route)}>
      <h2>
        <code>
          {route.methods.join(", ")} {route.url}
        </code>
      </h2>
      {route.schema.summary !== undefined && <p>{route.schema.summary}</p>}
      {route.schema.description !== undefined && <p>{route.schema.description}</p>}
      <p class="quiet">Who: {route.access.map((word) => access[word] ?? word).join("; ")}.</p>
      <Fields title="In the address" schema={route.schema.params} />
      <Fields title="In the query" schema={route.schema.querystring} />
      <Fields title="In the body" schema={route.schema.body} />
      {Object.entries((route.schema.response ?? {}) as Record<string, unknown>).map(([status, schema]) => (
        <Fields key={status} title={`Answer ${status}`} schema={schema} />
      ))}
      <Refusals codes={refusalsOf(route)} />
    </article>
  );
}

/** The readable page about every call of a server. */
export function docsPage(routes: readonly DeclaredRoute[], server: Described): string {
  const shown = routes
    .map((route) => ({ ...route, methods: route.methods.filter((method) => method !== "HEAD") }))
    .filter((route) => route.methods.length > 0)
    .sort((a, b) => Number(a.page) - Number(b.page));
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${server.name} ${server.version}: every call`}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <h1>{server.name}</h1>
        <p>{server.description}</p>
        <p>
          Version {server.version}. The same for programs: <a href="/openapi.json">openapi.json</a>.
        </p>
        <nav aria-label="Calls">
          <ul>
            {shown.map((route) => (
              <li key={idOf(route)}>
                <a href={`#${idOf(route)}`}>
                  <code>
                    {route.methods.join(", ")} {route.url}
                  </code>
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <main>
          {shown.map((route) => (
            <Call key={idOf(route)} route={route} access={server.access} />
          ))}
        </main>
      </body>
    </html>
  );
  return `<!doctype html>${renderToString(page)}`;
}
