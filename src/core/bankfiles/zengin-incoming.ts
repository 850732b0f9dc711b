/**
 * 入出金取引明細 (種別 03) and 振込入金通知 (種別 01) of the Japanese Bankers Association: records of 200 bytes, one byte a character
 * of JIS X 0201, with or without line ends; for each account a header, its entries and a trailer that sums them up; then an end.
 */
import {
  checkReferences,
  type Incoming,
  type IncomingForm,
  type IncomingStatement,
  isDay,
  WrongFileError,
  wrongFile,
  type IncomingFile,
} from "./incoming.ts";

const recordBytes = 200;
/** Of fields one after another, from where to where each goes. */
type Layout<Name extends string> = Readonly<Record<Name, readonly [from: number, to: number]>>;

function layout<Name extends string>(fields: readonly (readonly [Name, number])[]): Layout<Name> {
  let at = 0;
  const entries = fields.map(([name, length]) => [name, [at, (at += length)]] as const);
  return Object.fromEntries(entries) as unknown as Layout<Name>;
}

const head = [
  ["record", 1],
  ["kind", 2],
  ["code", 1],
  ["made", 6],
  ["from", 6],
  ["to", 6],
  ["bank", 4],
  ["bankName", 15],
  ["branch", 3],
  ["branchName", 15],
] as const;

const headers = {
  statement: layout([
    ...head,
    ["blank", 3],
    ["type", 1],
    ["number", 10],
    ["holder", 40],
    ["sign", 1],
    ["book", 1],
    ["balance", 14],
  ]),
  notice: layout([...head, ["type", 1], ["number", 7], ["holder", 40]]),
};

const entries = {
  statement: layout([
    ["record", 1],
    ["reference", 8],
    ["day", 6],
    ["value", 6],
    ["direction", 1],
    ["kind", 2],
    ["amount", 12],
    ["cheques", 12],
    ["shown", 6],
    ["returned", 6],
    ["paper", 1],
    ["paperNumber", 7],
    ["office", 3],
    ["code", 10],
    ["remitter", 48],
    ["bankName", 15],
    ["branchName", 15],
    ["text", 20],
    ["edi", 20],
  ]),
  notice: layout([
    ["record", 1],
    ["reference", 6],
    ["day", 6],
    ["value", 6],
    ["amount", 10],
    ["cheques", 10],
    ["code", 10],
    ["remitter", 48],
    ["bankName", 15],
    ["branchName", 15],
    ["back", 1],
    ["edi", 20],
  ]),
};

const trailers = {
  statement: layout([
    ["record", 1],
    ["inCount", 6],
    ["inSum", 13],
    ["outCount", 6],
    ["outSum", 13],
    ["sign", 1],
    ["balance", 14],
    ["count", 7],
  ]),
  notice: layout([
    ["record", 1],
    ["inCount", 6],
    ["inSum", 12],
    ["backCount", 6],
    ["backSum", 12],
  ]),
};
const ending = layout([
  ["record", 1],
  ["count", 10],
  ["accounts", 5],
]);

/** A record, with the number of its line. */
interface Line {
  at: number;
  text: string;
}

const cut = ({ text }: Line, [from, to]: readonly [number, number]): string => text.slice(from, to);
const words = (line: Line, place: readonly [number, number]): string => cut(line, place).trim();

function digits(line: Line, place: readonly [number, number], what: string): string {
  const found = cut(line, place);
  if (/^[0-9]+$/.test(found)) return found;
  return wrongFile(`Line ${line.at} has no ${what} in digits: “${found.trim()}”.`);
}

/**
 * Days have the year of the era, or the last digits of the common one. The two are eighteen years apart, so that the nearer one is
 * the right one.
 */
function dayIn(line: Line, place: readonly [number, number], what: string, now: Date): string {
  const [, year, month = "", day = ""] = /^(..)(..)(..)$/.exec(digits(line, place, what)) ?? [];
  const readings = [2018 + Number(year), 2000 + Number(year)];
  const distance = (one: number) => Math.abs(one - now.getUTCFullYear());
  const [nearest = 0] = readings.toSorted((one, other) => distance(one) - distance(other));
  const found = `${nearest}-${month}-${day}`;
  if (isDay(found)) return found;
  return wrongFile(`Line ${line.at} has no day as its ${what}: ${String(year)}${month}${day}.`);
}

/** Characters of the bytes; a line that holds others names itself. */
function textOf(bytes: Uint8Array, at: number): string {
  let text = "";
  for (const byte of bytes) {
    if (byte >= 0x20 && byte <= 0x7e) text += String.fromCharCode(byte);
    else if (byte >= 0xa1 && byte <= 0xdf) text += String.fromCharCode(0xff61 + byte - 0xa1);
    else
      wrongFile(
        `Line ${at} holds a byte 0x${byte.toString(16)}: it has to be Shift_JIS with half-width letters and kana.`,
      );
  }
  return text;
}

