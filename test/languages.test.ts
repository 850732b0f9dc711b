/** Each page of a trading server in each language: nothing on it is written in another. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type SampleTexts } from "./support/tables/sample-trades.ts";
import { samplePages } from "./support/tables/samples.ts";
import { japaneseIn, latinWords, visibleText } from "./support/world/visible-text.ts";

const japanese: SampleTexts = {
  shop: "宇治茶舗",
  goods: "急須と湯呑み",
  reason: "湯呑み二つに、ひびが入っています。",
  person: "佐藤花子",
};

const english: SampleTexts = {
  shop: "Uji Tea House",
  goods: "Tea set, celadon",
  reason: "Two cups have a crack.",
  person: "Sato Hanako",
};

/** Names, codes and measures, which are Latin in Japanese too. */
const known = [
  "Kenshu",
  "UTC",
  "JST",
  "JPY",
  "USD",
  "ID",
  "MB",
  "camt",
  "pain",
  "FAX",
  "PDF",
  "ISO",
  "SHA",
  "JPEG",
  "PNG",
  "WebP",
  "CSV",
  "https",
];
const inJapanese = Object.entries(samplePages(japanese, { lang: "ja", back: "/" }));

for (const [page, html] of inJapanese)
  test(`in Japanese: ${page}`, () => {
    assert.ok(html.startsWith('<!doctype html><html lang="ja">'));
    assert.deepEqual(latinWords(visibleText(html), known), []);
  });

for (const [page, html] of Object.entries(samplePages(english, { lang: "en", back: "/" })))
  test(`in English: ${page}`, () => {
    assert.ok(html.startsWith('<!doctype html><html lang="en">'));
    assert.deepEqual(japaneseIn(visibleText(html)), []);
  });

test("a Japanese page that speaks of accepting says what it is", () => {
  for (const [page, html] of inJapanese)
    if (visibleText(html).includes("検収"))
      assert.ok(html.includes("届いた品物を確かめて、間違いない"), page);
});
