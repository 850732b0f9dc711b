/** The description of a server in OpenAPI 3.1. */
import { problemSchema } from "../../core/answers/answers.ts";
import { keyPattern } from "../../core/protocol/protocol.ts";
import { type Components, type Json, makeComponents, referredTo } from "./components.ts";
import { callsOf, type DeclaredRoute, type Described, openPath, operationId, takesKey } from "./declared.ts";
import { type Examples, makeExamples } from "./examples.ts";
import { answerHeaders, headerComponents, type Heading } from "./response-headers.ts";
import { isAct, refusalsOf } from "./refusals.ts";

/** What every part of the description is made with. */
interface Making {
  routes: readonly DeclaredRoute[];
  server: Described;
  components: Components;
  /** Refusals that many calls have in common, by their names. */
  refusals: Record<string, Json>;
}

/** The names of parameters that hold a key of data, such as `metadata[key]`. */
const keyedName = /^\^(\w+)\\\[\((.*)\)\\\]\$$/;

function parameters(route: DeclaredRoute, { refer }: Components): Json[] {
  const of = (schema: unknown): Json => ((schema as Json | undefined)?.["properties"] ?? {}) as Json;
  const needed = ((route.schema.querystring as Json | undefined)?.["required"] ?? []) as string[];
  const parameter = (place: "path" | "query", name: string, required: boolean, schema: unknown) => {
    const { description, ...shape } = refer(schema);
    return {
      name,
      in: place,
      required,
      ...(description === undefined ? {} : { description }),
      schema: shape,
    };
  };
  const inPath = of(route.schema.params);
  const named = [...openPath(route.url).matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? "");
  const path = named.map((name) => parameter("path", name, true, inPath[name] ?? { type: "string" }));
  const query = Object.entries(of(route.schema.querystring)).map(([name, schema]) =>
    parameter("query", name, needed.includes(name), schema),
  );
  const patterns = ((route.schema.querystring as Json | undefined)?.["patternProperties"] ?? {}) as Json;
  const keyed = Object.entries(patterns).map(([pattern, value]) => {
    const [, name = pattern, key = ""] = keyedName.exec(pattern) ?? [];
    const schema = {
      type: "object",
      propertyNames: { pattern: `^${key}$` },
      additionalProperties: refer(value),
    };
    return { name, in: "query", required: false, style: "deepObject", explode: true, schema };
  });
  const key = takesKey(route) ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : [];
  return [...path, ...query, ...keyed, ...key];
}

const phrases: Readonly<Record<string, string>> = {
  200: "Done",
  201: "Made",
  202: "Taken, and not done yet",
  204: "Done, and there is nothing to read",
};

function contentOf(schema: unknown, { refer }: Components): Json {
  const { contentMediaType } = schema as { contentMediaType?: string };
  return contentMediaType === undefined
    ? { "application/json": { schema: refer(schema) } }
    : { [contentMediaType]: { schema: { type: "string" } } };
}

/** By status, every schema that is answered when a call is done. */
function doneBy({ routes, components }: Making, route: DeclaredRoute): Map<string, Json | undefined> {
  const { acts, ...own } = route.schema.answers ?? {};
  const found = new Map<string, Map<string, Json>>();
  const add = (answers: Readonly<Record<string, unknown>>) => {
    for (const [status, schema] of Object.entries(answers)) {
      const contents = found.get(status) ?? new Map<string, Json>();
      found.set(status, contents);
      if (schema === null) continue;
      for (const [type, media] of Object.entries(contentOf(schema, components)))
        contents.set(`${type} ${JSON.stringify(media)}`, { [type]: media });
    }
  };
  add(own);
  if (acts !== undefined) {
    add(acts);
    for (const { schema } of routes.filter(isAct)) add(schema.answers ?? {});
  }
  return new Map([...found].map(([status, contents]) => [status, oneContent([...contents.values()])]));
}

