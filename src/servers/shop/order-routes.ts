/** What customers call to order, and about their orders. Every page works without scripts. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Server } from "../../edge/http/http.ts";
import { languageOf, say, type Sentence } from "../../edge/words/words.ts";
import {
  clockOf,
  type Act,
  callsOf,
  cartLines,
  hasVoucher,
  decideAct,
  fillAgain,
  isPending,
  type Label,
  linesOf,
  mayDo,
  type Order,
  orderByToken,
  orderToken,
  placeOrder,
  refreshOrder,
  sendHeld,
  sha256,
  tillOf,
} from "../shop-orders/shop-orders.ts";
import { backPath, returnUrlOf, welcomePath } from "../shop-news/shop-news.ts";
import { randomToken } from "../../storage/database/database.ts";
import { CheckoutPage, type Typed, WelcomePage } from "./checkout-pages.tsx";
import { cartFor, cartOf, day, frameOf } from "./goods-routes.ts";
import { type Asked, isHere, OrderPage, OrdersPage } from "./order-pages.tsx";
import {
  backQuery,
  customerForm,
  fieldMistakes,
  type OrderForm,
  orderForm,
  orderMistakes,
  welcomeForm,
  welcomeQuery,
  wishesOf,
} from "./shop-forms.ts";
import { fillAddress } from "../../edge/postcodes/postcodes.ts";
import {
  type Shop,
  mistakesOf,
  openForm,
  openPage,
  seenIn,
  sendPage,
  tidyForm,
} from "../shop-frame/shop-frame.ts";

const ordersCookie = "shop_orders";
const ordersKept = 10;

/** How long a second press of the order button waits for the answer to the first. */
const answerTries = 30;
const answerPauseMs = 100;
const orderLimit = { rateLimit: { max: 120, timeWindow: 60_000 } };

/** Waits for the answer that another request of the same form is about to write, but not for long. */
async function answeredSoon(shop: Shop, orderId: string): Promise<void> {
  for (let tries = 1; tries <= answerTries; tries += 1) {
    // More than one attempt means that it takes longer; the order's page tells when it is done.
    const calls = await callsOf(shop.database, orderId);
    if (!calls.some(({ state, attempts }) => state === "waiting" && attempts <= 1)) return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, answerPauseMs);
    });
  }
}

/** Where the buyer goes on: to approve where it is paid, or to the page of the order. */
function wayOn(shop: Shop, order: Order | undefined, token: string): string {
  const here = `/orders/${token}`;
  const view = order?.view;
  const approve = view?.state === "proposed" && !isPending(view) ? view.approveUrl : undefined;
  if (order === undefined || typeof approve !== "string" || !URL.canParse(approve)) return here;
  // The browser follows a form only to the places that the page's policy names.
  return tillOf(shop, order)?.origins.includes(new URL(approve).origin) === true ? approve : here;
}

function rememberOrder(shop: Shop, request: FastifyRequest, reply: FastifyReply, token: string): void {
  const known = tokensOf(shop, request).filter((one) => one !== token);
  const value = [token, ...known].slice(0, ordersKept).join(".");
  shop.cookies.write(reply, ordersCookie, value, { maxAge: 90 * day });
}

function tokensOf(shop: Shop, request: FastifyRequest): string[] {
  const tokens = (shop.cookies.read(request, ordersCookie) ?? "").split(".");
  return tokens.filter((token) => /^[A-Za-z0-9_-]{43}$/.test(token)).slice(0, ordersKept);
}

const broughtCookie = "shop_brought";
const broughtSeconds = 3600;
/** What a member lets a shop read, as the order form asks for it. */
const broughtFields = ["name", "address", "email", "phone"] as const;

/** What the customer has brought along from a server, and from which: it stays in their own browser, for an hour. */
function broughtBy(shop: Shop, request: FastifyRequest): { typed?: Typed; filledFrom?: Label } {
  const kept = shop.cookies.read(request, broughtCookie);
  if (kept === undefined || kept === "") return {};
  try {
    const { till, ...said } = JSON.parse(Buffer.from(kept, "base64url").toString()) as Typed;
    const filledFrom = shop.tills.find(({ id }) => id === till)?.label;
    return filledFrom === undefined ? {} : { typed: { ...said, till }, filledFrom };
  } catch {
    return {};
  }
}

