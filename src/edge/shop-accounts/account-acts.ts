/** For each form about an account the call that it makes; no rules of its own. */
import Type from "typebox";
import { parseMoney, toWire } from "../../core/money/money.ts";
import { closed, idSchema } from "../../core/protocol/schemas.ts";
import type { OwnCall } from "../own-calls/own-calls.ts";
import { field, type Fields, filled, filledNarrow, key, present, proofFields } from "../pages/pages.ts";
import type { AccountAct } from "../shop-account-views/shop-account-views.ts";
import { say, type Sentence } from "../words/words.ts";

const sure = field(3);

/** The fields of each form. */
export const accountForms = {
  bank: closed({
    key,
    bank: field(20),
    branch: field(20),
    kind: field(20),
    number: field(40),
    holder: field(200),
    password: field(200),
  }),
  "end-bank": closed({ key, sure, seen: Type.Optional(idSchema) }),
  schedule: closed({ key, every: field(10), weekday: field(4), day: field(8), least: field(40) }),
  "end-schedule": closed({ key }),
  payout: closed({ key: Type.Optional(idSchema), sure, amount: field(40), ...proofFields }),
  cancel: closed({ key, sure, of: idSchema }),
} as const satisfies Record<AccountAct, unknown>;

/** Which call is made, or what is wrong at which field. */
export type MadeCall = { call: OwnCall } | { errors: Record<string, Sentence> };

/** The call of a form, made once for its key. `currency`: of the account. */
export function accountCallOf(
  act: AccountAct,
  { account, currency, fields }: { account: string; currency: string; fields: Fields },
): MadeCall {
  const at = `/v1/accounts/${account}`;
  const once = fields["key"];
  switch (act) {
    case "bank":
      return { call: { method: "PUT", url: `${at}/bank-account`, key: once, body: bankOf(fields) } };
    case "end-bank": {
      const { seen } = fields;
      const url = `${at}/bank-account${seen === undefined ? "" : `?seen=${seen}`}`;
      return { call: { method: "DELETE", url, key: once } };
    }
    case "schedule":
      return scheduleOf(`${at}/payout-schedule`, currency, fields);
    case "end-schedule":
      return { call: { method: "DELETE", url: `${at}/payout-schedule`, key: once } };
    case "payout": {
      const amount = amountOf(fields["amount"], currency);
      if (amount === undefined) return { errors: { amount: say("mistake.amount") } };
      const body = { id: once, amount: toWire(amount), currency };
      return { call: { method: "POST", url: `${at}/payouts`, key: once, body } };
    }
    case "cancel":
      return {
        call: { method: "POST", url: `/v1/payouts/${fields["of"] ?? ""}/cancel`, key: once, body: {} },
      };
  }
}

function bankOf(fields: Fields): Record<string, unknown> {
  const digits = (name: string) => filledNarrow(fields[name])?.replaceAll(/[\s-]/g, "") ?? "";
  return {
    bank: digits("bank"),
    branch: digits("branch"),
    number: digits("number"),
    kind: fields["kind"] ?? "",
    holder: filled(fields["holder"]) ?? "",
    password: fields["password"] ?? "",
  };
}

function scheduleOf(url: string, currency: string, fields: Fields): MadeCall {
  const { every = "", weekday, day } = fields;
  const least = amountOf(fields["least"], currency);
  if (least === undefined) return { errors: { least: say("mistake.amount") } };
  const typed = every === "week" ? weekday : every === "month" ? day : undefined;
  const on = typed === undefined ? undefined : Number(filledNarrow(typed) ?? Number.NaN);
  if (on !== undefined && !Number.isInteger(on)) return { errors: { day: say("mistake.missing") } };
  return { call: { method: "PUT", url, body: { every, least: toWire(least), ...present({ on }) } } };
}

/** What was typed as an amount; undefined where it is none that the wire holds. */
export function amountOf(typed: string | undefined, currency: string): bigint | undefined {
  const amount = parseMoney(typed ?? "", currency);
  return amount === undefined || amount <= 0n || amount > BigInt(Number.MAX_SAFE_INTEGER)
    ? undefined
    : amount;
}