/** Several contents of one status as one; undefined where there is nothing to read. */
function oneContent(contents: readonly Json[]): Json | undefined {
  const schemas = contents.flatMap((content) => {
    const media = content["application/json"] as { schema: Json } | undefined;
    return media === undefined ? [] : [media.schema];
  });
  if (schemas.length > 1) {
    const branches = schemas.flatMap((schema) => (schema["anyOf"] as Json[] | undefined) ?? [schema]);
    const different = new Map(branches.map((branch) => [JSON.stringify(branch), branch]));
    return { "application/json": { schema: { anyOf: [...different.values()] } } };
  }
  return contents.length === 0 ? undefined : Object.assign({}, ...contents);
}

/** A refusal that many calls have in common stands among the components; one of many codes is one call's own. */
function shared({ refusals }: Making, name: string, refused: Json): Json {
  if (name.length > longestName) return refused;
  const text = JSON.stringify(refused);
  const known = Object.keys(refusals).filter((each) => each === name || each.startsWith(`${name}-`));
  const same = known.find((each) => JSON.stringify(refusals[each]) === text);
  // The same codes with other headers.
  const title = same ?? (known.length === 0 ? name : `${name}-${known.length + 1}`);
  refusals[title] = refused;
  return { $ref: `#/components/responses/${title}` };
}

const longestName = 80;

function responses(making: Making, route: DeclaredRoute): Json {
  const { routes, server, components } = making;
  const answers: Record<string, Json> = {};
  const heading: Heading = { routes, route };
  for (const [status, content] of doneBy(making, route)) {
    answers[status] = {
      description: phrases[status] ?? "Answered",
      headers: answerHeaders(heading, status),
      ...(content === undefined ? {} : { content }),
    };
  }
  const problem = { "application/problem+json": { schema: components.refer(problemSchema) } };
  const codesOf = new Map<number, string[]>();
  for (const [code, statuses] of refusalsOf(routes, route, server))
    for (const status of statuses) codesOf.set(status, [...(codesOf.get(status) ?? []), code]);
  for (const [status, codes] of codesOf) {
    const titles = codes.map((code) => `\`${code}\``).join(", ");
    const done = answers[status];
    const refused = {
      description: done === undefined ? titles : `${String(done["description"])}; or ${titles}`,
      headers: answerHeaders(heading, String(status)),
      content: { ...(done?.["content"] as Json | undefined), ...problem },
      "x-codes": codes,
    };
    answers[status] = done === undefined ? shared(making, `Refused_${codes.join("_")}`, refused) : refused;
  }
  return Object.fromEntries(Object.entries(answers).toSorted(([one], [other]) => one.localeCompare(other)));
}

/** By what those are known who may call; nothing where anybody may. */
function security({ access }: DeclaredRoute, { knownBy }: Described): Json[] {
  const schemes = new Set(access.flatMap((word) => knownBy[word] ?? []));
  const known = [...schemes].map((scheme): Json => ({ [scheme]: [] }));
  return access.includes("anyone") && known.length > 0 ? [{}, ...known] : known;
}

function requestBody(route: DeclaredRoute, method: string, { components }: Making): Json {
  const { body } = route.schema;
  if (route.text)
    return { requestBody: { required: true, content: { "text/plain": { schema: { type: "string" } } } } };
  if (method === "GET" || body === undefined) return {};
  const { required = [] } = body as { required?: readonly string[] };
  const id = operationId(method, route.url);
  const schema = components.name(`${id.charAt(0).toUpperCase()}${id.slice(1)}Body`, body);
  return {
    requestBody: { required: required.length > 0, content: { "application/json": { schema } } },
  };
}

function operation(making: Making, declared: DeclaredRoute, method: string): Json {
  const { access, acts } = making.server;
  const route = { ...declared, methods: [method] };
  const { summary, description, tags } = route.schema;
  const who = route.access.map((word) => access[word] ?? word).join("; ");
  const does = route.acts.map((act) => `\`${act}\` (${acts[act] ?? act})`).join("; ");
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
    security: security(route, making.server),
    parameters: parameters(route, making.components),
    ...requestBody(route, method, making),
    responses: responses(making, route),
  };
}

const messageHeaders = ["webhook-id", "webhook-timestamp", "webhook-signature"];

