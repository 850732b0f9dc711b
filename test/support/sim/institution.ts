/** An institution in memory: what is committed, and the processes that obey peers by the production engine. */
import { digestOf, type FirstAnswer, firstAnswers, textOf } from "../../../src/engines/engine/engine.ts";
import { answerKey } from "./sent-outcome.ts";
import {
  type Account,
  Books,
  type Entry,
  type Hold,
  open,
  type PayoutLock,
} from "../../../src/storage/ledger/ledger.ts";
import type { Instruction, ReservationView } from "../../../src/core/protocol/schemas.ts";
import type {
  FeeSoFar,
  LocatedReservation,
  OfTrade,
  PeerAdvance,
  Spending,
  StandingConsent,
} from "../../../src/engines/reservations/store.ts";
import { type Answer, answerAll } from "../../../src/engines/reservations/batch.ts";
import type { Told } from "../../../src/engines/reservations/told-amount-store.ts";
import {
  intoAccount,
  nameAll,
  ofTrade,
  type Request,
  soughtRows,
  tradesWithFees,
  type World,
} from "../../../src/engines/reservations/world.ts";
import { Holders } from "./holders.ts";
import { comeBack, type Ground, Line, Lock, type Transaction } from "./process.ts";

interface Process {
  line: Line<Request, Answer>;
  up: boolean;
}

/** An instruction in a call, and what a call answers; both as JSON, as they go over the wire. */
export type Wire = string;

export class Institution {
  readonly id: string;
  /** How far this server's clock is ahead, in milliseconds. */
  ahead = 0;
  readonly accounts = new Map<string, Account>();
  readonly holds = new Map<string, Hold>();
  readonly reservations = new Map<string, LocatedReservation>();
  readonly consents = new Map<string, StandingConsent>();
  readonly spending = new Map<string, Spending>();
  readonly advanced = new Map<string, PeerAdvance>();
  readonly answers = new Map<string, FirstAnswer>();
  readonly entries: Entry[] = [];
  readonly locks = new Map<string, PayoutLock>();
  /** What shops have told of private trades, as it came in; the first of a shop about a trade is what counts. */
  readonly tellings: Told[] = [];
  /** Answers that told a peer an amount which it is not to know. */
  readonly leaks: string[] = [];
  private readonly told = new Map<string, Told[]>();
  readonly processes: Process[] = [];
  readonly holders: Holders;
  private readonly ground: Ground;
  private readonly lock: Lock;
  private readonly byCommand = new Map<string, Entry[]>();

