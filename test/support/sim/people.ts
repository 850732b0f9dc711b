/** Shops, buyers and operators who ask until they are answered, and remember every answer they were given. */
import type { Trade } from "../../../src/core/trade/trade.ts";
import type { MoveBody } from "../../../src/core/protocol/schemas.ts";
import { digestOf } from "../../../src/engines/engine/engine.ts";
import type { Actor } from "../../../src/engines/steps/world.ts";
import type { Facilitator } from "./facilitator.ts";
import { type AskedAt, Callers } from "./callers.ts";
import type { Told } from "./outcomes.ts";
import { branches, head } from "./opening.ts";
import type { Ground } from "./process.ts";
import { type Wish, Wishes } from "./wishes.ts";

type Hand = "carrier" | "provider";
type Asked = AskedAt<Facilitator>;

export class People extends Callers<Facilitator> {
  private readonly facilitators: readonly Facilitator[];
  private readonly wishes: Wishes;

  constructor(ground: Ground, facilitators: readonly Facilitator[]) {
    super(ground);
    this.facilitators = facilitators;
    this.wishes = new Wishes(ground.time.chance);
  }

  /** Some lives need more than others for what belongs together to meet. */
  get isBusy(): boolean {
    return Object.values(this.wishes.habits).some((each) => each);
  }

  get goodsTravel(): boolean {
    return this.wishes.habits.ways;
  }

  /** Somebody does something that makes sense, or nearly. */
  act(): void {
    const { chance } = this.ground.time;
    const at = chance.pick(this.facilitators);
    const trades = [...at.trades.values()];
    if (trades.length < 2 || (trades.length < 4 && chance.percent(15))) return this.propose(at);
    const trade = chance.pick(this.worthwhile(trades));
    const isOfHead = trade.shop === head && chance.percent(trade.state === "reserved" ? 60 : 15);
    if (this.wishes.habits.chains && isOfHead) return this.takeOrder(at, trade);
    if (this.wishes.habits.doors && trade.frozen > 0n && chance.percent(60)) return this.bring(at, trade);
    this.move(at, trade, this.wishes.move(at, trade));
  }

  /** In lives in which goods travel, mostly trades whose goods do. */
  private worthwhile(trades: readonly Trade[]): readonly Trade[] {
    if (!this.wishes.habits.ways || this.ground.time.chance.percent(30)) return trades;
    const under = trades.filter(({ progress, frozen }) => progress.lots.length > 0 || frozen > 0n);
    return under.length === 0 ? trades : under;
  }

  propose(at: Facilitator): void {
    const [shop, body] = this.wishes.proposal(at);
    const actor: Actor = { kind: "shop", id: shop };
    this.ask({ at, key: this.ground.newId(), op: "propose" }, (key) => ({
      do: "propose",
      actor,
      body,
      key,
      digest: digestOf(body),
    }));
  }

  move(at: Facilitator, { number, shop, chain, buyer }: Trade, [who, body]: Wish): void {
    const actors: Record<Wish[0], Actor> = {
      shop: { kind: "shop", id: shop },
      head: { kind: "shop", id: chain ?? shop },
      operator: { kind: "operator", id: "operator" },
      carrier: { kind: "carrier", id: "carrier" },
      buyer: { kind: "person", id: buyer ?? "nobody" },
    };
    const actor = actors[who];
    this.ask({ at, key: this.ground.newId(), op: body.do }, (key) => ({
      do: "move",
      actor,
      number,
      body,
      key,
      digest: digestOf(body),
    }));
  }

