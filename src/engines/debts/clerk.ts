/** What goes on with bills by itself: made, looked at, told to institutions, and paid there. Any number of processes do it. */
import { dayAt, Refusal, startOfDay } from "../../core/protocol/protocol.ts";
import type { CollectionInstruction, CollectionView } from "../../core/protocol/schemas.ts";
import { type Database, readClock, uuidv7 } from "../../storage/database/database.ts";
import { inTransaction } from "../engine/engine.ts";
import { type Bill, payByOf } from "./bill.ts";
import {
  billsToTell,
  dueBills,
  lockBill,
  newDebts,
  placeless,
  readBill,
  readBillById,
  updateBill,
} from "./bill-store.ts";
import type { DebtGround } from "./ground.ts";
import { type Closing, lookAtBill, makeBill } from "./looking.ts";
import { backWord, dueWord, heardWord } from "./telling.ts";

export interface Debts {
  ground: DebtGround;
  start(): void;
  /** Does all that is due now. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
  /** Books what an institution says to have collected; false where the number is no bill's that is paid there. */
  paid(institution: string, view: CollectionView): Promise<boolean>;
}

export interface DebtsOptions {
  database: Database;
  ground: DebtGround;
  onError: (error: unknown) => void;
}

/** How often bills are looked at, and how often new debts are looked for among all lines; in milliseconds. */
const lookEveryMs = 1_000;
const makeEveryMs = 30_000;
/** How long after it was refused, or failed, something is told or tried once more. */
const againMs = 3_600_000;
const atOnce = 200;
/** What one look sets off is looked at in the next: told, answered, booked. */
const roundsMost = 5;
const first = "00000000-0000-0000-0000-000000000000";

/** The last closing before an instant. */
function closingBefore(now: Date, closesOn: number | null, timeZone: string): Closing | null {
  if (closesOn === null) return null;
  const today = dayAt(now, timeZone);
  const inMonth = (month: string) => `${month}-${String(closesOn).padStart(2, "0")}`;
  const day = inMonth(today.slice(0, 7));
  if (day <= today) return { day, at: startOfDay(day, timeZone) };
  const [year = 0, month = 0] = today.split("-").map(Number);
  const before = new Date(Date.UTC(year, month - 2, 1)).toISOString().slice(0, 7);
  return { day: inMonth(before), at: startOfDay(inMonth(before), timeZone) };
}

/** What holds for one round: whoever said nothing is asked nothing more in it, and it ends where the server does. */
interface Round {
  away: Set<string>;
  isOver: () => boolean;
}

/** What a clerk does with all bills: each in a transaction of its own, so that one that fails holds up no other. */
function workOf({ database, ground, onError }: DebtsOptions) {
  const { counter, rules, timeZone } = ground;
  const said = new Set<string>();
  /** What is refused again and again is said once. */
  const refused = (fault: string): void => {
    if (!said.has(fault)) onError(new Error(fault));
    said.add(fault);
  };
  const tried = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch(onError);
  };
  const patient = patience(database, onError);
  const paid = (institution: string, view: CollectionView): Promise<boolean> =>
    bookPaid(ground, database, institution, view);
  return {
    paid,
    makeAll: async (round: Round): Promise<number> => {
      const closing = closingBefore(await readClock(database), rules.closesOn, timeZone);
      let [after, made] = [first, 0];
      for (;;) {
        const found = await newDebts(database, { closing: closing?.day ?? null, after, limit: atOnce });
        for (const { account } of found)
          await tried(async () => {
            if (round.isOver()) return;
            const bill = await inTransaction(database, (client) =>
              makeBill(ground, client, account, closing),
            );
            if (bill !== undefined) made += 1;
          });
        after = found.at(-1)?.account ?? after;
        if (found.length < atOnce || round.isOver()) return made;
      }
    },
    lookAll: async (round: Round): Promise<number> => {
      const due = await dueBills(database, await readClock(database), atOnce);
      return patient(
        due,
        (id) => `look ${id}`,
        async (id) => {
          if (round.isOver()) return;
          const isHeard = await isHeardOf(ground, database, id, { paid, round });
          await inTransaction(database, (client) => lookAtBill(ground, client, id, { isHeard }));
        },
      );
    },
    /** Looks for a place for bills that could be paid nowhere, whatever else is due on them. */
    placeAll: async (round: Round): Promise<void> => {
      for (let after = first; ; ) {
        const found = await placeless(database, after, atOnce);
        for (const { id, currency } of found)
          await tried(async () => {
            if (round.isOver() || (await counter.placeFor(database, currency)) === undefined) return;
            // Its step, where one is due, is for the next look: until now nothing could be paid there.
            await inTransaction(database, (client) => lookAtBill(ground, client, id));
          });
        after = found.at(-1)?.id ?? after;
        if (found.length < atOnce || round.isOver()) return;
      }
    },
    tellAll: tellerOf({ database, ground }, { paid, refused, tried }),
    hearAll: async (): Promise<number> => {
      const heard = (await counter.unheard?.()) ?? [];
      return patient(
        heard,
        ({ tradeNumber, paid: sum }) => `${sum} for ${tradeNumber}`,
        (view) => bookPaid(ground, database, undefined, view),
      );
    },
  };
}

