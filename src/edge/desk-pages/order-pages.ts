/** An order that an operator takes for a member who calls, or an amount that they reserve (paragraphs 0043, 0074, 0080). */
import type { FastifyReply } from "fastify";
import { isId, refuse } from "../../core/protocol/protocol.ts";
import { closed, type MoveBody, numberSchema, type Propose } from "../../core/protocol/schemas.ts";
import { totalOf } from "../../core/trade/trade.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { findMember, listMethods } from "../../storage/members/members.ts";
import { findByName, readShops } from "../../storage/parties/parties.ts";
import { memberNumber, ofReserving } from "../api/api.ts";
import { readBackMissing, speechSaid, spokenOf } from "../callers/callers.ts";
import { OrderPage, OrderReadPage } from "../desk-views/desk-views.ts";
import type { Server } from "../http/http.ts";
import type { Speech } from "../operators/operators.ts";
import {
  attemptOf,
  type Fields,
  filled,
  frameOf,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import { type Attempt, noAttempt } from "../parts/parts.ts";
import { operatorAt, toOperator } from "./home-page.ts";
import { orderForm, orderOf } from "./order-making.ts";
import { sendTradeDesk } from "./trade-pages.ts";

const params = closed({ number: numberSchema });
const refusals = [...toOperator.refusals, "not_found", "wrong_check_digit"] as const;

/** Who has called, and with what they can pay. */
async function memberAt({ database }: PageContext, number: string) {
  const member = await findMember(database, memberNumber(number));
  if (member === undefined || member.state === "erased") return refuse("not_found");
  const methods = (await listMethods(database, member.id)).filter(
    ({ state, trade }) => state === "active" && trade == null,
  );
  return { number, methods: methods.map(({ id, kind, currency }) => ({ id, kind, currency })) };
}
type MemberAt = Awaited<ReturnType<typeof memberAt>>;

function sendForm(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  { number, methods }: MemberAt,
  {
    status = 200,
    attempt = noAttempt,
    once = uuidv7(),
  }: { status?: number; attempt?: Attempt; once?: string },
): FastifyReply {
  const needs = spokenOf(context.confirming.rules, "trade.approve");
  const { currencies } = context.settings;
  const frame = frameOf(context, caller);
  return sendPage(reply, OrderPage, { frame, number, methods, currencies, needs, attempt, once }, status);
}

/** Which shop is meant: once it was read back that one, whoever has got or left the name since. */
async function shopMeant({ database }: PageContext, fields: Fields): Promise<string | undefined> {
  const read = fields["said"] === "yes" ? filled(fields["shopFound"]) : undefined;
  const typed = read ?? filled(fields["shop"]);
  if (typed === undefined) return undefined;
  if (!isId(typed)) return findByName(database, typed, ["shop"]);
  return (await readShops(database, [typed]))[0]?.id;
}

/** What goes along from the form to what is read back, and on to the order of that shop. */
function along(fields: Fields, shopFound: string | undefined): Record<string, string> {
  const left = new Set(["said", "readBack", "again"]);
  return Object.fromEntries(
    Object.entries({ ...fields, shopFound }).flatMap(([name, value]) =>
      value === undefined || value === "" || left.has(name) ? [] : [[name, value]],
    ),
  );
}

/**
 * The order with its approval, as a call makes it; where that takes two, the order without, which binds nobody, and the approval
 * waits for the second one.
 */
async function order({ trades }: PageContext, actor: Actor, body: Propose, speech: Speech, once: string) {
  const whole = await trades.propose(actor, { ...body, approval: { operator: speech } }, once);
  if (whole.how === "done" || whole.problem.value.code !== "four_eyes_required") return whole;
  const { method, payment } = body;
  const proposed = await trades.propose(actor, body, `${once}-order`);
  if (proposed.how !== "done") return proposed;
  const { number, version } = proposed.view.value;
  const approval = {
    do: "approve",
    version,
    ...(method === undefined ? {} : { method }),
    ...(payment === undefined ? {} : { payment }),
    operator: speech,
  } as MoveBody;
  return trades.move(actor, number, approval, `${once}-approve`);
}

async function take(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  member: MemberAt,
  fields: Fields,
): Promise<FastifyReply> {
  const again = (status: number, wrong: Parameters<typeof attemptOf>[1]) =>
    sendForm(context, reply, caller, member, {
      status,
      attempt: attemptOf(fields, wrong),
      // What was refused is another order when it is sent again.
      once: status === 200 ? (fields["key"] ?? uuidv7()) : uuidv7(),
    });
  if (fields["again"] === "yes") return again(200, {});
  const { number } = member;
  const shop = await shopMeant(context, fields);
  const { currencies } = context.settings;
  const made = orderOf(fields, { member: number, shop, currencies });
  const speech = speechSaid(fields, spokenOf(context.confirming.rules, "trade.approve"));
  if (!("body" in made) || !("body" in speech)) {
    const errors = {
      ...("errors" in made ? made.errors : {}),
      ...("errors" in speech ? speech.errors : {}),
    };
    const problem = "problem" in made ? made.problem : undefined;
    return again(422, problem === undefined ? { errors } : { errors, problem });
  }
  const { body } = made;
  const unread = fields["said"] === "yes" ? readBackMissing(fields) : {};
  if (unread !== undefined) {
    const [party] = await readShops(context.database, [body.shop ?? ""]);
    const { lines, amount, currency, payment, recipient, method } = body;
    const shown = {
      frame: frameOf(context, caller),
      number,
      shop: party?.name ?? "",
      currency,
      lines: lines?.map(({ name, quantity, unitAmount = 0 }) => ({ name, quantity, unitAmount })),
      sum: lines === undefined ? BigInt(amount ?? 0) : totalOf(lines),
      method: member.methods.find(({ id }) => id === method)?.kind,
      date: payment?.on === "date" ? payment.date : undefined,
      recipient,
      fields: along(fields, body.shop),
      attempt: attemptOf({}, { errors: unread }),
    };
    return sendPage(reply, OrderReadPage, shown, Object.keys(unread).length === 0 ? 200 : 422);
  }
  const actor: Actor = { kind: "operator", id: caller.id };
  const outcome = await order(context, actor, body, speech.body, fields["key"] ?? uuidv7());
  if (outcome.how === "done") return seeOther(reply, `/desk/trades/${outcome.view.value.number}?done=yes`);
  const problem = outcome.problem.value;
  const { trade } = problem;
  if (trade === undefined) return again(problem.status, { problem });
  if (problem.code === "four_eyes_required") return seeOther(reply, `/desk/trades/${trade}?waits=yes`);
  // The order is there, and what it wanted was refused: it can be changed and approved.
  return sendTradeDesk(context, reply, caller, trade, {
    status: problem.status,
    attempt: attemptOf({}, { problem }),
  });
}

export function registerOrders(server: Server, context: PageContext): void {
  server.get(
    "/desk/members/:number/order",
    {
      config: { ...toOperator, refusals },
      schema: { tags, summary: "The form by which an operator takes an order for a member", params },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      return sendForm(context, reply, caller, await memberAt(context, request.params.number), {});
    },
  );
  server.post(
    "/desk/members/:number/order",
    {
      config: {
        ...toOperator,
        form: true,
        acts: ["trade.propose", "trade.approve"],
        refusals: [...refusals, ...ofReserving, "amount_mismatch"],
      },
      schema: { tags, summary: "Read back, and ordered for whoever has called", params, body: orderForm },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const member = await memberAt(context, request.params.number);
      return take(context, reply, caller, member, request.body);
    },
  );
}
