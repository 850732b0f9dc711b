/**
 * Holds every answer of every server against the server's own description, in whatever process of a test it runs: the runner
 * has this loaded before anything else (`--import`). A server notes what it answers and what it publishes, and is held up by
 * nothing else; the test looks at all of it at its end, and fails where something is not as described. It also tells a test
 * which routes a server has, pages among them, which are in no description. For the runner it notes how long a file took.
 */
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import { type Answer, judgeAll, type Note } from "./judge.ts";

const [, program = ""] = process.argv;
const isTest = program.endsWith(".test.js");
/** Where it is noted, by the test and by all processes that it starts. */
const notes = (process.env["KENSHU_TEST_HELD"] = isTest
  ? join(tmpdir(), `kenshu-held-${process.pid}.txt`)
  : (process.env["KENSHU_TEST_HELD"] ?? ""));

let servers = 0;

function note(line: Note): void {
  if (notes !== "") appendFileSync(notes, `${JSON.stringify(line)}\n`);
}

function answerOf(request: FastifyRequest, reply: FastifyReply, payload: unknown): Answer {
  const type = String(reply.getHeader("content-type") ?? "");
  const isText = typeof payload === "string" || Buffer.isBuffer(payload);
  return {
    method: request.method,
    url: request.routeOptions.url ?? "",
    status: reply.statusCode,
    type,
    headers: Object.keys(reply.getHeaders()),
    // Of a page nothing is looked at but that it is one.
    body: isText && !type.startsWith("text/html") ? String(payload) : "",
  };
}

function watch(server: FastifyInstance): void {
  const routes: object[] = [];
  servers += 1;
  const of = `${process.pid}-${servers}`;
  server.addHook("onRoute", ({ method, url, config, schema }: RouteOptions) => {
    routes.push({ methods: [method].flat(), url, config: { ...config, state: undefined }, schema });
  });
  server.addHook("onRequest", (request, reply, done) => {
    if (request.url === "/-/routes") void reply.send(routes);
    else done();
  });
  let told: Promise<void> | undefined;
  const tell = async (): Promise<void> => {
    // A server that is closing is asked nothing any more.
    const answer = await server.inject("/openapi.json").catch(() => undefined);
    if (answer?.statusCode === 200) note({ of, description: answer.body });
  };
  server.addHook("onListen", () => (told ??= tell()));
  server.addHook("onSend", (request, reply, payload, done) => {
    const { url } = request.routeOptions;
    done(null, payload);
    if (url === undefined || url === "/openapi.json" || request.method === "HEAD") return;
    note({ of, answer: answerOf(request, reply, payload) });
    // A server that listens nowhere is asked by its own test, and tells once it has answered.
    told ??= tell();
  });
}

subscribe("fastify.initialization", (message) => watch((message as { fastify: FastifyInstance }).fastify));

const { KENSHU_TEST_TIMES: times = "" } = process.env;

if (isTest && isMainThread && times !== "")
  process.once("exit", () => {
    const line = JSON.stringify({ seconds: performance.now() / 1000, file: program });
    writeFileSync(join(times, `${process.pid}.json`), line);
  });

if (isTest) {
  process.once("exit", () => {
    if (!existsSync(notes)) return;
    const lines = readFileSync(notes, "utf8").split("\n");
    rmSync(notes, { force: true });
    // The last line of a process that was killed may be half a line.
    const whole = lines.filter((line) => line.endsWith("}"));
    const wrong = judgeAll(whole.map((line) => JSON.parse(line) as Note));
    if (wrong.length === 0) return;
    process.exitCode = 1;
    process.stderr.write(`\nAnswers that are not as the server describes them:\n${wrong.join("\n")}\n`);
  });
}
