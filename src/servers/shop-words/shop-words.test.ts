import assert from "node:assert/strict";
import { test } from "node:test";
import { japaneseIn, latinWords } from "../../../test/support/world/visible-text.ts";
import { shopCatalogues, type ShopWordKey } from "./shop-words.ts";

const { en, ja } = shopCatalogues;
const keys = Object.keys(en) as ShopWordKey[];

const valuesIn = (sentence: string): string[] => [...sentence.matchAll(/\{\w+\}/g)].map(([name]) => name);

test("what is filled in is the same in each language", () => {
  for (const key of keys) assert.deepEqual(valuesIn(ja[key]).sort(), valuesIn(en[key]).sort(), key);
});

/** Names, measures, and the beginnings of addresses. */
const known = ["Kenshu", "CSV", "ml", "L", "IH", "cm", "mm", "http", "https"];

test("no language has words of another", () => {
  assert.deepEqual(japaneseIn(Object.values(en).join("\n")), []);
  for (const key of keys) {
    const said = ja[key].replaceAll(/\{\w+\}/g, "");
    assert.deepEqual(latinWords(said, known), [], key);
    assert.doesNotMatch(said, /[０-９Ａ-Ｚａ-ｚ]|[,.;!?](?!\d)/, key);
  }
});

test("what is a whole sentence in one language is one in the other", () => {
  const ends = (text: string) => /[.?。]$/.test(text);
  for (const key of keys) {
    // What is a label or a question of a form in Japanese may be a sentence in English, and names are none in either.
    if (/^(?:act|do|contest|checkout)\./.test(key) || en[key].endsWith("?")) continue;
    assert.equal(ends(ja[key]), ends(en[key]), `${key}: ${ja[key]}`);
  }
});
