/** How ids, numbers, durations and free text are written. */

/** The form of the ids that parties give to what is theirs: UUIDs in lower case. */
export const idForm = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

const wholeId = new RegExp(`^${idForm}$`);

/** What an idempotency key is made of: visible ASCII characters. */
export const keyPattern = "^[\\x21-\\x7e]{1,255}$";

export function isId(text: string): boolean {
  return wholeId.test(text);
}

/** A place in a list that is in order of a time, and then of ids. */
export interface TimedPlace {
  at: Date;
  id: string;
}

/** The mark by which a reader of such a list says where they stand. */
export const markOfPlace = ({ at, id }: TimedPlace): string => `${at.getTime()}_${id}`;

const timedMark = /^([0-9]{1,15})_(.{36})$/;

/** The place that a mark means; undefined where it means none. */
export function placeOfMark(mark: string): TimedPlace | undefined {
  const [, at, id = ""] = timedMark.exec(mark) ?? [];
  return at === undefined || !isId(id) ? undefined : { at: new Date(Number(at)), id };
}

/**
 * Trade and member numbers: digits that are spoken on the phone and typed at a counter, the last one a
 * check digit after Damm (2004), which finds every single wrong digit and every swap of neighbours.
 */
const quasigroup = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
] as const;

function interim(digits: string): number {
  let state = 0;
  for (const digit of digits) state = Number(quasigroup[state]?.[Number(digit)] ?? -1);
  return state;
}

/** Appends the check digit to a run of digits. */
export function dammAppend(digits: string): string {
  if (!/^[0-9]+$/.test(digits)) throw new RangeError("Only digits can carry a check digit.");
  return digits + String(interim(digits));
}

/** True where the last digit is the right check digit of those before it. */
export function dammValid(digits: string): boolean {
  return /^[0-9]{2,}$/.test(digits) && interim(digits) === 0;
}

/** Digits of a trade number and of a member number, the check digit included. */
export const tradeNumberLength = 14;
export const memberNumberLength = 10;

/**
 * The trade number that somebody has typed, or a scanner has read: in groups, full-width, or as the bars of a payment slip
 * have it, with (91) before it and what scanners put before that.
 */
export function numberTyped(text: string): string {
  const digits = text.normalize("NFKC").replaceAll(/[\s-]/g, "");
  const [, scanned] = /^(?:\]C1)?(?:\(91\)|91)([0-9]{14})$/.exec(digits) ?? [];
  return scanned ?? digits;
}

/** ISO 8601 durations as they stand in messages: `P7D`, `PT30M`, `P1M`, `P1Y2M3DT4H5M6S`, `P2W`. */
export interface Duration {
  months: number;
  milliseconds: number;
}

const form =
  /^P(?=[0-9T])(?:([0-9]{1,3})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?(?:T(?=[0-9])(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,9})S)?)?$/;

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Durations that were read already: terms repeat the same few. Texts come from outside, so they are not kept without end. */
const read = new Map<string, Readonly<Duration> | undefined>();
const readMost = 1000;

/** Reads a duration, or returns undefined where the text is not one. Fractions are not taken. */
export function parseDuration(text: string): Readonly<Duration> | undefined {
  if (read.has(text)) return read.get(text);
  if (read.size >= readMost) read.clear();
  const duration = readDuration(text);
  read.set(text, duration);
  return duration;
}

function readDuration(text: string): Duration | undefined {
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  return {
    months: (years ?? 0) * 12 + (months ?? 0),
    milliseconds:
      (weeks ?? 0) * 7 * day +
      (days ?? 0) * day +
      (hours ?? 0) * hour +
      (minutes ?? 0) * minute +
      (seconds ?? 0) * second,
  };
}

/** The instant a duration after another one. A month that lacks the day ends on its last day. */
export function addDuration(from: Date, duration: Duration): Date {
  const moved = new Date(from.getTime());
  if (duration.months !== 0) {
    const dayOfMonth = moved.getUTCDate();
    moved.setUTCDate(1);
    moved.setUTCMonth(moved.getUTCMonth() + duration.months);
    const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
    moved.setUTCDate(Math.min(dayOfMonth, lastDay));
  }
  return new Date(moved.getTime() + duration.milliseconds);
}

/**
 * What free text may hold. Control characters other than tab and line breaks are refused (PostgreSQL
 * cannot store NUL), and so is anything that looks like the number of a payment card: Kenshu never
 * takes one, so that no part of it is ever in the scope of the card industry's rules.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * UUIDs and hexadecimal digests, by their form. One UUID in four thousand holds digits that would pass for a card, and
 * references are often made of them.
 */
const identifiers =
  /(?<![0-9a-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=[0-9]*[a-f])[0-9a-f]{32,128})(?![0-9a-z])/gi;
