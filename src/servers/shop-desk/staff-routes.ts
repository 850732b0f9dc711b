/** What the shop's staff call about one order: they read it, and act. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { createHash } from "node:crypto";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Server } from "../../edge/http/http.ts";
import {
  callsOf,
  clockOf,
  customerOf,
  decideAct,
  type Form,
  isPending,
  linesOf,
  mayDo,
  parcelCodeOf,
  type Order,
  orderByNumber,
  type Particulars,
  recordOf,
  refreshOrder,
  sendHeld,
  tillOf,
} from "../shop-orders/shop-orders.ts";
import { randomToken } from "../../storage/database/database.ts";
import { shopWordsIn } from "../shop-words/shop-words.ts";
import { type Parcel, ParcelPapers } from "../shop-parcels/shop-parcels.ts";
import {
  type Mistaken,
  mistakesOf,
  seenIn,
  sendPage,
  type Shop,
  shopStyles,
  tidyForm,
  zoneOf,
} from "../shop-frame/shop-frame.ts";
import { advancePrice, priceSaid } from "./advance-price.ts";
import { StaffAskPage } from "./ask-page.tsx";
import { endedHere, frameOf, staffFormOnly, staffOnly, whoOf, type Who } from "./doors.ts";
import { addLists } from "./list-routes.ts";
import { addSignIn, askToSignIn } from "./sign-in.ts";
import type { StaffAct } from "./staff-acts.tsx";
import { type StaffFields, staffForm as staffFields, staffMistakes, staffReads } from "./staff-forms.ts";
import { staffActs, StaffOrderPage } from "./staff-pages.tsx";

async function orderOf(shop: Shop, number: string): Promise<Order> {
  const order = /^[0-9]{10}$/.test(number) ? await orderByNumber(shop.database, number) : undefined;
  return order ?? refuse("not_found");
}

/** How a form is shown again: which one, what was typed, what is wrong with it, or why it is shown although nothing is. */
interface Shown {
  status: number;
  mistaken: Mistaken;
  tried: string | undefined;
  typed?: StaffFields | undefined;
  again?: "moved" | "kept";
}

async function sendOrder(
  shop: Shop,
  reply: FastifyReply,
  who: Who,
  known: Order,
  { status, mistaken, tried, typed, again }: Shown = { status: 200, mistaken: {}, tried: undefined },
): Promise<FastifyReply> {
  await refreshOrder(shop, known);
  const order = await orderOf(shop, known.number);
  const { database } = shop;
  const [lines, calls] = [await linesOf(database, order.id), await callsOf(database, order.id)];
  const tradeUrl = order.trade === null ? undefined : tillOf(shop, order)?.tradeUrl(order.trade);
  // Only while servers wait for each other: then there is no form in which somebody could be typing.
  if (isPending(order.view)) reply.header("refresh", "3");
  const props = {
    frame: await frameOf(shop, who, order),
    order,
    customer: customerOf(shop.keyring, order),
    lines,
    calls,
    tradeUrl,
    once: randomToken(24),
    now: await clockOf(database),
    mistaken,
    tried,
    typed,
    again,
    said: await recordOf(shop, order),
    code: await parcelCodeOf(shop, order),
  };
  return sendPage(reply, StaffOrderPage, props, status);
}

const staffPage = { access: ["staff"], page: true } as const;

function addReading(server: Server, shop: Shop): void {
  const onRequest = staffOnly(shop, "clerk");
  server.get<{ Params: { number: string } }>(
    "/staff/orders/:number",
    { config: staffPage, schema: { summary: "One order" }, onRequest },
    async (request, reply) =>
      sendOrder(shop, reply, whoOf(request), await orderOf(shop, request.params.number)),
  );
  server.get<{ Params: { number: string; digest: string } }>(
    "/staff/orders/:number/photos/:digest",
    { config: staffPage, schema: { summary: "A photo of the goods" }, onRequest },
    async (request, reply) => {
      const { number, digest } = request.params;
      return sendPhoto(shop, reply, await orderOf(shop, number), digest);
    },
  );
  server.get<{ Params: { number: string } }>(
    "/staff/orders/:number/papers",
    { config: staffPage, schema: { summary: "What goes onto the parcel and into it" }, onRequest },
    async (request, reply) => {
      const parcel = await parcelOf(shop, await orderOf(shop, request.params.number));
      return sendPage(reply, ParcelPapers, { parcel, styles: shopStyles.path });
    },
  );
}

/** A photo that was put to what a side has said, fetched where it is kept: here is no copy. */
async function sendPhoto(
  shop: Shop,
  reply: FastifyReply,
  order: Order,
  digest: string,
): Promise<FastifyReply> {
  const till = tillOf(shop, order);
  if (order.trade === null || till === undefined || !/^[0-9a-f]{64}$/.test(digest))
    return refuse("not_found");
  const found = await till.hurried.photos.get(order.trade, digest);
  if (found.outcome === "unknown") return refuse("unavailable");
  if (found.outcome === "refused") return refuse("not_found");
  // It is the digest that the record of the trade names, so it is the photo that was meant.
  if (createHash("sha256").update(found.image).digest("hex") !== digest) return refuse("not_found");
  return reply
    .type("image/jpeg")
    .headers({
      "cache-control": "private, no-store",
      "content-disposition": `inline; filename="${order.number}-${digest.slice(0, 8)}.jpg"`,
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
    })
    .send(Buffer.from(found.image));
}