function linesOf(bytes: Uint8Array): Line[] {
  const whole = bytes.at(-1) === 0x1a ? bytes.subarray(0, -1) : bytes;
  const isBroken = whole.includes(0x0a);
  const lines: Line[] = [];
  for (let from = 0, at = 1; from < whole.length; at += 1) {
    const feed = isBroken ? whole.indexOf(0x0a, from) : from + recordBytes;
    const end = feed < 0 ? whole.length : Math.min(feed, whole.length);
    const last = isBroken && whole[end - 1] === 0x0d ? end - 1 : end;
    const length = last - from;
    const line = whole.subarray(from, last);
    // What is in another writing has another length, too, and is told by the first strange byte.
    const text = textOf(line, at);
    if (length !== recordBytes) wrongFile(`Line ${at} has ${length} bytes; a record has ${recordBytes}.`);
    lines.push({ at, text });
    from = isBroken ? end + 1 : end;
  }
  return lines;
}

/** What has been read of the account that a header has begun. */
interface Open {
  header: Line;
  statement: IncomingStatement;
  inCount: number;
  inSum: bigint;
  backCount: number;
  backSum: bigint;
  outCount: number;
  outSum: bigint;
}

/** Reads a file from its bytes. `now` tells which year is meant. */
export function readZenginIncoming(bytes: Uint8Array, now: Date): IncomingFile {
  try {
    const lines = linesOf(bytes);
    const [first] = lines;
    if (first === undefined) return { wrong: "It is empty." };
    const form = formOf(first);
    return { form, statements: statementsOf(form, lines, now) };
  } catch (error) {
    if (error instanceof WrongFileError) return { wrong: error.message };
    throw error;
  }
}

function formOf(first: Line): IncomingForm & ("statement" | "notice") {
  const begin = first.text.slice(0, 3);
  if (begin === "103") return "statement";
  if (begin === "101") return "notice";
  return wrongFile(`Line 1 begins with ${begin}: 入出金取引明細 begins with 103, 振込入金通知 with 101.`);
}

function statementsOf(form: "statement" | "notice", lines: readonly Line[], now: Date): IncomingStatement[] {
  const found: IncomingStatement[] = [];
  let open: Open | undefined;
  let end: Line | undefined;
  for (const line of lines) {
    if (end !== undefined) return wrongFile(`Line ${line.at} stands behind the end record.`);
    switch (line.text[0]) {
      case "1":
        if (open !== undefined)
          return wrongFile(`Line ${line.at} begins an account before the last one ends.`);
        open = begun(form, line, now);
        break;
      case "2":
        if (open === undefined) return wrongFile(`Line ${line.at} is an entry of no account.`);
        if (form === "statement") addEntry(open, line, now);
        else addNotice(open, line, now);
        break;
      case "8":
        if (open === undefined) return wrongFile(`Line ${line.at} sums up no account.`);
        checkTrailer(form, open, line);
        checkReferences(open.statement, "Line");
        found.push(open.statement);
        open = undefined;
        break;
      case "9":
        end = line;
        break;
      default:
        return wrongFile(`Line ${line.at} begins with ${line.text[0]}, which no record does.`);
    }
  }
  if (open !== undefined || end === undefined)
    return wrongFile(
      `It ends behind line ${lines.length} without ${open === undefined ? "an end" : "a trailer"}: it is cut.`,
    );
  if (form === "statement") checkEnd(end, lines.length, found.length);
  return found;
}

function begun(form: "statement" | "notice", header: Line, now: Date): Open {
  const at = headers[form];
  if (cut(header, at.kind) !== (form === "statement" ? "03" : "01"))
    wrongFile(`Line ${header.at} begins another kind of file: ${cut(header, at.kind)}.`);
  if (cut(header, at.code) !== "0")
    wrongFile(`Line ${header.at} says that it is not JIS (コード区分 ${cut(header, at.code)}).`);
  const account = {
    bank: digits(header, at.bank, "number of a bank"),
    branch: digits(header, at.branch, "number of a branch"),
    number: digits(header, at.number, "number of an account").slice(-7),
  };
  const from = dayIn(header, at.from, "first day", now);
  const to = dayIn(header, at.to, "last day", now);
  const sums = { inCount: 0, inSum: 0n, backCount: 0, backSum: 0n, outCount: 0, outSum: 0n };
  return { header, statement: { account, from, to, incoming: [], others: 0 }, ...sums };
}

const isNothing = (text: string): boolean => /^[0 ]*$/.test(text);

