/** What a camt.053 says has come in: entries that are booked, each with the transactions that it is made of. */
import { isCurrency } from "../money/money.ts";
import {
  checkReferences,
  type Incoming,
  type IncomingFile,
  type IncomingStatement,
  isDay,
  WrongFileError,
  wrongFile,
} from "./incoming.ts";
import { amountIn, checkStatement, WrongReportError } from "./reports.ts";
import { allAt, type Node, readXml, textAt } from "./xml.ts";

export function readCamtIncoming(bytes: Uint8Array): IncomingFile {
  const read = readXml(bytes);
  if ("wrong" in read) return read;
  if (!read.message.startsWith("camt.053."))
    return { wrong: `It is a ${read.message}; a camt.053 is wanted.` };
  try {
    const found = allAt(read.root, "BkToCstmrStmt/Stmt");
    if (found.length === 0) return { wrong: "It has no statement (BkToCstmrStmt/Stmt)." };
    return { form: "camt.053", statements: found.map(statementOf) };
  } catch (error) {
    if (error instanceof WrongFileError || error instanceof WrongReportError) return { wrong: error.message };
    throw error;
  }
}

const digitsOnly = (text: string | undefined): string => (text ?? "").replaceAll(/[^0-9]/g, "");

function statementOf(statement: Node): IncomingStatement {
  checkStatement(statement);
  const number = digitsOnly(textAt(statement, "Acct/Id/Othr/Id") ?? textAt(statement, "Acct/Id/IBAN"));
  if (number === "") wrongFile("It does not say of which account it speaks (Acct/Id).");
  const member = digitsOnly(textAt(statement, "Acct/Svcr/FinInstnId/ClrSysMmbId/MmbId"));
  const found: IncomingStatement = {
    account: { bank: member.slice(0, 4), branch: member.slice(4, 7), number },
    from: dayOf(textAt(statement, "FrToDt/FrDtTm"), "The statement has no day as its first (FrDtTm)"),
    to: dayOf(textAt(statement, "FrToDt/ToDtTm"), "The statement has no day as its last (ToDtTm)"),
    incoming: [],
    others: 0,
  };
  allAt(statement, "Ntry").forEach((entry, index) => addEntry(found, entry, index + 1));
  const days = found.incoming.map(({ day }) => day).toSorted();
  found.from ||= days[0] ?? "";
  found.to ||= days.at(-1) ?? "";
  checkReferences(found, "Entry");
  return found;
}

/** The day of a day or an instant; empty where none is said. */
function dayOf(text: string | undefined, why: string): string {
  const day = (text ?? "").slice(0, 10);
  return day === "" || isDay(day) ? day : wrongFile(`${why}: ${day}.`);
}

const isBooked = (entry: Node): boolean => (textAt(entry, "Sts/Cd") ?? textAt(entry, "Sts")) === "BOOK";
/** A part that brings a payout back, of which the bank's message on payouts is booked. */
const isReturn = (detail: Node | undefined): boolean =>
  detail !== undefined && allAt(detail, "RtrInf").length > 0;

/** Adds what came in by an entry, or what it takes back; all else, and what comes back of payouts, is another's. */
function addEntry(statement: IncomingStatement, entry: Node, line: number): void {
  const isBack = ["true", "1"].includes(textAt(entry, "RvslInd") ?? "");
  const isCredit = textAt(entry, "CdtDbtInd") === "CRDT";
  const details = allAt(entry, "NtryDtls/TxDtls");
  const parts = details.length > 1 ? details : [details[0]];
  if (!isBooked(entry) || isCredit === isBack || parts.every(isReturn)) {
    statement.others += 1;
    return;
  }
  const whole = amountOf(entry, line);
  const of = parts.length;
  const amounts = parts.map((detail) => amountOfPart(detail, { line, of, whole }));
  const sum = amounts.reduce((all, { amount }) => all + amount, 0n);
  if (sum !== whole.amount || amounts.some(({ currency }) => currency !== whole.currency))
    wrongFile(`The transactions of entry ${line} come to ${sum}, and the entry to ${whole.amount}.`);
  for (const [index, detail] of parts.entries())
    if (!isReturn(detail))
      statement.incoming.push({
        ...partOf(entry, detail, { line, index, of }),
        ...(amounts[index] ?? whole),
        takenBack: isBack,
      });
}

interface Whole {
  amount: bigint;
  currency: string;
}

function amountOf(node: Node, line: number): Whole {
  const { amount, currency } = amountIn(node, "Amt");
  if (amount === undefined || amount <= 0n || currency === undefined || !isCurrency(currency))
    return wrongFile(`Entry ${line} is about no money.`);
  return { amount, currency };
}

/** A single transaction may leave its amount to the entry. */
function amountOfPart(
  detail: Node | undefined,
  { line, of, whole }: { line: number; of: number; whole: Whole },
): Whole {
  const isSaid = detail !== undefined && (of > 1 || allAt(detail, "Amt").length > 0);
  return isSaid ? amountOf(detail, line) : whole;
}

/** One transaction of an entry, or the entry itself where none is told. */
function partOf(
  entry: Node,
  detail: Node | undefined,
  { line, index, of }: { line: number; index: number; of: number },
): Omit<Incoming, "takenBack" | "amount" | "currency"> {
  const told = detail ?? entry;
  const own = detail === undefined ? undefined : textAt(detail, "Refs/AcctSvcrRef");
  // An NtryRef will not do: it is this entry's within its statement only.
  const ofEntry = textAt(entry, "AcctSvcrRef");
  const reference = own ?? (ofEntry === undefined || of === 1 ? ofEntry : `${ofEntry}/${index + 1}`);
  if (reference === undefined || reference === "")
    return wrongFile(
      `Entry ${line} has no reference of the bank (AcctSvcrRef), by which it would be known again.`,
    );
  const noDay = `Entry ${line} has no day (BookgDt)`;
  const day = dayOf(textAt(entry, "BookgDt/Dt") ?? textAt(entry, "BookgDt/DtTm"), noDay);
  if (day === "") return wrongFile(`${noDay}.`);
  const name = textAt(told, "RltdPties/Dbtr/Nm") ?? textAt(told, "RltdPties/Dbtr/Pty/Nm") ?? "";
  const texts = ["RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf"];
  const text = texts.flatMap((path) => allAt(told, path).map((node) => node.text.trim()));
  const to = digitsOnly(textAt(told, "RltdPties/CdtrAcct/Id/Othr/Id"));
  return {
    line,
    reference: reference.slice(0, 60),
    day,
    to: to === "" ? null : to,
    remitter: name,
    text: [...text, textAt(entry, "AddtlNtryInf") ?? ""].join(" ").trim(),
    from: textAt(told, "RltdAgts/DbtrAgt/FinInstnId/Nm") ?? "",
    uncertain: false,
  };
}
