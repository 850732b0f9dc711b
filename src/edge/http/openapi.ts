import { keyPattern, type ProblemCode, problemCodes, problemEntry } from "../../core/protocol/protocol.ts";
import { type DeclaredRoute, fieldOfMade } from "./routes.ts";

/** What the description says of the server as a whole. */
export interface Described {
  name: string;
  version: string;
  description: string;
  /** Who may call: each word of the server's access list with a sentence. */
  access: Readonly<Record<string, string>>;
  /** What operators do: each act with how many of them it takes. */
  acts: Readonly<Record<string, string>>;
}

type Json = Record<string, unknown>;

const problemSchema = {
  type: "object",
  description: "A refusal (RFC 9457).",
  required: ["type", "title", "status", "detail", "code", "transient"],
  properties: {
    type: { type: "string", format: "uri" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string", enum: problemCodes },
    transient: { type: "boolean", description: "Whether the same request may get another answer later" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["pointer", "message"],
        properties: { pointer: { type: "string" }, message: { type: "string" } },
      },
    },
    trade: { type: "string", description: "The number of the trade that is concerned" },
    act: { type: "string", description: "The id of an operator's act that waits for a second operator" },
  },
};

/** Every code that a route may answer: those it declares, and those that come with what it takes. */
export function refusalsOf(route: DeclaredRoute): ProblemCode[] {
  const codes = new Set<ProblemCode>(route.refusals);
  const writes = route.methods.some((method) => method !== "GET" && method !== "HEAD");
  if (!route.access.includes("anyone")) codes.add("not_authenticated").add("not_allowed");
  if (writes) codes.add("malformed_request").add("unsupported_media_type").add("body_too_large");
  if (writes) codes.add("cross_site_request").add("idempotency_key_invalid").add("request_timeout");
  const { body, querystring, params } = route.schema;
  if (body !== undefined || querystring !== undefined || params !== undefined) codes.add("invalid_field");
  if (params !== undefined) codes.add("not_found");
  codes.add("overloaded").add("internal_error");
  return problemCodes.filter((code) => codes.has(code));
}

/** A colon-parameter of the router as OpenAPI writes it. */
function openPath(url: string): string {
  return url.replaceAll(/:([A-Za-z0-9_]+)/g, "{$1}").replace(/\*$/, "{path}");
}

function parameters(route: DeclaredRoute): Json[] {
  const of = (schema: unknown): Json => ((schema as Json | undefined)?.["properties"] ?? {}) as Json;
  const needed = ((route.schema.querystring as Json | undefined)?.["required"] ?? []) as string[];
  const inPath = of(route.schema.params);
  const named = [...openPath(route.url).matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? "");
  const path = named.map((name) => ({
    name,
    in: "path",
    required: true,
    schema: inPath[name] ?? { type: "string" },
  }));
  const query = Object.entries(of(route.schema.querystring)).map(([name, schema]) => ({
    name,
    in: "query",
    required: needed.includes(name),
    schema,
  }));
  const key = route.methods.includes("POST") && !route.form;
  return [...path, ...query, ...(key ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : [])];
}

/** Where what was made is, as far as it is read again. */
function locationOf(routes: readonly DeclaredRoute[], route: DeclaredRoute): Json {
  const field = fieldOfMade(routes, route);
  if (field === undefined) return {};
  const description = `The address of what was made: this one with its \`${field}\``;
  return { headers: { Location: { description, schema: { type: "string", format: "uri-reference" } } } };
}

const challengeHeader = {
  "WWW-Authenticate": {
    description: "By what a caller makes themselves known",
    schema: { type: "string" },
  },
};

function responses(routes: readonly DeclaredRoute[], route: DeclaredRoute): Json {
  const answers: Json = {};
  const declared = (route.schema.response ?? {}) as Record<string, Json>;
  for (const [status, schema] of Object.entries(declared)) {
    const content = { [route.page ? "text/html" : "application/json"]: { schema } };
    answers[status.toUpperCase() === "DEFAULT" ? "default" : status] = {
      description: schema["description"] ?? "Done",
      ...(status === "201" ? locationOf(routes, route) : {}),
      content,
    };
  }
  if (Object.keys(answers).length === 0) {
    const content = route.page ? { "text/html": { schema: { type: "string" } } } : undefined;
    const made = locationOf(routes, route);
    answers["headers" in made ? "201" : "200"] = {
      ...made,
      description: route.page ? "The page" : "Done",
      ...(content && { content }),
    };
  }
  const codesOf = new Map<number, ProblemCode[]>();
  for (const code of refusalsOf(route)) {
    const { status } = problemEntry(code);
    codesOf.set(status, [...(codesOf.get(status) ?? []), code]);
  }
  for (const [status, codes] of codesOf) {
    answers[status] = {
      description: codes.map((code) => `${code}: ${problemEntry(code).title}.`).join(" "),
      ...(status === 401 ? { headers: challengeHeader } : {}),
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    };
  }
  return answers;
}

function operationId(method: string, url: string): string {
  const words = url.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join(
    "",
  );
}

function operation(
  routes: readonly DeclaredRoute[],
  route: DeclaredRoute,
  method: string,
  { access, acts }: Described,
): Json {
  const { summary, description, tags, body } = route.schema;
  const who = route.access.map((word) => access[word] ?? word).join("; ");
  const does = route.acts.map((act) => `\`${act}\` (${acts[act] ?? act})`).join("; ");
  const writes = method !== "GET" && body !== undefined;
  const type = route.form ? "application/x-www-form-urlencoded" : "application/json";
  return {
    operationId: operationId(method, route.url),
    ...(summary === undefined ? {} : { summary }),
    description: [
      description,
      `Who may call it: ${who}.`,
      does === "" ? undefined : `By an operator it is ${does}.`,
    ]
      .filter((part) => part !== undefined)
      .join("\n\n"),
    ...(tags === undefined ? {} : { tags }),
    "x-access": route.access,
    ...(does === "" ? {} : { "x-acts": route.acts }),
    security: route.access.includes("anyone") ? [] : [{ key: [] }, { session: [] }],
    parameters: parameters({ ...route, methods: [method] }),
    ...(writes ? { requestBody: { content: { [type]: { schema: body } } } } : {}),
    responses: responses(routes, { ...route, methods: [method] }),
  };
}

/** The description of a server in OpenAPI 3.1. */
export function describe(routes: readonly DeclaredRoute[], server: Described): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = openPath(route.url);
    paths[path] ??= {};
    for (const method of route.methods) {
      // A server answers HEAD wherever it answers GET, so that saying so at each address says nothing.
      if (method !== "HEAD") paths[path][method.toLowerCase()] = operation(routes, route, method, server);
    }
  }
  return {
    openapi: "3.1.0",
    info: { title: server.name, version: server.version, description: server.description },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    paths: Object.fromEntries(Object.entries(paths).filter(([, item]) => Object.keys(item).length > 0)),
    components: {
      schemas: { Problem: problemSchema },
      parameters: {
        IdempotencyKey: {
          name: "Idempotency-Key",
          in: "header",
          required: false,
          description: "The same key with the same body gets the first answer again",
          schema: { type: "string", pattern: keyPattern },
        },
      },
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "The key of a shop or of an administrator" },
        session: { type: "apiKey", in: "cookie", name: "session", description: "Set by the sign-in page" },
      },
    },
  };
}
