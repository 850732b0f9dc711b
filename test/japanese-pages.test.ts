import assert from "node:assert/strict";
import { test } from "node:test";
import { samplePages } from "./support/tables/samples.ts";
import { plainTexts, type SampleTexts } from "./support/tables/sample-trades.ts";

const texts: SampleTexts = {
  shop: "宇治茶舗",
  goods: "湯呑み",
  reason: "欠けがあります。",
  person: "佐藤花子",
};
const japanese = Object.entries(samplePages(texts, { lang: "ja" }));

/** What a page says and what is read out of it, without its marks. */
function wordsOf(html: string): string {
  const spoken = [...html.matchAll(/ (?:title|alt|aria-label|placeholder)="([^"]*)"/g)].map(
    ([, text]) => text,
  );
  return [html.replaceAll(/<code[^>]*>.*?<\/code>|<[^>]+>/gs, "\n"), ...spoken].join("\n");
}

/** What stands in Latin letters on a Japanese page too: names, codes, zones, addresses, and what the samples bring along. */
const latin = new Set(["Kenshu", "FAX", "PDF", "JPY", "USD", "JST", "Asia/Tokyo", "ISO", "pain", "SHA"]);
const brought = ["Frozen first.", "Delivery", "not_found"];

function englishIn(html: string): string[] {
  const bare = brought
    .reduce((text, words) => text.replaceAll(words, ""), wordsOf(html))
    .replaceAll(/https?:\S+|\S+@\S+|\w+\.example/g, "");
  return (bare.match(/[A-Za-z][A-Za-z/]*/g) ?? []).filter((word) => !latin.has(word));
}

test("no English stands on a Japanese page", () => {
  for (const [page, html] of japanese) {
    assert.match(html, /^<!doctype html><html lang="ja">/, page);
    assert.deepEqual(englishIn(html), [], page);
  }
});

test("no Japanese stands on an English page", () => {
  for (const [page, html] of Object.entries(samplePages(plainTexts)))
    assert.doesNotMatch(
      wordsOf(html),
      /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}\u3000-\u303f\uff01-\uff5e]/u,
      page,
    );
});

test("a Japanese page that speaks of accepting says what it is", () => {
  const meaning = "届いた品物を確かめて、間違いない";
  for (const [page, html] of japanese)
    if (wordsOf(html).includes("検収")) assert.ok(html.includes(meaning), page);
});
