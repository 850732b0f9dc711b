/**
 * What has to be true when everything has come to rest, over a guarantor and the institutions that collect for it:
 * what is frozen on lines is what it stands for; what is due at collectors is what was accepted and not paid; what shops
 * were paid is what was collected and claimed; and what members owe is what was claimed and not paid back.
 */
import {
  dueFeeOf,
  dueOf,
  type Guarantee,
  guaranteeState,
  heldOf,
  owed,
} from "../../../src/core/trade/trade.ts";
import { accountOfCollector } from "../../../src/engines/collections/world.ts";
import type { KeptTrade } from "../../../src/engines/steps/kept-trade.ts";
import { open } from "../../../src/storage/ledger/ledger.ts";
import {
  faultOfAnswer,
  faultsOfBooks,
  faultsOfHolds,
  faultsOfMandates,
  faultsOfTrade,
} from "../sim/check.ts";
import { faultsOfBills, faultsOfDoors, movedOn } from "./check-bills.ts";
import { faultsOfPurses, isOwnDue } from "./fundings.ts";
import { feeAccount, type Guarantor } from "./guarantor.ts";
import { type House, keptAccount } from "./house.ts";
import { collectors, currency, lineOf, type Market, shops } from "./opening.ts";
import type { Brought, People } from "./people.ts";

/** By what something comes to be owed. */
const decides = new Set(["trade.accepted", "trade.resolved", "trade.offer_accepted"]);
/** The shortest time to pay, and the grace after it. */
const leastMs = 10 * 86_400_000;

/** A sentence for each thing that is wrong. */
export function findFaults({ houses, guarantor, purses }: Market, people: People): string[] {
  const places = [...houses.values()];
  const trades = [...guarantor.trades.values()];
  return [
    ...people.surprises,
    ...guarantor.surprises,
    ...faultsOfBooks(guarantor, purses),
    ...faultsOfHolds(guarantor),
    ...faultsOfMandates(guarantor),
    ...faultsOfLines(guarantor, trades),
    ...faultsOfClaims(guarantor, trades),
    ...faultsOfBills(guarantor, houses),
    ...faultsOfDoors(guarantor, houses),
    ...trades.flatMap((trade) => [
      ...faultsOfTrade(guarantor, trade),
      ...faultsOfHold(guarantor, trade),
      ...faultsOfDue(guarantor, trade, houses),
      ...faultsOfEnd(guarantor, trade),
      ...faultsOfFee(guarantor, trade, houses),
    ]),
    ...places.flatMap((house) => [
      ...house.refusals,
      ...faultsOfBooks(house, purses),
      ...faultsOfPayees(house, trades, guarantor),
      ...faultsOfPurses(house),
      ...faultsOfTills(house),
      ...faultsOfLocks(house),
      ...faultsOfStrangers(house, guarantor),
    ]),
    ...people.brought.flatMap((each) => faultOfReceipt(each) ?? []),
    ...people.asked.flatMap((asked) => faultOfAnswer(asked) ?? []),
    ...(guarantor.instructions.size > 0 ? [`${guarantor.instructions.size} instructions wait`] : []),
  ];
}

const none: Guarantee = {
  collected: 0,
  freed: 0,
  claimed: 0,
  claimedFee: 0,
  reimbursed: 0,
  reimbursedFee: 0,
};
const standing = ({ progress }: KeptTrade): Guarantee => progress.guarantee ?? none;
const sumOf = <Each>(all: readonly Each[], part: (each: Each) => bigint | number): bigint =>
  all.reduce((sum, each) => sum + BigInt(part(each)), 0n);

