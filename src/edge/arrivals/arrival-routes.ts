/** What has arrived and waits, for two operators: assigned to a due, returned to whoever sent it, or put aside. */
import Type from "typebox";
import { fromWire, toWire } from "../../core/money/money.ts";
import { dammValid, refuse } from "../../core/protocol/protocol.ts";
import {
  amountSchema,
  closed,
  currencySchema,
  idSchema,
  numberSchema,
  pageSchema,
  text,
} from "../../core/protocol/schemas.ts";
import {
  type Arrival,
  movesOf,
  returnArrival,
  type ReturnWish,
  sumWaiting,
  toldOf,
  waitingArrivals,
} from "../../engines/arrivals/arrivals.ts";
import { readOpenDue } from "../../engines/collections/collections.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import { readReturnAccount } from "../../engines/payouts/payouts.ts";
import { type Client, pageOf } from "../../storage/database/database.ts";
import { callerAmong, operatorAct, pageWish } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { noteLook } from "../operators/operators.ts";
import { type Assigning, type Dismissing, type Doings, oneArrival, withDue } from "./acts.ts";
import {
  arrivalSchema,
  arrivalsSchema,
  arrivalWholeSchema,
  assignedSchema,
  returnAccountSchema,
} from "./answers.ts";
import { keptTarget, targetFields } from "./targets.ts";
import { arrivalView, moveView, type Room } from "./telling.ts";

const tags = ["Bank transfers"];
const operators = ["operator"] as const;
const params = closed({ id: idSchema });
const reason = text(1, 500, "What was found");
const ofArrival = Type.Optional({
  ...currencySchema,
  description: "In what the amount was meant: refused where the transfer is in another",
});
const why = closed({ reason: Type.Optional(text(1, 500, "Why you look at it: it names who has paid")) });

export function registerArrivals(server: Server, room: Room, doings: Doings): void {
  registerReading(server, room);
  registerReturnAccount(server, room);
  registerAssigning(server, room, doings);
  registerReturning(server, room);
  registerDismissing(server, room, doings);
}

