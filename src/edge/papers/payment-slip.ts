/**
 * What a member takes to a counter (figure 8, step 6): who is paid, the amount, until when, the number in large digits and as
 * bars, and the three parts that a counter tears apart. Who pays does not stand on it: the number is enough.
 */
import { formatMoney } from "../../core/money/money.ts";
import { type Barcode, barcodeOf } from "./barcode.ts";
import { a4, makePaper, type Paper, type PaperLanguage, type Place, type Sheet } from "./sheet.ts";
import { type SlipFor, type SlipWord, slipWords } from "./slip-words.ts";
import { dayOf, filled, grouped, momentOf } from "./telling.ts";

export interface PaymentSlip {
  lang: PaperLanguage;
  /** Who stands for the trade. */
  server: string;
  at: Date;
  /** IANA name of the zone in which times are told. */
  timeZone: string;
  /** What is paid; the slip's words are by it. */
  paidFor: SlipFor;
  number: string;
  /** Who is paid: the shop of an order, else whose bill or account it is. */
  payee: string;
  /** The shop's own number of the order; null where there is none. */
  reference: string | null;
  currency: string;
  /** What is to be paid still, in minor units. */
  amount: bigint;
  payBy: Date;
}

/** The data with the words in which they are told. */
interface Telling {
  say: Readonly<Record<SlipWord, string>>;
  number: string;
  code: Barcode;
  payee: string;
  reference: string | null;
  amount: string;
  payBy: string;
}

const margin = 20;
/** The slip itself is the lower part of the sheet. */
const slip = { top: 180, height: 103, inner: 5 } as const;
/** Where its parts begin and end, from left to right. */
const cuts = [8, 64, 150, 202] as const;
const barHeight = 20;
/** Millimetres; GS1 asks for 0.495 at least where counters of all kinds read it. */
const barModule = 0.495;

export async function paymentSlip(data: PaymentSlip): Promise<Paper> {
  const { lang, server, at, timeZone } = data;
  const say = slipWords(lang, data.paidFor);
  const told: Telling = {
    say,
    number: data.number,
    code: await barcodeOf(data.number),
    payee: data.payee,
    reference: data.reference,
    amount: formatMoney(data.amount, data.currency, lang),
    payBy: momentOf(data.payBy, lang, timeZone),
  };
  return makePaper({ lang, title: `${say.title} ${data.number}`, author: server, at }, (sheet) => {
    const words = (word: SlipWord) => filled(say[word], { server, timeZone, day: dayOf(at, lang, timeZone) });
    drawLetter(sheet, told, words);
    drawParts(sheet, told);
  });
}

function drawLetter(
  sheet: Sheet,
  { number, payee, reference, amount, payBy }: Telling,
  words: (word: SlipWord) => string,
): void {
  const width = a4.width - 2 * margin;
  const at = (y: number, height: number): Place => ({ x: margin, y, width, height });
  sheet.text(words("title"), at(18, 12), { size: 20, bold: true });
  sheet.text(words("lead"), at(33, 20), { size: 10.5 });
  const facts: readonly (readonly [SlipWord, string, Parameters<Sheet["text"]>[2]])[] = [
    ["payee", payee, { size: 13 }],
    ...(reference === null ? [] : ([["reference", reference, { size: 11 }]] as const)),
    ["amount", amount, { size: 20, bold: true }],
    ["payBy", payBy, { size: 13, bold: true }],
    ["number", grouped(number), { size: 24, bold: true }],
  ];
  const step = 14;
  for (const [index, [word, value, look]] of facts.entries()) {
    const y = 58 + index * step;
    sheet.text(words(word), { x: margin, y, width: 32, height: step }, { size: 9, middle: true });
    const place = { x: margin + 34, y, width: width - 34, height: step };
    sheet.text(value, place, { ...look, middle: true });
    sheet.line([margin, y + step], [a4.width - margin, y + step]);
  }
  sheet.text(words("changes"), at(132, 16), { size: 9 });
  sheet.text(words("receipt"), at(149, 11), { size: 9 });
  sheet.text(words("zone"), at(161, 6), { size: 7.5 });
  sheet.text(words("cut"), at(173, 5), { size: 7.5, align: "center" });
  sheet.line([0, slip.top - 1], [a4.width, slip.top - 1], true);
}

function drawParts(sheet: Sheet, told: Telling): void {
  const { say } = told;
  const [first, second, third, last] = cuts;
  for (const x of [second, third]) sheet.line([x, slip.top], [x, slip.top + slip.height], true);
  const columnOf = (from: number, to: number) => ({
    x: from + slip.inner,
    width: to - from - 2 * slip.inner,
  });
  const customer = columnOf(first - slip.inner, second);
  drawPart(sheet, told, customer, "customer", "customerFoot");
  drawStamp(sheet, say.stamp, customer);
  const store = columnOf(second, third);
  drawPart(sheet, told, store, "store", "storeFoot");
  drawBars(sheet, told.code, store);
  const stub = columnOf(third, last + slip.inner);
  drawPart(sheet, told, stub, "stub", "stubFoot");
  drawStamp(sheet, say.stamp, stub);
}

interface Column {
  x: number;
  width: number;
}

/** What stands on each part alike. */
function drawPart(sheet: Sheet, told: Telling, column: Column, title: SlipWord, foot: SlipWord): void {
  const { say, number, payee, amount, payBy } = told;
  const at = (y: number, height: number): Place => ({ ...column, y: slip.top + y, height });
  const fact = (y: number, word: SlipWord, value: string, height: number, size: number): void => {
    sheet.text(say[word], at(y, 4), { size: 6.5 });
    sheet.text(value, at(y + 4, height), { size, bold: true, least: 4.5 });
  };
  sheet.text(say[title], at(3, 7), { size: 11, bold: true });
  fact(12, "payee", payee, 9, 9);
  fact(27, "number", grouped(number), 7, 13);
  fact(40, "amount", amount, 7, 13);
  fact(53, "payBy", payBy, 5, 8.5);
  sheet.text(say[foot], at(slip.height - 6, 4), { size: 6.5 });
}

function drawStamp(sheet: Sheet, word: string, { x, width }: Column): void {
  const side = 24;
  const place = { x: x + width - side, y: slip.top + 69, width: side, height: side };
  sheet.frame(place);
  sheet.text(word, { ...place, height: 4 }, { size: 6, align: "center" });
}

function drawBars(sheet: Sheet, code: Barcode, { x, width }: Column): void {
  // The light space that scanners need on both sides is ten modules: half of what the part leaves free.
  const left = x + (width - code.width * barModule) / 2;
  const y = slip.top + 66;
  sheet.bars(
    code.bars.map((bar) => ({ x: left + bar.at * barModule, width: bar.width * barModule })),
    y,
    barHeight,
  );
  sheet.text(code.text, { x, y: y + barHeight + 1, width, height: 4 }, { size: 8, align: "center" });
}