  /** Somebody brings the goods, reports it, and is given a code: it is used once, twice, by another, or guessed at. */
  private bring(at: Facilitator, trade: Trade): void {
    const { time } = this.ground;
    const { chance } = time;
    const hands = (["carrier", "provider"] as const).filter((each) => trade[each] !== null);
    if (hands.length === 0) return;
    const hand = chance.pick(hands);
    if (chance.percent(20)) at.doorway.unlock(trade.number, at.now());
    this.byHand(at, trade, hand, { do: "at-door" });
    const giver = chance.pick(["buyer", "buyer", "recipient"] as const);
    const accept = (user: Hand, code: string) => {
      const some = chance.percent(60) ? { lines: [{ line: 1, quantity: 1 }] } : {};
      this.byHand(at, trade, user, { do: "accept", code, ...some });
    };
    time.after(chance.int(300, 5_000), () => {
      if (chance.percent(15))
        for (let guess = 0; guess < 6; guess += 1)
          accept(hand, String(chance.int(0, 99_999_999)).padStart(8, "0"));
      const code = at.doorway.codeFor(trade.number, giver, at.now());
      if (code === undefined) return;
      if (chance.percent(25)) accept(chance.pick(hands), code);
      accept(hand, code);
      if (chance.percent(40)) time.after(chance.int(0, 3_000), () => accept(hand, code));
    });
  }

  private byHand(at: Facilitator, { number }: Trade, hand: Hand, body: MoveBody): void {
    const actor: Actor = { kind: hand, id: hand };
    const op = body.do === "accept" ? "accept with a code" : body.do;
    this.ask({ at, key: this.ground.newId(), op }, (key) => ({
      do: "move",
      actor,
      number,
      body,
      key,
      digest: digestOf(body),
    }));
  }

  /**
   * The shop tells the institutions what a private trade costs: at once, late, or never; now and then for other
   * quantities, or once more at another price.
   */
  private tellAmounts({ at, request }: Asked, { number, shop }: Told): void {
    const { chance } = this.ground.time;
    if (request.do !== "propose" || request.body.private !== true || chance.percent(8)) return;
    const { currency, lines = [] } = request.body;
    const more = chance.percent(12) ? 1 : 0;
    const tell = (prices: () => number, afterMs: number) => {
      const told = lines.map(({ quantity }) => ({ quantity: quantity + more, unitAmount: prices() }));
      const amount = told.reduce((sum, each) => sum + BigInt(each.quantity * each.unitAmount), 0n);
      const telling = { peer: at.id, tradeNumber: number, shop, currency, amount, lines: told };
      for (const id of at.institutions.keys())
        this.send3(id, afterMs, () => at.institutions.get(id)?.tell(telling));
    };
    tell(() => chance.int(10, 300), chance.percent(70) ? 0 : chance.int(1_000, 12_000));
    if (chance.percent(20)) tell(() => chance.int(10, 300), chance.int(0, 8_000));
  }

  /** Says something three times, for the network may lose it. */
  private send3(to: string, afterMs: number, arrive: () => void): void {
    const { time, network } = this.ground;
    for (const turn of [0, 1, 2])
      time.after(afterMs + turn * 3_000, () => network.send("people", to, arrive));
  }

  /** What branches do about the orders that they are offered. */
  answerOffers(): void {
    const { chance } = this.ground.time;
    for (const at of this.facilitators)
      for (const { id, branch, trade, head, state } of at.search.offers) {
        if (state !== "offered" || !chance.percent(35)) continue;
        if (chance.percent(70)) this.assign(at, branch, trade, head, id);
        else this.ground.network.send("people", at.id, () => at.search.decline(branch, id, at.now()));
      }
  }

  /** A branch wants an order, and now and then both do; the one who waits for the goods may accept them meanwhile. */
  private takeOrder(at: Facilitator, trade: Trade): void {
    const { time } = this.ground;
    for (const branch of time.chance.percent(40) ? branches : [time.chance.pick(branches)])
      time.after(time.chance.int(0, 300), () => this.assign(at, branch, trade.number, head));
    if (time.chance.percent(50))
      time.after(time.chance.int(0, 900), () => this.move(at, trade, this.wishes.move(at, trade)));
  }

  private assign(at: Facilitator, branch: string, number: bigint, from: string, offer?: string): void {
    const actor: Actor = { kind: "shop", id: branch };
    const begun = { at, key: this.ground.newId(), op: "assign", ...(offer === undefined ? {} : { offer }) };
    this.ask(begun, () => ({
      do: "assign",
      actor,
      number,
      head: from,
      key: undefined,
      digest: digestOf(from),
    }));
  }

  protected override heard(asked: Asked): void {
    if (asked.told !== undefined && asked.request.do === "propose") this.tellAmounts(asked, asked.told);
  }
}
