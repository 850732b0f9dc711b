/** What shops are told that is no event of a trade: of orders that are to be placed, and of what members let them do. */
import type { Client } from "../../storage/database/database.ts";
import type { MemberEventType, OfferEventType, PersonalField } from "../../core/protocol/protocol.ts";
import { enqueueWebhooks, messageTo, readEndpoints, wants } from "./webhook-store.ts";

/** What one shop is told; `data` holds nothing personal. */
export interface ShopNews {
  shop: string;
  type: OfferEventType | MemberEventType;
  data: Record<string, unknown>;
  /** The number of the trade that it is about, if any. */
  trade?: bigint;
}

/** Tells shops by their webhooks, in the transaction of what they are told of. */
export async function tellShops(client: Client, at: Date, news: readonly ShopNews[]): Promise<void> {
  if (news.length === 0) return;
  const endpoints = await readEndpoints(client, [...new Set(news.map(({ shop }) => shop))]);
  const messages = news.flatMap(({ shop, type, data, trade = null }) =>
    endpoints
      .filter((endpoint) => endpoint.ownerKind === "shop" && endpoint.owner === shop && wants(endpoint, type))
      .map(({ id }) => messageTo(id, type, at, data, trade)),
  );
  await enqueueWebhooks(client, messages);
}

interface MandateTold {
  id: string;
  shop: string;
  currency: string;
  /** Minor units. */
  limit: bigint;
  until: Date;
}

/** How far the member of this number lets a shop reserve; by which means it is paid stays between the member and the server. */
export function mandateNews(
  type: "member.mandate_given" | "member.mandate_changed",
  member: bigint,
  { id, shop, currency, limit, until }: MandateTold,
): ShopNews {
  const terms = { currency, limit: Number(limit), until: until.toISOString() };
  return { shop, type, data: { mandate: id, member: String(member), ...terms } };
}

/** A mandate ran and has ended; who ended it, and why, is not told. */
export function revokedNews(member: bigint, { id, shop }: Pick<MandateTold, "id" | "shop">): ShopNews {
  return { shop, type: "member.mandate_revoked", data: { mandate: id, member: String(member) } };
}

/**
 * A shop may read these fields, once it has the token. Not whose they are: beside what is then read, a member's number would be
 * more than was agreed to.
 */
export function disclosedNews(given: {
  id: string;
  shop: string;
  fields: readonly PersonalField[];
  until: Date;
}): ShopNews {
  const { id, shop, fields, until } = given;
  return { shop, type: "member.disclosed", data: { disclosure: id, fields, until: until.toISOString() } };
}
