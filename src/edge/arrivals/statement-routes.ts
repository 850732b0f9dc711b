/** Statements of the bank over HTTP: a file that an operator brings, and what it came to. */
import Type from "typebox";
import { closed, idSchema, pageSchema } from "../../core/protocol/schemas.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import {
  arrivalsOf,
  listBankStatements,
  readBankStatement,
  type StatementWish,
} from "../../engines/arrivals/arrivals.ts";
import { pageOf } from "../../storage/database/database.ts";
import { callerAmong, operatorAct, pageWish } from "../api/api.ts";
import { idempotencyKey, limits, type Server } from "../http/http.ts";
import { type Doings, lookAtFile } from "./acts.ts";
import { arrivalsSchema, statementSchema, statementsSchema } from "./answers.ts";
import { arrivalView, type Room, statementView } from "./telling.ts";

const tags = ["Bank transfers"];
const operators = ["operator"] as const;
const params = closed({ id: idSchema });

export function registerStatements(server: Server, room: Room, doings: Doings): void {
  registerBooking(server, room, doings);
  registerReading(server, room);
}

function registerBooking(server: Server, room: Room, doings: Doings): void {
  const book = operatorAct<StatementWish>(room, "bank-statement.book", doings.book);
  server.post(
    "/v1/bank-statements",
    {
      bodyLimit: limits.batchBody,
      config: {
        access: operators,
        acts: ["bank-statement.book"],
        refusals: ["bank_file_refused", "already_exists", "not_found"],
      },
      schema: {
        tags,
        summary: "Book what a bank says has come in: two operators",
        answers: { 201: statementSchema },
        description:
          "入出金取引明細 or 振込入金通知 in records of 200 bytes (Shift_JIS), or a camt.053. Taken as a whole or not at all, and each " +
          "entry once, in however many files it comes. What it says is kept sealed until another operator has confirmed it, the file " +
          "nowhere. What it brought pays dues by itself; what does not waits (`GET /v1/arrivals`).",
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
      const caller = await callerAmong(room, request, operators);
      const bytes = Buffer.from(request.body.content, "base64");
      const wish = await lookAtFile(room, { bytes, operator: caller.id, key: idempotencyKey(request) });
      return book(request, reply, caller, { subject: wish.statement, args: wish });
    },
  );
}

function registerReading(server: Server, room: Room): void {
  const { database } = room;
  server.get(
    "/v1/bank-statements",
    {
      config: { access: operators },
      schema: {
        tags,
        summary: "Statements that were booked, the newest first",
        answers: { 200: statementsSchema },
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(room, request, operators);
      const { limit, after } = pageWish(request.query);
      return pageOf(await listBankStatements(database, limit + 1, after), limit, statementView);
    },
  );
  server.get(
    "/v1/bank-statements/:id/arrivals",
    {
      config: { access: operators, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "What a statement brought, in its order, and what became of it",
        answers: { 200: arrivalsSchema },
        params,
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(room, request, operators);
      const { id } = request.params;
      const row = await readBankStatement(database, id);
      if (row?.state !== "booked") return refuse("not_found");
      const { limit, after } = pageWish(request.query);
      return pageOf(await arrivalsOf(database, id, limit + 1, after), limit, arrivalView);
    },
  );
}
