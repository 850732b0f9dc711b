/** Chains and offers over HTTP. */
import {
  orderOfferListedSchema,
  orderOfferSchema,
  storeInChainSchema,
  storeSchema,
  storesSchema,
  waitSchema,
} from "../../core/answers/answers.ts";
import Type from "typebox";
import type { Server } from "../http/http.ts";
import { parseDuration, refuse, type TradeView } from "../../core/protocol/protocol.ts";
import {
  closed,
  durationSchema,
  idSchema,
  listOf,
  pageSchema,
  pointSchema,
  postcodeSchema,
  tradeSchema,
  timeZoneSchema,
} from "../../core/protocol/schemas.ts";
import { readShops } from "../../storage/parties/parties.ts";
import { tellShops } from "../../engines/outbox/outbox.ts";
import type { Actor, TradeCalls } from "../../engines/trades/trades.ts";
import {
  answerOnce,
  operatorAct,
  callerAmong,
  type Context,
  pageWish,
  refusalsOfMove,
  sendOutcome,
} from "../api/api.ts";
import { refuseOwnOrder } from "../guests/guests.ts";
import type { Chains } from "./offers.ts";
import {
  agreeToChain,
  type Branch,
  listBranches,
  listChainsOf,
  type ListedBranch,
  listOffers,
  type Offer,
  putBranch,
  readOffer,
  readOfferFor,
  removeBranch,
  setOfferFor,
  usualOfferFor,
} from "./store.ts";
import { pageOf, readClock } from "../../storage/database/database.ts";

const tags = ["Chains"];
const nothing = closed({});
const shopOnly = ["shop"] as const;
const headOrOperator = ["shop", "operator"] as const;
const headParam = closed({ head: idSchema });
const branchParams = closed({ head: idSchema, store: idSchema });
const offerParam = closed({ id: idSchema });
const minuteOfDay = Type.String({
  pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$",
  description: "HH:MM by the clocks of `timeZone`",
});

const branchSchema = closed({
  head: Type.Optional(idSchema),
  store: idSchema,
  at: Type.Optional(pointSchema),
  postcodes: Type.Optional(Type.Array(postcodeSchema, { maxItems: 200, uniqueItems: true })),
  hours: Type.Optional(
    closed({ opens: minuteOfDay, closes: minuteOfDay, timeZone: Type.Optional(timeZoneSchema) }),
  ),
  capacity: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
});
const branchesMost = 1000;

export function registerChainRoutes(server: Server, context: Context, chains: Chains): void {
  registerBranches(server, context);
  registerBranchesByHead(server, context);
  registerAgreeing(server, context);
  registerOffers(server, context, chains);
}

/** The head that a call is about: the shop itself, or the one that an operator names. */
function headOf(caller: { kind: string; id: string }, named: string | undefined): string {
  if (caller.kind === "operator")
    return named ?? refuse("invalid_field", "An operator says for which chain.");
  return named === undefined || named === caller.id ? caller.id : refuse("not_found");
}

function registerBranches(server: Server, context: Context): void {
  const enter = operatorAct<Branch>(context, "store.add", async (client, wish) => {
    const { head, branch } = wish;
    const shops = await readShops(client, [head, branch]);
    if (shops.length < 2) refuse("not_found", "There is no such shop.");
    const branches = await listBranches(client, head);
    const known = branches.find((each) => each.branch === branch);
    const count = branches.length + (known === undefined ? 1 : 0);
    if (count > branchesMost) refuse("invalid_field", "A chain has a thousand stores at most.");
    await putBranch(client, wish);
    const invited = { shop: branch, type: "chain.invited", data: { chain: head } } as const;
    if (known === undefined) await tellShops(client, await readClock(client), [invited]);
    const agreedAt = known?.agreedAt ?? null;
    return { status: 201, body: branchView({ ...wish, agreedAt }), tells: [head, branch] };
  });
  server.post(
    "/v1/chains/stores",
    {
      config: {
        access: [...headOrOperator],
        acts: ["store.add"],
        refusals: ["not_found", "invalid_field"],
      },
      schema: {
        tags,
        summary: "Invite a store into a chain, or change what is known of it",
        answers: { 201: storeSchema },
        description:
          "The head of the chain is the shop that calls. The store is `invited`, and asked for nothing, until it agrees " +
          "itself: nobody does that for it. A store is a shop too; it has a point, in millionths of a " +
          "degree, or beginnings of the postcodes that it serves. Its `hours` are by the clocks of its `timeZone`, or, " +
          "where that is left out, of the time zone that this server has now.",
        body: branchSchema,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, headOrOperator);
      const head = headOf(caller, request.body.head);
      const { store: branch, at: point = null, postcodes = [], hours, capacity = null } = request.body;
      if (branch === head) refuse("invalid_field", "The head of a chain is none of its stores.");
      if (point === null && postcodes.length === 0)
        refuse("invalid_field", "A store has a point or serves postcodes.");
      if (hours?.opens === hours?.closes && hours !== undefined)
        refuse("invalid_field", "Without hours a store is open around the clock.");
      const { timeZone = context.settings.timeZone } = hours ?? {};
      const open = hours && { opens: minute(hours.opens), closes: minute(hours.closes), timeZone };
      const wish: Branch = { head, branch, point, postcodes, hours: open ?? null, capacity };
      return enter(request, reply, caller, { subject: branch, args: wish });
    },
  );
}