/** The papers of the parcel: to whom, what, and the number; of a present that its recipient accepts also their code. */
async function parcelOf(shop: Shop, order: Order): Promise<Parcel> {
  const { view, trade, number } = order;
  const customer = customerOf(shop.keyring, order);
  if (view === null || trade === null || customer === undefined) return refuse("not_found");
  const { recipient } = customer;
  const code = await parcelCodeOf(shop, order);
  const phone = recipient === null ? (customer.phone ?? undefined) : recipient.contact?.phone;
  return {
    shop: shop.name,
    timeZone: await zoneOf(shop, order),
    order: number,
    trade,
    lines: view.lines,
    to: {
      name: recipient?.name ?? customer.name,
      kana: recipient === null ? customer.kana : recipient.kana,
      address: recipient?.address ?? customer.address,
      phone,
    },
    present:
      code === undefined
        ? undefined
        : {
            code,
            address: tillOf(shop, order)?.giftUrl(trade) ?? "",
            from: recipient?.from,
            greeting: recipient?.greeting,
          },
  };
}

/** Does what was pressed; where the order has moved on since the form was shown, shows it as it is now with what was typed. */
async function doAct(
  shop: Shop,
  reply: FastifyReply,
  who: Who,
  { order, of, fields, form, given }: Pressed,
): Promise<FastifyReply> {
  const written = await decideAct(shop, order.id, of.act, form, given);
  if (written === undefined) {
    const { key: _, version: __, sure: ___, ...typed } = fields;
    return sendOrder(shop, reply, who, order, {
      status: 409,
      mistaken: {},
      tried: of.path,
      typed,
      again: "moved",
    });
  }
  await sendHeld(shop, order.id, written.held);
  return reply.redirect(`/staff/orders/${order.number}`, 303);
}

interface Pressed {
  order: Order;
  of: StaffAct;
  fields: StaffFields;
  form: Form;
  given: Particulars;
}

/** Asks once more what moves money, of the trade that the form showed; what fits no more is told at once. */
async function askFirst(shop: Shop, reply: FastifyReply, who: Who, pressed: Pressed): Promise<FastifyReply> {
  const { order, of, fields, form, given } = pressed;
  const { view } = order;
  const calls = await callsOf(shop.database, order.id);
  const now = await clockOf(shop.database);
  const stands = view !== null && form.seen === view.version && mayDo(of.act, order, calls, now);
  if (!stands) return doAct(shop, reply, who, pressed);
  const price = of.act === "advance" ? await advancePrice(shop, order, view) : undefined;
  // The yes is to the price that is shown: the server may set another one meanwhile.
  if (of.act === "advance" && fields["sure"] === "yes" && fields["price"] === priceSaid(price))
    return doAct(shop, reply, who, pressed);
  const { sure: _, price: __, ...typed } = fields;
  const asked = of.act === "advance" ? { ...typed, price: priceSaid(price) } : typed;
  const frame = await frameOf(shop, who, order);
  return sendPage(reply, StaffAskPage, { frame, order, view, of, fields: asked, given, price });
}

/** What was typed, without what belongs to the press: a form and the yes to its question say the same. */
function saidIn(fields: StaffFields): string {
  const { key: _, version: __, sure: ___, ...typed } = fields;
  return JSON.stringify(Object.entries(typed).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

async function press(
  shop: Shop,
  request: FastifyRequest,
  reply: FastifyReply,
  of: StaffAct,
): Promise<FastifyReply> {
  const who = whoOf(request);
  const order = await orderOf(shop, (request.params as { number: string }).number);
  const fields = request.body as StaffFields;
  const again = (mistaken: Mistaken) => {
    return sendOrder(shop, reply, who, order, { status: 422, mistaken, tried: of.path, typed: fields });
  };
  const mistaken = mistakesOf(request, staffMistakes);
  if (Object.keys(mistaken).length > 0) return again(mistaken);
  const found = staffReads[of.act](fields, order.view, await zoneOf(shop, order));
  if ("mistaken" in found) return again(found.mistaken);
  const form = { key: fields["key"] ?? "", seen: seenIn(fields), said: saidIn(fields), by: who.by };
  const pressed = { order, of, fields, form, given: found.given };
  return of.asks === true && (fields["sure"] !== "yes" || of.act === "advance")
    ? askFirst(shop, reply, who, pressed)
    : doAct(shop, reply, who, pressed);
}

function addActing(server: Server, shop: Shop): void {
  for (const of of staffActs) {
    const { act, path, role } = of;
    const access = { clerk: "staff", manager: "manager", owner: "owner" }[role];
    server.post<{ Params: { number: string } }>(
      `/staff/orders/:number/${path}`,
      {
        config: { access: [access], page: true, form: true },
        schema: { summary: shopWordsIn("en")(`act.${act}`), body: staffFields },
        onRequest: staffFormOnly(shop, role),
        preValidation: tidyForm,
        attachValidation: true,
      },
      async (request, reply) => {
        if (!endedHere(request)) return press(shop, request, reply, of);
        const typed = Object.entries(request.body as StaffFields).filter(([name]) => name !== "sure");
        const { number } = request.params;
        return askToSignIn(shop, reply, { number, path, fields: Object.fromEntries(typed) });
      },
    );
  }
}

/** Adds what the staff call about orders; everything but signing in is theirs alone. */
export function addStaffRoutes(server: Server, shop: Shop): void {
  addSignIn(server, shop, async (_request, reply, who, { number, path, fields }) => {
    if (!staffActs.some((each) => each.path === path)) return reply.redirect("/staff", 303);
    const { version: _, ...typed } = fields;
    return sendOrder(shop, reply, who, await orderOf(shop, number), {
      status: 200,
      mistaken: {},
      tried: path,
      typed,
      again: "kept",
    });
  });
  addLists(server, shop);
  addReading(server, shop);
  addActing(server, shop);
}
