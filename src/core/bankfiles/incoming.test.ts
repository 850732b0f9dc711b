/** What a bank says has come in, read as the second reader reads it; and each way in which a file is wrong, with its line. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bytesOf,
  camtStatement,
  fileOf,
  type FileWish,
  type Kind,
  parseRecords,
  record,
  recordsOf,
  zengin,
} from "../../../test/support/wire/incoming.ts";
import { dammAppend } from "../protocol/protocol.ts";
import { numbersIn, readIncoming } from "./bankfiles.ts";

const now = new Date("2026-11-29T00:00:00Z");
const wish: FileWish = {
  account: "7000001",
  day: "2026-11-27",
  entries: [
    { reference: 17, amount: 3600, remitter: "48210733951146 ﾔﾏﾀﾞ ﾊﾅ", edi: "INV 7" },
    { reference: 18, amount: 500, out: true },
    { reference: 19, amount: 1200, remitter: "ｶ)ｱｵｲ", code: "9010000123" },
  ],
};

const read = (bytes: Buffer) => {
  const found = readIncoming(bytes, now);
  assert.ok(!("wrong" in found), "wrong" in found ? found.wrong : "");
  return found;
};
const wrongOf = (bytes: Buffer): string => {
  const found = readIncoming(bytes, now);
  return "wrong" in found ? found.wrong : "taken";
};

for (const kind of ["statement", "notice"] as const)
  test(`a ${kind} is read as the second reader reads it, with line ends or without`, () => {
    const said = { ...wish, entries: wish.entries.filter(({ out }) => kind === "statement" || out !== true) };
    const file = zengin(kind, said);
    const found = read(file);
    const [statement] = found.statements;
    assert.ok(statement);
    assert.equal(found.form, kind);
    assert.deepEqual(statement.account, { bank: "9999", branch: "001", number: "7000001" });
    assert.deepEqual([statement.from, statement.to], ["2026-11-27", "2026-11-27"]);
    const second = parseRecords(kind, file).filter(
      (one) => one["データ区分"] === "2" && one["入払区分"] !== "2",
    );
    assert.deepEqual(
      statement.incoming.map(({ reference, amount, remitter, to }) => [
        reference,
        Number(amount),
        remitter,
        to,
      ]),
      second.map((one) => [
        one["照会番号"],
        Number(one["取引金額"] ?? one["金額"]),
        one["振込依頼人名"],
        one["振込依頼人コード"] === "0000000000" ? null : one["振込依頼人コード"],
      ]),
    );
    assert.equal(statement.others, kind === "statement" ? 1 : 0);
    const joined = fileOf(kind, recordsOf(kind, said), "");
    assert.deepEqual(
      read(joined).statements[0]?.incoming.map(({ amount }) => amount),
      statement.incoming.map(({ amount }) => amount),
    );
  });

test("what a bank takes back, and cheques, are told from money", () => {
  const file = zengin("notice", {
    ...wish,
    entries: [
      { reference: 1, amount: 100 },
      { reference: 1, amount: 100, back: true },
      { reference: 2, amount: 70, cheques: 70 },
    ],
  });
  const found = read(file).statements[0]?.incoming ?? [];
  assert.deepEqual(
    found.map(({ takenBack, uncertain }) => [takenBack, uncertain]),
    [
      [false, false],
      [true, false],
      [false, true],
    ],
  );
});

test("years are those of the era or of the common one, whichever is nearer", () => {
  const records = recordsOf("notice", { ...wish, entries: [{ reference: 1, amount: 5 }] });
  const west = records.map((one) => ({ ...one, 勘定日: "261127", 勘定日自: "261127", 勘定日至: "261127" }));
  assert.equal(read(fileOf("notice", west)).statements[0]?.incoming[0]?.day, "2026-11-27");
});

/** A file in which one record is otherwise. */
function changed(kind: Kind, index: number, change: Record<string, string | number>): Buffer {
  const records = recordsOf(kind, wish);
  return fileOf(
    kind,
    records.map((one, at) => (at === index ? { ...one, ...change } : one)),
  );
}

