/** The one call that servers make to the shop. */
import { verifyWebhook } from "@kenshu/sdk";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Server } from "../../edge/http/http.ts";
import { coalesce } from "../../storage/database/database.ts";
import type { OrderContext } from "../shop-orders/shop-orders.ts";
import { makeHearing } from "./ear.ts";
import { secretOf } from "./tills-told.ts";

/** Adds the address to which servers send what has happened; `wake` is called where there is something to ask about. */
export function addNewsRoutes(server: Server, shop: OrderContext, wake: () => void): void {
  // A message is verified by the bytes that came, which this one call reads itself.
  void server.register(async (inside) => addMessages(inside, shop, wake));
}

function addMessages(server: Server, shop: OrderContext, wake: () => void): void {
  const hearings = new Map(shop.tills.map(({ id }) => [id, makeHearing(shop, id)]));
  const secrets = coalesce(
    async (tills: string[]) =>
      new Map(await Promise.all(tills.map(async (till) => [till, await secretOf(shop, till)] as const))),
  );
  server.removeContentTypeParser("application/json");
  server.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );
  server.post<{ Params: { till: string } }>(
    "/webhooks/:till",
    {
      config: { access: ["till"], refusals: ["not_found", "unavailable", "not_authenticated"] },
      schema: {
        summary: "Be told what happened to a trade",
        description:
          "A message after Standard Webhooks 1.0.0. What it says is not taken for true: the server is asked how the trade " +
          "stands. The same message again does nothing.",
      },
    },
    async (request, reply) => {
      const { till } = request.params;
      const hear = hearings.get(till);
      if (hear === undefined) return refuse("not_found");
      const known = await secrets(till);
      if (known === undefined) return refuse("unavailable", "No secret has been agreed yet.");
      const { headers, body } = request;
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const { secret, now } = known;
      const message = await verifyWebhook({ secrets: secret, headers, body: bytes, now });
      if (!message.verified) {
        shop.log.warn({ till, why: message.reason }, "a message is not from the server that it names");
        return refuse("not_authenticated", `The message does not count: ${message.reason}.`);
      }
      if (await hear(message)) wake();
      return reply.code(204).send();
    },
  );
}
