/** What the shop's staff call, behind one password. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { createHash, timingSafeEqual } from "node:crypto";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import type { Server } from "../../edge/http/http.ts";
import { fillAddress, postcodeFields } from "../../edge/postcodes/postcodes.ts";
import { say, type Sentence } from "../../edge/words/words.ts";
import {
  type Act,
  callsOf,
  customerOf,
  decideAct,
  endSession,
  type Form,
  isPending,
  linesOf,
  listOrders,
  openSession,
  parcelCodeOf,
  type Order,
  orderByNumber,
  type Particulars,
  readKeptLogs,
  recordOf,
  refreshOrder,
  sendHeld,
  sessionIsOpen,
  sha256,
  tillOf,
  waitingCounts,
} from "../shop-orders/shop-orders.ts";
import { pageOf, randomToken } from "../../storage/database/database.ts";
import { shopSay, shopWordsIn } from "../shop-words/shop-words.ts";
import {
  emptyForm,
  listQuery,
  type Mistaken,
  mistakesOf,
  seenIn,
  signInForm,
  type StaffFields,
  staffForm as staffFields,
  staffReads,
  staffMistakes,
  tidyForm,
} from "./shop-forms.ts";
import { type Parcel, ParcelPapers } from "../shop-parcels/shop-parcels.ts";
import { shopStyles } from "./goods-pictures.ts";
import { type Frame, isGuaranteed, openForm, openPage, sendPage, type Shop, zoneOf } from "./shop-page.tsx";
import {
  staffActs,
  StaffOrderPage,
  StaffOrdersPage,
  StaffReturnsPage,
  StaffSignInPage,
} from "./staff-pages.tsx";

const staffCookie = "shop_staff";
const sessionSeconds = 12 * 3600;
const pageLength = 50;

const staffPage = { access: ["staff"], page: true } as const;
const staffForm = { access: ["staff"], page: true, form: true } as const;
const signInLimit = { rateLimit: { max: 20, timeWindow: 60_000 } };

async function frameOf(shop: Shop, staff: boolean, order?: Order): Promise<Frame> {
  return {
    shop: shop.name,
    timeZone: await zoneOf(shop, order),
    pieces: 0,
    staff,
    guaranteed: isGuaranteed(order),
  };
}

async function rewrittenLogs({ database, tills }: Shop) {
  const kept = await readKeptLogs(database);
  return kept.flatMap(({ till, broken: why, brokenAt: since }) => {
    const label = tills.find(({ id }) => id === till)?.label;
    return label === undefined || why === null || since === null ? [] : [{ till: label, since, why }];
  });
}

/** Sends people who are not signed in to the page where they can. */
function staffOnly(shop: Shop) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const token = shop.cookies.read(request, staffCookie);
    const known = token !== undefined && (await sessionIsOpen(shop.database, sha256(token)));
    return known ? undefined : reply.redirect("/staff/sign-in", 303);
  };
}

function addSignIn(server: Server, shop: Shop): void {
  const { database, cookies } = shop;
  server.get(
    "/staff/sign-in",
    { config: openPage, schema: { summary: "Staff sign in here" } },
    async (_request, reply) => sendPage(reply, StaffSignInPage, { frame: await frameOf(shop, false) }),
  );
  server.post(
    "/staff/sign-in",
    {
      config: { ...openForm, ...signInLimit },
      schema: { summary: "Sign in", body: signInForm },
      attachValidation: true,
    },
    async (request, reply) => {
      const { password } = request.body;
      const fits =
        request.validationError === undefined && timingSafeEqual(sha256(password), shop.staffPassword);
      if (!fits) {
        const mistaken = shopSay("mistake.password");
        return sendPage(reply, StaffSignInPage, { frame: await frameOf(shop, false), mistaken }, 401);
      }
      const token = randomToken(32);
      await openSession(database, sha256(token), sessionSeconds);
      cookies.write(reply, staffCookie, token, { maxAge: sessionSeconds, sameSite: "Strict" });
      return reply.redirect("/staff", 303);
    },
  );
  server.post(
    "/staff/sign-out",
    { config: openForm, schema: { summary: "Sign out", body: emptyForm } },
    async (request, reply) => {
      const token = cookies.read(request, staffCookie);
      if (token !== undefined) await endSession(database, sha256(token));
      cookies.clear(reply, staffCookie);
      return reply.redirect("/staff/sign-in", 303);
    },
  );
}

