/** What customers call: goods, cart, order. Every page works without scripts. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { randomToken } from "../../storage/database/database.ts";
import type { Server } from "../../edge/http/http.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { renderPage } from "../../edge/parts/parts.ts";
import { type Shop, sha256, tillOf } from "./context.ts";
import { CheckoutPage, type Typed } from "./checkout-pages.tsx";
import {
  addForm,
  changeForm,
  keyForm,
  mistakesOf,
  orderForm,
  orderMistakes,
  orderSentences,
  removeForm,
  tidyForm,
  wishesOf,
} from "./forms.ts";
import { OrderPage, OrdersPage } from "./order-pages.tsx";
import { type Act, decideAct, isPending, orderToken, placeOrder } from "./orders.ts";
import { callsOf, linesOf, type Order, orderByToken } from "./orders-store.ts";
import { CartPage, CataloguePage, type Frame, ProductPage } from "./customer-pages.tsx";
import {
  addToCart,
  cartLines,
  countCart,
  findProduct,
  listProducts,
  removeFromCart,
  setInCart,
  touchCart,
} from "./store.ts";
import { refreshOrder, sendHeld } from "./watcher.ts";

const cartCookie = "shop_cart";
const ordersCookie = "shop_orders";
const day = 24 * 3600;
const ordersKept = 10;
/** How long a second press of the order button waits for the answer to the first. */
const answerTries = 30;
const answerPauseMs = 100;

const page = { access: ["anyone"], page: true } as const;
const form = { access: ["anyone"], page: true, form: true } as const;
const orderLimit = { rateLimit: { max: 120, timeWindow: 60_000 } };

/** The hash of the cart's token, under which it is kept; undefined for a browser without one. */
function cartOf(shop: Shop, request: FastifyRequest): Buffer | undefined {
  const token = shop.cookies.read(request, cartCookie);
  return token === undefined || token === "" ? undefined : sha256(token);
}

async function frameOf(shop: Shop, request: FastifyRequest): Promise<Frame> {
  const cart = cartOf(shop, request);
  const pieces = cart === undefined ? 0 : await countCart(shop.database, cart);
  return { shop: shop.name, timeZone: shop.timeZone, pieces };
}

export function sendPage(
  reply: FastifyReply,
  vnode: Parameters<typeof renderPage>[0],
  status = 200,
): FastifyReply {
  return reply.code(status).type("text/html; charset=utf-8").send(renderPage(vnode));
}

function addGoodsRoutes(server: Server, shop: Shop): void {
  const { database } = shop;
  server.get("/", { config: page, schema: { summary: "The goods" } }, async (request, reply) => {
    const [frame, goods] = [await frameOf(shop, request), await listProducts(database)];
    return sendPage(reply, CataloguePage({ frame, goods }));
  });
  server.get<{ Params: { id: string } }>(
    "/products/:id",
    { config: page, schema: { summary: "One product" } },
    async (request, reply) => {
      const { id } = request.params;
      const product = /^[a-z0-9-]{1,40}$/.test(id) ? await findProduct(database, id) : undefined;
      if (product === undefined) return refuse("not_found");
      return sendPage(reply, ProductPage({ frame: await frameOf(shop, request), product }));
    },
  );
}

function addCartRoutes(server: Server, shop: Shop): void {
  const { database, cookies } = shop;
  server.get("/cart", { config: page, schema: { summary: "The cart" } }, async (request, reply) => {
    const cart = cartOf(shop, request);
    const lines = cart === undefined ? [] : await cartLines(database, cart);
    return sendPage(reply, CartPage({ frame: await frameOf(shop, request), lines }));
  });
  const adding = { summary: "Put something into the cart", body: addForm };
  server.post(
    "/cart/add",
    { config: form, schema: adding, preValidation: tidyForm },
    async (request, reply) => {
      const { product, quantity = "1" } = request.body;
      if ((await findProduct(database, product)) === undefined) return refuse("not_found");
      const token = shop.cookies.read(request, cartCookie) || randomToken(32);
      const cart = sha256(token);
      await database.transaction(async (client) => {
        await touchCart(client, cart);
        await addToCart(client, cart, product, Number(quantity));
      });
      cookies.write(reply, cartCookie, token, { maxAge: 30 * day });
      return reply.redirect("/cart", 303);
    },
  );
  const changing = { summary: "Change how many; none takes it out", body: changeForm };
  server.post(
    "/cart/change",
    { config: form, schema: changing, preValidation: tidyForm },
    async (request, reply) => {
      const { product, quantity } = request.body;
      const cart = cartOf(shop, request);
      const pieces = Number(quantity);
      if (cart !== undefined && pieces > 0) await setInCart(database, cart, product, pieces);
      if (cart !== undefined && pieces === 0) await removeFromCart(database, cart, product);
      return reply.redirect("/cart", 303);
    },
  );
  const removing = { summary: "Take something out of the cart", body: removeForm };
  server.post(
    "/cart/remove",
    { config: form, schema: removing, preValidation: tidyForm },
    async (request, reply) => {
      const cart = cartOf(shop, request);
      if (cart !== undefined) await removeFromCart(database, cart, request.body.product);
      return reply.redirect("/cart", 303);
    },
  );
}

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

