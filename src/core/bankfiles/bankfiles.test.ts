/** Files for banks, as tables: names, days, records, and what no field can hold. The records are read by the test's own parser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseZengin } from "../../../test/support/wire/zengin.ts";
import {
  type BankAccount,
  bankDayFrom,
  camt053Of,
  closingOf,
  csvOf,
  dueAfter,
  findBranch,
  isBankDay,
  isSchedule,
  nameInFile,
  pain001Of,
  readIncoming,
  readReport,
  type Statement,
  type TransferFile,
  zenginOf,
} from "./bankfiles.ts";
import { allAt, readXml, textAt } from "./xml.ts";

const names: readonly (readonly [given: string, written: string])[] = [
  ["ヤマダ ハナコ", "ﾔﾏﾀﾞ ﾊﾅｺ"],
  ["ﾔﾏﾀﾞ　ﾊﾅｺ", "ﾔﾏﾀﾞ ﾊﾅｺ"],
  ["カ)ショウジ", "ｶ)ｼﾖｳｼﾞ"],
  ["ポール・", ""],
  ["リー パン", "ﾘ- ﾊﾟﾝ"],
  ["ヴィットリア", "ｳﾞｲﾂﾄﾘｱ"],
  ["ＡＢＣ１２", "ABC12"],
  ["abc", "ABC"],
  ["  ア  イ ", "ｱ ｲ"],
  ["(カ)A.B-C/D", "(ｶ)A.B-C/D"],
];

for (const [given, written] of names)
  test(`${JSON.stringify(given)} is ${JSON.stringify(written)} in a file`, () => {
    const found = nameInFile(given);
    assert.equal("text" in found ? found.text : "", written);
  });

test("what no file can hold is named, and nothing of it is guessed", () => {
  const wrong: readonly (readonly [string, string[]])[] = [
    ["山田 ハナ", ["山", "田"]],
    ["ヤマダ・ハナ", ["・"]],
    ["やまだ", ["や", "ま", "だ"]],
    ["カヲル", ["ヲ"]],
    ["Müller", ["ü"]],
    ["ア,イ", [","]],
    ["ア🙂ア🙂", ["🙂"]],
    ["", []],
    ["   ", []],
  ];
  for (const [given, unknown] of wrong) assert.deepEqual(nameInFile(given), { unknown }, given);
});

const days: readonly (readonly [day: string, open: boolean])[] = [
  ["2026-11-30", true],
  ["2026-11-28", false], // Saturday
  ["2026-11-29", false], // Sunday
  ["2026-11-23", false], // Labour Thanksgiving Day
  ["2026-09-22", false], // between two holidays
  ["2026-12-30", true],
  ["2026-12-31", false],
  ["2027-01-01", false],
  ["2027-01-04", true],
];

test("banks are open on days that are no weekend, no holiday and no turn of the year", () => {
  for (const [day, open] of days) assert.equal(isBankDay(day), open, day);
  assert.equal(bankDayFrom("2026-12-31"), "2027-01-04");
});

test("a schedule is due on its day, or when banks open again", () => {
  const cases: readonly (readonly ["day" | "week" | "month", number, string, string])[] = [
    ["day", 1, "2026-11-27", "2026-11-30"],
    ["day", 1, "2026-12-30", "2027-01-04"],
    ["week", 1, "2026-11-20", "2026-11-24"], // Monday the 23rd is a holiday
    ["week", 1, "2026-11-23", "2026-11-24"], // and the day to which it was moved is still to come
    ["week", 1, "2026-11-24", "2026-11-30"],
    ["month", 25, "2026-11-29", "2026-12-25"],
    ["month", 31, "2026-11-01", "2026-11-30"],
    ["month", 31, "2026-12-01", "2027-01-04"],
    ["month", 31, "2027-01-04", "2027-02-01"], // Sunday the 31st
    ["month", 30, "2027-02-01", "2027-03-01"], // the 28th stands for it, a Sunday
  ];
  for (const [every, on, after, due] of cases)
    assert.equal(dueAfter({ every, on }, after), due, `${every} ${on} after ${after}`);
  assert.ok(!isSchedule({ every: "week", on: 6 }) && !isSchedule({ every: "day", on: 2 }));
  assert.ok(isSchedule({ every: "month", on: 31 }) && !isSchedule({ every: "month", on: 1.5 }));
});

const payer = {
  code: "1234567890",
  bank: "0001",
  bankName: "ﾐｽﾞﾎ",
  branch: "001",
  branchName: "ﾄｳｷﾖｳ",
  kind: "current",
  number: "0000001",
  holder: "ｹﾝｼﾕｳ",
} as const;
const to = (change: Partial<BankAccount> = {}): BankAccount => ({
  bank: "0005",
  bankName: "ﾐﾂﾋﾞｼUFJ",
  branch: "012",
  branchName: "ﾅｺﾞﾔｴｷｼﾝｶﾝｾﾝｸﾞﾁ",
  kind: "ordinary",
  number: "0123456",
  holder: "ﾔﾏﾀﾞ ﾊﾅｺ",
  ...change,
});
const file = (amounts: readonly bigint[], there: BankAccount = to()): TransferFile => ({
  number: "1000000001",
  payOn: "2026-12-01",
  madeAt: new Date("2026-11-29T03:04:05Z"),
  payer,
  transfers: amounts.map((amount, index) => ({ id: String(index).padStart(32, "0"), to: there, amount })),
});

test("a file is what another reads in it, whatever is paid to whom", () => {
  const kana = fc.stringMatching(/^[ｱ-ﾜA-Z0-9]{1,30}$/u);
  const account = fc.record({
    bank: fc.stringMatching(/^[0-9]{4}$/),
    branch: fc.stringMatching(/^[0-9]{3}$/),
    number: fc.stringMatching(/^[0-9]{7}$/),
    kind: fc.constantFrom("ordinary" as const, "current" as const),
    holder: kana,
  });
  const amount = fc.bigInt({ min: 1n, max: 9_999_999_999n });
  fc.assert(
    fc.property(account, fc.array(amount, { maxLength: 50 }), (there, amounts) => {
      const read = parseZengin(zenginOf(file(amounts, to(there))));
      assert.deepEqual([read.code, read.payer, read.date], ["1234567890", "ｹﾝｼﾕｳ", "1201"]);
      const { bank, branch, number, holder } = there;
      const kind = there.kind === "ordinary" ? "1" : "2";
      assert.deepEqual(
        read.transfers,
        amounts.map((each, index) => ({
          bank,
          branch,
          number,
          holder,
          kind,
          amount: each,
          place: String(index + 1).padStart(10, "0"),
        })),
      );
    }),
  );
});

test("what a field cannot hold makes no file", () => {
  assert.throws(() => zenginOf(file([10_000_000_000n])), /10 digits/);
  assert.throws(() => zenginOf(file(Array.from({ length: 101 }, () => 9_999_999_999n))), /12 digits/);
  assert.throws(() => zenginOf(file([1n], to({ holder: "山田" }))), /not written/);
  assert.throws(() => zenginOf(file([1n], to({ bank: "12345" }))), /4 digits/);
});

test("banks and branches are known by their numbers", () => {
  const found = findBranch("0001", "001");
  assert.deepEqual("bank" in found ? [found.bank, found.bankName] : [], ["みずほ", "ﾐｽﾞﾎ"]);
  assert.deepEqual(findBranch("9999", "001"), { unknown: "bank" });
  assert.deepEqual(findBranch("0001", "002"), { unknown: "branch" });
});

test("pain.001 says the same, in the order of its schema", () => {
  const read = readXml(pain001Of(file([1200n, 800n])));
  assert.ok("root" in read);
  assert.equal(read.message, "pain.001.001.09");
  const [payment] = allAt(read.root, "CstmrCdtTrfInitn/PmtInf");
  assert.ok(payment);
  // GroupHeader85, PaymentInstruction30 and CreditTransferTransaction34 are sequences.
  const order = (path: string) => allAt(read.root, path)[0]?.children.map(({ name }) => name);
  assert.deepEqual(order("CstmrCdtTrfInitn/GrpHdr"), ["MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty"]);
  assert.deepEqual(order("CstmrCdtTrfInitn/PmtInf")?.slice(0, 8), [
    "PmtInfId",
    "PmtMtd",
    "NbOfTxs",
    "CtrlSum",
    "ReqdExctnDt",
    "Dbtr",
    "DbtrAcct",
    "DbtrAgt",
  ]);
  const transfer = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf";
  assert.deepEqual(order(transfer), ["PmtId", "Amt", "CdtrAgt", "Cdtr", "CdtrAcct"]);
  assert.deepEqual(
    allAt(read.root, transfer).map((one) => [textAt(one, "Amt/InstdAmt"), textAt(one, "Cdtr/Nm")]),
    [
      ["1200", "ﾔﾏﾀﾞ ﾊﾅｺ"],
      ["800", "ﾔﾏﾀﾞ ﾊﾅｺ"],
    ],
  );
  assert.equal(textAt(payment, "CtrlSum"), "2000");
  assert.equal(textAt(payment, "CdtTrfTxInf/CdtrAgt/FinInstnId/ClrSysMmbId/MmbId"), "0005012");
});

const statement: Statement = {
  id: "s1",
  account: "00000000-0000-7000-8000-000000000001",
  currency: "USD",
  from: new Date("2026-11-01T00:00:00Z"),
  to: new Date("2026-12-01T00:00:00Z"),
  madeAt: new Date("2026-12-01T00:00:01Z"),
  opening: -500n,
  lines: [
    {
      id: "c1",
      leg: 1,
      at: new Date("2026-11-02T00:00:00Z"),
      kind: "settle",
      posted: 1205n,
      hold: "h1",
      tradeNumber: "48210733951146",
    },
    {
      id: "c2",
      leg: 0,
      at: new Date("2026-11-03T00:00:00Z"),
      kind: "transfer",
      posted: -5n,
      hold: null,
      tradeNumber: null,
    },
  ],
};

test("a statement leads from its opening balance to its closing one, and whoever reads banks' statements takes it", () => {
  assert.equal(closingOf(statement), 700n);
  const written = camt053Of(statement);
  const read = readReport(written);
  assert.ok("format" in read);
  assert.deepEqual([read.format, read.transfers], ["camt.053", []]);
  const text = written.toString();
  const incoming = readIncoming(written, statement.madeAt);
  assert.ok("statements" in incoming);
  const [paid] = incoming.statements.flatMap((each) => each.incoming);
  assert.deepEqual([paid?.amount, paid?.text], [1205n, "48210733951146"]);
  for (const part of ['<Amt Ccy="USD">12.05</Amt>', "<Sum>12.10</Sum>", "<NbOfNtries>2</NbOfNtries>"])
    assert.ok(text.includes(part), part);
  const wrong = readReport(Buffer.from(text.replace(">7.00<", ">7.01<")));
  assert.ok("wrong" in wrong && /opening balance/.test(wrong.wrong));
  assert.deepEqual(csvOf(statement).split("\r\n").slice(1, 3), [
    "2026-11-02T00:00:00.000Z,c1,settle,h1,USD,12.05,7.05,48210733951146",
    "2026-11-03T00:00:00.000Z,c2,transfer,,USD,-0.05,7.00,",
  ]);
});
