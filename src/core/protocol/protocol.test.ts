import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  addDuration,
  dammAppend,
  dammValid,
  holdsCardNumber,
  isPlainText,
  katakana,
  markOfPlace,
  parseDuration,
  placeOfMark,
  problem,
  problemCodes,
} from "./protocol.ts";

const digits = fc.stringMatching(/^[0-9]{1,18}$/);

test("the check digit is Damm's: 572 takes a 4", () => {
  assert.equal(dammAppend("572"), "5724");
  for (const text of ["", "4", "57a4", "５７２４", " 5724", "5723"])
    assert.equal(dammValid(text), false, text);
});

test("a check digit finds every wrong digit and every swap of neighbours", () => {
  fc.assert(
    fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (body, nth, shift) => {
      const number = dammAppend(body);
      assert.ok(dammValid(number));
      const index = nth % number.length;
      const wrong = String((Number(number[index]) + shift) % 10);
      assert.ok(!dammValid(number.slice(0, index) + wrong + number.slice(index + 1)));
      const [left, right] = [number[index] ?? "", number[index + 1] ?? ""];
      if (right !== "" && left !== right) {
        assert.ok(!dammValid(number.slice(0, index) + right + left + number.slice(index + 2)));
      }
    }),
  );
});

test("durations are those of ISO 8601, whole numbers only", () => {
  const day = 86_400_000;
  for (const [text, months, milliseconds] of [
    ["P7D", 0, 7 * day],
    ["PT30M", 0, 1_800_000],
    ["P1M", 1, 0],
    ["P1Y2M3DT4H5M6S", 14, 3 * day + 14_706_000],
    ["P2W", 0, 14 * day],
  ] as const) {
    assert.deepEqual(parseDuration(text), { months, milliseconds }, text);
  }
  for (const text of ["", "P", "PT", "7D", "P-7D", "P1.5D", "p7d", "P7DT", "P1D ", "PT1H1D", "P999999D"]) {
    assert.equal(parseDuration(text), undefined, text);
  }
});

test("a month that lacks the day ends on its last day", () => {
  const after = (from: string, text: string) => {
    const duration = parseDuration(text);
    assert.ok(duration !== undefined);
    return addDuration(new Date(from), duration).toISOString();
  };
  assert.equal(after("2026-01-31T10:00:00Z", "P1M"), "2026-02-28T10:00:00.000Z");
  assert.equal(after("2024-01-31T00:00:00Z", "P1M"), "2024-02-29T00:00:00.000Z");
  assert.equal(after("2026-12-24T00:00:00Z", "P8D"), "2027-01-01T00:00:00.000Z");
});

/** What payment services publish for trying them out. */
const testCards = `
  4111111111111111 4242424242424242 4012888888881881 4222222222222 4000056655665556 4035501000000008 4000000000000002
  4917610000000000003 5555555555554444 5105105105105100 5200828282828210 2223003122003222 2223000048400011 2720992593319364
  378282246310005 371449635398431 378734493671000 370000000000002 30569309025904 38520000023237 36227206271667 36700102000000
  3566002020360505 3530111333300000 3569990010095841 6011111111111117 6011000990139424 6011981111111113 6445644564456445
  6200000000000005 6205500000000000004 6243030000000001 6771798021000008 6759649826438453 5019717010103742 5066991111111118
  6062828888666688 9792030394440796`
  .trim()
  .split(/\s+/);

test("card numbers are found however they are written", () => {
  for (const text of testCards) assert.ok(holdsCardNumber(text), text);
  for (const text of [
    "pay 4111 1111 1111 1111 please",
    "4111-1111-1111-1111 12/27",
    "4111 1111 1111 1111 12 27 123",
    "room 12 5555 5555 5555 4444",
    "3782 822463 10005",
    "3056 930902 5904",
    "6205 5000 0000 0000 004",
    "４１１１１１１１１１１１１１１１",
    "４１１１　１１１１　１１１１　１１１１",
    "カード 4111－1111－1111－1111",
    "4111.1111.1111.1111",
    "4111_1111_1111_1111",
    "4111/1111/1111/1111",
    "4111  1111 - 1111  1111",
    "4111\u00a01111\u20131111\u20121111",
    "4111\u200b1111\u200b1111\u200b1111",
    "\u0664\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661",
    "\u096a\u0967\u0967\u0967 1111 \uff11\uff11\uff11\uff11 1111",
  ]) {
    assert.ok(holdsCardNumber(text), text);
  }
});

