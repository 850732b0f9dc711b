/** The staff's lists of orders over HTTP. */
import type { FastifyReply } from "fastify";
import type { Server } from "../../edge/http/http.ts";
import { beyondAll } from "../../storage/database/database.ts";
import type { Queue } from "../shop-finding/shop-finding.ts";
import { sendPage, type Shop } from "../shop-frame/shop-frame.ts";
import {
  countQueues,
  findByName,
  findByNumber,
  listOrders,
  listQueue,
  listToDo,
  type Order,
  type Queued,
  type QueueMark,
  readKeptLogs,
  waitingCounts,
} from "../shop-orders/shop-orders.ts";
import { frameOf, staffOnly, whoOf, type Who } from "./doors.ts";
import { mostCounted, StaffOrdersPage, type StaffOrdersProps } from "./list-pages.tsx";
import { listQuery, searchForm } from "./staff-forms.ts";

const pageLength = 50;

async function rewrittenLogs({ database, tills }: Shop) {
  const kept = await readKeptLogs(database);
  return kept.flatMap(({ till, broken: why, brokenAt: since }) => {
    const label = tills.find(({ id }) => id === till)?.label;
    return label === undefined || why === null || since === null ? [] : [{ till: label, since, why }];
  });
}

type Shown = Pick<StaffOrdersProps, "next" | "show" | "asked"> & { orders: (Order | Queued)[] };

const firstMark: QueueMark = { dueMicros: 0n, id: "00000000-0000-0000-0000-000000000000" };

function markIn(after: string | undefined): QueueMark {
  const [micros, id] = after?.split("_") ?? [];
  return micros === undefined || id === undefined ? firstMark : { dueMicros: BigInt(micros), id };
}

async function queueOf(shop: Shop, show: Queue | "todo", after: string | undefined): Promise<Shown> {
  const { database } = shop;
  const mark = markIn(after);
  const rows =
    show === "todo"
      ? await listToDo(database, mark, pageLength + 1)
      : await listQueue(database, show, mark, pageLength + 1);
  const orders = rows.slice(0, pageLength);
  const last = orders.at(-1);
  const more = rows.length > pageLength && last !== undefined;
  return { orders, show, next: more ? `show=${show}&after=${last.dueMicros}_${last.id}` : null };
}

/** A number, as it is typed in groups or full-width, of four digits at least; undefined where it is something else. */
function digitsIn(text: string): string | undefined {
  const plain = text.normalize("NFKC").replaceAll(/[\s\-‐‑–—―−ーｰ]/g, "");
  return /^[0-9]{4,20}$/.test(plain) ? plain : undefined;
}

/** Longer than any name, and than anything that is looked for. */
const longestSearch = 200;

async function search(shop: Shop, text: string, before: string | undefined): Promise<Shown> {
  const asked = { text: text.slice(0, longestSearch), short: false };
  const digits = digitsIn(asked.text);
  if (digits !== undefined) {
    const orders = await findByNumber(shop.database, digits, pageLength);
    return { orders, next: null, asked };
  }
  const found = await findByName(shop, asked.text, before, pageLength);
  if (found === undefined) return { orders: [], next: null, asked: { ...asked, short: true } };
  const next = found.next === null ? null : { q: asked.text, before: found.next };
  return { orders: found.orders, next, asked };
}

async function newest(shop: Shop, before: string | undefined): Promise<Shown> {
  const rows = await listOrders(shop.database, before ?? beyondAll, pageLength + 1);
  const orders = rows.slice(0, pageLength);
  const last = orders.at(-1);
  return { orders, next: rows.length > pageLength && last !== undefined ? `before=${last.id}` : null };
}

/** 9999-12-31: nothing runs. */
const never = 253_402_214_400_000_000n;

const dueOf = (order: Order | Queued): string | null =>
  "dueMicros" in order && order.dueMicros < never
    ? new Date(Number(order.dueMicros / 1000n)).toISOString()
    : null;

async function sendList(shop: Shop, reply: FastifyReply, who: Who, shown: Shown): Promise<FastifyReply> {
  const { database } = shop;
  const ids = shown.orders.map(({ id }) => id);
  const waiting = new Set((await waitingCounts(database, ids)).map(({ orderId }) => orderId));
  const props: StaffOrdersProps = {
    ...shown,
    frame: await frameOf(shop, who),
    orders: shown.orders.map((order) => ({ order, waiting: waiting.has(order.id), due: dueOf(order) })),
    rewritten: await rewrittenLogs(shop),
    counts: await countQueues(database, mostCounted),
  };
  return sendPage(reply, StaffOrdersPage, props);
}

/** `/staff`: all orders, or those of one queue; and what was looked for. */
export function addLists(server: Server, shop: Shop): void {
  server.get(
    "/staff",
    {
      config: { access: ["staff"], page: true },
      schema: { summary: "Orders by what to do next", querystring: listQuery },
      onRequest: staffOnly(shop, "clerk"),
    },
    async (request, reply) => {
      const { show, before, after } = request.query;
      const shown = show === undefined ? await newest(shop, before) : await queueOf(shop, show, after);
      return sendList(shop, reply, whoOf(request), shown);
    },
  );
  server.post(
    "/staff/search",
    {
      config: { access: ["staff"], page: true, form: true },
      schema: { summary: "Orders that are looked for", body: searchForm },
      onRequest: staffOnly(shop, "clerk"),
    },
    async (request, reply) => {
      const { q = "", before } = request.body;
      const text = q.trim();
      if (text === "") return reply.redirect("/staff", 303);
      return sendList(shop, reply, whoOf(request), await search(shop, text, before));
    },
  );
}