  constructor(ground: Ground, id: string, processes: number) {
    this.ground = ground;
    this.id = id;
    this.holders = new Holders(ground, this);
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

  addConsent(
    consent: Pick<StandingConsent, "id" | "peer" | "account" | "purpose" | "own" | "currency"> & {
      /** The shop that has given it; without one, a member has. And what it agrees to as a fee. */
      shop?: string | undefined;
      fee?: { fixed: bigint; basisPoints: number } | undefined;
      isRevoked?: boolean;
    },
  ): void {
    const { id, peer, account, purpose, own, currency, shop, fee, isRevoked = false } = consent;
    const whole: StandingConsent = {
      id,
      peer,
      account,
      purpose,
      own,
      currency,
      ownerKind: own ? "peer" : shop === undefined ? "member" : "shop",
      owner: shop ?? (own ? peer : `owner of ${account}`),
      limitPerTrade: null,
      limitPerMonth: null,
      feeFixed: fee?.fixed ?? null,
      feeBasisPoints: fee?.basisPoints ?? null,
      confirmAbove: purpose === "pay" && !own ? this.holders.habits.confirmAbove : null,
      monthFrom: null,
      monthUntil: null,
      spent: 0n,
      until: null,
      revokedAt: isRevoked ? new Date(beginning) : null,
      standing: "good",
    };
    this.consents.set(consent.id, whole);
    this.spending.set(consent.id, whole);
  }

  /** What a peer's call arrives at: one of the processes, which may be down. `reply` gets what it answers. */
  call(peer: string, body: Wire, reply: (body: Wire) => void): void {
    const process = this.ground.time.chance.pick(this.processes);
    if (!process.up) return this.ground.network.count("met a server that was down");
    const instructions = (JSON.parse(body) as { instructions: Instruction[] }).instructions;
    const outcomes: string[] = [];
    let left = instructions.length;
    instructions.forEach((instruction, index) => {
      const digest = digestOf(instruction);
      process.line.submit({ do: "obey", peer, instruction, digest }, (outcome) => {
        if (outcome === undefined) throw new Error("An instruction has an outcome.");
        const { status, replayed } = outcome;
        const text = textOf(outcome);
        if (replayed) this.ground.network.count("answered from record");
        const kind = status >= 400 ? "problem" : instruction.do === "transfer" ? "transfer" : "reservation";
        if (kind === "reservation") this.checkPrivacy(instruction, text);
        outcomes[index] = `{"status":${status},"${kind}":${text}}`;
        left -= 1;
        if (left === 0) reply(`{"outcomes":[${outcomes.join()}]}`);
      });
    });
  }

  /** A shop tells what a private trade costs; what it has told of this trade before stays as it is. */
  tell(told: Told): void {
    this.tellings.push(told);
    const key = answerKey(told.peer, told.tradeNumber);
    const others = (this.told.get(key) ?? []).filter(({ shop }) => shop !== told.shop);
    const isFirst = others.length === (this.told.get(key) ?? []).length;
    if (!isFirst && this.ground.mutant !== "a later amount takes the place of the first") return;
    this.told.set(key, [...others, told]);
  }

  private checkPrivacy(instruction: Instruction, text: string): void {
    const id = "reservation" in instruction ? instruction.reservation : instruction.id;
    if (this.reservations.get(id)?.private !== true) return;
    const { amount, settled, released, refunded } = JSON.parse(text) as ReservationView;
    if ([amount, settled, released, refunded].some((each) => each !== null))
      this.leaks.push(`${this.id}: a peer was told the amount of ${id}`);
  }

  /** A shop takes out all that it has, also what it may have to give back: an operator lets it. */
  payOut(shop: string, currency: string): void {
    this.lock.take(this, () => {
      const [from, to] = [`${shop} ${currency}`, `outside ${currency}`].map((id) => this.accounts.get(id));
      if (from !== undefined && to !== undefined && from.posted > 0n) {
        this.ground.network.count("a shop paid out");
        const command = this.ground.newId();
        const rest = {
          command,
          kind: "transfer",
          hold: null,
          currency,
          held: 0n,
          until: null,
          at: this.now(),
        } as const;
        this.entries.push(
          { ...rest, leg: 0, account: from.id, posted: -from.posted },
          { ...rest, leg: 1, account: to.id, posted: from.posted },
        );
        this.accounts.set(from.id, { ...from, posted: 0n });
        this.accounts.set(to.id, { ...to, posted: to.posted + from.posted });
      }
      this.lock.leave(this);
    });
  }

  /** Owners and operators say something about what waits for them. */
  hearHolders(): void {
    const who = {};
    this.lock.take(who, () => {
      this.holders.speak(this.now());
      this.lock.leave(who);
    });
  }

  /**
   * A buyer's money goes to another account for good, as that of a code that somebody claims, while none of it is frozen. What
   * is refunded later goes there too.
   */
  leave(account: string): void {
    this.lock.take(this, () => {
      const from = this.accounts.get(account);
      if (from !== undefined && from.held === 0n && !from.closed) {
        this.ground.network.count("an account was left");
        const heir = `${account} heir`;
        const { currency, posted } = from;
        const command = this.ground.newId();
        const rest = { command, kind: "transfer", hold: null, currency, held: 0n, until: null } as const;
        const at = this.now();
        if (posted > 0n)
          this.entries.push(
            { ...rest, at, leg: 0, account, posted: -posted },
            { ...rest, at, leg: 1, account: heir, posted },
          );
        this.accounts.set(heir, { ...from, id: heir });
        this.accounts.set(account, { ...from, posted: 0n, closed: true, heir });
      }
      this.lock.leave(this);
    });
  }

  /** Every process's look at the clock, now and then. */
  sweep(): void {
    const now = this.now();
    for (const { line, up } of this.processes) {
      if (!up) continue;
      for (const { id, state, until } of this.reservations.values()) {
        if (state === "held" && until <= now) line.submit({ do: "wake", reservation: id }, () => {});
      }
    }
  }

  private readonly open = (requests: readonly Request[], now: Date): Transaction<Answer> => {
    const { mutant } = this.ground;
    const world = this.worldOf(requests, now);
    if (mutant === "reservations end before their time") {
      for (const hold of world.books.holds.values()) hold.until = new Date(hold.until.getTime() - 60 * day);
    }
    const answers = answerAll(world, requests);
    return {
      answers,
      commit: () => {
        this.write(world);
        if (mutant === "no record at the institution") return;
        const kept =
          mutant === "refusals are not recorded"
            ? world.answers.given.filter(({ status }) => status < 400)
            : world.answers.given;
        const keep = () =>
          kept.forEach((given) => this.answers.set(answerKey(given.caller, given.key), given));
        if (mutant === "the record is kept after the effect") this.ground.time.after(200, keep);
        else keep();
      },
    };
  };

  /** Copies of what the batch names, and no more than production locks and reads for it. */
  private worldOf(requests: readonly Request[], now: Date): World {
    const named = nameAll(requests);
    const reservations = found(this.reservations, named.reservations);
    const consents = found(this.consents, named.consents);
    const { locked, accounts, paid } = soughtRows(named, [...reservations.values()], [...consents.values()]);
    const books = new Books();
    for (const [id, account] of found(this.accounts, accounts)) books.accounts.set(id, { ...account });
    const stays = this.ground.mutant === "a refund stays with an account that was left";
    for (const account of books.accounts.values()) {
      const heir = this.accounts.get(account.heir ?? "");
      if (stays) Object.assign(account, { closed: false, heir: null });
      else if (heir !== undefined) books.accounts.set(heir.id, books.accounts.get(heir.id) ?? { ...heir });
    }
    for (const ids of [named.reservations, named.made])
      for (const [id, hold] of found(this.holds, ids)) books.holds.set(id, { ...hold });
    for (const [id, entries] of found(this.byCommand, named.made)) books.known.set(id, entries);
    const answers = new Map<string, FirstAnswer>();
    for (const request of requests) {
      if (request.do === "wake") continue;
      const key = answerKey(request.peer, request.instruction.id);
      const before = this.answers.get(key);
      if (before !== undefined) answers.set(key, before);
    }
    return {
      now,
      timeZone: "UTC",
      reservations,
      books,
      answers: firstAnswers([...answers.values()], "command_id_reused"),
      consents,
      told: named.told.flatMap(({ peer, tradeNumber }) => this.told.get(answerKey(peer, tradeNumber)) ?? []),
      spending: found(this.spending, locked),
      fees: this.feesOf(tradesWithFees(named, [...reservations.values()], [...consents.values()])),
      advanced: found(this.advanced, paid.map(intoAccount)),
      // No consent here has a limit for one trade.
      reserved: new Map(),
      newId: this.ground.newId,
      inserted: new Set(),
      updated: new Set(),
      spent: new Set(),
      paidInto: new Set(),
      transfers: [],
      settled: this.holders.settledOf(named.reservations),
      refused: this.holders.refusedOf(named.reservations),
      asked: this.holders.lock(
        named.reservations,
        requests.flatMap((each) => (each.do === "obey" ? [answerKey(each.peer, each.instruction.id)] : [])),
      ),
      settlements: { paid: [], asked: [], done: [], silences: [] },
      locks: found(this.locks, named.locked),
      relocked: new Set(),
    };
  }

  private feesOf(wanted: readonly OfTrade[]): Map<string, FeeSoFar[]> {
    return new Map(
      wanted.map((of) => [
        ofTrade(of),
        [...this.reservations.values()]
          .filter(
            ({ payee, tradeNumber, feeTaken }) =>
              payee === of.consent && tradeNumber === of.tradeNumber && feeTaken > 0n,
          )
          .map(({ id, feeTaken }) => ({ ...of, id, feeTaken, settled: this.holds.get(id)?.settled ?? 0n })),
      ]),
    );
  }

  private write(world: World): void {
    const { books, reservations, inserted, updated, spending, spent, locks, relocked } = world;
    for (const id of relocked) {
      const lock = locks.get(id);
      if (lock === undefined) this.locks.delete(id);
      else this.locks.set(id, lock);
    }
    for (const id of [...inserted, ...updated]) {
      const reservation = reservations.get(id);
      const before = this.reservations.get(id);
      if (reservation === undefined) continue;
      const keepsPayee = before !== undefined && this.ground.mutant === "an assignment keeps the old payee";
      this.reservations.set(id, keepsPayee ? { ...reservation, ...payeeOf(before) } : reservation);
    }
    for (const id of spent) this.spending.set(id, spending.get(id) as Spending);
    for (const key of world.paidInto) this.advanced.set(key, world.advanced.get(key) as PeerAdvance);
    for (const id of [...books.openedHolds, ...books.changedHolds])
      this.holds.set(id, books.holds.get(id) as Hold);
    for (const id of books.changedAccounts) {
      const { posted, held } = books.accounts.get(id) as Account;
      this.accounts.set(id, { ...(this.accounts.get(id) as Account), posted, held });
    }
    for (const entry of books.entries) {
      this.entries.push(entry);
      const legs = this.byCommand.get(entry.command);
      if (legs === undefined) this.byCommand.set(entry.command, [entry]);
      else legs.push(entry);
    }
    this.holders.keep(world);
    for (const id of books.changedHolds) {
      const hold = books.holds.get(id) as Hold;
      if (open(hold) < 0n || hold.refunded > hold.settled) throw new Error(`Hold ${id} is overdrawn.`);
    }
  }
}

const payeeOf = ({ payee, payeeAccount }: LocatedReservation) => ({ payee, payeeAccount });

function found<Row>(rows: ReadonlyMap<string, Row>, ids: Iterable<string>): Map<string, Row> {
  const some = new Map<string, Row>();
  for (const id of ids) {
    const row = rows.get(id);
    if (row !== undefined) some.set(id, row);
  }
  return some;
}

const day = 86_400_000;
export const beginning = Date.parse("2026-11-22T12:00:00.000Z");
