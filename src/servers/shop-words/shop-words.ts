/** What the shop says, in each language: to customers, to its staff, and of its orders to others. */
export {
  ShopSay,
  shopCatalogues,
  shopSay,
  type ShopWordKey,
  shopWordsIn,
  useShopWords,
} from "./catalogues.ts";
