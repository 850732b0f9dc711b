/** Shops on the page of this server, as rows. */
import { type Client, sql } from "../../storage/database/database.ts";

export interface Listing {
  shop: string;
  /** Where a member is carried on to. */
  url: string;
  sentence: string;
}

export async function saveListing(client: Client, { shop, url, sentence }: Listing): Promise<void> {
  await client.execute(sql`
    insert into listings (shop, url, sentence) values (${shop}, ${url}, ${sentence})
    on conflict (shop) do update set url = excluded.url, sentence = excluded.sentence`);
}

/** Answers whether there was one. */
export async function dropListing(client: Client, shop: string): Promise<boolean> {
  return (await client.execute(sql`delete from listings where shop = ${shop}`)) > 0;
}

/** By the ids of the shops; `after` is the last one seen. */
export function readListings(
  client: Client,
  limit: number,
  after = "00000000-0000-0000-0000-000000000000",
): Promise<Listing[]> {
  return client.query<Listing>(sql`
    select shop, url, sentence from listings where shop > ${after} order by shop limit ${limit}`);
}

export async function readListing(client: Client, shop: string): Promise<Listing | undefined> {
  const [row] = await client.query<Listing>(sql`
    select shop, url, sentence from listings where shop = ${shop}`);
  return row;
}
