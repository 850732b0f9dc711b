/** A member pays what is due under a trade number from an account here (0070). */
import { fromWire } from "../../core/money/money.ts";
import { dammValid, refuse } from "../../core/protocol/protocol.ts";
import {
  amountSchema,
  closed,
  collectionPaidSchema,
  type CollectionPaidView,
  type CollectionView,
  currencySchema,
  idSchema,
  numberSchema,
} from "../../core/protocol/schemas.ts";
import { readOpenDue } from "../../engines/collections/collections.ts";
import { type Outcome } from "../../engines/engine/engine.ts";
import { readPeopleById } from "../../storage/members/members.ts";
import { callerAmong, checkCurrency, refuseWhileHeld, sendOutcome } from "../api/api.ts";
import { idempotencyKey, type Server } from "../http/http.ts";
import { type ProvenAct, proofOf } from "../moments/moments.ts";
import { accountFor, type Room } from "./accounts.ts";
import { dueShownSchema } from "./answers.ts";

const tags = ["Fundings"];

export interface PayWish {
  id: string;
  tradeNumber: string;
  amount: number;
  currency: string;
}

/** What a member does who pays what is due. */
export const toPay = ({
  tradeNumber,
  amount,
  currency,
}: Pick<PayWish, "tradeNumber" | "amount" | "currency">): ProvenAct => ({
  ...{ act: "due.pay", of: tradeNumber, currency },
  amount: fromWire(amount),
});

/** What is due under a number, as far as whoever pays is to know it; numbers of fundings are paid from outside. */
export async function payableDue(
  { database, collections }: Pick<Room, "database" | "collections">,
  number: string,
): Promise<CollectionView> {
  if (!dammValid(number)) refuse("wrong_check_digit");
  const due = await readOpenDue(database, number);
  if (due === undefined) return refuse("not_found", "Nothing is due under this number here.");
  if (due.isOwn)
    return refuse("not_allowed", "Money is brought to an account from outside of the institution.");
  return (await collections.read(number)) ?? refuse("not_found");
}

/** Pays from an account of a member who may: active, and not signed in with what was reset or moved lately. */
export async function payFrom(
  room: Room,
  { account, member, wish, key }: { account: string; member: string; wish: PayWish; key: string | undefined },
): Promise<Outcome<CollectionPaidView>> {
  const { database, collections } = room;
  const { id, tradeNumber, amount, currency } = wish;
  await payableDue(room, tradeNumber);
  const [person] = await readPeopleById(database, [member]);
  if (person?.state !== "active") refuse("member_not_approved");
  await refuseWhileHeld(database, member);
  // The account is both whose money it is and who pays: its own ids are told from each other.
  const taker = { collector: account, account, operator: null, confirmedBy: null, reason: null };
  const payment = {
    id,
    amount: fromWire(amount),
    currency,
    channel: "account",
    reference: id.slice(-12),
    taken: false,
  } as const;
  return collections.pay(tradeNumber, taker, payment, key);
}

export function registerPaying(server: Server, room: Room): void {
  server.get(
    "/v1/dues/:number",
    {
      config: { access: ["member"], refusals: ["not_found", "not_allowed", "wrong_check_digit"] },
      schema: {
        tags,
        summary: "What is due under a number, for a member who means to pay it",
        answers: { 200: dueShownSchema },
        params: closed({ number: numberSchema }),
      },
    },
    async (request) => {
      await callerAmong(room, request, ["member"]);
      const { tradeNumber, currency, due, shopName, payBy } = await payableDue(room, request.params.number);
      return { tradeNumber, currency, due, shopName, payBy };
    },
  );
  server.post(
    "/v1/accounts/:id/payments",
    {
      config: {
        access: ["member"],
        refusals: [
          "not_found",
          "not_allowed",
          "wrong_check_digit",
          "unknown_currency",
          "currency_mismatch",
          "amount_mismatch",
          "nothing_due",
          "insufficient_funds",
          "account_closed",
          "member_not_approved",
          "sign_in_changed_lately",
          "proof_required",
          "command_id_reused",
        ],
      },
      schema: {
        tags,
        summary: "Pay what is due under a number from your account",
        answers: { 201: collectionPaidSchema },
        description: "Exactly what is due. The same `id` again gets the same answer.",
        params: closed({ id: idSchema }),
        body: closed({
          id: idSchema,
          tradeNumber: numberSchema,
          amount: amountSchema,
          currency: currencySchema,
        }),
      },
    },
    async (request, reply) => {
      const { id: account } = request.params;
      const { caller, owner: member } = await accountFor(room, request, account, ["member"]);
      checkCurrency(room, request.body.currency);
      await room.moments.need(caller, toPay(request.body), proofOf(request), request.body.id);
      const wish = { account, member, wish: request.body, key: idempotencyKey(request) };
      return sendOutcome(reply, await payFrom(room, wish));
    },
  );
}