/** What is sent to webhooks: each kind of message is a call that receivers take. */
function webhooks({ server, components }: Making): Json {
  return Object.fromEntries(
    Object.entries(server.messages).map(([type, schema]) => {
      const words = type.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
      const post = {
        operationId: `on${words.join("")}`,
        summary: `\`${type}\` has happened`,
        description: "A message after Standard Webhooks 1.0.0. What is answered but 2xx is sent again.",
        tags: ["Webhooks"],
        security: [],
        parameters: messageHeaders.map((name) => ({
          name,
          in: "header",
          required: true,
          schema: { type: "string" },
        })),
        requestBody: {
          required: true,
          content: { "application/json": { schema: components.refer(schema) } },
        },
        responses: { 204: { description: "Taken" }, 410: { description: "Nothing more is to be sent" } },
      };
      return [type, { post }];
    }),
  );
}

interface Illustrating {
  examples: Examples;
  more: Described["moreExamples"];
  /** Examples that are referred to, by their names. */
  shown: Record<string, Json>;
}

/** Puts an example beside each schema of a body: one component for each name, and the others where they are. */
function illustrate(part: unknown, illustrating: Illustrating, isRequest = false): void {
  if (typeof part !== "object" || part === null) return;
  const { examples, more, shown } = illustrating;
  for (const [key, value] of Object.entries(part)) {
    if (key !== "content") {
      illustrate(value, illustrating, key === "requestBody" || isRequest);
      continue;
    }
    for (const [type, media] of Object.entries(value as Record<string, Json>)) {
      if (type !== "application/json") continue;
      const schema = media["schema"] as Json;
      const name = referredTo(schema) ?? "";
      if (name === "") media["example"] = examples.of(schema);
      else {
        shown[name] ??= { value: examples.of(schema, isRequest) };
        const others = Object.entries(more[name] ?? {}).map(([word, example]) => {
          shown[`${name}_${word}`] ??= example;
          return [word, { $ref: `#/components/examples/${name}_${word}` }];
        });
        media["examples"] = {
          whole: { $ref: `#/components/examples/${name}` },
          ...(Object.fromEntries(others) as Json),
        };
      }
    }
  }
}

function introduction({ description, firstSteps }: Described): string {
  if (firstSteps.length === 0) return description;
  const steps = firstSteps.map(
    ({ says, call }, index) => `${index + 1}. ${says}\n\n\`\`\`sh\n${call}\n\`\`\``,
  );
  return [description, "## A first trade", ...steps].join("\n\n");
}

/** The description of a server in OpenAPI 3.1. */
export function describe(routes: readonly DeclaredRoute[], server: Described): Json {
  const components = makeComponents();
  const making: Making = { routes, server, components, refusals: {} };
  const paths: Record<string, Json> = {};
  const calls = callsOf(routes, server);
  for (const route of calls)
    for (const method of route.methods)
      (paths[openPath(route.url)] ??= {})[method.toLowerCase()] = operation(making, route, method);
  const messages = webhooks(making);
  const shown: Record<string, Json> = {};
  const examples = makeExamples(components.schemas, server.examples);
  illustrate([paths, messages], { examples, more: server.moreExamples, shown });
  const schemes = new Set(
    calls.flatMap((route) => security(route, server).flatMap((each) => Object.keys(each))),
  );
  const used = new Set(calls.flatMap(({ schema }) => schema.tags ?? []));
  return {
    openapi: "3.1.0",
    info: {
      title: server.name,
      version: server.version,
      description: introduction(server),
      license: { name: "Apache License 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: server.url }],
    tags: server.tags.filter(({ name }) => used.has(name)),
    paths,
    ...(Object.keys(messages).length === 0 ? {} : { webhooks: messages }),
    components: {
      schemas: components.schemas,
      responses: making.refusals,
      examples: shown,
      headers: headerComponents,
      parameters: {
        IdempotencyKey: {
          name: "Idempotency-Key",
          in: "header",
          required: false,
          description: "The same key with the same body gets the first answer again",
          schema: { type: "string", pattern: keyPattern },
        },
      },
      securitySchemes: Object.fromEntries(
        Object.entries(server.schemes).filter(([name]) => schemes.has(name)),
      ),
    },
  };
}
