/**
 * 総合振込 as the published layout of the banks has it: records of 120 bytes, of which each field is told by its place. Written
 * from that layout, not from what writes such files here.
 */
import assert from "node:assert/strict";

interface Field {
  from: number;
  length: number;
  is: "N" | "C";
}

/** Fields one after another, as the layout lists them: `N` digits, `C` half-width letters and kana. */
function layout<Name extends string>(
  fields: readonly (readonly [Name, "N" | "C", number])[],
): Record<Name, Field> {
  let from = 0;
  const found = {} as Record<Name, Field>;
  for (const [name, is, length] of fields) {
    found[name] = { from, length, is };
    from += length;
  }
  assert.equal(from, 120);
  return found;
}

const header = layout([
  ["データ区分", "N", 1],
  ["種別コード", "N", 2],
  ["コード区分", "N", 1],
  ["振込依頼人コード", "N", 10],
  ["振込依頼人名", "C", 40],
  ["振込指定日", "N", 4],
  ["仕向銀行番号", "N", 4],
  ["仕向銀行名", "C", 15],
  ["仕向支店番号", "N", 3],
  ["仕向支店名", "C", 15],
  ["預金種目", "N", 1],
  ["口座番号", "N", 7],
  ["ダミー", "C", 17],
]);
const data = layout([
  ["データ区分", "N", 1],
  ["被仕向銀行番号", "N", 4],
  ["被仕向銀行名", "C", 15],
  ["被仕向支店番号", "N", 3],
  ["被仕向支店名", "C", 15],
  ["手形交換所番号", "N", 4],
  ["預金種目", "N", 1],
  ["口座番号", "N", 7],
  ["受取人名", "C", 30],
  ["振込金額", "N", 10],
  ["新規コード", "N", 1],
  ["顧客コード1", "N", 10],
  ["顧客コード2", "N", 10],
  ["振込指定区分", "N", 1],
  ["識別表示", "C", 1],
  ["ダミー", "C", 7],
]);
const trailer = layout([
  ["データ区分", "N", 1],
  ["合計件数", "N", 6],
  ["合計金額", "N", 12],
  ["ダミー", "C", 101],
]);
const end = layout([
  ["データ区分", "N", 1],
  ["ダミー", "C", 119],
]);

/** JIS X 0201: below 0x80 as ASCII, 0xA1 to 0xDF half-width kana. Banks take capital letters and these signs. */
function textOf(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) =>
      byte >= 0xa1 && byte <= 0xdf ? String.fromCharCode(0xff61 + byte - 0xa1) : String.fromCharCode(byte),
    )
    .join("");
}

function read<Name extends string>(record: Uint8Array, fields: Record<Name, Field>): Record<Name, string> {
  const entries = Object.entries<Field>(fields).map(([name, { from, length, is }]) => {
    const text = textOf(record.subarray(from, from + length));
    assert.match(text, is === "N" ? /^[0-9]+$/ : /^[ 0-9A-Zｱ-ﾝﾞﾟ()\-./]*$/u, `${name}: ${text}`);
    return [name, is === "N" ? text : text.trimEnd()];
  });
  return Object.fromEntries(entries) as Record<Name, string>;
}

export interface ParsedZengin {
  code: string;
  payer: string;
  /** MMDD. */
  date: string;
  transfers: {
    bank: string;
    branch: string;
    kind: string;
    number: string;
    holder: string;
    amount: bigint;
    place: string;
  }[];
}

/** Reads a file, and holds its trailer against its records. */
export function parseZengin(file: Uint8Array): ParsedZengin {
  assert.equal(file.length % 122, 0, "records of 120 bytes and CR LF");
  const records = Array.from({ length: file.length / 122 }, (_, index) => {
    const line = file.subarray(index * 122, (index + 1) * 122);
    assert.deepEqual([line[120], line[121]], [0x0d, 0x0a]);
    return line.subarray(0, 120);
  });
  const [first, ...rest] = records;
  const [last, sums, ...bodies] = rest.toReversed();
  assert.ok(first && last && sums);
  const head = read(first, header);
  assert.deepEqual([head.データ区分, head.種別コード, head.コード区分, head.ダミー], ["1", "21", "0", ""]);
  const total = read(sums, trailer);
  assert.deepEqual([total.データ区分, read(last, end).データ区分], ["8", "9"]);
  const transfers = bodies.toReversed().map((record) => {
    const line = read(record, data);
    assert.equal(line.データ区分, "2");
    return {
      bank: line.被仕向銀行番号,
      branch: line.被仕向支店番号,
      kind: line.預金種目,
      number: line.口座番号,
      holder: line.受取人名,
      amount: BigInt(line.振込金額),
      place: line.顧客コード2,
    };
  });
  assert.equal(Number(total.合計件数), transfers.length);
  assert.equal(
    BigInt(total.合計金額),
    transfers.reduce((sum, { amount }) => sum + amount, 0n),
  );
  return { code: head.振込依頼人コード, payer: head.振込依頼人名, date: head.振込指定日, transfers };
}
