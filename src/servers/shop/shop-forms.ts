/** What the shop's forms send, as schemas that refuse anything else, and how a form is read. */
import type { FastifyRequest } from "fastify";
import Type, { type Static } from "typebox";
import {
  contestReasons,
  dammValid,
  endOfDay,
  idForm,
  katakana,
  Refusal,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { parseMoney } from "../../core/money/money.ts";
import { countOf, lastWorthOf, parcelsOf, unshippedOf } from "../../edge/parts/parts.ts";
import { postcodeFields } from "../../edge/postcodes/postcodes.ts";
import type { Sentence } from "../../edge/words/words.ts";
import { closed, kanaSchema, text } from "../../core/protocol/schemas.ts";
import {
  type Act,
  isBack,
  type Particulars,
  refundable,
  type Till,
  undivided,
  type Wishes,
} from "../shop-orders/shop-orders.ts";
import { shopSay, type ShopWordKey } from "../shop-words/shop-words.ts";

/** Made with the page, so that the same page sent twice is one order, one refund, one notice. */
const key = Type.String({ pattern: "^[A-Za-z0-9_-]{22,128}$", description: "The page's own key" });
/** Of the trade that the page showed, on which whoever presses the button decides. */
const version = Type.String({ pattern: "^[1-9][0-9]{0,9}$", description: "The version of the trade" });
const product = Type.String({ pattern: "^[a-z0-9-]{1,40}$" });
export const emptyForm = closed({});
export const addForm = closed({
  product,
  quantity: Type.Optional(Type.String({ pattern: "^[1-9][0-9]?$" })),
});
export const changeForm = closed({ product, quantity: Type.String({ pattern: "^[0-9]{1,2}$" }) });
export const removeForm = closed({ product });
/** Left empty, no voucher is meant. */
export const voucherForm = closed({ voucher: Type.Optional(text(1, 40)) });

export const orderForm = closed({
  key,
  name: text(1, 120),
  kana: Type.Optional(kanaSchema),
  address: text(1, 300),
  ...postcodeFields,
  email: Type.Optional(Type.String({ format: "email", maxLength: 254 })),
  phone: Type.Optional(text(3, 40)),
  receiver: Type.Unsafe<"me" | "other">({ type: "string", enum: ["me", "other"] }),
  recipientName: Type.Optional(text(1, 120)),
  recipientKana: Type.Optional(kanaSchema),
  recipientAddress: Type.Optional(text(1, 300)),
  recipientPostcode: postcodeFields.postcode,
  recipientPhone: Type.Optional(text(3, 40)),
  from: Type.Optional(text(1, 120)),
  greeting: Type.Optional(text(1, 400)),
  member: Type.Optional(Type.String({ pattern: "^[0-9]{1,20}$" })),
  /** The number of an amount that was reserved for this shop before. */
  reserved: Type.Optional(Type.String({ pattern: "^[0-9 -]{1,40}$" })),
  shopMayAccept: Type.Optional(Type.Literal("yes")),
  till: Type.Optional(Type.String({ pattern: "^[a-z0-9-]{1,40}$" })),
});
export type OrderForm = Static<typeof orderForm>;

/** What a server says when it sends a customer back. How the trade stands is asked of the server all the same. */
export const backQuery = closed({ trade: Type.Optional(text(1, 40)), state: Type.Optional(text(1, 40)) });
/** What a server says when it carries a member on to this shop: where from, and the code by which the shop reads what they let it. */
const disclosure = Type.String({ pattern: "^kd_[0-9a-f]{40}$" });
const till = Type.String({ pattern: "^[a-z0-9-]{1,40}$" });
export const welcomeQuery = closed({
  till: Type.Optional(till),
  disclosure: Type.Optional(disclosure),
  at: Type.Optional(text(1, 300)),
});
export const welcomeForm = closed({ key, till, disclosure });
export const customerForm = closed({
  key,
  version: Type.Optional(version),
  sure: Type.Optional(Type.String({ maxLength: 3 })),
});
export const signInForm = closed({ password: Type.String({ minLength: 1, maxLength: 200 }) });
/** Where goods are to be sent back to, as the staff type it. */
/** What the staff's forms send: short texts, and how many of each line as `quantity-1`, `quantity-2`, ... */
export const staffForm = Type.Unsafe<{ key: string } & StaffFields>({
  type: "object",
  required: ["key"],
  properties: {
    key,
    version,
    ...Object.fromEntries(
      ["carrier", "number", "parcel"].map((name) => [name, Type.String({ maxLength: 80 })]),
    ),
    ...Object.fromEntries(
      ["amount", "deduct", "pay", "refund", "contest"].map((name) => [name, Type.String({ maxLength: 30 })]),
    ),
    reference: Type.String({ maxLength: 200 }),
    reason: Type.String({ maxLength: 500 }),
    statement: Type.String({ maxLength: 2000 }),
    until: Type.String({ format: "day" }),
    url: Type.String({ maxLength: 500, format: "web-address" }),
  },
  patternProperties: { "^quantity-[1-9][0-9]{0,3}$": Type.String({ maxLength: 10 }) },
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
  giveUp: ({ parcel, reason }) => ({ given: { reason, tracking: trackingOf(parcel) } }),
  callOff: ({ reason }) => ({ given: { reason } }),
} as const satisfies Partial<
  Record<Act, (fields: StaffFields, view: TradeView | null, timeZone: string) => Read>
>;

/** Which version of the trade a form showed: one that does not say so has seen the first, as where no trade is known yet. */
export const seenIn = ({ version: seen = "1" }: { version?: string | undefined }): number => Number(seen);

export const listQuery = closed({
  before: Type.Optional(Type.String({ pattern: `^${idForm}$` })),
});

/** Fields of numbers, amounts, addresses of machines and codes: what is typed full-width there is meant half-width. */
const plainFields =
  /^(?:quantity.*|email|phone|recipientPhone|member|reserved|voucher|number|url|amount|deduct|pay|refund|until)$/;
const postalFields = /^(?:address|recipientAddress)$/;

/** Whatever else a Japanese keyboard makes of a hyphen between two digits. */
const hyphens = /(?<=[0-9])[‐‑‒–—―−ーｰ－](?=[0-9])/g;
const wideDigits = /[０-９]/g;

/** One way to write each character; the numbers of houses and postcodes in half-width digits, and nothing else of an address. */
function tidied(name: string, value: string): string {
  if (plainFields.test(name)) return value.normalize("NFKC").replaceAll(hyphens, "-");
  if (/kana$/i.test(name)) return katakana(value) ?? value;
  const text = value.normalize("NFC");
  if (!postalFields.test(name)) return text;
  return text.replaceAll(wideDigits, (digit) => digit.normalize("NFKC")).replaceAll(hyphens, "-");
}

/** Browsers send every field of a form, and the spaces people leave: an empty field is one that is left out. */
export function tidyForm(request: FastifyRequest, _reply: unknown, done: () => void): void {
  const body = request.body;
  if (typeof body === "object" && body !== null) {
    const kept: [string, unknown][] = Object.entries(body as Record<string, unknown>).flatMap(
      ([name, value]): [string, unknown][] => {
        if (typeof value !== "string" || name === "password") return [[name, value]];
        const trimmed = tidied(name, value).trim();
        return trimmed === "" ? [] : [[name, trimmed]];
      },
    );
    request.body = Object.fromEntries(kept);
  }
  done();
}

/** What is wrong with a form that is shown again, field by field: said in the words of who reads it. */
export type Mistaken = Record<string, Sentence>;

/** The names of the fields that the schema found wrong; throws what is not about a field of the form. */
export function mistakesOf(
  request: FastifyRequest,
  sentences: Readonly<Record<string, ShopWordKey>>,
): Mistaken {
  const error = request.validationError;
  if (error === undefined || error === null) return {};
  const found = error instanceof Refusal ? error.problem : undefined;
  const mistaken: Mistaken = {};
  for (const { pointer } of found?.errors ?? []) {
    const name = pointer.slice(1);
    const sentence = Object.hasOwn(sentences, name) ? sentences[name] : undefined;
    if (sentence === undefined || found === undefined) throw error;
    mistaken[name] = shopSay(found.code === "card_number_refused" ? "mistake.card" : sentence);
  }
  if (Object.keys(mistaken).length === 0) throw error;
  return mistaken;
}

/** What people are told about each field of the order form. */
export const fieldMistakes: Readonly<Record<string, ShopWordKey>> = {
  name: "mistake.name",
  address: "mistake.address",
  email: "mistake.email",
  phone: "mistake.phone",
  receiver: "mistake.receiver",
  recipientName: "mistake.recipientName",
  kana: "mistake.kana",
  recipientKana: "mistake.kana",
  recipientAddress: "mistake.recipientAddress",
  recipientPhone: "mistake.phone",
  from: "mistake.from",
  greeting: "mistake.greeting",
  member: "mistake.member",
  reserved: "mistake.reserved",
  shopMayAccept: "mistake.shopMayAccept",
  till: "mistake.till",
};

/** What a schema cannot say about an order form. */
export function orderMistakes(form: OrderForm, tills: readonly Till[]): Mistaken {
  const mistaken: Mistaken = {};
  if (form.email === undefined && form.phone === undefined) {
    mistaken["email"] = shopSay("mistake.reach");
  }
  if (form.receiver === "other" && form.recipientName === undefined) {
    mistaken["recipientName"] = shopSay("mistake.recipientName");
  }
  if (form.member !== undefined && !dammValid(form.member)) {
    mistaken["member"] = shopSay("mistake.memberDigits");
  }
  const reserved = digitsOf(form.reserved);
  if (reserved !== undefined && !dammValid(reserved)) {
    mistaken["reserved"] = shopSay("mistake.reservedDigits");
  }
  if (chosenTill(form, tills) === undefined) mistaken["till"] = shopSay("mistake.till");
  return mistaken;
}

/** A number as it is shown, in groups. */
const digitsOf = (text: string | undefined): string | undefined => text?.replaceAll(/[ -]/g, "");

/** Where the buyer pays; with one till there is no question. */
function chosenTill({ till }: OrderForm, tills: readonly Till[]): Till | undefined {
  if (till === undefined && tills.length === 1) return tills[0];
  return tills.find(({ id }) => id === till);
}

/** The form, which has no mistakes, as what the buyer wishes. */
export function wishesOf(form: OrderForm, tills: readonly Till[]): Omit<Wishes, "language" | "returnUrl"> {
  const till = chosenTill(form, tills);
  if (till === undefined) throw new Error("The till was checked with the form.");
  const { recipientName, recipientKana, recipientAddress, recipientPhone, from, greeting } = form;
  const gift = form.receiver === "other" && recipientName !== undefined;
  return {
    name: form.name,
    kana: form.kana,
    address: form.address,
    email: form.email ?? null,
    phone: form.phone ?? null,
    till,
    member: form.member ?? null,
    reserved: digitsOf(form.reserved) ?? null,
    shopMayAccept: form.shopMayAccept === "yes",
    recipient: gift
      ? {
          name: recipientName,
          ...(recipientKana === undefined ? {} : { kana: recipientKana }),
          ...(recipientAddress === undefined ? {} : { address: recipientAddress }),
          ...(recipientPhone === undefined ? {} : { contact: { phone: recipientPhone } }),
          ...(from === undefined ? {} : { from }),
          ...(greeting === undefined ? {} : { greeting }),
        }
      : null,
  };
}
