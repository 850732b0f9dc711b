/** Accounts at institutions of those who are paid: shops', by the codes that they bring, and this server's own. */
import { ownAccountSchema, tieListedSchema, tieSchema } from "../../core/answers/answers.ts";
import Type from "typebox";
import type { Server } from "../http/http.ts";
import { callerAmong, checkCurrency, type Context, operatorAct, partyFor } from "../api/api.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, currencySchema, idSchema, listOf, operator, text } from "../../core/protocol/schemas.ts";
import { readRemoteAccounts, tieAccounts } from "../../engines/rails/rails.ts";
import type { Peer, PeerClient } from "../signing/signing.ts";
import type { Client } from "../../storage/database/database.ts";
import { listShopAccounts } from "../../storage/parties/parties.ts";
import { keepLoose } from "./ties-store.ts";
import { checkOwn, type FeesInto, ownAccount, takeUpForShop, tieLoose, type TiesOptions } from "./tying.ts";

const params = closed({ id: idSchema });

/** An account of a shop at an institution, or of this server's own. */
export interface ShopTie {
  shop: string;
  institution: string;
  consent: string;
  currency: string;
}
export interface OwnTie {
  institution: string;
  currency: string;
  receive: string;
  pay?: string | undefined;
}

/** Ties a shop to the account for which a consent stands. Refuses where the shop has none in that currency here. */
export async function tieShop(
  client: Client,
  { shop, institution, consent, currency }: ShopTie,
): Promise<void> {
  const own = (await listShopAccounts(client, shop)).find((each) => each.currency === currency);
  if (own === undefined)
    return refuse("currency_mismatch", `The shop takes no ${currency} here, or is not approved.`);
  await tieLoose(client, { account: own.account, institution, consent });
}

/** The act of an operator. */
export async function doShopTie(client: Client, wish: ShopTie) {
  await tieShop(client, wish);
  const { institution, currency, consent } = wish;
  return { status: 201, body: { institution, currency, consent }, tells: wish.shop };
}

/** The same with a consent that nobody brings a code for, as where both servers are made at once. */
export async function tieKnownShop(client: Client, wish: ShopTie): Promise<void> {
  await keepLoose(client, wish.institution, wish.consent, 1);
  await tieShop(client, wish);
}

/** Asks the institution whether the consents are what they are taken for. */
export async function checkOwnTie(
  client: PeerClient,
  { institution, currency, receive, pay }: OwnTie,
): Promise<void> {
  await checkOwn(client, institution, receive, { purpose: "receive", currency });
  if (pay !== undefined) await checkOwn(client, institution, pay, { purpose: "pay", currency });
}

/** Ties this server's own accounts in a currency: where fees arrive, and from which shops are paid early. */
export async function tieOwn(
  client: Client,
  { institution, currency, receive, pay }: OwnTie,
  feesInto: FeesInto,
): Promise<void> {
  const fees = { account: feesInto(currency), institution, consent: receive };
  const early = pay === undefined ? [] : [{ account: ownAccount(currency), institution, consent: pay }];
  await tieAccounts(client, [fees, ...early]);
}

export function registerTieRoutes(server: Server, context: Context, options: TiesOptions): void {
  registerShopTies(server, context, options);
  registerOwnTies(server, context, options);
}

/** The institution with this id. Refuses with not_found. */
export function knownPlace(institutions: readonly Peer[], id: string): Peer {
  return institutions.find((peer) => peer.id === id) ?? refuse("not_found", "There is no such institution.");
}

function registerShopTies(server: Server, context: Context, options: TiesOptions): void {
  const { institutions } = options;
  const tags = ["Shops"];
  const tie = operatorAct<ShopTie>(context, "shop.tie", doShopTie);
  server.post(
    "/v1/shops/:id/ties",
    {
      config: {
        access: ["party", "operator"],
        acts: ["shop.tie"],
        refusals: [
          "not_found",
          "already_exists",
          "currency_mismatch",
          "consent_not_valid",
          "not_allowed",
          "unavailable",
        ],
      },
      schema: {
        tags,
        summary: "Say at which account of an institution a shop is paid",
        answers: { 201: tieSchema },
        description:
          '`code` is what the institution answers to `POST /v1/consents` with `purpose: "receive"`; it is given up at ' +
          "once, so a second operator need not hurry. A later tie in the same currency takes the place of the one before.",
        params,
        body: closed({ institution: idSchema, code: text(1, 80), operator }),
      },
    },
    async (request, reply) => {
      const { id: shop } = request.params;
      const caller = await partyFor(context, request, "shop", shop);
      const { institution, code, operator: speech } = request.body;
      const { id } = knownPlace(institutions, institution);
      const { consent, currency } = await takeUpForShop(options, id, code);
      const args = { shop, institution: id, consent, currency };
      return tie(request, reply, caller, { subject: shop, args, speech });
    },
  );
  server.get(
    "/v1/shops/:id/ties",
    {
      config: { access: ["party", "operator"] },
      schema: {
        tags,
        summary: "Where a shop is paid: one line for each institution and currency",
        answers: { 200: listOf(tieListedSchema) },
        params,
      },
    },
    async (request) => {
      const { id: shop } = request.params;
      await partyFor(context, request, "shop", shop);
      return { items: await tiesOf(options, shop), next: null };
    },
  );
}

/** Where a shop is paid. */
export async function tiesOf(
  { database, institutions }: Pick<TiesOptions, "database" | "institutions">,
  shop: string,
): Promise<{ institution: string; name: string | null; currency: string; consent: string }[]> {
  const accounts = new Map(
    (await listShopAccounts(database, shop)).map(({ account, currency }) => [account, currency]),
  );
  const found = await readRemoteAccounts(database, new Set(accounts.keys()));
  return found.map(({ account, institution, consent }) => ({
    institution,
    name: institutions.find(({ id }) => id === institution)?.name ?? null,
    currency: accounts.get(account) ?? "",
    consent,
  }));
}

function registerOwnTies(server: Server, context: Context, options: TiesOptions): void {
  const { institutions, client: peers, feesInto } = options;
  const tie = operatorAct<OwnTie>(context, "own-account.tie", async (client, wish) => {
    await tieOwn(client, wish, feesInto);
    return { status: 200, body: { ...wish } };
  });
  server.put(
    "/v1/peers/:id/accounts/:currency",
    {
      config: {
        access: ["operator"],
        acts: ["own-account.tie"],
        refusals: ["not_found", "unknown_currency", "currency_mismatch", "consent_not_valid", "unavailable"],
      },
      schema: {
        tags: ["Servers"],
        summary: "Say by which consents this server uses its own account at an institution",
        answers: { 200: ownAccountSchema },
        description:
          "`receive`: where its fees arrive, and without which it takes part in no trade with a fee there; `pay`: from " +
          "which it pays shops early. The institution's operators open the account and tell them.",
        params: closed({ id: idSchema, currency: currencySchema }),
        body: closed({ receive: idSchema, pay: Type.Optional(idSchema) }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { id: institution } = knownPlace(institutions, request.params.id);
      const { currency } = request.params;
      const { receive, pay } = request.body;
      checkCurrency(context, currency);
      const args = { institution, currency, receive, ...(pay === undefined ? {} : { pay }) };
      await checkOwnTie(peers, args);
      return tie(request, reply, caller, { subject: institution, args });
    },
  );
}
