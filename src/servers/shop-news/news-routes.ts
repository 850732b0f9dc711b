/** The one call that servers make to the shop. */
import { verifyWebhook } from "@kenshu/sdk";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Server } from "../../edge/http/http.ts";
import type { OrderContext } from "../shop-orders/shop-orders.ts";
import { makeHearing } from "./ear.ts";
import type { Known, KnownSecrets } from "./known-secrets.ts";

/** Adds the address to which servers send what has happened; `wake` is called where there is something to ask about. */
export function addNewsRoutes(
  server: Server,
  shop: OrderContext,
  secrets: KnownSecrets,
  wake: () => void,
): void {
  // A message is verified by the bytes that came, which this one call reads itself.
  void server.register(async (inside) => addMessages(inside, shop, secrets, wake));
}

function addMessages(server: Server, shop: OrderContext, secrets: KnownSecrets, wake: () => void): void {
  const hearings = new Map(shop.tills.map(({ id }) => [id, makeHearing(shop, id)]));
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
      const { headers, body } = request;
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const verify = ({ secret, now }: Known) =>
        verifyWebhook({ secrets: secret, headers, body: bytes, now });
      const lately = secrets.lately(till);
      let message = lately === undefined ? undefined : await verify(lately);
      // Another process may have replaced the secret since.
      if (message?.verified !== true) {
        const known = await secrets.read(till);
        if (known === undefined) return refuse("unavailable", "No secret has been agreed yet.");
        message = await verify(known);
      }
      if (!message.verified) {
        shop.log.warn({ till, why: message.reason }, "a message is not from the server that it names");
        return refuse("not_authenticated", `The message does not count: ${message.reason}.`);
      }
      if (await hear(message)) wake();
      return reply.code(204).send();
    },
  );
}
