/**
 * What has to be true of bills when everything has come to rest: what members owe is what was claimed and charged, less what
 * was recovered and given up; each step is charged once; what institutions took under their numbers is what was booked; a plan that was
 * missed is over; and nothing new is reserved on a line that was given up.
 */
import { askedOf, type Bill, dueOf } from "../../../src/engines/debts/bill.ts";
import type { MovementKind } from "../../../src/engines/debts/news-store.ts";
import { billRules, lossesAccount } from "./biller.ts";
import type { Guarantor } from "./guarantor.ts";
import type { House } from "./house.ts";

const most = billRules.feesMost["JPY"] ?? 0n;

export function faultsOfBills(guarantor: Guarantor, houses: ReadonlyMap<string, House>): string[] {
  const { id, biller, accounts } = guarantor;
  const [given, late] = [sumOf(guarantor, "write-off"), sumOf(guarantor, "late recovery")];
  const lost = -(accounts.get(lossesAccount)?.posted ?? 0n);
  return [
    ...(lost === given - late
      ? []
      : [`${id}: ${lost} is lost, ${given} was given up and ${late} came of it`]),
    ...[...biller.bills.values()].flatMap((bill) => [
      ...faultsOfBill(guarantor, bill),
      ...faultsThere(guarantor, bill, houses.get(bill.collector ?? "")),
    ]),
    ...faultsOfLosses(guarantor),
  ];
}

/** What moved for a bill, or for all. */
function sumOf({ biller }: Guarantor, kind: MovementKind, bill?: Bill): bigint {
  return biller.movements.reduce(
    (sum, each) =>
      each.kind === kind && (bill === undefined || each.bill === bill.id) ? sum + each.amount : sum,
    0n,
  );
}

function faultsOfBill(guarantor: Guarantor, bill: Bill): string[] {
  const { id, biller, accounts, entries } = guarantor;
  const { number, state, fees, writtenOff, late, collected, returned, seen, account, plan } = bill;
  const own = biller.movements.filter((each) => each.bill === bill.id);
  const fromLine = new Set(
    entries.filter((entry) => entry.account === account && entry.posted < 0n).map(({ command }) => command),
  );
  const came = own.filter(
    ({ kind, command }) => kind === "recovery" || (kind === "late recovery" && !fromLine.has(command)),
  );
  const booked = came.reduce((sum, { amount }) => sum + amount, 0n);
  const steps = own.flatMap(({ kind, step }) => (kind === "fee" && step !== null ? [step] : []));
  const posted = accounts.get(account)?.posted ?? 0n;
  const faults: [boolean, string][] = [
    [fees === sumOf(guarantor, "fee", bill), `has fees of ${fees}, and others were charged`],
    [fees <= most && new Set(steps).size === steps.length, `charged ${fees} in steps ${steps.join()}`],
    [writtenOff === sumOf(guarantor, "write-off", bill), `says that ${writtenOff} was given up`],
    [late === sumOf(guarantor, "late recovery", bill), `says that ${late} came late`],
    [collected - returned === booked, `says ${collected} less ${returned}, and ${booked} was booked`],
    [
      state !== "open" || (seen === posted && dueOf(bill) === -posted),
      `asks for ${dueOf(bill)} of ${-posted}`,
    ],
    [state !== "paid" || dueOf(bill) === 0n, `is paid, and ${dueOf(bill)} is owed`],
    [plan === null || !isMissed(guarantor, bill), "lets an instalment be paid that was missed"],
  ];
  return faults.flatMap(([isRight, what]) => (isRight ? [] : [`${id}: the bill ${number} ${what}`]));
}

/** By what was granted, and not by what the bill says. */
function isMissed(guarantor: Guarantor, { number, paid }: Bill): boolean {
  const { from, parts } = guarantor.biller.granted.get(number) ?? { from: 0n, parts: [] };
  const [first] = parts;
  // What another debt adds to a part is not granted: only the first of them is judged.
  return first !== undefined && first.by < guarantor.now() && paid < from + first.amount;
}

function faultsThere({ id }: Guarantor, bill: Bill, house: House | undefined): string[] {
  const due = house?.dues.get(String(bill.number));
  if (house === undefined || bill.refused !== null) return [];
  const { amount = 0n, paid = 0n, refunded = 0n } = due ?? {};
  const here = `${bill.collected + askedOf(bill)}/${bill.collected}/${bill.returned}`;
  const there = `${amount}/${paid}/${refunded}`;
  return here === there ? [] : [`${id}: the bill ${bill.number} is ${here}, and ${there} at ${house.id}`];
}

/** A line that was given up is closed, and what is reserved on it was so before. */
function faultsOfLosses({ id, biller, holds, methods }: Guarantor): string[] {
  return [...biller.givenUp].flatMap(([account, before]) => {
    const method = [...methods.values()].flat().find((each) => each.account === account);
    const later = [...holds.values()].filter((hold) => hold.account === account && !before.has(hold.id));
    return method?.state === "closed" && later.length === 0
      ? []
      : [
          `${id}: ${account} was given up, is ${method?.state}, and ${later.length} were reserved on it since`,
        ];
  });
}

/** What moved for bills on a line: to it, less what went from it. */
export function movedOn(
  { biller, entries }: Guarantor,
  account: string,
): { commands: Set<string>; sum: bigint } {
  const own = biller.movements.filter((each) => each.account === account);
  const fromLine = new Set(
    entries.filter((entry) => entry.account === account && entry.posted < 0n).map(({ command }) => command),
  );
  const signOf = (kind: MovementKind, command: string): bigint => {
    if (kind === "recovery" || kind === "write-off") return 1n;
    return kind === "fee" || fromLine.has(command) ? -1n : 0n;
  };
  const sum = own.reduce((all, { kind, command, amount }) => all + signOf(kind, command) * amount, 0n);
  return { commands: new Set(own.map(({ command }) => command)), sum };
}

/** What was taken at a door is what an institution has taken, once, and the trade knows. */
export function faultsOfDoors({ id, trades }: Guarantor, houses: ReadonlyMap<string, House>): string[] {
  return [...trades.values()].flatMap(({ number, progress: { guarantee } }) => {
    const { taking, collector } = guarantee ?? {};
    if (taking === undefined) return [];
    const there = houses.get(collector ?? "")?.payments ?? [];
    const taken = there.filter((each) => each.id === taking.instruction && each.collector === "carrier");
    const wanted = taking.state === "taken" ? 1 : 0;
    const isRight =
      taking.state !== "asked" &&
      taken.length === wanted &&
      taken.every((each) => each.amount === BigInt(taking.amount));
    return isRight
      ? []
      : [`${id}: at the door ${number} is ${taking.state}, and ${taken.length} were taken there`];
  });
}
