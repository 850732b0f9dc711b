/** What was done from the sessions of a shop's people: written down before it is done, so that nothing is done unwritten. */
import { beyondAll, type Client, sql, uuidv7 } from "../database/database.ts";

export interface ShopAct {
  id: string;
  /** Null where it was the shop's own sign-in. */
  person: string | null;
  act: string;
  /** The trade number or the id to which it was done. */
  about: string | null;
  at: Date;
  /** What it was answered; null where that is not known. */
  status: number | null;
}

/** Writes down what somebody sets out to do. Answers the id of the row. */
export async function insertShopAct(
  client: Client,
  wish: Pick<ShopAct, "person" | "act" | "about"> & { shop: string },
): Promise<string> {
  const id = uuidv7();
  await client.execute(sql`
    insert into shop_acts (id, shop, person, act, about, at)
    values (${id}, ${wish.shop}, ${wish.person}, ${wish.act}, ${wish.about}, kenshu_now())`);
  return id;
}

/** What became of it. */
export async function endShopAct(client: Client, id: string, status: number): Promise<void> {
  await client.execute(sql`update shop_acts set status = ${status} where id = ${id} and status is null`);
}

/** What was done for a shop, the newest first, and not what was refused or asked once more; `after` is the id of the last one seen. */
export function listShopActs(
  client: Client,
  { shop, limit, after = beyondAll }: { shop: string; limit: number; after?: string | undefined },
): Promise<ShopAct[]> {
  return client.query<ShopAct>(sql`
    select id, person, act, about, at, status from shop_acts
    where shop = ${shop} and id < ${after} and (status is null or status between 200 and 399) order by id desc limit ${limit}`);
}

/** The same of one order, or of one person, or what else has that number or id. */
export function listShopActsAbout(
  client: Client,
  { shop, about, limit, after = beyondAll }: Parameters<typeof listShopActs>[1] & { about: string },
): Promise<ShopAct[]> {
  return client.query<ShopAct>(sql`
    select id, person, act, about, at, status from shop_acts
    where shop = ${shop} and about = ${about} and id < ${after} and (status is null or status between 200 and 399) order by id desc limit ${limit}`);
}
