/** What a bank says of a file, as messages of ISO 20022. */
import { randomUUID } from "node:crypto";

const plain = (id: string): string => id.replaceAll("-", "");
const message = (name: string, inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:${name}">${inside}</Document>`;
export const pain002 = (
  number: string,
  transfers: readonly (readonly [id: string, status: string])[],
): string =>
  message(
    "pain.002.001.10",
    `<CstmrPmtStsRpt><GrpHdr><MsgId>${randomUUID()}</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>${number}</OrgnlMsgId></OrgnlGrpInfAndSts>
    <OrgnlPmtInfAndSts><OrgnlPmtInfId>${number}</OrgnlPmtInfId>${transfers
      .map(
        ([id, status]) =>
          `<TxInfAndSts><OrgnlEndToEndId>${plain(id)}</OrgnlEndToEndId><TxSts>${status}</TxSts><StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf></TxInfAndSts>`,
      )
      .join("")}</OrgnlPmtInfAndSts></CstmrPmtStsRpt>`,
  );
export const camt053 = (id: string, amount: number, count = 1): string =>
  message(
    "camt.053.001.08",
    `<BkToCstmrStmt><Stmt><Id>${randomUUID()}</Id><TxsSummry><TtlNtries><NbOfNtries>${count}</NbOfNtries><Sum>${amount}</Sum></TtlNtries></TxsSummry>
    <Ntry><Amt Ccy="JPY">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><Refs><EndToEndId>${plain(id)}</EndToEndId></Refs><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt>`,
  );
