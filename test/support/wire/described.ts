/** A server's own routes as it has declared them: what is declared is what gets tested. */
import assert from "node:assert/strict";

/** The part of JSON Schema that the descriptions use. */
export interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  pattern?: string;
  format?: string;
}

export interface Operation {
  /** Such as `POST /v1/trades/{number}/accept`. */
  name: string;
  method: string;
  path: string;
  access: string[];
  /** Undefined where the call takes no body. */
  body: Schema | undefined;
  /** The body is that of an HTML form. */
  form: boolean;
  /** Answers are pages for people. */
  page: boolean;
  query: { name: string; schema: Schema }[];
}

interface Route {
  methods: string[];
  url: string;
  config: { access: string[]; page?: boolean; form?: boolean };
  schema?: { body?: Schema; querystring?: Schema };
}

/** Every call of a running server, pages among them, as it was declared (`held/watch.ts` tells them). */
export async function operationsOf(url: string): Promise<Operation[]> {
  const response = await fetch(`${url}/-/routes`);
  assert.equal(response.status, 200, "the runner of the tests has the routes told: npm test -- WORD");
  const routes = (await response.json()) as Route[];
  const operations = routes.flatMap((route) =>
    route.methods.filter((method) => method !== "HEAD").map((method) => operationOf(route, method)),
  );
  assert.ok(operations.length > 30, "the routes are there");
  return operations;
}

function operationOf({ url, config, schema = {} }: Route, method: string): Operation {
  const path = url.replaceAll(/:([A-Za-z0-9_]+)/g, "{$1}");
  const { access, form = false, page = false } = config;
  return {
    name: `${method} ${path}`,
    method,
    path,
    access,
    body: method === "GET" ? undefined : schema.body,
    form,
    page: form || page,
    query: Object.entries(schema.querystring?.properties ?? {}).map(([name, inner]) => ({
      name,
      schema: inner,
    })),
  };
}
