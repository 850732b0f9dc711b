/** How a server's configuration says what holds for bills. */
import Type, { type Static } from "typebox";
import { parseDuration } from "../../core/protocol/protocol.ts";
import { closed, durationSchema } from "../../core/protocol/schemas.ts";
import { type BillRules, usualBills } from "../../engines/debts/debts.ts";

const amounts = Type.Record(Type.String({ pattern: "^[A-Z]{3}$" }), Type.Integer({ minimum: 0 }));

const rules = {
  /** How long after it was made a bill is to be paid; P14D if not given. */
  payWithin: Type.Optional(durationSchema),
  /** How long before that day it is told of once more; a week, three days, one, and on the day if not given. */
  ahead: Type.Optional(Type.Array(durationSchema, { maxItems: 10, uniqueItems: true })),
  /** What is told after that day, how long after it, and what it costs by currency, in minor units. */
  steps: Type.Optional(
    Type.Array(closed({ after: durationSchema, fee: Type.Optional(amounts) }), { maxItems: 10 }),
  ),
  /** The most that all fees of one bill come to, by currency. */
  feesMost: Type.Optional(amounts),
};

/** At a guarantor, where each claim makes a bill. */
export const claimBillsSchema = closed(rules);
/** At an institution, where what is used of lines is billed on a day of each month. */
export const monthlyBillsSchema = closed({ closesOn: Type.Integer({ minimum: 1, maximum: 28 }), ...rules });

export type BillsConfig = Static<typeof claimBillsSchema> & { closesOn?: number };

/** What is said, and what is usual for the rest. */
export function billRulesOf(config: BillsConfig = {}): BillRules {
  const { closesOn = null, payWithin = usualBills.payWithin, ahead = usualBills.ahead } = config;
  const steps = config.steps?.map(({ after, fee = {} }) => ({ after, fee: asMoney(fee) }));
  const feesMost = asMoney(config.feesMost ?? {});
  return { closesOn, payWithin, ahead, steps: steps ?? usualBills.steps, feesMost };
}

const asMoney = (given: Readonly<Record<string, number>>): Record<string, bigint> =>
  Object.fromEntries(Object.entries(given).map(([currency, amount]) => [currency, BigInt(amount)]));

const dayMs = 86_400_000;
const yearMs = 366 * dayMs;

/** What could never work: steps that do not follow each other, lengths in months, or fees in a currency that is not kept here. */
export function billsTrouble(config: BillsConfig | false | undefined, currencies: readonly string[]) {
  if (config === undefined || config === false) return undefined;
  const { payWithin, ahead, steps, feesMost } = billRulesOf(config);
  const isLength = (text: string, least: number): boolean => {
    const { months, milliseconds } = parseDuration(text) ?? { months: 1, milliseconds: 0 };
    return months === 0 && milliseconds >= least && milliseconds <= yearMs;
  };
  if (!isLength(payWithin, dayMs)) return "/bills/payWithin is not between a day and a year, in days.";
  const odd = ahead.findIndex((before) => !isLength(before, 0));
  if (odd >= 0) return `/bills/ahead/${odd} is no length in days or hours.`;
  let last = -1;
  for (const [index, { after, fee }] of steps.entries()) {
    const length = parseDuration(after)?.milliseconds ?? 0;
    if (!isLength(after, 0) || length <= last)
      return `/bills/steps/${index}/after is not later than the one before.`;
    last = length;
    const foreign = Object.keys(fee).find((currency) => !currencies.includes(currency));
    if (foreign !== undefined) return `/bills/steps/${index}/fee/${foreign} is no currency of this server.`;
  }
  const foreign = Object.keys(feesMost).find((currency) => !currencies.includes(currency));
  return foreign === undefined ? undefined : `/bills/feesMost/${foreign} is no currency of this server.`;
}