test("what orders, goods and parcels are called is not taken for a card number", () => {
  for (const text of [
    "4111111111111112",
    "03-1234-5678",
    "20261122-0001",
    "01a204bf-4111-7111-9111-111111111111",
    "1234567890123",
    "12 34 56 78 90",
    "",
    "4510079199919",
    "249-3610007-1000091",
    "4012-8888-8888",
    "9400 1118 9922 3341 8512 34",
    "40128888888818814012",
    "東京都港区芝公園４丁目２−８ 〒105-0011 電話 03-3433-5111",
    "2026/11/30 19:09:27.123456 4111",
    "４１１１１１１１１１１１１１１２",
  ]) {
    assert.ok(!holdsCardNumber(text), text);
  }
  // A JAN code: 45 or 49, ten digits, and the check digit of GS1.
  for (let count = 0; count < 20_000; count += 1) {
    const twelve = `4${count % 2 === 0 ? 5 : 9}${String((count * 7_919_317) % 10_000_000_000).padStart(10, "0")}`;
    const sum = Array.from(twelve).reduce(
      (all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 1 : 3),
      0,
    );
    const jan = `${twelve}${(10 - (sum % 10)) % 10}`;
    assert.ok(!holdsCardNumber(jan), jan);
  }
});

test("text that cannot be stored or shown is told from text that can", () => {
  for (const text of ["a\u0000b", "\u001b[31m", "\u007f", "\ud800", "a\udc00"])
    assert.ok(!isPlainText(text), JSON.stringify(text));
  for (const text of ["", "検収", "a\tb\r\nc", "👍", "<script>", "שלום"]) assert.ok(isPlainText(text), text);
});

test("every problem has a status that says no, and a title", () => {
  for (const code of problemCodes) {
    const told = problem(code);
    assert.ok(told.status >= 400 && told.status < 600, code);
    assert.ok(told.title.length > 5 && told.detail.length > 5, code);
    assert.ok(told.type.endsWith(`/docs/problems#${code}`), code);
  }
});

test("how a name is read is kept in full-width katakana, and nothing else is taken", () => {
  const cases: [typed: string, kept: string | undefined][] = [
    ["サトウ　ハナ", "サトウ　ハナ"],
    ["さとう はな", "サトウ　ハナ"],
    ["ｻﾄｳ ﾊﾅ", "サトウ　ハナ"],
    ["ﾜﾀﾅﾍﾞ　ｼﾞｭﾝ", "ワタナベ　ジュン"],
    ["が\u3099", "ガ\u3099"],
    ["か\u3099", "ガ"],
    ["  さとう   はな ", "サトウ　ハナ"],
    ["ジョン・スミス", "ジョン・スミス"],
    ["ｼﾞｮﾝ･ｽﾐｽ", "ジョン・スミス"],
    ["ゔぁいおりん", "ヴァイオリン"],
    ["みすゞ", "ミスヾ"],
    ["コーヒー", "コーヒー"],
    ["ｺｰﾋｰ", "コーヒー"],
    ["佐藤 ハナ", undefined],
    ["Hana", undefined],
    ["ハナ1", undefined],
    ["ハナ\n", undefined],
    ["・", undefined],
    ["　", undefined],
    ["", undefined],
    ["ハナ-コ", undefined],
    ["<ハナ>", undefined],
    ["ハナ\u202e", undefined],
  ];
  for (const [typed, kept] of cases) assert.equal(katakana(typed), kept, JSON.stringify(typed));
  for (const [, kept] of cases) if (kept !== undefined) assert.equal(katakana(kept), kept, "the same again");
});

test("a place in a list is found by its mark, and no other text is one", () => {
  const at = fc.date({ min: new Date(0), max: new Date("9999-12-31Z"), noInvalidDate: true });
  fc.assert(
    fc.property(at, fc.uuid(), (time, id) => {
      assert.deepEqual(placeOfMark(markOfPlace({ at: time, id })), { at: time, id });
    }),
  );
  const id = "019a0000-0000-7000-8000-0000000000c1";
  for (const text of [
    "",
    id,
    `_${id}`,
    `1_${id}0`,
    `1_${id.toUpperCase()}`,
    `1_${"0".repeat(36)}`,
    `-1_${id}`,
    `1_${id}_1`,
  ])
    assert.equal(placeOfMark(text), undefined, text);
});
