/**
 * What a bank says of transfers that it was asked for: pain.002 (CustomerPaymentStatusReport) and camt.053 (the statement of
 * the account from which they went). A message is taken as a whole or not at all.
 */
import { isCurrency } from "../money/money.ts";
import { unitsOf } from "./decimals.ts";
import { allAt, type Node, readXml, textAt } from "./xml.ts";

/** What became of a transfer. `amount` and `currency` where the message says them. */
export interface Reported {
  how: "done" | "returned";
  /** The id that the transfer was given. */
  id: string;
  amount?: bigint;
  currency?: string;
  /** The bank's own code of why it came back, such as `AC01`. */
  reason?: string;
}

/** All transfers of a file, known by its number, have one end. */
export interface ReportedFile {
  number: string;
  how: "done" | "returned";
  reason?: string;
}

export type Report =
  | { format: "pain.002" | "camt.053"; transfers: Reported[]; files: ReportedFile[]; named: string[] }
  | { wrong: string };

/** Reads what a bank says. `named` are the numbers of all files of which it speaks. */
export function readReport(bytes: Uint8Array): Report {
  const read = readXml(bytes);
  if ("wrong" in read) return read;
  try {
    if (read.message.startsWith("pain.002.")) return statusReport(read.root);
    if (read.message.startsWith("camt.053.")) return statements(read.root);
  } catch (error) {
    if (error instanceof WrongReportError) return { wrong: error.message };
    throw error;
  }
  return { wrong: `It is a ${read.message}; a pain.002 or a camt.053 is wanted.` };
}

/** Why a message cannot be taken, in a sentence. */
export class WrongReportError extends Error {
  override readonly name = "WrongReportError";
}

function wrong(why: string): never {
  throw new WrongReportError(why);
}

/** ISO 20022 ExternalPaymentTransactionStatus1Code: those that end a transfer; others say that it is on its way. */
function endOf(status: string | undefined): "done" | "returned" | undefined {
  if (status === "RJCT" || status === "CANC") return "returned";
  return status === "ACSC" || status === "ACCC" ? "done" : undefined;
}

const reasonOf = (node: Node, path: string): { reason?: string } => {
  const reason = textAt(node, `${path}/Rsn/Cd`) ?? textAt(node, `${path}/Rsn/Prtry`);
  return reason === undefined ? {} : { reason: reason.slice(0, 35) };
};

function statusReport(root: Node): Report {
  const [report] = allAt(root, "CstmrPmtStsRpt");
  if (report === undefined) return wrong("It has no CstmrPmtStsRpt.");
  const number = textAt(report, "OrgnlGrpInfAndSts/OrgnlMsgId");
  if (number === undefined) return wrong("It does not say of which file it speaks (OrgnlMsgId).");
  const [group] = allAt(report, "OrgnlGrpInfAndSts");
  const parts = allAt(report, "OrgnlPmtInfAndSts");
  const transfers = parts.flatMap((part) => allAt(part, "TxInfAndSts").flatMap(transferIn));
  const ids = new Set(transfers.map(({ id }) => id));
  if (ids.size < transfers.length) return wrong("It names a transfer twice.");
  // Where single transfers are named, what is said of all of them only sums up.
  const says = parts.some((part) => allAt(part, "TxInfAndSts").length > 0);
  const whole = says || group === undefined ? undefined : endOfAll(group, parts);
  return {
    format: "pain.002",
    transfers,
    files: whole === undefined ? [] : [{ number, ...whole }],
    named: [number],
  };
}

function endOfAll(group: Node, parts: readonly Node[]): Omit<ReportedFile, "number"> | undefined {
  const how = endOf(textAt(group, "GrpSts"));
  if (how !== undefined) return { how, ...reasonOf(group, "StsRsnInf") };
  // A file of ours is one payment.
  const [part] = parts;
  const ofPart = part === undefined ? undefined : endOf(textAt(part, "PmtInfSts"));
  return part === undefined || ofPart === undefined
    ? undefined
    : { how: ofPart, ...reasonOf(part, "StsRsnInf") };
}

function transferIn(node: Node): Reported[] {
  const how = endOf(textAt(node, "TxSts"));
  const id = textAt(node, "OrgnlEndToEndId");
  if (id === undefined) return wrong("It speaks of a transfer and does not say of which (OrgnlEndToEndId).");
  if (how === undefined) return [];
  return [{ how, id, ...amountIn(node, "OrgnlTxRef/Amt/InstdAmt"), ...reasonOf(node, "StsRsnInf") }];
}

