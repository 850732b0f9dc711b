/**
 * Carts as shops send them, with amounts and shapes of public bug reports of WooCommerce, Umbraco, Medusa, Spree and others: the
 * published description shows them as examples, and tests make trades of them.
 */
import type { Propose } from "../protocol/schemas.ts";

export interface ExampleCart {
  /** What is special about it. */
  name: string;
  currency: string;
  lines: NonNullable<Propose["lines"]>;
  /** What the lines come to. */
  amount: number;
}

export const exampleCarts = {
  discountedPieces: {
    name: "ten items whose discounted total does not divide by ten",
    currency: "EUR",
    lines: [{ name: "Mug, 10 pieces at a discount", quantity: 10, amount: 17925 }],
    amount: 17925,
  },
  shippingAndDiscount: {
    name: "a product, its shipping, and a discount on the order",
    currency: "EUR",
    lines: [
      { id: "item_1", name: "Armchair", quantity: 1, unitAmount: 414375, sku: "ARM-4143" },
      { id: "ship_1", name: "Freight", quantity: 1, amount: 210500, kind: "shipping" },
      { id: "promo_1", name: "Voucher SPRING", quantity: 1, amount: -62488, kind: "discount" },
    ],
    amount: 562387,
  },
  gift: {
    name: "a free gift beside what is paid",
    currency: "JPY",
    lines: [
      { name: "Tea set", quantity: 2, unitAmount: 3600, taxRate: 10 },
      { name: "Furoshiki, a gift", quantity: 1, unitAmount: 0 },
    ],
    amount: 7200,
  },
  taxApart: {
    name: "three at a price that no piece has, with the tax apart and a rounding",
    currency: "CHF",
    lines: [
      { name: "Soap", quantity: 3, amount: 1000 },
      { name: "Brush", quantity: 1, amount: 333 },
      { name: "VAT 8.1 %", quantity: 1, amount: 108, kind: "tax" },
      { name: "Rounding to 5 Rappen", quantity: 1, amount: -1, kind: "rounding" },
    ],
    amount: 1440,
  },
  largeDiscount: {
    name: "a discount larger than any line",
    currency: "USD",
    lines: [
      { name: "Shirt", quantity: 1, amount: 1999 },
      { name: "Socks", quantity: 2, unitAmount: 499 },
      { name: "Gift card", quantity: 1, amount: -2500, kind: "discount" },
      { name: "Parcel", quantity: 1, amount: 495, kind: "shipping" },
    ],
    amount: 992,
  },
  shippingOnly: {
    name: "only the shipping is paid",
    currency: "EUR",
    lines: [
      { name: "Sample", quantity: 2, unitAmount: 0 },
      { name: "Catalogue", quantity: 1, amount: 0 },
      { name: "Shipping", quantity: 1, amount: 500, kind: "shipping" },
    ],
    amount: 500,
  },
  service: {
    name: "a service with a fee",
    currency: "JPY",
    lines: [
      { name: "Repair", quantity: 1, unitAmount: 12000, kind: "service" },
      { name: "Call-out", quantity: 1, unitAmount: 3000, kind: "fee" },
    ],
    amount: 15000,
  },
} as const satisfies Readonly<Record<string, ExampleCart>>;
