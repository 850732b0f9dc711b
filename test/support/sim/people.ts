/** Shops, buyers and operators who ask until they are answered, and remember every answer they were given. */
import type { MoveBody, Propose } from "../../../src/core/protocol/schemas.ts";
import type { Trade } from "../../../src/core/machine/machine.ts";
import { digestOf } from "../../../src/engines/engine/engine.ts";
import type { Told } from "./told.ts";
import type { Actor, Request } from "../../../src/engines/steps/request.ts";
import { beginning } from "./institution.ts";
import type { Facilitator } from "./facilitator.ts";
import type { Ground } from "./process.ts";

export interface Asked {
  at: Facilitator;
  request: Request & { do: "propose" | "move" };
  key: string;
  op: string;
  /** What was answered in the end; nothing that came later may say otherwise. */
  outcome?: Told;
  /** The trade in that answer. */
  told?: { number: string; version: number; settled: number; refunded: number };
}

/** Answers after which the same is asked again. */
const passing = new Set(["trade_busy"]);
const askAgainMs = 6_000;
const day = 86_400_000;

export class People {
  readonly asked: Asked[] = [];
  /** What an answer said that could not be, by the answers before it. */
  readonly surprises: string[] = [];
  private readonly ground: Ground;
  private readonly facilitators: readonly Facilitator[];

  constructor(ground: Ground, facilitators: readonly Facilitator[]) {
    this.ground = ground;
    this.facilitators = facilitators;
  }

  waiting(): Asked[] {
    return this.asked.filter(({ outcome }) => outcome === undefined);
  }

  /** Somebody does something that makes sense, or nearly. */
  act(): void {
    const { chance } = this.ground.time;
    const at = chance.pick(this.facilitators);
    const trades = [...at.trades.values()];
    if (trades.length < 2 || (trades.length < 4 && chance.percent(15))) return this.propose(at);
    const trade = chance.pick(trades);
    this.move(at, trade, chance.percent(90) ? this.likely(trade) : this.anything(trade));
  }

  propose(at: Facilitator): void {
    const { chance } = this.ground.time;
    const mandate = chance.percent(60) ? chance.pick([...at.mandates.values()]) : undefined;
    const shop = mandate?.shop ?? chance.pick([...at.shops.keys()]);
    const person = at.people.get(mandate?.person ?? chance.pick([...at.people.keys()]));
    const currency = mandate?.currency ?? (chance.percent(80) ? "JPY" : "USD");
    const body: Propose = {
      currency,
      lines: Array.from({ length: chance.int(1, 2) }, () => ({
        ...{ name: "Tea", quantity: chance.int(1, 4), unitAmount: chance.int(10, 400) },
      })),
      ...(person === undefined ? {} : { buyer: { member: String(person.number) } }),
      ...(mandate === undefined ? {} : { approval: { mandate: mandate.id } }),
      ...(chance.percent(30) ? { reserveFor: chance.pick(["PT1H", "P1D", "P4D"]) } : {}),
      ...(chance.percent(20) ? { shipWithin: "PT12H" } : {}),
      ...(chance.percent(20) ? { payment: { on: "date", date: this.dayIn(chance.int(1, 9)) } } : {}),
    };
    const actor: Actor = { kind: "shop", id: shop };
    this.ask({ at, key: this.ground.newId(), op: "propose" }, (key) => ({
      ...{ do: "propose", actor, body, guest: undefined, key, digest: digestOf(body) },
    }));
  }

  private dayIn(days: number): string {
    return new Date(beginning + days * day).toISOString().slice(0, 10);
  }

  move(at: Facilitator, { number, shop, buyer }: Trade, [who, body]: [string, MoveBody]): void {
    const actor: Actor =
      who === "shop"
        ? { kind: "shop", id: shop }
        : who === "operator"
          ? { kind: "operator", id: "operator" }
          : { kind: "person", id: buyer ?? "nobody" };
    this.ask({ at, key: this.ground.newId(), op: body.do }, (key) => ({
      ...{ do: "move", actor, number, body, key, digest: digestOf(body) },
    }));
  }

