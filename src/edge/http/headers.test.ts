import assert from "node:assert/strict";
import { test } from "node:test";
import { cookieName, languageAsked } from "./http.ts";

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

test("servers on ports of one host have cookies of their own, since browsers send one's to the other", () => {
  const named = (url: string) => cookieName(url, "kenshu_session");
  assert.equal(named("http://127.0.0.1:4020"), "kenshu_session_4020");
  assert.equal(named("http://127.0.0.1:4030/"), "kenshu_session_4030");
  assert.equal(named("https://pay.example:8443"), "__Host-kenshu_session_8443");
  assert.equal(named("https://pay.example"), "__Host-kenshu_session");
  assert.equal(named("http://pay.example"), "kenshu_session");
});
