/** Where shops have goods sent back to. What a shop has named before stays. */
import { type Client, sql, uuidv7 } from "../database/database.ts";

export interface ReturnAddress {
  name: string;
  address: string;
  phone: string | null;
}

/** An address with when it was named. */
export type NamedAddress = ReturnAddress & { at: Date };

/** A named address as it goes over the wire. */
export function shownAddress(named: NamedAddress): ShownAddress;
export function shownAddress(named: NamedAddress | undefined): ShownAddress | null;
export function shownAddress(named: NamedAddress | undefined): ShownAddress | null {
  if (named === undefined) return null;
  const { name, address, phone, at } = named;
  return { name, address, ...(phone === null ? {} : { phone }), since: at.toISOString() };
}

interface ShownAddress {
  name: string;
  address: string;
  phone?: string;
  since: string;
}

type Row = { [field in keyof NamedAddress]: NamedAddress[field] | null } & { shop: string; at: Date };

const addressIn = ({ name, address, phone, at }: Row): NamedAddress[] =>
  name === null || address === null ? [] : [{ name, address, phone, at }];

/**
 * Where goods go back to now: to the first of these shops that has named a place; undefined where none has. Another place than one
 * that stood before holds after a day only: whoever has stolen a key of the shop gets nothing sent to them before its people,
 * who are told at once, could say no.
 */
export async function readReturnAddress(
  client: Client,
  shops: readonly string[],
): Promise<NamedAddress | undefined> {
  const rows = await client.query<Row>(sql`
    select a.* from unnest(${[...shops]}::uuid[]) as sought (shop)
    cross join lateral (
      select shop, name, address, phone, at from return_addresses r
      where shop = sought.shop and (name is null or at <= (select kenshu_now()) - interval '1 day' or not exists (
        select from return_addresses before where before.shop = r.shop and before.id < r.id and before.name is not null
          and (before.name, before.address, before.phone) is distinct from (r.name, r.address, r.phone)))
      order by at desc, id desc limit 1) a`);
  const found = shops.flatMap((shop) => rows.filter((row) => row.shop === shop).flatMap(addressIn));
  return found[0];
}

/** All places that a shop has named, the newest first; of those taken away only that they stand no more is not told. */
export async function listReturnAddresses(
  client: Client,
  shop: string,
  most: number,
): Promise<NamedAddress[]> {
  const rows = await client.query<Row>(sql`
    select shop, name, address, phone, at from return_addresses where shop = ${shop} order by at desc, id desc limit ${most}`);
  return rows.flatMap(addressIn);
}

/** Names another place, or with null none any more. The same place named again is not another one: false. */
export async function addReturnAddress(
  client: Client,
  shop: string,
  place: ReturnAddress | null,
): Promise<boolean> {
  const [newest] = await client.query<Row>(sql`
    select shop, name, address, phone, at from return_addresses where shop = ${shop} order by at desc, id desc limit 1`);
  const [known] = newest === undefined ? [] : addressIn(newest);
  const same = (one: ReturnAddress | undefined) =>
    JSON.stringify(one === undefined ? null : [one.name, one.address, one.phone]);
  if (same(known) === same(place ?? undefined)) return false;
  const { name = null, address = null, phone = null } = place ?? {};
  await client.execute(sql`
    insert into return_addresses (id, shop, name, address, phone) values (${uuidv7()}, ${shop}, ${name}, ${address}, ${phone})`);
  return true;
}
