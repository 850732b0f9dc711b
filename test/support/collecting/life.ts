/**
 * A market at a guarantor in one process, on virtual time: shops, members, clerks, a guarantor, institutions that collect, a
 * bad network, crashes and clocks that jump. All of it follows from one number; what decides is what decides in production.
 */
import type { KeptTrade } from "../../../src/engines/steps/kept-trade.ts";
import { noFaults, someFaults } from "../sim/network.ts";
import type { Ground } from "../sim/process.ts";
import { lived, type Simulate } from "../sim/lives.ts";
import { findFaults, findUnended } from "./check.ts";
import { isOwnDue } from "./fundings.ts";
import type { Guarantor } from "./guarantor.ts";
import { House } from "./house.ts";
import { type Market, openMarket } from "./opening.ts";
import { People } from "./people.ts";

const day = 86_400_000;
/** Everything agrees so long after the last fault, in virtual time. */
const restWithinMs = 60_000;
const tickMs = 1_000;

/** One life of a guaranteed market: faults, then none, then much later. */
export const simulate: Simulate = (seed, mutant) => lived(seed, mutant, (ground) => new Life(ground));

class Life {
  readonly ground: Ground;
  private readonly market: Market;
  private readonly people: People;

  constructor(ground: Ground) {
    this.ground = ground;
    this.market = openMarket(this.ground);
    this.people = new People(this.ground, this.market);
  }

  private get servers(): (Guarantor | House)[] {
    return [this.market.guarantor, ...this.market.houses.values()];
  }

  live(): string[] {
    const { time, network } = this.ground;
    const { chance } = time;
    network.faults = chance.percent(5) ? noFaults : someFaults(chance);
    if (this.ground.mutant !== undefined) network.faults = { ...network.faults, doubled: 60 };
    const faultsMs = chance.int(10_000, 25_000);
    for (let acts = chance.int(18, 45); acts > 0; acts -= 1)
      time.after(chance.int(0, faultsMs), () => this.people.act());
    this.tick();
    for (let at = 500; at < faultsMs; at += chance.int(500, 1_500)) time.after(at, () => this.disturb());
    time.runUntil(faultsMs);
    this.heal();
    const unrested = this.rest("after the faults");
    if (unrested.length > 0) return unrested;
    return chance.percent(60) ? this.age() : [];
  }

  private tick(): void {
    const { guarantor } = this.market;
    for (const desk of guarantor.desks) {
      if (!desk.up) continue;
      desk.tick();
      guarantor.hear(desk);
      guarantor.biller.tick(desk);
    }
    for (const house of this.market.houses.values()) house.endFundings();
    this.ground.time.after(tickMs, () => this.tick());
  }

  /** One of the things that happen to servers. */
  private disturb(): void {
    const { time, network } = this.ground;
    const { chance } = time;
    const { crash, cut, jump } = network.faults;
    if (chance.percent(30)) this.people.moneyMoves();
    const { guarantor } = this.market;
    if (chance.percent(10) && guarantor.trades.size > 0)
      guarantor.hearLie(chance.pick(guarantor.desks), chance.pick([...guarantor.trades.values()]));
    if (chance.percent(crash)) this.crash();
    if (chance.percent(cut)) {
      const places = [...this.servers.map(({ id }) => id), "people"];
      const [from = "", to = ""] = chance.shuffled(places);
      network.cut(from, to);
      if (chance.percent(50)) network.cut(to, from);
      time.after(chance.int(1_000, 15_000), () => network.mend(from, to));
    }
    if (chance.percent(jump)) {
      const server = chance.pick(this.servers);
      server.ahead = Math.min(40 * day, server.ahead + chance.pick([1, 60, 1_440, 7_200, 20_160]) * 60_000);
      network.count("clock moved");
    }
  }

  private crash(): void {
    const { chance } = this.ground.time;
    const server = chance.pick(this.servers);
    if (server instanceof House) server.crash();
    else chance.pick(server.desks).crash();
  }

  private heal(): void {
    const { guarantor, houses } = this.market;
    this.ground.network.heal();
    for (const desk of guarantor.desks) desk.up = true;
    for (const { processes } of houses.values()) for (const process of processes) process.up = true;
  }

  /** Waits until nobody waits any more, and looks whether everything agrees. */
  private rest(when: string): string[] {
    const { time } = this.ground;
    const { guarantor, houses } = this.market;
    const isBusy = () =>
      this.people.waiting().length > 0 ||
      this.people.unpaid().length > 0 ||
      guarantor.instructions.size > 0 ||
      guarantor.biller.isBusy() ||
      [...guarantor.trades.values()].some(({ pending }) => pending !== null) ||
      [...houses.values()].some(({ dues }) =>
        [...dues.values()].some((due) => !isOwnDue(due) && due.heard < due.paid),
      );
    // What was sent before the end of the faults may still be on its way.
    time.runUntil(time.now + 2 * tickMs);
    const end = time.now + restWithinMs;
    while (isBusy() && time.now < end) time.runUntil(time.now + 2 * tickMs);
    // What comes once more, long after it was sent.
    time.runUntil(time.now + 2 * tickMs);
    return findFaults(this.market, this.people).map((fault) => `${when}: ${fault}`);
  }

  /** Lets the clocks run on until every deadline has come, at one server before the other; some pay, and some never. */
  private age(): string[] {
    const { time } = this.ground;
    const { chance } = time;
    // Operators who decide late, or not for months.
    const decides = chance.pick([0, 25, 100]);
    for (let turn = 0; turn < 8 || (turn < 24 && this.unended().length > 0); turn += 1) {
      for (const server of chance.shuffled(this.servers))
        server.ahead = Math.max(server.ahead, (turn + 1) * 10 * day);
      this.settleAll(turn > 14 ? 100 : decides);
      time.runUntil(time.now + 15_000);
      const faults = this.rest(`${(turn + 1) * 10} days later`);
      if (faults.length > 0) return faults;
    }
    return this.unended().map((each) => `in the end: ${each}`);
  }

  private unended(): string[] {
    return findUnended(this.market);
  }

  /** Operators end what is disputed, so often in a hundred; what is due is paid now and then, and shops claim and release. */
  private settleAll(decides: number): void {
    const { chance } = this.ground.time;
    const resolved = (trade: KeptTrade) =>
      this.people.move(trade, ["operator", { do: "resolve", outcome: "release", reason: "too late" }]);
    for (const trade of this.market.guarantor.trades.values()) {
      const does = chance.pick(["pay", "end", "nothing", "nothing"]);
      if (trade.state === "disputed" && chance.percent(decides)) resolved(trade);
      else if (does === "pay") this.people.bring(trade, true);
      else if (does === "end") this.people.aboutGuarantee(trade);
    }
    if (chance.percent(60)) this.people.moneyMoves();
    for (let bills = this.market.guarantor.biller.bills.size; bills > 0; bills -= 1)
      if (chance.percent(40)) this.people.aboutBills(true);
  }
}
