/** Shops, members and operators at a guarantor, and those who bring money to counters: right, twice, late, or wrong. */
import type { Trade } from "../../../src/core/trade/trade.ts";
import { accountOfCollector } from "../../../src/engines/collections/world.ts";
import { digestOf } from "../../../src/engines/engine/engine.ts";
import type { Actor } from "../../../src/engines/steps/world.ts";
import { Callers } from "../sim/callers.ts";
import type { Chance } from "../sim/chance.ts";
import type { Ground } from "../sim/process.ts";
import { type Wish, Wishes } from "../sim/wishes.ts";
import type { Guarantor } from "./guarantor.ts";
import { isOwnDue } from "./fundings.ts";
import type { House, Receipt } from "./house.ts";
import { collectors, currency, lineOf, type Market, purses, shops } from "./opening.ts";

/** A payment that somebody brings to a counter; it is brought again, with its id, until somebody has answered. */
export interface Brought {
  house: House;
  collector: string;
  number: string;
  id: string;
  amount: bigint;
  said?: Receipt;
}

const askAgainMs = 6_000;

export class People extends Callers<Guarantor> {
  readonly brought: Brought[] = [];
  private readonly market: Market;
  private readonly wishes: Wishes;
  /** Some lives are mostly about money. */
  private readonly aboutMoney: number;

  constructor(ground: Ground, market: Market) {
    super(ground);
    this.market = market;
    this.wishes = new Wishes(ground.time.chance);
    const { habits } = this.wishes;
    habits.early = habits.chains = habits.hidden = habits.doors = false;
    this.aboutMoney = ground.time.chance.pick([15, 40, 70]);
  }

  private get chance(): Chance {
    return this.ground.time.chance;
  }

  unpaid(): Brought[] {
    return this.brought.filter(({ said }) => said === undefined);
  }

  /** Somebody does something that makes sense, or nearly. */
  act(): void {
    const { chance } = this;
    const { guarantor: at } = this.market;
    const trades = [...at.trades.values()];
    if (trades.length < 2 || (trades.length < 4 && chance.percent(15))) return this.propose();
    if (chance.percent(20)) return this.aboutBills();
    const due = trades.filter(
      ({ settled, progress }) => settled > 0n || progress.guarantee?.told !== undefined,
    );
    if (due.length > 0 && chance.percent(this.aboutMoney)) return this.aboutGuarantee(chance.pick(due));
    const trade = chance.pick(trades);
    const forward = chance.percent(55) ? this.forward(trade) : undefined;
    const owing = { advances: at.advances, placeOf: () => "nowhere" };
    this.move(trade, forward ?? this.wishes.move(owing, trade));
  }

  /** What brings a trade on: most of them get so far that something is due. */
  private forward(trade: Trade): Wish | undefined {
    const { chance } = this;
    const { state, terms } = trade;
    const line = chance.int(1, terms.lines.length);
    const some = chance.percent(40) ? {} : { lines: [{ line, quantity: chance.int(1, 2) }] };
    if (state === "proposed" || state === "refused") return ["buyer", { do: "approve" }];
    if (state !== "reserved" && state !== "delivered") return undefined;
    if (chance.percent(20)) return this.atTheDoor(trade);
    return ["buyer", { do: "accept", ...some, ...(chance.percent(20) ? { final: true } : {}) }];
  }

  /** The carrier takes the money with the acceptance: all that is due then, or nearly. */
  private atTheDoor({ frozen }: Trade): Wish {
    const amount = Number(frozen) + (this.chance.percent(15) ? 1 : 0);
    return ["carrier", { do: "accept", collected: { amount: Math.max(1, amount), currency } }];
  }

