/** One process of a facilitator: what it remembers of callers and calls, all of which a crash takes. */
import { saysNothingNew, type WaitingInstruction } from "../../../src/engines/outbox/outbox.ts";
import type { Reading } from "../../../src/edge/asking/asking.ts";
import type { ProblemCode } from "../../../src/core/protocol/protocol.ts";
import type { CollectionWord } from "../../../src/engines/steps/world.ts";
import type { Offer } from "../../../src/edge/chains/store.ts";
import { digestOf } from "../../../src/engines/engine/engine.ts";
import type { SentOutcome } from "./sent-outcome.ts";
import type { Request } from "../../../src/engines/steps/world.ts";
import type { KeptTrade } from "../../../src/engines/steps/kept-trade.ts";
import { acceptByCode, type DoorDesk, type Doorway, reportAtDoor } from "./doorway.ts";
import { refusalOf } from "./outcomes.ts";
import { comeBack, type Ground, Line, type Lock, type Transaction } from "./process.ts";
import type { BranchSearch } from "./branch-search.ts";

/** How long the process that writes or claims an instruction has it to itself. */
export const leaseMs = 10_000;
const timeoutMs = 8_000;
const answerWithinMs = 5_000;

export interface KeptInstruction {
  instruction: WaitingInstruction;
  nextAt: number;
}

/** Another server, as it is called: with instructions as JSON, and answered so. */
export interface Called {
  call(peer: string, body: string, reply: (body: string) => void): void;
}

/** The server whose process it is: what is committed, and what it can do to that. */
export interface Home {
  readonly id: string;
  readonly ground: Ground;
  readonly trades: ReadonlyMap<bigint, KeptTrade>;
  readonly instructions: ReadonlyMap<string, KeptInstruction>;
  readonly institutions: ReadonlyMap<string, Called>;
  readonly search: BranchSearch;
  readonly doorway: Doorway;
  now(): Date;
  open(requests: readonly Request[], now: Date): Transaction<SentOutcome>;
  keep(kept: KeptInstruction): void;
  /** An instruction is over that changes no trade. */
  forget(instruction: string): void;
  /** An instruction as it is sent, and what an answer to it says. */
  wire(instruction: WaitingInstruction): object;
  read(instruction: WaitingInstruction, outcome: unknown): Reading;
  /** A reply that the network has spoilt. */
  garbled(reply: string): string;
  forgetAtCrash(): void;
}

type Reply = (outcome: SentOutcome) => void;
interface Caller {
  number: bigint;
  instruction: string | undefined;
  reply: Reply;
  again: () => void;
}

type Answer =
  | { how: "done"; collection?: CollectionWord | undefined }
  | { how: "unknown" | "awaited" }
  | { how: "refused"; code: ProblemCode };

export class Desk implements DoorDesk {
  up = true;
  readonly line: Line<Request, SentOutcome>;
  private readonly home: Home;
  private queues = new Map<string, { waiting: WaitingInstruction[]; running: boolean }>();
  private readonly callers = new Set<Caller>();

  constructor(home: Home, lock: Lock) {
    this.home = home;
    this.line = new Line(home.ground, lock, {
      now: () => home.now(),
      open: (requests, now) => home.open(requests, now),
      crash: () => this.crash(),
    });
  }

  crash(): void {
    this.up = false;
    this.queues = new Map();
    this.callers.clear();
    this.line.crash();
    this.home.forgetAtCrash();
    comeBack(this.home.ground, this);
  }

  get doorway(): Doorway {
    return this.home.doorway;
  }

  get trades(): ReadonlyMap<bigint, KeptTrade> {
    return this.home.trades;
  }

  now(): Date {
    return this.home.now();
  }

  /** Somebody's request has arrived. */
  serve(request: Request, reply: Reply): void {
    if (request.do !== "move") return this.ask(request, reply);
    const { body } = request;
    if (body.do === "at-door") reportAtDoor(this, request, reply);
    else if (body.do === "accept" && body.code !== undefined) acceptByCode(this, request, body.code, reply);
    else this.ask(request, reply);
  }

