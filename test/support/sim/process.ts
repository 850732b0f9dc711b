/**
 * A server's process on a database that others use as well: what comes in waits for a batch, a batch is one transaction,
 * and a crash leaves nothing but what was committed.
 */
import type { Chance } from "./chance.ts";
import type { Mutant, Network } from "./network.ts";
import type { Time } from "./time.ts";

/** What the parts of a run share. */
export interface Ground {
  time: Time;
  network: Network;
  mutant: Mutant | undefined;
  newId: () => string;
}

/** A transaction that has locked, read and decided; `commit` makes all of it true at one instant. */
export interface Transaction<Outcome> {
  answers: Outcome[];
  commit: () => void;
}

/**
 * The locks of a database. They are all one: the process that holds it keeps all others from what it has read. Who waits for
 * it gets it in no order that anybody could rely on.
 */
export class Lock {
  private readonly chance: Chance;
  private holder: object | undefined;
  private readonly waiting: { who: object; run: () => void }[] = [];

  constructor(chance: Chance) {
    this.chance = chance;
  }

  take(who: object, run: () => void): void {
    this.waiting.push({ who, run });
    this.next();
  }

  /** Gives the lock back, or the place in the line for it. */
  leave(who: object): void {
    const place = this.waiting.findIndex((each) => each.who === who);
    if (place >= 0) this.waiting.splice(place, 1);
    if (this.holder !== who) return;
    this.holder = undefined;
    this.next();
  }

  private next(): void {
    if (this.holder !== undefined) return;
    if (this.waiting.length === 0) return;
    const first = this.chance.pick(this.waiting);
    this.waiting.splice(this.waiting.indexOf(first), 1);
    this.holder = first.who;
    first.run();
  }
}

/** Requests in one transaction. */
const batchMax = 5;

/** The server whose process it is. `crash` ends the process. */
export interface Server<Request, Outcome> {
  now: () => Date;
  open: (requests: readonly Request[], now: Date) => Transaction<Outcome>;
  crash: () => void;
}

/** A process that has crashed is started again after a while. */
export function comeBack({ time, network }: Ground, process: { up: boolean }): void {
  network.count("crashed");
  time.after(time.chance.int(10, 6_000), () => (process.up = true));
}

export class Line<Request, Outcome> {
  /** Grows at each crash; whatever an earlier life had begun has ended with it. */
  life = 0;
  private queue: { request: Request; done: (outcome: Outcome) => void }[] = [];
  private running: object | undefined;
  private readonly ground: Ground;
  private readonly lock: Lock;
  private readonly server: Server<Request, Outcome>;

  constructor(ground: Ground, lock: Lock, server: Server<Request, Outcome>) {
    this.ground = ground;
    this.lock = lock;
    this.server = server;
  }

  /** `done` is called when it is committed; never, if the process ends before. */
  submit(request: Request, done: (outcome: Outcome) => void): void {
    this.queue.push({ request, done });
    this.next();
  }

  crash(): void {
    this.life += 1;
    this.queue = [];
    const { running } = this;
    this.running = undefined;
    if (running === undefined) return;
    this.ground.network.count("crashed in a transaction");
    this.lock.leave(running);
  }

  private next(): void {
    if (this.running !== undefined || this.queue.length === 0) return;
    const transaction = {};
    this.running = transaction;
    const begin = () => this.begin(transaction, this.server.now());
    if (this.ground.mutant === "rows are not locked") begin();
    else this.lock.take(transaction, begin);
  }

  private begin(transaction: object, now: Date): void {
    const { time, network, mutant } = this.ground;
    const batch = this.queue.splice(0, batchMax);
    const opened = this.server.open(
      batch.map(({ request }) => request),
      now,
    );
    const tell = () => {
      const { life } = this;
      batch.forEach(({ done }, index) => {
        if (this.life === life) done(opened.answers[index] as Outcome);
      });
    };
    if (mutant === "answers go out before the commit") tell();
    // A database that stalls now and then lets others wait for their locks.
    const lastsMs = network.faults.crash > 0 && time.chance.percent(4) ? 3_000 : 30;
    time.after(time.chance.int(1, lastsMs), () => {
      if (this.running !== transaction) return;
      const { crash } = network.faults;
      // A crash comes at any time, but right before and right after the commit it does the most harm.
      const crashes = crash > 0 && time.chance.percent(crash / 4);
      if (crashes && time.chance.percent(50)) return this.server.crash();
      opened.commit();
      if (crashes) {
        network.count("crashed before the answer");
        return this.server.crash();
      }
      this.running = undefined;
      this.lock.leave(transaction);
      if (mutant !== "answers go out before the commit") tell();
      this.next();
    });
  }
}
