/** The same transfers as a message of ISO 20022, pain.001.001.09 (CustomerCreditTransferInitiationV09). */
import { digitsOf } from "./decimals.ts";
import { document, element } from "./xml.ts";
import type { BankAccount, BankTransfer, TransferFile } from "./zengin.ts";

const currency = "JPY";
// CashAccountType: what 普通 and 当座 are called there.
const kindCode = { ordinary: "SVGS", current: "CACC" } as const;

function accountOf({ kind, number }: BankAccount, more: readonly string[]): string[] {
  return [
    element("Id", [element("Othr", [element("Id", number)])]),
    element("Tp", [element("Cd", kindCode[kind])]),
    ...more,
  ];
}

/** Bank and branch, as the clearing system of Japan numbers them. */
function agentOf({ bank, branch }: BankAccount): string {
  const system = element("ClrSysId", [element("Cd", "JPZGN")]);
  const member = element("ClrSysMmbId", [system, element("MmbId", `${bank}${branch}`)]);
  return element("FinInstnId", [member]);
}

function transferOf({ id, to, amount }: BankTransfer): string {
  return element("CdtTrfTxInf", [
    element("PmtId", [element("EndToEndId", id)]),
    element("Amt", [element("InstdAmt", digitsOf(amount, currency), { Ccy: currency })]),
    element("CdtrAgt", [agentOf(to)]),
    element("Cdtr", [element("Nm", to.holder)]),
    element("CdtrAcct", accountOf(to, [])),
  ]);
}

/** The message: its own id is the number of the file, and each transfer has its id as `EndToEndId`. */
export function pain001Of(file: TransferFile): Buffer {
  const { number, payOn, madeAt, payer, transfers } = file;
  const sum = digitsOf(
    transfers.reduce((all, { amount }) => all + amount, 0n),
    currency,
  );
  const [count, total] = [element("NbOfTxs", transfers.length), element("CtrlSum", sum)];
  const party = [element("Nm", payer.holder)];
  const known = element("Id", [element("OrgId", [element("Othr", [element("Id", payer.code)])])]);
  const head = element("GrpHdr", [
    element("MsgId", number),
    element("CreDtTm", madeAt.toISOString()),
    count,
    total,
    element("InitgPty", [...party, known]),
  ]);
  const payment = element("PmtInf", [
    element("PmtInfId", number),
    element("PmtMtd", "TRF"),
    count,
    total,
    element("ReqdExctnDt", [element("Dt", payOn)]),
    element("Dbtr", party),
    element("DbtrAcct", accountOf(payer, [element("Ccy", currency)])),
    element("DbtrAgt", [agentOf(payer)]),
    ...transfers.map(transferOf),
  ]);
  return document("pain.001.001.09", [element("CstmrCdtTrfInitn", [head, payment])]);
}
