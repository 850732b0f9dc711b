/** The pages of the shop, for customers and staff, with made-up data. */
import type { TradeState } from "../../../src/core/protocol/protocol.ts";
import { problem } from "../../../src/core/protocol/protocol.ts";
import { render } from "../../../src/edge/parts/parts.ts";
import type { Language } from "../../../src/edge/words/words.ts";
import { CheckoutPage, WelcomePage } from "../../../src/servers/shop/checkout-pages.tsx";
import { CartPage, CataloguePage, ProductPage } from "../../../src/servers/shop/goods-pages.tsx";
import { OrderPage, OrdersPage } from "../../../src/servers/shop/order-pages.tsx";
import { shopSay } from "../../../src/servers/shop-words/shop-words.ts";
import type { Order } from "../../../src/servers/shop-orders/shop-orders.ts";
import { tradesUnderWay } from "./sample-goods.ts";
import { type SampleTexts, sampleTrade } from "./sample-trades.ts";
import { ShopProblemPage } from "../../../src/servers/shop-frame/shop-page.tsx";
import { StaffOrderPage } from "../../../src/servers/shop-desk/staff-pages.tsx";
import { officePages } from "./sample-office.ts";

type View = ReturnType<typeof sampleTrade>;

/** An order of the shop whose trade is seen like this. */
export function orderOf(view: View, language: Language): Order {
  return {
    id: "0190a0b0-0000-7000-8000-000000000001",
    number: "1234567897",
    till: "direct",
    language,
    currency: "JPY",
    amount: BigInt(view.amount ?? 0),
    kek: Buffer.alloc(0),
    wrapped: Buffer.alloc(0),
    customer: null,
    placedAt: new Date("2026-11-22T00:00:00Z"),
    trade: view.number,
    view,
  };
}

const states: readonly TradeState[] = ["proposed", "reserved", "delivered", "settled", "cancelled"];

/** The pages of orders, for customers and for the staff, in each state. */
function orderPages(texts: SampleTexts, lang: Language): Record<string, string> {
  const reader = { lang, back: "/" };
  const frame = { shop: texts.shop, timeZone: "Asia/Tokyo", pieces: 2 };
  const staffed = { ...frame, staff: true };
  const views = [
    ...states.map((state) => [state, sampleTrade(state, texts)] as const),
    ...Object.entries(tradesUnderWay(texts)),
    [
      "look",
      sampleTrade("reserved", texts, { earmark: { state: "ordered", objectBy: "2027-01-01T09:00:00Z" } }),
    ] as const,
  ];
  const pages: Record<string, string> = {};
  for (const [name, view] of views) {
    const shown = {
      order: orderOf(view, lang),
      lines: [],
      calls: [],
      tradeUrl: "https://kenshu.example",
      once: "k1",
      now: new Date("2026-11-24T09:00:00Z"),
    };
    pages[`order ${name}`] = render(OrderPage, { ...shown, frame, token: "t" }, reader);
    pages[`staff ${name}`] = render(
      StaffOrderPage,
      {
        ...shown,
        frame: staffed,
        code: "12345678",
        customer: undefined,
        mistaken: {},
        said: [],
        tried: undefined,
      },
      reader,
    );
  }
  return pages;
}

/** The shop's pages by name, in a language. */
export function shopPages(texts: SampleTexts, lang: Language): Record<string, string> {
  const reader = { lang, back: "/" };
  const frame = { shop: texts.shop, timeZone: "Asia/Tokyo", pieces: 2 };
  const product = {
    id: "tea-set",
    name: texts.goods,
    description: texts.reason,
    price: 4800n,
    currency: "JPY",
  };
  const lines = [{ ...product, quantity: 3 }];
  const label = { en: texts.shop, ja: texts.shop };
  const tills = ["one", "other"].map((id) => ({ id, label }));
  const checkout = { frame, lines, withVoucher: true, tills, once: "k1" };
  const orders = states.map((state) => orderOf(sampleTrade(state, texts), lang));
  const pages: Record<string, string> = {
    goods: render(CataloguePage, { frame, goods: [product, { ...product, id: "lacquer-bowl" }] }, reader),
    product: render(ProductPage, { frame, product }, reader),
    cart: render(CartPage, { frame, lines, withVoucher: true }, reader),
    "cart-empty": render(CartPage, { frame, lines: [], withVoucher: false }, reader),
    checkout: render(CheckoutPage, checkout, reader),
    "checkout-again": render(
      CheckoutPage,
      { ...checkout, filledFrom: label, mistaken: { name: shopSay("mistake.name") } },
      reader,
    ),
    welcome: render(WelcomePage, { frame, till: { id: "one", label }, disclosure: "kd", once: "k1" }, reader),
    orders: render(OrdersPage, { frame, orders: orders.map((order) => ({ order, token: "t" })) }, reader),
    problem: render(ShopProblemPage, { frame, problem: problem("not_found", "") }, reader),
  };
  Object.assign(pages, orderPages(texts, lang), officePages(orders, texts, lang));
  return Object.fromEntries(Object.entries(pages).map(([name, html]) => [`shop ${name}`, html]));
}
