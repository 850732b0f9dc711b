/** Bills over HTTP: read by those who owe them and by operators, instalments, and a debt that is given up. */
import Type from "typebox";
import { toWire } from "../../core/money/money.ts";
import { closed, numberSchema, oneOf, pageSchema, text } from "../../core/protocol/schemas.ts";
import { billStates, listBills, listMovements, listNews, paidFromLine } from "../../engines/debts/debts.ts";
import { readTradesOfHolds } from "../../engines/trades/trades.ts";
import type { Bill } from "../../engines/debts/debts.ts";
import { pageOf, readClock } from "../../storage/database/database.ts";
import { findMember } from "../../storage/members/members.ts";
import { answerOnce, callerAmong, memberNumber, pageWish } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { answerAct, type BillActs, billFor, type BillRoom, viewOf, viewsOf } from "./bill-acts.ts";
import { billSchema, billsSchema, billWholeSchema, givenUp, partsSchema } from "./bill-schemas.ts";

const tags = ["Bills"];
const params = closed({ number: numberSchema });
const ofDebtor = ["member", "operator"] as const;
const notOpen = [
  "not_found",
  "wrong_check_digit",
  "bill_not_open",
  "amount_mismatch",
  "date_out_of_range",
] as const;

/** How much of a bill's story is told. */
const newsMost = 200;
const tradesMost = 20;

export function registerBillRoutes(server: Server, room: BillRoom, acts: BillActs): void {
  registerReading(server, room);
  registerInstalments(server, room, acts);
  registerEnd(server, room, acts);
}

function registerReading(server: Server, room: BillRoom): void {
  const { database } = room;
  server.get(
    "/v1/bills",
    {
      config: { access: ofDebtor, refusals: ["wrong_check_digit"] },
      schema: {
        tags,
        summary: "What members owe on credit lines, the newest bill first; your own, where you are a member",
        answers: { 200: billsSchema },
        querystring: closed({
          ...pageSchema.properties,
          state: Type.Optional(oneOf(billStates)),
          member: Type.Optional({ ...numberSchema, description: "For operators; members have their own" }),
        }),
      },
    },
    async (request) => {
      const caller = await callerAmong(room, request, ofDebtor);
      const { state, member, ...page } = request.query;
      const { limit, after } = pageWish(page);
      // A member has their own, whatever they name: they learn of no other by trying numbers.
      const sought = caller.kind === "member" ? undefined : member;
      const named = sought === undefined ? undefined : await findMember(database, memberNumber(sought));
      const person = caller.kind === "member" ? caller.id : named?.id;
      if (sought !== undefined && named === undefined) return { items: [], next: null };
      const wish = { person, state, limit: limit + 1, after };
      const { items, next } = pageOf(await listBills(database, wish), limit, (bill) => bill);
      return { items: await viewsOf(database, items, await readClock(database)), next };
    },
  );
  server.get(
    "/v1/bills/:number",
    {
      config: { access: ofDebtor, refusals: ["not_found", "wrong_check_digit"] },
      schema: {
        tags,
        summary: "A bill, with what it came of and what was told",
        answers: { 200: billWholeSchema },
        params,
      },
    },
    async (request) => {
      const caller = await callerAmong(room, request, ofDebtor);
      return wholeOf(room, await billFor(room, caller, request.params.number));
    },
  );
}

/** A bill with its story. */
export async function wholeOf({ database }: BillRoom, bill: Bill) {
  const view = await viewOf(database, bill, await readClock(database));
  const holds = await paidFromLine(database, bill.account, bill.endedAt ?? new Date(8e15), tradesMost);
  const trades = await readTradesOfHolds(database, bill.person, holds);
  const [news, movements] = await Promise.all([
    listNews(database, bill.id, newsMost),
    listMovements(database, bill.id, newsMost),
  ]);
  return {
    ...view,
    trades: holds.flatMap((hold) => trades.get(hold) ?? []),
    news: news.map(({ kind, owed, asked, dueAt, fee, at }) => ({
      kind,
      owed: toWire(owed),
      asked: toWire(asked),
      payBy: dueAt.toISOString(),
      fee: toWire(fee),
      at: at.toISOString(),
    })),
    movements: movements.map(({ command, kind, amount, at }) => ({
      id: command,
      kind,
      amount: toWire(amount),
      at: at.toISOString(),
    })),
  };
}

function registerInstalments(server: Server, room: BillRoom, { ask, grant }: BillActs): void {
  server.post(
    "/v1/bills/:number/instalment-requests",
    {
      config: { access: ["member"], refusals: notOpen },
      schema: {
        tags,
        summary: "Ask to pay a bill in parts: operators look at it",
        answers: { 201: billSchema },
        description: "The parts come to all that is owed. What was asked for before is asked no more.",
        params,
        body: closed({ parts: partsSchema }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, ["member"]);
      const { number } = request.params;
      await billFor(room, caller, number);
      const { parts } = request.body;
      return answerOnce(room, request, reply, caller, (client) => ask(client, { number, parts }));
    },
  );
  server.post(
    "/v1/bills/:number/instalments",
    {
      config: { access: ["operator"], acts: ["bill.instalments"], refusals: notOpen },
      schema: {
        tags,
        summary: "Let a bill be paid in parts: two operators",
        answers: { 200: billSchema },
        description:
          "The parts come to all that is owed, each by the end of its day. One that is missed makes all of it due. Nothing new is " +
          "reserved on the line until all is paid.",
        params,
        body: closed({ parts: partsSchema }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, ["operator"]);
      const { number } = request.params;
      await billFor(room, caller, number);
      const args = { number, parts: request.body.parts };
      return answerAct(room, request, reply, grant, { subject: number, args });
    },
  );
}

function registerEnd(server: Server, room: BillRoom, { writeOff }: BillActs): void {
  server.post(
    "/v1/bills/:number/write-off",
    {
      config: {
        access: ["operator"],
        acts: ["bill.write-off"],
        refusals: ["not_found", "wrong_check_digit", "bill_not_open", "amount_mismatch", "not_allowed"],
      },
      schema: {
        tags,
        summary: "Give up what is owed on a line, and close it: two operators",
        answers: { 200: billSchema },
        description:
          "All that is owed becomes a loss. The number can still be paid, and what comes is less of a loss; so is what is refunded " +
          "to the line. What is owed on a line that is lent is called instead, since its lender stands for it.",
        params,
        body: closed({ amount: givenUp, reason: text(1, 500, "Why nothing is expected any more") }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, ["operator"]);
      const { number } = request.params;
      await billFor(room, caller, number);
      const args = { number, ...request.body };
      return answerAct(room, request, reply, writeOff, { subject: number, args });
    },
  );
}
