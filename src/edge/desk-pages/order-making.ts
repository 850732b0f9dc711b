/** The order that an operator's form means, as a call would say it. */
import Type from "typebox";
import { parseMoney, toWire } from "../../core/money/money.ts";
import { type Propose, proposeSchema } from "../../core/protocol/schemas.ts";
import { callerFields } from "../callers/callers.ts";
import { orderLines } from "../desk-views/desk-views.ts";
import { makeInspection } from "../http/http.ts";
import {
  checked,
  field,
  type Fields,
  filled,
  filledNarrow,
  key,
  type Made,
  present,
} from "../pages/pages.ts";
import { say, type Sentence } from "../words/words.ts";

export const orderForm = Type.Unsafe<Fields>({
  type: "object",
  properties: {
    ...callerFields,
    key,
    /** The form has been filled in, and this is what was read back. */
    said: field(3),
    again: field(3),
    shop: field(200),
    /** Which one the name was of when it was read back: that is whose order it is. */
    shopFound: field(40),
    currency: field(3),
    amount: field(40),
    method: field(40),
    paymentOn: field(20),
    paymentDate: field(10),
    recipient: field(120),
    address: field(300),
  },
  patternProperties: { "^(name|quantity|price)-[1-9]$": Type.String({ maxLength: 400 }) },
  additionalProperties: false,
});

const inspect = makeInspection(proposeSchema);

/** The field that a part of the proposal comes from. */
const names: Readonly<Record<string, string>> = {
  "/shop": "shop",
  "/amount": "amount",
  "/method": "method",
  "/payment/date": "paymentDate",
  "/recipient/name": "recipient",
  "/recipient/address": "address",
};

interface Line {
  name: string;
  quantity: number;
  unitAmount: number;
}

const most = BigInt(Number.MAX_SAFE_INTEGER);

function moneyTyped(text: string, currency: string): number | undefined {
  const amount = parseMoney(text, currency);
  return amount === undefined || amount > most ? undefined : toWire(amount);
}

/** A line that was typed; what is wrong goes to `errors`. */
function lineTyped(
  fields: Fields,
  n: number,
  currency: string,
  errors: Record<string, Sentence>,
): Line | undefined {
  const [name, count, price] = [
    filled(fields[`name-${n}`]),
    filledNarrow(fields[`quantity-${n}`]) ?? "1",
    filledNarrow(fields[`price-${n}`]),
  ];
  if (name === undefined && price === undefined) return undefined;
  const unitAmount = price === undefined ? undefined : moneyTyped(price, currency);
  if (name === undefined) errors[`name-${n}`] = say("mistake.missing");
  if (!/^[1-9][0-9]{0,4}$/.test(count)) errors[`quantity-${n}`] = say("mistake.quantity");
  if (unitAmount === undefined) errors[`price-${n}`] = say("mistake.amount");
  return name === undefined || unitAmount === undefined
    ? undefined
    : { name, quantity: Number(count), unitAmount };
}

/** For whom, at which shop, and in which of this server's currencies. */
export interface Ordering {
  member: string;
  shop: string | undefined;
  currencies: readonly string[];
}

/** Goods are an order; a sum alone is reserved for the shop, whose order follows (paragraph 0074). */
export function orderOf(fields: Fields, { member, shop, currencies }: Ordering): Made<Propose> {
  const errors: Record<string, Sentence> = {};
  const currency = currencies.find((each) => each === fields["currency"]) ?? currencies[0] ?? "JPY";
  if (shop === undefined) errors["shop"] = say("form.mistake.party");
  const lines = Array.from({ length: orderLines }, (_, index) =>
    lineTyped(fields, index + 1, currency, errors),
  ).filter((line) => line !== undefined);
  const sum = filledNarrow(fields["amount"]);
  const amount = sum === undefined ? undefined : moneyTyped(sum, currency);
  if (sum !== undefined && amount === undefined) errors["amount"] = say("mistake.amount");
  if (sum !== undefined && lines.length > 0) errors["amount"] = say("deskOrder.notBoth");
  if (sum === undefined && lines.length === 0) errors["name-1"] ??= say("mistake.missing");
  const onDate = fields["paymentOn"] === "date";
  const date = filledNarrow(fields["paymentDate"]);
  if (onDate && date === undefined) errors["paymentDate"] = say("mistake.date");
  const [recipient, address] = [filled(fields["recipient"]), filled(fields["address"])];
  if (recipient === undefined && address !== undefined) errors["recipient"] = say("mistake.missing");
  if (Object.keys(errors).length > 0) return { errors };
  const body = present({
    buyer: { member },
    shop,
    currency,
    earmark: amount === undefined ? undefined : true,
    amount,
    lines: amount === undefined ? lines : undefined,
    method: filled(fields["method"]),
    payment: onDate ? { on: "date", date } : undefined,
    recipient: recipient === undefined ? undefined : present({ name: recipient, address }),
  });
  return checked<Propose>(inspect, body, (pointer) => names[pointer]);
}
