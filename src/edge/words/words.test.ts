import assert from "node:assert/strict";
import { test } from "node:test";
import { problem, problemCodes } from "../../core/protocol/protocol.ts";
import { actSubjects } from "../act-words/act-words.ts";
import { counterEnglish } from "../counter-words/counter-words.ts";
import { deskSubjects } from "../desk-words/desk-words.ts";
import { guaranteeEnglish } from "../guarantee-words/guarantee-words.ts";
import { runningEnglish } from "../running-words/running-words.ts";
import { shopDeskSubjects } from "../shop-desk-words/shop-desk-words.ts";
import { subjects } from "../words-en/words-en.ts";
import { english, japanese } from "./catalogues.ts";
import { guaranteedKey, refusalIn, type WordKey } from "./words.ts";

const keys = Object.keys(english) as WordKey[];

const placeholdersOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ""))].sort();

const bare = (text: string): string => text.replaceAll(/\{\w+\}/g, "");

/** Names, codes and what stands on things itself: nothing else is written in Latin letters in Japanese. */
const latin = new Set([
  "Kenshu",
  "FAX",
  "PDF",
  "JPEG",
  "PNG",
  "WebP",
  "JPY",
  "ISO",
  "ID",
  "MB",
  "camt",
  "pain",
  "CSV",
  "https",
]);
const latinIn = (text: string): string[] =>
  text.match(/[A-Za-z]+/g)?.filter((word) => !latin.has(word)) ?? [];

/** What may be the same in both languages. */
const alike = new Set<WordKey>(["owner", "trade.each", "arrivals.form.camt.053"]);

/** What the program says of a field is English, and so is left out in Japanese. */
const programs: Partial<Record<WordKey, string[]>> = { "mistake.other": ["message"] };

test("no sentence stands in two subjects", () => {
  const rooms = [subjects, deskSubjects, actSubjects, shopDeskSubjects];
  const every = [
    ...rooms.flatMap((room) => Object.values<object>(room)),
    runningEnglish,
    guaranteeEnglish,
    counterEnglish,
  ];
  const all = every.flatMap((subject) => Object.keys(subject));
  assert.deepEqual(
    all.filter((key, index) => all.indexOf(key) !== index),
    [],
  );
  assert.equal(all.length, keys.length);
});

test("both languages are told the same", () => {
  for (const key of keys) {
    const left = programs[key] ?? [];
    const told = placeholdersOf(english[key]).filter((name) => !left.includes(name));
    assert.deepEqual(placeholdersOf(japanese[key]), told, key);
  }
});

test("a sentence is whole in both languages, or in neither", () => {
  for (const key of keys) {
    // A question can stand over a form without a mark in Japanese.
    if (english[key].endsWith("?")) continue;
    assert.equal(japanese[key].endsWith("。"), english[key].endsWith("."), key);
  }
});

test("Japanese is written as Japanese is", () => {
  for (const key of keys) {
    const text = bare(japanese[key]);
    assert.deepEqual(latinIn(text), [], key);
    assert.doesNotMatch(text, /[０-９Ａ-Ｚａ-ｚ]/u, `${key}: a full-width digit or letter`);
    assert.doesNotMatch(
      text.replaceAll(/\d[,.]\d|(pain|camt)\.\d/g, ""),
      /[,.:;!?()]/,
      `${key}: a half-width mark`,
    );
    for (const found of japanese[key].matchAll(/(.?) (.?)/gu))
      assert.match(`${found[1]}${found[2]}`, /[\w{}×]/, `${key}: a space between Japanese words`);
    if (!alike.has(key)) assert.notEqual(japanese[key], english[key], key);
  }
});

test("English is written as English is", () => {
  for (const key of keys)
    assert.doesNotMatch(
      english[key],
      /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u,
      key,
    );
});

test("each refusal is called something in Japanese, in no other's words", () => {
  const titles = problemCodes.map((code) => refusalIn("ja", problem(code)));
  for (const title of titles) {
    assert.deepEqual(latinIn(title), [], title);
    assert.match(title, /[^。.]$/u, title);
  }
  assert.deepEqual(
    titles.filter((title, index) => titles.indexOf(title) !== index),
    [],
  );
  assert.equal(refusalIn("en", problem("not_found")), problem("not_found").title);
});

test("what is said otherwise where a guarantor stands for it stands for a sentence", () => {
  const others = keys.filter((key) => key.startsWith("guaranteed."));
  assert.ok(others.length > 30);
  const stoodFor = keys.flatMap((key) => guaranteedKey(key) ?? []);
  assert.deepEqual(stoodFor.toSorted(), others.toSorted());
  for (const key of stoodFor) assert.doesNotMatch(english[key], /frozen|freeze/i, key);
});
