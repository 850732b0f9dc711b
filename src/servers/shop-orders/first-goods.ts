/** What a shop sells when it is first opened. */
import type { Language } from "../../edge/words/words.ts";
import type { Database } from "../../storage/database/database.ts";
import { shopWordsIn } from "../shop-words/shop-words.ts";
import { type Offered, saveProduct } from "./goods-store.ts";

/** In the order in which they are shown. Prices in yen, tax included. */
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
