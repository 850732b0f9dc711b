/** A facilitator in memory: what is committed, and the processes that take trades through the production engine. */
import { type FirstAnswer, firstAnswers } from "../../../src/engines/engine/engine.ts";
import { remoteInstitution, type RemoteAccount, openOnConsents } from "../../../src/engines/rails/rails.ts";
import type { MandateRow, MethodRow, PersonRow } from "../../../src/storage/members/members.ts";
import type { ShopRow } from "../../../src/storage/parties/parties.ts";
import { dammAppend } from "../../../src/core/protocol/protocol.ts";
import { answerAll } from "../../../src/engines/trades/batch.ts";
import type { NewEvents } from "../../../src/engines/steps/store.ts";
import type { Rules, World } from "../../../src/engines/steps/world.ts";
import type { Request } from "../../../src/engines/steps/request.ts";
import type { KeptTrade } from "../../../src/engines/steps/kept-trade.ts";
import { answerKey, type Told, toldOf } from "./told.ts";
import { Desk, type Home, type KeptInstruction, leaseMs } from "./desk.ts";
import { beginning, type Institution } from "./institution.ts";
import { type Ground, Lock, type Transaction } from "./process.ts";
import { testVault } from "../world/vault.ts";

export const rules: Rules = {
  topology: "facilitated",
  rail: remoteInstitution(),
  vault: testVault,
  defaults: { reserveFor: "P10D", coolingOff: "P3D", autoAfter: "P2D" },
  feeAccount: (currency) => `fee ${currency}`,
  approveUrl: (number) => number,
};

export class Facilitator implements Home {
  readonly id: string;
  /** How far this server's clock is ahead, in milliseconds. */
  ahead = 0;
  readonly trades = new Map<bigint, KeptTrade>();
  readonly events = new Map<string, NewEvents[]>();
  readonly answers = new Map<string, FirstAnswer>();
  readonly instructions = new Map<string, KeptInstruction>();
  readonly mandates = new Map<string, MandateRow>();
  readonly shops = new Map<string, ShopRow>();
  readonly people = new Map<string, PersonRow>();
  readonly members = new Map<bigint, PersonRow>();
  readonly methods = new Map<string, MethodRow[]>();
  readonly ties: RemoteAccount[] = [];
  readonly institutions: Map<string, Institution>;
  readonly desks: Desk[] = [];
  readonly ground: Ground;
  private numbers = 0;
  /** Steps that have waited, for the mutant that applies an answer twice. */
  private readonly waited = new Map<string, KeptTrade["pending"]>();

  constructor(ground: Ground, id: string, institutions: Map<string, Institution>, processes: number) {
    this.ground = ground;
    this.id = id;
    this.institutions = institutions;
    const lock = new Lock(ground.time.chance);
    for (let each = 0; each < processes; each += 1) this.desks.push(new Desk(this, lock));
  }

  now(): Date {
    return new Date(beginning + this.ground.time.now + this.ahead);
  }

  readonly open = (requests: readonly Request[], now: Date): Transaction<Told> => {
    const world = this.worldOf(requests, now);
    const answers = answerAll(rules, world, requests);
    return { answers: toldOf(answers, world.rail.asked), commit: () => this.write(world) };
  };

  /** What a batch names, as a transaction that locks it reads it. */
  private worldOf(requests: readonly Request[], now: Date): World {
    const trades = new Map<bigint, KeptTrade>();
    const answers = new Map<string, FirstAnswer>();
    const mandates = new Map<string, MandateRow>();
    const addMandate = (id: string | null | undefined) => {
      const mandate = this.mandates.get(id ?? "");
      if (mandate !== undefined) mandates.set(mandate.id, { ...mandate });
    };
    for (const request of requests) {
      const trade = request.do === "propose" ? undefined : this.trades.get(request.number);
      if (trade !== undefined) {
        trades.set(trade.number, this.tradeFor(request, trade));
        addMandate(trade.mandate);
        for (const { id } of trade.pending?.mandates.taken ?? []) addMandate(id);
        for (const { id } of trade.pending?.mandates.given ?? []) addMandate(id);
      }
      if (request.do !== "propose" && request.do !== "move") continue;
      if (
        request.do === "propose" &&
        request.body.approval !== undefined &&
        "mandate" in request.body.approval
      )
        addMandate(request.body.approval.mandate);
      const key = answerKey(request.actor.id, request.key ?? "");
      const answer = this.answers.get(key);
      if (answer !== undefined) answers.set(key, answer);
    }
    return this.freshWorld(now, trades, mandates, answers);
  }

