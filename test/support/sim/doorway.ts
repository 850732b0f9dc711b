/**
 * Codes at the door, at one facilitator: who stands at which door is committed here, and what a code means is decided by
 * production. Between the spending of a code and the acceptance it serves, and before its answer, a process may crash.
 */
import type { Trade } from "../../../src/core/trade/trade.ts";
import { createHash } from "node:crypto";
import { type Giver, makeCodes, type Window } from "../../../src/edge/doorstep/codes.ts";
import { type Look, lookAt, type Shown, triesPerTrade } from "../../../src/edge/doorstep/door-window.ts";
import type { DoorWindow, Use } from "../../../src/edge/doorstep/store.ts";
import { digestOf } from "../../../src/engines/engine/engine.ts";
import type { SentOutcome } from "./sent-outcome.ts";
import type { Request } from "../../../src/engines/steps/world.ts";
import { refusalOf, toldIn } from "./outcomes.ts";
import type { Ground } from "./process.ts";

const codes = makeCodes((text) => createHash("sha256").update(text).digest());
const windowMs = 600_000;

interface Standing extends Omit<DoorWindow, "open"> {
  trade: bigint;
  version: number;
  isSpent: boolean;
}

export class Doorway {
  private readonly windows = new Map<bigint, Standing>();
  /** What codes have served, by trade and request. */
  private readonly uses = new Map<string, Use>();
  /** Every window that there ever was, by its id. */
  readonly opened = new Map<string, { trade: bigint; hand: string }>();
  /** Windows whose codes were spent, in the order in which they were. */
  readonly spent: string[] = [];
  private readonly ground: Ground;

  constructor(ground: Ground) {
    this.ground = ground;
  }

  /** A window in place of the one before it; a report that comes in after a later one changes nothing. */
  open(report: { trade: bigint; hand: string; version: number }, now: Date): void {
    const { trade, hand, version } = report;
    const old = this.windows.get(trade);
    if (old !== undefined && old.version >= version) return;
    const id = this.ground.newId();
    const until = new Date(now.getTime() + windowMs);
    this.windows.set(trade, { id, trade, hand, version, until, wrong: old?.wrong ?? 0, isSpent: false });
    this.opened.set(id, { trade, hand });
    if (this.ground.mutant !== "what a code has served is forgotten at the next report") return;
    for (const of of this.uses.keys()) if (of.startsWith(`${trade} `)) this.uses.delete(of);
  }

  /** What buyer or recipient is shown while somebody is at the door. */
  codeFor(trade: bigint, giver: Giver, now: Date): string | undefined {
    const window = this.windows.get(trade);
    const isOpen = window !== undefined && window.until > now && !window.isSpent;
    return isOpen && window.wrong < triesPerTrade ? codes.door(String(trade), window, giver) : undefined;
  }

  /** Looks at a code, and spends it for the one request that it may serve, or counts it as wrong. */
  use(trade: bigint, spender: Buffer, shown: Shown, now: Date): Look {
    const { mutant } = this.ground;
    const window = this.windows.get(trade);
    const of = `${trade} ${spender.toString("hex")}`;
    const codeOf = (at: Window, giver: Giver) =>
      codes.door(String(trade), window?.id === at.id ? window : at, giver);
    const seen = window && { ...window, open: window.until > now && !window.isSpent };
    if (seen !== undefined && mutant === "any hand may use a code at the door") seen.hand = shown.hand;
    const look = lookAt({ window: seen, use: this.uses.get(of) }, shown, codeOf);
    if (window !== undefined && look.do === "count") window.wrong += 1;
    if (window !== undefined && look.do === "spend") {
      this.spent.push(window.id);
      this.uses.set(of, { giver: look.giver, window: look.window });
      window.isSpent = mutant !== "a code at the door is spent more than once";
    }
    return look;
  }

  /** Codes may be tried again, after a new report. */
  unlock(trade: bigint, now: Date): void {
    const window = this.windows.get(trade);
    if (window === undefined) return;
    window.wrong = 0;
    if (window.until > now) window.until = now;
  }
}

/** The process at which a request about a door arrives. */
export interface DoorDesk {
  readonly doorway: Doorway;
  readonly trades: ReadonlyMap<bigint, Trade>;
  now(): Date;
  ask(request: Request, reply: (outcome: SentOutcome) => void): void;
  /** Does something in a transaction of its own, and goes on unless the process has crashed. */
  transact<Result>(work: () => Result, then: (result: Result) => void): void;
}

type Reply = (outcome: SentOutcome) => void;
type Move = Request & { do: "move" };

/** The carrier has reported it: once that is on the record, the window opens. */
export function reportAtDoor(desk: DoorDesk, request: Move, reply: Reply): void {
  const { number: trade, actor } = request;
  desk.ask(request, (outcome) => {
    if (outcome.status >= 300) return reply(outcome);
    const report = { trade, hand: actor.id, version: toldIn(outcome).version };
    desk.transact(
      () => desk.doorway.open(report, desk.now()),
      () => reply(outcome),
    );
  });
}

/** An acceptance with a code: the code is spent first, and the engine asked in the name of its giver. */
export function acceptByCode(desk: DoorDesk, request: Move, code: string, reply: Reply): void {
  const { number, actor, body, key } = request;
  const trade = desk.trades.get(number);
  if (body.do !== "accept" || (actor.kind !== "carrier" && actor.kind !== "provider")) return;
  if (trade === undefined || trade[actor.kind] !== actor.id) return reply(refusalOf("not_found"));
  const spender = digestOf("door", actor.id, key).bytes;
  const shown = { hand: actor.id, code, acceptors: trade.terms.acceptance.by };
  desk.transact(
    () => desk.doorway.use(number, spender, shown, desk.now()),
    (look) => {
      if (look.do === "locked") return reply(refusalOf("too_many_requests"));
      if (look.do === "wrong" || look.do === "count") return reply(refusalOf("door_code_invalid"));
      const { code: _, ...rest } = body;
      const proven = { ...rest, evidence: { kind: "door_code" as const, reference: look.window } };
      const digest = digestOf("move", String(number), proven);
      desk.ask({ ...request, actor: { ...actor, standsFor: look.giver }, body: proven, digest }, reply);
    },
  );
}
