/** From a cart to a proposal. */
import type { NewOrder } from "@kenshu/sdk";
import { percentOf, toWire } from "../../core/money/money.ts";
import { type AcceptorRole, dammAppend } from "../../core/protocol/protocol.ts";
import type { Propose } from "../../core/protocol/schemas.ts";
import type { Language, Sentences } from "../../edge/words/words.ts";
import { type Client, randomDigits, randomToken, uuidv7 } from "../../storage/database/database.ts";
import { markOrder, newOrderKey, sealBody, sealCustomer } from "./customers.ts";
import { type ShopWordKey, shopWordsIn } from "../shop-words/shop-words.ts";
import {
  addToCart,
  type CartLine,
  cartLines,
  emptyCart,
  findProduct,
  hasVoucher,
  lockCart,
  setInCart,
  setVoucher,
  touchCart,
} from "./goods-store.ts";
import {
  type Customer,
  type DueCall,
  insertCall,
  insertLines,
  insertOrder,
  orderByToken,
  type OrderLine,
} from "./orders-store.ts";
import type { OrderContext, Till } from "./tills.ts";
import { sha256 } from "./tills.ts";

/** Sending costs this much, and nothing for larger orders. Minor units of JPY, tax included. */
export const shipping = { amount: 600n, freeFrom: 10_000n };

export interface Wishes extends Customer {
  member: string | null;
  /** The number of an amount that the buyer has reserved for this shop before ordering. */
  reserved: string | null;
  /** The buyer lets this shop confirm acceptance for them, when they say so here. */
  shopMayAccept: boolean;
  till: Till;
  /** The language in which the customer orders: what they order is called so, everywhere. */
  language: Language;
  /** Where the server sends the customer back to, if it knows the address. */
  returnUrl: string | undefined;
}

/** What this shop gives who enters the word: a part off the goods, in hundredths of a percent, and a gift with them. */
export const voucher = { word: "WELCOME", basisPoints: 1000 };

/** The lines of an order, a gift, shipping and a discount among them, and what they come to. */
export function linesOfCart(
  cart: readonly CartLine[],
  withVoucher: boolean,
  say: Sentences<ShopWordKey>,
): { lines: OrderLine[]; total: bigint } {
  const one = { quantity: 1 } as const;
  const lines: OrderLine[] = cart.map(({ id, name, quantity, price }) => {
    return { id, kind: "goods", name, quantity, unitAmount: price };
  });
  const value = worthOf(lines);
  if (lines.length > 0 && withVoucher)
    lines.push({ id: "gift", kind: "goods", name: say("line.gift"), ...one, unitAmount: 0n });
  if (lines.length > 0 && value < shipping.freeFrom)
    lines.push({
      id: "sending",
      kind: "shipping",
      name: say("line.shipping"),
      ...one,
      unitAmount: shipping.amount,
    });
  if (lines.length > 0 && withVoucher) {
    const off = percentOf(value, voucher.basisPoints);
    lines.push({
      id: "voucher",
      kind: "discount",
      name: say("line.voucher", { word: voucher.word }),
      ...one,
      unitAmount: -off,
    });
  }
  return { lines, total: worthOf(lines) };
}

/**
 * Puts what was ordered back into a cart, with its voucher. What lies there of the same goods becomes as many as were ordered,
 * so that doing it twice is doing it once; what is no longer sold stays out.
 */
export async function fillAgain(
  client: Client,
  cart: Buffer,
  { lines, language }: { lines: readonly OrderLine[]; language: Language },
): Promise<void> {
  await touchCart(client, cart);
  for (const { id, kind, quantity } of lines) {
    if (kind !== "goods" || id === null || (await findProduct(client, id, language)) === undefined) continue;
    await addToCart(client, cart, id, quantity);
    await setInCart(client, cart, id, quantity);
  }
  if (lines.some(({ id }) => id === "voucher")) await setVoucher(client, cart, true);
}

const worthOf = (lines: readonly OrderLine[]): bigint =>
  lines.reduce((sum, { unitAmount, quantity }) => sum + unitAmount * BigInt(quantity), 0n);

/** An order that goes under the number of an amount that was reserved before, instead of a proposal. */
export interface UnderNumber {
  under: string;
  order: NewOrder;
}

const wireLines = (lines: readonly OrderLine[]) =>
  lines.map(({ id, ...line }) => {
    return { ...(id === null ? {} : { id }), ...line, unitAmount: toWire(line.unitAmount) };
  });

function asked(order: Parameters<typeof proposal>[0]): Propose | UnderNumber {
  const { number, lines, wishes } = order;
  const { reserved, till } = wishes;
  if (reserved === null) return proposal(order);
  const { carrier } = till;
  const brought = carrier === undefined ? {} : { carrier };
  return { under: reserved, order: { lines: wireLines(lines), reference: number, ...brought } };
}