  propose(): void {
    const { guarantor: at } = this.market;
    const [shop, wished] = this.wishes.proposal(at);
    // The carrier that brings it may accept at the door, and take the money there.
    const atDoors = {
      carrier: "carrier",
      acceptance: { by: ["buyer" as const, "carrier" as const], need: 1 },
    };
    const { payment: _, ...body } = { ...wished, currency, ...(this.chance.percent(30) ? atDoors : {}) };
    const within = this.chance.pick(["P3D", "P5D", "P14D"]);
    const told = this.chance.percent(40) ? { ...body, payment: { on: "collection" as const, within } } : body;
    this.ask({ at, key: this.ground.newId(), op: "propose" }, (key) => ({
      do: "propose",
      actor: { kind: "shop", id: shops.find((each) => each === shop) ?? shops[0] },
      body: told,
      key,
      digest: digestOf(told),
    }));
  }

  move({ number, shop, buyer }: Trade, [who, body]: Wish): void {
    const { guarantor: at } = this.market;
    const actors: Record<Wish[0], Actor> = {
      shop: { kind: "shop", id: shop },
      head: { kind: "shop", id: shop },
      operator: { kind: "operator", id: "operator" },
      carrier: { kind: "carrier", id: "carrier" },
      buyer: { kind: "person", id: buyer ?? "nobody" },
    };
    this.ask({ at, key: this.ground.newId(), op: body.do }, (key) => ({
      do: "move",
      actor: actors[who],
      number,
      body,
      key,
      digest: digestOf(body),
    }));
  }

  /** What is due is brought to a counter, claimed or released; several of it at the same time, now and then. */
  aboutGuarantee(trade: Trade): void {
    const { chance } = this;
    const { time } = this.ground;
    const wishes: (() => void)[] = [
      () => this.bring(trade),
      () => this.bring(trade),
      () => this.bring(trade),
      () => this.move(trade, [chance.pick(["shop", "shop", "operator"] as const), { do: "claim" }]),
      () => this.move(trade, [chance.pick(["shop", "shop", "operator"] as const), { do: "release" }]),
      () => this.move(trade, ["buyer", { do: "withdraw", reason: "changed my mind" }]),
      () => this.move(trade, ["shop", { do: "refund", amount: chance.int(1, 200), reason: "sorry" }]),
      () => this.moneyMoves(),
    ];
    chance.pick(wishes)();
    if (chance.percent(45)) time.after(chance.int(0, 900), chance.pick(wishes));
  }

  /** Somebody brings what is due, or what was; or another amount; or what is in the till already. */
  bring(trade: Trade, exact = false): void {
    const { houses, guarantor } = this.market;
    const house = houses.get(guarantor.collectorOf(trade)) ?? houses.get("C1");
    if (house !== undefined) this.bringTo(house, String(trade.number), exact);
  }

  /** The same for any number. */
  bringTo(house: House, number: string, exact: boolean): void {
    const { chance } = this;
    const due = house.dues.get(number);
    if (due === undefined && chance.percent(80)) return;
    const open = due === undefined ? 100n : due.amount - due.paid;
    const wrong = !exact && chance.percent(15);
    const amount = (open > 0n ? open : (due?.amount ?? 0n)) + (wrong ? BigInt(chance.int(1, 50)) : 0n);
    if (amount <= 0n) return;
    const fromPurse = due !== undefined && !isOwnDue(due) && chance.percent(15);
    const [collector] = fromPurse ? [chance.pick(purses)] : chance.pick(collectors);
    const brought: Brought = {
      house,
      collector,
      number,
      id: this.ground.newId(),
      amount,
    };
    this.brought.push(brought);
    this.carry(brought, chance.percent(25), this.ground.newId());
    // Another hand, another payment: two people pay the same slip.
    if (!exact && chance.percent(15))
      this.ground.time.after(chance.int(0, 400), () => this.bringTo(house, number, false));
  }

