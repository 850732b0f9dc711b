/** A guarantor in memory: what is committed, and the processes that take trades through the production engine. */
import { type Guarantee, type Side, usualTerms } from "../../../src/core/trade/trade.ts";
import { dammAppend } from "../../../src/core/protocol/protocol.ts";
import type { FirstAnswer } from "../../../src/engines/engine/engine.ts";
import type { WaitingInstruction } from "../../../src/engines/outbox/outbox.ts";
import {
  guarantee,
  openOnGuarantee,
  type OpenRail,
  type RemoteAccount,
} from "../../../src/engines/rails/rails.ts";
import type { KeptTrade } from "../../../src/engines/steps/kept-trade.ts";
import type { NewEvents } from "../../../src/engines/steps/store.ts";
import type { Request, Rules, World } from "../../../src/engines/steps/world.ts";
import { answerAll } from "../../../src/engines/trades/batch.ts";
import { readCollection, readCollectionAnswer } from "../../../src/servers/guarantor/answers.ts";
import { type Account, Books, type Entry, type Hold } from "../../../src/storage/ledger/ledger.ts";
import type { MandateRow, MethodRow, PersonRow } from "../../../src/storage/members/members.ts";
import type { PartyRow, ShopRow } from "../../../src/storage/parties/parties.ts";
import { BranchSearch } from "../sim/branch-search.ts";
import { Desk, type Home, type KeptInstruction, leaseMs } from "../sim/desk.ts";
import { Doorway } from "../sim/doorway.ts";
import { garble, type Spoilable } from "../sim/garble.ts";
import { beginning } from "../sim/institution.ts";
import { readWorld, type RailRows, type Tables } from "../sim/locked-rows.ts";
import { type Ground, Lock, type Transaction } from "../sim/process.ts";
import { answerKey, type SentOutcome, sentOutcomes } from "../sim/sent-outcome.ts";
import { testVault } from "../world/vault.ts";
import { Biller } from "./biller.ts";
import type { House } from "./house.ts";

export const feeAccount = (currency: string): string => `fee ${currency}`;

const rules = {
  topology: "guaranteed",
  rail: guarantee(),
  vault: testVault,
  defaults: {
    ...usualTerms,
    reserveFor: "P10D",
    coolingOff: { for: "P3D", goods: "return" },
    autoAfter: "P3D",
    deliverWithin: "P3D",
    returnWithin: "P5D",
    inspectWithin: "P2D",
    collectWithin: "P5D",
  },
  timeZone: "UTC",
  feeAccount,
  approveUrl: (number) => number,
} satisfies Rules;

export class Guarantor implements Home, Tables {
  readonly id: string;
  /** How far this server's clock is ahead, in milliseconds. */
  ahead = 0;
  readonly trades = new Map<bigint, KeptTrade>();
  readonly events = new Map<string, NewEvents[]>();
  readonly answers = new Map<string, FirstAnswer>();
  readonly instructions = new Map<string, KeptInstruction>();
  readonly mandates = new Map<string, MandateRow>();
  readonly advances = new Map<string, never>();
  readonly shops = new Map<string, ShopRow>();
  readonly parties = new Map<string, PartyRow>();
  readonly people = new Map<string, PersonRow>();
  readonly members = new Map<bigint, PersonRow>();
  readonly methods = new Map<string, MethodRow[]>();
  readonly ties = new Map<string, RemoteAccount[]>();
  readonly accounts = new Map<string, Account>();
  readonly holds = new Map<string, Hold>();
  readonly entries: Entry[] = [];
  readonly institutions: ReadonlyMap<string, House>;
  readonly search: BranchSearch;
  readonly doorway: Doorway;
  readonly desks: Desk[] = [];
  readonly biller: Biller;
  readonly ground: Ground;
  /** What an honest institution cannot have said. */
  readonly surprises: string[] = [];
  private readonly lock: Lock;
  private readonly lies = new WeakSet<Request>();
  private numbers = 0;

  constructor(ground: Ground, id: string, institutions: ReadonlyMap<string, House>, processes: number) {
    this.ground = ground;
    this.id = id;
    this.institutions = institutions;
    this.doorway = new Doorway(ground);
    this.search = new BranchSearch(this.trades, ground.network, ground.newId);
    this.lock = new Lock(ground.time.chance);
    this.biller = new Biller(this, ground, this.lock);
    for (let each = 0; each < processes; each += 1) this.desks.push(new Desk(this, this.lock));
  }

  now(): Date {
    return new Date(beginning + this.ground.time.now + this.ahead);
  }

  readonly wire = ({ body }: WaitingInstruction): object =>
    this.ground.mutant === "a new id at each try" ? { ...body, id: this.ground.newId() } : body;
  readonly read = readCollectionAnswer;
  readonly garbled = (reply: string): string => garble(this.ground, reply, spoiltCollections);
  readonly collectorOf = ({ progress }: Pick<KeptTrade, "progress">): string =>
    progress.guarantee?.collector ?? "nowhere";

