/** What is due under a number, for those who take money; what they have taken; and what goes back to those who paid. */
import type { FastifyRequest } from "fastify";
import { fromWire } from "../../core/money/money.ts";
import { dammValid, Refusal, refuse } from "../../core/protocol/protocol.ts";
import {
  amountSchema,
  closed,
  type CollectionEntry,
  collectionPaidSchema,
  collectionEntrySchema,
  collectionSchema,
  currencySchema,
  idSchema,
  numberSchema,
  text,
} from "../../core/protocol/schemas.ts";
import {
  accountOfCollector,
  type Collections,
  type CollectionView,
} from "../../engines/collections/collections.ts";
import type { Effect, Outcome } from "../../engines/engine/engine.ts";
import { callerAmong, checkCurrency, type Context, operatorAct, sendOutcome } from "../api/api.ts";
import { idempotencyKey, type Server } from "../http/http.ts";
import { requirePeer } from "../signing/signing.ts";

const tags = ["Collections"];
const params = closed({ number: numberSchema });
const takers = ["collector", "carrier", "operator"] as const;

export function registerPayments(server: Server, context: Context, collections: Collections): void {
  registerRead(server, context, collections);
  registerTaking(server, context, collections);
  registerReturning(server, context, collections);
}

function checkNumber(number: string): void {
  if (!dammValid(number)) refuse("wrong_check_digit");
}

const isSigned = (request: FastifyRequest): boolean => request.headers["signature-input"] !== undefined;

/** What is due under a number, as far as whoever asks is to know it. */
async function readFor(
  context: Context,
  request: FastifyRequest,
  collections: Collections,
  number: string,
): Promise<CollectionView> {
  const of = isSigned(request)
    ? { peer: requirePeer(request).id }
    : await callerAmong(context, request, takers).then(({ kind, id }) =>
        kind === "operator" ? {} : { collector: id },
      );
  checkNumber(number);
  return (await collections.read(number, of)) ?? refuse("not_found");
}

function registerRead(server: Server, context: Context, collections: Collections): void {
  server.get(
    "/v1/collections/:number",
    {
      config: {
        access: ["server", "collector", "carrier", "operator"],
        refusals: ["not_found", "wrong_check_digit", "signature_invalid"],
      },
      schema: {
        tags,
        summary: "What is due under a trade number",
        answers: { 200: collectionSchema },
        description:
          "Those who take money see their own payments among `payments`; a server sees what is its own.",
        params,
      },
    },
    (request) => readFor(context, request, collections, request.params.number),
  );
}

function paymentOf({ id, amount, currency, channel, reference, taken }: CollectionEntry) {
  return { id, amount: fromWire(amount), currency, channel, reference, taken: taken === true };
}

/** What an outcome comes to in a transaction that is done as a whole or not at all. */
function effectOf(outcome: Outcome<Record<string, unknown>>): Effect {
  if (outcome.how === "refused") throw new Refusal(outcome.problem.value);
  return { status: outcome.status, body: outcome.view.value };
}

function registerTaking(server: Server, context: Context, collections: Collections): void {
  const enter = operatorAct<{ number: string; collector: string; wish: CollectionEntry }>(
    context,
    "collection.take",
    async (client, { number, collector, wish }, { operator, confirmedBy }) => {
      const taker = { collector, operator, confirmedBy, reason: wish.reason ?? null };
      const outcome = await collections.payWithin(client, number, taker, paymentOf(wish));
      return { ...effectOf(outcome), tells: collector };
    },
  );
  server.post(
    "/v1/collections/:number/payments",
    {
      config: {
        access: takers,
        acts: ["collection.take"],
        refusals: [
          "not_found",
          "wrong_check_digit",
          "unknown_currency",
          "currency_mismatch",
          "amount_mismatch",
          "nothing_due",
          "collector_limit_exceeded",
          "command_id_reused",
          "card_number_refused",
        ],
      },
      schema: {
        tags,
        summary: "Take what is due under a trade number",
        answers: { 201: collectionPaidSchema },
        description:
          "Exactly what is due, in its currency. `taken: true` says that it is in the till already: what is not due then is " +
          "kept for return (`state: kept`) instead of refused. The money is yours until you hand it in, up to your limit. " +
          "The same `id` again gets the same answer. An operator names the `collector` and a `reason`, and is confirmed by " +
          "another.",
        params,
        body: collectionEntrySchema,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, takers);
      const { number } = request.params;
      const wish = request.body;
      checkNumber(number);
      checkCurrency(context, wish.currency);
      const { collector, reason } = wish;
      if (caller.kind !== "operator") {
        if (collector !== undefined || reason !== undefined)
          refuse("not_allowed", "Only an operator takes money in the name of a collector.");
        const taker = { collector: caller.id, operator: null, confirmedBy: null, reason: null };
        const key = idempotencyKey(request);
        return sendOutcome(reply, await collections.pay(number, taker, paymentOf(wish), key));
      }
      if (collector === undefined) return missing("collector", "An operator says who has taken it.");
      if (reason === undefined) return missing("reason", "An operator says why it is entered by hand.");
      return enter(request, reply, caller, { subject: number, args: { number, collector, wish } });
    },
  );
}

function missing(field: string, detail: string): never {
  return refuse("invalid_field", detail, { errors: [{ pointer: `/${field}`, message: "is missing" }] });
}

interface Returning {
  number: string;
  id: string;
  amount: number;
  currency: string;
  collector: string;
  reference: string;
  reason: string;
}

function registerReturning(server: Server, context: Context, collections: Collections): void {
  const give = operatorAct<Returning>(
    context,
    "collection.return",
    async (client, { number, id, amount, currency, collector, reference }, { operator, confirmedBy }) => {
      const wish = {
        id,
        amount: fromWire(amount),
        currency,
        account: accountOfCollector(collector, currency),
        reference,
        operator,
        confirmedBy,
      };
      return { ...effectOf(await collections.returnWithin(client, number, wish)), tells: collector };
    },
  );
  server.post(
    "/v1/collections/:number/returns",
    {
      config: {
        access: ["operator"],
        acts: ["collection.return"],
        refusals: [
          "not_found",
          "wrong_check_digit",
          "unknown_currency",
          "currency_mismatch",
          "nothing_kept",
          "card_number_refused",
        ],
      },
      schema: {
        tags,
        summary: "Return what is kept to those who paid it, by a collector who hands it over",
        answers: { 201: collectionSchema },
        description:
          "Two operators. The collector owes so much less: it has given it to the payer out of its till, or sent it. `id` is " +
          "used once.",
        params,
        body: closed({
          id: idSchema,
          amount: amountSchema,
          currency: currencySchema,
          collector: idSchema,
          reference: text(1, 200, "The receipt of the payer, the number of a transfer"),
          reason: text(1, 500, "Of what was found"),
        }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { number } = request.params;
      checkNumber(number);
      checkCurrency(context, request.body.currency);
      return give(request, reply, caller, { subject: number, args: { number, ...request.body } });
    },
  );
}
