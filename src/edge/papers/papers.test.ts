/** Papers are rendered and looked at: their bars by a decoder of others, their places by where ink is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { barcodesOn, inkIn, picturesOf } from "../../../test/support/world/paper-reader.ts";
import { numberTyped } from "../../core/protocol/protocol.ts";
import { slipWords } from "./slip-words.ts";
import { absent, openFonts, printable } from "./fonts.ts";
import { type AdmissionLetter, admissionLetter, type PaymentSlip, paymentSlip } from "./papers.ts";

const at = new Date("2026-11-29T00:00:00Z");
const long = "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末".repeat(6);

const slip: PaymentSlip = {
  lang: "ja",
  server: "Kenshu Guarantor",
  at,
  timeZone: "Asia/Tokyo",
  paidFor: "order",
  number: "48210733951146",
  payee: "髙﨑𠮷野陶器店",
  reference: "A-1024",
  currency: "JPY",
  amount: 3600n,
  payBy: new Date("2026-12-13T05:05:00Z"),
};

const letter: AdmissionLetter = {
  lang: "ja",
  server: "Kenshu Guarantor",
  url: "https://guarantor.example/first-sign-in",
  at,
  timeZone: "Asia/Tokyo",
  name: "髙﨑 德子",
  address: "〒020-0021\n岩手県盛岡市中央通三丁目7番30号",
  number: "4821073395",
  code: { digits: "493817205566", until: new Date("2027-01-28T00:00:00Z") },
  currencies: ["JPY"],
};

test("the bars of a slip are GS1-128 with the whole trade number, whatever else stands on it", async () => {
  const most = 2n ** 53n - 1n;
  const cases: PaymentSlip[] = [
    slip,
    { ...slip, lang: "en", timeZone: "UTC", payee: long, reference: long, currency: "USD", amount: most },
    { ...slip, number: "10000000000000", reference: null, amount: 1n },
  ];
  for (const data of cases) {
    const pages = await picturesOf((await paymentSlip(data)).pdf);
    assert.equal(pages.length, 1, "it is one sheet, however long the names are");
    const [page] = pages;
    assert.ok(page);
    const read = (await barcodesOn(page)).map(({ text, symbologyIdentifier }) => [symbologyIdentifier, text]);
    assert.deepEqual(read, [["]C1", `(91)${data.number}`]]);
  }
});

test("a counter takes what a scanner types for the number", () => {
  const { number } = slip;
  const cases = [
    number,
    "4821 0733 9511 46",
    "４８２１－０７３３－９５１１－４６",
    `(91)${number}`,
    `91${number}`,
    `]C191${number}`,
    ` 91${number}\r`,
  ];
  for (const typed of cases) assert.equal(numberTyped(typed), number, typed);
  for (const other of ["91", "9148210733951", `92${number}`, "91482107339511467"])
    assert.equal(numberTyped(other), other);
});

test("a slip is read by a counter's scanner at a low resolution too", async () => {
  const [page] = await picturesOf((await paymentSlip(slip)).pdf, 1.5);
  assert.ok(page);
  assert.equal((await barcodesOn(page))[0]?.text, `(91)${slip.number}`);
});

test("a slip has words by what is paid, and no row for an order where there is none", async () => {
  const fifth = { x: 20, y: 58 + 4 * 14 + 1, width: 170, height: 12 };
  const rowsOf = async (data: PaymentSlip) => {
    const [page] = await picturesOf((await paymentSlip(data)).pdf);
    return page === undefined ? assert.fail() : inkIn(page, fifth) > 0;
  };
  for (const lang of ["en", "ja"] as const) {
    assert.ok(await rowsOf({ ...slip, lang }));
    for (const paidFor of ["order", "bill", "funding"] as const) {
      assert.equal(await rowsOf({ ...slip, lang, paidFor, reference: null }), false, paidFor);
      const words = Object.values(slipWords(lang, paidFor)).join(" ");
      assert.equal(/ordered|Shop|trade|注文の品|店舗|取引/.test(words), paidFor === "order", words);
    }
  }
});

test("address and name stay in the window of the envelope, and the code lies behind the fold", async () => {
  const cases: [AdmissionLetter, window: { x: number; y: number; width: number; height: number }][] = [
    [letter, { x: 20, y: 12, width: 85, height: 38 }],
    [
      { ...letter, name: long, address: long.repeat(2) },
      { x: 20, y: 12, width: 85, height: 38 },
    ],
    [
      { ...letter, lang: "en" },
      { x: 20, y: 45, width: 85, height: 45 },
    ],
    [
      { ...letter, lang: "en", name: long, address: long.repeat(2) },
      { x: 20, y: 45, width: 85, height: 45 },
    ],
  ];
  for (const [data, window] of cases) {
    const { pdf, missing } = await admissionLetter(data);
    assert.deepEqual(missing, []);
    const [page, form, none] = await picturesOf(pdf);
    assert.ok(page && form && none === undefined, "a letter and its form");
    const left = { x: 12, y: 0, width: 96, height: 104 };
    assert.ok(inkIn(page, window) > 0);
    assert.equal(inkIn(page, left), inkIn(page, window), "nothing beside the window");
    assert.ok(inkIn(form, { x: 20, y: 50, width: 170, height: 150 }) > 0);
  }
});

test("who signs in already gets no code, and where there is no credit there is no form", async () => {
  const [page, form] = await picturesOf(
    (await admissionLetter({ ...letter, code: null, currencies: [] })).pdf,
  );
  assert.ok(page);
  assert.equal(form, undefined);
  assert.equal(inkIn(page, { x: 12, y: 190, width: 180, height: 100 }), 0);
});

test("only the glyphs that are used are embedded, and the same data are the same bytes", async () => {
  for (const make of [() => paymentSlip(slip), () => admissionLetter(letter)]) {
    const [one, two] = [(await make()).pdf, (await make()).pdf];
    assert.ok(one.length < 100_000, `${one.length} bytes`);
    assert.ok(Buffer.from(one).includes("/FontFile2"));
    assert.ok(Buffer.from(one).equals(Buffer.from(two)));
  }
});

test("what no typeface has is told", async () => {
  const { known } = await openFonts();
  const cases: [text: string, written: string, missing: string[]][] = [
    ["髙﨑𠮷野 德永 彅 ㈱ ｶﾅ", "髙﨑𠮷野 德永 彅 ㈱ ｶﾅ", []],
    ["Dvořák Žižka", "Dvorák Zizka", []],
    ["葛\u{e0100}城", "葛城", []],
    ["e\u0301", "é", []],
    ["a\u200bb", "ab", []],
    ["한 A", `${absent} A`, ["한"]],
    ["😀", absent, ["😀"]],
  ];
  for (const [text, written, missing] of cases)
    assert.deepEqual(printable(text, known), { text: written, missing }, text);
  assert.deepEqual((await paymentSlip({ ...slip, payee: "한한" })).missing, ["한"]);
});
