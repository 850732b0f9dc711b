/** What goes on with bills by itself: made, looked at, told to institutions, and paid there. Any number of processes do it. */
import { dayAt, startOfDay } from "../../core/protocol/protocol.ts";
import type { CollectionInstruction, CollectionView } from "../../core/protocol/schemas.ts";
import { type Database, readClock, uuidv7 } from "../../storage/database/database.ts";
import { inTransaction } from "../engine/engine.ts";
import { type Bill, payByOf } from "./bill.ts";
import { billsToTell, dueBills, lockBill, newDebts, readBill, updateBill } from "./bill-store.ts";
import type { DebtGround } from "./ground.ts";
import { type Closing, lookAtBill, makeBill } from "./looking.ts";

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
/** How long after it was refused a due is told once more. */
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
  const paid = (institution: string, view: CollectionView): Promise<boolean> =>
    bookPaid(ground, database, institution, view);
  return {
    paid,
    makeAll: async (): Promise<number> => {
      const closing = closingBefore(await readClock(database), rules.closesOn, timeZone);
      let [after, made] = [first, 0];
      for (;;) {
        const found = await newDebts(database, { closing: closing?.day ?? null, after, limit: atOnce });
        for (const { account } of found)
          await tried(async () => {
            const bill = await inTransaction(database, (client) =>
              makeBill(ground, client, account, closing),
            );
            if (bill !== undefined) made += 1;
          });
        after = found.at(-1)?.account ?? after;
        if (found.length < atOnce) return made;
      }
    },
    lookAll: async (): Promise<number> => {
      const due = await dueBills(database, await readClock(database), atOnce);
      for (const id of due)
        await tried(() => inTransaction(database, (client) => lookAtBill(ground, client, id)));
      return due.length;
    },
    tellAll: async (): Promise<number> => {
      const waiting = await billsToTell(database, atOnce);
      for (const bill of waiting) await tried(() => tellOf(ground, database, bill, { paid, refused }));
      return waiting.length;
    },
    hearAll: async (): Promise<number> => {
      const heard = (await counter.unheard?.()) ?? [];
      for (const view of heard) await tried(() => bookPaid(ground, database, undefined, view));
      return heard.length;
    },
  };
}

export function createDebts(options: DebtsOptions): Debts {
  const { ground, onError } = options;
  const { makeAll, lookAll, tellAll, hearAll, paid } = workOf(options);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;
  let madeAt = Number.NEGATIVE_INFINITY;

  async function round(makes: boolean): Promise<void> {
    for (let turn = 0; turn < roundsMost && !stopped; turn += 1) {
      const made = makes && turn === 0 ? await makeAll() : 0;
      const [heard, looked] = [await hearAll(), await lookAll()];
      const told = await tellAll();
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
    await inTransaction(database, (client) => lookAtBill(ground, client, bill.id, view));
  return true;
}

/** Tells an institution what is due, what was booked, and what goes back; each good by itself, however often it is said. */
async function tellOf(
  { counter }: DebtGround,
  database: Database,
  bill: Bill,
  { paid, refused }: { paid: Debts["paid"]; refused: (fault: string) => void },
): Promise<void> {
  const { collector } = bill;
  const place = await counter.placeFor(database, bill.currency);
  if (collector === null || place === undefined || place.collector !== collector) return;
  for (const { instruction, told } of wordsOn(bill, place.payee)) {
    const word = await counter.tell(collector, instruction);
    if (word.how === "unknown") return;
    if (word.how === "refused") {
      refused(`${instruction.do} of bill ${bill.number} was refused there (${word.code})`);
      // What was not taken back or noted there is said again; a due that is refused, when the bill is looked at next.
      if (instruction.do !== "due") return;
    }
    const noted = word.how === "done" ? told : { toldDone: true, refused: word.code };
    await inTransaction(database, (client) => noteTold(client, bill, noted));
    if (word.how === "done") await paid(collector, word.collection);
  }
}

type Told = Partial<Pick<Bill, "toldDone" | "toldHeard" | "toldReturned" | "refused">>;

function wordsOn(bill: Bill, payee: string): { instruction: CollectionInstruction; told: Told }[] {
  const { number, currency, toldVersion: version, toldAmount, collected, returned } = bill;
  const tradeNumber = String(number);
  const words: { instruction: CollectionInstruction; told: Told }[] = [];
  if (!bill.toldDone) {
    const what = { version, payee, currency, amount: Number(toldAmount), bill: true } as const;
    const due = {
      do: "due",
      id: uuidv7(),
      tradeNumber,
      ...what,
      payBy: payByOf(bill).toISOString(),
    } as const;
    words.push({ instruction: due, told: { toldDone: true } });
  }
  if (bill.toldHeard < collected) {
    const heard = { do: "heard", id: uuidv7(), tradeNumber, paid: Number(collected) } as const;
    words.push({ instruction: heard, told: { toldHeard: collected } });
  }
  if (bill.toldReturned < returned) {
    const sources = [{ account: payee, amount: Number(returned - bill.toldReturned) }];
    const back = { do: "reimburse", id: uuidv7(), tradeNumber, total: Number(returned), sources } as const;
    words.push({ instruction: back, told: { toldReturned: returned } });
  }
  return words;
}

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
