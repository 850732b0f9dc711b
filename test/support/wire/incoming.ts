/**
 * 入出金取引明細 and 振込入金通知 as the published layout of the banks has them, written and read field by field. Written from that
 * layout, not from what reads such files here. And what a camt.053 says of the same.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

type Fields = readonly (readonly [name: string, is: "N" | "C", length: number])[];

const begin: Fields = [
  ["データ区分", "N", 1],
  ["種別コード", "N", 2],
  ["コード区分", "N", 1],
  ["作成日", "N", 6],
  ["勘定日自", "N", 6],
  ["勘定日至", "N", 6],
  ["銀行コード", "N", 4],
  ["銀行名", "C", 15],
  ["支店コード", "N", 3],
  ["支店名", "C", 15],
];
export const layouts = {
  statement: {
    "1": [
      ...begin,
      ["ダミー", "C", 3],
      ["預金種目", "N", 1],
      ["口座番号", "N", 10],
      ["口座名", "C", 40],
      ["貸越区分", "N", 1],
      ["通帳証書区分", "N", 1],
      ["取引前残高", "N", 14],
      ["ダミー2", "C", 71],
    ],
    "2": [
      ["データ区分", "N", 1],
      ["照会番号", "N", 8],
      ["勘定日", "N", 6],
      ["預入払出日", "N", 6],
      ["入払区分", "N", 1],
      ["取引区分", "N", 2],
      ["取引金額", "N", 12],
      ["うち他店券金額", "N", 12],
      ["交換呈示日", "N", 6],
      ["不渡返還日", "N", 6],
      ["手形小切手区分", "N", 1],
      ["手形小切手番号", "N", 7],
      ["僚店番号", "N", 3],
      ["振込依頼人コード", "N", 10],
      ["振込依頼人名", "C", 48],
      ["仕向銀行名", "C", 15],
      ["仕向店名", "C", 15],
      ["摘要内容", "C", 20],
      ["EDI情報", "C", 20],
      ["ダミー", "C", 1],
    ],
    "8": [
      ["データ区分", "N", 1],
      ["入金件数", "N", 6],
      ["入金額合計", "N", 13],
      ["出金件数", "N", 6],
      ["出金額合計", "N", 13],
      ["貸越区分", "N", 1],
      ["取引後残高", "N", 14],
      ["データレコード件数", "N", 7],
      ["ダミー", "C", 139],
    ],
    "9": [
      ["データ区分", "N", 1],
      ["レコード総件数", "N", 10],
      ["口座数", "N", 5],
      ["ダミー", "C", 184],
    ],
  },
  notice: {
    "1": [...begin, ["預金種目", "N", 1], ["口座番号", "N", 7], ["口座名", "C", 40], ["ダミー", "C", 93]],
    "2": [
      ["データ区分", "N", 1],
      ["照会番号", "N", 6],
      ["勘定日", "N", 6],
      ["起算日", "N", 6],
      ["金額", "N", 10],
      ["うち他店券金額", "N", 10],
      ["振込依頼人コード", "N", 10],
      ["振込依頼人名", "C", 48],
      ["仕向銀行名", "C", 15],
      ["仕向店名", "C", 15],
      ["取消区分", "C", 1],
      ["EDI情報", "C", 20],
      ["ダミー", "C", 52],
    ],
    "8": [
      ["データ区分", "N", 1],
      ["振込合計件数", "N", 6],
      ["振込合計金額", "N", 12],
      ["取消合計件数", "N", 6],
      ["取消合計金額", "N", 12],
      ["ダミー", "C", 163],
    ],
    "9": [
      ["データ区分", "N", 1],
      ["ダミー", "C", 199],
    ],
  },
} as const satisfies Record<string, Record<string, Fields>>;

type Values = Readonly<Record<string, string | number | bigint>>;
export type Kind = keyof typeof layouts;

/** A record: digits to the right behind zeros, letters to the left before blanks. */
export function record(kind: Kind, values: Values): string {
  const fields: Fields = layouts[kind][String(values["データ区分"]) as "1"];
  const text = fields
    .map(([name, is, length]) => {
      const value = String(values[name] ?? "");
      return is === "N" ? value.padStart(length, "0") : value.padEnd(length);
    })
    .join("");
  assert.equal(text.length, 200, text);
  return text;
}

/** The second reader: records as values of fields, by their places. */
export function parseRecords(kind: Kind, file: Buffer): Record<string, string>[] {
  const text = [...file]
    .map((byte) =>
      byte >= 0xa1 && byte <= 0xdf ? String.fromCharCode(0xff61 + byte - 0xa1) : String.fromCharCode(byte),
    )
    .join("");
  return text
    .split("\r\n")
    .filter((line) => line !== "")
    .map((line) => {
      const fields: Fields = layouts[kind][(line[0] ?? "") as "1"];
      let at = 0;
      return Object.fromEntries(
        fields.map(([name, , length]) => [name, line.slice(at, (at += length)).trim()]),
      );
    });
}

