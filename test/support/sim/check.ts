/** What has to be true when everything has come to rest, of each server by itself and of both sides together. */
import { open } from "../../../src/storage/ledger/ledger.ts";
import type { KeptTrade } from "../../../src/engines/steps/kept-trade.ts";
import { answerKey } from "./sent-outcome.ts";
import { faultsOfAdvances } from "./advance-check.ts";
import { faultsOfChains } from "./chain-check.ts";
import type { Facilitator } from "./facilitator.ts";
import type { Institution } from "./institution.ts";
import { faultsOfCodes, faultsOfDoors } from "./door-check.ts";
import { faultsOfGoods } from "./goods-check.ts";
import { codeOf, isKept, isOfDoor } from "./outcomes.ts";
import type { Asked, AskedAt } from "./callers.ts";
import type { People } from "./people.ts";
import { faultsOfWays } from "./way-check.ts";

export interface Everyone {
  institutions: readonly Institution[];
  /** Those that are alive; what has died for good is known to the institutions alone. */
  facilitators: readonly Facilitator[];
  people: People;
  /** What each account began with, by institution and account. */
  purses: ReadonlyMap<string, bigint>;
}

/** A sentence for each thing that is wrong. */
export function findFaults({ institutions, facilitators, people, purses }: Everyone): string[] {
  return [
    ...people.surprises,
    ...faultsOfCodes(people.asked),
    ...institutions.flatMap((each) => [
      ...each.leaks,
      ...each.holders.faults,
      ...faultsOfBooks(each, purses),
      ...faultsOfHolds(each),
    ]),
    ...facilitators.flatMap((each) => [
      ...[...each.trades.values()].flatMap((trade) => faultsOfTrade(each, trade)),
      ...faultsBetween(each, institutions),
      ...faultsOfMandates(each),
      ...faultsOfAdvances(each, institutions, purses),
      ...faultsOfChains(each, institutions),
      ...faultsOfGoods(each, institutions),
      ...faultsOfDoors(each),
      ...faultsOfWays(each, people.asked),
    ]),
    ...people.asked
      .filter(({ at }) => facilitators.includes(at))
      .flatMap((asked) => faultOfAnswer(asked) ?? []),
  ];
}

/** The books of a server are what its entries say, to the last yen. */
export function faultsOfBooks(
  { id, accounts, holds, entries }: Pick<Institution, "id" | "accounts" | "holds" | "entries">,
  purses: ReadonlyMap<string, bigint>,
): string[] {
  const faults: string[] = [];
  const posted = new Map<string, bigint>();
  const sums = new Map<string, bigint>();
  for (const entry of entries) {
    posted.set(entry.account, (posted.get(entry.account) ?? 0n) + entry.posted);
    sums.set(entry.command, (sums.get(entry.command) ?? 0n) + entry.posted);
  }
  for (const [command, sum] of sums) if (sum !== 0n) faults.push(`${id}: ${command} makes ${sum} of nothing`);
  const frozen = new Map<string, bigint>();
  for (const hold of holds.values()) frozen.set(hold.account, (frozen.get(hold.account) ?? 0n) + open(hold));
  for (const account of accounts.values()) {
    const expected = (purses.get(`${id} ${account.id}`) ?? 0n) + (posted.get(account.id) ?? 0n);
    if (account.posted !== expected)
      faults.push(`${id}: ${account.id} has ${account.posted}, not ${expected}`);
    if (account.held !== (frozen.get(account.id) ?? 0n))
      faults.push(`${id}: ${account.id} holds ${account.held}`);
    if (account.closed && account.posted !== 0n)
      faults.push(`${id}: nobody reaches the ${account.posted} of ${account.id}`);
    if (account.posted - account.held < account.floor) faults.push(`${id}: ${account.id} is below its floor`);
  }
  for (const currency of ["JPY", "USD"]) {
    const all = [...accounts.values()].filter((each) => each.currency === currency);
    const sum = all.reduce((total, each) => total + each.posted, 0n);
    if (sum !== 0n) faults.push(`${id}: ${sum} ${currency} came from nowhere`);
  }
  return faults;
}

/** Each hold is what its entries say, in the order of time; where there are reservations, each is as its hold. */
export function faultsOfHolds({
  id,
  holds,
  entries,
  reservations,
}: Pick<Institution, "id" | "holds" | "entries"> & Partial<Pick<Institution, "reservations">>): string[] {
  const faults: string[] = [];
  const sums = new Map<string, { settle: bigint; release: bigint; refund: bigint; last: number }>();
  for (const { hold, kind, posted, held, at, leg } of entries) {
    if (hold === null || (leg > 0 && kind !== "refund")) continue;
    const sum = sums.get(hold) ?? { settle: 0n, release: 0n, refund: 0n, last: 0 };
    sums.set(hold, sum);
    if (at.getTime() < sum.last) faults.push(`${id}: ${hold} went back in time`);
    sum.last = at.getTime();
    if (kind === "settle") sum.settle -= posted;
    if (kind === "release" || kind === "expire") sum.release -= held;
    if (kind === "refund" && posted > 0n) sum.refund += posted;
  }
  for (const { id: hold, settled, released, refunded, state, ...rest } of holds.values()) {
    const sum = sums.get(hold);
    if (sum?.settle !== settled || sum.release !== released || sum.refund !== refunded)
      faults.push(`${id}: ${hold} is ${settled}/${released}/${refunded}, which its entries do not say`);
    const rested = open({ id: hold, settled, released, refunded, state, ...rest }) === 0n;
    if (rested === (state === "held")) faults.push(`${id}: ${hold} is ${state}`);
    if (reservations !== undefined && reservations.get(hold)?.state !== state)
      faults.push(`${id}: reservation and hold ${hold} differ`);
  }
  return faults;
}