  readonly open = (requests: readonly Request[], now: Date): Transaction<SentOutcome> => {
    const { newId } = this.ground;
    const newNumber = () => BigInt(dammAppend(`4${String((this.numbers += 1)).padStart(12, "0")}`));
    const books = new Books();
    const openRail = (places: readonly RemoteAccount[], rows: RailRows) => this.railOn(books, places, rows);
    const world = readWorld(this, rules, requests, now, { newId, newNumber, openRail });
    for (const trade of world.trades.values()) world.trades.set(trade.number, this.seen(trade));
    const answers = answerAll(rules, world, requests);
    for (const [index, { collected }] of answers.entries()) {
      const request = requests[index];
      if (collected === undefined || collected.refused === "trade_busy" || request?.do !== "collected")
        continue;
      if (this.lies.has(request) && collected.refused === "not_found") {
        this.ground.network.count("a lie not believed");
        continue;
      }
      this.surprises.push(`${this.id}: ${request.paid} paid of ${request.number}: ${collected.refused}`);
    }
    return {
      answers: sentOutcomes(answers, world.rail.asked),
      commit: () => this.write(world, books),
    };
  };

  /** A rail on copies of the rows that production locks for a batch. */
  private railOn(books: Books, places: readonly RemoteAccount[], { accounts, holds }: RailRows): OpenRail {
    for (const id of holds) {
      const hold = this.holds.get(id);
      if (hold !== undefined) books.holds.set(id, { ...hold });
    }
    for (const id of accounts) {
      const account = this.accounts.get(id);
      if (account !== undefined) books.accounts.set(id, { ...account });
    }
    const rail = openOnGuarantee(books, places, this.ground.newId);
    if (this.ground.mutant !== "less is due without asking") return rail;
    return {
      ...rail,
      asked: rail.asked,
      post: (trade, effects, now, next) => rail.post(trade, effects, now, next, true),
    };
  }

  /** The same for every trade: whoever is silent has been told. */
  readonly toldSince = (trade: bigint, now: Date): Record<Side, Date | null> => {
    const place = (trade / 10n) % 9n;
    const since = (never: bigint, late: bigint) =>
      place === never ? null : place === late ? now : new Date(0);
    return { buyer: since(4n, 5n), shop: since(7n, 8n) };
  };

  tie(tie: RemoteAccount): void {
    this.ties.set(tie.account, [...(this.ties.get(tie.account) ?? []), tie]);
  }

  /** Asks an institution what was paid, page by page, as each process does again and again. */
  hear(desk: Desk): void {
    for (const [id, house] of this.institutions) this.hearFrom(desk, id, house, undefined);
  }

  private hearFrom(desk: Desk, id: string, house: House, after: string | undefined): void {
    const { network, time } = this.ground;
    const { life } = desk.line;
    network.send(this.id, id, () =>
      house.unheard(this.id, after, (body) => {
        network.send(id, this.id, () => {
          if (desk.line.life !== life) return;
          const { items, next } = JSON.parse(body) as { items: unknown[]; next: string | null };
          for (const item of items) this.bookIn(desk, id, item);
          if (next !== null) time.after(1, () => this.hearFrom(desk, id, house, next));
        });
      }),
    );
  }

  private bookIn(desk: Desk, institution: string, item: unknown): void {
    const view = readCollection(item);
    if (view === undefined) {
      this.surprises.push(`${this.id}: ${institution} tells of a collection that cannot be`);
      return;
    }
    if (this.biller.paid(institution, view)) return;
    const { tradeNumber, currency, paid } = view;
    const request = { do: "collected", number: BigInt(tradeNumber), institution, currency, paid } as const;
    desk.submit(request, ({ unbooked }) => {
      if (unbooked !== true) this.sayHeard(institution, tradeNumber, paid);
    });
  }

  /** Says that what was paid is booked; where that is lost, it is told of once more. */
  private sayHeard(institution: string, tradeNumber: string, paid: number): void {
    const word = { do: "heard", id: this.ground.newId(), tradeNumber, paid };
    const wire = JSON.stringify({ instructions: [word] });
    this.ground.network.send(this.id, institution, () =>
      this.institutions.get(institution)?.call(this.id, wire, () => {}),
    );
  }

  /** An institution says that it was paid for a trade that is paid at the other one. */
  hearLie(desk: Desk, { number, amount, progress }: KeptTrade): void {
    const collector = progress.guarantee?.collector;
    const institution = [...this.institutions.keys()].find((id) => id !== collector);
    if (collector === undefined || institution === undefined || !desk.up) return;
    const lie: Request = { do: "collected", number, institution, currency: "JPY", paid: Number(amount) };
    this.lies.add(lie);
    desk.submit(lie, () => {});
  }

  /** A member pays back what they owe; it comes in by a bank, and operators book it. */
  recover(line: string, most: bigint): void {
    const who = {};
    this.lock.take(who, () => {
      const account = this.accounts.get(line);
      const outside = this.accounts.get(`outside ${account?.currency}`);
      const owed = account === undefined ? 0n : -account.posted;
      const amount = owed < most ? owed : most;
      if (account !== undefined && outside !== undefined && amount > 0n) {
        const books = new Books();
        for (const each of [account, outside]) books.accounts.set(each.id, { ...each });
        const { currency } = account;
        const [id, from] = [this.ground.newId(), outside.id];
        books.post({ do: "transfer", id, from, to: line, currency, amount }, this.now());
        this.keepBooks(books);
        this.ground.network.count("a debt paid back");
      }
      this.lock.leave(who);
    });
  }