/** Bytes of JIS X 0201. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(
    Array.from(text, (one) => {
      const code = one.charCodeAt(0);
      return code >= 0xff61 ? code - 0xff61 + 0xa1 : code;
    }),
  );
}

export interface Said {
  reference: number | string;
  amount: number;
  remitter?: string;
  edi?: string;
  /** Of a statement: money that goes out. */
  out?: true;
  /** Of a notice: what is taken back. */
  back?: true;
  code?: string;
  cheques?: number;
}

/** The day of the era in which a day is. */
const eraDay = (day: string): string => {
  const [year = "", month = "", date = ""] = day.split("-");
  return `${String(Number(year) - 2018).padStart(2, "0")}${month}${date}`;
};

export interface FileWish {
  account: string;
  branch?: string;
  day: string;
  entries: readonly Said[];
  balance?: number;
}

/** The records of a file, each with its values, so that a test can change one. */
export function recordsOf(
  kind: Kind,
  { account, branch = "001", day, entries, balance = 1_000_000 }: FileWish,
): Values[] {
  const era = eraDay(day);
  const head = {
    データ区分: 1,
    種別コード: kind === "statement" ? "03" : "01",
    コード区分: 0,
    作成日: era,
    勘定日自: era,
    勘定日至: era,
    銀行コード: "9999",
    銀行名: "ｹﾝｼﾕｳ",
    支店コード: branch,
    支店名: "ﾎﾝﾃﾝ",
    預金種目: 2,
    口座番号: account,
    口座名: "ｹﾝｼﾕｳ",
    貸越区分: 1,
    取引前残高: balance,
  };
  const lines = entries.map(
    ({ reference, amount, remitter = "", edi = "", out, back, code = "", cheques = 0 }) => ({
      データ区分: 2,
      照会番号: reference,
      勘定日: era,
      預入払出日: era,
      起算日: era,
      入払区分: out === true ? 2 : 1,
      取引区分: 11,
      取引金額: amount,
      金額: amount,
      うち他店券金額: cheques,
      振込依頼人コード: code,
      振込依頼人名: remitter,
      仕向銀行名: "ﾐｽﾞﾎ",
      仕向店名: "ﾎﾝﾃﾝ",
      取消区分: back === true ? "1" : "",
      摘要内容: "",
      EDI情報: edi,
    }),
  );
  const sum = (some: readonly Said[]) => some.reduce((all, { amount }) => all + amount, 0);
  const [ins, outs, backs] = [
    entries.filter(({ out, back }) => out !== true && back !== true),
    entries.filter(({ out }) => out === true),
    entries.filter(({ back }) => back === true),
  ];
  const total = {
    データ区分: 8,
    入金件数: ins.length,
    入金額合計: sum(ins),
    出金件数: outs.length,
    出金額合計: sum(outs),
    貸越区分: 1,
    取引後残高: balance + sum(ins) - sum(outs),
    データレコード件数: entries.length,
    振込合計件数: ins.length,
    振込合計金額: sum(ins),
    取消合計件数: backs.length,
    取消合計金額: sum(backs),
  };
  return [head, ...lines, total, { データ区分: 9, レコード総件数: entries.length + 3, 口座数: 1 }];
}

export const fileOf = (kind: Kind, records: readonly Values[], ending = "\r\n"): Buffer =>
  bytesOf(records.map((values) => record(kind, values) + ending).join(""));

export const zengin = (kind: Kind, wish: FileWish): Buffer => fileOf(kind, recordsOf(kind, wish));

export interface CamtSaid {
  reference: string;
  amount: number;
  remitter?: string;
  text?: string;
  to?: string;
  currency?: string;
}

/** A camt.053 with an entry for each of these, of one transaction. */
export function camtStatement({
  account,
  day,
  entries,
  count = entries.length,
}: {
  account: string;
  day: string;
  entries: readonly CamtSaid[];
  count?: number;
}): Buffer {
  const sum = entries.reduce((all, { amount }) => all + amount, 0);
  const all = entries.map(
    ({ reference, amount, remitter = "", text = "", to, currency = "JPY" }) =>
      `<Ntry><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${day}</Dt></BookgDt>` +
      `<AcctSvcrRef>${reference}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>` +
      `<RltdPties><Dbtr><Pty><Nm>${remitter}</Nm></Pty></Dbtr>${to === undefined ? "" : `<CdtrAcct><Id><Othr><Id>${to}</Id></Othr></Id></CdtrAcct>`}</RltdPties>` +
      `<RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`,
  );
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>${randomUUID()}</MsgId></GrpHdr>` +
      `<Stmt><Id>${randomUUID()}</Id><Acct><Id><Othr><Id>${account}</Id></Othr></Id><Ccy>JPY</Ccy></Acct>` +
      `<TxsSummry><TtlNtries><NbOfNtries>${count}</NbOfNtries><Sum>${sum}</Sum></TtlNtries></TxsSummry>${all.join("")}</Stmt></BkToCstmrStmt></Document>`,
  );
}
