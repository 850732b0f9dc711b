/** The desk of a shop's people on a trading server: orders, money, what the shop has said of itself. Data in, HTML out. */
export { type DeskAct, deskActs } from "./desk-acts.ts";
export {
  MoneyBehindPage,
  type MoneyDay,
  MoneyPage,
  type MoneyShown,
  type ShopAccountShown,
} from "./money-page.tsx";
export { newLines, NewOrderPage } from "./new-order-page.tsx";
export { NotePage } from "./note-page.tsx";
export { OrderPage, type OrderShown } from "./order-page.tsx";
export { SettingsPage, type SettingsShown } from "./settings-page.tsx";
export { OrdersPage, type OrdersShown } from "./orders-page.tsx";
export { callable } from "./order-forms.tsx";
export { AskedOnce, type ComparedLine, type Sure } from "./sure-part.tsx";
