/** What members owe, on pages of their own. */
import Type from "typebox";
import { dayAt } from "../../core/protocol/protocol.ts";
import { closed, idSchema, numberSchema } from "../../core/protocol/schemas.ts";
import { digestOf, once } from "../../engines/engine/engine.ts";
import { listBills } from "../../engines/debts/debts.ts";
import { readClock, uuidv7 } from "../../storage/database/database.ts";
import { callerOf } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { frameOf, isSignedOut, memberOf, seeOther, sendPage, tags, toMember } from "../pages/pages.ts";
import { type BillActs, billFor, type BillRoom, evenParts, viewsOf } from "./bill-acts.ts";
import { wholeOf } from "./bill-routes.ts";
import { BillPage, BillsPage } from "./bill-views.tsx";

const params = closed({ number: numberSchema });
const key = Type.Optional(idSchema);
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
