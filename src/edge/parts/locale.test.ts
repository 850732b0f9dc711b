import assert from "node:assert/strict";
import { test } from "node:test";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import type { AcceptorRole } from "../../core/protocol/protocol.ts";
import type { Language } from "../words/words.ts";
import { plain, Reading, useRoles, useSpan } from "./locale.tsx";

const said = (lang: Language, Component: () => string): string =>
  renderToString(h(Reading.Provider, { value: { ...plain, lang } }, h(Component, {})));

const roles: readonly [AcceptorRole[], "or" | "and", string, string][] = [
  [["buyer"], "or", "you", "お客様"],
  [["buyer", "carrier"], "or", "you or the carrier", "お客様または配送業者"],
  [["buyer", "carrier"], "and", "you and the carrier", "お客様と配送業者"],
  [["buyer", "carrier", "shop"], "or", "you, the carrier or the shop", "お客様、配送業者または店舗"],
];

for (const [of, joint, english, japanese] of roles)
  test(`who may: ${english}`, () => {
    for (const [lang, text] of [
      ["en", english],
      ["ja", japanese],
    ] as const)
      assert.equal(
        said(lang, () => useRoles()(of, joint)),
        text,
      );
  });

const spans: readonly [string, string, string][] = [
  ["P1D", "1 day", "1日"],
  ["P14D", "14 days", "14日"],
  ["PT36H", "36 hours", "36時間"],
  ["PT90S", "2 minutes", "2分"],
  ["P1M", "1 month", "1か月"],
  ["P2M3D", "2 months and 3 days", "2か月と3日"],
];

for (const [duration, english, japanese] of spans)
  test(`how long: ${duration}`, () => {
    assert.equal(
      said("en", () => useSpan()(duration)),
      english,
    );
    assert.equal(
      said("ja", () => useSpan()(duration)),
      japanese,
    );
  });
