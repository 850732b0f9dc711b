/**
 * Carts as shops send them, with amounts and shapes of public bug reports of WooCommerce, Umbraco, Medusa, Spree and others.
 * Plain data: a test table, and examples. `amount` is what a cart comes to; `worths` is what each line of goods is paid with
 * when all of it is accepted, with its part of shipping, taxes and discounts.
 */
import type { Propose } from "../../../src/core/protocol/schemas.ts";

type Lines = NonNullable<Propose["lines"]>;

export interface Cart {
  name: string;
  currency: string;
  lines: Lines;
  amount: number;
  worths: number[];
}

export const carts: readonly Cart[] = [
  {
    name: "ten items whose discounted total does not divide by ten",
    currency: "EUR",
    lines: [{ name: "Mug, 10 pieces at a discount", quantity: 10, amount: 17925 }],
    amount: 17925,
    worths: [17925],
  },
  {
    name: "a product, its shipping, and a discount on the order",
    currency: "EUR",
    lines: [
      { id: "item_1", name: "Armchair", quantity: 1, unitAmount: 414375, sku: "ARM-4143" },
      { id: "ship_1", name: "Freight", quantity: 1, amount: 210500, kind: "shipping" },
      { id: "promo_1", name: "Voucher SPRING", quantity: 1, amount: -62488, kind: "discount" },
    ],
    amount: 562387,
    worths: [562387],
  },
  {
    name: "a free gift beside what is paid",
    currency: "JPY",
    lines: [
      { name: "Tea set", quantity: 2, unitAmount: 3600, taxRate: 10 },
      { name: "Furoshiki, a gift", quantity: 1, unitAmount: 0 },
    ],
    amount: 7200,
    worths: [7200, 0],
  },
  {
    name: "three at a price that no piece has, with the tax apart and a rounding",
    currency: "CHF",
    lines: [
      { name: "Soap", quantity: 3, amount: 1000 },
      { name: "Brush", quantity: 1, amount: 333 },
      { name: "VAT 8.1 %", quantity: 1, amount: 108, kind: "tax" },
      { name: "Rounding to 5 Rappen", quantity: 1, amount: -1, kind: "rounding" },
    ],
    amount: 1440,
    worths: [1080, 360],
  },
  {
    name: "a discount larger than any line",
    currency: "USD",
    lines: [
      { name: "Shirt", quantity: 1, amount: 1999 },
      { name: "Socks", quantity: 2, unitAmount: 499 },
      { name: "Gift card", quantity: 1, amount: -2500, kind: "discount" },
      { name: "Parcel", quantity: 1, amount: 495, kind: "shipping" },
    ],
    amount: 992,
    worths: [662, 330],
  },
  {
    name: "only the shipping is paid",
    currency: "EUR",
    lines: [
      { name: "Sample", quantity: 2, unitAmount: 0 },
      { name: "Catalogue", quantity: 1, amount: 0 },
      { name: "Shipping", quantity: 1, amount: 500, kind: "shipping" },
    ],
    amount: 500,
    worths: [333, 167],
  },
  {
    name: "a service with a fee",
    currency: "JPY",
    lines: [
      { name: "Repair", quantity: 1, unitAmount: 12000, kind: "service" },
      { name: "Call-out", quantity: 1, unitAmount: 3000, kind: "fee" },
    ],
    amount: 15000,
    worths: [15000],
  },
];

/** Carts of which no trade can be made, and what the refusal says. */
export const refusedCarts: readonly { name: string; lines: Lines; says: RegExp }[] = [
  {
    name: "nothing but shipping",
    lines: [{ name: "Shipping", quantity: 1, amount: 500, kind: "shipping" }],
    says: /goods or a service/,
  },
  { name: "all of it free", lines: [{ name: "Sample", quantity: 1, unitAmount: 0 }], says: /come to 0/ },
  {
    name: "a discount of more than all",
    lines: [
      { name: "Cup", quantity: 1, unitAmount: 100 },
      { name: "Voucher", quantity: 1, amount: -101, kind: "discount" },
    ],
    says: /come to -1/,
  },
  { name: "goods below zero", lines: [{ name: "Cup", quantity: 1, amount: -1 }], says: /Line 1 is goods/ },
  {
    name: "shipping below zero",
    lines: [
      { name: "Cup", quantity: 1, unitAmount: 100 },
      { name: "Shipping", quantity: 1, amount: -1, kind: "shipping" },
    ],
    says: /Line 2 is shipping/,
  },
  { name: "no price", lines: [{ name: "Cup", quantity: 1 }], says: /either/ },
  { name: "two prices", lines: [{ name: "Cup", quantity: 1, unitAmount: 1, amount: 1 }], says: /either/ },
  {
    name: "one id twice",
    lines: [
      { id: "a", name: "Cup", quantity: 1, unitAmount: 1 },
      { id: "a", name: "Pot", quantity: 1, unitAmount: 1 },
    ],
    says: /the id a/,
  },
  {
    name: "more than the wire carries",
    lines: [{ name: "Ship", quantity: 2, unitAmount: Number.MAX_SAFE_INTEGER }],
    says: /2\^53-1/,
  },
];
