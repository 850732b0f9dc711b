/** A network that loses, doubles, delays, reorders and holds back messages, and what else can go wrong in a run. */
import type { Chance } from "./chance.ts";
import type { Time } from "./time.ts";

/** Faults planted in the shell of the simulation, to see that it would notice them. */
export const mutants = [
  "a new id at each try",
  "a time-out is a refusal",
  "an answer is applied twice",
  "no record at the institution",
  "the record is kept after the effect",
  "refusals are not recorded",
  "what waits is dropped at a crash",
  "instructions are written after the commit",
  "rows are not locked",
  "answers go out before the commit",
  "any answer is believed",
  "reservations end before their time",
  "claims are forgotten",
  "callers are told another's answer",
  "an advance is counted again after a crash",
  "a debt that was paid is forgotten",
  "what is owed is owed at the first institution",
  "what comes back goes to the shop",
  "an assignment keeps the old payee",
  "a store takes what another has taken",
  "a private settlement pays one piece more",
  "a later amount takes the place of the first",
  "a code at the door is spent more than once",
  "any hand may use a code at the door",
  "what a code has served is forgotten at the next report",
  "silence counts against those who were not told",
  "a claim counts as a delivery",
  "a contest is forgotten",
  "an owner's silence counts though nobody was told",
  "slices of a trade are confirmed each by itself",
  "what was refused for good is asked for under a new id",
  "a refund stays with an account that was left",
] as const;

/** The same where a guarantor stands for buyers, and institutions collect. */
export const collectingMutants = [
  "a new id at each try",
  "a time-out is a refusal",
  "any answer is believed",
  "no record at the institution",
  "what waits is dropped at a crash",
  "instructions are written after the commit",
  "rows are not locked",
  "answers go out before the commit",
  "claims are forgotten",
  "callers are told another's answer",
  "payments are taken once more for the same id",
  "an older word about a due counts",
  "what was paid is forgotten where less is due",
  "less is due without asking",
  "what was collected may be claimed",
  "a claim does not wait",
  "what was told is forgotten",
  "what was paid for a bill is booked again",
  "a step of dunning is charged again",
  "an instalment that is missed is waited for",
  "what is given up stays owed",
  "what comes for a loss is nobody's",
  "a bill is told of once",
  "a number to bring money under is paid more than once",
  "what was taken at a door is taken once more",
] as const;
export type Mutant = (typeof mutants)[number] | (typeof collectingMutants)[number];

/** In a hundred, or milliseconds; each run draws its own, so that not all of them always come together. */
export interface Faults {
  lost: number;
  doubled: number;
  garbled: number;
  slowMs: number;
  crash: number;
  cut: number;
  jump: number;
}

export const noFaults: Faults = { lost: 0, doubled: 0, garbled: 0, slowMs: 20, crash: 0, cut: 0, jump: 0 };

export function someFaults(chance: Chance): Faults {
  const often = (most: number) => (chance.percent(60) ? chance.int(1, most) : 0);
  return {
    lost: often(35),
    doubled: often(40),
    garbled: often(15),
    slowMs: chance.pick([5, 50, 400, 4_000, 12_000]),
    crash: often(50),
    cut: often(40),
    jump: often(50),
  };
}

export type Counts = Map<string, number>;

export class Network {
  faults: Faults = noFaults;
  readonly counts: Counts = new Map();
  private readonly time: Time;
  /** Pairs of places between which nothing arrives, one way. */
  private readonly cuts = new Set<string>();

  constructor(time: Time) {
    this.time = time;
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Nothing arrives from one place at another until it is healed. */
  cut(from: string, to: string): void {
    this.count("cut off");
    this.cuts.add(`${from} ${to}`);
  }

  heal(): void {
    this.cuts.clear();
    this.faults = noFaults;
  }

  mend(from: string, to: string): void {
    this.cuts.delete(`${from} ${to}`);
  }

  /** Brings a message, once, never, or more than once, and not in the order in which they were sent. */
  send(from: string, to: string, arrive: () => void): void {
    const { chance } = this.time;
    const { lost, doubled, slowMs } = this.faults;
    if (this.cuts.has(`${from} ${to}`)) return this.count("held back");
    if (lost > 0 && chance.percent(lost)) return this.count("lost");
    this.time.after(chance.int(1, slowMs), arrive);
    if (doubled === 0 || !chance.percent(doubled)) return;
    this.count("doubled");
    // The second may come when nobody thinks of it any more.
    this.time.after(chance.int(1, chance.percent(60) ? slowMs : 60_000), arrive);
  }
}
