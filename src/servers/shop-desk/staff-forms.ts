/** What the staff's forms send, as schemas that refuse anything else, and how each of them is read. */
import Type from "typebox";
import { contestReasons, endOfDay, idForm, type TradeView } from "../../core/protocol/protocol.ts";
import { parseMoney } from "../../core/money/money.ts";
import { countOf, lastWorthOf, parcelsOf, unshippedOf } from "../../edge/parts/parts.ts";
import { closed } from "../../core/protocol/schemas.ts";
import {
  type Act,
  isBack,
  isPriced,
  type Particulars,
  refundable,
  undivided,
} from "../shop-orders/shop-orders.ts";
import { formKey, type Mistaken, versionField } from "../shop-frame/shop-frame.ts";
import { type Queue, queues } from "../shop-finding/shop-finding.ts";
import { shopSay, type ShopWordKey } from "../shop-words/shop-words.ts";

export const signInForm = closed({
  name: Type.Optional(Type.String({ maxLength: 40 })),
  password: Type.String({ minLength: 1, maxLength: 200 }),
  /** What had been typed when a session ended. */
  again: Type.Optional(Type.String({ maxLength: 60_000 })),
});
/** What the staff's forms send: short texts, and how many of each line as `quantity-1`, `quantity-2`, ... */
export const staffForm = Type.Unsafe<{ key: string } & StaffFields>({
  type: "object",
  required: ["key"],
  properties: {
    key: formKey,
    version: versionField,
    ...Object.fromEntries(
      ["carrier", "number", "parcel"].map((name) => [name, Type.String({ maxLength: 80 })]),
    ),
    ...Object.fromEntries(
      ["amount", "deduct", "pay", "refund", "contest"].map((name) => [name, Type.String({ maxLength: 30 })]),
    ),
    /** What being paid early was said to cost, in minor units, or that it was not said: the yes is to that. */
    price: Type.String({ maxLength: 20 }),
    /** Whoever was asked has said yes. */
    sure: Type.String({ maxLength: 3 }),
    reference: Type.String({ maxLength: 200 }),
    reason: Type.String({ maxLength: 500 }),
    statement: Type.String({ maxLength: 2000 }),
    until: Type.String({ format: "day" }),
    url: Type.String({ maxLength: 500, format: "web-address" }),
  },
  patternProperties: {
    "^quantity-[1-9][0-9]{0,3}$": Type.String({ maxLength: 10 }),
    "^price-[1-9][0-9]{0,3}$": Type.String({ maxLength: 30 }),
  },
  additionalProperties: false,
});
export type StaffFields = Partial<Record<string, string>>;

/** What the staff are told about fields that cannot be taken as they are. */
export const staffMistakes: Readonly<Record<string, ShopWordKey>> = {
  carrier: "mistake.carrier",
  number: "mistake.parcel",
  url: "mistake.url",
  reference: "mistake.reference",
  amount: "mistake.back",
  deduct: "mistake.deduct",
  pay: "mistake.pay",
  refund: "mistake.back",
  reason: "mistake.reason",
  statement: "mistake.statement",
  contest: "mistake.contest",
  until: "mistake.until",
};

type Read = { given: Particulars } | { mistaken: Mistaken };

const wrong = (name: string): Read => ({
  mistaken: { [name]: shopSay(staffMistakes[name] ?? "problem.form") },
});

export type PiecesOf = (line: number) => number;

/**
 * The quantities that were typed, of which all that is open is nothing to name; or what is wrong with them. A form that
 * asked for none means all of it, and what stood in it, `asked`, means all that is open of it.
 */
function linesIn(
  fields: StaffFields,
  view: TradeView | null,
  open: PiecesOf,
  asked = open,
): { lines: Particulars["lines"] } | { mistaken: Mistaken } {
  const named = (view?.lines ?? []).flatMap(({ line }) => {
    const text = fields[`quantity-${line}`] ?? String(asked(line));
    const typed = /^[0-9]{1,7}$/.test(text) ? Number(text) : Number.NaN;
    const quantity = typed === asked(line) ? open(line) : typed;
    return open(line) > 0 ? [{ line, quantity, all: open(line) }] : [];
  });
  const wrongly = named.find(({ quantity, all }) => !(quantity <= all));
  const nothing = named.every(({ quantity }) => quantity === 0) ? named[0] : undefined;
  const mistaken = wrongly ?? nothing;
  if (mistaken !== undefined)
    return { mistaken: { [`quantity-${mistaken.line}`]: shopSay("mistake.quantity") } };
  if (named.every(({ quantity, all }) => quantity === all)) return { lines: undefined };
  return {
    lines: named.flatMap(({ line, quantity }) => (quantity > 0 ? [{ line, quantity }] : [])),
  };
}

