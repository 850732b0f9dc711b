/**
 * Money is an integer number of minor units and an ISO 4217 code: `bigint` inside, a JSON integer on the wire,
 * text for people. There is no other form, and no floating-point number on the way between these.
 */
/**
 * The active codes of ISO 4217 (currencies and funds), by the number of decimal places of their minor unit.
 * Codes without a minor unit (metals, special drawing rights, bond units, testing) are left out on purpose:
 * no amount of them can be written as an integer of minor units.
 */
const codes = {
  none: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  two: `
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
    CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP
    SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG
    YER ZAR ZMW ZWG`,
  three: "BHD IQD JOD KWD LYD OMR TND",
  four: "CLF UYW",
};

function withExponent(list: string, exponent: number): [string, number][] {
  return list
    .trim()
    .split(/\s+/)
    .map((code) => [code, exponent]);
}

/** Every known code, with the number of decimal places of its minor unit. */
const exponents: ReadonlyMap<string, number> = new Map([
  ...withExponent(codes.none, 0),
  ...withExponent(codes.two, 2),
  ...withExponent(codes.three, 3),
  ...withExponent(codes.four, 4),
]);

/** An ISO 4217 code that {@link isCurrency} has seen. */
export type Currency = string & { readonly iso4217: true };

/** Whether a text is an active ISO 4217 code, in capitals, of a currency or fund that has a minor unit. */
export function isCurrency(code: string): code is Currency {
  return exponents.has(code);
}

/** Decimal places of the currency's minor unit: 0 for JPY, 2 for USD, 3 for KWD. Throws RangeError on an unknown code. */
export function exponentOf(code: string): number {
  const exponent = exponents.get(code);
  if (exponent === undefined) throw new RangeError(`${JSON.stringify(code)} is not an ISO 4217 currency`);
  return exponent;
}

const WIRE_LIMIT = BigInt(Number.MAX_SAFE_INTEGER);

/** The JSON integer for an amount. Throws RangeError beyond 2^53-1, where a JSON reader may round. */
export function toWire(amount: bigint): number {
  if (amount > WIRE_LIMIT || amount < -WIRE_LIMIT) throw new RangeError(`${amount} does not fit on the wire`);
  return Number(amount);
}

/** The amount for a JSON integer. Throws RangeError on a fraction and on anything beyond 2^53-1. */
export function fromWire(value: number): bigint {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not an integer within 2^53-1`);
  return BigInt(value);
}

/** The plain decimal digits of an amount, as in `-12.05`: what a spreadsheet or a `data-` attribute wants. */
function decimal(amount: bigint, exponent: number): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  const fraction = exponent === 0 ? "" : `.${digits.slice(-exponent)}`;
  return `${amount < 0n ? "-" : ""}${whole}${fraction}`;
}

/** An amount as its owner would type it, without mark or commas: `12.00`, `1200`. */
export const typedMoney = (amount: bigint, currency: string): string => decimal(amount, exponentOf(currency));

const formatters = new Map<string, Intl.NumberFormat>();

function formatterFor(currency: string, locale: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    const places = exponentOf(currency);
    formatter = new Intl.NumberFormat(locale, {
      style: "currency",
      currency,
      minimumFractionDigits: places,
      maximumFractionDigits: places,
    });
    formatters.set(key, formatter);
  }
  return formatter;
}

/**
 * An amount of minor units as people write it: `¥1,200`, `$12.00`, in Japanese `1,200円`. Exact at any size. Throws
 * RangeError on an unknown currency. The digits are always ISO's, also where a locale likes to leave out the decimals.
 */
export function formatMoney(amount: bigint, currency: string, locale = "en"): string {
  // Intl takes decimal text without going through a floating-point number; its type wants a numeric literal.
  const text = decimal(amount, exponentOf(currency)) as `${number}`;
  const formatter = formatterFor(currency, locale);
  // Japanese has yen written out behind the digits, where the mark before them would be as wide as two of them.
  if (currency !== "JPY" || !locale.startsWith("ja")) return formatter.format(text);
  const parts = formatter.formatToParts(text).filter(({ type }) => type !== "currency");
  return `${parts.map(({ value }) => value).join("")}円`;
}

/**
 * The amount a person has typed, in minor units: `1,200`, `¥1,200`, `12.5`, and full-width digits too.
 * Undefined where the text is no such amount: a sign, misplaced commas, or more decimals than the currency has.
 */
export function parseMoney(text: string, currency: string): bigint | undefined {
  const exponent = exponentOf(currency);
  const symbol = formatterFor(currency, "en")
    .formatToParts(0)
    .find((part) => part.type === "currency");
  const marks = [
    currency,
    symbol?.value.normalize("NFKC") ?? currency,
    ...(currency === "JPY" ? ["円"] : []),
  ];
  let rest = text.normalize("NFKC").trim();
  for (const mark of marks) {
    if (rest.startsWith(mark)) rest = rest.slice(mark.length).trim();
    else if (rest.endsWith(mark)) rest = rest.slice(0, -mark.length).trim();
  }
  const form = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/.exec(rest);
  const [, whole, fraction = ""] = form ?? [];
  if (whole === undefined || fraction.length > exponent) return undefined;
  return BigInt(whole.replaceAll(",", "") + fraction.padEnd(exponent, "0"));
}
