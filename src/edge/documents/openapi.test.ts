import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import Type from "typebox";
import { problemCodes } from "../../core/protocol/protocol.ts";
import { moveSchemas, proposeSchema } from "../../core/protocol/schemas.ts";
import { type Listening, listening } from "../../../test/support/wire/listening.ts";
import { closeGracefully, routesOf } from "../http/http.ts";

interface Operation {
  operationId: string;
  description: string;
  "x-access": string[];
  parameters: ({ name: string; in: string; required: boolean; schema: object } | { $ref: string })[];
  requestBody?: { content: Record<string, { schema: { properties: object } }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: { $ref?: string } }> }>;
}

interface Description {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: { Problem: { properties: { code: { enum: string[] } } } };
    parameters: Record<string, object>;
  };
}

let tested: Listening;
let description: Description;

before(async () => {
  tested = await listening((server) => {
    const number = Type.Object({ number: Type.String({ pattern: "^[0-9]+$" }) });
    const limit = Type.Object({ limit: Type.Optional(Type.String()) });
    server.post(
      "/v1/trades",
      {
        config: { access: ["shop"], refusals: ["insufficient_funds"] },
        schema: { summary: "Propose", body: proposeSchema },
      },
      async () => ({}),
    );
    for (const [name, body] of Object.entries(moveSchemas)) {
      server.post(
        `/v1/trades/:number/${name}`,
        { config: { access: ["member", "shop"] }, schema: { params: number, body } },
        async () => ({}),
      );
    }
    server.get(
      "/v1/trades",
      { config: { access: ["shop"] }, schema: { querystring: limit } },
      async () => ({}),
    );
    server.get("/<b>", { config: { access: ["anyone"], page: true } }, async () => "");
  });
  description = (await (await fetch(`${tested.url}/openapi.json`)).json()) as Description;
});
after(() => closeGracefully(tested.server, { timeoutMs: 2000 }));

function operations(): [path: string, method: string, operation: Operation][] {
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]): [string, string, Operation] => [path, method, one]),
  );
}

test("the description names every route, and its parts are where OpenAPI 3.1 wants them", () => {
  assert.equal(description.openapi, "3.1.0");
  const declared = routesOf(tested.server)
    .flatMap((route) => route.methods.map((method) => `${method} ${route.url.replaceAll(/:(\w+)/g, "{$1}")}`))
    .filter((name) => !name.startsWith("HEAD "));
  const described = operations().map(([path, method]) => `${method.toUpperCase()} ${path}`);
  assert.ok(declared.length > 15);
  assert.deepEqual(described.sort(), declared.sort());
  assert.equal(new Set(operations().map(([, , one]) => one.operationId)).size, described.length);
  for (const [path, , one] of operations()) {
    const inPath = one.parameters.flatMap((part) => ("in" in part && part.in === "path" ? [part.name] : []));
    assert.deepEqual(
      inPath,
      [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
      path,
    );
    for (const [status, answer] of Object.entries(one.responses)) {
      assert.match(status, /^[1-5][0-9]{2}$|^default$/);
      assert.ok(answer.description.length > 0);
      if (Number(status) >= 400) {
        assert.equal(
          answer.content?.["application/problem+json"]?.schema.$ref,
          "#/components/schemas/Problem",
        );
      }
    }
  }
  assert.deepEqual(description.components.schemas.Problem.properties.code.enum, problemCodes);
});

test("every reference leads somewhere", () => {
  const references = [...JSON.stringify(description).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
  assert.ok(references.length > 10);
  for (const reference of references) {
    let held: unknown = description;
    for (const part of reference.split("/")) held = (held as Record<string, unknown>)[part];
    assert.equal(typeof held, "object", reference);
  }
});

test("a call says who may make it, what it takes, and how it is refused", () => {
  const propose = description.paths["/v1/trades"]?.["post"];
  assert.deepEqual(propose?.["x-access"], ["shop"]);
  assert.match(propose.description, /A shop/);
  assert.deepEqual(
    Object.keys(propose.requestBody?.content["application/json"]?.schema.properties ?? {}),
    Object.keys(proposeSchema.properties),
  );
  assert.match(propose.responses["402"]?.description ?? "", /insufficient_funds/);
  assert.match(propose.responses["422"]?.description ?? "", /invalid_field/);
  const list = description.paths["/v1/trades"]?.["get"];
  assert.ok(list?.parameters.some((part) => "in" in part && part.in === "query" && part.name === "limit"));
});

test("the page for people shows every call, escaped, without a script", async () => {
  const answer = await fetch(`${tested.url}/docs`);
  const page = await answer.text();
  for (const route of routesOf(tested.server)) {
    assert.ok(page.includes(route.url.replaceAll("<", "&lt;")), route.url);
  }
  assert.doesNotMatch(page, /<script|<b>| on\w+=/);
  assert.match(answer.headers.get("content-security-policy") ?? "", /style-src 'sha256-/);
});