function proposal(order: { number: string; currency: string; lines: OrderLine[]; wishes: Wishes }): Propose {
  const { wishes } = order;
  const { carrier } = wishes.till;
  const by: AcceptorRole[] = ["buyer"];
  if (wishes.recipient !== null) by.push("recipient");
  if (wishes.shopMayAccept) by.push("shop");
  const receives = wishes.recipient ?? (carrier === undefined ? null : receiverOf(wishes));
  return {
    currency: order.currency,
    lines: wireLines(order.lines),
    reference: order.number,
    // For this shop's own programs: by which of its counters the order came.
    metadata: { channel: "web", till: wishes.till.id },
    ...(wishes.returnUrl === undefined ? {} : { returnUrl: wishes.returnUrl }),
    reserveFor: "P60D",
    shipWithin: "P14D",
    coolingOff: "P8D",
    acceptance: { by, need: 1, autoAfter: "P7D" },
    ...(wishes.member === null
      ? { buyer: guestOf(wishes), buyerHint: hintOf(wishes) }
      : { buyer: { member: wishes.member } }),
    ...(receives === null ? {} : { recipient: receives }),
    ...(carrier === undefined ? {} : { carrier }),
  };
}

/** Who buys, where it is no member: it saves typing there, and proves nothing. */
const guestOf = ({ name, kana, address }: Wishes) => ({
  guest: { name, ...(kana === undefined ? {} : { kana }), address },
});

function hintOf({ email, phone, language }: Wishes): NonNullable<Propose["buyerHint"]> {
  return { ...(email === null ? {} : { email }), ...(phone === null ? {} : { phone }), locale: language };
}

function receiverOf({ name, kana, address, email, phone }: Wishes): Customer["recipient"] {
  const contact = { ...(email === null ? {} : { email }), ...(phone === null ? {} : { phone }) };
  return { name, ...(kana === undefined ? {} : { kana }), address, contact };
}

/** The token in the address of an order's page. It comes from the form's key, so the same form finds the same order. */
export function orderToken(formKey: string): string {
  return sha256(`order ${formKey}`).toString("base64url");
}

/** What was written down, and the calls that the writer is to send at once. */
export interface Written {
  orderId: string;
  held: DueCall[];
}

/**
 * Writes the order for what lies in a cart, with the proposal that is to be sent and its key, and empties the cart.
 * A form that was sent before finds its order. Undefined where the cart is empty.
 */
export async function placeOrder(
  shop: OrderContext,
  cart: Buffer,
  formKey: string,
  wishes: Wishes,
): Promise<Written | undefined> {
  const tokenHash = sha256(orderToken(formKey));
  return shop.database.transaction(async (client) => {
    await lockCart(client, cart);
    const known = await orderByToken(client, tokenHash);
    if (known !== undefined) return { orderId: known.id, held: [] };
    const { language } = wishes;
    const goods = await cartLines(client, cart, language);
    const { lines, total } = linesOfCart(goods, await hasVoucher(client, cart), shopWordsIn(language));
    const currency = goods[0]?.currency;
    if (currency === undefined) return undefined;
    const till = wishes.till.id;
    const id = uuidv7();
    const key = { id, ...newOrderKey(shop.keyring, id) };
    const customer = sealCustomer(shop.keyring, key, wishes);
    const order = { ...key, customer, till, language, tokenHash, currency, amount: total };
    const number = await insertNumbered(client, order);
    if (number === undefined) {
      // Nobody else can have this token but the same form, sent at the same moment with another cart's cookie.
      const other = await orderByToken(client, tokenHash);
      return other === undefined ? undefined : { orderId: other.id, held: [] };
    }
    await insertLines(client, order.id, lines);
    await markOrder(client, shop.keyring, order.id, wishes);
    const body = sealBody(shop.keyring, key, 1, JSON.stringify(asked({ number, currency, lines, wishes })));
    const { kek, wrapped } = key;
    const call = {
      orderId: id,
      till,
      seq: 1,
      call: "propose" as const,
      key: freshKey(),
      body,
      trade: null,
      kek,
      wrapped,
    };
    const held = await insertCall(client, call, null, shop.pace.leaseMs);
    await emptyCart(client, cart);
    return { orderId: order.id, held: [held] };
  });
}

/** A key under which a call to an institution is written down and sent. */
export function freshKey(): string {
  return `shop-${randomToken(18)}`;
}

/** Tries numbers until one is free; undefined where it is the token that is taken. */
async function insertNumbered(
  client: Client,
  order: Omit<Parameters<typeof insertOrder>[1], "number">,
): Promise<string | undefined> {
  for (let tries = 1; tries <= 8; tries += 1) {
    const number = dammAppend(randomDigits(9));
    if (await insertOrder(client, { ...order, number })) return number;
    if ((await orderByToken(client, order.tokenHash)) !== undefined) return undefined;
  }
  throw new Error("No free order number was found.");
}
