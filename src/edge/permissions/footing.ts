/** What the pages of this room have in common. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { toWire } from "../../core/money/money.ts";
import type { MandateDetails } from "../../storage/members/members.ts";
import { readShops } from "../../storage/parties/parties.ts";
import { callerOf } from "../api/api.ts";
import { isSignedOut, type PageContext, seeOther } from "../pages/pages.ts";
import type { MandateView } from "./list-view.tsx";

/**
 * Leads somebody who is not signed in to where they do that, and back here: whether it did. It answers no reply, since to wait
 * for one is to have nothing.
 */
export async function ledToSignIn(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  if (!isSignedOut(await callerOf(context, request))) return false;
  seeOther(reply, `/signin?next=${encodeURIComponent(request.url)}`);
  return true;
}

/** Mandates as their giver sees them. */
export async function viewsOf(
  { database }: Pick<PageContext, "database">,
  mandates: readonly MandateDetails[],
): Promise<MandateView[]> {
  const shops =
    mandates.length === 0 ? [] : await readShops(database, [...new Set(mandates.map(({ shop }) => shop))]);
  const names = new Map(shops.map(({ id, name }) => [id, name]));
  return mandates.map(({ id, shop, currency, limit, used, until, acceptors, revokedAt }) => ({
    id,
    shopName: names.get(shop) ?? shop,
    currency,
    limit: toWire(limit),
    used: toWire(used),
    until: until.toISOString(),
    acceptors,
    revoked: revokedAt !== null,
  }));
}
