/**
 * An institution that collects, in memory: what is committed, and the processes that obey guarantors and take money at
 * counters by the production engine.
 */
import type { CollectionInstruction, CollectionView } from "../../../src/core/protocol/schemas.ts";
import { type Answer, answerAll } from "../../../src/engines/collections/batch.ts";
import type { Collector } from "../../../src/engines/collections/collector-store.ts";
import { ownDues } from "../../../src/engines/collections/funding-store.ts";
import type { Due, DuePayment, DueReturn, LocatedDue } from "../../../src/engines/collections/store.ts";
import { viewOf } from "../../../src/engines/collections/view.ts";
import {
  keysOf,
  nameAll,
  type PaymentWish,
  type Request,
  type ReturnWish,
  soughtAccounts,
  type World,
} from "../../../src/engines/collections/world.ts";
import { dammAppend } from "../../../src/core/protocol/protocol.ts";
import { digestOf, type FirstAnswer, firstAnswers, textOf } from "../../../src/engines/engine/engine.ts";
import type { Collecting } from "../../../src/engines/reservations/consent-store.ts";
import type { StandingConsent } from "../../../src/engines/reservations/store.ts";
import { type Account, Books, type Entry, type PayoutLock } from "../../../src/storage/ledger/ledger.ts";
import { fundingDue } from "./fundings.ts";
import { knownBy, seenBy } from "./planted.ts";
import { beginning } from "../sim/institution.ts";
import { comeBack, type Ground, Line, Lock, type Transaction } from "../sim/process.ts";
import { answerKey } from "../sim/sent-outcome.ts";

interface Process {
  line: Line<Request, Answer>;
  up: boolean;
}

/** What a clerk is told of a payment: the status and the body. */
export interface Receipt {
  status: number;
  text: string;
}

export const keptAccount = (currency: string): string => `kept ${currency}`;
/** An institution's own accounts. No collector here is paid for what it takes. */
const own = {
  kept: keptAccount,
  costs: (currency: string): string => `costs ${currency}`,
  bills: (currency: string): string => `bills ${currency}`,
  today: (at: Date): string => at.toISOString().slice(0, 10),
};
/** How many payments a server is told of in one call; few, so that there is more than one page. */
const page = 3;

export class House {
  readonly id: string;
  /** How far this server's clock is ahead, in milliseconds. */
  ahead = 0;
  readonly accounts = new Map<string, Account>();
  readonly holds = new Map<string, never>();
  readonly consents = new Map<string, StandingConsent>();
  readonly collectors = new Map<string, Collector>();
  /** By trade number. */
  readonly dues = new Map<string, Due>();
  readonly payments: DuePayment[] = [];
  readonly returns: DueReturn[] = [];
  readonly takings = new Map<string, Pick<Collecting, "day" | "taken">>();
  readonly locks = new Map<string, PayoutLock>();
  readonly answers = new Map<string, FirstAnswer>();
  readonly entries: Entry[] = [];
  readonly processes: Process[] = [];
  /** Numbers under which members bring money to their accounts, by their ids. */
  readonly fundings = new Map<string, { account: string; number: string; until: Date; ended: boolean }>();
  /** What the database would have refused to keep. */
  readonly refusals: string[] = [];
  private readonly ground: Ground;
  private readonly lock: Lock;
  private readonly returned = new Set<string>();

  constructor(ground: Ground, id: string, processes: number) {
    this.ground = ground;
    this.id = id;
    this.lock = new Lock(ground.time.chance);
    const { lock } = this;
    for (let each = 0; each < processes; each += 1) {
      const process: Process = {
        up: true,
        line: new Line(ground, lock, {
          now: () => this.now(),
          open: this.open,
          crash: () => this.crash(process),
        }),
      };
      this.processes.push(process);
    }
  }

  now(): Date {
    return new Date(beginning + this.ground.time.now + this.ahead);
  }