/** What is frozen on lines is what is open of guarantees; what members owe is what was claimed, less what came back. */
function faultsOfLines(guarantor: Guarantor, trades: readonly KeptTrade[]): string[] {
  const { id, accounts, entries } = guarantor;
  const faults: string[] = [];
  for (const buyer of ["buyer 1", "buyer 2", "buyer 3"]) {
    const line = accounts.get(lineOf(buyer));
    const own = trades.filter((trade) => trade.account === lineOf(buyer) && trade.hold !== null);
    const frozen = sumOf(own, heldOf);
    if (line?.held !== frozen)
      faults.push(`${id}: ${line?.held} is frozen on the line of ${buyer}, not ${frozen}`);
    const claimed = sumOf(own, (trade) => BigInt(standing(trade).claimed) - claimedBack(trade));
    const { commands, sum } = movedOn(guarantor, lineOf(buyer));
    const back = sumOf(
      entries.filter(
        ({ account, kind, command }) =>
          account === lineOf(buyer) && kind === "transfer" && !commands.has(command),
      ),
      ({ posted }) => posted,
    );
    if (line?.posted !== back + sum - claimed)
      faults.push(
        `${id}: ${buyer} owes ${-(line?.posted ?? 0n)}, ${claimed} claimed, ${back} paid back, ${sum} by bills`,
      );
  }
  return faults;
}

/** What of the claimed has gone back: all that was refunded and was not collected. */
const claimedBack = (trade: KeptTrade): bigint => trade.refunded - BigInt(standing(trade).reimbursed);

/** What shops and the guarantor itself were paid in its own books is what was claimed. */
function faultsOfClaims({ id, accounts, biller }: Guarantor, trades: readonly KeptTrade[]): string[] {
  const paid = [...shops, feeAccount(currency)].map((each) => accounts.get(each)?.posted ?? 0n);
  const claimed = sumOf(trades, (trade) => BigInt(standing(trade).claimed) - claimedBack(trade));
  const charged = sumOf(biller.movements, ({ kind, amount }) => (kind === "fee" ? amount : 0n));
  const sum = sumOf(paid, (each) => each) - charged;
  return sum === claimed ? [] : [`${id}: ${sum} was paid in its books, and ${claimed} claimed`];
}

/** A hold and its trade say the same, each in its own words. */
function faultsOfHold({ id, holds }: Guarantor, trade: KeptTrade): string[] {
  if (trade.hold === null) return [];
  const hold = holds.get(trade.hold);
  if (hold === undefined) return [`${id}: nothing is frozen for ${trade.number}`];
  const { collected, freed, claimed } = standing(trade);
  const [free, more] = [BigInt(freed), BigInt(collected - freed)];
  const here = `${trade.frozen + more}/${claimed}/${trade.released + free}/${claimedBack(trade)}`;
  const there = `${open(hold)}/${hold.settled}/${hold.released}/${hold.refunded}`;
  const faults = here === there ? [] : [`${id}: ${trade.number} is ${here}, and its hold ${there}`];
  if (BigInt(collected) + BigInt(claimed) !== trade.settled)
    faults.push(
      `${id}: of ${trade.number} ${collected} was collected, ${claimed} claimed, ${trade.settled} settled`,
    );
  return faults;
}

/** What was collected is freed once, what was not is claimed once, and not before there was time to pay. */
function faultsOfEnd({ id, events }: Guarantor, trade: KeptTrade): string[] {
  const { freed, claimed } = standing(trade);
  const sums = { "guarantee.released": 0, "guarantee.claimed": 0 };
  let owedSince: number | undefined;
  const faults: string[] = [];
  for (const { types, data, at } of events.get(trade.id) ?? [])
    types.forEach((type, index) => {
      if (decides.has(type)) owedSince ??= at.getTime();
      if (type === "guarantee.released" || type === "guarantee.claimed")
        sums[type] += Number(data[index]?.["amount"]);
      if (type === "guarantee.claimed" && (owedSince === undefined || at.getTime() - owedSince < leastMs))
        faults.push(`${id}: ${trade.number} was claimed before the buyer had time to pay`);
    });
  if (sums["guarantee.released"] !== freed || sums["guarantee.claimed"] !== claimed)
    faults.push(
      `${id}: the guarantee of ${trade.number} was freed ${freed} and claimed ${claimed}, not so told`,
    );
  return faults;
}

