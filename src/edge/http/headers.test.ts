import assert from "node:assert/strict";
import { test } from "node:test";
import { languageAsked } from "./http.ts";

const cases: [header: string | undefined, language: "en" | "ja" | undefined][] = [
  [undefined, undefined],
  ["", undefined],
  ["ja", "ja"],
  ["ja-JP", "ja"],
  ["en-US,en;q=0.9,ja;q=0.8", "en"],
  ["fr-CH, fr;q=0.9, ja;q=0.8, en;q=0.7", "ja"],
  ["en;q=0.2, ja;q=0.9", "ja"],
  ["ja;q=0, en;q=0.1", "en"],
  ["ja;q=0", undefined],
  ["ja;q=much", undefined],
  ["jam, enm", undefined],
  ["*", undefined],
  [`${"x,".repeat(400)}ja`, undefined],
];
for (const [header, language] of cases) {
  test(`a browser that asks for ${JSON.stringify(header?.slice(0, 40))} gets ${language ?? "none of them"}`, () => {
    assert.equal(languageAsked(header, ["en", "ja"]), language);
  });
}