function addOrderingRoutes(server: Server, shop: Shop): void {
  const { database } = shop;
  server.get("/checkout", { config: page, schema: { summary: "The order form" } }, async (request, reply) => {
    const cart = cartOf(shop, request);
    const lines = cart === undefined ? [] : await cartLines(database, cart);
    if (lines.length === 0) return reply.redirect("/cart", 303);
    const frame = await frameOf(shop, request);
    return sendPage(reply, CheckoutPage({ frame, lines, tills: shop.tills, once: randomToken(32) }));
  });
  const ordering = {
    summary: "Order what is in the cart",
    description: "Proposes the trade and leads on to its approval. The same form sent twice is one order.",
    body: orderForm,
  };
  server.post(
    "/orders",
    { config: { ...form, ...orderLimit }, schema: ordering, preValidation: tidyForm, attachValidation: true },
    async (request, reply) => {
      const found = mistakesOf(request, orderSentences);
      const mistaken = Object.keys(found).length === 0 ? orderMistakes(request.body, shop.tills) : found;
      const cart = cartOf(shop, request);
      if (cart === undefined) return reply.redirect("/cart", 303);
      if (Object.keys(mistaken).length > 0) {
        const lines = await cartLines(database, cart);
        const typed = request.body as Typed;
        const frame = await frameOf(shop, request);
        return sendPage(
          reply,
          CheckoutPage({ frame, lines, tills: shop.tills, once: request.body.key, typed, mistaken }),
          422,
        );
      }
      const written = await placeOrder(shop, cart, request.body.key, wishesOf(request.body, shop.tills));
      if (written === undefined) return reply.redirect("/cart", 303);
      await sendHeld(shop, written.orderId, written.held);
      const token = orderToken(request.body.key);
      if (written.held.length === 0) await answeredSoon(shop, written.orderId);
      const order = await orderByToken(database, sha256(token));
      rememberOrder(shop, request, reply, token);
      return reply.redirect(wayOn(shop, order, token), 303);
    },
  );
}

async function orderOf(shop: Shop, token: string): Promise<Order> {
  const order = await orderByToken(shop.database, sha256(token));
  return order ?? refuse("not_found");
}

function addOrderRoutes(server: Server, shop: Shop): void {
  const { database } = shop;
  server.get(
    "/orders",
    { config: page, schema: { summary: "Orders of this browser" } },
    async (request, reply) => {
      const found = await Promise.all(
        tokensOf(shop, request).map(async (token) => ({
          token,
          order: await orderByToken(database, sha256(token)),
        })),
      );
      const orders = found.flatMap(({ token, order }) => (order === undefined ? [] : [{ token, order }]));
      return sendPage(reply, OrdersPage({ frame: await frameOf(shop, request), orders }));
    },
  );
  server.get<{ Params: { token: string } }>(
    "/orders/:token",
    { config: page, schema: { summary: "How an order stands" } },
    async (request, reply) => {
      const { token } = request.params;
      const known = await orderOf(shop, token);
      await refreshOrder(shop, known);
      const order = await orderOf(shop, token);
      const [lines, calls] = [await linesOf(database, order.id), await callsOf(database, order.id)];
      // Only while servers wait for each other; what waits for people needs no reloading.
      const waiting = calls.some(({ state }) => state === "waiting") || isPending(order.view);
      if (waiting) reply.header("refresh", "3");
      const frame = await frameOf(shop, request);
      const tradeUrl = order.trade === null ? undefined : tillOf(shop, order)?.tradeUrl(order.trade);
      return sendPage(
        reply,
        OrderPage({ frame, order, lines, calls, tradeUrl, token, once: randomToken(24) }),
      );
    },
  );
  const said: [path: string, act: Act, summary: string][] = [
    ["cancel", "cancel", "The buyer cancels before shipping"],
    ["accept", "confirm", "The buyer accepts, and the shop passes it on"],
  ];
  for (const [path, act, summary] of said) {
    server.post<{ Params: { token: string } }>(
      `/orders/:token/${path}`,
      { config: form, schema: { summary, body: keyForm }, preValidation: tidyForm },
      async (request, reply) => {
        const { token } = request.params;
        const { key } = request.body as { key: string };
        const order = await orderOf(shop, token);
        const written = await decideAct(shop, order.id, act, key);
        if (written === undefined)
          return refuse("trade_not_open", "The order has moved on since you saw it.");
        await sendHeld(shop, order.id, written.held);
        return reply.redirect(`/orders/${token}`, 303);
      },
    );
  }
}

export function addCustomerRoutes(server: Server, shop: Shop): void {
  addGoodsRoutes(server, shop);
  addCartRoutes(server, shop);
  addOrderingRoutes(server, shop);
  addOrderRoutes(server, shop);
}