/** What is due, paid and given back at the institution is what the guarantor believes. */
function faultsOfDue({ id }: Guarantor, trade: KeptTrade, houses: ReadonlyMap<string, House>): string[] {
  const { collector, collected, reimbursed, told } = standing(trade);
  if (collector === undefined) return [];
  const due = houses.get(collector)?.dues.get(String(trade.number));
  const { amount = 0n, paid = 0n, refunded = 0n, fee = 0n } = due ?? {};
  // Whoever has taken a consent back is told of nothing new, and the guarantor knows that.
  if (told?.refused === true) return [];
  const here = `${dueOf(trade)}/${collected}/${reimbursed}`;
  const there = `${amount}/${paid}/${refunded}`;
  if (here !== there) return [`${id}: ${trade.number} is ${here}, and ${there} at ${collector}`];
  return amount > paid && fee !== dueFeeOf(trade)
    ? [`${id}: the fee of ${trade.number} is ${dueFeeOf(trade)}, and ${fee} at ${collector}`]
    : [];
}

/** What the guarantor has of a trade, in its own books and at the institution, is the fee that the trade says. */
function faultsOfFee(
  { id, entries }: Guarantor,
  trade: KeptTrade,
  houses: ReadonlyMap<string, House>,
): string[] {
  const { collector = "", told } = standing(trade);
  const house = houses.get(collector);
  const due = house?.dues.get(String(trade.number));
  if (told?.refused === true || trade.hold === null) return [];
  const own = entries.filter(({ hold, account }) => hold === trade.hold && account === feeAccount(currency));
  const back = (house?.returns ?? []).filter(
    ({ collection, kind, account }) =>
      collection === due?.id && kind === "reimburse" && account === "fees of G1",
  );
  const here = sumOf(own, ({ posted }) => posted);
  const there = (due?.feePaid ?? 0n) - sumOf(back, ({ amount }) => amount);
  const { feeTaken, feeReturned } = trade.progress;
  return here + there === BigInt(feeTaken - feeReturned)
    ? []
    : [`${id}: the fee of ${trade.number} is ${feeTaken - feeReturned}, and ${here} and ${there} were paid`];
}

/** Nothing is due at an institution under a number that the guarantor has it collect elsewhere, or not at all. */
function faultsOfStrangers({ id, dues }: House, { trades, biller }: Guarantor): string[] {
  return [...dues.values()]
    .filter((due) => !isOwnDue(due) && biller.bills.get(BigInt(due.tradeNumber))?.collector !== id)
    .filter(({ tradeNumber }) => trades.get(BigInt(tradeNumber))?.progress.guarantee?.collector !== id)
    .map(({ tradeNumber, amount }) => `${id}: ${amount} is due under ${tradeNumber}, and nobody says so`);
}

/** What shops and the guarantor were paid here is what was collected, less what went back, whatever they took out since. */
function faultsOfPayees(house: House, trades: readonly KeptTrade[], { biller }: Guarantor): string[] {
  const here = trades.filter((trade) => standing(trade).collector === house.id);
  const got = (account: string) => {
    const own = house.entries.filter((entry) => entry.account === account);
    const out = new Set(
      house.entries.filter((entry) => entry.account === "outside JPY").map(({ command }) => command),
    );
    return sumOf(
      own.filter(({ command }) => !out.has(command)),
      ({ posted }) => posted,
    );
  };
  const paid = sumOf([...shops, "fees of G1"], got);
  const bills = [...biller.bills.values()].filter(({ collector }) => collector === house.id);
  const collected =
    sumOf(here, (trade) => standing(trade).collected - standing(trade).reimbursed) +
    sumOf(bills, (bill) => bill.collected - bill.returned);
  return paid === collected ? [] : [`${house.id}: payees were paid ${paid}, and ${collected} was collected`];
}

