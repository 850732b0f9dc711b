/**
 * 総合振込: transfers in the form that banks in Japan have agreed on (全国銀行協会). Records of 120 bytes: a header, one for each
 * transfer, a trailer with their number and sum, an end; each ends with CR LF. All is one byte a character in Shift_JIS.
 */
import iconv from "iconv-lite";
import { isInFile } from "./kana.ts";

/** 普通, 当座. */
export const accountKinds = ["ordinary", "current"] as const;
export type BankAccountKind = (typeof accountKinds)[number];

/** An account at a bank, as files name it: names as {@link nameInFile} writes them. */
export interface BankAccount {
  bank: string;
  bankName: string;
  branch: string;
  branchName: string;
  kind: BankAccountKind;
  number: string;
  holder: string;
}

/** Whose money goes: `code` is what their bank knows them by (委託者コード). */
export interface Payer extends BankAccount {
  code: string;
}

export interface BankTransfer {
  /** Of at most 32 characters; the bank tells by it which one came back. */
  id: string;
  to: BankAccount;
  amount: bigint;
}

export interface TransferFile {
  /** Ten digits by which the file is known. */
  number: string;
  /** A bank day, YYYY-MM-DD. */
  payOn: string;
  madeAt: Date;
  payer: Payer;
  transfers: readonly BankTransfer[];
}

/** What the fields of a record can hold. */
export const most = {
  amount: 9_999_999_999n,
  total: 999_999_999_999n,
  transfers: 999_999,
  holder: 30,
} as const;

const kindDigit: Readonly<Record<BankAccountKind, string>> = { ordinary: "1", current: "2" };

function digits(value: string | number | bigint, length: number): string {
  const text = String(value);
  if (!/^[0-9]+$/.test(text) || text.length > length)
    throw new Error(`A field of ${length} digits cannot hold ${text}.`);
  return text.padStart(length, "0");
}

/** A name in its field: what the field has no room for is cut, as banks do. */
function name(text: string, length: number): string {
  if (text !== "" && !isInFile(text)) throw new Error("A name is not written as a file has it.");
  return text.slice(0, length).padEnd(length);
}

const blank = (length: number): string => " ".repeat(length);

function headerOf({ payer, payOn }: TransferFile): string {
  const { code, holder, bank, bankName, branch, branchName, kind, number } = payer;
  const date = payOn.slice(5).replace("-", "");
  const own = [digits(bank, 4), name(bankName, 15), digits(branch, 3), name(branchName, 15)];
  const account = [kindDigit[kind], digits(number, 7)];
  return ["1", "21", "0", digits(code, 10), name(holder, 40), date, ...own, ...account, blank(17)].join("");
}

function dataOf({ number }: TransferFile, { to, amount }: BankTransfer, line: number): string {
  const there = [digits(to.bank, 4), name(to.bankName, 15), digits(to.branch, 3), name(to.branchName, 15)];
  const account = [kindDigit[to.kind], digits(to.number, 7), name(to.holder, 30)];
  // 新規コード 0; 顧客コード: the file and the place in it; 振込指定区分 7: by wire.
  const rest = [digits(amount, 10), "0", digits(number, 10), digits(line, 10), "7", " ", blank(7)];
  return ["2", ...there, "0000", ...account, ...rest].join("");
}

const totalOf = ({ transfers }: TransferFile): bigint =>
  transfers.reduce((sum, { amount }) => sum + amount, 0n);

/** The file. Throws where it cannot hold what it is to hold; what was checked when it was entered, it can. */
export function zenginOf(file: TransferFile): Buffer {
  const { transfers } = file;
  const trailer = ["8", digits(transfers.length, 6), digits(totalOf(file), 12), blank(101)].join("");
  const records = [
    headerOf(file),
    ...transfers.map((transfer, index) => dataOf(file, transfer, index + 1)),
    trailer,
    `9${blank(119)}`,
  ];
  return iconv.encode(records.map((record) => `${record}\r\n`).join(""), "Shift_JIS");
}