async function orderOf(shop: Shop, number: string): Promise<Order> {
  const order = /^[0-9]{10}$/.test(number) ? await orderByNumber(shop.database, number) : undefined;
  return order ?? refuse("not_found");
}

async function sendOrder(
  shop: Shop,
  reply: FastifyReply,
  known: Order,
  { mistaken, tried }: { mistaken: Mistaken; tried: string | undefined } = { mistaken: {}, tried: undefined },
): Promise<FastifyReply> {
  await refreshOrder(shop, known);
  const order = await orderOf(shop, known.number);
  const { database } = shop;
  const [lines, calls] = [await linesOf(database, order.id), await callsOf(database, order.id)];
  const tradeUrl = order.trade === null ? undefined : tillOf(shop, order)?.tradeUrl(order.trade);
  // Only while servers wait for each other: then there is no form in which somebody could be typing.
  if (isPending(order.view)) reply.header("refresh", "3");
  const props = {
    frame: await frameOf(shop, true, order),
    order,
    customer: customerOf(shop.keyring, order),
    lines,
    calls,
    tradeUrl,
    once: randomToken(24),
    mistaken,
    tried,
    said: await recordOf(shop, order),
    code: await parcelCodeOf(shop, order),
  };
  return sendPage(reply, StaffOrderPage, props, Object.keys(mistaken).length === 0 ? 200 : 422);
}

