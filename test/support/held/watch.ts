/**
 * Holds every answer of every server against the server's own description, in whatever process of a test it runs: the runner
 * has this loaded before anything else (`--import`). What is not as described is written down, and fails the test file at its
 * end. It also tells a test which routes a server has, pages among them, which are in no description.
 */
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import type { Judge } from "./judge.ts";

const [, program = ""] = process.argv;
const isTest = program.endsWith(".test.js");
/** Where what is wrong is written down, by the test and by all processes that it starts. */
const notes = (process.env["KENSHU_TEST_HELD"] = isTest
  ? join(tmpdir(), `kenshu-held-${process.pid}.txt`)
  : (process.env["KENSHU_TEST_HELD"] ?? ""));

/** Servers of unit tests: made for one test, they describe nothing. */
const undescribed = new Set(["tested", "alpha", "beta"]);

type Description = { info: { title: string }; paths: Record<string, unknown> };

async function judgeOf(server: FastifyInstance): Promise<Judge> {
  const { judgeBy } = await import("./judge.ts");
  const description = (await server.inject("/openapi.json")).json<Description>();
  return undescribed.has(description.info.title) ? () => [] : judgeBy(description);
}

function answerOf(request: FastifyRequest, reply: FastifyReply, payload: unknown) {
  const type = String(reply.getHeader("content-type") ?? "");
  const body = typeof payload === "string" || Buffer.isBuffer(payload) ? String(payload) : "";
  const url = request.routeOptions.url ?? "";
  return {
    method: request.method,
    url,
    status: reply.statusCode,
    type,
    headers: Object.keys(reply.getHeaders()),
    body,
  };
}

function watch(server: FastifyInstance): void {
  const routes: object[] = [];
  server.addHook("onRoute", ({ method, url, config, schema }: RouteOptions) => {
    routes.push({ methods: [method].flat(), url, config: { ...config, state: undefined }, schema });
  });
  server.addHook("onRequest", (request, reply, done) => {
    if (request.url === "/-/routes") void reply.send(routes);
    else done();
  });
  let judge: Promise<Judge> | undefined;
  server.addHook("onSend", async (request, reply, payload) => {
    // What asks for the description is answered before it is there.
    if (request.routeOptions.url === undefined || request.url === "/openapi.json") return payload;
    judge ??= judgeOf(server);
    const answer = answerOf(request, reply, payload);
    if (answer.method === "HEAD") return payload;
    for (const wrong of (await judge)(answer)) {
      const line = `${answer.method} ${answer.url} ${answer.status}: ${wrong}`;
      if (notes !== "") appendFileSync(notes, `${line}\n`);
    }
    return payload;
  });
}

subscribe("fastify.initialization", (message) => watch((message as { fastify: FastifyInstance }).fastify));

/** What was written down so far, each once. */
export function heldAgainst(): string[] {
  if (!existsSync(notes)) return [];
  return [...new Set(readFileSync(notes, "utf8").split("\n"))].filter((line) => line !== "");
}

if (isTest) {
  process.once("exit", () => {
    const wrong = heldAgainst();
    rmSync(notes, { force: true });
    if (wrong.length === 0) return;
    process.exitCode = 1;
    process.stderr.write(`\nAnswers that are not as the server describes them:\n${wrong.join("\n")}\n`);
  });
}