/** Adds the door for members whom a server carries on to this shop (paragraphs 0079, 0091). */
function addWelcome(server: Server, shop: Shop): void {
  server.get(
    welcomePath,
    {
      config: openPage,
      schema: { summary: "For members who come from a server's page of shops", querystring: welcomeQuery },
    },
    async (request, reply) => {
      const { till: id, disclosure } = request.query;
      const till = shop.tills.find((each) => each.id === id);
      if (till === undefined || disclosure === undefined) return reply.redirect("/", 303);
      const frame = await frameOf(shop, request);
      return sendPage(reply, WelcomePage, { frame, till, disclosure, once: randomToken(32) });
    },
  );
  server.post(
    welcomePath,
    {
      config: { ...openForm, ...orderLimit },
      schema: { summary: "Read, once, what the member lets this shop read", body: welcomeForm },
      preValidation: tidyForm,
    },
    async (request, reply) => {
      const { till: id, disclosure, key } = request.body;
      const till = shop.tills.find((each) => each.id === id) ?? refuse("not_found");
      const fetched = await till.hurried.disclosures.fetch(disclosure, { key });
      // What is over or was read before fills nothing in, and the customer types it.
      const data = fetched.outcome === "done" ? fetched.fetched["data"] : undefined;
      if (typeof data === "object" && data !== null) {
        const known = data as Partial<Record<string, unknown>>;
        const said = broughtFields.flatMap((name) => {
          const value = known[name];
          return typeof value === "string" ? [[name, value] as const] : [];
        });
        const value = Buffer.from(JSON.stringify({ ...Object.fromEntries(said), till: id })).toString(
          "base64url",
        );
        shop.cookies.write(reply, broughtCookie, value, { maxAge: broughtSeconds });
      }
      return reply.redirect(cartOf(shop, request) === undefined ? "/" : "/checkout", 303);
    },
  );
}

/** What is wrong with an order form; `asked`: its customer wants the address filled in, and nothing ordered yet. */
function mistakenIn(shop: Shop, request: FastifyRequest<{ Body: OrderForm }>) {
  const asked = fillAddress(request.body, { address: "postcode", recipientAddress: "recipientPostcode" });
  if (asked !== undefined) {
    const mistaken: Record<string, Sentence> = asked.unknown
      ? { [asked.postcode]: say("postcode.unknown") }
      : {};
    return { asked, mistaken };
  }
  const found = mistakesOf(request, fieldMistakes);
  return { mistaken: Object.keys(found).length === 0 ? orderMistakes(request.body, shop.tills) : found };
}

/** Adds the order form. */
export function addOrderingRoutes(server: Server, shop: Shop): void {
  const { database } = shop;
  server.get(
    "/checkout",
    { config: openPage, schema: { summary: "The order form" } },
    async (request, reply) => {
      const cart = cartOf(shop, request);
      const lines = cart === undefined ? [] : await cartLines(database, cart, languageOf(request));
      if (lines.length === 0) return reply.redirect("/cart", 303);
      const frame = await frameOf(shop, request);
      const withVoucher = cart !== undefined && (await hasVoucher(database, cart));
      const shown = { frame, lines, withVoucher, tills: shop.tills, once: randomToken(32) };
      return sendPage(reply, CheckoutPage, Object.assign(shown, broughtBy(shop, request)));
    },
  );
  const ordering = {
    summary: "Order what is in the cart",
    description: "Proposes the trade and leads on to its approval. The same form sent twice is one order.",
    body: orderForm,
  };
  server.post(
    "/orders",
    {
      config: { ...openForm, ...orderLimit },
      schema: ordering,
      preValidation: tidyForm,
      attachValidation: true,
    },
    async (request, reply) => {
      const { asked, mistaken } = mistakenIn(shop, request);
      const cart = cartOf(shop, request);
      if (cart === undefined) return reply.redirect("/cart", 303);
      if (asked !== undefined || Object.keys(mistaken).length > 0) {
        const lines = await cartLines(database, cart, languageOf(request));
        const typed = asked?.fields ?? request.body;
        const frame = await frameOf(shop, request);
        return sendPage(
          reply,
          CheckoutPage,
          {
            frame,
            lines,
            withVoucher: await hasVoucher(database, cart),
            tills: shop.tills,
            once: request.body.key,
            typed,
            mistaken,
          },
          Object.keys(mistaken).length === 0 ? 200 : 422,
        );
      }
      const wishes = wishesOf(request.body, shop.tills);
      const returnUrl = await returnUrlOf(database, wishes.till.id);
      const written = await placeOrder(shop, cart, request.body.key, {
        ...wishes,
        language: languageOf(request),
        returnUrl,
      });
      if (written === undefined) return reply.redirect("/cart", 303);
      await sendHeld(shop, written.orderId, written.held);
      const token = orderToken(request.body.key);
      if (written.held.length === 0) await answeredSoon(shop, written.orderId);
      const order = await orderByToken(database, sha256(token));
      rememberOrder(shop, request, reply, token);
      shop.cookies.clear(reply, broughtCookie);
      return reply.redirect(wayOn(shop, order, token), 303);
    },
  );
}

async function orderOf(shop: Shop, token: string): Promise<Order> {
  const order = await orderByToken(shop.database, sha256(token));
  return order ?? refuse("not_found");
}

/** Adds the way back from where an order is paid. */
function addWayBack(server: Server, shop: Shop): void {
  const { database } = shop;
  server.get(
    backPath,
    {
      config: openPage,
      schema: { summary: "Back from where an order is paid: on to its page", querystring: backQuery },
    },
    async (request, reply) => {
      // Which orders a browser may see its cookie says, and how they stand the server that is asked: nothing is believed here.
      const { trade } = request.query;
      for (const token of trade === undefined ? [] : tokensOf(shop, request)) {
        const order = await orderByToken(database, sha256(token));
        if (order?.trade === trade) return reply.redirect(`/orders/${token}`, 303);
      }
      return reply.redirect("/orders", 303);
    },
  );
}