  /** A process ends with all that it remembers, and comes back after a while. */
  crash(process: Process = this.ground.time.chance.pick(this.processes)): void {
    process.up = false;
    process.line.crash();
    comeBack(this.ground, process);
  }

  private process(): Process | undefined {
    const process = this.ground.time.chance.pick(this.processes);
    if (process.up) return process;
    this.ground.network.count("met a server that was down");
    return undefined;
  }

  /** A guarantor's call, with instructions as JSON. */
  call(peer: string, body: string, reply: (body: string) => void): void {
    const process = this.process();
    if (process === undefined) return;
    const { instructions } = JSON.parse(body) as { instructions: CollectionInstruction[] };
    const outcomes: string[] = [];
    let left = instructions.length;
    instructions.forEach((instruction, index) => {
      const digest = digestOf("collection", instruction);
      process.line.submit({ do: "obey", peer, instruction, digest }, (outcome) => {
        if (outcome.replayed) this.ground.network.count("answered from record");
        const { status } = outcome;
        outcomes[index] =
          `{"status":${status},"${status >= 400 ? "problem" : "collection"}":${textOf(outcome)}}`;
        left -= 1;
        if (left === 0) reply(`{"outcomes":[${outcomes.join()}]}`);
      });
    });
  }

  /** A guarantor asks what was paid that it has not booked; behind the due `after`. */
  unheard(peer: string, after: string | undefined, reply: (body: string) => void): void {
    if (this.process() === undefined) return;
    const waiting = [...this.dues.values()]
      .filter((due) => due.peer === peer && due.heard < due.paid)
      .toSorted((one, other) => orderOf(one) - orderOf(other) || (one.id < other.id ? -1 : 1));
    const from = after === undefined ? 0 : waiting.findIndex(({ id }) => id === after) + 1;
    const items = waiting.slice(from, from + page);
    const next = waiting.length > from + page ? (items.at(-1)?.id ?? null) : null;
    reply(JSON.stringify({ items: items.map((due) => this.view(due)), next }));
  }

  view(due: Due): CollectionView {
    return viewOf(
      due,
      this.payments.filter(({ collection }) => collection === due.id),
    );
  }

  /** A clerk takes money; `key` is that of the call. */
  pay(
    collector: string,
    number: string,
    payment: PaymentWish,
    key: string,
    reply: (said: Receipt) => void,
  ): void {
    const taker = { collector, operator: null, confirmedBy: null, reason: null };
    const digest = digestOf(number, { ...payment, amount: String(payment.amount) }, collector);
    this.process()?.line.submit(
      { do: "pay", number, taker, payment, key, isHandedBack: true, digest },
      (outcome) => reply({ status: outcome.status, text: textOf(outcome) }),
    );
  }

  /** A member opens a number under which so much is brought to an account, until then. */
  fund(account: string, amount: bigint, until: Date): string {
    const [id, due] = [this.ground.newId(), this.ground.newId()];
    const number = dammAppend(
      `${this.id === "C1" ? 6 : 7}${String(this.fundings.size + 1).padStart(12, "0")}`,
    );
    this.fundings.set(id, { account, number, until, ended: false });
    this.dues.set(number, fundingDue({ id: due, number, funding: id, amount, until, now: this.now() }));
    return number;
  }

  /** Nothing is taken any more under numbers whose time is over. */
  endFundings(): void {
    const who = {};
    this.lock.take(who, () => {
      for (const [id, funding] of this.fundings) {
        const due = this.dues.get(funding.number);
        if (due === undefined || funding.ended || funding.until > this.now()) continue;
        this.fundings.set(id, { ...funding, ended: true });
        if (due.amount === due.paid) continue;
        this.ground.network.count("a funding that nobody paid");
        this.dues.set(funding.number, { ...due, amount: due.paid, version: due.version + 1n });
      }
      this.lock.leave(who);
    });
  }

