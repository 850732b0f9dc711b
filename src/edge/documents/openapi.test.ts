/** The documents of a server, made of the routes that it has declared. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import Type from "typebox";
import { problemCodes } from "../../core/protocol/protocol.ts";
import { moveSchemas, named, proposeSchema } from "../../core/protocol/schemas.ts";
import { type Listening, listening } from "../../../test/support/wire/listening.ts";
import { closeGracefully } from "../http/http.ts";
import { makeComponents } from "./components.ts";
import { makeExamples } from "./examples.ts";
import { readSaid } from "./problems-page.tsx";

interface Operation {
  operationId: string;
  description: string;
  "x-access": string[];
  security: object[];
  parameters: ({ name: string; in: string; required: boolean; schema: object } | { $ref: string })[];
  requestBody?: { content: Record<string, { schema: { $ref: string } }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: { $ref?: string } }> }>;
}

interface Description {
  openapi: string;
  info: { title: string; version: string; description: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, Record<string, unknown>>>;
}

let tested: Listening;
let description: Description;

const thing = named("Thing", { id: Type.String(), at: Type.String({ format: "instant" }) });

before(async () => {
  const documents = {
    tags: [
      { name: "First", description: "Read first" },
      { name: "Second", description: "Read then" },
    ],
    schemes: { key: { type: "http", scheme: "bearer" }, unused: { type: "http", scheme: "basic" } },
    knownBy: { shop: ["key"] },
    firstSteps: [{ says: "Propose <it>.", call: "curl <there>" }],
  };
  tested = await listening(
    (server) => {
      const number = Type.Object({ number: Type.String({ pattern: "^[0-9]+$" }) });
      const limit = Type.Object(
        { limit: Type.Optional(Type.String()) },
        { patternProperties: { "^metadata\\[([a-z]{1,40})\\]$": Type.String() } },
      );
      const answers = { 200: thing };
      server.get(
        "/v1/trades",
        { config: { access: ["shop"] }, schema: { tags: ["Second"], querystring: limit, answers } },
        async () => ({}),
      );
      server.post(
        "/v1/trades",
        {
          config: { access: ["shop"], refusals: ["insufficient_funds", ["mandate_not_valid", 422]] },
          schema: { tags: ["First"], summary: "Propose", body: proposeSchema, answers: { 201: thing } },
        },
        async () => ({}),
      );
      for (const [name, body] of Object.entries(moveSchemas)) {
        server.post(
          `/v1/trades/:number/${name}`,
          {
            config: { access: ["member", "shop"] },
            schema: { tags: ["First"], params: number, body, answers },
          },
          async () => ({}),
        );
      }
      server.get("/<b>", { config: { access: ["anyone"], page: true } }, async () => "");
      server.get("/plain", { config: { access: ["anyone"] } }, async () => ({}));
    },
    { documents },
  );
  description = (await (await fetch(`${tested.url}/openapi.json`)).json()) as Description;
});
after(() => closeGracefully(tested.server, { timeoutMs: 2000 }));

function operations(): [path: string, method: string, operation: Operation][] {
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]): [string, string, Operation] => [path, method, one]),
  );
}

/** What a part is, also where it is referred to. */
function found(part: unknown): Record<string, unknown> {
  const { $ref } = part as { $ref?: string };
  if ($ref === undefined) return part as Record<string, unknown>;
  let held: unknown = description;
  for (const name of $ref.slice(2).split("/")) held = (held as Record<string, unknown>)[name];
  return held as Record<string, unknown>;
}

test("the description holds the calls of programs in the order of their parts, and no page, probe or file", () => {
  assert.equal(description.openapi, "3.1.0");
  const names = operations().map(([path, method]) => `${method.toUpperCase()} ${path}`);
  const moves = Object.keys(moveSchemas).map((name) => `POST /v1/trades/{number}/${name}`);
  assert.deepEqual(names.toSorted(), ["GET /v1/trades", "POST /v1/trades", ...moves].toSorted());
  assert.equal(operations()[0]?.[2].operationId, "postV1Trades");
  assert.deepEqual(
    description.tags.map(({ name }) => name),
    ["First", "Second"],
  );
  assert.equal(new Set(operations().map(([, , one]) => one.operationId)).size, names.length);
});