function addReading(server: Server, shop: Shop): void {
  const { database } = shop;
  const onRequest = staffOnly(shop);
  server.get(
    "/staff",
    { config: staffPage, schema: { summary: "All orders", querystring: listQuery }, onRequest },
    async (request, reply) => {
      const rows = await listOrders(database, request.query.before, pageLength + 1);
      const { items: shown, next } = pageOf(rows, pageLength, (order) => order);
      const waiting = new Set(
        (
          await waitingCounts(
            database,
            shown.map(({ id }) => id),
          )
        ).map(({ orderId }) => orderId),
      );
      const orders = shown.map((order) => ({ order, waiting: waiting.has(order.id) }));
      const rewritten = await rewrittenLogs(shop);
      const frame = await frameOf(shop, true);
      return sendPage(reply, StaffOrdersPage, { frame, orders, next, rewritten });
    },
  );
  server.get<{ Params: { number: string } }>(
    "/staff/orders/:number",
    { config: staffPage, schema: { summary: "One order" }, onRequest },
    async (request, reply) => sendOrder(shop, reply, await orderOf(shop, request.params.number)),
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

async function doAct(
  shop: Shop,
  reply: FastifyReply,
  order: Order,
  act: Act,
  form: Form,
  given: Particulars,
): Promise<FastifyReply> {
  const written = await decideAct(shop, order.id, act, form, given);
  if (written === undefined) return refuse("trade_not_open");
  await sendHeld(shop, order.id, written.held);
  return reply.redirect(`/staff/orders/${order.number}`, 303);
}

function addActing(server: Server, shop: Shop): void {
  const onRequest = staffOnly(shop);
  for (const { act, path } of staffActs) {
    const summary = shopWordsIn("en")(`act.${act}`);
    server.post<{ Params: { number: string } }>(
      `/staff/orders/:number/${path}`,
      {
        config: staffForm,
        schema: { summary, body: staffFields },
        onRequest,
        preValidation: tidyForm,
        attachValidation: true,
      },
      async (request, reply) => {
        const order = await orderOf(shop, request.params.number);
        const mistaken = mistakesOf(request, staffMistakes);
        if (Object.keys(mistaken).length > 0) return sendOrder(shop, reply, order, { mistaken, tried: path });
        const { key, ...fields } = request.body as { key: string } & StaffFields;
        const found = staffReads[act](fields, order.view, await zoneOf(shop, order));
        if ("mistaken" in found)
          return sendOrder(shop, reply, order, { mistaken: found.mistaken, tried: path });
        return doAct(shop, reply, order, act, { key, seen: seenIn(fields) }, found.given);
      },
    );
  }
}

/** Where goods go back to, as the first server that answers has it: each was told the same. */
async function returnsNow({ tills }: Shop): Promise<{ name: string; address: string; phone: string }> {
  for (const { hurried } of tills) {
    const who = await hurried.whoami();
    const id = who.outcome === "done" ? who.caller.id : undefined;
    const known = id === undefined ? undefined : await hurried.shops.get(id);
    const place = known?.outcome === "done" ? known.party.returnAddress : undefined;
    if (place != null) return { name: place.name, address: place.address, phone: place.phone ?? "" };
  }
  return { name: "", address: "", phone: "" };
}

/** Tells one server; answers whether it has taken it. */
async function tellReturns(
  { hurried }: Shop["tills"][number],
  place: { name: string; address: string; phone?: string },
): Promise<boolean> {
  const who = await hurried.whoami();
  const id = who.outcome === "done" ? who.caller.id : undefined;
  return id !== undefined && (await hurried.shops.setReturnAddress(id, place)).outcome === "done";
}

const returnsForm = closed({
  name: Type.Optional(Type.String({ maxLength: 120 })),
  address: Type.Optional(Type.String({ maxLength: 500 })),
  ...postcodeFields,
  phone: Type.Optional(Type.String({ maxLength: 60 })),
});

function addReturns(server: Server, shop: Shop): void {
  const onRequest = staffOnly(shop);
  server.get(
    "/staff/returns",
    { config: staffPage, schema: { summary: "Where goods are sent back to" }, onRequest },
    async (_request, reply) => {
      const [frame, typed] = [await frameOf(shop, true), await returnsNow(shop)];
      return sendPage(reply, StaffReturnsPage, { frame, typed, mistaken: {}, told: [] });
    },
  );
  server.post(
    "/staff/returns",
    {
      config: staffForm,
      schema: { summary: "Have goods sent back to another address", body: returnsForm },
      onRequest,
      preValidation: tidyForm,
    },
    async (request, reply) => {
      const { name = "", address = "", phone = "" } = request.body as Record<string, string | undefined>;
      const typed = { name, address, phone };
      const mistaken = Object.fromEntries(
        (["name", "address"] as const).flatMap((field) =>
          typed[field] === "" ? [[field, shopSay("mistake.returns")]] : [],
        ),
      );
      const frame = await frameOf(shop, true);
      const asked = fillAddress(request.body as Record<string, string | undefined>);
      if (asked !== undefined) {
        const unknown: Record<string, Sentence> = asked.unknown ? { postcode: say("postcode.unknown") } : {};
        const filled = { ...typed, address: asked.fields["address"] ?? "" };
        const shown = { frame, typed: filled, mistaken: unknown, told: [] };
        return sendPage(reply, StaffReturnsPage, shown, asked.unknown ? 422 : 200);
      }
      if (Object.keys(mistaken).length > 0)
        return sendPage(reply, StaffReturnsPage, { frame, typed, mistaken, told: [] }, 422);
      const place = { name, address, ...(phone === "" ? {} : { phone }) };
      const told = await Promise.all(
        shop.tills.map(async (till) => ({ till: till.label, taken: await tellReturns(till, place) })),
      );
      return sendPage(reply, StaffReturnsPage, { frame, typed, mistaken, told });
    },
  );
}

/** Adds what the staff call; everything but signing in is theirs alone. */
export function addStaffRoutes(server: Server, shop: Shop): void {
  addSignIn(server, shop);
  addReading(server, shop);
  addActing(server, shop);
  addReturns(server, shop);
}