/** An order as its customer sees it; `sure`: what they are asked once more. */
async function sendOrder(
  shop: Shop,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  sure?: Asked,
): Promise<FastifyReply> {
  const order = await orderOf(shop, token);
  const [lines, calls] = [await linesOf(shop.database, order.id), await callsOf(shop.database, order.id)];
  // Only while servers wait for each other; what waits for people needs no reloading.
  const waiting = calls.some(({ state }) => state === "waiting") || isPending(order.view);
  if (waiting && sure === undefined) reply.header("refresh", "3");
  const frame = await frameOf(shop, request, order);
  const tradeUrl = order.trade === null ? undefined : tillOf(shop, order)?.tradeUrl(order.trade);
  const now = await clockOf(shop.database);
  const shown = { frame, order, lines, calls, tradeUrl, token, once: randomToken(24), now };
  if (sure === undefined) return sendPage(reply, OrderPage, shown);
  return sendPage(reply, OrderPage, Object.assign(shown, { sure }), 422);
}

/** Where an order stands that its buyer may still make another of: nothing is frozen for it, or it was called off. */
const changeable = new Set(["proposed", "refused", "cancelled"]);

/** Adds the way to another order in the place of one that is not paid: other goods, or paid elsewhere. */
function addChange(server: Server, shop: Shop): void {
  const { database } = shop;
  server.post<{ Params: { token: string } }>(
    "/orders/:token/change",
    {
      config: openForm,
      schema: {
        summary: "Call an order off that is not paid, and fill the cart with it",
        body: customerForm,
      },
      preValidation: tidyForm,
    },
    async (request, reply) => {
      const { token } = request.params;
      const { key, ...fields } = request.body as { key: string; version?: string };
      const order = await orderOf(shop, token);
      const state = order.view?.state ?? "";
      if (!changeable.has(state)) return refuse("trade_not_open");
      if (state !== "cancelled") {
        const written = await decideAct(shop, order.id, "cancel", { key, seen: seenIn(fields) });
        if (written === undefined) return refuse("trade_not_open");
        await sendHeld(shop, order.id, written.held);
        await answeredSoon(shop, order.id);
        // What was approved meanwhile stands: nobody is to order it twice.
        const now = await orderOf(shop, token);
        if (now.view?.state !== "cancelled") return reply.redirect(`/orders/${token}`, 303);
      }
      const cart = cartFor(shop, request, reply);
      const lines = await linesOf(database, order.id);
      await database.transaction((client) =>
        fillAgain(client, cart, { lines, language: languageOf(request) }),
      );
      return reply.redirect("/cart", 303);
    },
  );
}

/** Adds the orders of a browser, each with what the buyer may do about it. */
export function addOrderRoutes(server: Server, shop: Shop): void {
  const { database } = shop;
  addWayBack(server, shop);
  addChange(server, shop);
  addWelcome(server, shop);
  server.get(
    "/orders",
    { config: openPage, schema: { summary: "Orders of this browser" } },
    async (request, reply) => {
      const found = await Promise.all(
        tokensOf(shop, request).map(async (token) => ({
          token,
          order: await orderByToken(database, sha256(token)),
        })),
      );
      const orders = found.flatMap(({ token, order }) => (order === undefined ? [] : [{ token, order }]));
      return sendPage(reply, OrdersPage, { frame: await frameOf(shop, request), orders });
    },
  );
  server.get<{ Params: { token: string } }>(
    "/orders/:token",
    { config: openPage, schema: { summary: "How an order stands" } },
    async (request, reply) => {
      const { token } = request.params;
      await refreshOrder(shop, await orderOf(shop, token));
      return sendOrder(shop, request, reply, token);
    },
  );
  const said: [path: Asked, act: Act, summary: string][] = [
    ["cancel", "cancel", "The buyer cancels before shipping"],
    ["accept", "confirm", "The buyer accepts, and the shop passes it on"],
  ];
  for (const [path, act, summary] of said) {
    server.post<{ Params: { token: string } }>(
      `/orders/:token/${path}`,
      { config: openForm, schema: { summary, body: customerForm }, preValidation: tidyForm },
      async (request, reply) => {
        const { token } = request.params;
        const { key, ...fields } = request.body as { key: string; version?: string; sure?: string };
        const order = await orderOf(shop, token);
        // What ends the whole order, or pays for what nobody has seen, is asked once more; what does not fit it any more is not.
        const fits = mayDo(act, order, await callsOf(database, order.id), await clockOf(database));
        const known = act === "confirm" && order.view !== null && isHere(order.view);
        if (fits && !known && fields.sure !== "yes") return sendOrder(shop, request, reply, token, path);
        const written = await decideAct(shop, order.id, act, { key, seen: seenIn(fields) });
        if (written === undefined) return refuse("trade_not_open");
        await sendHeld(shop, order.id, written.held);
        return reply.redirect(`/orders/${token}`, 303);
      },
    );
  }
}
