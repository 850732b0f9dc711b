/** Accounts, their statements, and money that comes in or goes out, over HTTP. */
import {
  accountSchema,
  entrySchema,
  passedOnSchema,
  transferMatchedSchema,
  transferSchema,
} from "../../core/answers/answers.ts";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import type { Gauges, Server } from "../http/http.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import {
  type Account,
  type Entry,
  readAccounts,
  readStatement,
  type StatementCursor,
} from "../../storage/ledger/ledger.ts";
import { payableOf } from "../../engines/payouts/payouts.ts";
import { listMethods } from "../../storage/members/members.ts";
import { listShopAccounts } from "../../storage/parties/parties.ts";
import { idForm, refuse } from "../../core/protocol/protocol.ts";
import {
  amountSchema,
  closed,
  currencySchema,
  idSchema,
  listOf,
  operator,
  datedPageSchema,
  pageSchema,
  text,
} from "../../core/protocol/schemas.ts";
import { numbersOf } from "./entry-numbers.ts";
import {
  listUnmatched,
  readTransfers,
  readUnmatched,
  type Transfer,
  type TransferKind,
  transferKinds,
} from "./transfer-store.ts";
import {
  makeTransfer,
  type MatchWish,
  matchTransfer,
  passOn,
  ownerOf,
  type TransferWish,
  transferView,
} from "./transfers.ts";
import {
  callerAmong,
  checkCurrency,
  type Context,
  operatorAct,
  betweenWish,
  pageWish,
  wireOrNull,
} from "../api/api.ts";
import { accountOfCollector } from "../../engines/collections/collections.ts";
import { type Database, pageBy, pageOf } from "../../storage/database/database.ts";

const tags = ["Accounts"];
const params = closed({ id: idSchema });
const transferWish = closed({
  id: idSchema,
  kind: Type.Unsafe<TransferKind>({ type: "string", enum: [...transferKinds] }),
  account: idSchema,
  amount: amountSchema,
  currency: currencySchema,
  reference: text(1, 200, "The bank's own reference, the number of a receipt"),
  reason: Type.Optional(text(1, 500, "Of an operator: why it is booked by hand")),
  operator,
});

export function registerLedgerRoutes(server: Server, context: Context): void {
  registerAccount(server, context);
  registerStatement(server, context);
  registerTransfers(server, context);
  registerMatches(server, context);
  registerPassingOn(server, context);
}

const ofOwner = ["member", "shop", "carrier", "collector", "operator"] as const;

/** The account, for its owner and for operators. For anybody else it does not exist. */
async function accountFor(context: Context, request: FastifyRequest, id: string): Promise<Account> {
  const caller = await callerAmong(context, request, ofOwner);
  if (caller.kind !== "operator" && !(await owns(context, caller, id))) refuse("not_found");
  const [account] = await readAccounts(context.database, [id]);
  return account ?? refuse("not_found");
}

async function owns({ database, settings }: Context, caller: Caller, account: string): Promise<boolean> {
  if (caller.kind === "carrier" || caller.kind === "collector")
    return settings.currencies.some((currency) => accountOfCollector(caller.id, currency) === account);
  const own =
    caller.kind === "shop"
      ? await listShopAccounts(database, caller.id)
      : await listMethods(database, caller.id);
  return own.some((each) => each.account === account);
}

function registerAccount(server: Server, context: Context): void {
  server.get(
    "/v1/accounts/:id",
    {
      config: { access: ofOwner },
      schema: {
        tags,
        summary: "Read an account",
        answers: { 200: accountSchema },
        description:
          "`available` is `posted` less `held` less `floor`. What is beyond 2^53-1, as the floor of the " +
          "institution's own accounts, is null. `payable`, of a shop's account, is what can be taken out now: what " +
          "is available less what buyers may still ask back.",
        params,
      },
    },
    async (request) => {
      const account = await accountFor(context, request, request.params.id);
      if (account.kind !== "shop") return accountView(account);
      return { ...accountView(account), payable: wireOrNull(await payableOf(context.database, account)) };
    },
  );
}

