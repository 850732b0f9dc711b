/**
 * What the device of somebody who brings goods or accepts them asks for beside pages: the key under which it keeps what they see and press,
 * the worker that stands in for a line, the page with the camera, and the page that is shown where nothing else can be.
 */
import { refuse } from "../../core/protocol/protocol.ts";
import type { FastifyReply } from "fastify";
import { callerOf } from "../api/api.ts";
import { deviceOf } from "../devices/devices.ts";
import { readingCodes, type Server } from "../http/http.ts";
import {
  frameOf,
  giftOf,
  isSignedOut,
  params,
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
const refusals = ["not_authenticated", "not_allowed"] as const;
const anyone = { access: ["anyone"] } as const;
/** The worker asks this server, and does nothing else. */
const workerPolicy = "default-src 'none'; connect-src 'self'";

export function registerRounds(server: Server, context: PageContext): void {
  registerKey(server, context);
  registerFiles(server);
  registerScan(server, context);
}

/** As text: by what the device knows its owner, and the key. */
const told = (reply: FastifyReply, { doorstep }: PageContext, tag: string, owner: string) =>
  reply.type("text/plain; charset=utf-8").send(`${tag} ${doorstep.devices.keyOf(owner).toString("base64")}`);

/** Only a session is told, or a link: a program with a key of its own keeps nothing on a device. */
function registerKey(server: Server, context: PageContext): void {
  const summary = "Under what a device keeps what its owner sees and presses";
  server.get(
    "/round/key",
    { config: { access: [...access, "member"], page: true, refusals }, schema: { tags, summary } },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      const rounds = deviceOf(context, caller);
      if (rounds === undefined || rounds.of === "guest")
        return refuse(isSignedOut(caller) ? "not_authenticated" : "not_allowed");
      return told(reply, context, rounds.tag, caller.id);
    },
  );
  server.get(
    "/trades/:number/device-key",
    {
      config: { access: ["guest"], page: true, refusals },
      schema: { tags, summary: `${summary}: a guest, for this trade`, params },
    },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      if (caller.kind !== "guest" || caller.trade !== request.params.number)
        return refuse(isSignedOut(caller) ? "not_authenticated" : "not_allowed");
      return told(reply, context, context.doorstep.devices.tagOf(caller.id), caller.id);
    },
  );
  server.get(
    "/gifts/:number/device-key",
    {
      config: { access: ["anyone"], page: true, refusals: ["not_authenticated"] },
      schema: { tags, summary: `${summary}: a recipient by their link`, params },
    },
    async (request, reply) => {
      const gift = await giftOf(context, request, request.params.number);
      if (gift === undefined) return refuse("not_authenticated");
      const { id } = gift.reading.actor;
      return told(reply, context, context.doorstep.devices.tagOf(id), id);
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
      if (frame.round?.of !== "bringer") return refuse("not_allowed");
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
