/**
 * Bills of a guarantor in memory: what members owe on their lines is asked for, dunned, paid in parts, and given up, by the
 * decisions of production; institutions are told over the same bad network, by processes that crash.
 */
import { dammAppend, Refusal } from "../../../src/core/protocol/protocol.ts";
import type { CollectionInstruction, CollectionView } from "../../../src/core/protocol/schemas.ts";
import { type Bill, dueOf, type Part, payByOf, withWord } from "../../../src/engines/debts/bill.ts";
import {
  checkParts,
  giveUp,
  grant,
  lookOn,
  refresh,
  type Sheet,
  startBill,
} from "../../../src/engines/debts/deciding.ts";
import type { Movement } from "../../../src/engines/debts/news-store.ts";
import { type BillRules, usualBills } from "../../../src/engines/debts/rules.ts";
import { backWord, dueWord, heardWord } from "../../../src/engines/debts/telling.ts";
import { readCollectionAnswer } from "../../../src/servers/guarantor/answers.ts";
import { Books } from "../../../src/storage/ledger/ledger.ts";
import type { Desk } from "../sim/desk.ts";
import type { Ground, Lock } from "../sim/process.ts";
import type { Guarantor } from "./guarantor.ts";

export const billRules: BillRules = {
  ...usualBills,
  payWithin: "P7D",
  steps: [
    { after: "P3D", fee: { JPY: 70n } },
    { after: "P14D", fee: { JPY: 90n } },
    { after: "P28D", fee: { JPY: 110n } },
  ],
  feesMost: { JPY: 200n },
};
export const lossesAccount = "losses JPY";
const source = "outside JPY";
/** How long something that was refused is left alone. */
const againMs = 3_600_000;

/** A plan as it was granted, by which the one that is kept is judged. */
export interface Granted {
  from: bigint;
  parts: readonly Part[];
}

export class Biller {
  /** By number. */
  readonly bills = new Map<bigint, Bill>();
  readonly movements: Movement[] = [];
  readonly granted = new Map<bigint, Granted>();
  /** Lines on which what was owed has been given up, and how many holds there were then. */
  readonly givenUp = new Map<string, ReadonlySet<string>>();
  private readonly home: Guarantor;
  private readonly ground: Ground;
  private readonly lock: Lock;
  private numbers = 0;
  private readonly deciding = {
    rules: billRules,
    timeZone: "UTC",
    house: (kind: "fee" | "losses", currency: string) => `${kind} ${currency}`,
    source: () => source,
  };

  constructor(home: Guarantor, ground: Ground, lock: Lock) {
    this.home = home;
    this.ground = ground;
    this.lock = lock;
  }

  /** What a process does again and again: bills are made, looked at, and told of. */
  tick(desk: Desk): void {
    this.make();
    for (const bill of [...this.bills.values()]) {
      this.look(desk, bill);
      this.tell(desk, bill);
    }
  }

  /** Whether something is on its way still. */
  isBusy(): boolean {
    return [...this.bills.values()].some(
      (bill) => this.isDue(bill) || !bill.toldDone || bill.toldHeard < bill.collected || goesBack(bill),
    );
  }

  private transact(work: () => void): void {
    const who = {};
    this.lock.take(who, () => {
      try {
        work();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.ground.network.count(`bill ${error.problem.code}`);
      } finally {
        this.lock.leave(who);
      }
    });
  }

  private make(): void {
    for (const [person, methods] of this.home.methods)
      for (const { account } of methods) if (account != null) this.makeOf(person, account);
  }

  private makeOf(person: string, account: string): void {
    const isOpen = () =>
      [...this.bills.values()].some((bill) => bill.account === account && bill.state === "open");
    const owes = () => (this.home.accounts.get(account)?.posted ?? 0n) < 0n;
    if (!owes() || isOpen()) return;
    this.transact(() => {
      if (!owes() || isOpen()) return;
      const madeAt = this.home.now();
      const seen = this.home.accounts.get(account)?.posted ?? 0n;
      const number = BigInt(dammAppend(`5${String((this.numbers += 1)).padStart(12, "0")}`));
      const bill = startBill(this.deciding, {
        id: this.ground.newId(),
        number,
        account,
        person,
        currency: "JPY",
        closing: null,
        amount: -seen,
        creditedBefore: this.creditsFrom(account, madeAt),
        seen,
        collector: "C1",
        madeAt,
      });
      this.bills.set(number, bill);
      this.ground.network.count("a bill");
    });
  }

  private creditsFrom(account: string, from: Date): bigint {
    return this.home.entries.reduce(
      (sum, entry) =>
        entry.account === account && entry.posted > 0n && entry.at >= from ? sum + entry.posted : sum,
      0n,
    );
  }

