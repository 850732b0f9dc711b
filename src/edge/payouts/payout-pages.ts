/** Files for the bank on pages, for operators: the same acts as by calls. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { bankDayFrom, bankZone } from "../../core/bankfiles/bankfiles.ts";
import { dayAt, daysAfter, refuse } from "../../core/protocol/protocol.ts";
import { closed, dateSchema, idSchema, oneOf, pageSchema, text } from "../../core/protocol/schemas.ts";
import { digestOf } from "../../engines/engine/engine.ts";
import { countContradicted, countWaiting, listFiles, readFile } from "../../engines/payouts/payouts.ts";
import { pageOf, readClock, uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { callerAmong, callerOf, pageWish } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import {
  attemptOf,
  broughtBy,
  frameOf,
  isSignedOut,
  mostMebibytes,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import { type Attempt, noAttempt } from "../parts/parts.ts";
import type { PageRoom } from "./accounts.ts";
import {
  type Asking,
  boundTo,
  type FileActs,
  fileView,
  forms,
  lookAtMessage,
  operators,
} from "./file-acts.ts";
import { sendFile } from "./file-routes.ts";
import { PayoutsPage } from "./payout-views.tsx";

const page = { access: operators, page: true } as const;
const params = closed({ id: idSchema });
const key = Type.Optional(idSchema);
const shownFiles = 20;
const refusals = ["not_authenticated", "not_allowed", "not_found", "payout_not_open"] as const;

export function registerPayoutPages(server: Server, room: PageRoom, acts: FileActs): void {
  registerList(server, room);
  registerContent(server, room);
  registerReport(server, room, acts);
  registerForms(server, room, acts);
}

interface Listing {
  limit?: number;
  after?: string | undefined;
  asked?: boolean;
  attempt?: Attempt;
}

async function sendList(
  room: PageRoom,
  reply: FastifyReply,
  caller: Caller,
  { limit = shownFiles, after, asked = false, attempt = noAttempt }: Listing,
): Promise<FastifyReply> {
  const { database } = room;
  const { items, next } = pageOf(await listFiles(database, limit + 1, after), limit, fileView);
  const tomorrow = daysAfter(dayAt(await readClock(database), bankZone), 1);
  const shown = {
    frame: frameOf(room, caller),
    waiting: (await countWaiting(database)).count,
    contradicted: await countContradicted(database),
    nextDay: bankDayFrom(tomorrow),
    files: items,
    next,
    asked,
    attempt,
    most: mostMebibytes,
    once: () => uuidv7(),
  };
  const status = attempt === noAttempt ? 200 : (attempt.problem?.status ?? 422);
  return sendPage(reply, PayoutsPage, shown, status);
}

/** What a bank says of payouts, as by `POST /v1/payout-reports`. */
function registerReport(server: Server, room: PageRoom, { report }: FileActs): void {
  server.post(
    "/payout-reports",
    {
      config: {
        ...page,
        form: true,
        upload: true,
        acts: ["payout-report.book"],
        refusals: [...refusals, "already_exists", "body_too_large"],
      },
      schema: { tags, summary: "Bring what the bank says of payouts", body: closed({ key }) },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, operators);
      const { key: once } = request.body;
      const again = (wrong: Parameters<typeof attemptOf>[1]) =>
        sendList(room, reply, caller, { attempt: attemptOf({}, wrong) });
      const brought = await broughtBy(request, (bytes) =>
        lookAtMessage(room, { bytes, operator: caller.id, key: once }),
      );
      if (!("value" in brought)) return again(brought);
      const args = brought.value;
      return fromForm(room, request, reply, report, { subject: args.digest, args, key: once });
    },
  );
}

function registerList(server: Server, room: PageRoom): void {
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
      return sendList(room, reply, caller, { ...pageWish(query), asked: asked === "yes" });
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