export const leaving =
  (view: TradeView | null): PiecesOf =>
  (line) =>
    view === null ? 0 : unshippedOf(view, line);
/** How many pieces of a line come back, all of them or those of one parcel. */
export const back =
  (view: TradeView | null, parcel?: string): PiecesOf =>
  (line) =>
    view === null
      ? 0
      : countOf(view.lots, line, (lot) => isBack(lot) && (parcel === undefined || lot.back === parcel));

/** How many pieces of a line are lost, all of them or those of one parcel. */
export const lost =
  (view: TradeView, isLost: (lot: TradeView["lots"][number]) => boolean, parcel?: string): PiecesOf =>
  (line) =>
    countOf(view.lots, line, (lot) => isLost(lot) && (parcel === undefined || lot.parcel === parcel));

/** The numbers of the parcels in which goods come back. */
export const comingBack = (view: TradeView): string[] => parcelsOf(view, isBack, (lot) => lot.back);

/** An amount that was typed, up to a limit; undefined where it is none. */
function money(text: string | undefined, view: TradeView | null, most: bigint): bigint | undefined {
  const amount = text === undefined ? undefined : parseMoney(text, view?.currency ?? "XXX");
  return amount === undefined || amount > most ? undefined : amount;
}

/** What pieces cost that come back, all that are open where none are named, in minor units. */
export function worthOf(view: TradeView | null, lines: Particulars["lines"], open: PiecesOf): bigint {
  return (view?.lines ?? []).reduce((sum, line) => {
    const named = lines?.find((each) => each.line === line.line);
    const quantity = lines === undefined ? open(line.line) : named?.quantity;
    return sum + (lastWorthOf(line, quantity ?? 0) ?? 0n);
  }, 0n);
}

const most = 9_007_199_254_740_991n;

/** What an order with these terms comes to, in minor units: what has no price for each piece stays as it is. */
export function sumOfTerms({ lines }: TradeView, terms: NonNullable<Particulars["terms"]>): bigint {
  return lines.reduce((sum, { line, quantity, unitAmount, amount }) => {
    const wish = terms.find((each) => each.line === line);
    if (wish !== undefined) return sum + wish.unitAmount * BigInt(wish.quantity);
    return sum + (unitAmount == null ? BigInt(amount ?? 0) : BigInt(unitAmount) * BigInt(quantity));
  }, 0n);
}

/** The prices and quantities that were typed, of the lines that have them; all of them as they are is no change. */
function termsIn(fields: StaffFields, view: TradeView | null): Read {
  const terms: NonNullable<Particulars["terms"]> = [];
  const lines = (view?.lines ?? []).filter(isPriced);
  for (const { line, quantity: now, unitAmount } of lines) {
    const typed = fields[`quantity-${line}`] ?? String(now);
    if (!/^[0-9]{1,6}$/.test(typed)) return { mistaken: { [`quantity-${line}`]: shopSay("mistake.pieces") } };
    const price = fields[`price-${line}`];
    const amount = price === undefined ? BigInt(unitAmount ?? 0) : money(price, view, most);
    if (amount === undefined) return { mistaken: { [`price-${line}`]: shopSay("mistake.price") } };
    terms.push({ line, quantity: Number(typed), unitAmount: amount });
  }
  const [first] = lines;
  const changed = terms.some(({ line, quantity, unitAmount }) => {
    const now = lines.find((each) => each.line === line);
    return now?.quantity !== quantity || BigInt(now.unitAmount ?? 0) !== unitAmount;
  });
  const nothing =
    view === null || terms.every(({ quantity }) => quantity === 0) || sumOfTerms(view, terms) <= 0n;
  if (first === undefined || nothing || sumOfTerms(view, terms) > most || !changed)
    return {
      mistaken: { [`price-${first?.line ?? 1}`]: shopSay(changed ? "mistake.nothingLeft" : "mistake.same") },
    };
  return { given: { terms } };
}

