/** People who ask until they are answered, and remember every answer they were given. */
import type { Request } from "../../../src/engines/steps/world.ts";
import type { Desk } from "./desk.ts";
import type { Facilitator } from "./facilitator.ts";
import { codeOf, isOfDoor, isSameAnswer, type Told, toldIn } from "./outcomes.ts";
import type { Ground } from "./process.ts";
import type { SentOutcome } from "./sent-outcome.ts";

/** A server at which somebody asks. */
export interface Asking {
  readonly id: string;
  readonly desks: readonly Desk[];
}

export interface AskedAt<At> {
  at: At;
  request: Request & { do: "propose" | "move" | "assign" };
  /** The offer that a branch takes, where it does not come of itself. */
  offer?: string;
  key: string;
  op: string;
  /** What was answered in the end; nothing that came later may say otherwise. */
  outcome?: SentOutcome;
  /** The trade in that answer. */
  told?: Told;
}
export type Asked = AskedAt<Facilitator>;

/** Answers after which the same is asked again. */
const passing = new Set(["trade_busy"]);
const askAgainMs = 6_000;

export class Callers<At extends Asking> {
  readonly asked: AskedAt<At>[] = [];
  /** What an answer said that could not be, by the answers before it. */
  readonly surprises: string[] = [];
  protected readonly ground: Ground;

  constructor(ground: Ground) {
    this.ground = ground;
  }

  waiting(): AskedAt<At>[] {
    return this.asked.filter(({ outcome }) => outcome === undefined);
  }

  /** Asks, and asks again with the same key, until there is an answer. */
  protected ask(begun: Omit<AskedAt<At>, "request">, request: (key: string) => AskedAt<At>["request"]): void {
    const asked: AskedAt<At> = { ...begun, request: request(begun.key) };
    this.asked.push(asked);
    this.send(asked);
  }

  /** Somebody has had the answer for which they asked. */
  protected heard(_asked: AskedAt<At>): void {}

  private send(asked: AskedAt<At>): void {
    const { time, network } = this.ground;
    if (asked.outcome !== undefined) return;
    const { at, request } = asked;
    network.send("people", at.id, () => {
      const desk = time.chance.pick(at.desks);
      if (!desk.up) return network.count("met a server that was down");
      const reply = (outcome: SentOutcome) => network.send(at.id, "people", () => this.hear(asked, outcome));
      if (asked.offer === undefined || request.do !== "assign") desk.serve(request, reply);
      else desk.takeOrder(request.actor.id, asked.offer, reply);
    });
    time.after(askAgainMs, () => this.send(asked));
  }

  private hear(asked: AskedAt<At>, outcome: SentOutcome): void {
    const { network } = this.ground;
    if (outcome.busy !== undefined) network.count("met a trade that was busy");
    if (outcome.status === 202) return network.count("told to wait");
    const code = codeOf(outcome);
    if (code !== undefined && passing.has(code)) return;
    if (asked.outcome === undefined) {
      network.count(code === undefined ? asked.op : `${asked.op} ${code}`);
      asked.outcome = outcome;
      if (outcome.status < 300) asked.told = toldIn(outcome);
      return this.heard(asked);
    }
    // A branch's request has no key, and what was answered first may come last.
    if (asked.op === "assign" || isOfDoor(codeOf(asked.outcome))) return;
    const { status } = asked.outcome;
    if (!isSameAnswer(asked.outcome, outcome))
      this.surprises.push(`${asked.op} ${asked.key} was answered ${status} and later ${outcome.status}`);
  }
}
