/** What shops, buyers and operators want next of a trade: what makes sense, or nearly, and now and then anything. */
import type { Trade } from "../../../src/core/trade/trade.ts";
import { accountKey } from "../../../src/engines/advances/advances.ts";
import type { MoveBody, Propose } from "../../../src/core/protocol/schemas.ts";
import { type Chance, chanceOf } from "./chance.ts";
import type { Facilitator } from "./facilitator.ts";
import { head } from "./opening.ts";
import { cheats, Ways } from "./ways.ts";
import { beginning } from "./institution.ts";

/** What is done much in one life and hardly in another, so that what belongs together also meets. */
export interface Habits {
  /** Shops ask to be paid early. */
  early: boolean;
  /** The head of the chain takes orders for its stores. */
  chains: boolean;
  /** Shops propose trades of which the facilitator does not know what they cost. */
  hidden: boolean;
  /** Carriers bring the goods, and are given a code at the door. */
  doors: boolean;
  /** Goods travel, and come back; somebody may cheat. */
  ways: boolean;
}

function someHabits(chance: Chance): Habits {
  return {
    early: chance.percent(40),
    chains: chance.percent(35),
    hidden: chance.percent(30),
    doors: chance.percent(35),
    ways: chance.percent(45),
  };
}

export type Wish = [who: "shop" | "head" | "buyer" | "operator" | "carrier", body: MoveBody];

/** What a shop of a server knows of what it was paid early. */
type Owing = Pick<Facilitator, "advances" | "placeOf">;

const day = 86_400_000;

export class Wishes {
  readonly habits: Habits;
  private readonly chance: Chance;
  private readonly ways: Ways;
  /** Carts are drawn beside everything else, which stays what it was for a seed. */
  private readonly carts: Chance;

  constructor(chance: Chance) {
    this.chance = chance;
    this.carts = chanceOf(chance.seed ^ 0x5eed);
    this.habits = someHabits(chance);
    this.ways = new Ways(chance, chance.pick(cheats));
  }

  /** A shop and what it proposes. */
  proposal(at: Pick<Facilitator, "mandates" | "people">): [shop: string, body: Propose] {
    const { chance } = this;
    const { early } = this.habits;
    const isHidden = this.habits.hidden && chance.percent(60);
    const mandates = [...at.mandates.values()].filter((each) => !early || each.currency === "JPY");
    const mandate =
      !isHidden && mandates.length > 0 && chance.percent(60) ? chance.pick(mandates) : undefined;
    const shop = mandate?.shop ?? chance.pick([head, "shop B"]);
    const person = at.people.get(mandate?.person ?? chance.pick([...at.people.keys()]));
    const currency = mandate?.currency ?? (early || chance.percent(80) ? "JPY" : "USD");
    const plain = this.plain(isHidden);
    const body: Propose = {
      currency,
      lines: !isHidden && this.carts.percent(35) ? cartOf(this.carts) : plain,
      ...(isHidden ? { private: true } : {}),
      ...(this.habits.doors && chance.percent(70) ? broughtBy(chance) : {}),
      ...(this.habits.ways && chance.percent(80) ? { carrier: "carrier" } : {}),
      ...(chance.percent(10) ? { coolingOff: { for: "P3D", goods: "keep" as const } } : {}),
      ...(person === undefined ? {} : { buyer: { member: String(person.number) } }),
      ...(this.habits.chains && shop === head && chance.percent(60) ? { route: placeNear(chance) } : {}),
      ...(mandate === undefined ? {} : { approval: { mandate: mandate.id } }),
      ...(chance.percent(30) ? { reserveFor: chance.pick(["PT1H", "P1D", "P4D"]) } : {}),
      ...(chance.percent(20) ? { shipWithin: "PT12H" } : {}),
      ...(chance.percent(20) ? { payment: { on: "date", date: dayIn(chance.int(1, 9)) } } : {}),
    };
    return [shop, body];
  }

  /** The next move of somebody who has to do with a trade. */
  move(at: Owing, trade: Trade): Wish {
    const { chance, habits } = this;
    if (habits.early && trade.frozen > 0n && chance.percent(50)) return this.early(at, trade);
    const onWay = habits.ways && chance.percent(85) ? this.ways.next(trade) : undefined;
    if (onWay !== undefined) return onWay;
    return chance.percent(90) ? this.likely(trade) : this.anything(trade);
  }

  /** A shop that is paid early and gives the trade up, and other trades that bring in what it owes then. */
  private early({ advances, placeOf }: Owing, trade: Trade): Wish {
    const { chance } = this;
    const debts = advances.get(accountKey(trade.shop, trade.currency))?.debts;
    const owes = (debts?.get(placeOf(trade))?.owed ?? 0n) > 0n;
    if (owes && trade.progress.advance === undefined && chance.percent(90))
      return ["buyer", { do: "accept" }];
    if (trade.progress.advance !== undefined && trade.state === "reserved") return ["shop", { do: "cancel" }];
    // Of a shop that is not paid early at any time, somebody else has to see the goods.
    if (trade.progress.lots.length === 0 && chance.percent(20))
      return trade.carrier === null ? ["buyer", { do: "deliver" }] : ["carrier", { do: "ship" }];
    return [chance.percent(90) ? "shop" : "operator", { do: "advance" }];
  }

