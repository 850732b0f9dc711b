import assert from "node:assert/strict";
import { test } from "node:test";
import { isDisguised, isUnseen, looksOf } from "./parties.ts";

const isAlike = (one: string, other: string): boolean =>
  looksOf(one).some((look) => looksOf(other).includes(look));

const alike: readonly [string, string][] = [
  ["Aoi Tea", "AOI TEA"],
  ["Aoi Tea", "  aoi　tea "],
  ["Aoi Tea", "AoiTea"],
  ["Aoi Tea", "Ａｏｉ Ｔｅａ"],
  ["Aoi Tea", "Aoi Tea."],
  ["Aoi Tea", "“Aoi Tea” –"],
  ["Aoi Tea", "aoi-tea"],
  ["Aoi Tea", "Aoi_Tea"],
  ["Aoi Tea", "Aoi ー Tea"],
  ["Aoi Tea", "Aoi・Tea"],
  ["Aoi-Tea", "Aoi – Tea"],
  ["Hayabusa Express", "Hayabusa-Express"],
  ["Hayabusa Express", "Haya-busa 一 Express!"],
  ["Aoi Tea", "Aoi Téa"],
  ["Aoi Tea", "𝐀𝐨𝐢 𝐓𝐞𝐚"],
  ["Aoi Tea", "Aoi\u200b Tea\u202e"],
  ["Aoi Tea", "Аoі Теа"],
  ["Aoi Tea", "Αοι Tea"],
  ["PayPal", "PayPaI"],
  ["PayPal", "PayPa1"],
  ["Oslo", "0slo"],
  ["Modern", "Modem"],
  ["ロコモ", "口コモ"],
  ["カフェ", "力フェ"],
  ["カフェ", "ｶﾌｪ"],
  ["エコ", "工コ"],
  ["ニコニコ", "二コ二コ"],
  ["コーヒー", "コ一ヒ一"],
  ["コーヒー", "コ-ヒ—"],
  ["ハチ", "八千"],
  ["タイト", "夕イ卜"],
  ["ヘリ", "へり"],
  ["キヤノン", "キャノン"],
];
for (const [one, other] of alike)
  test(`${one} is read as ${JSON.stringify(other)}`, () => {
    assert.ok(isAlike(one, other), `${looksOf(one).join()} and ${looksOf(other).join()}`);
    assert.ok(isAlike(other, one));
  });

const apart: readonly [string, string][] = [
  ["Aoi Tea", "Aoi Tea House"],
  ["Aoi Tea", "Aoi Ten"],
  ["カフェ", "かふぇ"],
  ["ハハ", "ババ"],
  ["ハハ", "パパ"],
  ["一番", "番"],
  ["コーヒ", "コヒ"],
  ["-", "--="],
  ["第一", "第二"],
  ["Mail", "Male"],
  ["!!!", "???"],
];
for (const [one, other] of apart)
  test(`${one} is not read as ${other}`, () =>
    assert.ok(!isAlike(one, other), `${looksOf(one).join()} and ${looksOf(other).join()}`));

test("letters of two scripts with shapes in common, or of one that is hardly read, are a disguise", () => {
  for (const name of ["Аоi", "Pαy", "ᎪᎾᏆ", "ꓮꓳꓲ"]) assert.ok(isDisguised(name), name);
  for (const name of ["Aoi 茶 Tea", "Чай", "Τσάι", "카페", "カフェ Ａｏｉ 2", "Café & Co. №1", "مقهى"])
    assert.ok(!isDisguised(name), name);
});

test("what nobody sees is found", () => {
  for (const name of ["a\u200bb", "a\u202eb", "a\nb", "a\u2028b", "\u3164", " ", "\ufeffa", "\u0301"])
    assert.ok(isUnseen(name), JSON.stringify(name));
  for (const name of ["Aoi Tea", "カフェ　青い", "Café"]) assert.ok(!isUnseen(name), name);
});
