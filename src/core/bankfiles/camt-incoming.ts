/** What a camt.053 says has come in: entries that are booked, each with the transactions that it is made of. */
import { isCurrency } from "../money/money.ts";
import {
  checkReferences,
  type Incoming,
  type IncomingFile,
  type IncomingStatement,
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
    from: (textAt(statement, "FrToDt/FrDtTm") ?? "").slice(0, 10),
    to: (textAt(statement, "FrToDt/ToDtTm") ?? "").slice(0, 10),
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

const isBooked = (entry: Node): boolean => (textAt(entry, "Sts/Cd") ?? textAt(entry, "Sts")) === "BOOK";

/** Adds what came in by an entry, or what it takes back; all else, and what comes back of payouts, is another's. */
function addEntry(statement: IncomingStatement, entry: Node, line: number): void {
  const isBack = textAt(entry, "RvslInd") === "true";
  const isCredit = textAt(entry, "CdtDbtInd") === "CRDT";
  const details = allAt(entry, "NtryDtls/TxDtls");
  const isReturn = details.some((detail) => allAt(detail, "RtrInf").length > 0);
  if (!isBooked(entry) || isReturn || isCredit === isBack) {
    statement.others += 1;
    return;
  }
  const whole = amountOf(entry, line);
  const parts = details.length > 1 ? details : [details[0]];
  const found = parts.map((detail, index) => partOf(entry, detail, { line, index, of: parts.length, whole }));
  const sum = found.reduce((all, { amount }) => all + amount, 0n);
  if (sum !== whole.amount || found.some(({ currency }) => currency !== whole.currency))
    wrongFile(`The transactions of entry ${line} come to ${sum}, and the entry to ${whole.amount}.`);
  statement.incoming.push(...found.map((one) => ({ ...one, takenBack: isBack })));
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

/** One transaction of an entry, or the entry itself where none is told. */
function partOf(
  entry: Node,
  detail: Node | undefined,
  { line, index, of, whole }: { line: number; index: number; of: number; whole: Whole },
): Omit<Incoming, "takenBack"> {
  const told = detail ?? entry;
  const own = detail === undefined ? undefined : textAt(detail, "Refs/AcctSvcrRef");
  const ofEntry = textAt(entry, "AcctSvcrRef") ?? textAt(entry, "NtryRef");
  const reference = own ?? (ofEntry === undefined || of === 1 ? ofEntry : `${ofEntry}/${index + 1}`);
  if (reference === undefined || reference === "")
    return wrongFile(
      `Entry ${line} has no reference of the bank (AcctSvcrRef), by which it would be known again.`,
    );
  const day = (textAt(entry, "BookgDt/Dt") ?? textAt(entry, "BookgDt/DtTm") ?? "").slice(0, 10);
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(day)) return wrongFile(`Entry ${line} has no day (BookgDt).`);
  const money =
    detail !== undefined && (of > 1 || allAt(detail, "Amt").length > 0) ? amountOf(detail, line) : whole;
  const name = textAt(told, "RltdPties/Dbtr/Nm") ?? textAt(told, "RltdPties/Dbtr/Pty/Nm") ?? "";
  const texts = ["RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf"];
  const text = texts.flatMap((path) => allAt(told, path).map((node) => node.text.trim()));
  const to = digitsOnly(textAt(told, "RltdPties/CdtrAcct/Id/Othr/Id"));
  return {
    line,
    reference: reference.slice(0, 60),
    day,
    ...money,
    to: to === "" ? null : to,
    remitter: name,
    text: [...text, textAt(entry, "AddtlNtryInf") ?? ""].join(" ").trim(),
    from: textAt(told, "RltdAgts/DbtrAgt/FinInstnId/Nm") ?? "",
    uncertain: false,
  };
}