const trackingOf = (number: string | undefined) => (number === undefined ? undefined : { number });

/** What is read out of the form of each act of the staff: what is given with it, or what cannot be taken. */
export const staffReads = {
  ship: (fields, view) => {
    const { carrier, number, url } = fields;
    if (number === undefined && (carrier ?? url) !== undefined) return wrong("number");
    const tracking =
      number === undefined
        ? undefined
        : {
            number,
            ...(carrier === undefined ? {} : { carrier }),
            ...(url === undefined ? {} : { url }),
          };
    const goods = linesIn(fields, view, leaving(view));
    return "mistaken" in goods ? goods : { given: { tracking, ...goods } };
  },
  handOver: ({ reference }) => ({ given: { reference } }),
  claim: ({ reference }) => ({ given: { reference } }),
  endGuarantee: () => ({ given: {} }),
  claimGuarantee: () => ({ given: {} }),
  takeBack: (fields, view) => {
    const { reference, reason, parcel } = fields;
    const goods = linesIn(fields, view, back(view, parcel), back(view));
    if ("mistaken" in goods) return goods;
    const given = { ...goods, reference, tracking: trackingOf(parcel) };
    if (fields["deduct"] === undefined) return { given };
    const deduct = money(fields["deduct"], view, worthOf(view, goods.lines, back(view, parcel)) - 1n);
    if (deduct === undefined || deduct === 0n) return wrong("deduct");
    return reason === undefined ? wrong("reason") : { given: { ...given, deduct, reason } };
  },
  contest: ({ contest: chosen, reason, parcel }) => {
    const known = contestReasons.find((each) => each === chosen);
    if (known === undefined) return wrong("contest");
    return reason === undefined
      ? wrong("reason")
      : { given: { contest: known, reason, tracking: trackingOf(parcel) } };
  },
  say: ({ statement }) => (statement === undefined ? wrong("statement") : { given: { reason: statement } }),
  answer: ({ statement, reference }) =>
    statement === undefined ? wrong("statement") : { given: { reason: statement, reference } },
  offer: (fields, view) => {
    const pay = money(fields["pay"] ?? "0", view, view === null ? 0n : undivided(view));
    if (pay === undefined) return wrong("pay");
    const refund = money(fields["refund"] ?? "0", view, view === null ? 0n : refundable(view));
    return refund === undefined
      ? wrong("refund")
      : { given: { pay, refund: refund === 0n ? undefined : refund } };
  },
  takeOffer: () => ({ given: {} }),
  refund: (fields, view) => {
    const { amount: typed, reason } = fields;
    const amount = money(typed, view, view === null ? 0n : refundable(view));
    if (typed !== undefined && (amount === undefined || amount === 0n)) return wrong("amount");
    return reason === undefined ? wrong("reason") : { given: { reason, amount } };
  },
  // The last day counts whole, by the calendar of the server at which the order is paid.
  extend: ({ until }, _, timeZone) =>
    until === undefined ? wrong("until") : { given: { until: endOfDay(until, timeZone).toISOString() } },
  dispute: ({ reason }) => (reason === undefined ? wrong("reason") : { given: { reason } }),
  giveUp: ({ parcel, reason }) =>
    reason === undefined ? wrong("reason") : { given: { reason, tracking: trackingOf(parcel) } },
  callOff: ({ reason }) => (reason === undefined ? wrong("reason") : { given: { reason } }),
  revise: (fields, view) => termsIn(fields, view),
  advance: () => ({ given: {} }),
} as const satisfies Partial<
  Record<Act, (fields: StaffFields, view: TradeView | null, timeZone: string) => Read>
>;

export const listQuery = closed({
  show: Type.Optional(Type.Unsafe<Queue | "todo">({ type: "string", enum: ["todo", ...queues] })),
  after: Type.Optional(Type.String({ pattern: `^[0-9]{1,18}_${idForm}$` })),
  before: Type.Optional(Type.String({ pattern: `^${idForm}$` })),
});

/** Names do not stand in addresses, which browsers and proxies keep: what is looked for is sent as a form. */
export const searchForm = closed({
  q: Type.Optional(Type.String({ maxLength: 10_000 })),
  before: Type.Optional(Type.String({ pattern: `^${idForm}$` })),
});
