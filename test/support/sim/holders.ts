/**
 * Owners of accounts who want to confirm what is paid above a sum, at one institution: whom it could tell, what they say, what
 * its operators decide; and whether anything was paid that should not have been, counted from the entries alone.
 */
import type { AskedSettlement } from "../../../src/engines/settlements/settlements.ts";
import { answerKey } from "./sent-outcome.ts";
import type { Ground } from "./process.ts";
import type { Hold } from "../../../src/storage/ledger/ledger.ts";
import type { LocatedReservation } from "../../../src/engines/reservations/store.ts";
import type { World } from "../../../src/engines/reservations/world.ts";

const silenceMs = 3 * 86_400_000;

/** How owners are here; most lives have nobody who confirms anything. */
interface Habits {
  confirmAbove: bigint | null;
  /** Mails go out, so that owners know. */
  tells: boolean;
  /** In a hundred: how often an owner says something at all. */
  speaks: number;
}

function someHabits({ time: { chance } }: Ground): Habits {
  const asks = chance.percent(30);
  return {
    confirmAbove: asks ? BigInt(chance.pick([0, 50, 200])) : null,
    tells: chance.percent(70),
    speaks: chance.pick([0, 20, 20, 40]),
  };
}

/** What of an institution is committed, as far as owners are concerned. */
interface House {
  id: string;
  reservations: ReadonlyMap<string, LocatedReservation>;
  holds: ReadonlyMap<string, Hold>;
}

export class Holders {
  readonly habits: Habits;
  readonly asked = new Map<string, AskedSettlement>();
  /** What was paid that nobody had allowed. */
  readonly faults: string[] = [];
  private readonly ground: Ground;
  private readonly at: House;
  /** The least that was refused for good, by trade under a consent. */
  private readonly refused = new Map<string, bigint>();

  constructor(ground: Ground, at: House) {
    this.ground = ground;
    this.at = at;
    this.habits = someHabits(ground);
  }

  /** Copies of what a batch locks; a planted fault reads something else. */
  lock(reservations: Iterable<string>, instructions: readonly string[]): World["asked"] {
    const { mutant } = this.ground;
    const [sought, keys] = [new Set(reservations), new Set(instructions)];
    const found: World["asked"] = new Map();
    for (const each of this.asked.values()) {
      if (!sought.has(each.reservation) && !keys.has(answerKey(each.peer, each.instruction))) continue;
      if (each.state === "refused" && mutant === "what was refused for good is asked for under a new id")
        continue;
      const silent = mutant === "an owner's silence counts though nobody was told";
      const toldAt = silent ? (each.toldAt ?? new Date(0)) : each.toldAt;
      found.set(each.reservation, [...(found.get(each.reservation) ?? []), { ...each, toldAt }]);
    }
    return found;
  }

  /** What was paid for the trades of these reservations, as the institution reads it for a batch. */
  settledOf(reservations: Iterable<string>): World["settled"] {
    const sums: World["settled"] = new Map();
    if (this.ground.mutant === "slices of a trade are confirmed each by itself") return sums;
    for (const id of reservations) {
      sums.set(this.tradeOf(id), this.paidFor(id));
    }
    return sums;
  }

  /** The least that was refused for good of the trades of these reservations. */
  refusedOf(reservations: Iterable<string>): World["refused"] {
    const least = new Map<string, bigint>();
    if (this.ground.mutant === "what was refused for good is asked for under a new id") return least;
    for (const id of reservations) {
      const trade = this.tradeOf(id);
      const refused = this.refused.get(trade);
      if (refused !== undefined) least.set(trade, refused);
    }
    return least;
  }

  private tradeOf(reservation: string): string {
    const { payer, tradeNumber } = this.at.reservations.get(reservation) ?? {};
    return `${payer} ${tradeNumber}`;
  }

  private paidFor(reservation: string): bigint {
    const of = this.at.reservations.get(reservation);
    if (of === undefined) return 0n;
    return [...this.at.reservations.values()]
      .filter(({ payer, tradeNumber }) => payer === of.payer && tradeNumber === of.tradeNumber)
      .reduce((sum, { id }) => sum + (this.at.holds.get(id)?.settled ?? 0n), 0n);
  }

  /** Keeps what a batch has asked and paid, after its holds are written; and looks whether that was allowed. */
  keep({ settlements, now }: World): void {
    const { network } = this.ground;
    const { confirmAbove, tells } = this.habits;
    for (const { reservation } of settlements.paid)
      if (confirmAbove !== null && this.paidFor(reservation) > confirmAbove)
        this.faults.push(`${this.at.id}: ${reservation} was paid above the sum, and nobody was asked`);
    for (const { id } of settlements.done) {
      const asked = this.asked.get(id);
      if (asked === undefined || !mayBePaid(asked, now))
        this.faults.push(`${this.at.id}: ${asked?.reservation ?? id} was paid without its owner's word`);
      if (asked?.state === "waiting") network.count("an owner's silence");
      this.asked.delete(id);
    }
    for (const { owner: _, at, ...rest } of settlements.asked) {
      network.count("an owner asked");
      const refused = this.refused.get(this.tradeOf(rest.reservation));
      if (refused !== undefined && rest.total >= refused)
        this.faults.push(`${this.at.id}: ${rest.reservation} was refused for good, and asked for again`);
      this.asked.set(rest.id, {
        ...rest,
        state: "waiting",
        toldAt: tells ? at : null,
        decidedAt: null,
      });
    }
  }

  /** Owners and operators say something, or nothing. */
  speak(now: Date): void {
    const { network, time } = this.ground;
    const { chance } = time;
    for (const asked of this.asked.values()) {
      const isFor = asked.state === "objected" || (asked.state === "waiting" && asked.toldAt === null);
      if (isFor && chance.percent(25)) this.decide(asked, now);
      else if (asked.state === "waiting" && asked.toldAt !== null && chance.percent(this.habits.speaks)) {
        const objects = chance.percent(30);
        network.count(objects ? "an owner objected" : "an owner confirmed");
        this.asked.set(asked.id, { ...asked, state: objects ? "objected" : "allowed", decidedAt: now });
      }
    }
  }

  private decide(asked: AskedSettlement, now: Date): void {
    const pay = this.ground.time.chance.percent(60);
    this.ground.network.count(pay ? "operators had it paid" : "operators refused it");
    this.asked.set(asked.id, { ...asked, state: pay ? "allowed" : "refused", decidedAt: now });
    if (pay) return;
    const trade = this.tradeOf(asked.reservation);
    const before = this.refused.get(trade);
    if (before === undefined || asked.total < before) this.refused.set(trade, asked.total);
  }

  /** Whether somebody keeps silent of whom it is waited for: only days help. */
  isAwaited(): boolean {
    return [...this.asked.values()].some(({ state, toldAt }) => state === "waiting" && toldAt !== null);
  }
}

const mayBePaid = ({ state, toldAt }: AskedSettlement, now: Date): boolean =>
  state === "allowed" ||
  (state === "waiting" && toldAt !== null && now.getTime() - toldAt.getTime() >= silenceMs);
