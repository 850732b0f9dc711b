import assert from "node:assert/strict";
import { test } from "node:test";
import { formsOf, soughtIn } from "./normal.ts";

const hana = {
  name: "髙橋　花子",
  kana: "タカハシ　ハナコ",
  phone: "+81 (0)90-1234-5678",
  email: "Hana@Example.com",
};

for (const [said, finds] of [
  ["高橋花子", true],
  ["高橋 花子", true],
  ["花子 髙橋", true],
  ["髙橋", true],
  ["花子", true],
  ["たかはし はなこ", true],
  ["ﾀｶﾊｼ", true],
  ["たかはしはなこ", true],
  ["０９０－１２３４－５６７８", true],
  ["+81 90 1234 5678", true],
  ["HANA@example.com", true],
  ["高", false],
  ["高橋 太郎", false],
  ["ハナ", false],
  ["09012345679", false],
] as const)
  test(`${said} ${finds ? "finds her" : "does not find her"}`, () => {
    const known = new Set(formsOf(hana));
    const sought = soughtIn(said)?.forms ?? [];
    assert.equal(
      sought.some((form) => known.has(form)),
      finds,
    );
  });

for (const nothing of ["%", "a", "花", "  ", "*", "_", "12", "a%", "山?", "...", "@", "'"])
  test(`${nothing} is nothing to find anybody by`, () => assert.equal(soughtIn(nothing), undefined));

test("names of other scripts are found with and without their marks, in any order", () => {
  const known = new Set(formsOf({ name: "José O'Neill", kana: null, phone: null, email: null }));
  for (const said of ["jose o'neill", "JOSÉ", "neill", "O'Neill José"])
    assert.ok(
      soughtIn(said)?.forms.some((form) => known.has(form)),
      said,
    );
});