  private isDue({ account, state, nextAt, seen, late, writtenOff }: Bill): boolean {
    const { posted = 0n } = this.home.accounts.get(account) ?? {};
    if (nextAt !== null && nextAt <= this.home.now()) return true;
    return state === "open" ? posted !== seen : state === "written off" && late < writtenOff && posted > 0n;
  }

  /** Whoever may have paid in time is asked about before they are late. */
  private look(desk: Desk, bill: Bill): void {
    if (!this.isDue(bill)) return;
    const isLate = bill.state === "open" && payByOf(bill) < this.home.now() && bill.toldVersion > 0;
    if (!isLate) return this.lookAt(bill.number, { isHeard: true });
    this.say(desk, bill, heardWord(bill, this.ground.newId()), () =>
      this.lookAt(bill.number, { isHeard: true }),
    );
    if (this.ground.time.chance.percent(20)) this.lookAt(bill.number, { isHeard: false });
  }

  private lookAt(number: bigint, how: { paid?: bigint; isHeard: boolean }): void {
    this.work(number, (sheet) => lookOn(this.deciding, sheet, { paid: how.paid, isHeard: how.isHeard }));
  }

  /** A transaction about one bill, on copies of what production locks for it. */
  private work(number: bigint, decide: (sheet: Sheet) => void): void {
    this.transact(() => {
      const bill = this.bills.get(number);
      if (bill === undefined) return;
      const books = new Books();
      for (const id of [bill.account, "fee JPY", lossesAccount, source]) {
        const account = this.home.accounts.get(id);
        if (account !== undefined) books.accounts.set(id, { ...account });
      }
      const sheet: Sheet = {
        now: this.home.now(),
        bill: this.seen(bill),
        line: { lent: false },
        books,
        credits: this.creditsFrom(bill.account, bill.madeAt) - bill.creditedBefore,
        movements: [],
        news: [],
        newId: this.ground.newId,
      };
      decide(sheet);
      this.write(sheet);
    });
  }

  private write({ bill: said, books, movements, news, marks }: Sheet): void {
    const { mutant, network } = this.ground;
    const bill = withWord(said);
    this.bills.set(bill.number, bill);
    const isForgotten = mutant === "what is given up stays owed" && marks === "closed";
    if (!isForgotten) this.home.keepBooks(books);
    this.movements.push(...movements);
    for (const { kind } of movements) network.count(`a ${kind} of a bill`);
    for (const { kind } of news) network.count(kind);
    if (marks !== undefined) this.mark(bill, marks);
  }

  private mark({ person, account }: Bill, state: NonNullable<Sheet["marks"]>): void {
    const from = { overdue: "active", active: "overdue", closed: undefined } as const;
    const methods = this.home.methods.get(person) ?? [];
    this.home.methods.set(
      person,
      methods.map((method) =>
        method.account === account && (state === "closed" || method.state === from[state])
          ? { ...method, state }
          : method,
      ),
    );
  }

  /** A bill as a transaction sees it, where a fault is planted. */
  private seen(bill: Bill): Bill {
    const { mutant } = this.ground;
    if (mutant === "what was paid for a bill is booked again" && bill.collected > 0n)
      return { ...bill, collected: bill.collected - 1n };
    if (mutant === "a step of dunning is charged again") return { ...bill, charged: 0 };
    if (mutant === "an instalment that is missed is waited for" && bill.plan !== null)
      return { ...bill, plan: { ...bill.plan, parts: bill.plan.parts.map(later) } };
    if (mutant === "what comes for a loss is nobody's" && bill.state === "written off")
      return { ...bill, late: bill.writtenOff };
    return bill;
  }

  /** Sends an instruction, and takes in what is answered; silence is asked again with the next look. */
  private say(
    desk: Desk,
    asked: Bill,
    instruction: CollectionInstruction,
    then: (view: CollectionView) => void,
  ): void {
    const { network, mutant } = this.ground;
    const { life } = desk.line;
    const { collector } = asked;
    const house = this.home.institutions.get(collector ?? "");
    if (collector === null || house === undefined || !desk.up) return;
    if (mutant === "a bill is told of once" && instruction.do === "due") this.note(asked, { toldDone: true });
    network.send(this.home.id, collector, () =>
      house.call(this.home.id, JSON.stringify({ instructions: [instruction] }), (reply) =>
        network.send(collector, this.home.id, () => {
          if (desk.line.life !== life) return;
          const { outcomes } = JSON.parse(reply) as { outcomes: unknown[] };
          const reading = readCollectionAnswer({ body: instruction }, outcomes[0]);
          if (reading.how === "done" && reading.collection !== undefined) {
            then(reading.collection as CollectionView);
            this.paid(collector, reading.collection as CollectionView);
          } else if (reading.how === "refused" && instruction.do === "due")
            this.note(asked, { toldDone: true, refused: reading.problem.code });
        }),
      ),
    );
  }

