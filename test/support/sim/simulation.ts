/**
 * A whole market in one process, on virtual time: shops and buyers, facilitators and institutions, a bad network, crashes
 * and clocks that jump. All of it follows from one number; what decides is what decides in production.
 */
import { dammAppend } from "../../../src/core/protocol/protocol.ts";
import type { Trade } from "../../../src/core/machine/machine.ts";
import { chanceOf } from "./chance.ts";
import { findFaults, findUnended } from "./check.ts";
import { Facilitator, rules } from "./facilitator.ts";
import { Institution } from "./institution.ts";
import { type Counts, type Mutant, Network, noFaults, someFaults } from "./network.ts";
import { People } from "./people.ts";
import type { Ground } from "./process.ts";
import { Time } from "./time.ts";

export interface Run {
  seed: number;
  /** What was wrong; none, where all is well. */
  faults: string[];
  steps: number;
  counts: Counts;
}

const currencies = ["JPY", "USD"] as const;
const day = 86_400_000;
/** Everything agrees so long after the last fault, in virtual time. */
const restWithinMs = 60_000;
const tickMs = 1_000;

/** One life of a market: faults, then none, then much later. */
export function simulate(seed: number, mutant?: Mutant): Run {
  const market = new Market(seed, mutant);
  let faults: string[];
  try {
    faults = market.live();
  } catch (error) {
    faults = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  const { time, network } = market.ground;
  return { seed, faults, steps: time.steps, counts: network.counts };
}

class Market {
  readonly ground: Ground;
  private readonly institutions = new Map<string, Institution>();
  private facilitators: Facilitator[] = [];
  private readonly purses = new Map<string, bigint>();
  private readonly people: People;

  constructor(seed: number, mutant: Mutant | undefined) {
    const chance = chanceOf(seed);
    const time = new Time(chance);
    let ids = 0;
    const newId = () => `i${(ids += 1)}`;
    this.ground = { time, network: new Network(time), mutant, newId };
    for (const id of ["I1", "I2"])
      this.institutions.set(id, new Institution(this.ground, id, chance.int(1, 3)));
    for (const id of chance.percent(40) ? ["F1", "F2"] : ["F1"])
      this.facilitators.push(new Facilitator(this.ground, id, this.institutions, chance.int(1, 3)));
    for (const each of this.facilitators) this.openShops(each);
    for (const institution of this.institutions.values()) this.openHouse(institution);
    for (let buyer = 1; buyer <= 3; buyer += 1) this.enterBuyer(buyer);
    this.people = new People(this.ground, this.facilitators);
  }

  live(): string[] {
    const { time, network } = this.ground;
    const { chance } = time;
    network.faults = chance.percent(5) ? noFaults : someFaults(chance);
    // Some planted faults show only where messages come twice, which not every run has drawn.
    if (this.ground.mutant !== undefined) network.faults = { ...network.faults, doubled: 60 };
    const faultsMs = chance.int(10_000, 25_000);
    for (let acts = chance.int(9, 15); acts > 0; acts -= 1)
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
    for (const institution of this.institutions.values()) institution.sweep();
    this.ground.time.after(tickMs, () => this.tick());
  }

  /** One of the things that happen to servers. */
  private disturb(): void {
    const { time, network } = this.ground;
    const { chance } = time;
    const { crash, cut, jump } = network.faults;
    if (chance.percent(crash)) this.crash();
    if (chance.percent(cut)) {
      const places = [...this.facilitators.map(({ id }) => id), ...this.institutions.keys(), "people"];
      const [from = "", to = ""] = chance.shuffled(places);
      network.cut(from, to);
      if (chance.percent(50)) network.cut(to, from);
      time.after(chance.int(1_000, 15_000), () => network.mend(from, to));
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
    const end = time.now + restWithinMs;
    const isBusy = () =>
      this.people.waiting().some(({ at }) => this.facilitators.includes(at)) ||
      this.facilitators.some(({ instructions, trades }) => {
        return instructions.size > 0 || [...trades.values()].some(({ pending }) => pending !== null);
      });
    // What was sent before the end of the faults may still be on its way.
    do time.runUntil(time.now + 2 * tickMs);
    while (isBusy() && time.now < end);
    const { facilitators, people, purses } = this;
    const institutions = [...this.institutions.values()];
    return findFaults({ facilitators, institutions, people, purses }).map((fault) => `${when}: ${fault}`);
  }

  /** Lets the clocks run on until every deadline has come, at one server before the other. */
  private age(): string[] {
    const { time } = this.ground;
    const { chance } = time;
    const servers = [...this.facilitators, ...this.institutions.values()];
    const dies = this.facilitators.length > 1 && chance.percent(30);
    if (dies) this.facilitators = this.facilitators.slice(0, 1);
    for (let turn = 0; turn < 3; turn += 1) {
      for (const server of chance.shuffled(servers)) server.ahead = (turn + 1) * 14 * day;
      this.resolveAll();
      // Long enough for what was sent once more, long ago, to arrive.
      time.runUntil(time.now + 15_000);
      const faults = this.rest(`${(turn + 1) * 14} days later`);
      if (faults.length > 0) return faults;
    }
    // Whoever has died leaves nobody's money frozen for good.
    if (dies) {
      for (const institution of this.institutions.values()) institution.ahead += 60 * day;
      this.rest("much later");
    }
    const institutions = [...this.institutions.values()];
    return findUnended({ facilitators: this.facilitators, institutions }).map(
      (each) => `in the end: ${each}`,
    );
  }

  private resolveAll(): void {
    const give = (trade: Trade, at: Facilitator) =>
      this.people.move(at, trade, ["operator", { do: "resolve", outcome: "release", reason: "too late" }]);
    for (const at of this.facilitators)
      for (const trade of at.trades.values()) if (trade.state === "disputed") give(trade, at);
  }

  private openShops(at: Facilitator): void {
    const { chance } = this.ground.time;
    for (const id of ["shop A", "shop B"]) {
      const accounts = currencies.map((currency) => ({
        ...{ currency, account: `${id} ${currency}`, feeFixed: BigInt(chance.int(0, 20)) },
        ...{ feeBasisPoints: chance.int(0, 1_000), feeRoundTo: "shop" as const },
      }));
      at.shops.set(id, { id, name: id, state: "approved", accounts });
    }
  }

  /** The accounts of shops and facilitators, which have some at every institution. */
  private openHouse(institution: Institution): void {
    for (const currency of currencies) {
      this.openAccount(institution, `outside ${currency}`, currency, 0n);
      for (const id of ["shop A", "shop B"]) {
        // One shop takes no dollars at the second institution.
        if (id === "shop B" && currency === "USD" && institution.id === "I2") continue;
        this.openAccount(institution, `${id} ${currency}`, currency, 0n);
        for (const at of this.facilitators)
          this.tie(institution, at, `${id} ${currency}`, { purpose: "receive", own: false, currency });
      }
      for (const at of this.facilitators) {
        const account = `fee ${currency} ${at.id}`;
        this.openAccount(institution, account, currency, 0n);
        this.tie(
          institution,
          at,
          account,
          { purpose: "receive", own: true, currency },
          rules.feeAccount(currency),
        );
      }
    }
  }

  private openAccount(institution: Institution, id: string, currency: string, posted: bigint): void {
    const kind = id.startsWith("outside") ? "outside" : id.startsWith("fee") ? "fee" : "deposit";
    const floor = kind === "outside" ? -1_000_000n : 0n;
    institution.accounts.set(id, { id, kind, currency, posted, held: 0n, floor, closed: false });
    this.purses.set(`${institution.id} ${id}`, posted);
  }

  private tie(
    institution: Institution,
    at: Facilitator,
    account: string,
    consent: { purpose: "pay" | "receive"; own: boolean; currency: string },
    local: string = account,
  ): void {
    const id = `${at.id} may ${account}`;
    institution.addConsent({ id, peer: at.id, account, ...consent });
    at.ties.push({ account: local, institution: institution.id, consent: id });
  }

  /** A buyer with a small purse in each currency, at one institution each, known to every facilitator. */
  private enterBuyer(buyer: number): void {
    const { chance } = this.ground.time;
    const id = `buyer ${buyer}`;
    const number = BigInt(dammAppend(`1000000${buyer}`));
    for (const at of this.facilitators) {
      at.people.set(id, { id, number, state: "active", kind: "member" });
      at.methods.set(id, []);
    }
    for (const currency of currencies) {
      const institution = this.institutions.get(chance.pick(["I1", "I2"]));
      if (institution === undefined) continue;
      const account = `${id} ${currency}`;
      const purse = BigInt(chance.int(300, 6_000));
      this.openAccount(institution, account, currency, purse);
      const outside = institution.accounts.get(`outside ${currency}`);
      if (outside !== undefined) this.openAccount(institution, outside.id, currency, outside.posted - purse);
      for (const at of this.facilitators) {
        this.tie(institution, at, account, { purpose: "pay", own: false, currency });
        const method = { id: `method ${account}`, person: id, kind: "deposit" as const, currency, account };
        at.methods.get(id)?.push({ ...method, state: "active" });
        if (chance.percent(90)) this.giveMandate(at, id, chance.pick(["shop A", "shop B"]), currency);
      }
    }
    for (const at of this.facilitators) {
      const person = at.people.get(id);
      if (person !== undefined) at.members.set(number, person);
    }
  }

  private giveMandate(at: Facilitator, person: string, shop: string, currency: string): void {
    const id = `mandate ${person} ${currency}`;
    const limit = BigInt(this.ground.time.chance.int(500, 5_000));
    const until = new Date("2099-01-01T00:00:00Z");
    const acceptors = ["buyer", "shop"] as const;
    at.mandates.set(id, {
      ...{ id, person, shop, currency, limit, used: 0n, until, method: null },
      ...{ acceptors: [...acceptors], revoked: false },
    });
  }
}
