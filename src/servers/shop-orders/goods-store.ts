/** The statements about goods and carts. */
import type { Language } from "../../edge/words/words.ts";
import { checkWritable, type Client, type Database, sql } from "../../storage/database/database.ts";
import { shopWordsIn } from "../shop-words/shop-words.ts";

/** A product as it is shown in one language. */
export interface Product {
  id: string;
  name: string;
  description: string;
  /** Minor units of `currency`, tax included. */
  price: bigint;
  currency: string;
}

/** A product as it is put on sale, with what it is called in each language. */
export interface Offered extends Pick<Product, "id" | "price" | "currency"> {
  words: Record<Language, Pick<Product, "name" | "description">>;
}

export interface CartLine extends Product {
  quantity: number;
}

/** The goods that are sold, in a language; what has no name in it keeps its first one. */
export async function listProducts(client: Client, language: Language): Promise<Product[]> {
  return client.query<Product>(sql`
    select id, coalesce(said.name, products.name) as name, coalesce(said.description, products.description) as description,
      price, currency
    from products left join product_words as said on product = id and language = ${language}
    where on_sale order by position, id`);
}

export async function findProduct(
  client: Client,
  id: string,
  language: Language,
): Promise<Product | undefined> {
  const [product] = await client.query<Product>(sql`
    select id, coalesce(said.name, products.name) as name, coalesce(said.description, products.description) as description,
      price, currency
    from products left join product_words as said on product = id and language = ${language}
    where id = ${id} and on_sale`);
  return product;
}

/** Puts a product on sale, or brings what it is called and its price up to date. Its first language is English. */
async function saveProduct(client: Client, product: Offered, position: number): Promise<void> {
  const { id, words, price, currency } = product;
  const { en, ...others } = words;
  await client.execute(sql`
    insert into products (id, position, name, description, price, currency)
    values (${id}, ${position}, ${en.name}, ${en.description}, ${price}, ${currency})
    on conflict (id) do update set position = excluded.position, name = excluded.name,
      description = excluded.description, price = excluded.price, currency = excluded.currency, on_sale = true`);
  for (const [language, { name, description }] of Object.entries(others))
    await client.execute(sql`
      insert into product_words (product, language, name, description)
      values (${id}, ${language}, ${name}, ${description})
      on conflict (product, language) do update set name = excluded.name, description = excluded.description`);
}

/** What lies in a cart, in a language. Goods that are no longer sold have fallen out of it. */
export async function cartLines(client: Client, cart: Buffer, language: Language): Promise<CartLine[]> {
  return client.query<CartLine>(sql`
    select id, coalesce(said.name, products.name) as name, coalesce(said.description, products.description) as description,
      price, currency, quantity
    from cart_lines join products on products.id = cart_lines.product
      left join product_words as said on said.product = id and language = ${language}
    where cart = ${cart} and on_sale order by position, id`);
}

/** How many pieces lie in a cart. */
export async function countCart(client: Client, cart: Buffer): Promise<number> {
  const [row] = await client.query<{ pieces: bigint | null }>(sql`
    select sum(quantity) as pieces from cart_lines join products on products.id = cart_lines.product
    where cart = ${cart} and on_sale`);
  return Number(row?.pieces ?? 0n);
}

/** Whether the customer has entered the voucher that this shop gives out. */
export async function hasVoucher(client: Client, cart: Buffer): Promise<boolean> {
  const [row] = await client.query<{ voucher: boolean }>(
    sql`select voucher from carts where token_hash = ${cart}`,
  );
  return row?.voucher === true;
}

export async function setVoucher(client: Client, cart: Buffer, voucher: boolean): Promise<void> {
  await client.execute(sql`update carts set voucher = ${voucher} where token_hash = ${cart}`);
}

export async function touchCart(client: Client, cart: Buffer): Promise<void> {
  await client.execute(sql`
    insert into carts (token_hash, changed_at) values (${cart}, clock_timestamp())
    on conflict (token_hash) do update set changed_at = excluded.changed_at`);
}

/** Locks a cart, so that an order takes each of its lines once. */
export async function lockCart(client: Client, cart: Buffer): Promise<void> {
  await client.query(sql`select 1 from carts where token_hash = ${cart} for update`);
}

/** Adds to what lies in the cart; 99 pieces of a kind are the most. */
export async function addToCart(
  client: Client,
  cart: Buffer,
  product: string,
  quantity: number,
): Promise<void> {
  await client.execute(sql`
    insert into cart_lines (cart, product, quantity) values (${cart}, ${product}, ${quantity})
    on conflict (cart, product) do update set quantity = least(99, cart_lines.quantity + excluded.quantity)`);
}

export async function setInCart(
  client: Client,
  cart: Buffer,
  product: string,
  quantity: number,
): Promise<void> {
  await client.execute(
    sql`update cart_lines set quantity = ${quantity} where cart = ${cart} and product = ${product}`,
  );
}

export async function removeFromCart(client: Client, cart: Buffer, product: string): Promise<void> {
  await client.execute(sql`delete from cart_lines where cart = ${cart} and product = ${product}`);
}

export async function emptyCart(client: Client, cart: Buffer): Promise<void> {
  await client.execute(sql`delete from cart_lines where cart = ${cart}`);
  // A voucher is for one order.
  await setVoucher(client, cart, false);
}

/** Clears away carts that nobody came back to. */
export async function dropOldCarts(client: Client): Promise<void> {
  await client.execute(
    sql`delete from carts where changed_at < (select clock_timestamp()) - interval '30 days'`,
  );
}

/** Whether the tables are there and something is sold. */
export async function isReady(client: Client): Promise<boolean> {
  await checkWritable(client);
  return (await client.query(sql`select 1 from products limit 1`)).length > 0;
}

/** What a shop sells when it is first opened, in the order in which it is shown. Prices in yen, tax included. */
const goods = [
  ["tea-set", 7800n],
  ["iron-kettle", 18500n],
  ["furoshiki", 2400n],
  ["incense", 1200n],
  ["santoku-knife", 14800n],
  ["lacquer-bowl", 5600n],
  ["notebook", 980n],
  ["umbrella", 9800n],
] as const;

const wordsOf = (id: (typeof goods)[number][0], lang: Language) => {
  const say = shopWordsIn(lang);
  return { name: say(`${id}.name`), description: say(`${id}.description`) };
};

/** The goods that the shop opens with. */
export const firstGoods: readonly Offered[] = goods.map(([id, price]) => {
  return { id, words: { en: wordsOf(id, "en"), ja: wordsOf(id, "ja") }, price, currency: "JPY" };
});

/** Puts the first goods on sale. Run again, it brings them up to date and changes nothing else. */
export async function seedShop(database: Database): Promise<void> {
  await database.transaction(async (client) => {
    for (const [position, product] of firstGoods.entries()) await saveProduct(client, product, position);
  });
}
