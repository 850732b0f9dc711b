/**
 * The carts that the published description shows, with what they come to in parts, and carts that are refused. `worths` is what
 * each line of goods is paid with when all of it is accepted, with its part of shipping, taxes and discounts.
 */
import { type ExampleCart, exampleCarts } from "../../../src/core/answers/answers.ts";

export interface Cart extends ExampleCart {
  worths: readonly number[];
}

const worths: Readonly<Record<keyof typeof exampleCarts, readonly number[]>> = {
  discountedPieces: [17925],
  shippingAndDiscount: [562387],
  gift: [7200, 0],
  taxApart: [1080, 360],
  largeDiscount: [662, 330],
  shippingOnly: [333, 167],
  service: [15000],
};

export const carts: readonly Cart[] = Object.entries(exampleCarts).map(([key, cart]) => ({
  ...cart,
  worths: worths[key as keyof typeof exampleCarts],
}));

/** Carts of which no trade can be made, and what the refusal says. */
export const refusedCarts: readonly { name: string; lines: ExampleCart["lines"]; says: RegExp }[] = [
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