/** A camt.053 of one entry in which something is otherwise. */
function camtChanged(from: string, to: string, amount = 5): Buffer {
  const text = camtStatement({
    account: "7000003",
    day: "2026-11-27",
    entries: [{ reference: "R1", amount }],
  });
  assert.ok(text.includes(from), from);
  return Buffer.from(text.toString().replace(from, to));
}

const whole = zengin("statement", wish);
const refused: [what: string, bytes: Buffer, says: RegExp][] = [
  ["nothing", Buffer.alloc(0), /empty/],
  [
    "UTF-8",
    Buffer.from(
      recordsOf("statement", wish)
        .map((one) => `${record("statement", one)}\r\n`)
        .join(""),
    ),
    /^Line 1 .*Shift_JIS/,
  ],
  ["EBCDIC", Buffer.from(`\u00f1${"a".repeat(199)}`, "latin1"), /^Line 1 .*Shift_JIS/],
  ["cut within a record", whole.subarray(0, 202 * 3 + 50), /^Line 4 has 50 bytes/],
  ["cut between records", whole.subarray(0, 202 * 3), /cut/],
  ["cut before the end", whole.subarray(0, 202 * 5), /an end/],
  ["a record more", Buffer.concat([whole, whole.subarray(202, 404)]), /^Line 7 stands behind the end/],
  ["no header", whole.subarray(202), /^Line 1 begins with 200/],
  ["another kind", changed("statement", 0, { 種別コード: "21" }), /begins with 121/],
  ["another code", changed("statement", 0, { コード区分: 1 }), /^Line 1 .*コード区分 1/],
  [
    "a wrong count",
    changed("statement", 4, { 入金件数: 3 }),
    /^Line 5 says 3 entries that come in; there are 2/,
  ],
  [
    "a wrong sum",
    changed("statement", 4, { 入金額合計: 4801 }),
    /^Line 5 says 4801 yen that come in; there are 4800/,
  ],
  ["a wrong sum out", changed("statement", 4, { 出金額合計: 0 }), /^Line 5 says 0 yen that go out/],
  ["a wrong balance", changed("statement", 4, { 取引後残高: 1 }), /^Line 5 says a balance of 1/],
  ["another amount", changed("statement", 1, { 取引金額: 3601 }), /^Line 5 /],
  ["a wrong count of records", changed("statement", 5, { レコード総件数: 9 }), /^Line 6 says 9 records/],
  ["no reference", changed("statement", 1, { 照会番号: 0 }), /^Line 2 has no reference/],
  [
    "a reference twice",
    changed("statement", 3, { 照会番号: 17 }),
    /^Line 4 has the reference 00000017, which line 2 has/,
  ],
  ["letters for an amount", changed("statement", 1, { 取引金額: "12A" }), /^Line 2 has no amount in digits/],
  ["nothing for an amount", changed("statement", 1, { 取引金額: 0 }), /^Line 2 is about no money/],
  ["no day", changed("statement", 1, { 勘定日: "081399" }), /^Line 2 has no day/],
  ["neither in nor out", changed("statement", 1, { 入払区分: 3 }), /^Line 2 neither/],
  [
    "an unknown record",
    bytesOf(`${record("statement", recordsOf("statement", wish)[0] ?? {})}\r\n7${" ".repeat(199)}\r\n`),
    /^Line 2 begins with 7/,
  ],
  ["XML of another kind", Buffer.from("<a/>"), /no message/],
  [
    "camt with a wrong count",
    camtStatement({ account: "7000003", day: "2026-11-27", entries: [], count: 1 }),
    /1 entries/,
  ],
  [
    "camt without a reference",
    camtStatement({ account: "7000003", day: "2026-11-27", entries: [{ reference: "", amount: 5 }] }),
    /^Entry 1 has no reference/,
  ],
  [
    "camt with a reference of the statement's only",
    camtChanged("<AcctSvcrRef>R1</AcctSvcrRef>", "<NtryRef>1</NtryRef>"),
    /^Entry 1 has no reference/,
  ],
  [
    "camt of a day that is none",
    camtChanged("<Dt>2026-11-27</Dt>", "<Dt>2026-02-31</Dt>"),
    /^Entry 1 has no day/,
  ],
  [
    "camt from a day that is none",
    camtChanged("<TxsSummry>", "<FrToDt><FrDtTm>abc</FrDtTm><ToDtTm>2026-11-27</ToDtTm></FrToDt><TxsSummry>"),
    /no day as its first .*abc/,
  ],
];
for (const [what, bytes, says] of refused) test(`refused: ${what}`, () => assert.match(wrongOf(bytes), says));

