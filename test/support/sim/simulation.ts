/**
 * A whole market in one process, on virtual time: shops and buyers, facilitators and institutions, a bad network, crashes
 * and clocks that jump. All of it follows from one number; what decides is what decides in production.
 */
import type { KeptTrade } from "../../../src/engines/steps/kept-trade.ts";
import { findFaults, findUnended } from "./check.ts";
import type { Facilitator } from "./facilitator.ts";
import { Institution } from "./institution.ts";
import { noFaults, someFaults } from "./network.ts";
import { lived, type Simulate } from "./lives.ts";
import { openMarket, shops } from "./opening.ts";
import { People } from "./people.ts";
import type { Ground } from "./process.ts";

const day = 86_400_000;
/** Everything agrees so long after the last fault, in virtual time. */
const restWithinMs = 60_000;
const tickMs = 1_000;

/** One life of a market: faults, then none, then much later. */
export const simulate: Simulate = (seed, mutant) => lived(seed, mutant, (ground) => new Market(ground));

class Market {
  readonly ground: Ground;
  private readonly institutions: Map<string, Institution>;
  private facilitators: Facilitator[];
  private readonly purses: Map<string, bigint>;
  private readonly people: People;

  constructor(ground: Ground) {
    this.ground = ground;
    const { institutions, facilitators, purses } = openMarket(this.ground);
    this.institutions = institutions;
    this.facilitators = facilitators;
    this.purses = purses;
    this.people = new People(this.ground, facilitators);
  }

  live(): string[] {
    const { time, network } = this.ground;
    const { chance } = time;
    network.faults = chance.percent(5) ? noFaults : someFaults(chance);
    // Some planted faults show only where messages come twice, which not every run has drawn.
    if (this.ground.mutant !== undefined) network.faults = { ...network.faults, doubled: 60 };
    const faultsMs = chance.int(10_000, 25_000);
    const most = this.people.goodsTravel ? 32 : this.people.isBusy ? 22 : 15;
    for (let acts = chance.int(9, most); acts > 0; acts -= 1)
      time.after(chance.int(0, faultsMs), () => this.people.act());
    this.tick();
    for (let at = 500; at < faultsMs; at += chance.int(500, 1_500)) time.after(at, () => this.disturb());
    time.runUntil(faultsMs);
    this.heal();
    const unrested = this.rest("after the faults");
    if (unrested.length > 0) return unrested;
    return chance.percent(40) ? this.age() : [];
  }

  private tick(): void {
    for (const { desks } of this.facilitators) for (const desk of desks) if (desk.up) desk.tick();
    for (const institution of this.institutions.values()) {
      institution.sweep();
      institution.hearHolders();
    }
    this.people.answerOffers();
    this.ground.time.after(tickMs, () => this.tick());
  }

  /** One of the things that happen to servers. */
  private disturb(): void {
    const { time, network } = this.ground;
    const { chance } = time;
    const { crash, cut, jump } = network.faults;
    if (chance.percent(crash)) this.crash();
    if (this.people.goodsTravel && chance.percent(50))
      chance.pick([...this.institutions.values()]).payOut(chance.pick(shops), chance.pick(["JPY", "USD"]));
    if (chance.percent(cut)) {
      const places = [...this.facilitators.map(({ id }) => id), ...this.institutions.keys(), "people"];
      const [from = "", to = ""] = chance.shuffled(places);
      network.cut(from, to);
      if (chance.percent(50)) network.cut(to, from);
      time.after(chance.int(1_000, 15_000), () => network.mend(from, to));
    }
    if (chance.percent(this.ground.mutant === "a refund stays with an account that was left" ? 30 : 2)) {
      const institution = chance.pick([...this.institutions.values()]);
      institution.leave(`buyer ${chance.int(1, 3)} ${chance.pick(["JPY", "USD"])}`);
    }
    if (chance.percent(jump)) {
      const server = chance.pick([...this.facilitators, ...this.institutions.values()]);
      // No further apart than the grace that an institution gives before it ends a reservation by itself.
      server.ahead = Math.min(14 * day, server.ahead + chance.pick([1, 60, 1_440, 7_200]) * 60_000);
      network.count("clock moved");
    }
  }