  private tell(desk: Desk, bill: Bill): void {
    const payee = `fees of ${this.home.id} may be paid at ${bill.collector}`;
    const { newId } = this.ground;
    if (!bill.toldDone)
      this.say(desk, bill, dueWord(bill, payee, newId()), () => this.note(bill, { toldDone: true }));
    if (bill.toldHeard >= bill.collected && !goesBack(bill)) return;
    this.say(desk, bill, heardWord(bill, newId()), ({ refunded }) => {
      this.note(bill, { toldHeard: bill.collected });
      if (!goesBack(bill)) return;
      const [back, told] = [BigInt(refunded), { toldReturned: bill.returned }];
      if (back >= bill.returned) return this.note(bill, told);
      this.say(desk, bill, backWord(bill, payee, back), () => this.note(bill, told));
    });
  }

  /** Notes an answer, where nothing else was to be told meanwhile. */
  private note(
    asked: Bill,
    told: Partial<Pick<Bill, "toldDone" | "toldHeard" | "toldReturned" | "refused">>,
  ): void {
    this.transact(() => {
      const bill = this.bills.get(asked.number);
      if (bill === undefined || ("toldDone" in told && bill.toldVersion !== asked.toldVersion)) return;
      const again = new Date(this.home.now().getTime() + againMs);
      const nextAt = told.refused === undefined ? bill.nextAt : again;
      this.bills.set(bill.number, { ...bill, ...told, nextAt });
    });
  }

  /** Books what an institution says to have collected; false where the number is no bill's that is paid there. */
  paid(institution: string, { tradeNumber, paid, currency }: CollectionView): boolean {
    const bill = this.bills.get(BigInt(tradeNumber));
    if (bill?.collector !== institution || bill.currency !== currency) return bill !== undefined;
    if (BigInt(paid) > bill.collected) this.lookAt(bill.number, { paid: BigInt(paid), isHeard: true });
    return true;
  }

  /** A bill as it stands now, for what members ask for and operators do. */
  private act(number: bigint, does: (sheet: Sheet) => void): void {
    this.work(number, (sheet) => {
      if (sheet.bill.state === "open") refresh(this.deciding, sheet, false);
      if (sheet.bill.state === "open") does(sheet);
      else this.ground.network.count("bill bill_not_open");
    });
  }

  askInstalments(number: bigint, parts: readonly Part[]): void {
    this.act(number, (sheet) => {
      checkParts(sheet, parts);
      sheet.bill = { ...sheet.bill, wish: parts };
    });
  }

  setInstalments(number: bigint, parts: readonly Part[]): void {
    this.act(number, (sheet) => {
      grant(this.deciding, sheet, parts);
      this.granted.set(number, { from: sheet.bill.plan?.from ?? 0n, parts });
    });
  }

  /** Two operators give up what was owed when they looked. */
  writeOff(number: bigint, amount: bigint): void {
    this.act(number, (sheet) => {
      const why = { reason: "gone", operator: "operator", confirmedBy: "another" };
      const refused = giveUp(this.deciding, sheet, amount, why);
      if (refused !== undefined) return this.ground.network.count(`bill ${refused.refused}`);
      const line = sheet.books.accounts.get(sheet.bill.account);
      // What runs on the line may end; nothing else is ever reserved on it.
      if (line !== undefined) line.floor = -line.held;
      const own = [...this.home.holds.values()].filter(({ account }) => account === sheet.bill.account);
      this.givenUp.set(sheet.bill.account, new Set(own.map(({ id }) => id)));
    });
  }

  /** Parts that come to all that is owed, or nearly. */
  partsOf(bill: Bill): Part[] {
    const { chance } = this.ground.time;
    const owed = dueOf(bill);
    const first = owed > 1n ? BigInt(chance.int(1, Number(owed) - 1)) : owed;
    const by = (days: number) => new Date(this.home.now().getTime() + days * 86_400_000);
    const days = chance.int(2, 20);
    const rest = owed - first + (chance.percent(10) ? 1n : 0n);
    const parts = [{ by: by(days), amount: first }];
    return rest > 0n ? [...parts, { by: by(days + chance.int(1, 30)), amount: rest }] : parts;
  }
}

const goesBack = ({ toldReturned, returned }: Bill): boolean => toldReturned < returned;
const later = ({ by, amount }: Part): Part => ({ by: new Date(by.getTime() + 3e10), amount });
