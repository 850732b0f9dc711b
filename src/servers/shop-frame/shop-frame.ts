/** What every page of the shop is made in, for customers and for staff: its frame, parts of orders, forms and how they are read. */
export { pictureOf, shopFiles, shopStyles } from "./goods-pictures.ts";
export { asShown, Goods, Money, type OrderProps, Seen, TradeLink } from "./order-parts.tsx";
export {
  emptyForm,
  formKey,
  type Mistaken,
  mistakesOf,
  seenIn,
  tidyForm,
  versionField,
} from "./shop-forms.ts";
export {
  type Frame,
  isGuaranteed,
  openForm,
  openPage,
  OrderCard,
  sendPage,
  type Shop,
  ShopPage,
  ShopProblemPage,
  Telling,
  zoneOf,
} from "./shop-page.tsx";
