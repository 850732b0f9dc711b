/**
 * Saving a member's typing (patent 0091): the member agrees, field by field, that one shop may read what it needs, and
 * the shop fetches it once, within a quarter of an hour. The record says who fetched what and when, never what it was.
 */
import { type Client, randomToken, readClock, uuidv7 } from "../../storage/database/database.ts";
import * as members from "../../storage/members/members.ts";
import { readReturnUrls, readShops, type ShopRow } from "../../storage/parties/parties.ts";
import { type PersonalField, refuse, returnPlace } from "../../core/protocol/protocol.ts";
import type { DisclosureTerms } from "../../core/protocol/schemas.ts";
import type { Context } from "../api/api.ts";
import type { Effect } from "../../engines/engine/engine.ts";
import { disclosedNews, tellShops } from "../../engines/outbox/outbox.ts";
import { type DisclosureRow, insertDisclosure, takeDisclosure } from "./store.ts";

const minute = 60_000;
const lifetimeMs = 15 * minute;
const longestMs = 24 * 60 * minute;
const tokenBytes = 20;

/** A shop that may be told something. Refuses with not_found, shop_not_approved or shop_suspended. */
export async function tellableShop(client: Client, id: string): Promise<ShopRow> {
  const [shop] = await readShops(client, [id]);
  if (shop === undefined) return refuse("not_found", "There is no such shop.");
  if (shop.state === "approved") return shop;
  return refuse(shop.state === "suspended" ? "shop_suspended" : "shop_not_approved");
}

/** Lets a shop read these fields of a member once, and tells it, in one transaction. The token is in the first answer only. */
export async function giveDisclosure(
  client: Client,
  person: string,
  { shop, fields, until }: DisclosureTerms,
): Promise<Effect & { secret: { token: string } }> {
  const [member] = await members.readPeopleById(client, [person]);
  if (member?.state !== "active") refuse("member_not_approved");
  await tellableShop(client, shop);
  const now = await readClock(client);
  const end = until === undefined ? new Date(now.getTime() + lifetimeMs) : new Date(until);
  if (end <= now || end.getTime() > now.getTime() + longestMs)
    refuse("date_out_of_range", "What a shop may read it fetches within a day.");
  const token = `kd_${Buffer.from(randomToken(tokenBytes), "base64url").toString("hex")}`;
  const given = { id: uuidv7(), person, shop, fields: [...fields], until: end };
  await insertDisclosure(client, { ...given, tokenHash: members.tokenHash(token) });
  await tellShops(client, now, [disclosedNews(given)]);
  const body = { id: given.id, shop, fields: given.fields, until: end.toISOString() };
  return { status: 201, body, secret: { token } };
}

/**
 * Reads what the member agreed to, once, for the shop that the member named. Every wrong token gets the same answer. The
 * values are shown and not kept with the answer.
 */
export async function fetchDisclosure(
  { vault }: Pick<Context, "vault">,
  client: Client,
  shop: string,
  token: string,
): Promise<Effect> {
  await tellableShop(client, shop);
  const taken = await takeDisclosure(client, shop, members.tokenHash(token));
  const data = taken && (await members.readPersonalData(client, vault, taken.person));
  if (taken === undefined || data === undefined)
    return refuse(
      "not_found",
      "There is nothing to fetch with this token: not yours, fetched, ended or taken back.",
    );
  const { id, fields, fetchedAt } = taken;
  const read = fields.includes("name") && data.kana !== null ? { kana: data.kana } : {};
  const told = { ...Object.fromEntries(fields.map((field) => [field, data[field]])), ...read };
  return { status: 200, body: { id, fields, fetchedAt: fetchedAt.toISOString() }, secret: { data: told } };
}

/** What a member reads before they agree: with the name, how it is read. */
export function toTell({ kana, ...data }: members.PersonalData): Record<PersonalField, string | null> {
  return data.name === null || kana === null ? data : { ...data, name: `${data.name} ${kana}` };
}

/** A disclosure as the member sees it. */
export function disclosureView(row: DisclosureRow, shopName: string): Record<string, unknown> {
  const { id, shop, fields, until, createdAt, fetchedAt, revokedAt } = row;
  return {
    id,
    shop,
    shopName,
    fields,
    until: until.toISOString(),
    createdAt: createdAt.toISOString(),
    fetchedAt: fetchedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

/**
 * The address to which the member returns after this page: one that the shop has registered, with a query of its own.
 * Refuses any other, so that no link leads a member from here to an impostor of the shop.
 */
export async function returnAddress(client: Client, shop: string, wished: string): Promise<URL> {
  const url = returnPlace(await readReturnUrls(client, shop), wished);
  return url ?? refuse("invalid_field", "The shop has not registered this address to return to.");
}
