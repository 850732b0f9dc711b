/** What running servers publish of their calls is whole, valid, and taken by the tools that others use. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";
import { exampleCarts } from "../src/core/answers/answers.ts";
import {
  memberEventTypes,
  offerEventTypes,
  stepMessageType,
  tradeEventTypes,
} from "../src/core/protocol/protocol.ts";
import { judgeAll, judgeBy } from "./support/held/judge.ts";
import { launchBrowser } from "./browser.ts";
import { operationsOf } from "./support/wire/described.ts";
import { request } from "./support/wire/http.ts";
import { openGuaranteed } from "./support/world/guaranteed.ts";
import { openPair } from "./support/world/pair.ts";

type Json = Record<string, unknown>;
interface Media {
  schema: Json;
  example?: unknown;
  examples?: Record<string, { $ref: string }>;
}
interface Operation {
  tags: string[];
  security: Record<string, []>[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media>; $ref?: string }>;
}
interface Description extends Json {
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, { post: Operation }>;
  components: Record<string, Record<string, Json>>;
}

const pair = await openPair({ after });
const { guarantor } = await openGuaranteed({ after });
const servers = { ...pair, guarantor };
const folder = mkdtempSync(join(tmpdir(), "kenshu-openapi-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const root = fileURLToPath(new URL("../../", import.meta.url));

for (const party of ["institution", "facilitator", "guarantor"] as const) {
  const { url } = servers[party];
  const { json } = await request(`${url}/openapi.json`, "GET");
  const description = json as unknown as Description;
  const operations = Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, one]) => ({ name: `${method.toUpperCase()} ${path}`, ...one })),
  );

  test(`${party}: every route of programs is in the description, and nothing else is`, async () => {
    const routes = await operationsOf(url);
    const calls = routes.filter(({ path, page }) => !page && /^\/(v1|\.well-known)\//.test(path));
    assert.ok(calls.length > 80);
    assert.deepEqual(
      operations.map(({ name }) => name).toSorted(),
      calls.map(({ name }) => name).toSorted(),
      "a call says what it answers",
    );
  });

  test(`${party}: every call has an answer with a schema`, () => {
    for (const { name, responses } of operations) {
      const done = Object.entries(responses).filter(([status]) => Number(status) < 400);
      assert.ok(done.length > 0, name);
      for (const [status, { content }] of done)
        assert.ok(status === "204" || Object.values(content ?? {}).length === 1, `${name} ${status}`);
    }
  });

  test(`${party}: what is told of the server as a whole`, () => {
    assert.deepEqual(description.servers, [{ url }]);
    assert.deepEqual(
      description.tags.slice(0, 2).map(({ name }) => name),
      ["Trades", "Doorstep"],
    );
    assert.equal(operations[0]?.name, "POST /v1/trades");
    const known = new Set(description.tags.map(({ name }) => name));
    for (const { name, tags } of operations) assert.ok(known.has(tags[0] ?? ""), name);
    const schemes = description.components["securitySchemes"];
    assert.equal(schemes?.["session"]?.["name"], `kenshu_session_${new URL(url).port}`);
    for (const { name, security, ...one } of operations) {
      const access = (one as unknown as { "x-access": string[] })["x-access"];
      if (access.join() === "server") assert.deepEqual(security, [{ signature: [] }], name);
      assert.equal(
        access.includes("server"),
        security.some((each) => "signature" in each),
        name,
      );
      if (access.includes("member"))
        assert.ok(
          security.some((each) => "session" in each),
          name,
        );
    }
  });

  test(`${party}: a message is described for every event`, () => {
    const told = [...tradeEventTypes, stepMessageType, ...offerEventTypes, ...memberEventTypes];
    const types = [...told, "webhook.test"];
    assert.deepEqual(Object.keys(description.webhooks).toSorted(), types.toSorted());
  });

  test(`${party}: every example is what its schema describes`, () => {
    const ajv = new Ajv2020({ strict: false });
    ajvFormats.default(ajv);
    ajv.addSchema({ ...description, $id: "of:server" });
    const all = [
      ...operations,
      ...Object.entries(description.webhooks).map(([name, { post }]) => ({ name, ...post })),
    ];
    const compiled = new Map<string, ValidateFunction>();
    let count = 0;
    const check = (name: string, { schema, example, examples }: Media) => {
      const shown = Object.values(examples ?? {}).map(
        ({ $ref }) => description.components["examples"]?.[$ref.split("/").at(-1) ?? ""]?.["value"],
      );
      if (examples === undefined) shown.push(example);
      const text = JSON.stringify(schema).replaceAll('"#/', '"of:server#/');
      const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text) as Json);
      compiled.set(text, validate);
      for (const whole of shown) {
        assert.notEqual(whole, undefined, `${name} has an example`);
        assert.ok(validate(whole), `${name}: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(whole)}`);
        count += 1;
      }
    };
    for (const { name, requestBody, responses } of all) {
      for (const [type, media] of Object.entries(requestBody?.content ?? {}))
        if (type === "application/json") check(name, media);
      for (const [status, { content = {} }] of Object.entries(responses))
        if (content["application/json"] !== undefined)
          check(`${name} ${status}`, content["application/json"]);
    }
    assert.ok(count > 150, String(count));
    const carts =
      description.paths["/v1/trades"]?.["post"]?.requestBody?.content["application/json"]?.examples;
    assert.deepEqual(Object.keys(carts ?? {}), ["whole", ...Object.keys(exampleCarts)]);
  });

  test(`${party}: no format but those of the standard`, () => {
    const { examples: _, ...components } = description.components;
    const schemas = { ...description, components };
    const used = [...JSON.stringify(schemas).matchAll(/"format":"([^"]+)"/g)].map((match) => match[1]);
    const standard = ["date-time", "date", "duration", "email", "uri", "uri-reference"];
    assert.deepEqual(
      [...new Set(used)].filter((each) => !standard.includes(each ?? "")),
      [],
    );
  });

  test(`${party}: a linter of OpenAPI finds nothing`, async () => {
    const file = join(folder, `${party}.json`);
    writeFileSync(file, JSON.stringify(description));
    writeFileSync(join(folder, "redocly.yaml"), "extends: [recommended]\n");
    const cli = join(root, "node_modules", "@redocly", "cli", "bin", "cli.js");
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    const args = [cli, "lint", file, "--config", join(folder, "redocly.yaml"), "--format=json"];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: folder,
      env,
      maxBuffer: 1e8,
    });
    const found = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
      problems: { message: string; ruleId: string }[];
    };
    assert.deepEqual(
      found.problems.map(({ ruleId, message }) => `${ruleId}: ${message}`),
      [],
    );
  });
}

test("the check that every test is held to finds what is not described", async () => {
  const { json } = await request(`${pair.institution.url}/openapi.json`, "GET");
  const judge = judgeBy(json);
  const examples = (json["components"] as Json)["examples"] as Record<string, { value: Json }>;
  const trade = examples["Trade"]?.value ?? {};
  const answer = {
    method: "POST",
    url: "/v1/trades",
    status: 201,
    type: "application/json; charset=utf-8",
    headers: ["location", "content-type"],
  };
  const judged = (body: object, more: object = {}) =>
    judge({ ...answer, body: JSON.stringify(body), ...more });
  assert.deepEqual(judged(trade), []);
  assert.match(judged({ ...trade, secret: 1 })[0] ?? "", /^\/secret must NOT have additional properties/);
  const { state: _, ...stateless } = trade;
  assert.match(judged(stateless)[0] ?? "", /must have required property 'state'/);
  assert.match(judged(trade, { status: 203 })[0] ?? "", /status 203 is not in the description/);
  assert.match(judged(trade, { headers: ["set-cookie"] })[0] ?? "", /header set-cookie/);
  assert.match(judged(trade, { type: "text/html" })[0] ?? "", /text\/html/);
  assert.match(judged(trade, { url: "/v1/unknown" })[0] ?? "", /is no call/);
  const problem = {
    type: "/docs/problems",
    title: "x",
    status: 422,
    detail: "x",
    code: "cooling_off_over",
    transient: false,
  };
  const refused = { status: 422, type: "application/problem+json", headers: [] };
  assert.match(judged(problem, refused)[0] ?? "", /the code cooling_off_over is not/);
  const told = { of: "a server", answer: { ...answer, status: 203, body: "" } };
  const published = { of: "a server", description: JSON.stringify(json) };
  assert.match(judgeAll([told, told, published]).join(), /^POST \/v1\/trades 203: the status 203 [^,]*$/);
});

test("the reader shows a first trade and the parts in their order, under the policy of its page", async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(`${pair.institution.url}/docs`, { timeout: 120_000 });
    await page.waitForSelector(".opblock-tag", { timeout: 120_000 });
    const parts = await page
      .locator(".opblock-tag")
      .evaluateAll((all) => all.map((each) => each.getAttribute("data-tag")));
    const { json } = await request(`${pair.institution.url}/openapi.json`, "GET");
    assert.deepEqual(
      parts.slice(0, (json["tags"] as object[]).length),
      (json["tags"] as { name: string }[]).map(({ name }) => name),
    );
    assert.match(await page.locator(".info").innerText(), /A first trade/);
    assert.equal(await page.locator(".errors-wrapper, .version-pragma").count(), 0);
    assert.deepEqual(complaints, [], "nothing is refused by the policy");
  } finally {
    await browser.close();
  }
});