  private crash(): void {
    const { chance } = this.ground.time;
    const server = chance.pick([...this.facilitators, ...this.institutions.values()]);
    if (server instanceof Institution) server.crash();
    else chance.pick(server.desks).crash();
  }

  private heal(): void {
    this.ground.network.heal();
    for (const { desks } of this.facilitators) for (const desk of desks) desk.up = true;
    for (const { processes } of this.institutions.values())
      for (const process of processes) process.up = true;
  }

  /** Waits until nobody waits any more, and looks whether everything agrees. */
  private rest(when: string): string[] {
    const { time } = this.ground;
    let end = time.now + restWithinMs;
    let silences = 40;
    const isBusy = () =>
      this.people.waiting().some(({ at }) => this.facilitators.includes(at)) ||
      this.facilitators.some(({ instructions, trades, search }) => {
        return (
          search.isBusy() ||
          instructions.size > 0 ||
          [...trades.values()].some(({ pending }) => pending !== null)
        );
      });
    // What was sent before the end of the faults may still be on its way.
    time.runUntil(time.now + 2 * tickMs);
    while (isBusy() && (time.now < end || (silences > 0 && this.isAwaited()))) {
      if (this.isAwaited() && (silences -= 1) > 0) {
        this.letDaysPass();
        end = time.now + restWithinMs;
      }
      time.runUntil(time.now + 2 * tickMs);
    }
    const { facilitators, people, purses } = this;
    const institutions = [...this.institutions.values()];
    return findFaults({ facilitators, institutions, people, purses }).map((fault) => `${when}: ${fault}`);
  }

  private isAwaited(): boolean {
    return [...this.institutions.values()].some(({ holders }) => holders.isAwaited());
  }

  /** Nobody says anything for a while, at all servers alike. */
  private letDaysPass(): void {
    for (const server of [...this.facilitators, ...this.institutions.values()]) server.ahead += day / 2;
  }

  /** Lets the clocks run on until every deadline has come, at one server before the other. */
  private age(): string[] {
    const { time } = this.ground;
    const { chance } = time;
    const servers = [...this.facilitators, ...this.institutions.values()];
    const dies = this.facilitators.length > 1 && chance.percent(30);
    if (dies) this.facilitators = this.facilitators.slice(0, 1);
    // No money is frozen longer than 140 days; what has ended is looked at for four turns all the same.
    for (let turn = 0; turn < 4 || (turn < 10 && this.unended().length > 0); turn += 1) {
      for (const server of chance.shuffled(servers))
        server.ahead = Math.max(server.ahead, (turn + 1) * 14 * day);
      this.resolveAll();
      // Long enough for what was sent once more, long ago, to arrive.
      time.runUntil(time.now + 15_000);
      const faults = this.rest(`${(turn + 1) * 14} days later`);
      if (faults.length > 0) return faults;
    }
    // A server that has died leaves nobody's money frozen for good.
    if (dies) {
      for (const institution of this.institutions.values()) institution.ahead += 60 * day;
      this.rest("much later");
    }
    return this.unended().map((each) => `in the end: ${each}`);
  }

  private unended(): string[] {
    const institutions = [...this.institutions.values()];
    return findUnended({ facilitators: this.facilitators, institutions });
  }

  private resolveAll(): void {
    const give = (trade: KeptTrade, at: Facilitator) =>
      this.people.move(at, trade, ["operator", { do: "resolve", outcome: "release", reason: "too late" }]);
    for (const at of this.facilitators)
      for (const trade of at.trades.values()) if (trade.state === "disputed") give(trade, at);
  }
}
