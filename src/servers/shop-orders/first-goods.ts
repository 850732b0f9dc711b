/** What a shop sells when it is first opened. */
import type { Database } from "../../storage/database/database.ts";
import { type Product, saveProduct } from "./goods-store.ts";

const currency = "JPY";

/** The goods that the shop opens with. Prices in yen, tax included. */
export const firstGoods: readonly Product[] = [
  {
    id: "tea-set",
    name: "Tea set, pot and two cups",
    description: "Celadon from Arita, glazed by hand. The pot holds 400 ml and has a strainer of clay.",
    price: 7800n,
    currency,
  },
  {
    id: "iron-kettle",
    name: "Cast-iron kettle",
    description: "Made in Morioka in a sand mould that is used once. 1.2 l, for gas, fire and induction.",
    price: 18500n,
    currency,
  },
  {
    id: "furoshiki",
    name: "Furoshiki, 105 cm",
    description: "A cotton cloth that carries a bottle, a melon or a bento box. Waves, printed in indigo.",
    price: 2400n,
    currency,
  },
  {
    id: "incense",
    name: "Incense, sandalwood",
    description: "Sixty sticks from Awaji, half an hour each, with a stand of stoneware.",
    price: 1200n,
    currency,
  },
  {
    id: "santoku-knife",
    name: "Santoku knife, 165 mm",
    description:
      "Forged in Sakai from three layers of steel, with a handle of magnolia wood. Sharp on arrival.",
    price: 14800n,
    currency,
  },
  {
    id: "lacquer-bowl",
    name: "Lacquer bowl",
    description: "Zelkova wood under six coats of urushi. Light, warm in the hand, and it can be mended.",
    price: 5600n,
    currency,
  },
  {
    id: "notebook",
    name: "Stitched notebook",
    description:
      "128 pages of paper from Echizen, bound in five holes. Takes a fountain pen without complaint.",
    price: 980n,
    currency,
  },
  {
    id: "umbrella",
    name: "Umbrella, sixteen ribs",
    description: "Stands up to a typhoon's outskirts. Ribs of carbon fibre, a shaft of oak.",
    price: 9800n,
    currency,
  },
];

/** Puts the first goods on sale. Run again, it brings them up to date and changes nothing else. */
export async function seedShop(database: Database): Promise<void> {
  await database.transaction(async (client) => {
    for (const [position, product] of firstGoods.entries()) await saveProduct(client, product, position);
  });
}
