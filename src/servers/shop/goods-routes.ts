/** What customers call before they order: goods and the cart. Every page works without scripts. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Server } from "../../edge/http/http.ts";
import { languageOf } from "../../edge/words/words.ts";
import {
  addToCart,
  cartLines,
  countCart,
  findProduct,
  hasVoucher,
  listProducts,
  type Order,
  removeFromCart,
  setInCart,
  setVoucher,
  sha256,
  touchCart,
  voucher,
} from "../shop-orders/shop-orders.ts";
import { randomToken } from "../../storage/database/database.ts";
import { CartPage, CataloguePage, ProductPage } from "./goods-pages.tsx";
import { addForm, changeForm, removeForm, voucherForm } from "./shop-forms.ts";
import {
  type Frame,
  type Shop,
  isGuaranteed,
  openForm,
  openPage,
  sendPage,
  tidyForm,
  zoneOf,
} from "../shop-frame/shop-frame.ts";

const cartCookie = "shop_cart";
export const day = 24 * 3600;

/** The hash of the cart's token, under which it is kept; undefined for a browser without one. */
export function cartOf(shop: Shop, request: FastifyRequest): Buffer | undefined {
  const token = shop.cookies.read(request, cartCookie);
  return token === undefined || token === "" ? undefined : sha256(token);
}

/** The cart of this browser, which gets one where it has none. */
export function cartFor(shop: Shop, request: FastifyRequest, reply: FastifyReply): Buffer {
  const token = shop.cookies.read(request, cartCookie) || randomToken(32);
  shop.cookies.write(reply, cartCookie, token, { maxAge: 30 * day });
  return sha256(token);
}

/** The frame of a page for customers, with what lies in the cart of this browser. */
export async function frameOf(shop: Shop, request: FastifyRequest, order?: Order): Promise<Frame> {
  const cart = cartOf(shop, request);
  const pieces = cart === undefined ? 0 : await countCart(shop.database, cart);
  return { shop: shop.name, timeZone: await zoneOf(shop, order), pieces, guaranteed: isGuaranteed(order) };
}

/** Adds the list of goods and the page of each. */
export function addGoodsRoutes(server: Server, shop: Shop): void {
  const { database } = shop;
  server.get("/", { config: openPage, schema: { summary: "The goods" } }, async (request, reply) => {
    const goods = await listProducts(database, languageOf(request));
    return sendPage(reply, CataloguePage, { frame: await frameOf(shop, request), goods });
  });
  server.get<{ Params: { id: string } }>(
    "/products/:id",
    { config: openPage, schema: { summary: "One product" } },
    async (request, reply) => {
      const { id } = request.params;
      const known = /^[a-z0-9-]{1,40}$/.test(id);
      const product = known ? await findProduct(database, id, languageOf(request)) : undefined;
      if (product === undefined) return refuse("not_found");
      return sendPage(reply, ProductPage, { frame: await frameOf(shop, request), product });
    },
  );
}

/** Adds the cart and what changes it. */
export function addCartRoutes(server: Server, shop: Shop): void {
  const { database } = shop;
  server.get("/cart", { config: openPage, schema: { summary: "The cart" } }, async (request, reply) => {
    const cart = cartOf(shop, request);
    const lines = cart === undefined ? [] : await cartLines(database, cart, languageOf(request));
    const withVoucher = cart !== undefined && (await hasVoucher(database, cart));
    return sendPage(reply, CartPage, { frame: await frameOf(shop, request), lines, withVoucher });
  });
  const adding = { summary: "Put something into the cart", body: addForm };
  server.post(
    "/cart/add",
    { config: openForm, schema: adding, preValidation: tidyForm },
    async (request, reply) => {
      const { product, quantity = "1" } = request.body;
      if ((await findProduct(database, product, languageOf(request))) === undefined)
        return refuse("not_found");
      const cart = cartFor(shop, request, reply);
      await database.transaction(async (client) => {
        await touchCart(client, cart);
        await addToCart(client, cart, product, Number(quantity));
      });
      return reply.redirect("/cart", 303);
    },
  );
  const changing = { summary: "Change how many; none takes it out", body: changeForm };
  server.post(
    "/cart/change",
    { config: openForm, schema: changing, preValidation: tidyForm },
    async (request, reply) => {
      const { product, quantity } = request.body;
      const cart = cartOf(shop, request);
      const pieces = Number(quantity);
      if (cart !== undefined && pieces > 0) await setInCart(database, cart, product, pieces);
      if (cart !== undefined && pieces === 0) await removeFromCart(database, cart, product);
      return reply.redirect("/cart", 303);
    },
  );
  const entering = { summary: "Enter a voucher, or take it back", body: voucherForm };
  server.post(
    "/cart/voucher",
    { config: openForm, schema: entering, preValidation: tidyForm },
    async (request, reply) => {
      const cart = cartOf(shop, request);
      const typed = request.body.voucher?.normalize("NFKC").trim().toUpperCase();
      if (cart !== undefined) await setVoucher(database, cart, typed === voucher.word);
      return reply.redirect("/cart", 303);
    },
  );
  const removing = { summary: "Take something out of the cart", body: removeForm };
  server.post(
    "/cart/remove",
    { config: openForm, schema: removing, preValidation: tidyForm },
    async (request, reply) => {
      const cart = cartOf(shop, request);
      if (cart !== undefined) await removeFromCart(database, cart, request.body.product);
      return reply.redirect("/cart", 303);
    },
  );
}
