/** The servers at which the shop sells, as its owner looks after them. */
import type { FastifyReply } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import type { Server } from "../../edge/http/http.ts";
import { randomToken } from "../../storage/database/database.ts";
import { frameOf, staffOnly, type Who, whoOf } from "../shop-desk/shop-desk.ts";
import { formKey, sendPage, type Shop } from "../shop-frame/shop-frame.ts";
import { readHearings } from "../shop-news/shop-news.ts";
import { clockOf, sha256 } from "../shop-orders/shop-orders.ts";
import { ServersPage, type ServersProps } from "./servers-page.tsx";
import { missedAt, newsOfTills } from "./tills-money.ts";

/** How many messages are asked for again at once. */
const mostResent = 50;
const resendForm = closed({ key: formKey });

async function sendServers(
  shop: Shop,
  reply: FastifyReply,
  who: Who,
  resent?: ServersProps["resent"],
): Promise<FastifyReply> {
  const { database, tills } = shop;
  const props = {
    frame: await frameOf(shop, who),
    tills: await newsOfTills(shop),
    hearings: await readHearings(
      database,
      tills.map(({ id }) => id),
    ),
    now: await clockOf(database),
    once: randomToken(24),
    resent,
  };
  return sendPage(reply, ServersPage, props);
}

export function addServers(server: Server, shop: Shop): void {
  const onRequest = staffOnly(shop, "owner");
  server.get(
    "/staff/servers",
    {
      config: { access: ["owner"], page: true },
      schema: { summary: "The servers at which the shop sells" },
      onRequest,
    },
    async (request, reply) => sendServers(shop, reply, whoOf(request)),
  );
  server.post<{ Params: { till: string } }>(
    "/staff/servers/:till/resend",
    {
      config: { access: ["owner"], page: true, form: true },
      schema: { summary: "Have what was missed told again", body: resendForm },
      onRequest,
    },
    async (request, reply) => {
      const till = shop.tills.find(({ id }) => id === request.params.till) ?? refuse("not_found");
      const { key } = request.body as { key: string };
      const failed = (await missedAt(till.hurried)).filter(({ state }) => state === "failed");
      const sent = await Promise.all(
        failed.slice(0, mostResent).map(async ({ id }) => {
          // The same press again asks for the same message under the same key, which is once.
          const again = sha256(`resend ${key} ${id}`).toString("base64url");
          return (await till.hurried.deliveries.resend(id, { key: again })).outcome === "done";
        }),
      );
      const done = sent.filter(Boolean).length;
      const resent = { till: till.id, sent: done, failed: sent.length - done };
      return sendServers(shop, reply, whoOf(request), resent);
    },
  );
}