  private freshWorld(
    now: Date,
    trades: World["trades"],
    mandates: World["mandates"],
    answers: Map<string, FirstAnswer>,
  ): World {
    const { newId } = this.ground;
    // Written out: literals made of spread objects are several times slower, and this is made thousands of times.
    return {
      now,
      trades,
      mandates,
      answers: firstAnswers([...answers.values()], "idempotency_key_reused"),
      shops: this.shops,
      parties: new Map(),
      people: this.people,
      members: this.members,
      methods: this.methods,
      rail: openOnConsents(this.ties, newId),
      newId,
      newNumber: () => BigInt(dammAppend(`4${String((this.numbers += 1)).padStart(12, "0")}`)),
      inserted: new Set(),
      updated: new Set(),
      agreed: new Set(),
      events: [],
      recipients: [],
      routes: [],
      usedMandates: new Set(),
      answered: new Set(),
      endpoints: [],
      forgottenPeople: new Set(),
      forgottenTrades: new Set(),
      advances: new Map(),
      advanceRules: undefined,
      usedAdvances: new Set(),
    };
  }

  private tradeFor(request: Request, trade: KeptTrade): KeptTrade {
    if (this.ground.mutant !== "an answer is applied twice" || request.do !== "answered") return trade;
    if (trade.pending !== null) this.waited.set(trade.pending.instruction, trade.pending);
    return { ...trade, pending: this.waited.get(request.instruction) ?? trade.pending };
  }

  private write(world: World): void {
    const { time, mutant } = this.ground;
    for (const number of [...world.inserted, ...world.updated]) {
      const trade = world.trades.get(number);
      if (trade === undefined) continue;
      const isNew = trade.pending !== this.trades.get(number)?.pending;
      this.trades.set(number, isNew ? { ...trade, pending: asStored(trade.pending) } : trade);
    }
    for (const row of world.events) {
      const rows = this.events.get(row.trade);
      if (rows === undefined) this.events.set(row.trade, [row]);
      else rows.push(row);
    }
    for (const id of world.usedMandates) this.mandates.set(id, world.mandates.get(id) as MandateRow);
    const nextAt = time.now + leaseMs;
    // Where the mutant writes them afterwards, a crash comes between.
    if (mutant !== "instructions are written after the commit") {
      for (const instruction of world.rail.asked) this.keep({ instruction, nextAt });
    }
    for (const given of world.answers.given) this.answers.set(answerKey(given.caller, given.key), given);
    for (const given of world.answers.replaced) {
      const key = answerKey(given.caller, given.key);
      const before = this.answers.get(key);
      if (before !== undefined) this.answers.set(key, { ...before, ...given });
    }
    for (const id of world.answered) this.instructions.delete(id);
  }

  /** The mutant that takes what waits for something that a process remembers. */
  forgetAtCrash(): void {
    if (this.ground.mutant !== "what waits is dropped at a crash") return;
    this.instructions.clear();
    for (const trade of this.trades.values()) this.trades.set(trade.number, { ...trade, pending: null });
  }

  keep(kept: KeptInstruction): void {
    this.instructions.set(kept.instruction.id, kept);
  }
}

/** A step that waits is kept as JSON, and read back from that. */
function asStored(pending: KeptTrade["pending"]): KeptTrade["pending"] {
  return pending === null ? null : (JSON.parse(JSON.stringify(pending)) as KeptTrade["pending"]);
}
