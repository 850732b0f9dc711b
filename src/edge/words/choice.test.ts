import assert from "node:assert/strict";
import { test } from "node:test";
import { zoneNamed } from "../../core/protocol/protocol.ts";
import { languageOf, wishedLanguage } from "./words.ts";

const asked = (headers: Record<string, string>) => ({ headers });

for (const [name, headers, wished] of [
  ["who says nothing has not chosen", {}, undefined],
  ["a browser asks for the first of ours", { "accept-language": "fr, ja-JP;q=0.9, en;q=0.8" }, "ja"],
  ["a browser asks for none of ours", { "accept-language": "fr" }, undefined],
  ["what was chosen counts more", { "accept-language": "ja", cookie: "a=b; language=en" }, "en"],
  ["over HTTPS the cookie has its prefix", { cookie: "__Host-language=ja" }, "ja"],
  ["what is no language is not chosen", { cookie: "language=xx", "accept-language": "ja" }, "ja"],
] as const)
  test(name, () => {
    assert.equal(wishedLanguage(asked(headers)), wished);
    assert.equal(languageOf(asked(headers)), wished ?? "en");
  });

test("a zone has one name, however its letters are written", () => {
  assert.equal(zoneNamed("Asia/Tokyo"), "Asia/Tokyo");
  assert.equal(zoneNamed("ASIA/tOkYo"), "Asia/Tokyo");
  for (const none of ["Asia/Nowhere", "IST", "", "x".repeat(70), "../etc"])
    assert.equal(zoneNamed(none), undefined, none);
});