  transact<Result>(work: () => Result, then: (result: Result) => void): void {
    const { time, network } = this.home.ground;
    const { life } = this.line;
    time.after(time.chance.int(1, 30), () => {
      if (this.line.life !== life) return;
      const result = work();
      const { crash } = network.faults;
      if (crash > 0 && time.chance.percent(crash / 4)) return this.crash();
      then(result);
    });
  }

  /** Asks the engine. `reply` is told the outcome, or how things stand when that takes too long. */
  ask(request: Request, reply: Reply): void {
    this.submit(request, (outcome) => {
      const { instruction, waits: number } = outcome;
      if (number === undefined) return reply(outcome);
      const caller: Caller = { number, instruction, reply, again: () => this.ask(request, reply) };
      this.callers.add(caller);
      this.home.ground.time.after(answerWithinMs, () => {
        if (this.callers.delete(caller)) reply(outcome);
      });
    });
  }

  /** The clock's look at what is due, and at instructions whose turn it is. */
  tick(): void {
    const { home } = this;
    const now = home.now();
    for (const { number, wakeAt, pending } of home.trades.values()) {
      if (pending === null && wakeAt !== null && wakeAt <= now) this.submit({ do: "wake", number }, () => {});
    }
    for (const search of home.search.due(now)) {
      const taken = home.search.step(search, now);
      if (taken !== undefined) this.assign(taken, () => {});
    }
    const { time, mutant } = home.ground;
    if (mutant === "claims are forgotten") return;
    for (const { instruction, nextAt } of home.instructions.values()) {
      if (nextAt > time.now) continue;
      const claimed = { ...instruction, attempts: instruction.attempts + 1 };
      home.keep({ instruction: claimed, nextAt: time.now + leaseMs });
      home.ground.network.count("claimed after a lease");
      this.take(claimed);
    }
  }

  /** A branch takes what it was offered. */
  takeOrder(branch: string, offer: string, reply: Reply): void {
    const taken = this.home.search.claim(branch, offer, this.home.now());
    if (taken === undefined) reply(refusalOf("offer_over"));
    else this.assign(taken, reply);
  }

  /** Has the engine make the branch the shop of the trade; the search goes by what the engine says. */
  private assign(offer: Offer, reply: Reply): void {
    const { search, ground } = this.home;
    const { life } = this.line;
    const actor = { kind: "shop", id: offer.branch } as const;
    const digest = digestOf("assign", offer.head);
    const request: Request = {
      do: "assign",
      actor,
      number: offer.trade,
      head: offer.head,
      key: undefined,
      digest,
    };
    this.serve(request, (outcome) => {
      ground.time.after(ground.time.chance.int(1, 30), () => {
        if (this.line.life !== life) return;
        search.hear(offer, outcome, this.home.now());
        reply(outcome);
      });
    });
  }

  /** Has the engine decide a request, and sends what that asks of others. */
  submit(request: Request, done: Reply): void {
    const { home } = this;
    this.line.submit(request, (outcome) => {
      for (const instruction of outcome.asked ?? []) {
        if (home.ground.mutant === "instructions are written after the commit")
          home.keep({ instruction, nextAt: home.ground.time.now + leaseMs });
        this.take(instruction);
      }
      const { completed } = outcome;
      if (completed !== undefined) this.tell(completed);
      done(outcome);
    });
  }

  /** The step of a trade has been answered: its caller is told, and other callers who wait ask again. */
  private tell({ number, instruction, outcome }: NonNullable<SentOutcome["completed"]>): void {
    const { mutant } = this.home.ground;
    for (const caller of Array.from(this.callers)) {
      if (caller.number !== number) continue;
      this.callers.delete(caller);
      const isTold = caller.instruction === instruction || mutant === "callers are told another's answer";
      if (isTold && outcome !== undefined) caller.reply(outcome);
      else caller.again();
    }
  }

  private take(instruction: WaitingInstruction): void {
    const { institution } = instruction;
    const queue = this.queues.get(institution) ?? { waiting: [], running: false };
    this.queues.set(institution, queue);
    queue.waiting.push(instruction);
    if (!queue.running) this.sendNext(institution);
  }