test("camt.053 says the same", () => {
  const file = camtStatement({
    account: "9999-001-7000003",
    day: "2026-11-27",
    entries: [
      { reference: "R1", amount: 77, remitter: "Hana", text: "4821 0733 9511 46", to: "901-0000002" },
    ],
  });
  const [statement] = read(file).statements;
  assert.deepEqual(statement?.account.number, "99990017000003");
  const [one] = statement?.incoming ?? [];
  assert.deepEqual(
    [one?.reference, one?.amount, one?.remitter, one?.text, one?.to, one?.day],
    ["R1", 77n, "Hana", "4821 0733 9511 46", "9010000002", "2026-11-27"],
  );
});

const batch = (...parts: string[]) =>
  `<NtryDtls>${parts.map((part) => `<TxDtls>${part}</TxDtls>`).join("")}</NtryDtls></Ntry>`;
const yen = (amount: number) => `<Amt Ccy="JPY">${amount}</Amt>`;
const returned = "<RtrInf><Rsn><Cd>AC01</Cd></Rsn></RtrInf>";

test("a payout that came back hides nothing else of its entry", () => {
  const of = (...parts: string[]) =>
    camtChanged("</Ntry>", "</Ntry>", 100)
      .toString()
      .replace(/<NtryDtls>.*<\/Ntry>/, batch(...parts));
  const found = read(Buffer.from(of(yen(30), yen(50) + returned, yen(20)))).statements[0];
  assert.deepEqual(
    found?.incoming.map(({ reference, amount }) => [reference, amount]),
    [
      ["R1/1", 30n],
      ["R1/3", 20n],
    ],
  );
  assert.match(wrongOf(Buffer.from(of(yen(30), yen(50) + returned))), /come to 80/);
  const alone = read(Buffer.from(of(returned).replace("<AcctSvcrRef>R1</AcctSvcrRef>", ""))).statements[0];
  assert.deepEqual([alone?.incoming, alone?.others], [[], 1]);
});

test("an entry is taken back whether the bank says true or 1", () => {
  for (const [said, debit] of ["true", "1"].map((one) => [one, "<CdtDbtInd>DBIT</CdtDbtInd>"] as const)) {
    const file = camtChanged("<CdtDbtInd>CRDT</CdtDbtInd>", `${debit}<RvslInd>${said}</RvslInd>`);
    assert.deepEqual(
      read(file).statements[0]?.incoming.map(({ takenBack }) => takenBack),
      [true],
    );
  }
});

const right = dammAppend("4821073395114");
const parts = [right.slice(0, 4), right.slice(4, 8), right.slice(8, 12), right.slice(12)];
const wide = right.replaceAll(/[0-9]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));
const texts: [text: string, numbers: string[]][] = [
  [right, [right]],
  [`${right}ﾔﾏﾀﾞ`, [right]],
  [`${wide} ﾊﾅ`, [right]],
  [parts.join("-"), [right]],
  [`${parts.join(" ")} 03`, [right]],
  [`${right.slice(0, -1)}${(Number(right.at(-1)) + 1) % 10}`, []],
  [`1${right}`, []],
  ["ﾔﾏﾀﾞ 0312", []],
];
for (const [text, numbers] of texts)
  test(`numbers in “${text}”`, () => {
    const found = numbersIn(text).filter((each) => each.length === 14);
    assert.deepEqual(found, numbers);
  });
