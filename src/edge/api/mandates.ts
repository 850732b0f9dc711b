/** Mandates: what a member lets a shop reserve (paragraph 0082). */
import { fromWire, toWire } from "../../core/money/money.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import type { MandateTerms } from "../../core/protocol/schemas.ts";
import type { Effect } from "../../engines/engine/engine.ts";
import { type Client, readClock, uuidv7 } from "../../storage/database/database.ts";
import * as members from "../../storage/members/members.ts";
import { readShops } from "../../storage/parties/parties.ts";
import { checkCurrency, type Ground } from "./context.ts";
import { lockKnown } from "./people.ts";

const mandateMostYears = 10;
const yearMs = 366 * 24 * 3_600_000;

/** Lets a shop reserve up to an amount without asking each time, with the acceptors it may then use (patent 10b). */
export async function giveMandate(
  context: Ground,
  client: Client,
  number: bigint,
  terms: MandateTerms,
): Promise<Effect> {
  checkCurrency(context, terms.currency);
  const member = await lockKnown(client, number);
  if (member.state !== "active") refuse("member_not_approved");
  const [shop] = await readShops(client, [terms.shop]);
  if (shop === undefined) refuse("not_found", "There is no such shop.");
  if (shop.state !== "approved") refuse(shop.state === "suspended" ? "shop_suspended" : "shop_not_approved");
  const until = new Date(terms.until);
  const now = await readClock(client);
  if (until <= now || until.getTime() > now.getTime() + mandateMostYears * yearMs) {
    refuse("date_out_of_range", "A mandate ends in the future, at most ten years from now.");
  }
  if (terms.method !== undefined) await checkMethod(client, member.id, terms.method, terms.currency);
  const { currency, acceptors = ["buyer"] } = terms;
  const limit = fromWire(terms.limit);
  const id = uuidv7();
  const mandate = {
    id,
    person: member.id,
    shop: shop.id,
    currency,
    limit,
    until,
    method: terms.method ?? null,
  };
  const wanted = terms.terms ?? null;
  await members.insertMandates(client, [mandate], acceptors, wanted);
  const given = {
    ...mandate,
    acceptors: [...acceptors],
    terms: wanted,
    used: 0n,
    revokedAt: null,
    createdAt: now,
  };
  return { status: 201, body: mandateView(given) };
}

async function checkMethod(client: Client, person: string, id: string, currency: string): Promise<void> {
  const method = (await members.listMethods(client, person)).find((one) => one.id === id);
  if (method === undefined) refuse("not_found", "There is no such means of payment.");
  if (method.currency !== currency) refuse("currency_mismatch");
  if (method.state === "closed") refuse("method_not_usable");
}

/** A mandate as the member and operators see it. */
export function mandateView(mandate: members.MandateDetails): Record<string, unknown> {
  const { id, shop, currency, method, acceptors, terms, limit, used, until, revokedAt, createdAt } = mandate;
  return {
    id,
    shop,
    currency,
    limit: toWire(limit),
    used: toWire(used),
    until: until.toISOString(),
    method,
    acceptors,
    terms,
    revokedAt: revokedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