  private seen(trade: KeptTrade): KeptTrade {
    const { mutant } = this.ground;
    const { guarantee: stands } = trade.progress;
    if (stands === undefined) return trade;
    const changed = (changes: Partial<Guarantee>): KeptTrade => ({
      ...trade,
      progress: { ...trade.progress, guarantee: { ...stands, ...changes } },
    });
    if (mutant === "what was collected may be claimed" && trade.frozen > 0n) return changed({ collected: 0 });
    if (mutant === "a claim does not wait" && stands.claimFrom !== undefined)
      return changed({ claimFrom: new Date(beginning).toISOString() });
    if (mutant === "what was told is forgotten" && stands.told !== undefined)
      return changed({ told: { version: 0, amount: 0 } });
    return trade;
  }

  private write(world: World, books: Books): void {
    const { time, mutant } = this.ground;
    for (const number of [...world.inserted, ...world.updated]) {
      const trade = world.trades.get(number);
      if (trade === undefined) continue;
      this.countTaking(this.trades.get(number), trade);
      this.trades.set(number, asStored(trade));
    }
    for (const row of world.events) {
      this.events.set(row.trade, [...(this.events.get(row.trade) ?? []), row]);
      this.countEvents(row);
    }
    for (const id of world.usedMandates) this.mandates.set(id, world.mandates.get(id) as MandateRow);
    const nextAt = time.now + leaseMs;
    if (mutant !== "instructions are written after the commit")
      for (const instruction of world.rail.asked) this.keep({ instruction, nextAt });
    for (const given of world.answers.given) this.answers.set(answerKey(given.caller, given.key), given);
    for (const given of world.answers.replaced) {
      const key = answerKey(given.caller, given.key);
      const before = this.answers.get(key);
      if (before !== undefined) this.answers.set(key, { ...before, ...given });
    }
    for (const id of world.answered) this.instructions.delete(id);
    this.keepBooks(books);
  }

  keepBooks(books: Books): void {
    for (const id of [...books.openedHolds, ...books.changedHolds]) {
      const hold = books.holds.get(id);
      if (hold !== undefined) this.holds.set(id, hold);
    }
    for (const id of books.changedAccounts) {
      const account = books.accounts.get(id);
      if (account !== undefined) this.accounts.set(id, { ...account });
    }
    this.entries.push(...books.entries);
  }

  private countTaking(before: KeptTrade | undefined, { progress }: KeptTrade): void {
    const { state } = progress.guarantee?.taking ?? {};
    if (state === undefined || state === "asked" || before?.progress.guarantee?.taking?.state === state)
      return;
    this.ground.network.count(state === "taken" ? "taken at a door" : "not taken at a door");
  }

  private countEvents({ types, data, role }: NewEvents): void {
    types.forEach((type, index) => {
      const { by, collected } = data[index] ?? {};
      if (type.startsWith("guarantee.")) this.ground.network.count(`${type} by the ${String(by)}`);
      if (type === "trade.settled" && collected === true) this.ground.network.count("collected");
      if (type === "trade.refund_due") this.ground.network.count("a refund that is due");
      if (type === "trade.refunded" && role === "clock") this.ground.network.count("a refund repaid");
    });
  }

  /** What waits for something that a process remembers is gone with it. */
  forgetAtCrash(): void {
    if (this.ground.mutant !== "what waits is dropped at a crash") return;
    this.instructions.clear();
    for (const trade of this.trades.values()) this.trades.set(trade.number, { ...trade, pending: null });
  }

  keep(kept: KeptInstruction): void {
    this.instructions.set(kept.instruction.id, kept);
  }

  forget(instruction: string): void {
    this.instructions.delete(instruction);
  }
}

/** What waits, and how a trade stands, is kept as JSON, and read back from that. */
function asStored(trade: KeptTrade): KeptTrade {
  const { pending, progress } = trade;
  const plain = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
  return { ...trade, pending: plain(pending), progress: plain(progress) };
}

/** Answers of an institution that cannot be right. */
const spoiltCollections: ((outcome: Spoilable) => unknown)[] = [
  () => ({ status: 503, problem: { code: "unavailable" } }),
  () => ({ status: 429, problem: { code: "no_such_code" } }),
  () => null,
  () => ({ status: 200 }),
  ({ collection, ...rest }) => ({ ...rest, collection: { ...collection, tradeNumber: "1" } }),
  ({ collection, ...rest }) => ({ ...rest, collection: { ...collection, paid: 1e300 } }),
  ({ collection, ...rest }) => ({ ...rest, collection: { ...collection, due: -1 } }),
  ({ collection, ...rest }) => ({ ...rest, collection: { ...collection, version: 0 } }),
  ({ collection, ...rest }) => ({ ...rest, collection: { ...collection, state: "gone" } }),
];
