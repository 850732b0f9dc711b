/** What banks say, and what of it is not believed: cut, in another encoding, not adding up, or no message of theirs at all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readReport } from "./bankfiles.ts";

const message = (name: string, inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:${name}">${inside}</Document>`;
const pain002 = (inside: string): string =>
  message("pain.002.001.10", `<CstmrPmtStsRpt>${inside}</CstmrPmtStsRpt>`);
const group = (status = ""): string =>
  `<OrgnlGrpInfAndSts><OrgnlMsgId>1000000001</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${status}</OrgnlGrpInfAndSts>`;
const transfer = (id: string, status: string, more = ""): string =>
  `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>${status}</TxSts>${more}</TxInfAndSts>`;
const part = (inside: string): string =>
  `<OrgnlPmtInfAndSts><OrgnlPmtInfId>1000000001</OrgnlPmtInfId>${inside}</OrgnlPmtInfAndSts>`;
const rejected = "<StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf>";

const read = (text: string) => readReport(Buffer.from(text));
const why = (bytes: string | Buffer): string => {
  const found = readReport(Buffer.from(bytes));
  assert.ok("wrong" in found);
  return found.wrong;
};

test("a pain.002 says of each transfer what became of it, or of all at once", () => {
  const single = read(
    pain002(
      group("<GrpSts>PART</GrpSts>") +
        part(transfer("a", "RJCT", rejected) + transfer("b", "ACSC") + transfer("c", "PDNG")),
    ),
  );
  assert.ok("transfers" in single);
  assert.deepEqual(single.transfers, [
    { how: "returned", id: "a", reason: "AC01" },
    { how: "done", id: "b" },
  ]);
  assert.deepEqual([single.files, single.named], [[], ["1000000001"]]);
  const whole = read(pain002(group(`<GrpSts>RJCT</GrpSts>${rejected}`)));
  assert.ok("files" in whole);
  assert.deepEqual(whole.files, [{ number: "1000000001", how: "returned", reason: "AC01" }]);
  const paid = read(pain002(group() + part("<PmtInfSts>ACSC</PmtInfSts>")));
  assert.ok("files" in paid);
  assert.deepEqual(paid.files, [{ number: "1000000001", how: "done" }]);
});

const entry = (amount: string, side: string, inside = "", status = "BOOK"): string =>
  `<Ntry><Amt Ccy="JPY">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd><Sts><Cd>${status}</Cd></Sts>${inside}</Ntry>`;
const back = (id: string, amount = ""): string =>
  `<TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs>${amount}<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>`;
const balance = (code: string, amount: string, side = "CRDT"): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="JPY">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd></Bal>`;
const summary = (count: number, sum: string): string =>
  `<TxsSummry><TtlNtries><NbOfNtries>${count}</NbOfNtries><Sum>${sum}</Sum></TtlNtries></TxsSummry>`;
const camt053 = (inside: string): string =>
  message("camt.053.001.08", `<BkToCstmrStmt><Stmt><Id>1</Id>${inside}</Stmt></BkToCstmrStmt>`);

test("a camt.053 brings back what was returned, and nothing else", () => {
  const found = read(
    camt053(
      balance("OPBD", "5000") +
        balance("CLBD", "4200") +
        summary(3, "3200") +
        entry("2000", "DBIT") +
        entry("700", "CRDT", `<NtryDtls>${back("a")}</NtryDtls>`) +
        entry(
          "500",
          "CRDT",
          "<NtryDtls><TxDtls><Refs><EndToEndId>other</EndToEndId></Refs></TxDtls></NtryDtls>",
        ),
    ),
  );
  assert.ok("transfers" in found);
  assert.deepEqual(found.transfers, [
    { how: "returned", id: "a", amount: 700n, currency: "JPY", reason: "AC04" },
  ]);
  const many = read(
    camt053(
      entry(
        "900",
        "CRDT",
        `<NtryDtls>${back("a", '<Amt Ccy="JPY">400</Amt>')}${back("b", '<Amt Ccy="JPY">500</Amt>')}</NtryDtls>`,
      ),
    ),
  );
  assert.ok("transfers" in many);
  assert.deepEqual(
    many.transfers.map(({ amount }) => amount),
    [400n, 500n],
  );
});

const sound = camt053(summary(1, "700") + entry("700", "CRDT", `<NtryDtls>${back("a")}</NtryDtls>`));
const wrongs: readonly (readonly [what: string, bytes: string | Buffer, says: RegExp])[] = [
  ["nothing", "", /no well-formed XML/],
  ["no XML", "1210", /no well-formed XML/],
  ["cut in the middle", sound.slice(0, sound.length / 2), /no well-formed XML/],
  ["cut at the end", sound.slice(0, -4), /no well-formed XML/],
  ["two messages in one file", sound + sound, /no well-formed XML/],
  [
    "in Shift_JIS, and said to be UTF-8",
    Buffer.concat([Buffer.from("<a>"), Buffer.from([0x83, 0x41]), Buffer.from("</a>")]),
    /not UTF-8/,
  ],
  ["said to be in Shift_JIS", sound.replace('encoding="UTF-8"', 'encoding="Shift_JIS"'), /Shift_JIS/],
  ["with a document type", sound.replace("?>", '?><!DOCTYPE Document [<!ENTITY x "y">]>'), /document type/],
  ["with entities of its own", sound.replace("AC04", "&x;"), /no well-formed XML/],
  ["no message of ISO 20022", "<a/>", /no message of ISO 20022/],
  ["of another kind", message("pain.001.001.09", ""), /pain.002 or a camt.053/],
  ["a pain.002 of nothing", pain002(""), /OrgnlMsgId/],
  [
    "of a transfer without a name",
    pain002(group() + part("<TxInfAndSts><TxSts>RJCT</TxSts></TxInfAndSts>")),
    /OrgnlEndToEndId/,
  ],
  [
    "that names a transfer twice",
    pain002(group() + part(transfer("a", "RJCT") + transfer("a", "ACSC"))),
    /twice/,
  ],
  ["without a statement", message("camt.053.001.08", "<BkToCstmrStmt/>"), /no statement/],
  [
    "with another number of entries",
    sound.replace("<NbOfNtries>1<", "<NbOfNtries>2<"),
    /2 entries and has 1/,
  ],
  ["with another sum", sound.replace("<Sum>700<", "<Sum>701<"), /do not come to 701/],
  [
    "with another balance",
    camt053(balance("OPBD", "0") + balance("CLBD", "1") + entry("700", "CRDT")),
    /opening balance/,
  ],
  ["with an amount that is none", sound.replaceAll(">700</Amt>", ">-700</Amt>"), /no amount/],
  ["with a part of a yen", sound.replaceAll(">700</Amt>", ">700.5</Amt>"), /no amount/],
  ["in no currency", sound.replaceAll('Ccy="JPY"', 'Ccy="XXZ"'), /no amount/],
  ["nested without end", "<a>".repeat(50) + "</a>".repeat(50), /nested deeper/],
];

for (const [what, bytes, says] of wrongs)
  test(`a message ${what} is refused`, () => assert.match(why(bytes), says));