  private likely(trade: Trade): Wish {
    const { chance } = this;
    switch (trade.state) {
      case "proposed":
      case "refused":
        return chance.percent(85)
          ? ["buyer", { do: "approve", ...(chance.percent(10) ? { shopWord: true } : {}) }]
          : ["shop", { do: "revise", lines: this.tea(1, chance.int(10, 400)) }];
      case "reserved":
        return chance.percent(60) ? this.goods(trade) : this.anything(trade);
      case "delivered":
      case "accepted":
        return chance.percent(80) ? this.goods(trade) : this.anything(trade);
      case "rejected":
        return chance.percent(70) ? ["shop", { do: "return" }] : this.anything(trade);
      case "disputed":
        return this.inDispute(trade);
      case "settled":
        return ["shop", this.refund(trade)];
      default:
        return this.anything(trade);
    }
  }

  /** By lines where nobody here knows an amount, and now and then else. */
  private refund({ terms }: Trade): MoveBody {
    const { chance } = this;
    const line = chance.int(1, terms.lines.length);
    return chance.percent(terms.private === true ? 95 : 20)
      ? { do: "refund", lines: [{ line, quantity: chance.int(1, 2) }], reason: "sorry" }
      : { do: "refund", amount: chance.int(1, 200), reason: "sorry" };
  }

  private plain(isHidden: boolean): NonNullable<Propose["lines"]> {
    const { chance } = this;
    return Array.from({ length: chance.int(1, 2) }, () => ({
      name: "Tea",
      quantity: chance.int(1, 4),
      ...(isHidden ? {} : { unitAmount: chance.int(10, 400) }),
    }));
  }

  private tea(quantity: number, unitAmount: number) {
    return [{ name: "Tea", quantity, unitAmount }];
  }

  private goods(trade: Trade): Wish {
    const { chance } = this;
    const line = chance.int(1, trade.terms.lines.length);
    const some = chance.percent(50) ? {} : { lines: [{ line, quantity: chance.int(1, 2) }] };
    if (chance.percent(30)) return ["shop", { do: "deliver", ...some }];
    return chance.percent(trade.terms.private === true ? 55 : 80)
      ? ["buyer", { do: "accept", ...some, ...(chance.percent(20) ? { final: true } : {}) }]
      : ["buyer", { do: "reject", ...some, reason: "broken" }];
  }

  /** Who is asked answers, and then an operator decides; or tries to before. */
  private inDispute(trade: Trade): Wish {
    const { chance } = this;
    const asked = trade.progress.disputed?.asked ?? [];
    return asked.length > 0 && chance.percent(60)
      ? [chance.pick(asked), { do: "answer", statement: "it was otherwise" }]
      : ["operator", this.resolution(trade)];
  }

  private resolution(trade: Trade): MoveBody {
    const { chance } = this;
    const outcome = chance.pick(["settle", "release", "split", "resume"] as const);
    const half = Math.max(1, Number(trade.frozen / 2n));
    return { do: "resolve", outcome, reason: "looked", ...(outcome === "split" ? { amount: half } : {}) };
  }

  private anything(trade: Trade): Wish {
    const { chance } = this;
    const until = new Date(beginning + chance.int(1, 12) * day).toISOString();
    return chance.pick<Wish>([
      ["buyer", { do: "cancel" }],
      ["shop", { do: "cancel" }],
      ["head", { do: "cancel" }],
      ["buyer", { do: "dispute", reason: "not what I asked for" }],
      ["shop", { do: "extend", until }],
      ["shop", { do: "extend", until }],
      ["shop", { do: "return" }],
      ["shop", { do: "refund", amount: chance.int(1, 100), reason: "sorry" }],
      ["shop", { do: "revise", lines: this.tea(chance.int(1, 3), chance.int(1, 300)) }],
      ["operator", this.resolution(trade)],
    ]);
  }
}

/** Goods whose price does not divide by their number, a gift, and what follows them. */
function cartOf(chance: Chance): NonNullable<Propose["lines"]> {
  const lines: NonNullable<Propose["lines"]> = [
    { id: "tea", name: "Tea", quantity: chance.int(2, 4), amount: chance.int(101, 900) },
  ];
  if (chance.percent(40)) lines.push({ id: "cup", name: "Cup", quantity: 1, unitAmount: chance.int(1, 300) });
  if (chance.percent(50)) lines.push({ id: "gift", name: "Cloth", quantity: 1, unitAmount: 0 });
  if (chance.percent(60))
    lines.push({ name: "Sending", quantity: 1, amount: chance.int(0, 200), kind: "shipping" });
  if (chance.percent(40))
    lines.push({ name: "Voucher", quantity: 1, amount: -chance.int(1, 100), kind: "discount" });
  return lines;
}

/** Who brings the goods, and who accepts them. */
function broughtBy(chance: Chance): Partial<Propose> {
  const by = chance.pick([["buyer"], ["buyer"], ["buyer", "recipient"], ["recipient"]] as const);
  return {
    ...(chance.percent(80) ? { carrier: "carrier" } : {}),
    ...(chance.percent(40) ? { provider: "provider" } : {}),
    acceptance: { by: [...by], need: chance.int(1, by.length) },
    ...(by.some((each) => each === "recipient") ? { recipient: { name: "Aki" } } : {}),
  };
}

const placeNear = (chance: Chance) => ({ at: { lat: chance.int(0, 100), lng: 0 } });
const dayIn = (days: number): string => new Date(beginning + days * day).toISOString().slice(0, 10);
