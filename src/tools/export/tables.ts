/** What can be exported: the columns of each, by the names that stand in the lines. Persons are in none (decision 0037). */

import { fieldParts } from "../../core/log/log.ts";

/** `money`: minor units of the row's `currency`, written as a decimal number and again as minor units. */
export type ColumnType = "text" | "integer" | "money" | "time" | "flag" | "json";
export type Columns = Readonly<Record<string, ColumnType>>;

const amounts = {
  amount: "money",
  frozen: "money",
  settled: "money",
  released: "money",
  refunded: "money",
} as const;

export const exports = {
  trades: {
    number: "text",
    state: "text",
    version: "integer",
    reference: "text",
    shop: "text",
    shopName: "text",
    chain: "text",
    member: "text",
    guest: "flag",
    carrier: "text",
    provider: "text",
    currency: "text",
    private: "flag",
    ...amounts,
    fee: "money",
    paymentOn: "text",
    approveBy: "time",
    reservedUntil: "time",
    shipBy: "time",
    acceptBy: "time",
    paymentDate: "time",
    coolingOffUntil: "time",
    disputedSince: "time",
    metadata: "json",
    createdAt: "time",
    updatedAt: "time",
  },
  lines: {
    trade: "text",
    line: "integer",
    id: "text",
    kind: "text",
    name: "text",
    sku: "text",
    taxRate: "text",
    quantity: "integer",
    currency: "text",
    unitAmount: "money",
    amount: "money",
    shipped: "integer",
    delivered: "integer",
    accepted: "integer",
    rejected: "integer",
    returned: "integer",
    withdrawn: "integer",
    ended: "integer",
    createdAt: "time",
  },
  events: { trade: "text", seq: "integer", type: "text", at: "time", role: "text", data: "json" },
  entries: {
    at: "time",
    command: "text",
    leg: "integer",
    kind: "text",
    account: "text",
    accountKind: "text",
    shop: "text",
    trade: "text",
    hold: "text",
    currency: "text",
    posted: "money",
    held: "money",
    until: "time",
  },
  settlements: {
    at: "time",
    id: "text",
    peer: "text",
    reservation: "text",
    trade: "text",
    currency: "text",
    amount: "money",
    state: "text",
  },
} as const satisfies Record<string, Columns>;

export type Exported = keyof typeof exports;
export const exported = Object.keys(exports) as Exported[];

/**
 * What of an event's data is exported: quantities, amounts, times and words of closed lists. What people have written, said on
 * the phone or sent as evidence is not, for they may have named somebody in it.
 */
const told: ReadonlySet<string> = new Set(
  `accepted after amount answeredAt arrived at before buyer by chain claimed code covered deadline fee
    goods instruction kind lapsed late lines lost notTaken on outcome pay paid price recovered refund
    release released settled shop silent store until version`.split(/\s+/),
);

/** In a private trade what stands for amounts are pieces: those are not told. */
const amountFields: ReadonlySet<string> = new Set(
  [...fieldParts].flatMap(([field, part]) => (part === "terms" || part === "desk" ? [] : [field])),
);

export function toldData(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { data, private: isPrivate } = row;
  if (typeof data !== "object" || data === null) return {};
  const isTold = (name: string) => told.has(name) && !(isPrivate === true && amountFields.has(name));
  return Object.fromEntries(Object.entries(data).filter(([name]) => isTold(name)));
}
