/**
 * What the device of somebody who brings goods asks for beside pages: the key under which it keeps what they see and press,
 * the worker that stands in for a line, the page with the camera, and the page that is shown where nothing else can be.
 */
import { refuse } from "../../core/protocol/protocol.ts";
import { callerOf } from "../api/api.ts";
import { readingCodes, type Server } from "../http/http.ts";
import {
  deviceTagOf,
  frameOf,
  isSignedOut,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import { codeReader, workerScript } from "../scripts/scripts.ts";
import Type from "typebox";
import { closed } from "../../core/protocol/schemas.ts";
import { NoLinePage, ScanPage } from "./round-views.tsx";
import { codeReaderPath } from "../parts/parts.ts";

const access = ["carrier", "provider"] as const;
const anyone = { access: ["anyone"] } as const;
/** The worker asks this server, and does nothing else. */
const workerPolicy = "default-src 'none'; connect-src 'self'";

export function registerRounds(server: Server, context: PageContext): void {
  registerKey(server, context);
  registerFiles(server);
  registerScan(server, context);
}

/** Only a session is told: a program with a key of its own keeps nothing on a device. */
function registerKey(server: Server, context: PageContext): void {
  server.get(
    "/round/key",
    {
      config: { access, page: true, refusals: ["not_authenticated", "not_allowed"] },
      schema: { tags, summary: "Under what a device keeps what its owner sees and presses" },
    },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      const tag = deviceTagOf(context, caller);
      if (tag === undefined) return refuse(isSignedOut(caller) ? "not_authenticated" : "not_allowed");
      const key = context.doorstep.devices.keyOf(caller.id).toString("base64");
      return reply.type("text/plain; charset=utf-8").send(`${tag} ${key}`);
    },
  );
}

function registerFiles(server: Server): void {
  server.get(
    "/round.js",
    { config: anyone, schema: { tags, summary: "The worker for a bad line" } },
    (_request, reply) =>
      reply
        // Looked for anew each time, since its address stays the same.
        .header("cache-control", "no-cache")
        .header("content-security-policy", workerPolicy)
        .type("text/javascript; charset=utf-8")
        .send(workerScript),
  );
  server.get(
    codeReaderPath,
    { config: anyone, schema: { tags, summary: "What reads bar codes where the browser cannot" } },
    async (_request, reply) =>
      reply
        .header("cache-control", "public, max-age=31536000, immutable")
        .type("application/wasm")
        .send(await codeReader.bytes()),
  );
}

function registerScan(server: Server, context: PageContext): void {
  const query = closed({
    trade: Type.Optional(Type.String({ maxLength: 40 })),
    into: Type.Optional(Type.String({ maxLength: 40 })),
  });
  server.get(
    "/scan",
    {
      config: { access, page: true, refusals: ["not_authenticated"] },
      schema: { tags, summary: "Read a bar code with the camera", querystring: query },
    },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/scan");
      const frame = frameOf(context, caller);
      if (frame.round === undefined) return refuse("not_allowed");
      return sendPage(readingCodes(reply), ScanPage, { frame });
    },
  );
  const nobodys = { face: context.face, bare: true } as const;
  server.get(
    "/no-line",
    { config: { ...anyone, page: true }, schema: { tags, summary: "What is shown where there is no line" } },
    (_request, reply) => sendPage(reply, NoLinePage, { frame: nobodys }),
  );
}