  private likely(trade: Trade): [string, MoveBody] {
    const { chance } = this.ground.time;
    switch (trade.state) {
      case "proposed":
      case "refused":
        return chance.percent(85)
          ? ["buyer", { do: "approve" }]
          : [
              "shop",
              { do: "revise", lines: [{ name: "Tea", quantity: 1, unitAmount: chance.int(10, 400) }] },
            ];
      case "reserved":
        return chance.percent(60) ? this.goods(trade) : this.anything(trade);
      case "delivered":
      case "accepted":
        return chance.percent(80) ? this.goods(trade) : this.anything(trade);
      case "rejected":
        return chance.percent(70) ? ["shop", { do: "return" }] : this.anything(trade);
      case "disputed":
        return ["operator", this.resolution(trade)];
      case "settled":
        return ["shop", { do: "refund", amount: chance.int(1, 200), reason: "sorry" }];
      default:
        return this.anything(trade);
    }
  }

  private goods(trade: Trade): [string, MoveBody] {
    const { chance } = this.ground.time;
    const line = chance.int(1, trade.terms.lines.length);
    const some = chance.percent(50) ? {} : { lines: [{ line, quantity: chance.int(1, 2) }] };
    if (chance.percent(30)) return ["shop", { do: "deliver", ...some }];
    return chance.percent(80)
      ? ["buyer", { do: "accept", ...some, ...(chance.percent(20) ? { final: true } : {}) }]
      : ["buyer", { do: "reject", ...some, reason: "broken" }];
  }

  private resolution(trade: Trade): MoveBody {
    const { chance } = this.ground.time;
    const outcome = chance.pick(["settle", "release", "split", "resume"] as const);
    const half = Math.max(1, Number(trade.frozen / 2n));
    return { do: "resolve", outcome, reason: "looked", ...(outcome === "split" ? { amount: half } : {}) };
  }

  private anything(trade: Trade): [string, MoveBody] {
    const { chance } = this.ground.time;
    const until = new Date(beginning + chance.int(1, 12) * day).toISOString();
    return chance.pick<[string, MoveBody]>([
      ["buyer", { do: "cancel" }],
      ["shop", { do: "cancel" }],
      ["buyer", { do: "dispute", reason: "not what I asked for" }],
      ["shop", { do: "extend", until }],
      ["shop", { do: "extend", until }],
      ["shop", { do: "return" }],
      ["shop", { do: "refund", amount: chance.int(1, 100), reason: "sorry" }],
      [
        "shop",
        {
          do: "revise",
          lines: [{ name: "Tea", quantity: chance.int(1, 3), unitAmount: chance.int(1, 300) }],
        },
      ],
      ["operator", this.resolution(trade)],
    ]);
  }

  /** Asks, and asks again with the same key, until there is an answer. */
  private ask(begun: Omit<Asked, "request">, request: (key: string) => Asked["request"]): void {
    const asked: Asked = { ...begun, request: request(begun.key) };
    this.asked.push(asked);
    this.send(asked);
  }

  private send(asked: Asked): void {
    const { time, network } = this.ground;
    if (asked.outcome !== undefined) return;
    const { at, request } = asked;
    network.send("people", at.id, () => {
      const desk = time.chance.pick(at.desks);
      if (!desk.up) return network.count("met a server that was down");
      desk.serve(request, (outcome) => network.send(at.id, "people", () => this.hear(asked, outcome)));
    });
    time.after(askAgainMs, () => this.send(asked));
  }

  private hear(asked: Asked, outcome: Told): void {
    const { network } = this.ground;
    if (outcome.busy !== undefined) network.count("met a trade that was busy");
    if (outcome.status === 202) return network.count("told to wait");
    const code = outcome.status < 400 ? "" : ` ${(JSON.parse(outcome.text) as { code: string }).code}`;
    if (passing.has(code.trim())) return;
    if (asked.outcome === undefined) {
      network.count(`${asked.op}${code}`);
      asked.outcome = outcome;
      if (outcome.status < 300) asked.told = JSON.parse(outcome.text) as NonNullable<Asked["told"]>;
      return;
    }
    const { status, text } = asked.outcome;
    if (status !== outcome.status || text !== outcome.text)
      this.surprises.push(`${asked.op} ${asked.key} was answered ${status} and later ${outcome.status}`);
  }
}