export function faultsOfTrade(
  { id, events }: Pick<Facilitator, "id" | "events">,
  trade: KeptTrade,
): string[] {
  const faults: string[] = [];
  const { number, version, pending, frozen, settled, released, amount, hold } = trade;
  if (pending !== null) faults.push(`${id}: ${number} still waits for ${pending.step}`);
  if (hold !== null && amount !== frozen + settled + released)
    faults.push(`${id}: ${number} does not add up`);
  let seen = 0;
  let last = 0;
  for (const { seq, types, at } of events.get(trade.id) ?? []) {
    if (seq !== seen + 1) faults.push(`${id}: ${number} has event ${seq} after ${seen}`);
    if (at.getTime() < last) faults.push(`${id}: ${number} went back in time`);
    last = at.getTime();
    seen = seq + types.length - 1;
  }
  if (seen !== version) faults.push(`${id}: ${number} has version ${version} and ${seen} events`);
  return faults;
}

/** What is frozen, settled and paid back here is so there, for every trade, and nothing is there that nobody knows. */
function faultsBetween(facilitator: Facilitator, institutions: readonly Institution[]): string[] {
  const faults: string[] = [];
  const { id, trades, instructions, methods } = facilitator;
  if (instructions.size > 0) faults.push(`${id}: ${instructions.size} instructions wait`);
  const known = new Map<string, KeptTrade>();
  for (const trade of trades.values()) if (trade.hold !== null) known.set(trade.hold, trade);
  const paid = new Map<string, bigint>();
  for (const institution of institutions) {
    for (const { id: hold, peer, tradeNumber } of institution.reservations.values()) {
      if (peer !== id) continue;
      const found = institution.holds.get(hold);
      if (found === undefined) continue;
      const trade = known.get(hold);
      const there = `${open(found)}/${found.settled}/${found.released}/${found.refunded}`;
      if (trade === undefined) {
        if (open(found) !== 0n || found.settled !== 0n)
          faults.push(`${institution.id}: ${hold} of ${tradeNumber} is ${there}, and nobody knows it`);
        continue;
      }
      known.delete(hold);
      if (trade.terms.private === true) continue;
      const here = `${trade.frozen}/${trade.settled}/${trade.released}/${trade.refunded}`;
      if (here !== there || found.amount !== trade.amount)
        faults.push(`${id}: ${tradeNumber} is ${here} here and ${there} at ${institution.id}`);
      const account = `${institution.id} ${found.account}`;
      paid.set(account, (paid.get(account) ?? 0n) + trade.settled - trade.refunded);
    }
  }
  for (const trade of known.values()) faults.push(`${id}: nobody has frozen anything for ${trade.number}`);
  if (methods.size === 0) faults.push(`${id}: nobody can pay`);
  return faults;
}

export function faultsOfMandates({
  id,
  mandates,
  trades,
}: Pick<Facilitator, "id" | "mandates" | "trades">): string[] {
  return [...mandates.values()].flatMap(({ id: mandate, used, limit }) => {
    const under = [...trades.values()].filter((trade) => trade.mandate === mandate);
    const sum = under.reduce((total, { frozen, settled }) => total + frozen + settled, 0n);
    return sum === used && used <= limit ? [] : [`${id}: ${mandate} has ${used} used, the trades say ${sum}`];
  });
}

/** An answer that was given is the one that is kept, and the trade is at least as far as it said. */
export function faultOfAnswer({
  at,
  request,
  key,
  op,
  outcome,
  told,
}: AskedAt<Pick<Facilitator, "answers" | "trades">>): string | undefined {
  if (outcome === undefined) return `${op} ${key} was never answered`;
  if (request.do === "assign") return faultOfAssignment(request, at, told);
  if (isOfDoor(codeOf(outcome))) return undefined;
  const kept = at.answers.get(answerKey(request.actor.id, key));
  if (!isKept(kept, outcome))
    return `${op} ${key} was answered ${outcome.status}, and ${kept?.status} is kept`;
  if (told === undefined) return undefined;
  const trade = at.trades.get(BigInt(told.number));
  if (trade === undefined) return `${told.number} was acknowledged and is gone`;
  if (trade.terms.private === true && (told.amount ?? null) !== null)
    return `${told.number} was told with an amount`;
  const less =
    trade.version < told.version ||
    trade.settled < BigInt(told.settled ?? 0) ||
    trade.refunded < BigInt(told.refunded ?? 0);
  return less ? `${told.number} has lost what was acknowledged` : undefined;
}

/** Nothing is kept of a store's request; but a store that was told that the order is its own has it. */
function faultOfAssignment(
  { actor, number }: Asked["request"] & { do: "assign" },
  { trades }: Pick<Facilitator, "trades">,
  told: Asked["told"],
): string | undefined {
  const shop = trades.get(number)?.shop;
  return told === undefined || shop === actor.id
    ? undefined
    : `${actor.id} was told it has ${number} of ${shop}`;
}

/** Long after everything: nothing is frozen for anybody any more. */
export function findUnended({
  institutions,
  facilitators,
}: Pick<Everyone, "institutions" | "facilitators">): string[] {
  const live = new Set(["proposed", "refused", "reserved", "delivered", "accepted", "disputed"]);
  return [
    ...facilitators.flatMap(({ id, trades }) =>
      [...trades.values()]
        .filter(({ state, frozen }) => live.has(state) || frozen > 0n)
        .map(({ number, state, frozen }) => `${id}: ${number} is still ${state} with ${frozen} frozen`),
    ),
    ...institutions.flatMap(({ id, holds }) =>
      [...holds.values()]
        .filter(({ state }) => state === "held")
        .map((hold) => `${id}: ${hold.id} is still held`),
    ),
  ];
}