function registerBranchesByHead(server: Server, context: Context): void {
  server.get(
    "/v1/chains/:head/stores",
    {
      config: { access: [...headOrOperator], refusals: ["not_found"] },
      schema: {
        tags,
        summary: "The stores of a chain, for its head",
        answers: { 200: storesSchema },
        params: headParam,
      },
    },
    async (request) => {
      const head = headOf(await callerAmong(context, request, headOrOperator), request.params.head);
      const { database } = context;
      const [branches, offerFor] = await Promise.all([
        listBranches(database, head),
        readOfferFor(database, head),
      ]);
      return { offerFor: offerFor ?? usualOfferFor, items: branches.map(branchView), next: null };
    },
  );
  const remove = operatorAct<{ head: string; branch: string }>(
    context,
    "store.remove",
    async (client, { head, branch }) =>
      (await removeBranch(client, head, branch))
        ? { status: 204, body: {}, tells: head }
        : refuse("not_found"),
  );
  server.delete(
    "/v1/chains/:head/stores/:store",
    {
      config: { access: [...headOrOperator], acts: ["store.remove"], refusals: ["not_found"] },
      schema: {
        tags,
        summary: "A store leaves a chain; what it has taken stays its own",
        answers: { 204: null },
        params: branchParams,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, headOrOperator);
      const { head, store: branch } = request.params;
      if (caller.kind === "shop" && caller.id !== head && caller.id !== branch) refuse("not_found");
      return remove(request, reply, caller, { subject: branch, args: { head, branch } });
    },
  );
  registerWait(server, context);
}

function registerWait(server: Server, context: Context): void {
  server.put(
    "/v1/chains/:head",
    {
      config: {
        access: [...headOrOperator],
        acts: ["store.wait"],
        refusals: ["not_found", "date_out_of_range"],
      },
      schema: {
        tags,
        summary: "How long a store of the chain may think an offer over",
        answers: { 200: waitSchema },
        params: headParam,
        body: closed({ offerFor: durationSchema }),
      },
    },
    async (request) => {
      const head = headOf(await callerAmong(context, request, headOrOperator), request.params.head);
      const { offerFor } = request.body;
      if (!isSensible(offerFor)) refuse("date_out_of_range", "Between a second and a day, without months.");
      await setOfferFor(context.database, head, offerFor);
      return { offerFor };
    },
  );
}

/** What a shop says to being a store: by its own key or sign-in, and nobody in its name. */
function registerAgreeing(server: Server, context: Context): void {
  const { database } = context;
  server.get(
    "/v1/chains",
    {
      config: { access: [...shopOnly] },
      schema: {
        tags,
        summary: "The chains whose store you are, or are invited to be",
        answers: { 200: listOf(storeInChainSchema) },
      },
    },
    async (request) => {
      const { id } = await callerAmong(context, request, shopOnly);
      const items = await listChainsOf(database, id);
      return { items: items.map((branch) => ({ chain: branch.head, ...branchView(branch) })), next: null };
    },
  );
  server.post(
    "/v1/chains/:head/agree",
    {
      config: { access: [...shopOnly], refusals: ["not_found"] },
      schema: {
        tags,
        summary:
          "Agree to be a store of this chain, which has invited you; DELETE .../stores/{you} declines or leaves",
        answers: { 200: storeInChainSchema },
        params: headParam,
        body: nothing,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, shopOnly);
      const { head } = request.params;
      return answerOnce(context, request, reply, caller, async (client) => {
        if (!(await agreeToChain(client, head, caller.id))) return refuse("not_found");
        const agreed = (await listChainsOf(client, caller.id)).find((branch) => branch.head === head);
        return { status: 200, body: agreed === undefined ? {} : { chain: head, ...branchView(agreed) } };
      });
    },
  );
}