  private carry(brought: Brought, taken: boolean, key: string): void {
    const { network, time } = this.ground;
    const { house, collector, number, id, amount, said } = brought;
    if (said !== undefined) return;
    const channel = collectors.find(([each]) => each === collector)?.[1] ?? "counter";
    const hear = (receipt: Receipt) => network.send(house.id, "people", () => this.receipt(brought, receipt));
    const isPurse = purses.some((each) => each === collector);
    const at = { id, amount, currency, reference: "till" };
    network.send("people", house.id, () =>
      isPurse
        ? house.payFrom(collector, number, { ...at, channel: "account", taken: false }, key, hear)
        : house.pay(collector, number, { ...at, channel, taken }, key, hear),
    );
    time.after(askAgainMs, () => this.carry(brought, taken, key));
  }

  private receipt(brought: Brought, said: Receipt): void {
    const { network } = this.ground;
    if (brought.said === undefined) {
      const code = said.status < 400 ? undefined : (JSON.parse(said.text) as { code: string }).code;
      network.count(code === undefined ? "paid" : `pay ${code}`);
      brought.said = said;
      return;
    }
    const { status, text } = brought.said;
    if (said.status !== status || said.text !== text)
      this.surprises.push(`payment ${brought.id} was answered ${status} and later ${said.status}`);
  }

  /** Bills are paid at counters, in parts, late or twice; or they are given up. */
  aboutBills(exact = false): void {
    const { chance } = this;
    const { houses, guarantor } = this.market;
    const { biller } = guarantor;
    const bills = [...biller.bills.values()];
    const house = houses.get("C1");
    if (bills.length === 0 || house === undefined) return this.fund();
    const bill = chance.pick(bills);
    const owed = -(guarantor.accounts.get(bill.account)?.posted ?? 0n);
    switch (chance.pick(["pay", "pay", "ask", "parts", "parts", "give up", "fund"])) {
      case "pay":
        return this.bringTo(house, String(bill.number), exact);
      case "ask":
        return biller.askInstalments(bill.number, biller.partsOf(bill));
      case "parts":
        return biller.setInstalments(bill.number, biller.partsOf(bill));
      case "give up":
        return chance.percent(25) ? biller.writeOff(bill.number, owed) : undefined;
      default:
        return this.fund();
    }
  }

  /** A member opens a number for an account, and mostly somebody brings the money. */
  private fund(): void {
    const { chance } = this;
    const house = chance.pick([...this.market.houses.values()]);
    const until = new Date(house.now().getTime() + chance.int(1, 14) * 86_400_000);
    const number = house.fund(chance.pick(purses), BigInt(chance.int(100, 4_000)), until);
    for (let hands = chance.int(0, 2); hands > 0; hands -= 1)
      this.ground.time.after(chance.int(0, 3_000), () => this.bringTo(house, number, false));
  }

  /** Collectors hand in what they took, shops take out what they have, members pay back, kept money is returned. */
  moneyMoves(): void {
    const { chance } = this;
    const { houses, guarantor } = this.market;
    const house = chance.pick([...houses.values()]);
    const [collector] = chance.pick(collectors);
    const till = accountOfCollector(collector, currency);
    const shop = chance.pick(shops);
    const free = chance.percent(50);
    switch (chance.pick(["hand in", "take out", "pay back", "return"])) {
      case "hand in":
        return house.book("outside JPY", till, (_, to) => -to.posted);
      case "take out":
        this.ground.network.count("a shop paid out");
        return house.book(shop, "outside JPY", ({ posted }) => posted - (free ? 0n : house.lockedOf(shop)));
      case "pay back":
        return guarantor.recover(lineOf(`buyer ${chance.int(1, 3)}`), BigInt(chance.int(50, 3_000)));
      default:
        return this.giveBackKept(house, till);
    }
  }

  /** What is kept is handed to those who paid it, now and then by two operators at once. */
  private giveBackKept(house: House, account: string): void {
    const rest = { currency, account, reference: "returned", operator: "operator", confirmedBy: null };
    for (const { tradeNumber, kept: amount } of house.dues.values())
      for (let hands = amount === 0n ? 0 : this.chance.int(1, 2); hands > 0; hands -= 1)
        house.giveBackKept(tradeNumber, { id: this.ground.newId(), amount, ...rest });
  }
}
