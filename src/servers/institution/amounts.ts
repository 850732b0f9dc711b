/**
 * What trades cost whose own servers are not to know it (paragraph 0026): the shop tells it here, once and for good, and the
 * buyer looks at it here before approving there.
 */
import { amountToldSchema } from "../../core/answers/answers.ts";
import type { Server } from "../../edge/http/http.ts";
import { toWire } from "../../core/money/money.ts";
import { readParty } from "../../storage/parties/parties.ts";
import { dammValid, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, numberSchema, toldAmountSchema } from "../../core/protocol/schemas.ts";
import {
  checkTold,
  insertTold,
  mayPay,
  readTold,
  type ToldLine,
  worthOf,
} from "../../engines/reservations/reservations.ts";
import {
  frameOf,
  isSignedOut,
  type PageContext,
  seeOther,
  sendPage,
  tags,
  toMember,
} from "../../edge/pages/pages.ts";
import { ToldPage } from "../../edge/member-views/member-views.ts";

import { answerOnce, callerAmong, callerOf, checkCurrency, type Context } from "../../edge/api/api.ts";
import { knownPeer, type KnownPeers } from "./consents.ts";

export function registerAmounts(server: Server, context: PageContext, peers: KnownPeers): void {
  registerTelling(server, context, peers);
  registerPage(server, context, peers);
}

function sumOf(lines: readonly ToldLine[]): bigint {
  const wrong = checkTold(lines);
  if (wrong !== undefined) refuse(wrong.refused, wrong.detail);
  const sum = worthOf(
    lines,
    lines.map(({ quantity }) => quantity),
  );
  if (sum > BigInt(Number.MAX_SAFE_INTEGER)) refuse("invalid_field", "The lines come to more than 2^53-1.");
  return sum;
}

const isSame = (left: readonly ToldLine[], right: readonly ToldLine[]): boolean =>
  left.length === right.length &&
  left.every(
    ({ quantity, unitAmount, amount }, index) =>
      quantity === right[index]?.quantity &&
      unitAmount === right[index]?.unitAmount &&
      amount === right[index]?.amount,
  );

function registerTelling(server: Server, context: Context, peers: KnownPeers): void {
  server.post(
    "/v1/amounts",
    {
      config: {
        access: ["shop"],
        refusals: [
          "not_found",
          "wrong_check_digit",
          "unknown_currency",
          "currency_mismatch",
          "already_exists",
        ],
      },
      schema: {
        tags: ["Payments for other servers"],
        summary: "Tell what a trade costs whose server is not to know it",
        answers: { 201: amountToldSchema },
        description:
          "`peer` is the id of the server that carries the trade. What was told stands: the same again gets the same " +
          "answer, and anything else is refused. It is frozen when the buyer has approved the trade there.",
        body: toldAmountSchema,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["shop"]);
      const { peer, tradeNumber, currency, lines } = request.body;
      knownPeer(peers, peer);
      if (!dammValid(tradeNumber)) refuse("wrong_check_digit");
      checkCurrency(context, currency);
      const amount = sumOf(lines);
      return answerOnce(context, request, reply, caller, async (client) => {
        await insertTold(client, { peer, tradeNumber, shop: caller.id, currency, amount, lines });
        const told = (await readTold(client, [{ peer, tradeNumber }])).find(({ shop }) => shop === caller.id);
        if (told === undefined || told.currency !== currency || !isSame(told.lines, lines))
          refuse("already_exists", "Something else was told of this trade, and it stands.");
        return { status: 201, body: { peer, tradeNumber, currency, amount: toWire(amount), lines } };
      });
    },
  );
}

function registerPage(server: Server, context: PageContext, peers: KnownPeers): void {
  server.get(
    "/amounts/:peer/:number",
    {
      config: { ...toMember, refusals: ["not_authenticated", "not_found"] },
      schema: {
        tags,
        summary: "What a trade costs whose own server does not know it",
        params: closed({ peer: idSchema, number: numberSchema }),
      },
    },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      const { peer, number: tradeNumber } = request.params;
      if (isSignedOut(caller)) return seeOther(reply, `/signin?next=/amounts/${peer}/${tradeNumber}`);
      const { name } = knownPeer(peers, peer);
      const trade = { peer, tradeNumber };
      if (caller.kind !== "member") refuse("not_allowed");
      const seen = await mayPay(context.database, caller.id, trade);
      if (seen === undefined) return refuse("not_found");
      // Any shop can tell something of any number. Which one is meant, the trade's server says when it reserves.
      const all = await readTold(context.database, [trade]);
      const told = seen.payee === null ? all : all.filter(({ shop }) => shop === seen.payee);
      if (told.length === 0) refuse("not_found", "No shop has told yet what this trade costs.");
      const shown = [];
      for (const { shop, currency, amount, lines } of told) {
        const party = await readParty(context.database, "shop", shop);
        shown.push({ shop: party?.name ?? "", currency, amount, lines });
      }
      const page = { frame: frameOf(context, caller), trade: tradeNumber, server: name, told: shown };
      return sendPage(reply, ToldPage, { ...page, reserved: seen.payee !== null });
    },
  );
}
