/** Members who owe a guarantor: how a debt comes to be, how its bill stands, and whether the books agree with it. */
import assert from "node:assert/strict";
import { auditDebts, type BillRules, usualBills } from "../../../src/engines/debts/debts.ts";
import { auditKept, auditTrades } from "../../../src/engines/trades/trades.ts";
import { audit } from "../../../src/storage/ledger/ledger.ts";
import { auditSeals } from "../../../src/storage/seals/seals.ts";
import { bearer, type Headers, type Json, signIn } from "../wire/http.ts";
import { type Guaranteed, openGuaranteed } from "./guaranteed.ts";
import { until } from "./world.ts";

/** Two letters, each of which costs something. */
export const bills: BillRules = {
  ...usualBills,
  steps: [
    { after: "P3D", fee: { JPY: 100n } },
    { after: "P14D", fee: { JPY: 300n } },
  ],
  feesMost: { JPY: 400n },
};

type Member = Guaranteed["guarantor"]["demo"]["members"][number];

export async function openDebtors(t: { after(release: () => Promise<void>): unknown }) {
  const world = await openGuaranteed(t, { bills });
  const advance = (by: string) => world.advance(by);
  const { shops, members, adminKey } = world.guarantor.demo;
  const [[shop], [hana, , yui, sora]] = [shops, members];
  assert.ok(shop && hana && yui && sora);
  const who = { atShop: bearer(shop.key), desk: bearer(adminKey) };
  const reading = readingOf(world, who.desk);
  const owing = { ...who, shop: shop.key, as: reading.as };
  const calls = { ...reading, ...owingOf(world, owing) };
  /** A member who owes what a shop has claimed, and their bill. */
  async function billed(member: Member, amount = 3600): Promise<{ trade: string; bill: string }> {
    const trade = await calls.owes(member, amount);
    await advance("P22D");
    await calls.claim(trade);
    await advance("PT1S");
    const open = (await calls.billsOf(member)).filter(({ state }) => state === "open");
    assert.equal(open.length, 1);
    return { trade, bill: String(open[0]?.["number"]) };
  }
  return {
    ...world,
    ...who,
    ...calls,
    advance,
    sweep: () => advance("PT1S"),
    billed,
    agree: () => agree(world),
    people: { shop, hana, yui, sora },
  };
}

/** How debts come to be. */
function owingOf(
  { call }: Guaranteed,
  { atShop, shop, as }: { atShop: Headers; shop: string; as: (member: Member) => Promise<Headers> },
) {
  return {
    /** A trade that the member has accepted and not paid. */
    owes: async (member: Member, amount = 3600): Promise<string> => {
      const made = await call("guarantor", "POST", "/v1/trades", atShop, {
        currency: "JPY",
        lines: [{ name: "Tea", quantity: 1, unitAmount: amount }],
        buyer: { member: member.number },
        acceptance: { by: ["buyer", "shop"], need: 1 },
        approval: { mandate: member.mandates[shop] },
      });
      assert.equal(made.status, 201, made.text);
      const number = String(made.json["number"]);
      const accepted = await call("guarantor", "POST", `/v1/trades/${number}/accept`, await as(member), {});
      assert.equal(accepted.status, 200, accepted.text);
      return number;
    },
    claim: async (number: string): Promise<void> => {
      const claimed = await call("guarantor", "POST", `/v1/guarantees/${number}/claim`, atShop, {});
      assert.equal(claimed.status, 200, claimed.text);
    },
  };
}

/** How they stand. */
function readingOf({ guarantor, institution, call }: Guaranteed, desk: Headers) {
  const as = (member: Member) => signIn(guarantor.url, member);
  async function read(number: string): Promise<Json & { news: Json[] }> {
    const { status, json, text } = await call("guarantor", "GET", `/v1/bills/${number}`, desk);
    assert.equal(status, 200, text);
    return json as Json & { news: Json[] };
  }
  const stands = async (number: string) => {
    const bill = await read(number);
    const of = (name: string) => String(bill[name]);
    const sums = `owed ${of("owed")} asked ${of("asked")} fees ${of("fees")} paid ${of("paid")}`;
    return `${of("state")} ${sums} given up ${of("writtenOff")}`;
  };
  return {
    as,
    read,
    stands,
    billsOf: async (member: Member): Promise<Json[]> => {
      const { status, json, text } = await call("guarantor", "GET", "/v1/bills", await as(member));
      assert.equal(status, 200, text);
      return json["items"] as Json[];
    },
    told: async (number: string) => (await read(number)).news.map(({ kind }) => kind),
    becomes: (number: string, wanted: string) =>
      until(`${number} is ${wanted}`, async () => (await stands(number)) === wanted),
    /** What the institution takes under the number. */
    dueAt: async (number: string) => {
      const asker = bearer(institution.demo.adminKey);
      const { json } = await call("institution", "GET", `/v1/collections/${number}`, asker);
      const of = (name: string) => String(json[name]);
      return `${of("state")} ${of("due")}/${of("amount")} kept ${of("kept")}`;
    },
    line: async (member: Member) => {
      const { json } = await call("guarantor", "GET", `/v1/credit-lines/${member.number}`, desk);
      const [first] = json["items"] as Json[];
      return `${String(first?.["state"])} used ${String(first?.["used"])}`;
    },
  };
}

async function agree(world: Guaranteed): Promise<void> {
  const { guarantor } = world.admin;
  const found = [
    await audit(guarantor),
    await auditTrades(guarantor),
    await auditKept(guarantor),
    await auditDebts(guarantor),
    await auditSeals(guarantor),
  ];
  const differences = found.flatMap(({ differences: each }): object[] => each);
  assert.deepEqual(differences, []);
  assert.deepEqual((await world.reconcile()).breaks, []);
}
