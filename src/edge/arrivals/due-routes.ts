/** Where a due is paid by a transfer, and what is kept under its number goes back to. */
import type { FastifyRequest } from "fastify";
import { fromWire } from "../../core/money/money.ts";
import { dammValid, Refusal, refuse } from "../../core/protocol/protocol.ts";
import {
  amountSchema,
  closed,
  collectionSchema,
  currencySchema,
  idSchema,
  numberSchema,
  text,
} from "../../core/protocol/schemas.ts";
import { payingInOrRefuse, returnKept, type ReturnWish } from "../../engines/arrivals/arrivals.ts";
import { type Collections, readOpenDue } from "../../engines/collections/collections.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import type { Client } from "../../storage/database/database.ts";
import { callerAmong, checkCurrency, operatorAct } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { requirePeer } from "../signing/signing.ts";
import { payingInSchema } from "./answers.ts";
import { keptTarget, targetFields } from "./targets.ts";
import { payingInView, type Room } from "./telling.ts";

const params = closed({ number: numberSchema });

export function registerDues(server: Server, room: Room, collections: Pick<Collections, "read">): void {
  registerPayingIn(server, room, collections);
  registerPayingBack(server, room);
}

const isSigned = (request: FastifyRequest): boolean => request.headers["signature-input"] !== undefined;

function registerPayingIn(server: Server, room: Room, collections: Pick<Collections, "read">): void {
  const { ground, database } = room;
  const told = async (client: Client, { number, currency }: { number: string; currency: string }) =>
    payingInView(await payingInOrRefuse(ground, client, { number, currency }));
  const tell = operatorAct<{ number: string; currency: string }>(
    room,
    "paying-in.tell",
    async (client, due) => ({
      status: 200,
      body: await told(client, due),
    }),
  );
  server.post(
    "/v1/collections/:number/paying-in",
    {
      config: {
        access: ["server", "operator"],
        acts: ["paying-in.tell"],
        refusals: ["not_found", "not_allowed", "wrong_check_digit", "signature_invalid"],
      },
      schema: {
        tags: ["Bank transfers"],
        summary: "Where what is due under a number is paid by a transfer",
        answers: { 200: payingInSchema },
        description:
          "For the server that has said so, and for operators. The same answer each time. Where the bank makes up accounts (振込専用口座), " +
          "the due gets one of its own; else the number is to be written before the name of the remitter.",
        params,
        body: closed({}),
      },
    },
    async (request, reply) => {
      const { number } = request.params;
      const peer = isSigned(request) ? requirePeer(request) : undefined;
      const caller = peer === undefined ? await callerAmong(room, request, ["operator"]) : undefined;
      if (!dammValid(number)) refuse("wrong_check_digit");
      const of = peer === undefined ? {} : { peer: peer.id };
      const { currency } = (await collections.read(number, of)) ?? refuse("not_found");
      if (caller !== undefined)
        return tell(request, reply, caller, { subject: number, args: { number, currency } });
      return inTransaction(database, (client) => told(client, { number, currency }));
    },
  );
}

interface PayingBack extends Omit<ReturnWish, "amount"> {
  number: string;
  amount: number;
  currency: string;
  reference: string;
}

function registerPayingBack(server: Server, room: Room): void {
  const { ground, database, keptAccount } = room;
  const give = operatorAct<PayingBack>(
    room,
    "collection.pay-back",
    async (client, { amount, ...wish }, names) => {
      const kept = keptAccount(wish.currency);
      const asked = { ...wish, amount: fromWire(amount), keptAccount: kept };
      const { outcome, owner } = await returnKept(ground, client, asked, names);
      if (outcome.how === "refused") throw new Refusal(outcome.problem.value);
      return { status: outcome.status, body: outcome.view.value, tells: owner };
    },
  );
  server.post(
    "/v1/collections/:number/pay-backs",
    {
      config: {
        access: ["operator"],
        acts: ["collection.pay-back"],
        refusals: [
          "not_found",
          "not_allowed",
          "wrong_check_digit",
          "unknown_currency",
          "currency_mismatch",
          "nothing_kept",
          "account_closed",
          "command_id_reused",
          "card_number_refused",
        ],
      },
      schema: {
        tags: ["Collections"],
        summary:
          "Return what is kept under a number to a member's account, or to an account at a bank: two operators",
        answers: { 201: collectionSchema },
        description:
          "As `POST /v1/collections/{number}/returns`, without a collector. What comes back from the bank is kept again.",
        params,
        body: closed({
          id: idSchema,
          amount: amountSchema,
          currency: currencySchema,
          ...targetFields,
          reference: text(1, 200, "The receipt of the payer"),
          reason: text(1, 500, "Of what was found"),
        }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, ["operator"]);
      const { number } = request.params;
      const { id, amount, currency, reference, reason, ...target } = request.body;
      if (!dammValid(number)) refuse("wrong_check_digit");
      checkCurrency(room, currency);
      if ((await readOpenDue(database, number)) === undefined) refuse("not_found");
      const to = await keptTarget(room, { id, from: keptAccount(currency), currency }, target);
      const args = { number, id, amount, currency, reference, reason, to };
      return give(request, reply, caller, { subject: number, args });
    },
  );
}