/**
 * Does one thing after the other, and answers how many it has tried. What fails for a fault rests a while, so that it neither fills
 * the log nor keeps rounds going; what the database could not do at the moment is tried in the next round.
 */
function patience(database: Database, onError: (error: unknown) => void) {
  const resting = new Map<string, number>();
  return async <T>(
    all: readonly T[],
    keyOf: (one: T) => string,
    work: (one: T) => Promise<unknown>,
  ): Promise<number> => {
    if (all.length === 0) return 0;
    const now = (await readClock(database)).getTime();
    for (const [key, until] of resting) if (until <= now) resting.delete(key);
    const awake = all.filter((one) => !resting.has(keyOf(one)));
    for (const one of awake)
      await work(one).catch((error: unknown) => {
        if (!(error instanceof Refusal)) resting.set(keyOf(one), now + againMs);
        onError(error);
      });
    return awake.length;
  };
}

/** Tells institutions all that they have not heard. */
function tellerOf(
  { database, ground }: Pick<DebtsOptions, "database" | "ground">,
  { paid, refused, tried }: TellerUses,
): (round: Round) => Promise<number> {
  /** Bills of which something was refused that no row notes, and until when nothing of that is told again. */
  const resting = new Map<string, number>();
  return async (round) => {
    const now = (await readClock(database)).getTime();
    for (const [id, until] of resting) if (until <= now) resting.delete(id);
    const rest = (id: string) => resting.set(id, now + againMs);
    for (let [after, told] = [first, 0]; ; ) {
      const waiting = await billsToTell(database, { after, away: [...round.away], limit: atOnce });
      for (const bill of waiting)
        await tried(async () => {
          const rests = resting.has(bill.id);
          if (round.isOver() || (rests && bill.toldDone) || round.away.has(bill.collector ?? "")) return;
          told += 1;
          await tellOf(ground, database, bill, { paid, refused, rest, rests, round });
        });
      after = waiting.at(-1)?.id ?? after;
      if (waiting.length < atOnce || round.isOver()) return told;
    }
  };
}

interface TellerUses extends Pick<Telling, "paid" | "refused"> {
  tried: (work: () => Promise<unknown>) => Promise<void>;
}

export function createDebts(options: DebtsOptions): Debts {
  const { ground, onError } = options;
  const { makeAll, lookAll, placeAll, tellAll, hearAll, paid } = workOf(options);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;
  let madeAt = Number.NEGATIVE_INFINITY;

  async function round(makes: boolean): Promise<void> {
    const one: Round = { away: new Set(), isOver: () => stopped };
    for (let turn = 0; turn < roundsMost && !stopped; turn += 1) {
      const isFirst = makes && turn === 0;
      const made = isFirst ? await makeAll(one) : 0;
      if (isFirst) await placeAll(one);
      const [heard, looked] = [await hearAll(), await lookAll(one)];
      const told = await tellAll(one);
      if (made + heard + looked + told === 0) return;
    }
  }

  function turn(makes: boolean): Promise<void> {
    const next = running.catch(() => {}).then(() => round(makes));
    running = next.catch(() => {});
    return next;
  }

  function later(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      const makes = performance.now() - madeAt >= makeEveryMs;
      if (makes) madeAt = performance.now();
      void turn(makes).catch(onError).finally(later);
    }, lookEveryMs);
  }

  return {
    ground,
    start: later,
    sweep: () => turn(true),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
    paid,
  };
}

