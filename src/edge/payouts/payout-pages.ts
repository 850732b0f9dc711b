/** Files for the bank on pages, for operators: the same acts as by calls. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { bankDayFrom, bankZone } from "../../core/bankfiles/bankfiles.ts";
import { dayAt, daysAfter, refuse } from "../../core/protocol/protocol.ts";
import { closed, dateSchema, idSchema, oneOf, pageSchema, text } from "../../core/protocol/schemas.ts";
import { digestOf } from "../../engines/engine/engine.ts";
import { countWaiting, listFiles, readFile } from "../../engines/payouts/payouts.ts";
import { pageOf, readClock, uuidv7 } from "../../storage/database/database.ts";
import { callerAmong, callerOf, pageWish } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { frameOf, isSignedOut, seeOther, sendPage, tags } from "../pages/pages.ts";
import {} from "../parts/parts.ts";
import type { PageRoom } from "./accounts.ts";
import { type Asking, boundTo, type FileActs, fileView, forms, operators } from "./file-acts.ts";
import { sendFile } from "./file-routes.ts";
import { PayoutsPage } from "./payout-views.tsx";

const page = { access: operators, page: true } as const;
const params = closed({ id: idSchema });
const key = Type.Optional(idSchema);
const refusals = ["not_authenticated", "not_allowed", "not_found", "payout_not_open"] as const;

export function registerPayoutPages(server: Server, room: PageRoom, acts: FileActs): void {
  registerList(server, room);
  registerContent(server, room);
  registerForms(server, room, acts);
}

function registerList(server: Server, room: PageRoom): void {
  const { database } = room;
  server.get(
    "/payout-files",
    {
      config: { ...page, refusals: ["not_authenticated", "not_allowed"] },
      schema: {
        tags,
        summary: "Files for the bank",
        querystring: closed({ ...pageSchema.properties, asked: Type.Optional(Type.Literal("yes")) }),
      },
    },
    async (request, reply) => {
      const caller = await callerOf(room, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/payout-files");
      if (caller.kind !== "operator") return refuse("not_allowed");
      const { asked, ...query } = request.query;
      const { limit, after } = pageWish(query);
      const { items, next } = pageOf(await listFiles(database, limit + 1, after), limit, fileView);
      const tomorrow = daysAfter(dayAt(await readClock(database), bankZone), 1);
      const shown = {
        frame: frameOf(room, caller),
        waiting: (await countWaiting(database)).count,
        nextDay: bankDayFrom(tomorrow),
        files: items,
        next,
        asked: asked === "yes",
        once: () => uuidv7(),
      };
      return sendPage(reply, PayoutsPage, shown);
    },
  );
}

function registerContent(server: Server, room: PageRoom): void {
  server.get(
    "/payout-files/:id/content",
    {
      config: { ...page, refusals },
      schema: {
        tags,
        summary: "Take an approved file to the bank",
        params,
        querystring: closed({ form: Type.Optional(oneOf(forms)) }),
      },
    },
    async (request, reply) => {
      const { form = "zengin" } = request.query;
      return sendFile(room, request, reply, { file: request.params.id, form });
    },
  );
}

/** Does what a form asks for, and leads back to the list. */
async function fromForm<Args>(
  room: PageRoom,
  request: FastifyRequest,
  reply: FastifyReply,
  ask: (asking: Asking, args: Args) => ReturnType<FileActs["gather"]>,
  { subject, args, key: once }: { subject: string; args: Args; key: string | undefined },
): Promise<FastifyReply> {
  const { id: operator } = await callerAmong(room, request, operators);
  const digest = digestOf("POST", request.url, args);
  const outcome = await ask({ operator, key: once, digest, subject }, args);
  if (outcome.how === "done") return seeOther(reply, "/payout-files");
  const { code, detail, act } = outcome.problem.value;
  if (code === "four_eyes_required" && act !== undefined) return seeOther(reply, "/payout-files?asked=yes");
  return refuse(code, detail);
}

function registerForms(server: Server, room: PageRoom, { gather, approve, drop, complete }: FileActs): void {
  const form = { ...page, form: true, refusals } as const;
  server.post(
    "/payout-files",
    {
      config: {
        ...form,
        acts: ["payout-file.gather"],
        refusals: [...refusals, "date_out_of_range", "nothing_to_pay_out"],
      },
      schema: { tags, summary: "Gather what waits into a file", body: closed({ payOn: dateSchema, key }) },
    },
    async (request, reply) => {
      const { key: once, ...args } = request.body;
      return fromForm(room, request, reply, gather, { subject: args.payOn, args, key: once });
    },
  );
  server.post(
    "/payout-files/:id/approve",
    {
      config: { ...form, acts: ["payout-file.approve"], refusals: [...refusals, "four_eyes_required"] },
      schema: {
        tags,
        summary: "Let a file go to the bank",
        params,
        body: closed({ digest: Type.String({ pattern: "^[0-9a-f]{64}$" }), key }),
      },
    },
    async (request, reply) => {
      await callerAmong(room, request, operators);
      const { id } = request.params;
      const file = await readFile(room.database, id);
      if (file?.digest.toString("hex") !== request.body.digest) return refuse("not_found");
      const wish = { subject: id, args: boundTo(file), key: request.body.key };
      return fromForm(room, request, reply, approve, wish);
    },
  );
  server.post(
    "/payout-files/:id/drop",
    {
      config: { ...form, acts: ["payout-file.drop"] },
      schema: { tags, summary: "Drop a file that nobody has taken away", params, body: closed({ key }) },
    },
    async (request, reply) => {
      const { id } = request.params;
      return fromForm(room, request, reply, drop, { subject: id, args: { file: id }, key: request.body.key });
    },
  );
  server.post(
    "/payout-files/:id/complete",
    {
      config: { ...form, acts: ["payout-file.complete"] },
      schema: {
        tags,
        summary: "Say that the bank has paid a file",
        params,
        body: closed({ reference: text(1, 200), key }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { key: once, reference } = request.body;
      return fromForm(room, request, reply, complete, {
        subject: id,
        args: { file: id, reference },
        key: once,
      });
    },
  );
}
