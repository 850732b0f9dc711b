/** Shops on the page of this server, as rows. */
import { type Client, sql } from "../../storage/database/database.ts";

export interface Listing {
  shop: string;
  /** Where a member is carried on to. */
  url: string;
  sentence: string;
}

/** A listing with what the server knows of its shop. */
export interface ListedShop extends Listing {
  name: string;
  returnUrls: string[];
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

/** Those of shops that may trade now, by the ids of the shops; `after` is the last one seen. */
export function listedShops(
  client: Client,
  limit: number,
  after = "00000000-0000-0000-0000-000000000000",
): Promise<ListedShop[]> {
  return client.query<ListedShop>(sql`
    select l.shop, l.url, l.sentence, p.name, p.return_urls as "returnUrls"
    from listings l join parties p on p.id = l.shop
    where l.shop > ${after} and p.kind = 'shop' and p.state = 'approved' order by l.shop limit ${limit}`);
}

export async function listedShop(client: Client, shop: string): Promise<ListedShop | undefined> {
  const [row] = await client.query<ListedShop>(sql`
    select l.shop, l.url, l.sentence, p.name, p.return_urls as "returnUrls"
    from listings l join parties p on p.id = l.shop
    where l.shop = ${shop} and p.kind = 'shop' and p.state = 'approved'`);
  return row;
}