  /** A member pays what is due from an account here. */
  payFrom(
    account: string,
    number: string,
    payment: PaymentWish,
    key: string,
    reply: (said: Receipt) => void,
  ): void {
    const nobody = { operator: null, confirmedBy: null, reason: null };
    const taker = { collector: account, account, ...nobody };
    const digest = digestOf(number, { ...payment, amount: String(payment.amount) }, account);
    this.process()?.line.submit(
      { do: "pay", number, taker, payment, key, isHandedBack: true, digest },
      (outcome) => reply({ status: outcome.status, text: textOf(outcome) }),
    );
  }

  /** Operators return what is kept to whoever has paid it, by the hands of a collector; once for an id. */
  giveBackKept(number: string, wish: ReturnWish): void {
    const process = this.process();
    if (process === undefined || this.returned.has(wish.id)) return;
    this.returned.add(wish.id);
    process.line.submit({ do: "return", number, wish }, ({ status }) => {
      if (status < 300) this.ground.network.count("what was kept was returned");
    });
  }

  /** Money comes in or goes out by the bank's own ways: `amount` of what the books show then. */
  book(from: string, to: string, amountOf: (from: Account, to: Account) => bigint): void {
    const who = {};
    this.lock.take(who, () => {
      const [giver, taker] = [this.accounts.get(from), this.accounts.get(to)];
      const amount = giver === undefined || taker === undefined ? 0n : amountOf(giver, taker);
      if (giver !== undefined && taker !== undefined && amount > 0n) {
        const books = new Books();
        for (const account of [giver, taker]) books.accounts.set(account.id, { ...account });
        const { currency } = giver;
        const id = this.ground.newId();
        const posted = books.post({ do: "transfer", id, from, to, currency, amount }, this.now());
        if (!("refused" in posted)) this.keepBooks(books);
      }
      this.lock.leave(who);
    });
  }

  /** What a shop cannot take out yet. */
  lockedOf(account: string): bigint {
    const now = this.now();
    return [...this.locks.values()]
      .filter((lock) => lock.account === account && (lock.until === null || lock.until > now))
      .reduce((sum, { amount }) => sum + amount, 0n);
  }

  private readonly open = (requests: readonly Request[], now: Date): Transaction<Answer> => {
    const world = this.worldOf(requests, now);
    const answers = answerAll(world, requests);
    return { answers, commit: () => this.write(world) };
  };

  private located(due: Due): LocatedDue {
    const funded = this.fundings.get(due.payee)?.account;
    if (funded !== undefined)
      return { ...due, payeeAccount: funded, payeeRevokedAt: null, payeeOwn: false, feeAccount: null };
    const payee = this.consents.get(due.payee);
    const own = this.consents.get(due.feeTo ?? "");
    const isPeers = payee?.peer === due.peer;
    return {
      ...due,
      payeeAccount: isPeers ? payee.account : null,
      payeeRevokedAt: isPeers ? payee.revokedAt : null,
      payeeOwn: isPeers && payee.own,
      feeAccount: own?.peer === due.peer ? own.account : null,
    };
  }

  /** Copies of what the batch names, and no more than production locks and reads for it. */
  private worldOf(requests: readonly Request[], now: Date): World {
    const { mutant } = this.ground;
    const named = nameAll(requests, own);
    const located = [...named.numbers].flatMap((number) => {
      const due = this.dues.get(number);
      return due === undefined ? [] : [this.located(due)];
    });
    const consents = [...named.consents].flatMap((id) => this.consents.get(id) ?? []);
    const collectors = [...this.collectors.values()];
    const books = new Books();
    for (const id of soughtAccounts(requests, named, { located, consents, collectors, house: own })) {
      const account = this.accounts.get(id);
      if (account !== undefined) books.accounts.set(id, { ...account });
    }
    const ids = new Set(located.map(({ id }) => id));
    const payments = new Map<string, DuePayment[]>();
    for (const payment of this.payments)
      if (ids.has(payment.collection))
        payments.set(payment.collection, [...(payments.get(payment.collection) ?? []), payment]);
    const known = requests
      .flatMap(keysOf)
      .flatMap(({ caller, key }) => this.answers.get(answerKey(caller, key)) ?? []);
    const records = knownBy(mutant, requests, known);
    return {
      now,
      dues: new Map(located.map((due) => [due.tradeNumber, seenBy(mutant, due)])),
      consents: new Map(consents.map((each) => [each.id, each])),
      collecting: new Map([...named.taking].flatMap((id) => this.usageOf(id))),
      taking: new Set(),
      collectors: this.collectors,
      payments,
      books,
      answers: firstAnswers(records, "command_id_reused"),
      newId: this.ground.newId,
      house: own,
      inserted: new Set(),
      updated: new Set(),
      taken: [],
      returned: [],
      fees: [],
      locks: new Map([...this.locks].filter(([id]) => ids.has(id))),
      relocked: new Set(),
    };
  }