/** Books what was collected under the number of a bill, by the word of the institution at which it is paid and nobody else's. */
async function bookPaid(
  ground: DebtGround,
  database: Database,
  institution: string | undefined,
  view: CollectionView,
): Promise<boolean> {
  const bill = await readBill(database, BigInt(view.tradeNumber));
  if (bill === undefined || (institution !== undefined && bill.collector !== institution)) return false;
  if (bill.currency !== view.currency) return false;
  if (BigInt(view.paid) > bill.collected)
    await inTransaction(database, (client) => lookAtBill(ground, client, bill.id, { paid: view }));
  return true;
}

/**
 * Asks where a bill is collected what was paid before it is looked at as one that is late: whoever paid in time is not charged
 * because an institution could not say so. True where nothing can have been paid that is not known.
 */
async function isHeardOf(
  { counter }: DebtGround,
  database: Database,
  id: string,
  { paid, round }: { paid: Debts["paid"]; round: Round },
): Promise<boolean> {
  const bill = await readBillById(database, id);
  if (bill === undefined || bill.collector === null || bill.toldVersion === 0) return true;
  if (bill.state !== "open" || payByOf(bill) >= (await readClock(database))) return true;
  const { collector } = bill;
  if ((await counter.placeFor(database, bill.currency, collector)) === undefined) return true;
  if (round.away.has(collector)) return false;
  const word = await counter.tell(collector, heardWord(bill, uuidv7()));
  if (word.how === "unknown") round.away.add(collector);
  if (word.how === "done") await paid(collector, word.collection);
  return word.how !== "unknown";
}

interface Telling {
  paid: Debts["paid"];
  refused: (fault: string) => void;
  /** Of this bill nothing but what is due is told for a while. */
  rest: (id: string) => void;
  rests: boolean;
  round: Round;
}

/** Tells an institution what is due, what was booked, and what goes back; each good by itself, however often it is said. */
async function tellOf(
  { counter }: DebtGround,
  database: Database,
  bill: Bill,
  { paid, refused, rest, rests, round }: Telling,
): Promise<void> {
  const { collector } = bill;
  // Where it is due, and by whatever consent stands there now: also where another place is the first by now.
  const place = collector === null ? undefined : await counter.placeFor(database, bill.currency, collector);
  if (collector === null || place === undefined) return;
  const say = async (instruction: CollectionInstruction, told: Told): Promise<CollectionView | undefined> => {
    const word = await counter.tell(collector, instruction);
    if (word.how === "unknown") round.away.add(collector);
    if (word.how === "unknown") return undefined;
    const isDue = instruction.do === "due";
    if (word.how === "refused") {
      refused(`${instruction.do} of bill ${bill.number} was refused there (${word.code})`);
      // What was not taken back or noted there is said again; a due that is refused, when the bill is looked at next.
      if (!isDue) rest(bill.id);
      if (!isDue) return undefined;
    }
    const noted = word.how === "done" ? told : { toldDone: true, refused: word.code };
    await inTransaction(database, (client) => noteTold(client, bill, noted));
    if (word.how === "done") await paid(collector, word.collection);
    return word.how === "done" ? word.collection : undefined;
  };
  if (!bill.toldDone) await say(dueWord(bill, place.payee, uuidv7()), { toldDone: true });
  if (rests || round.away.has(collector)) return;
  const goesBack = bill.toldReturned < bill.returned;
  if (bill.toldHeard >= bill.collected && !goesBack) return;
  const there = await say(heardWord(bill, uuidv7()), { toldHeard: bill.collected });
  if (there === undefined || !goesBack) return;
  // From what went back there already: an answer to that may have been lost.
  const back = BigInt(there.refunded);
  const told = { toldReturned: bill.returned };
  if (back < bill.returned) await say(backWord(bill, place.payee, back), told);
  else await inTransaction(database, (client) => noteTold(client, bill, told));
}

type Told = Partial<Pick<Bill, "toldDone" | "toldHeard" | "toldReturned" | "refused">>;

/** Notes an answer, where nothing else was to be told meanwhile. */
async function noteTold(client: Parameters<typeof lockBill>[0], asked: Bill, told: Told): Promise<void> {
  const bill = await lockBill(client, asked.id);
  if (bill === undefined) return;
  // What was said meanwhile has an answer of its own.
  if ("toldDone" in told && bill.toldVersion !== asked.toldVersion) return;
  if (told.refused === undefined) return updateBill(client, { ...bill, ...told });
  const again = new Date((await readClock(client)).getTime() + againMs);
  const nextAt = bill.nextAt !== null && bill.nextAt < again ? bill.nextAt : again;
  return updateBill(client, { ...bill, ...told, nextAt });
}
