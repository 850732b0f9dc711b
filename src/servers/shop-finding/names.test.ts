import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, markOf, marksOf, needleOf } from "./names.ts";

const secret = Buffer.alloc(32, 7);
const found = (typed: string, ...names: string[]): boolean => {
  const needle = needleOf(typed);
  if (needle === undefined) return false;
  return marksOf(secret, names).includes(markOf(secret, needle.by)) && fits(needle, names);
};

test("a name is found by its beginnings, however wide, in whichever kana", () => {
  for (const [typed, ...names] of [
    ["Tan", "Aoi Tanaka"],
    ["tanaka aoi", "Aoi Tanaka"],
    ["ＡＯＩ", "Aoi Tanaka"],
    ["aoitana", "Aoi Tanaka"],
    ["田", "田中 葵"],
    ["田中葵", "田中　葵"],
    ["田中 葵", "田中葵"],
    ["たなか", "田中 葵", "タナカ アオイ"],
    ["ﾀﾅｶ", "田中 葵", "たなか あおい"],
    ["タナ", "田中 葵", "たなか あおい"],
    ["ﾀﾞﾃ", "伊達", "だて"],
    ["O'Brien", "Sean O'Brien"],
    ["müller", "Jürgen Müller"],
    ["averylongname", "averylongnameindeed"],
  ] as const)
    assert.ok(found(typed, ...names), typed);
});

test("what is not the beginning of a name finds nobody, and nothing typed is a pattern", () => {
  for (const typed of ["anaka", "Tanako", "%", "_", "T", "た", "", "   ", "tan aoix", "ナカ", "*", "\\"])
    assert.ok(!found(typed, "Aoi Tanaka", "タナカ アオイ"), typed);
  assert.equal(needleOf("%"), undefined);
  assert.equal(needleOf("a"), undefined);
});

test("a copy of the table tells little: another key leaves other marks, and many names share one", () => {
  const other = Buffer.alloc(32, 8);
  assert.notDeepEqual(marksOf(secret, ["Aoi Tanaka"]), marksOf(other, ["Aoi Tanaka"]));
  assert.ok(marksOf(secret, ["Aoi Tanaka"]).every((mark) => mark >= 0 && mark < 1 << 20));
  assert.deepEqual(marksOf(secret, ["", undefined]), []);
});