  /** How much was taken by a consent to collect on the day on which something was taken last. */
  private usageOf(id: string): [string, Collecting][] {
    const consent = this.consents.get(id);
    if (consent?.purpose !== "collect") return [];
    const { limitPerDay = null, until, revokedAt } = consent;
    const { day, taken } = this.takings.get(id) ?? { day: null, taken: 0n };
    return [[id, { id, limitPerDay, day, taken, until, revokedAt }]];
  }

  private write(world: World): void {
    for (const id of world.taking) {
      const used = world.collecting.get(id);
      if (used === undefined) continue;
      if (used.taken > (used.limitPerDay ?? 0n))
        this.refusals.push(`${this.id}: more is taken than ${id} lets`);
      this.takings.set(id, used);
    }
    const { dues, inserted, updated, taken, returned, locks, relocked, answers } = world;
    for (const number of [...inserted, ...updated]) {
      const due = dues.get(number);
      if (due === undefined) continue;
      this.check(due);
      this.dues.set(number, due);
    }
    for (const payment of taken) {
      if (this.payments.some((each) => each.collector === payment.collector && each.id === payment.id))
        this.refusals.push(`${this.id}: ${payment.id} was taken twice`);
      this.ground.network.count(`a payment ${payment.state}`);
      if (payment.channel === "account") this.ground.network.count("paid from an account");
      if (isOwn(dues, payment)) this.ground.network.count("a number brought to an account");
      this.payments.push(payment);
    }
    this.returns.push(...returned);
    for (const id of relocked) {
      const lock = locks.get(id);
      if (lock === undefined) this.locks.delete(id);
      else this.locks.set(id, lock);
    }
    this.keepBooks(world.books);
    const forgets = this.ground.mutant === "no record at the institution";
    for (const given of answers.given)
      if (!forgets) this.answers.set(answerKey(given.caller, given.key), given);
  }

  private keepBooks(books: Books): void {
    for (const id of books.changedAccounts) {
      const account = books.accounts.get(id);
      if (account !== undefined) this.accounts.set(id, { ...account });
    }
    this.entries.push(...books.entries);
  }

  /** The constraints of the table. */
  private check(due: LocatedDue): void {
    const { tradeNumber, amount, fee, paid, feePaid, refunded, kept, heard, feeTo } = due;
    const holds =
      paid <= amount &&
      fee <= amount &&
      feePaid <= paid &&
      refunded <= paid &&
      heard <= paid &&
      [amount, fee, paid, feePaid, refunded, kept, heard].every((each) => each >= 0n) &&
      (feeTo !== null || (fee === 0n && feePaid === 0n)) &&
      paid > 0n === (due.paidAt !== null);
    if (!holds) this.refusals.push(`${this.id}: the due of ${tradeNumber} is one that cannot be kept`);
  }
}

const isOwn = (dues: World["dues"], { collection }: DuePayment): boolean =>
  [...dues.values()].some(({ id, peer }) => id === collection && peer === ownDues);
const orderOf = ({ paidAt }: Due): number => paidAt?.getTime() ?? 0;