/** Between a second and a day. */
function isSensible(duration: string): boolean {
  const length = parseDuration(duration);
  return length?.months === 0 && length.milliseconds >= 1000 && length.milliseconds <= 86_400_000;
}

function registerOffers(server: Server, context: Context, chains: Chains): void {
  server.get(
    "/v1/offers",
    {
      config: { access: [...shopOnly] },
      schema: {
        tags,
        summary: "Orders offered to you, and those that your own chain offers to its stores, newest first",
        answers: { 200: listOf(orderOfferListedSchema) },
        description:
          "An offer that is open shows what is asked for; who the buyer is, only the store that takes it.",
        querystring: pageSchema,
      },
    },
    async (request) => {
      const { id: shop } = await callerAmong(context, request, shopOnly);
      const { limit, after } = pageWish(request.query);
      const page = pageOf(
        await listOffers(context.database, shop, limit + 1, after),
        limit,
        (offer) => offer,
      );
      const items = await Promise.all(page.items.map((offer) => withOrder(context.trades, offer)));
      return { items, next: page.next };
    },
  );
  server.post(
    "/v1/offers/:id/take",
    {
      config: {
        access: [...shopOnly],
        refusals: [...refusalsOfMove("revise"), "not_allowed", "offer_over", "already_advanced"],
      },
      schema: {
        tags,
        summary: "Take the order: you become the shop of the trade and its payee",
        answers: { 200: tradeSchema, 202: tradeSchema },
        params: offerParam,
        body: nothing,
      },
    },
    async (request, reply) => {
      const { id } = await callerAmong(context, request, shopOnly);
      const offer = await readOffer(context.database, request.params.id);
      if (offer?.branch === id) await refuseOwnOrder(context, id, String(offer.trade));
      return sendOutcome(reply, await chains.take({ kind: "shop", id }, request.params.id));
    },
  );
  registerDeclining(server, context, chains);
}

function registerDeclining(server: Server, context: Context, chains: Chains): void {
  server.post(
    "/v1/offers/:id/decline",
    {
      config: { access: [...shopOnly], refusals: ["not_found", "offer_over"] },
      schema: {
        tags,
        summary: "Leave the order to the next store",
        answers: { 200: orderOfferSchema },
        params: offerParam,
        body: nothing,
      },
    },
    async (request) => {
      const { id } = await callerAmong(context, request, shopOnly);
      return offerView(await chains.decline({ kind: "shop", id }, request.params.id));
    },
  );
}

/** What is asked for, as the head of the chain sees it, without the buyer. */
async function withOrder(
  trades: Pick<TradeCalls<"desk">, "read">,
  offer: Offer,
): Promise<Record<string, unknown>> {
  if (offer.state !== "offered") return offerView(offer);
  const head: Actor = { kind: "shop", id: offer.head };
  const trade = await trades.read(head, String(offer.trade));
  return { ...offerView(offer), order: trade === undefined ? null : orderOf(trade) };
}

function orderOf({ lines, currency, amount, deadlines }: TradeView): Record<string, unknown> {
  return {
    currency,
    amount,
    lines,
    shipBy: deadlines.shipBy,
    reservedUntil: deadlines.reservedUntil,
  };
}

function offerView({ id, trade, head, branch, state, until, offeredAt, answeredAt }: Offer) {
  return {
    id,
    trade: String(trade),
    chain: head,
    store: branch,
    state,
    until: until.toISOString(),
    offeredAt: offeredAt.toISOString(),
    answeredAt: answeredAt?.toISOString() ?? null,
  };
}

function branchView({ branch, point, postcodes, hours, capacity, agreedAt }: ListedBranch) {
  const open = hours && {
    opens: clock(hours.opens),
    closes: clock(hours.closes),
    timeZone: hours.timeZone,
  };
  const agreed = {
    state: agreedAt === null ? "invited" : "agreed",
    agreedAt: agreedAt?.toISOString() ?? null,
  };
  return { store: branch, ...agreed, at: point, postcodes, hours: open, capacity };
}

const minute = (clockTime: string): number => Number(clockTime.slice(0, 2)) * 60 + Number(clockTime.slice(3));
const two = (part: number): string => String(part).padStart(2, "0");
const clock = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
