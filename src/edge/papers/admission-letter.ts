/**
 * The letter by which somebody learns that they are a member (入会通知, paragraph 0082): their number, a code for the first
 * sign-in where they have none yet, and a form to send back (信用保証枠設定依頼書). Folded in three, the address shows in the
 * window of the envelope, and number and code lie inside.
 */
import { type LetterWord, letterWords } from "./letter-words.ts";
import { a4, type Look, makePaper, type Paper, type PaperLanguage, type Place, type Sheet } from "./sheet.ts";
import { dayOf, filled, grouped } from "./telling.ts";

export interface AdmissionLetter {
  lang: PaperLanguage;
  /** Whose members they are. */
  server: string;
  /** Where they sign in: for the first time where there is a code, else as always. */
  url: string;
  at: Date;
  /** IANA name of the zone in which days are told. */
  timeZone: string;
  name: string;
  address: string;
  number: string;
  /** For the first sign-in; null where they have one already. */
  code: { digits: string; until: Date } | null;
  /** ISO 4217 codes of the credit lines that there are; where there are none, no form goes with the letter. */
  currencies: readonly string[];
}

type Say = (word: LetterWord) => string;

const margin = 20;
const inside = a4.width - 2 * margin;

/**
 * Where the address stands, and where the sheet is folded: a Japanese envelope (長形3号, window on the left) for one
 * language, DIN 5008 form B for the other. Both leave five millimetres in which the sheet may slip.
 */
const windows: Readonly<Record<PaperLanguage, { place: Place; folds: readonly number[] }>> = {
  ja: { place: { x: 24, y: 17, width: 76, height: 28 }, folds: [99, 198] },
  en: { place: { x: 25, y: 50, width: 75, height: 35 }, folds: [105, 210] },
};

export function admissionLetter(data: AdmissionLetter): Promise<Paper> {
  const { lang, server, url, at, timeZone, name, code } = data;
  const until = code === null ? "" : dayOf(code.until, lang, timeZone);
  const values = { server, url, name, until, day: dayOf(at, lang, timeZone) };
  const say: Say = (word) => filled(letterWords[lang][word], values);
  return makePaper({ lang, title: say("title"), author: server, at }, (sheet) => {
    drawAddress(sheet, data, say);
    drawLetter(sheet, data, say);
    if (data.currencies.length === 0) return;
    sheet.nextPage();
    drawForm(sheet, data, say);
  });
}

/** In Japan the place comes before the person. */
function drawAddress(sheet: Sheet, { lang, address, server }: AdmissionLetter, say: Say): void {
  const { place, folds } = windows[lang];
  const { x, y, width, height } = place;
  const person = 11;
  const above = lang === "ja" ? height - person : 0;
  sheet.text(address, { x, y: lang === "ja" ? y : y + person, width, height: height - person }, { size: 11 });
  sheet.text(say("to"), { x, y: y + above, width, height: person }, { size: 13 });
  for (const fold of folds) sheet.line([4, fold], [9, fold]);
  const right: Look = { size: 9, align: "right" };
  sheet.text(server, { x: 110, y: 18, width: a4.width - 110 - margin, height: 8 }, right);
  sheet.text(say("date"), { x: 110, y: 27, width: a4.width - 110 - margin, height: 6 }, right);
}

/** The first fold lies above all that is nobody else's to read. */
const body = 110;

function drawLetter(sheet: Sheet, { number, code, currencies }: AdmissionLetter, say: Say): void {
  const at = (y: number, height: number): Place => ({ x: margin, y: body + y, width: inside, height });
  sheet.text(say("title"), at(0, 12), { size: 17, bold: true });
  sheet.text(say("greeting"), at(14, 15), { size: 10 });
  const boxed = (y: number, label: LetterWord, digits: string): void => {
    sheet.frame(at(y, 22));
    sheet.text(say(label), { ...at(y + 2, 5), x: margin + 4 }, { size: 8 });
    const place = { x: margin + 4, y: body + y + 6, width: inside - 8, height: 14 };
    sheet.text(grouped(digits), place, { size: 28, bold: true, align: "center", spacing: 2, middle: true });
  };
  boxed(31, "number", number);
  if (code === null) sheet.text(say("hasSignIn"), at(58, 18), { size: 10 });
  else {
    boxed(58, "code", code.digits);
    sheet.text(say("codeUntil"), at(82, 6), { size: 9, bold: true });
    sheet.text(say("steps"), at(90, 22), { size: 10 });
    sheet.text(say("secret"), at(113, 20), { size: 9 });
    sheet.text(say("noUse"), at(134, 12), { size: 9 });
  }
  if (currencies.length > 0) sheet.text(say("lineNote"), at(code === null ? 80 : 148, 12), { size: 10 });
}

const row = 14;

function drawForm(sheet: Sheet, { number, currencies }: AdmissionLetter, say: Say): void {
  const at = (y: number, height: number): Place => ({ x: margin, y, width: inside, height });
  sheet.text(say("form"), at(20, 12), { size: 17, bold: true });
  sheet.text(say("formLead"), at(34, 12), { size: 10 });
  const rows: [LetterWord, string, number?][] = [
    ["formNumber", grouped(number)],
    ["formName", ""],
    ["formBirth", ""],
    ["formPhone", ""],
    ["formChange", say("formChangeOf")],
    ["formCurrency", currencies.map((currency) => `□ ${currency}`).join("    ")],
    ["formLimit", ""],
    ["formUse", "", 2],
    ["formDate", ""],
    ["formSigned", "", 1.5],
  ];
  let y = 50;
  for (const [word, value, high = 1] of rows) {
    if (word === "formDate") {
      sheet.text(say("formConsent"), at(y + 3, 13), { size: 9 });
      y += 18;
    }
    fillIn(sheet, at(y, row * high), say(word), value);
    y += row * high;
  }
  drawOffice(sheet, y + 8, say);
}

/** A row of the form: what is asked for, and the space for it. */
function fillIn(sheet: Sheet, place: Place, label: string, value: string): void {
  const asked = 45;
  sheet.frame(place);
  sheet.line([place.x + asked, place.y], [place.x + asked, place.y + place.height]);
  const beside = { ...place, x: place.x + 2, width: asked - 4 };
  sheet.text(label, beside, { size: 9, middle: true });
  const space = { ...place, x: place.x + asked + 3, width: place.width - asked - 6 };
  sheet.text(value, space, { size: 12, middle: true });
}

function drawOffice(sheet: Sheet, y: number, say: Say): void {
  sheet.text(say("office"), { x: margin, y, width: inside, height: 5 }, { size: 7.5 });
  const words = ["officeIn", "officeReference", "officeFirst", "officeSecond"] as const;
  const width = inside / words.length;
  for (const [index, word] of words.entries()) {
    const place = { x: margin + index * width, y: y + 5, width, height: 16 };
    sheet.frame(place);
    sheet.text(say(word), { ...place, x: place.x + 1.5, y: place.y + 1, height: 4 }, { size: 6.5 });
  }
}
