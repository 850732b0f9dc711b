/** Payouts of an account: asked for, looked at, taken back while nothing has gone to the bank; and its statement. */
import { bytesSchema, payoutSchema } from "../../core/answers/answers.ts";
import { bankZone, camt053Of, csvOf } from "../../core/bankfiles/bankfiles.ts";
import Type from "typebox";
import { fromWire, toWire } from "../../core/money/money.ts";
import { dayAt, daysAfter, refuse, startOfDay } from "../../core/protocol/protocol.ts";
import {
  amountSchema,
  closed,
  currencySchema,
  dateSchema,
  idSchema,
  listOf,
  oneOf,
  operator,
  pageSchema,
  text,
} from "../../core/protocol/schemas.ts";
import {
  askPayout,
  cancelPayout,
  listPayouts,
  listWaiting,
  type Payout,
  readPayout,
  returnPayout,
} from "../../engines/payouts/payouts.ts";
import { pageOf, readClock } from "../../storage/database/database.ts";
import { signerOf } from "../../storage/identity/identity.ts";
import { callerAmong, operatorAct, pageWish, refuseWhileHeld } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { proofOf } from "../moments/moments.ts";
import { ofOwner, ownerFor, ownerOr404, type Room } from "./accounts.ts";
import { statementOf } from "./statements.ts";

const tags = ["Payouts"];
const params = closed({ id: idSchema });