test("its parts are where OpenAPI 3.1 wants them", () => {
  for (const [path, , one] of operations()) {
    const inPath = one.parameters.flatMap((part) => ("in" in part && part.in === "path" ? [part.name] : []));
    assert.deepEqual(
      inPath,
      [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
      path,
    );
    for (const [status, answer] of Object.entries(one.responses)) {
      assert.match(status, /^[1-5][0-9]{2}$/);
      const { description: said, content } = found(answer) as Operation["responses"][string];
      assert.ok(said.length > 0);
      if (Number(status) >= 400)
        assert.equal(
          content?.["application/problem+json"]?.schema.$ref,
          "#/components/schemas/Problem",
          `${path} ${status}`,
        );
    }
  }
  const problem = description.components["schemas"]?.["Problem"] as {
    properties: { code: { enum: string[] } };
  };
  assert.deepEqual(problem.properties.code.enum, problemCodes);
});

test("every reference leads somewhere", () => {
  const references = [...JSON.stringify(description).matchAll(/"\$ref":"(#\/[^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
  assert.ok(references.length > 10);
  for (const $ref of references) assert.equal(typeof found({ $ref }), "object", $ref);
});

test("a call says who may make it, by what they are known, what it takes, and how it is refused", () => {
  const propose = description.paths["/v1/trades"]?.["post"];
  assert.deepEqual(propose?.["x-access"], ["shop"]);
  assert.match(propose.description, /A shop/);
  assert.deepEqual(propose.security, [{ key: [] }]);
  assert.deepEqual(Object.keys(description.components["securitySchemes"] ?? {}), ["key"]);
  const { properties } = found(propose.requestBody?.content["application/json"]?.schema) as {
    properties: object;
  };
  assert.deepEqual(Object.keys(properties), Object.keys(proposeSchema.properties));
  const codesAt = (status: string) => found(propose.responses[status])["x-codes"] as string[];
  assert.deepEqual(codesAt("402"), ["insufficient_funds"]);
  assert.ok(codesAt("422").includes("invalid_field") && codesAt("422").includes("mandate_not_valid"));
  const list = description.paths["/v1/trades"]?.["get"];
  assert.ok(list?.parameters.some((part) => "in" in part && part.in === "query" && part.name === "limit"));
});

test("a parameter whose name holds a key is an object of its keys", () => {
  const list = description.paths["/v1/trades"]?.["get"];
  assert.deepEqual(
    list?.parameters.find((part) => "in" in part && part.name === "metadata"),
    {
      name: "metadata",
      in: "query",
      required: false,
      style: "deepObject",
      explode: true,
      schema: {
        type: "object",
        propertyNames: { pattern: "^[a-z]{1,40}$" },
        additionalProperties: { type: "string" },
      },
    },
  );
});

test("formats of ours are said in the words of the standard", () => {
  const shown = makeComponents();
  assert.deepEqual(shown.refer(Type.String({ format: "instant" })), {
    type: "string",
    format: "date-time",
    pattern: "Z$",
  });
  const byKey = Type.Record(Type.String({ pattern: "^[a-z]$" }), Type.String(), {
    additionalProperties: false,
  });
  assert.deepEqual(shown.refer(byKey), {
    type: "object",
    propertyNames: { pattern: "^[a-z]$" },
    additionalProperties: { type: "string" },
  });
  assert.deepEqual(shown.refer(thing), { $ref: "#/components/schemas/Thing" });
  assert.throws(() => shown.refer(named("Thing", { other: Type.String() })), /Two different schemas/);
});

test("an example has every field, and the least one those that are needed", () => {
  const examples = makeExamples({}, {});
  const schema = {
    type: "object",
    required: ["id"],
    properties: { id: { type: "string" }, when: { type: "string", format: "date" } },
  };
  assert.deepEqual(examples.of(schema), { id: "some text", when: "1990-01-31" });
  assert.deepEqual(examples.of(schema, true), { id: "some text" });
});

test("the page for people is a list without scripts, and leads nowhere else with them", async () => {
  const answer = await fetch(`${tested.url}/docs`);
  const page = await answer.text();
  for (const [path] of operations()) assert.ok(page.includes(path), path);
  assert.ok(page.includes("Propose &lt;it") && page.includes("curl &lt;there"));
  assert.ok(page.indexOf("A first trade") < page.indexOf("Read first"));
  assert.match(
    page,
    /<nav class="ways".*\/docs\/problems.*<\/nav><div id="reader">/,
    "what the reader does not take away",
  );
  assert.doesNotMatch(page, /<b>| on\w+=|<script>/);
  assert.deepEqual(
    [...page.matchAll(/(?:src|rel="stylesheet" href)="([^"]*)"/g)].map((match) => match[1]),
    ["/docs/reader/swagger-ui.css", "/docs/reader/swagger-ui-bundle.js", "/docs/reader/start.js"],
  );
  const policy = answer.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'; script-src 'self';/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
});

test("the page of problems has a place for each code, with what it means", async () => {
  const page = await (await fetch(`${tested.url}/docs/problems`)).text();
  for (const code of problemCodes) assert.ok(page.includes(`<tr id="${code}">`), code);
  assert.match(page, /Send <code>Content-Type: application\/json<\/code>/);
  assert.deepEqual(
    readSaid("| `a_b` | 400 | no | A title | It means `x`. | Do. |\n| no | row |").get("a_b"),
    {
      means: "It means `x`.",
      advice: "Do.",
    },
  );
});
