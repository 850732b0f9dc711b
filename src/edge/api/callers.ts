/** Who calls, and as whom they act on a trade. */
import type { FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { idFrom } from "../../storage/database/database.ts";
import { type Caller, type CallerKind, linkCookie, sessionCookie } from "../../storage/identity/identity.ts";
import type { Context } from "./context.ts";

/** Who sent the request. */
export async function callerOf(context: Context, request: FastifyRequest): Promise<Caller> {
  const { identity, cookies } = context;
  const { authorization } = request.headers;
  const caller = await identity.identify({ authorization, session: cookies.read(request, sessionCookie) });
  if (caller.kind !== "nobody" || authorization !== undefined) return caller;
  const trade = linkedTrade(context, request);
  return trade === undefined
    ? caller
    : { ...caller, kind: "guest", credential: { kind: "link", id: trade }, trade };
}

/** The trade whose link the request carries, in the cookie that opening the link has set. */
export function linkedTrade({ cookies, links }: Context, request: FastifyRequest): string | undefined {
  const token = cookies.read(request, linkCookie);
  return token === undefined ? undefined : links.read(token);
}

/** The caller, where it is one of these kinds. Refuses with not_authenticated or not_allowed. */
export async function callerAmong(
  context: Context,
  request: FastifyRequest,
  kinds: readonly CallerKind[],
): Promise<Caller> {
  const caller = await callerOf(context, request);
  if (kinds.includes(caller.kind)) return caller;
  return refuse(caller.kind === "nobody" ? "not_authenticated" : "not_allowed");
}

/** A person of whom nothing is known but the link they hold; each link is somebody else. */
const holderOf = (number: string | undefined) => idFrom(`holder of the link to ${number ?? "nothing"}`);

/**
 * Who acts. The holder of a link acts as the guest the trade is for, or, while it has no buyer, as the
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

/** The same, where it is one of these kinds of callers. Refuses with not_authenticated or not_allowed. */
export async function actorAmong(
  context: Context,
  request: FastifyRequest,
  kinds: readonly CallerKind[],
): Promise<Actor> {
  return actorOf(context, request, await callerAmong(context, request, kinds));
}
