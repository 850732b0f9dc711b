/**
 * What the pages say of guarantees, lines and bills: who owes what was claimed, and of whom each is, by number alone. Whoever goes
 * through these lists is not counted, so they show nobody, masked or not.
 */
import type { BillRules } from "../../engines/debts/debts.ts";
import { type Bill, dueOf, nextStepOf, openBillsOf, payByOf } from "../../engines/debts/debts.ts";
import type { GuaranteeSeen, NearSeen } from "../../engines/guarantees/guarantees.ts";
import { readPeopleById } from "../../storage/members/members.ts";
import { readParties } from "../../storage/parties/parties.ts";
import { unshown } from "../desk-pages/desk-pages.ts";
import { deskOffers, type MaskedPerson } from "../desk-views/desk-views.ts";
import type { BillLine, GuaranteeShown, NearShown, Owes } from "../guarantee-views/guarantee-views.ts";
import type { PageContext } from "../pages/pages.ts";
import type { Now } from "../parts/parts.ts";

/** People as lists show them, by their ids. */
async function peopleOf(
  { database }: PageContext,
  ids: readonly string[],
): Promise<Map<string, MaskedPerson>> {
  const people = await readPeopleById(database, [...new Set(ids)]);
  return new Map(
    people.map(({ id, number }) => [id, unshown(number === null ? null : String(number))] as const),
  );
}

const acts = ["release", "claim", "extend"] as const;

/** What can be done for a caller now, as the page of the trade offers it. */
async function actsOn(
  { trades }: PageContext,
  reader: Reader,
  number: string,
): Promise<GuaranteeShown["acts"]> {
  const trade = await trades.read({ kind: "operator", id: reader.operator }, number);
  if (trade === undefined) return [];
  const offers = deskOffers(trade, reader.now);
  return acts.filter((act) => offers.has(act));
}

/** Who reads, and when. */
export interface Reader {
  operator: string;
  now: Now;
}

function owesOf(
  { phase, lender, account }: GuaranteeSeen,
  bills: readonly Bill[],
  names: ReadonlyMap<string, string>,
): Owes | undefined {
  if (phase !== "claimed") return undefined;
  const bill = bills.find((one) => one.account === account);
  if (bill !== undefined)
    return {
      who: "member",
      bill: String(bill.number),
      owed: dueOf(bill),
      due: payByOf(bill).toISOString(),
    };
  return lender === null ? { who: "nobody" } : { who: "lender", name: names.get(lender) ?? lender };
}

/** Guarantees as pages show them. */
export async function guaranteesShown(
  context: PageContext,
  seen: readonly GuaranteeSeen[],
  reader: Reader,
): Promise<GuaranteeShown[]> {
  const { database } = context;
  const now = new Date(reader.now.at);
  const claimed = seen.filter(({ phase }) => phase === "claimed");
  const [people, bills, parties] = await Promise.all([
    peopleOf(
      context,
      seen.flatMap(({ person }) => person ?? []),
    ),
    openBillsOf(
      database,
      claimed.flatMap(({ account }) => account ?? []),
    ),
    readParties(
      database,
      claimed.flatMap(({ lender }) => lender ?? []),
    ),
  ]);
  const names = new Map(parties.map(({ id, name }) => [id, name]));
  const shown = seen.map(async (one): Promise<GuaranteeShown> => {
    const { number, shopName, phase, currency, amount, due, endsAt, asks, claimFrom, clockFrom } = one;
    return {
      number,
      shopName,
      phase,
      currency,
      amount,
      due,
      endsAt: endsAt.toISOString(),
      late: phase === "due" && endsAt < now,
      asks,
      claimFrom: claimFrom?.toISOString() ?? null,
      clockFrom: clockFrom?.toISOString() ?? null,
      buyer: people.get(one.person ?? ""),
      waits: one.waits,
      owes: owesOf(one, bills, names),
      acts: await actsOn(context, reader, number),
    };
  });
  return Promise.all(shown);
}

/** Lines as pages show them. */
export async function linesShown(context: PageContext, seen: readonly NearSeen[]): Promise<NearShown[]> {
  const people = await peopleOf(
    context,
    seen.map(({ person }) => person),
  );
  return seen.flatMap(({ person: id, ...line }) => {
    const person = people.get(id);
    return person === undefined ? [] : [{ ...line, person }];
  });
}

/** Bills as lines, with when the next reminder goes out. */
export async function billsShown(
  context: PageContext,
  bills: readonly Bill[],
  { rules, now }: { rules: BillRules; now: Date },
): Promise<BillLine[]> {
  const people = await peopleOf(
    context,
    bills.map(({ person }) => person),
  );
  return bills.map((bill) => ({
    number: String(bill.number),
    member: people.get(bill.person)?.number ?? null,
    currency: bill.currency,
    owed: dueOf(bill),
    payBy: payByOf(bill).toISOString(),
    overdue: bill.plan === null && bill.dueAt < now,
    step: bill.step,
    nextStepAt: nextStepOf(bill, rules)?.toISOString() ?? null,
  }));
}
