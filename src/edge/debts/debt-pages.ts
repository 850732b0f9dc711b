/** What members owe, for operators: all that is open, by age, each bill with its trades, and what is done about it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { dayAt, markOfPlace, placeOfMark, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, numberSchema, pageSchema, text } from "../../core/protocol/schemas.ts";
import { digestOf } from "../../engines/engine/engine.ts";
import { type Bill, listOverdue, nextStepOf } from "../../engines/debts/debts.ts";
import { readClock, uuidv7 } from "../../storage/database/database.ts";
import { readPersonalData } from "../../storage/members/members.ts";
import { callerAmong } from "../api/api.ts";
import { masked, operatorAt, unshown } from "../desk-pages/desk-pages.ts";
import type { Server } from "../http/http.ts";
import { mayShowOpened } from "../operators/operators.ts";
import { frameOf, sendPage, seeOther, tags } from "../pages/pages.ts";
import { type BillActs, billFor, type BillRoom, evenParts, type PartWish, viewsOf } from "./bill-acts.ts";
import { wholeOf } from "./bill-routes.ts";
import { DebtPage, type DebtShown, DebtsPage } from "./debt-views.tsx";

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
/** With what can be done to each, fewer stand on a page than in a list. */
const onPage = 20;

export function registerDebtPages(server: Server, room: BillRoom, acts: BillActs): void {
  registerLists(server, room);
  registerForms(server, room, acts);
}

/** Bills with the numbers of those whose they are, and when the next reminder goes out. */
async function debtsShown({ database, ground }: BillRoom, bills: readonly Bill[]): Promise<DebtShown[]> {
  const views = await viewsOf(database, bills, await readClock(database));
  return views.map((view, index) => {
    const bill = bills[index];
    const next = bill && nextStepOf(bill, ground.rules);
    return { ...view, person: unshown(view.member), nextStepAt: next?.toISOString() ?? null };
  });
}

/** One bill with whose it is, masked: noted as the page of the member is. */
async function debtShown(room: BillRoom, operator: string, bill: Bill): Promise<DebtShown> {
  const { database, vault, settings } = room;
  const [debt] = await debtsShown(room, [bill]);
  if (debt === undefined) return refuse("not_found");
  const known = await readPersonalData(database, vault, bill.person);
  const opened = { person: bill.person, trade: null };
  if (known === undefined || !(await mayShowOpened(database, settings, operator, opened))) return debt;
  return { ...debt, person: masked(known, debt.member) };
}

/** The instalments that the member asks for, as a call names them. */
function wishOf({ wish }: Bill, timeZone: string): PartWish {
  if (wish === null) return refuse("not_found", "Nobody asks for instalments of it.");
  return wish.map(({ by, amount }) => ({ by: dayAt(by, timeZone), amount: Number(amount) }));
}

function registerLists(server: Server, room: BillRoom): void {
  const { database } = room;
  server.get(
    "/debts",
    {
      config: { ...operators, refusals: ["not_authenticated", "not_allowed", "invalid_field"] },
      schema: {
        tags,
        summary: "What members owe, by age",
        querystring: closed({
          asked: Type.Optional(Type.Literal("yes")),
          after: pageSchema.properties.after,
        }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(room, request, reply);
      if (caller === undefined) return reply;
      const { asked, after } = request.query;
      const place = after === undefined ? undefined : placeOfMark(after);
      if (after !== undefined && place === undefined)
        return refuse("invalid_field", "`after` is not from a list.");
      const found = await listOverdue(database, onPage + 1, place);
      const shown = found.slice(0, onPage);
      const last = found.length > onPage ? shown.at(-1) : undefined;
      return sendPage(reply, DebtsPage, {
        frame: frameOf(room, caller),
        bills: await debtsShown(room, shown),
        asked: asked === "yes",
        once: () => uuidv7(),
        next: last === undefined ? null : markOfPlace({ at: last.dueAt, id: last.id }),
      });
    },
  );
  server.get(
    "/debts/:number",
    {
      config: { ...operators, refusals },
      schema: {
        tags,
        summary: "One bill, with the trades that it came of and what was told",
        params,
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(room, request, reply);
      if (caller === undefined) return reply;
      const bill = await billFor(room, caller, request.params.number);
      const debt = await debtShown(room, caller.id, bill);
      const { trades, news } = await wholeOf(room, bill);
      const shown = { frame: frameOf(room, caller), debt, trades, news, once: () => uuidv7() };
      return sendPage(reply, DebtPage, shown);
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

function registerForms(server: Server, room: BillRoom, { grant, writeOff }: BillActs): void {
  const form = { ...operators, form: true, refusals } as const;
  const { database, settings } = room;
  server.post(
    "/debts/:number/instalments",
    {
      config: { ...form, acts: ["bill.instalments"] },
      schema: {
        tags,
        summary: "Grant the instalments that a member asks for, or even ones that they have agreed to",
        params,
        body: closed({ count: Type.Optional(Type.String({ pattern: "^(?:[2-9]|1[0-2])$" })), key }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, ["operator"]);
      const { number } = request.params;
      const bill = await billFor(room, caller, number);
      const { count, key: once } = request.body;
      const today = dayAt(await readClock(database), settings.timeZone);
      const parts =
        count === undefined ? wishOf(bill, settings.timeZone) : evenParts(bill, Number(count), today);
      return fromForm(room, request, reply, grant, { subject: number, args: { number, parts }, key: once });
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
