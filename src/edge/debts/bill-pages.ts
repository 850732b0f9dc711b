/** What members owe, on pages: their own bills, and for operators all that are open, by age. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { dayAt, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, numberSchema, text } from "../../core/protocol/schemas.ts";
import { digestOf, once } from "../../engines/engine/engine.ts";
import { listBills, listOverdue } from "../../engines/debts/debts.ts";
import { readClock, uuidv7 } from "../../storage/database/database.ts";
import { callerAmong, callerOf } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { frameOf, isSignedOut, memberOf, seeOther, sendPage, tags, toMember } from "../pages/pages.ts";

import { type BillActs, billFor, type BillRoom, evenParts, viewsOf } from "./bill-acts.ts";
import { wholeOf } from "./bill-routes.ts";
import { BillPage, BillsPage, DebtsPage } from "./bill-views.tsx";

const params = closed({ number: numberSchema });
const key = Type.Optional(idSchema);
const operators = { access: ["operator"], page: true } as const;
const refusals = [
  "not_authenticated",
  "not_allowed",
  "not_found",
  "wrong_check_digit",
  "bill_not_open",
  "amount_mismatch",
] as const;
const shownMost = 200;

export function registerBillPages(server: Server, room: BillRoom, acts: BillActs): void {
  registerOwn(server, room);
  registerAsking(server, room, acts);
  registerDesk(server, room);
  registerDeskForms(server, room, acts);
}

function registerOwn(server: Server, room: BillRoom): void {
  const { database } = room;
  server.get(
    "/bills",
    { config: toMember, schema: { tags, summary: "Your bills" } },
    async (request, reply) => {
      const caller = await callerOf(room, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/bills");
      const member = await memberOf(room, request);
      const wish = { person: member.id, state: undefined, limit: shownMost, after: undefined };
      const bills = await viewsOf(database, await listBills(database, wish), await readClock(database));
      return sendPage(reply, BillsPage, { frame: frameOf(room, member), bills });
    },
  );
  server.get(
    "/bills/:number",
    {
      config: { ...toMember, refusals: ["not_authenticated", "not_found", "wrong_check_digit"] },
      schema: {
        tags,
        summary: "One of your bills",
        params,
        querystring: closed({ asked: Type.Optional(Type.Literal("yes")) }),
      },
    },
    async (request, reply) => {
      const { number } = request.params;
      const caller = await callerOf(room, request);
      if (isSignedOut(caller)) return seeOther(reply, `/signin?next=/bills/${encodeURIComponent(number)}`);
      const member = await memberOf(room, request);
      const bill = await wholeOf(room, await billFor(room, member, number));
      const asked = request.query.asked === "yes";
      return sendPage(reply, BillPage, { frame: frameOf(room, member), bill, asked, once: uuidv7() });
    },
  );
}

function registerAsking(server: Server, room: BillRoom, { ask }: BillActs): void {
  const { database, settings } = room;
  server.post(
    "/bills/:number/instalments",
    {
      config: { ...toMember, form: true, refusals },
      schema: {
        tags,
        summary: "Ask to pay a bill in parts",
        params,
        body: closed({ count: Type.String({ pattern: "^(?:[2-9]|1[0-2])$" }), key }),
      },
    },
    async (request, reply) => {
      const member = await memberOf(room, request);
      const { number } = request.params;
      const bill = await billFor(room, member, number);
      const { count, key: form } = request.body;
      const parts = evenParts(bill, Number(count), dayAt(await readClock(database), settings.timeZone));
      const digest = digestOf("POST", request.url, { count });
      await once(database, { caller: member.id, key: form, digest }, (client) =>
        ask(client, { number, parts }),
      );
      return seeOther(reply, `/bills/${number}?asked=yes`);
    },
  );
}

function registerDesk(server: Server, room: BillRoom): void {
  const { database } = room;
  server.get(
    "/debts",
    {
      config: { ...operators, refusals: ["not_authenticated", "not_allowed"] },
      schema: {
        tags,
        summary: "What members owe, by age",
        querystring: closed({ asked: Type.Optional(Type.Literal("yes")) }),
      },
    },
    async (request, reply) => {
      const caller = await callerOf(room, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/debts");
      if (caller.kind !== "operator") return refuse("not_allowed");
      const bills = await viewsOf(
        database,
        await listOverdue(database, shownMost),
        await readClock(database),
      );
      const shown = {
        frame: frameOf(room, caller),
        bills,
        asked: request.query.asked === "yes",
        once: () => uuidv7(),
      };
      return sendPage(reply, DebtsPage, shown);
    },
  );
}

/** Does what a form asks for, and leads back to the list. */
async function fromForm<Args>(
  room: BillRoom,
  request: FastifyRequest,
  reply: FastifyReply,
  ask: (asking: Parameters<BillActs["grant"]>[0], args: Args) => ReturnType<BillActs["grant"]>,
  { subject, args, key: form }: { subject: string; args: Args; key: string | undefined },
): Promise<FastifyReply> {
  const { id: operator } = await callerAmong(room, request, ["operator"]);
  const outcome = await ask(
    { operator, key: form, digest: digestOf("POST", request.url, args), subject },
    args,
  );
  if (outcome.how === "done") return seeOther(reply, "/debts");
  const { code, detail, act } = outcome.problem.value;
  if (code === "four_eyes_required" && act !== undefined) return seeOther(reply, "/debts?asked=yes");
  return refuse(code, detail);
}

function registerDeskForms(server: Server, room: BillRoom, { grant, writeOff }: BillActs): void {
  const form = { ...operators, form: true, refusals } as const;
  const { settings } = room;
  server.post(
    "/debts/:number/instalments",
    {
      config: { ...form, acts: ["bill.instalments"] },
      schema: {
        tags,
        summary: "Grant the instalments that a member asks for",
        params,
        body: closed({ key }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, ["operator"]);
      const { number } = request.params;
      const { wish } = await billFor(room, caller, number);
      if (wish === null) return refuse("not_found", "Nobody asks for instalments of it.");
      const parts = wish.map(({ by, amount }) => ({
        by: dayAt(by, settings.timeZone),
        amount: Number(amount),
      }));
      const args = { number, parts };
      return fromForm(room, request, reply, grant, { subject: number, args, key: request.body.key });
    },
  );
  server.post(
    "/debts/:number/write-off",
    {
      config: { ...form, acts: ["bill.write-off"] },
      schema: {
        tags,
        summary: "Give a debt up",
        params,
        body: closed({ amount: Type.String({ pattern: "^[0-9]{1,15}$" }), reason: text(1, 500), key }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, ["operator"]);
      const { number } = request.params;
      await billFor(room, caller, number);
      const { key: once, amount, reason } = request.body;
      return fromForm(room, request, reply, writeOff, {
        subject: number,
        args: { number, amount: Number(amount), reason },
        key: once,
      });
    },
  );
}
