/** Numbers under which members bring money to their accounts (0070): at any counter that collects, and by bank transfers. */
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { fromWire, toWire } from "../../core/money/money.ts";
import { addDuration, dammValid, parseDuration, refuse } from "../../core/protocol/protocol.ts";
import {
  amountSchema,
  closed,
  currencySchema,
  durationSchema,
  idSchema,
  numberSchema,
  oneOf,
  operator,
  pageSchema,
} from "../../core/protocol/schemas.ts";
import { membersAccount, payingIn } from "../../engines/arrivals/arrivals.ts";
import {
  type Funding,
  listFundings,
  openFunding,
  readFunding,
} from "../../engines/collections/collections.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import { type Client, pageOf, readClock, uuidv7 } from "../../storage/database/database.ts";
import { payingInView } from "../arrivals/arrivals.ts";
import { callerAmong, operatorAct, pageWish } from "../api/api.ts";
import { languageAsked, type Server } from "../http/http.ts";
import { paymentSlip } from "../papers/papers.ts";
import { accountFor, ofMember, type Room } from "./accounts.ts";
import { fundingSchema, fundingsSchema } from "./answers.ts";

const tags = ["Fundings"];
const languages = ["en", "ja"] as const;
const ofAccount = Type.Optional({
  ...currencySchema,
  description: "In what the amount was meant: refused where the account is in another",
});

export function registerFundings(server: Server, room: Room): void {
  registerOpening(server, room);
  registerReading(server, room);
  registerSlip(server, room);
}

function listedView({ tradeNumber: number, account, currency, amount, state, until, createdAt }: Funding) {
  return {
    number,
    account,
    currency,
    amount: toWire(amount),
    state,
    until: until.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}

/** A funding with where it is paid by a transfer. */
export async function fundingView({ ground }: Pick<Room, "ground">, client: Client, funding: Funding) {
  const { tradeNumber: number, currency } = funding;
  const found = await payingIn(ground, client, { number, currency });
  return { ...listedView(funding), payingIn: found === undefined ? null : payingInView(found) };
}

/** How long a number can be paid: at least, if nothing is said, and at most. */
const shortestWithin = "P1D";
const usualWithin = "P14D";
const longestWithin = "P60D";

/** Opens a number for an account. */
export async function openFor(
  room: Pick<Room, "ground">,
  client: Client,
  { account: id, amount, within }: { account: string; amount: number; within?: string },
) {
  const { account, owner } = await membersAccount(client, id);
  if (account.closed) refuse("account_closed");
  const now = await readClock(client);
  const until = endOf(now, within ?? usualWithin);
  if (!(until >= endOf(now, shortestWithin) && until <= endOf(now, longestWithin)))
    refuse("date_out_of_range", `A number can be paid for ${shortestWithin} to ${longestWithin}.`);
  const wish = { id: uuidv7(), account: id, currency: account.currency, amount: fromWire(amount), until };
  return { funding: await fundingView(room, client, await openFunding(client, wish)), owner };
}

function endOf(now: Date, within: string): Date {
  const duration = parseDuration(within);
  return duration === undefined
    ? refuse("invalid_field", "`within` is no duration.")
    : addDuration(now, duration);
}

function registerOpening(server: Server, room: Room): void {
  const open = operatorAct<{ account: string; amount: number; within?: string }>(
    room,
    "funding.open",
    async (client, wish) => {
      const { funding, owner } = await openFor(room, client, wish);
      return { status: 201, body: funding, tells: owner };
    },
  );
  server.post(
    "/v1/accounts/:id/fundings",
    {
      config: {
        access: ofMember,
        acts: ["funding.open"],
        refusals: [
          "not_found",
          "not_allowed",
          "currency_mismatch",
          "account_closed",
          "date_out_of_range",
          "too_many_requests",
        ],
      },
      schema: {
        tags,
        summary: "A number under which money is brought to your account",
        answers: { 201: fundingSchema },
        description:
          "Whoever shows the number at a counter that collects, or writes it in a bank transfer, pays exactly this amount to the account, " +
          "once. `within`: until when, from P1D to P60D, P14D if it is left out; what nobody has brought by then ends.",
        params: closed({ id: idSchema }),
        body: closed({
          amount: amountSchema,
          currency: ofAccount,
          within: Type.Optional(durationSchema),
          operator,
        }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { caller, account, owner } = await accountFor(room, request, id);
      const { operator: speech, currency: meant, ...wish } = request.body;
      const { currency } = account;
      if (meant !== undefined && meant !== currency)
        refuse("currency_mismatch", `The account is in ${currency}.`);
      return open(request, reply, caller, {
        subject: owner,
        args: { account: id, ...wish },
        speech,
        currency,
        amount: fromWire(wish.amount),
      });
    },
  );
}

/** A funding of the caller's, or any for an operator. */
async function fundingFor(room: Room, request: FastifyRequest, number: string): Promise<Funding> {
  await callerAmong(room, request, ofMember);
  if (!dammValid(number)) refuse("wrong_check_digit");
  const funding = (await readFunding(room.database, number)) ?? refuse("not_found");
  await accountFor(room, request, funding.account);
  return funding;
}

function registerReading(server: Server, room: Room): void {
  const { database } = room;
  server.get(
    "/v1/accounts/:id/fundings",
    {
      config: { access: ofMember, refusals: ["not_found", "not_allowed"] },
      schema: {
        tags,
        summary: "Numbers under which money is brought to an account, the newest first",
        answers: { 200: fundingsSchema },
        params: closed({ id: idSchema }),
        querystring: pageSchema,
      },
    },
    async (request) => {
      const { id } = request.params;
      await accountFor(room, request, id);
      const { limit, after } = pageWish(request.query);
      const found = await listFundings(database, id, limit + 1, after);
      return pageOf(found, limit, listedView);
    },
  );
  server.get(
    "/v1/fundings/:number",
    {
      config: { access: ofMember, refusals: ["not_found", "wrong_check_digit"] },
      schema: {
        tags,
        summary: "What became of such a number, and where it is paid by a transfer",
        answers: { 200: fundingSchema },
        params: closed({ number: numberSchema }),
      },
    },
    async (request) => {
      const { number } = request.params;
      const funding = await fundingFor(room, request, number);
      return inTransaction(database, (client) => fundingView(room, client, funding));
    },
  );
}

function registerSlip(server: Server, room: Room): void {
  const { database, settings, name } = room;
  server.get(
    "/v1/fundings/:number/slip",
    {
      config: { access: ofMember, refusals: ["not_found", "wrong_check_digit", "nothing_due"] },
      schema: {
        tags,
        summary: "The payment slip of such a number, as PDF",
        answers: { 200: Type.String({ contentMediaType: "application/pdf" }) },
        params: closed({ number: numberSchema }),
        querystring: closed({ language: Type.Optional(oneOf(languages)) }),
      },
    },
    async (request, reply) => {
      const { number } = request.params;
      const funding = await fundingFor(room, request, number);
      if (funding.state !== "open") return refuse("nothing_due");
      const { language = languageAsked(request.headers["accept-language"], languages) ?? "en" } =
        request.query;
      const { currency, amount, until: payBy } = funding;
      const { pdf } = await paymentSlip({
        lang: language,
        server: name,
        at: await readClock(database),
        timeZone: settings.timeZone,
        paidFor: "funding",
        number,
        payee: name,
        reference: null,
        currency,
        amount,
        payBy,
      });
      return reply
        .type("application/pdf")
        .header("content-disposition", `inline; filename="${number}.pdf"`)
        .send(Buffer.from(pdf));
    },
  );
}
