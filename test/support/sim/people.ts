/** Shops, buyers and operators who ask until they are answered, and remember every answer they were given. */
import type { Trade } from "../../../src/core/machine/machine.ts";
import type { Outcome } from "../../../src/engines/trades/batch.ts";
import type { Actor, Request } from "../../../src/engines/trades/world.ts";
import type { Facilitator } from "./facilitator.ts";
import { codeOf, isSameAnswer, type Told, toldIn } from "./outcomes.ts";
import type { Ground } from "./process.ts";
import { type Wish, Wishes } from "./wishes.ts";

export interface Asked {
  at: Facilitator;
  request: Request & { do: "propose" | "move" };
  key: string;
  op: string;
  /** What was answered in the end; nothing that came later may say otherwise. */
  outcome?: Outcome;
  /** The trade in that answer. */
  told?: Told;
}

/** Answers after which the same is asked again. */
const passing = new Set(["trade_busy"]);
const askAgainMs = 6_000;

export class People {
  readonly asked: Asked[] = [];
  /** What an answer said that could not be, by the answers before it. */
  readonly surprises: string[] = [];
  private readonly ground: Ground;
  private readonly facilitators: readonly Facilitator[];
  private readonly wishes: Wishes;

  constructor(ground: Ground, facilitators: readonly Facilitator[]) {
    this.ground = ground;
    this.facilitators = facilitators;
    this.wishes = new Wishes(ground.time.chance);
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
    this.move(at, trade, this.wishes.move(at, trade));
  }

  propose(at: Facilitator): void {
    const [shop, body] = this.wishes.proposal(at);
    const actor: Actor = { kind: "shop", id: shop };
    this.ask({ at, key: this.ground.newId(), op: "propose" }, (key) => ({
      ...{ do: "propose", actor, body, guest: undefined, key, digest: digestOf(body) },
    }));
  }

  move(at: Facilitator, { number, shop, buyer }: Trade, [who, body]: Wish): void {
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

  private hear(asked: Asked, outcome: Outcome): void {
    const { network } = this.ground;
    if (outcome.busy !== undefined) network.count("met a trade that was busy");
    if (outcome.status === 202) return network.count("told to wait");
    const code = codeOf(outcome);
    if (code !== undefined && passing.has(code)) return;
    if (asked.outcome === undefined) {
      network.count(code === undefined ? asked.op : `${asked.op} ${code}`);
      asked.outcome = outcome;
      if (outcome.status < 300) asked.told = toldIn(outcome);
      return;
    }
    const { status } = asked.outcome;
    if (!isSameAnswer(asked.outcome, outcome))
      this.surprises.push(`${asked.op} ${asked.key} was answered ${status} and later ${outcome.status}`);
  }
}

const digestOf = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));