function registerReading(server: Server, room: Room): void {
  const { database, settings } = room;
  server.get(
    "/v1/arrivals",
    {
      config: { access: operators },
      schema: {
        tags,
        summary: "Transfers that wait for operators, the oldest first",
        answers: { 200: arrivalsSchema },
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(room, request, operators);
      const { limit, after } = pageWish(request.query);
      return pageOf(await waitingArrivals(database, limit + 1, after), limit, arrivalView);
    },
  );
  server.get(
    "/v1/arrivals/:id",
    {
      config: { access: operators, refusals: ["not_found", "too_many_requests"] },
      schema: {
        tags,
        summary: "A transfer with who has sent it, what they wrote, and what became of it",
        answers: { 200: arrivalWholeSchema },
        description: "An operator says why; the look is written down and counts.",
        params,
        querystring: why,
      },
    },
    async (request) => {
      const caller = await callerAmong(room, request, operators);
      return inTransaction(database, async (client) => {
        const arrival = await oneArrival(client, request.params.id);
        await noteLook(client, settings, { person: null, operator: caller.id, reason: request.query.reason });
        return wholeView(room, client, arrival);
      });
    },
  );
}

/** All that is known of a transfer. */
export async function wholeView(room: Room, client: Client, arrival: Arrival) {
  const { number, id } = arrival;
  const due = number === null ? undefined : await readOpenDue(client, number);
  return {
    ...arrivalView(arrival),
    told: (await toldOf(room.ground, client, arrival)) ?? null,
    due: due === undefined ? null : toWire(due.open),
    together: number === null ? null : toWire(await sumWaiting(client, number)),
    moves: (await movesOf(client, id)).map(moveView),
  };
}

function registerReturnAccount(server: Server, room: Room): void {
  const { database, settings, ground } = room;
  server.get(
    "/v1/return-accounts/:id",
    {
      config: { access: operators, refusals: ["not_found", "too_many_requests"] },
      schema: {
        tags,
        summary: "Where at a bank money is to go back to, as an act that waits names it",
        answers: { 200: returnAccountSchema },
        params,
        querystring: why,
      },
    },
    async (request) => {
      const caller = await callerAmong(room, request, operators);
      const { id } = request.params;
      return inTransaction(database, async (client) => {
        const row = await readReturnAccount(ground, client, id);
        const houses = settings.currencies.flatMap((currency) => [
          ground.house("arrivals", currency),
          room.keptAccount(currency),
        ]);
        if (row === undefined || !houses.includes(row.account)) return refuse("not_found");
        await noteLook(client, settings, { person: null, operator: caller.id, reason: request.query.reason });
        const { bank, bankLabel, branch, branchLabel, kind, number, holder } = row.details;
        return { id, bank, bankName: bankLabel, branch, branchName: branchLabel, kind, number, holder };
      });
    },
  );
}

function registerAssigning(server: Server, room: Room, doings: Doings): void {
  const assign = operatorAct<Assigning>(room, "arrival.assign", doings.assign);
  server.post(
    "/v1/arrivals/assign",
    {
      config: {
        access: operators,
        acts: ["arrival.assign"],
        refusals: [
          "not_found",
          "wrong_check_digit",
          "currency_mismatch",
          "amount_mismatch",
          "nothing_due",
          "nothing_kept",
          "account_closed",
          "command_id_reused",
        ],
      },
      schema: {
        tags,
        summary: "Pay a due with transfers that wait: two operators",
        answers: { 201: assignedSchema },
        description:
          "Exactly what is due is taken, of the first ones first; what is left of them waits on. Several that are each too little pay " +
          "it where together they come to it. `id` is yours and used once.",
        body: closed({
          id: idSchema,
          arrivals: Type.Array(idSchema, { minItems: 1, maxItems: 20 }),
          number: numberSchema,
          reason,
        }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, operators);
      const { number } = request.body;
      if (!dammValid(number)) refuse("wrong_check_digit");
      const args = await withDue(room.database, request.body);
      return assign(request, reply, caller, { subject: number, args });
    },
  );
}

function registerReturning(server: Server, room: Room): void {
  const { ground } = room;
  const give = operatorAct<Omit<ReturnWish, "amount"> & { arrival: string; amount: number }>(
    room,
    "arrival.return",
    async (client, { amount, ...wish }, names) => {
      const { owner } = await returnArrival(ground, client, { ...wish, amount: fromWire(amount) }, names);
      return { status: 201, body: arrivalView(await oneArrival(client, wish.arrival)), tells: owner };
    },
  );
  server.post(
    "/v1/arrivals/:id/return",
    {
      config: {
        access: operators,
        acts: ["arrival.return"],
        refusals: [
          "not_found",
          "not_allowed",
          "nothing_kept",
          "currency_mismatch",
          "account_closed",
          "command_id_reused",
          "card_number_refused",
        ],
      },
      schema: {
        tags,
        summary: "Return what waits to whoever sent it: two operators",
        answers: { 201: arrivalSchema },
        description:
          "To a member's `account` here, at once; or to a `bankAccount`, by a payout in the next file that two operators approve. What " +
          "comes back from there waits again.",
        params,
        body: closed({ id: idSchema, amount: amountSchema, currency: ofArrival, ...targetFields, reason }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, operators);
      const { id: arrival } = request.params;
      const { id, amount, currency: meant, reason: said, ...target } = request.body;
      const { currency } = await oneArrival(room.database, arrival);
      if (meant !== undefined && meant !== currency)
        refuse("currency_mismatch", `The transfer is in ${currency}.`);
      const from = ground.house("arrivals", currency);
      const to = await keptTarget(room, { id, from, currency }, target);
      return give(request, reply, caller, {
        subject: arrival,
        args: { arrival, id, amount, to, reason: said },
        currency,
        amount: fromWire(amount),
      });
    },
  );
}

function registerDismissing(server: Server, room: Room, doings: Doings): void {
  const dismiss = operatorAct<Dismissing>(room, "arrival.dismiss", doings.dismiss);
  server.post(
    "/v1/arrivals/:id/dismiss",
    {
      config: { access: operators, acts: ["arrival.dismiss"], refusals: ["not_found", "nothing_kept"] },
      schema: {
        tags,
        summary: "Say that what waits was no payer's: it is outside again. Two operators",
        answers: { 200: arrivalSchema },
        description:
          "Interest, the institution's own money, what the bank has taken back, a payout that came back and is booked by its report.",
        params,
        body: closed({ reason }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, operators);
      const { id: arrival } = request.params;
      await oneArrival(room.database, arrival);
      return dismiss(request, reply, caller, { subject: arrival, args: { arrival, ...request.body } });
    },
  );
}