export function payoutView({ id, account, currency, amount, state, role, file, reason, ...at }: Payout) {
  const { createdAt, endedAt } = at;
  const times = { createdAt: createdAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
  return { id, account, currency, amount: toWire(amount), state, by: role, file, reason, ...times };
}

export function registerPayouts(server: Server, room: Room): void {
  registerAsking(server, room);
  registerLists(server, room);
  registerCancelling(server, room);
  registerReturning(server, room);
  registerStatement(server, room);
}

interface Asked {
  id: string;
  account: string;
  amount: number;
  role: "owner" | "operator";
}

function registerAsking(server: Server, room: Room): void {
  const ask = operatorAct<Asked>(room, "payout.ask", async (client, { amount, ...wish }) => {
    const { payout, owner } = await askPayout(room.ground, client, { ...wish, amount: fromWire(amount) });
    return { status: 201, body: payoutView(payout), tells: owner.id };
  });
  server.post(
    "/v1/accounts/:id/payouts",
    {
      config: {
        access: ofOwner,
        acts: ["payout.ask"],
        refusals: [
          "not_found",
          "not_allowed",
          "command_id_reused",
          "currency_mismatch",
          "bank_account_required",
          "bank_account_named_lately",
          "sign_in_changed_lately",
          "proof_required",
          "shop_suspended",
          "member_not_approved",
          "account_closed",
          "insufficient_funds",
          "not_payable_yet",
        ],
      },
      schema: {
        tags,
        summary: "Pay out to the account at a bank that was named",
        answers: { 201: payoutSchema },
        description:
          "The money leaves the account at once and is under way until its file is told done, or it comes back. Of a shop's, up to " +
          "what is `payable`. The same `id` with the same fields gets the same answer.",
        params,
        body: closed({ id: idSchema, amount: amountSchema, currency: currencySchema, operator }),
      },
    },
    async (request, reply) => {
      const { id: account } = request.params;
      const { caller } = await ownerFor(room, request, account);
      const { id, amount, currency, operator: speech } = request.body;
      if (currency !== "JPY") refuse("currency_mismatch", "Banks are sent JPY only.");
      const role = caller.kind === "operator" ? "operator" : "owner";
      const act = { act: "payout.ask", of: account, amount: fromWire(amount), currency } as const;
      await room.moments.need(caller, act, proofOf(request), id);
      // Whoever of a shop's people asks: the three days after a reset are each one's own.
      if (caller.person !== undefined) await refuseWhileHeld(room.database, signerOf(caller));
      return ask(request, reply, caller, {
        subject: account,
        args: { id, account, amount, role },
        speech,
        currency,
        amount: fromWire(amount),
      });
    },
  );
}

function registerLists(server: Server, room: Room): void {
  server.get(
    "/v1/accounts/:id/payouts",
    {
      config: { access: ofOwner, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Payouts of an account, the newest first",
        answers: { 200: listOf(payoutSchema) },
        params,
        querystring: pageSchema,
      },
    },
    async (request) => {
      const { id } = request.params;
      await ownerFor(room, request, id);
      const { limit, after } = pageWish(request.query);
      return pageOf(await listPayouts(room.database, id, limit + 1, after), limit, payoutView);
    },
  );
  server.get(
    "/v1/payouts",
    {
      config: { access: ["operator"] },
      schema: {
        tags,
        summary: "Payouts that wait for a file, the oldest first",
        answers: { 200: listOf(payoutSchema) },
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(room, request, ["operator"]);
      const { limit, after } = pageWish(request.query);
      return pageOf(await listWaiting(room.database, limit + 1, after), limit, payoutView);
    },
  );
}

function registerCancelling(server: Server, room: Room): void {
  const cancel = operatorAct<{ payout: string; account: string; reason: string | null; owner: string }>(
    room,
    "payout.cancel",
    async (client, { payout, reason, owner }) => ({
      status: 200,
      body: payoutView(await cancelPayout(room.ground, client, { id: payout, reason })),
      tells: owner,
    }),
  );
  server.post(
    "/v1/payouts/:id/cancel",
    {
      config: { access: ofOwner, acts: ["payout.cancel"], refusals: ["not_found", "payout_not_open"] },
      schema: {
        tags,
        summary: "Take a payout back that no file has yet",
        answers: { 200: payoutSchema },
        params,
        body: closed({ reason: Type.Optional(text(1, 200, "Why; the owner reads it")) }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, ofOwner);
      const { id } = request.params;
      const { account } = (await readPayout(room.database, id)) ?? refuse("not_found");
      const { id: owner } = await ownerOr404(room.database, caller, account);
      const { reason = null } = request.body;
      return cancel(request, reply, caller, { subject: id, args: { payout: id, account, reason, owner } });
    },
  );
}

function registerReturning(server: Server, room: Room): void {
  const comeBack = operatorAct<{ payout: string; reason: string }>(
    room,
    "payout.return",
    async (client, wish) => {
      const { payout, owner } = await returnPayout(room.ground, client, wish);
      return { status: 200, body: payoutView(payout), tells: owner };
    },
  );
  server.post(
    "/v1/payouts/:id/return",
    {
      config: { access: ["operator"], acts: ["payout.return"], refusals: ["not_found", "payout_not_open"] },
      schema: {
        tags,
        summary: "Say that the bank could not pay it (振込不能); it is its owner's again",
        answers: { 200: payoutSchema },
        description:
          "Two operators. Where the bank says so in a message, `POST /v1/payout-reports` books it.",
        params,
        body: closed({ reason: text(1, 200, "The bank's reason; the owner reads it") }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, ["operator"]);
      const { id } = request.params;
      return comeBack(request, reply, caller, { subject: id, args: { payout: id, ...request.body } });
    },
  );
}

/** For how many days a statement is made at once. */
const daysMost = 366;

function registerStatement(server: Server, room: Room): void {
  server.get(
    "/v1/accounts/:id/statement",
    {
      config: { access: ofOwner, refusals: ["not_found", "date_out_of_range"] },
      schema: {
        tags: ["Accounts"],
        summary: "An account's statement of whole days, as a file",
        answers: { 200: bytesSchema },
        description:
          "`camt053`: XML like camt.053.001.08 of ISO 20022, with what the account held before and after. `csv`: lines for " +
          "spreadsheets. Days are those of banks in Japan, the last one included; of this month so far where none are named.",
        params,
        querystring: closed({
          from: Type.Optional(dateSchema),
          to: Type.Optional(dateSchema),
          form: Type.Optional(oneOf(["camt053", "csv"] as const)),
        }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await ownerFor(room, request, id);
      const today = dayAt(await readClock(room.database), bankZone);
      const { from = `${today.slice(0, 8)}01`, to = today, form = "camt053" } = request.query;
      if (to < from || to >= daysAfter(from, daysMost))
        refuse("date_out_of_range", `A statement is of 1 to ${daysMost} days.`);
      const range = { from: startOfDay(from, bankZone), to: startOfDay(daysAfter(to, 1), bankZone) };
      const statement = await statementOf(room.database, id, range);
      const [bytes, ending] =
        form === "csv" ? [Buffer.from(csvOf(statement)), "csv"] : [camt053Of(statement), "xml"];
      return reply
        .header("content-type", "application/octet-stream")
        .header("content-disposition", `attachment; filename="statement-${from}-${to}.${ending}"`)
        .send(bytes);
    },
  );
}