/** What entries of both kinds have alike. */
function common(
  line: Line,
  at: Layout<"reference" | "day" | "amount" | "cheques" | "code" | "remitter" | "bankName" | "branchName">,
  now: Date,
): Omit<Incoming, "text" | "takenBack"> {
  const reference = digits(line, at.reference, "reference of the bank (照会番号)");
  if (isNothing(reference))
    wrongFile(`Line ${line.at} has no reference of the bank (照会番号), by which it would be known again.`);
  const amount = BigInt(digits(line, at.amount, "amount"));
  if (amount === 0n) wrongFile(`Line ${line.at} is about no money.`);
  const code = words(line, at.code);
  return {
    line: line.at,
    reference,
    day: dayIn(line, at.day, "day", now),
    amount,
    currency: "JPY",
    to: isNothing(code) ? null : code,
    remitter: words(line, at.remitter),
    from: `${words(line, at.bankName)} ${words(line, at.branchName)}`.trim(),
    uncertain: !isNothing(cut(line, at.cheques)),
  };
}

/** 取引区分 of what corrects an earlier entry. */
const correction = "19";

function addEntry(open: Open, line: Line, now: Date): void {
  const at = entries.statement;
  const direction = cut(line, at.direction);
  const entry = common(line, at, now);
  const isCorrection = cut(line, at.kind) === correction;
  if (direction === "1") {
    open.inCount += 1;
    open.inSum += entry.amount;
  } else if (direction === "2") {
    open.outCount += 1;
    open.outSum += entry.amount;
  } else wrongFile(`Line ${line.at} neither comes in nor goes out (入払区分 ${direction}).`);
  if (direction === "2" && !isCorrection) {
    open.statement.others += 1;
    return;
  }
  const text = `${words(line, at.text)} ${words(line, at.edi)}`.trim();
  open.statement.incoming.push({ ...entry, text, takenBack: direction === "2" });
}

function addNotice(open: Open, line: Line, now: Date): void {
  const at = entries.notice;
  const entry = common(line, at, now);
  const takenBack = cut(line, at.back) === "1";
  if (takenBack) {
    open.backCount += 1;
    open.backSum += entry.amount;
  } else {
    open.inCount += 1;
    open.inSum += entry.amount;
  }
  open.statement.incoming.push({ ...entry, text: words(line, at.edi), takenBack });
}

function checkTrailer(form: "statement" | "notice", open: Open, line: Line): void {
  if (form === "notice") {
    const at = trailers.notice;
    checkSum(line, digits(line, at.inCount, "count"), open.inCount, "transfers");
    checkSum(line, digits(line, at.inSum, "sum"), open.inSum, "yen");
    checkSum(line, digits(line, at.backCount, "count"), open.backCount, "transfers that are taken back");
    checkSum(line, digits(line, at.backSum, "sum"), open.backSum, "yen that are taken back");
    return;
  }
  const at = trailers.statement;
  checkSum(line, digits(line, at.inCount, "count"), open.inCount, "entries that come in");
  checkSum(line, digits(line, at.inSum, "sum"), open.inSum, "yen that come in");
  checkSum(line, digits(line, at.outCount, "count"), open.outCount, "entries that go out");
  checkSum(line, digits(line, at.outSum, "sum"), open.outSum, "yen that go out");
  checkSum(line, digits(line, at.count, "count"), open.inCount + open.outCount, "entries");
  const before = balanceIn(open.header, headers.statement);
  const after = balanceIn(line, at);
  if (before + open.inSum - open.outSum !== after)
    wrongFile(`Line ${line.at} says a balance of ${after}, to which its entries do not lead from ${before}.`);
}

function checkSum(line: Line, said: string, found: number | bigint, what: string): void {
  if (BigInt(said) !== BigInt(found))
    wrongFile(`Line ${line.at} says ${BigInt(said)} ${what}; there are ${found}.`);
}

/** Behind 貸越区分, 1 for what is there and 2 for what is overdrawn. */
function balanceIn(line: Line, at: Layout<"sign" | "balance">): bigint {
  const amount = BigInt(digits(line, at.balance, "balance"));
  const sign = cut(line, at.sign);
  if (sign === "1") return amount;
  return sign === "2" ? -amount : wrongFile(`Line ${line.at} has a balance without a sign (貸越区分).`);
}

/** Banks count the end record or not. */
function checkEnd(end: Line, lines: number, accounts: number): void {
  const count = Number(digits(end, ending.count, "count of records"));
  if (count !== lines && count !== lines - 1)
    wrongFile(`Line ${end.at} says ${count} records; there are ${lines}.`);
  checkSum(end, digits(end, ending.accounts, "count of accounts"), accounts, "accounts");
}
