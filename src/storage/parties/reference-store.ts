/** The references of shops that ask for each to be used once. */
import { type Client, sql, textArray } from "../database/database.ts";

/** A reference of a shop, and the number of the trade that has it. */
export interface TakenReference {
  shop: string;
  reference: string;
  number: bigint;
}

/** Those of these references that a trade of their shop has. */
export function readTaken(
  client: Client,
  sought: readonly Omit<TakenReference, "number">[],
): Promise<TakenReference[]> {
  return client.query<TakenReference>(sql`
    select t.shop, t.reference, t.number
    from unnest(${sought.map(({ shop }) => shop)}::uuid[],
      ${textArray(sought.map(({ reference }) => reference))}::text[]) as sought (shop, reference)
    cross join lateral (select * from taken_references where shop = sought.shop and reference = sought.reference limit 1) t`);
}

/** Takes references. Fails by its key where another transaction has taken one of them meanwhile. */
export function insertTaken(client: Client, taken: readonly TakenReference[]): Promise<number> {
  return client.execute(sql`
    insert into taken_references (shop, reference, number)
    select * from unnest(${taken.map(({ shop }) => shop)}::uuid[],
      ${textArray(taken.map(({ reference }) => reference))}::text[], ${taken.map(({ number }) => number)}::bigint[])`);
}

export async function readUniqueReferences(client: Client, shop: string): Promise<boolean> {
  const [row] = await client.query<{ unique: boolean }>(sql`
    select unique_references as unique from parties where id = ${shop} and kind = 'shop'`);
  return row?.unique === true;
}

/** Whether a shop's references are to be used once. Those of trades from before count too; of several the first has it. */
export async function setUniqueReferences(client: Client, shop: string, unique: boolean): Promise<void> {
  await client.execute(sql`update parties set unique_references = ${unique} where id = ${shop}`);
  if (!unique) {
    await client.execute(sql`delete from taken_references where shop = ${shop}`);
    return;
  }
  await client.execute(sql`
    insert into taken_references (shop, reference, number)
    select distinct on (reference) ${shop}::uuid, reference, number from (
      select terms ->> 'reference' as reference, number, id from trades where shop = ${shop} and chain is null
      union all select terms ->> 'reference', number, id from trades where chain = ${shop}) as used
    where reference is not null order by reference, id on conflict do nothing`);
}
