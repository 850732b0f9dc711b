/** Files for the bank: gathered, approved by two, taken there, and what became of them. */
import {
  bytesSchema,
  payoutFileSchema,
  payoutFilesSchema,
  payoutFileWholeSchema,
  payoutReportSchema,
} from "../../core/answers/answers.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, dateSchema, idSchema, oneOf, pageSchema, text } from "../../core/protocol/schemas.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import {
  type FileForm,
  listFiles,
  type PayoutFile,
  readDownloads,
  readFile,
  readPayoutsOfFile,
  takeFile,
} from "../../engines/payouts/payouts.ts";
import { pageOf } from "../../storage/database/database.ts";
import { callerAmong, pageWish } from "../api/api.ts";
import { idempotencyKey, limits, type Server } from "../http/http.ts";
import type { Room } from "./accounts.ts";
import { answerAct, boundTo, type FileActs, fileView, forms, lookAtMessage, operators } from "./file-acts.ts";
import { payoutView } from "./payout-routes.ts";

const tags = ["Payouts"];
const params = closed({ id: idSchema });

export function registerFiles(server: Server, room: Room, acts: FileActs): void {
  registerGathering(server, room, acts);
  registerReading(server, room);
  registerApproving(server, room, acts);
  registerTaking(server, room);
  registerEnds(server, room, acts);
}

function registerGathering(server: Server, room: Room, { gather }: FileActs): void {
  server.post(
    "/v1/payout-files",
    {
      config: {
        access: operators,
        acts: ["payout-file.gather"],
        refusals: ["not_allowed", "date_out_of_range", "nothing_to_pay_out", "payout_not_open"],
      },
      schema: {
        tags,
        summary: "Gather what waits into a file for the bank",
        answers: { 201: payoutFileSchema },
        description: "`payOn`: a day on which banks in Japan are open, from tomorrow on.",
        body: closed({ payOn: dateSchema }),
      },
    },
    async (request, reply) => {
      const { payOn } = request.body;
      return answerAct(room, request, reply, gather, { subject: payOn, args: { payOn } });
    },
  );
}

function registerReading(server: Server, room: Room): void {
  const { database } = room;
  server.get(
    "/v1/payout-files",
    {
      config: { access: operators },
      schema: {
        tags,
        summary: "Files for the bank, the newest first",
        answers: { 200: payoutFilesSchema },
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(room, request, operators);
      const { limit, after } = pageWish(request.query);
      return pageOf(await listFiles(database, limit + 1, after), limit, fileView);
    },
  );
  server.get(
    "/v1/payout-files/:id",
    {
      config: { access: operators, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "A file with its payouts, and who has taken it away",
        answers: { 200: payoutFileWholeSchema },
        params,
      },
    },
    async (request) => {
      await callerAmong(room, request, operators);
      const { id } = request.params;
      const file = (await readFile(database, id)) ?? refuse("not_found");
      const payouts = (await readPayoutsOfFile(database, id)).map(payoutView);
      const downloads = (await readDownloads(database, id)).map(({ format, operator, at }) => {
        return { form: format, operator, at: at.toISOString() };
      });
      return { ...fileView(file), payouts, downloads };
    },
  );
}

function registerApproving(server: Server, room: Room, { approve, drop }: FileActs): void {
  server.post(
    "/v1/payout-files/:id/approve",
    {
      config: {
        access: operators,
        acts: ["payout-file.approve"],
        refusals: ["not_found", "payout_not_open", "four_eyes_required"],
      },
      schema: {
        tags,
        summary: "Let a file go to the bank: two operators, the second of whom has not made it",
        answers: { 200: payoutFileSchema },
        description: "`digest`: of what exactly has been looked at.",
        params,
        body: closed({ digest: Type.String({ pattern: "^[0-9a-f]{64}$" }) }),
      },
    },
    async (request, reply) => {
      await callerAmong(room, request, operators);
      const { id } = request.params;
      const file = await readFile(room.database, id);
      if (file?.digest.toString("hex") !== request.body.digest)
        return refuse("not_found", "There is no such file.");
      return answerAct(room, request, reply, approve, { subject: id, args: boundTo(file) });
    },
  );
  server.post(
    "/v1/payout-files/:id/drop",
    {
      config: { access: operators, acts: ["payout-file.drop"], refusals: ["not_found", "payout_not_open"] },
      schema: {
        tags,
        summary: "Drop a file that nobody has taken away; its payouts wait for another",
        answers: { 200: payoutFileSchema },
        params,
        body: closed({}),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return answerAct(room, request, reply, drop, { subject: id, args: { file: id } });
    },
  );
}

/** What a file is called where it is saved. */
function nameOf({ number, payOn }: PayoutFile, form: FileForm): string {
  return `payouts-${payOn}-${number}.${form === "zengin" ? "txt" : "xml"}`;
}

/** Answers with an approved file, and writes down who took it. */
export async function sendFile(
  room: Room,
  request: FastifyRequest,
  reply: FastifyReply,
  { file, form }: { file: string; form: FileForm },
): Promise<FastifyReply> {
  const { id: operator } = await callerAmong(room, request, operators);
  const taken = await inTransaction(room.database, (client) =>
    takeFile(room.ground, client, { file, form, operator }),
  );
  return reply
    .header("content-type", "application/octet-stream")
    .header("content-disposition", `attachment; filename="${nameOf(taken.file, form)}"`)
    .send(taken.bytes);
}

function registerTaking(server: Server, room: Room): void {
  server.get(
    "/v1/payout-files/:id/content",
    {
      config: { access: operators, refusals: ["not_found", "not_allowed", "payout_not_open"] },
      schema: {
        tags,
        summary: "Take an approved file to the bank; who did is written down",
        answers: { 200: bytesSchema },
        description: "`zengin`: 総合振込 in Shift_JIS. `pain001`: pain.001.001.09 of ISO 20022.",
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

function registerEnds(server: Server, room: Room, { complete, report }: FileActs): void {
  server.post(
    "/v1/payout-files/:id/complete",
    {
      config: {
        access: operators,
        acts: ["payout-file.complete"],
        refusals: ["not_found", "payout_not_open"],
      },
      schema: {
        tags,
        summary: "Say that the bank has paid a file, but for what came back of it: two operators",
        answers: { 200: payoutFileSchema },
        params,
        body: closed({ reference: text(1, 200, "What the bank's statement calls it") }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return answerAct(room, request, reply, complete, { subject: id, args: { file: id, ...request.body } });
    },
  );
  server.post(
    "/v1/payout-reports",
    {
      bodyLimit: limits.batchBody,
      config: {
        access: operators,
        acts: ["payout-report.book"],
        refusals: ["bank_file_refused", "already_exists"],
      },
      schema: {
        tags,
        summary: "Book what the bank says in a pain.002 or a camt.053: two operators",
        answers: { 201: payoutReportSchema },
        description:
          "Taken as a whole or not at all, and once for its bytes. What waits for the second operator is what would be booked; the " +
          "message itself is kept nowhere.",
        body: closed({
          content: Type.String({
            pattern: "^[A-Za-z0-9+/]+={0,2}$",
            examples: ["PERvY3VtZW50Lz4="],
            description: "Its bytes in base64",
          }),
        }),
      },
    },
    async (request, reply) => {
      const { id: operator } = await callerAmong(room, request, operators);
      const bytes = Buffer.from(request.body.content, "base64");
      const booking = await lookAtMessage(room, { bytes, operator, key: idempotencyKey(request) });
      return answerAct(room, request, reply, report, { subject: booking.digest, args: booking });
    },
  );
}