/** The amount at a path below a node, as far as it is said. */
export function amountIn(node: Node, path: string): { amount?: bigint; currency?: string } {
  const [found] = allAt(node, path);
  if (found === undefined) return {};
  const currency = found.attributes["Ccy"] ?? "";
  const amount = isCurrency(currency) ? unitsOf(found.text.trim(), currency) : undefined;
  if (amount === undefined) return wrong(`${path} is no amount: ${found.text.trim().slice(0, 40)}.`);
  return { amount, currency };
}

function statements(root: Node): Report {
  const found = allAt(root, "BkToCstmrStmt/Stmt");
  if (found.length === 0) return wrong("It has no statement (BkToCstmrStmt/Stmt).");
  for (const statement of found) checkStatement(statement);
  const transfers = found.flatMap((statement) => allAt(statement, "Ntry").flatMap(returnsIn));
  const ids = new Set(transfers.map(({ id }) => id));
  if (ids.size < transfers.length) return wrong("It names a transfer twice.");
  return { format: "camt.053", transfers, files: [], named: [] };
}

/** Booked entries that bring money back which had been sent. */
function returnsIn(entry: Node): Reported[] {
  if (textAt(entry, "CdtDbtInd") !== "CRDT") return [];
  const details = allAt(entry, "NtryDtls/TxDtls");
  return details.flatMap((detail): Reported[] => {
    const id = textAt(detail, "Refs/EndToEndId");
    if (allAt(detail, "RtrInf").length === 0 || id === undefined) return [];
    const own = amountIn(detail, "Amt");
    const amount = own.amount === undefined && details.length === 1 ? amountIn(entry, "Amt") : own;
    return [{ how: "returned", id, ...amount, ...reasonOf(detail, "RtrInf") }];
  });
}

const signed = (entry: Node): bigint => {
  const { amount } = amountIn(entry, "Amt");
  if (amount === undefined) return wrong("An entry or a balance has no amount.");
  return textAt(entry, "CdtDbtInd") === "DBIT" ? -amount : amount;
};

const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** Refuses a statement that does not come to what it says of itself. */
export function checkStatement(statement: Node): void {
  checkSummary(statement);
  checkBalances(statement);
}

/** Where a statement says how many entries it has and what they come to, it has so many and they do. */
function checkSummary(statement: Node): void {
  const entries = allAt(statement, "Ntry");
  const [total] = allAt(statement, "TxsSummry/TtlNtries");
  if (total === undefined) return;
  const count = textAt(total, "NbOfNtries");
  if (count !== undefined && Number(count) !== entries.length)
    wrong(`It says that it has ${count.slice(0, 15)} entries and has ${entries.length}.`);
  const sum = textAt(total, "Sum");
  const currency = currencyOf(statement);
  if (sum === undefined || currency === undefined || !isCurrency(currency)) return;
  const all = entries.reduce((so, entry) => so + magnitude(signed(entry)), 0n);
  if (unitsOf(sum, currency) !== all) wrong(`Its entries do not come to ${sum.slice(0, 20)} as it says.`);
}

const currencyOf = (statement: Node): string | undefined =>
  [...allAt(statement, "Ntry/Amt"), ...allAt(statement, "Bal/Amt")].flatMap(
    ({ attributes }) => attributes["Ccy"] ?? [],
  )[0];

/** Opening balance and booked entries come to the closing balance, where both are said. */
function checkBalances(statement: Node): void {
  const balance = (code: string) =>
    allAt(statement, "Bal").find((one) => textAt(one, "Tp/CdOrPrtry/Cd") === code);
  const [opening, closing] = [balance("OPBD"), balance("CLBD")];
  if (opening === undefined || closing === undefined) return;
  const booked = allAt(statement, "Ntry").filter(
    (entry) => (textAt(entry, "Sts/Cd") ?? textAt(entry, "Sts")) === "BOOK",
  );
  const moved = booked.reduce((sum, entry) => sum + signed(entry), 0n);
  if (signed(opening) + moved !== signed(closing))
    wrong("Its entries do not lead from its opening balance to its closing one.");
}