/** What was taken is in the tills or was handed in; what is kept for return is what was not due, and came back. */
function faultsOfTills({ id, accounts, dues, payments, returns, entries }: House): string[] {
  const faults: string[] = [];
  for (const [collector] of collectors) {
    const till = accountOfCollector(collector, currency);
    const taken = sumOf(
      payments.filter((each) => each.collector === collector),
      ({ amount }) => amount,
    );
    const commands = new Set(payments.flatMap(({ command, feeCommand }) => [command, feeCommand]));
    const went = sumOf(
      entries.filter(({ account, command }) => account === till && commands.has(command)),
      ({ posted }) => posted,
    );
    if (went !== -taken) faults.push(`${id}: ${collector} took ${taken}, and owes ${-went} for it`);
  }
  const keptNow = accounts.get(keptAccount(currency))?.posted ?? 0n;
  const keptOf = sumOf([...dues.values()], ({ kept }) => kept);
  if (keptNow !== keptOf) faults.push(`${id}: ${keptNow} is kept, and dues say ${keptOf}`);
  for (const due of dues.values()) {
    const own = payments.filter(({ collection }) => collection === due.id);
    const back = returns.filter(({ collection }) => collection === due.id);
    const of = (state: string) =>
      sumOf(
        own.filter((each) => each.state === state),
        ({ amount }) => amount,
      );
    const given = (kind: string) =>
      sumOf(
        back.filter((each) => each.kind === kind),
        ({ amount }) => amount,
      );
    const kept = of("kept") + given("reimburse") - given("return");
    if (of("taken") !== due.paid || given("reimburse") !== due.refunded || kept !== due.kept)
      faults.push(`${id}: the due of ${due.tradeNumber} does not say what was taken and given back for it`);
    if (due.heard !== due.paid && !isOwnDue(due))
      faults.push(`${id}: nobody has heard of what was paid of ${due.tradeNumber}`);
  }
  return faults;
}

/** What a shop cannot take out yet is all that it has of a due, as long as the guarantor has said. */
function faultsOfLocks({ id, dues, locks, consents, returns }: House): string[] {
  return [...dues.values()].flatMap((due) => {
    const payee = consents.get(due.payee);
    if (payee === undefined || payee.revokedAt !== null || due.payableFrom === null) return [];
    const back = returns.filter(
      ({ collection, kind, account }) =>
        collection === due.id && kind === "reimburse" && account === payee.account,
    );
    const has = due.paid - due.feePaid - sumOf(back, ({ amount }) => amount);
    const kept = locks.get(due.id);
    const until = kept?.until?.getTime();
    return (kept?.amount ?? 0n) !== has || (has > 0n && until !== due.payableFrom.getTime())
      ? [`${id}: of ${due.tradeNumber} ${kept?.amount} is kept back until ${until}, not ${has}`]
      : [];
  });
}

/** Whoever got a receipt has paid, once; whoever was refused has the money in their hands. */
function faultOfReceipt({ house, collector, id, amount, said }: Brought): string | undefined {
  if (said === undefined) return `payment ${id} was never answered`;
  const taken = house.payments.filter((each) => each.collector === collector && each.id === id);
  const wanted = said.status < 300 ? 1 : 0;
  if (taken.length !== wanted)
    return `payment ${id} was answered ${said.status}, and taken ${taken.length} times`;
  return taken.some((each) => each.amount !== amount)
    ? `payment ${id} was taken as another amount`
    : undefined;
}

/** Long after everything: nobody's line is frozen for anything, every guarantee has ended, and nothing is due. */
export function findUnended({ guarantor, houses }: Market): string[] {
  const live = new Set(["proposed", "refused", "reserved", "delivered", "accepted", "disputed"]);
  return [
    ...[...guarantor.trades.values()]
      .filter((trade) => live.has(trade.state) || trade.frozen > 0n || guaranteeState(trade) === "open")
      .map(
        ({ number, state, frozen }) => `${guarantor.id}: ${number} is still ${state} with ${frozen} frozen`,
      ),
    ...[...guarantor.trades.values()]
      .filter((trade) => trade.hold !== null && owed(trade) > 0n)
      .map(({ number }) => `${guarantor.id}: what was accepted of ${number} was never paid`),
    ...[...guarantor.holds.values()]
      .filter((hold) => open(hold) > 0n)
      .map(({ id }) => `${guarantor.id}: ${id} is still held`),
    ...[...houses.values()].flatMap(({ id, dues }) =>
      [...dues.values()]
        .filter((due) => due.amount > due.paid && !isOwnDue(due))
        // What a bill asks for may never be paid.
        .filter(({ tradeNumber }) => !guarantor.biller.bills.has(BigInt(tradeNumber)))
        .map(({ tradeNumber }) => `${id}: something is still due under ${tradeNumber}`),
    ),
  ];
}
