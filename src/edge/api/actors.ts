/** From who calls to who acts on a trade. */
import type { FastifyRequest } from "fastify";
import type { Caller } from "../../storage/identity/identity.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { type Context, linkedTrade } from "./context.ts";
import { idFrom } from "../../storage/database/database.ts";

/** A person of whom nothing is known but the link they hold; each link is somebody else. */
const holderOf = (number: string | undefined) => idFrom(`holder of the link to ${number ?? "nothing"}`);

/**
 * Who acts. Whoever holds a link acts as the guest the trade is for, or, while it has no buyer, as the
 * person who may become its buyer; a member who holds one may take the trade over as their own.
 */
export async function actorOf(context: Context, request: FastifyRequest, caller: Caller): Promise<Actor> {
  const opens = linkedTrade(context, request);
  const opening = opens === undefined ? {} : { opens };
  switch (caller.kind) {
    case "member":
      return { kind: "person", id: caller.id, ...opening };
    case "guest":
    case "nobody": {
      const guest = opens === undefined ? undefined : await context.trades.guestOf(opens);
      return { kind: "person", id: guest ?? holderOf(opens), ...opening };
    }
    case "recipient":
      return {
        kind: "recipient",
        id: caller.id,
        ...(caller.trade === undefined ? {} : { opens: caller.trade }),
      };
    default:
      return { kind: caller.kind, id: caller.id };
  }
}