/** Digits in groups, as people write long numbers. */
const groupedDigits = /[0-9]+(?:[ .\-_/]{1,3}[0-9]+)*/g;
/** As many as the shortest card has, in any writing, with little between them: few texts have so many. */
const manyDigits = /(?:\p{Nd}[^\p{Nd}]{0,4}){13}/u;

/** A text as it reads, whatever keyboard wrote it: digits of any writing, dashes and gaps of any width, nothing that is not seen. */
function plainDigits(text: string): string {
  const seen = text.normalize("NFKC").replaceAll(/\p{Cf}/gu, "");
  return seen
    .replaceAll(/[\p{Pd}\u2212]/gu, "-")
    .replaceAll(/\s|[・·]/gu, " ")
    .replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => String(valueOf(digit)));
}

/** What a digit is worth: those of a writing stand in a row, from zero to nine. */
function valueOf(digit: string): number {
  let before = 0;
  const code = digit.codePointAt(0) ?? 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1;
  return before % 10;
}

/**
 * First digits and lengths of the card schemes in use (ISO/IEC 7812 issuer ranges). One number in ten passes the check digit of
 * cards, so all that is wider than the ranges refuses orders, parcels and goods.
 */
const issuers: readonly (readonly [first: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]], // Visa
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]], // Mastercard
  [/^3[47]/, [15]], // American Express
  [/^(30[0-5]|3095|36|3[89])/, [14, 16]], // Diners Club
  [/^(6011|64[4-9]|65)/, [16, 19]], // Discover
  [/^35(2[89]|[3-8])/, [16, 19]], // JCB
  [/^(62|81[0-7])/, [16, 17, 18, 19]], // UnionPay
  [/^(50(18|20|38)|5893|6304|6390|67)/, [16, 18, 19]], // Maestro
  [/^(5019|220[0-4]|506[67]|5090|6362|606282|508[5-9]|60[78]|9792|506[01])/, [16]], // national schemes
];

/** How people write a card: without gaps, or in the groups that are printed on it. */
const cardGroups: ReadonlySet<string> = new Set(["4 4 4 4", "4 4 4 4 3", "4 6 5", "4 6 4", "4 3 3 3"]);

/** The check digit of GS1 numbers (JAN, EAN, GTIN-14): what is one of these is goods, not a card. */
function isGoodsNumber(digits: string): boolean {
  if (digits.length !== 13 && digits.length !== 14) return false;
  const sum = Array.from(digits)
    .reverse()
    .reduce((all, digit, at) => all + Number(digit) * (at % 2 === 1 ? 3 : 1), 0);
  return sum % 10 === 0;
}

function luhn(digits: string): boolean {
  let sum = 0;
  let double = false;
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    const digit = Number(digits[index]);
    const value = double ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
    double = !double;
  }
  return sum % 10 === 0;
}

/** True where the text holds what can be read as a card number, and is not part of a UUID or a digest. */
export function holdsCardNumber(text: string): boolean {
  if (!manyDigits.test(text)) return false;
  const plain = plainDigits(text);
  return hasCardDigits(plain) && hasCardDigits(plain.replaceAll(identifiers, "#"));
}

/** Looks at every row of neighbouring groups, for an expiry date may follow the number. */
function hasCardDigits(text: string): boolean {
  for (const [found] of text.matchAll(groupedDigits)) {
    const groups = found.split(/[^0-9]+/);
    for (const start of groups.keys()) {
      for (let end = start + 1; end <= Math.min(groups.length, start + 5); end += 1) {
        const row = groups.slice(start, end);
        const written = row.length === 1 || cardGroups.has(row.map(({ length }) => length).join(" "));
        if (written && isCardNumber(row.join(""))) return true;
      }
    }
  }
  return false;
}

function isCardNumber(digits: string): boolean {
  const issued = issuers.some(([first, lengths]) => lengths.includes(digits.length) && first.test(digits));
  return issued && luhn(digits) && !isGoodsNumber(digits);
}

/** True where the text can be stored and shown. */
export function isPlainText(text: string): boolean {
  return !controlCharacters.test(text) && !loneSurrogate.test(text);
}

const kana = "\\u3041-\\u3096\\u309d\\u309e\\u30a1-\\u30fa\\u30fc-\\u30fe\\uff66-\\uff9d";

/** How a name is read, as somebody may write it: in hiragana or katakana of either width, with gaps and middle dots between. */
export const kanaForm = `^(?=.*[${kana}])[${kana}\\u3099\\u309a\\uff9e\\uff9f\\u30fb\\uff65 \\u3000]+$`;

const wholeKana = new RegExp(kanaForm);

/** The same in full-width katakana, with one gap between its parts; undefined where it holds anything else. */
export function katakana(text: string): string | undefined {
  if (!wholeKana.test(text)) return undefined;
  return text
    .normalize("NFKC")
    .replaceAll(/[\u3041-\u3096\u309d\u309e]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0x60))
    .trim()
    .replaceAll(/\s+/g, "\u3000");
}