function accountView({ id, kind, currency, posted, held, floor, closed }: Account): Record<string, unknown> {
  const available = wireOrNull(posted - held - floor);
  const amounts = { posted: wireOrNull(posted), held: wireOrNull(held), floor: wireOrNull(floor), available };
  return { id, kind, currency, ...amounts, closed };
}

function registerStatement(server: Server, context: Context): void {
  server.get(
    "/v1/accounts/:id/entries",
    {
      config: { access: ofOwner },
      schema: {
        tags,
        summary: "An account's statement, newest first",
        answers: { 200: listOf(entrySchema) },
        description:
          "`posted` moves money, `held` freezes (+) or unfreezes (-) it. `tradeNumber` is the number under which another server " +
          "had it frozen or paid, or under which it was due and taken; null where there is none, and for trades of this server's own. " +
          "`createdAfter` and `createdBefore` are exclusive.",
        params,
        querystring: datedPageSchema,
      },
    },
    async (request) => {
      const account = await accountFor(context, request, request.params.id);
      const { limit } = pageWish(request.query.limit === undefined ? {} : { limit: request.query.limit });
      const before = cursorFrom(request.query.after);
      const entries = await readStatement(
        context.database,
        account.id,
        limit + 1,
        before,
        betweenWish(request.query),
      );
      const { items: shown, next } = pageBy(entries, limit, (entry) => entry, cursorOf);
      const commands = shown.filter((entry) => entry.kind === "transfer").map((entry) => entry.command);
      const transfers = await readTransfers(context.database, commands);
      const numberOf = await numbersOf(context.database, shown);
      return {
        items: shown.map((entry) => ({
          ...entryView(entry, transfers.get(entry.command)),
          tradeNumber: numberOf(entry),
        })),
        next,
      };
    },
  );
}

const placeForm = new RegExp(`^([0-9a-z]{1,9})_(${idForm})_([0-9]{1,4})$`);

/** The place of an entry in a statement, for the address of the page that follows it. */
export function cursorOf({ at, command, leg }: Entry): string {
  return `${at.getTime().toString(36)}_${command}_${leg}`;
}

/** The cursor that an address names. Refuses with invalid_field what {@link cursorOf} has not made. */
export function cursorFrom(after: string | undefined): StatementCursor | undefined {
  if (after === undefined) return undefined;
  const [, at = "", command = "", leg = ""] = placeForm.exec(after) ?? [];
  if (command === "") refuse("invalid_field", "`after` is not from a statement.");
  return { at: new Date(Number.parseInt(at, 36)), command, leg: Number(leg) };
}

function entryView(entry: Entry, transfer: Transfer | undefined): Record<string, unknown> {
  const { command: id, kind, currency, posted, held, hold, until, at } = entry;
  return {
    id,
    kind: transfer?.kind ?? kind,
    currency,
    posted: wireOrNull(posted),
    held: wireOrNull(held),
    hold,
    until: until?.toISOString() ?? null,
    reference: transfer?.reference ?? null,
    at: at.toISOString(),
  };
}

/** How many transfers wait for their other side: an alarm belongs on it. */
export function transferGauges(database: Database): Gauges {
  return {
    help: {
      kenshu_transfers_unmatched: "Transfers booked by operators whose other side nobody has seen yet.",
      kenshu_transfers_unmatched_seconds: "For how long the oldest of them waits.",
    },
    read: async () => {
      const { count, seconds } = await readUnmatched(database);
      return {
        kenshu_transfers_unmatched: Number(count),
        kenshu_transfers_unmatched_seconds: Number(seconds),
      };
    },
  };
}