  private sendNext(institution: string): void {
    const queue = this.queues.get(institution);
    if (queue === undefined) return;
    const batch = queue.waiting.splice(0, 500);
    queue.running = batch.length > 0;
    if (batch.length > 0) this.call(institution, batch);
  }

  /** One call at a time to an institution; the first of reply and time-out ends it. */
  private call(institution: string, batch: WaitingInstruction[]): void {
    const { home } = this;
    const { network, time, mutant } = home.ground;
    const { life } = this.line;
    const instructions = batch.map((instruction) => home.wire(instruction));
    const wire = JSON.stringify({ instructions });
    let open = true;
    const end = (reply: string | undefined) => {
      if (this.line.life !== life) return;
      if (!open && mutant !== "an answer is applied twice") return;
      open = false;
      this.settle(batch, reply);
      this.sendNext(institution);
    };
    network.send(home.id, institution, () =>
      home.institutions.get(institution)?.call(home.id, wire, (reply) => {
        const { garbled } = network.faults;
        const heard = garbled > 0 && time.chance.percent(garbled) ? home.garbled(reply) : reply;
        network.send(institution, home.id, () => end(heard));
      }),
    );
    time.after(timeoutMs, () => {
      if (open) network.count("timed out");
      end(undefined);
    });
  }

  private settle(batch: readonly WaitingInstruction[], reply: string | undefined): void {
    const { home } = this;
    const outcomes =
      reply === undefined ? [] : ((JSON.parse(reply) as { outcomes: unknown[] }).outcomes ?? []);
    const whole = outcomes.length === batch.length;
    batch.forEach((instruction, index) => {
      const answer = whole ? this.read(instruction, outcomes[index]) : this.unknown(reply);
      const { trade: number, id } = instruction;
      if (answer.how === "awaited") this.submit({ do: "awaited", number, instruction: id }, () => {});
      if (answer.how === "unknown" || answer.how === "awaited") return this.postpone(instruction);
      const refused = answer.how === "refused" ? answer.code : undefined;
      const collection = answer.how === "done" ? answer.collection : undefined;
      if (saysNothingNew(instruction, collection)) {
        home.ground.network.count("an answer that changes nothing");
        return home.forget(id);
      }
      this.submit({ do: "answered", number, instruction: id, refused, collection }, () => {});
    });
  }

  private unknown(reply: string | undefined): Answer {
    const { mutant } = this.home.ground;
    return mutant === "a time-out is a refusal" && reply === undefined
      ? { how: "refused", code: "unavailable" }
      : { how: "unknown" };
  }

  private read(instruction: WaitingInstruction, outcome: unknown): Answer {
    const { mutant } = this.home.ground;
    if (mutant === "any answer is believed") {
      const status = (outcome as { status?: number } | null)?.status ?? 200;
      return status >= 400 ? { how: "refused", code: "internal_error" } : { how: "done" };
    }
    if (mutant === "a new id at each try") {
      const status = (outcome as { status?: number } | null)?.status ?? 500;
      if (status < 300) return { how: "done" };
    }
    const answer = this.home.read(instruction, outcome);
    if (answer.how === "unknown" || answer.how === "impossible") {
      this.home.ground.network.count("an answer that says nothing");
      return { how: "unknown" };
    }
    if (answer.how === "awaited") return { how: "awaited" };
    return answer.how === "refused"
      ? { how: "refused", code: answer.problem.code }
      : { how: "done", collection: answer.collection };
  }

  /** Asked again by this process after a pause, and by any other after a lease. */
  private postpone(instruction: WaitingInstruction): void {
    const { time } = this.home.ground;
    const pause = Math.min(15_000, 200 * 2 ** Math.min(instruction.attempts, 10));
    const again = { ...instruction, attempts: instruction.attempts + 1 };
    // Gone where another process has had the answer meanwhile; asking once more does no harm.
    if (this.home.instructions.has(instruction.id))
      this.home.keep({ instruction: again, nextAt: time.now + pause + leaseMs });
    const { life } = this.line;
    time.after(time.chance.int(pause >> 1, pause), () => {
      if (this.line.life === life) this.take(again);
    });
  }
}
