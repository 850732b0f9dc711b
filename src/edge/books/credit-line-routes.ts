/** Credit lines over HTTP (信用保証枠, paragraphs 0081, 0085): how far a member's goes, and what of it is in use. */
import Type from "typebox";
import { creditLinesSchema } from "../../core/answers/answers.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, currencySchema, limitSchema } from "../../core/protocol/schemas.ts";
import {
  callerAmong,
  checkCurrency,
  type Context,
  limitSaid,
  lockKnown,
  memberFor,
  memberNumber,
  operatorAct,
  setLimit,
  wireOrNull,
} from "../api/api.ts";
import { noteLines } from "../../engines/guarantees/guarantees.ts";
import type { Server } from "../http/http.ts";
import { type Client, uuidv7 } from "../../storage/database/database.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import * as members from "../../storage/members/members.ts";

const tags = ["Members"];
const params = closed({ number: Type.String({ pattern: "^[0-9]{1,20}$" }) });

interface LineWish {
  number: string;
  currency: string;
  limit: number;
}

/** How acts of this name were kept while another call used it as well: they name the line itself. */
type KeptWish = Omit<LineWish, "currency"> & { id: string };

export function registerCreditLineRoutes(server: Server, context: Context): void {
  server.get(
    "/v1/credit-lines/:number",
    {
      config: { access: ["member", "operator"], refusals: ["wrong_check_digit"] },
      schema: { tags, summary: "A member's credit lines", answers: { 200: creditLinesSchema }, params },
    },
    async (request) => {
      const number = memberNumber(request.params.number);
      await memberFor(context, request, number);
      const member = await members.findMember(context.database, number);
      return member === undefined ? refuse("not_found") : linesOf(context.database, number, member.id);
    },
  );
  registerSetting(server, context);
}

function registerSetting(server: Server, context: Context): void {
  const set = async (client: Client, wish: LineWish | KeptWish) => {
    const { number, limit } = wish;
    const member = await lockKnown(client, BigInt(number));
    const line = "id" in wish ? wish.id : await lineIn(client, member.id, wish.currency, limit);
    await setLimit(client, member.id, line, limit);
    const lines = (await members.listMethods(client, member.id)).filter(({ kind }) => kind === "credit");
    await noteLines(
      client,
      lines.flatMap(({ account }) => account ?? []),
    );
    return { status: 200, body: await linesOf(client, BigInt(number), member.id), tells: member.id };
  };
  const give = operatorAct<LineWish>(context, "credit-line.limit", set);
  const close = operatorAct<LineWish>(context, "credit-line.close", set);
  server.put(
    "/v1/credit-lines/:number",
    {
      config: {
        access: ["operator"],
        acts: ["credit-line.limit", "credit-line.close"],
        refusals: ["wrong_check_digit", "credit_limit_exceeded", "unknown_currency", "currency_mismatch"],
      },
      schema: {
        tags,
        summary: "Set how far a member's credit line goes in a currency; opens it where there is none",
        answers: { 200: creditLinesSchema },
        description: limitSaid,
        params,
        body: closed({ currency: currencySchema, limit: limitSchema }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const number = String(memberNumber(request.params.number));
      const { currency, limit } = request.body;
      checkCurrency(context, currency);
      const wish = { subject: number, args: { number, currency, limit } };
      return limit === 0 ? close(request, reply, caller, wish) : give(request, reply, caller, wish);
    },
  );
}

/** The member's line in a currency: the one that is open, else the one that waits, else a new one. */
async function lineIn(client: Client, person: string, currency: string, limit: number): Promise<string> {
  const lines = (await members.lockMethods(client, person)).filter(
    (method) =>
      method.kind === "credit" &&
      method.currency === currency &&
      method.state !== "closed" &&
      // What was granted for one trade is decided with it, and what a lender gives is the lender's to say.
      method.trade == null &&
      method.lender == null,
  );
  const line = lines.find(({ state }) => state === "active") ?? lines[0];
  if (line !== undefined) return line.id;
  const id = uuidv7();
  const waiting = { id, person, kind: "credit", currency, account: null, state: "pending" } as const;
  await members.insertMethod(client, { ...waiting, token: null, wishedLimit: BigInt(limit) });
  return id;
}

/** `used`: what the member owes on it. `held`: what is frozen for trades. Minor units. */
async function linesOf(client: Client, number: bigint, person: string) {
  const methods = (await members.listMethods(client, person)).filter(({ kind }) => kind === "credit");
  const ids = methods.flatMap(({ account }) => account ?? []);
  const accounts = new Map((await readAccounts(client, ids)).map((account) => [account.id, account]));
  const items = methods.map(({ id, currency, state, account, wishedLimit, trade, lender }) => {
    const { posted = 0n, held = 0n, floor = 0n } = accounts.get(account ?? "") ?? {};
    return {
      method: id,
      currency,
      state,
      limit: wireOrNull(-floor),
      used: wireOrNull(-posted),
      held: wireOrNull(held),
      available: wireOrNull(posted - held - floor),
      wished: wishedLimit === null ? null : wireOrNull(wishedLimit),
      trade: trade == null ? null : String(trade),
      lender: lender ?? null,
    };
  });
  return { member: String(number), items };
}