function registerTransfers(server: Server, context: Context): void {
  const bookedAs = (name: "transfer.book" | "transfer.take") =>
    operatorAct<TransferWish & { role: "operator" | "shop" }>(
      context,
      name,
      async (client, { role, ...wish }, { operator: id, confirmedBy }) => ({
        ...(await makeTransfer(client, { kind: role, id, confirmedBy }, wish)),
        tells: await ownerOf(client, wish.account),
      }),
    );
  const [book, take] = [bookedAs("transfer.book"), bookedAs("transfer.take")];
  server.post(
    "/v1/transfers",
    {
      config: {
        access: ["shop", "operator"],
        acts: ["transfer.book", "transfer.take"],
        refusals: [
          "sign_in_changed_lately",
          "command_id_reused",
          "unknown_currency",
          "currency_mismatch",
          "account_closed",
          "insufficient_funds",
          "not_payable_yet",
          "card_number_refused",
          "shop_suspended",
        ],
      },
      schema: {
        tags,
        summary: "Record money that came in or went out",
        answers: { 201: transferSchema },
        description:
          "A deposit brings money from outside; a withdrawal takes a member's out, also what came back to a credit line that has " +
          "ended, a payout a shop's. Shops " +
          "make payouts of their own, up to what is payable. An operator says why, takes out money in its owner's name, " +
          "and is confirmed by another; what they book waits on the suspense account until its other side was seen. The " +
          "same `id` with the same fields gets the same answer.",
        body: transferWish,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["shop", "operator"]);
      checkCurrency(context, request.body.currency);
      const { operator: speech, ...wish } = request.body;
      const role = caller.kind === "shop" ? "shop" : "operator";
      const isByHand = role === "operator" && context.settings.fourEyes !== "off";
      if (isByHand && wish.reason === undefined)
        refuse("invalid_field", "An operator says why money is booked by hand.", {
          errors: [{ pointer: "/reason", message: "is missing" }],
        });
      const asked = { subject: wish.account, args: { ...wish, role }, speech } as const;
      return wish.kind === "deposit"
        ? book(request, reply, caller, asked)
        : take(request, reply, caller, asked);
    },
  );
}

function registerMatches(server: Server, context: Context): void {
  const match = operatorAct<MatchWish>(context, "transfer.match", matchTransfer);
  server.post(
    "/v1/transfers/:id/match",
    {
      config: { access: ["operator"], acts: ["transfer.match"], refusals: ["not_found", "already_exists"] },
      schema: {
        tags,
        summary: "Say where the other side of a transfer was seen: it leaves the suspense account",
        answers: { 201: transferMatchedSchema },
        params,
        body: closed({ reference: text(1, 200, "The line of a statement, the number of a payout file") }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { id } = request.params;
      return match(request, reply, caller, { subject: id, args: { transfer: id, ...request.body } });
    },
  );
  server.get(
    "/v1/transfers",
    {
      config: { access: ["operator"] },
      schema: {
        tags,
        summary: "Transfers whose other side nobody has seen yet, the oldest first",
        answers: { 200: listOf(transferSchema) },
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(context, request, ["operator"]);
      const { limit, after } = pageWish(request.query);
      return pageOf(await listUnmatched(context.database, limit + 1, after), limit, transferView);
    },
  );
}

function registerPassingOn(server: Server, context: Context): void {
  const pass = operatorAct<{ account: string; reason: string }>(
    context,
    "money.pass-on",
    (client, { account }) => passOn(client, account),
  );
  server.post(
    "/v1/accounts/:id/pass-on",
    {
      config: { access: ["operator"], acts: ["money.pass-on"], refusals: ["not_found", "account_closed"] },
      schema: {
        tags,
        summary: "Give what came to rest on an account that was left to whom it was left",
        answers: { 200: passedOnSchema },
        description:
          "Two operators. Such money came back before a refund followed the claim of a code; `kenshu audit` names the account.",
        params,
        body: closed({ reason: text(1, 500, "What was found") }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { id } = request.params;
      return pass(request, reply, caller, { subject: id, args: { account: id, ...request.body } });
    },
  );
}
