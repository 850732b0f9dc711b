/** The statement of an account that is kept here, as a message like camt.053.001.08 (BankToCustomerStatementV08) and as CSV. */
import { digitsOf } from "./decimals.ts";
import { document, element } from "./xml.ts";

export interface StatementLine {
  /** The command of the ledger, and the leg of it. */
  id: string;
  leg: number;
  at: Date;
  kind: string;
  /** Above zero where money came. */
  posted: bigint;
  /** Of the hold that it was paid from, or given back to: it is the same for all that was paid of one trade. */
  hold: string | null;
  /** Under which it was paid; null where no number stands behind it. */
  tradeNumber: string | null;
}

export interface Statement {
  id: string;
  account: string;
  currency: string;
  from: Date;
  to: Date;
  madeAt: Date;
  opening: bigint;
  /** Oldest first; only what moved money. */
  lines: readonly StatementLine[];
}

const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
const side = (amount: bigint): string => element("CdtDbtInd", amount < 0n ? "DBIT" : "CRDT");

export function closingOf({ opening, lines }: Pick<Statement, "opening" | "lines">): bigint {
  return lines.reduce((sum, { posted }) => sum + posted, opening);
}

function sums(lines: readonly StatementLine[]): { credit: bigint; debit: bigint } {
  let [credit, debit] = [0n, 0n];
  for (const { posted } of lines) {
    if (posted > 0n) credit += posted;
    else debit -= posted;
  }
  return { credit, debit };
}

const instant = (at: Date): string => element("DtTm", at.toISOString());

function lineOf({ currency }: Statement, line: StatementLine): string {
  const { id, leg, at, kind, posted, hold, tradeNumber } = line;
  const amount = element("Amt", digitsOf(magnitude(posted), currency), { Ccy: currency });
  const references = element("Refs", [
    element("AcctSvcrRef", id.replaceAll("-", "")),
    hold === null ? undefined : element("EndToEndId", hold.replaceAll("-", "")),
  ]);
  // Where banks say what was paid for, and where they are read: camt-incoming.ts.
  const paidFor =
    tradeNumber === null
      ? undefined
      : element("RmtInf", [element("Strd", [element("CdtrRefInf", [element("Ref", tradeNumber)])])]);
  return element("Ntry", [
    element("NtryRef", `${id.replaceAll("-", "")}-${leg}`.slice(0, 35)),
    amount,
    side(posted),
    element("Sts", [element("Cd", "BOOK")]),
    element("BookgDt", [instant(at)]),
    element("BkTxCd", [element("Prtry", [element("Cd", kind)])]),
    element("NtryDtls", [element("TxDtls", [references, amount, side(posted), paidFor])]),
  ]);
}

export function camt053Of(statement: Statement): Buffer {
  const { id, account, currency, from, to, madeAt, opening, lines } = statement;
  const closing = closingOf(statement);
  const balance = (code: string, amount: bigint, at: Date) =>
    element("Bal", [
      element("Tp", [element("CdOrPrtry", [element("Cd", code)])]),
      element("Amt", digitsOf(magnitude(amount), currency), { Ccy: currency }),
      side(amount),
      element("Dt", [instant(at)]),
    ]);
  const { credit, debit } = sums(lines);
  const number = (name: string, of: readonly StatementLine[], sum: bigint) =>
    element(name, [element("NbOfNtries", of.length), element("Sum", digitsOf(sum, currency))]);
  const net = credit - debit;
  const summary = element("TxsSummry", [
    element("TtlNtries", [
      element("NbOfNtries", lines.length),
      element("Sum", digitsOf(credit + debit, currency)),
      element("TtlNetNtry", [element("Amt", digitsOf(magnitude(net), currency)), side(net)]),
    ]),
    number(
      "TtlCdtNtries",
      lines.filter(({ posted }) => posted > 0n),
      credit,
    ),
    number(
      "TtlDbtNtries",
      lines.filter(({ posted }) => posted < 0n),
      debit,
    ),
  ]);
  const head = element("GrpHdr", [element("MsgId", id), element("CreDtTm", madeAt.toISOString())]);
  const body = element("Stmt", [
    element("Id", id),
    element("CreDtTm", madeAt.toISOString()),
    element("FrToDt", [element("FrDtTm", from.toISOString()), element("ToDtTm", to.toISOString())]),
    element("Acct", [
      element("Id", [element("Othr", [element("Id", account.replaceAll("-", ""))])]),
      element("Ccy", currency),
    ]),
    balance("OPBD", opening, from),
    balance("CLBD", closing, to),
    summary,
    ...lines.map((line) => lineOf(statement, line)),
  ]);
  return document("camt.053.001.08", [element("BkToCstmrStmt", [head, body])]);
}

/** The same as lines for spreadsheets, with what the account held after each. */
export function csvOf({ currency, opening, lines }: Statement): string {
  let balance = opening;
  const decimal = (amount: bigint) => `${amount < 0n ? "-" : ""}${digitsOf(magnitude(amount), currency)}`;
  const rows = lines.map(({ at, id, kind, posted, hold, tradeNumber }) => {
    balance += posted;
    return [
      at.toISOString(),
      id,
      kind,
      hold ?? "",
      currency,
      decimal(posted),
      decimal(balance),
      tradeNumber ?? "",
    ];
  });
  const head = ["at", "id", "kind", "hold", "currency", "amount", "balance", "trade_number"];
  return [head, ...rows].map((row) => `${row.join()}\r\n`).join("");
}
