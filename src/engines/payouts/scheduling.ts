/** Accounts that are paid out by themselves, on days on which banks are open. */
import { bankZone, dueAfter, most } from "../../core/bankfiles/bankfiles.ts";
import { dayAt } from "../../core/protocol/protocol.ts";
import { type Client, type Database, readClock, uuidv7 } from "../../storage/database/database.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import { forgetBankAccounts, lockBankAccount } from "../../storage/members/members.ts";
import { inTransaction, type Sweeper, sweeper } from "../engine/engine.ts";
import { beginPayout, whyStopped } from "./asking.ts";
import { ownerOfAccount, paidOutIn, type PayoutGround } from "./ground.ts";
import { lockPayable } from "./payable.ts";
import { bankAccountsInUse } from "./payout-store.ts";
import { dueSchedules, lockDue, moveSchedule, type ScheduleRow } from "./schedule-store.ts";

/** The first day on which a schedule that is set now is due: not today, of which nobody knows how much is left. */
export function firstDue(schedule: Pick<ScheduleRow, "every" | "on">, now: Date): string {
  return dueAfter(schedule, dayAt(now, bankZone));
}

/** Pays out what is due; any number of processes may do so. */
export function payoutSweeper(
  ground: PayoutGround,
  options: { database: Database; everyMs: number; onError: (error: unknown) => void },
): Sweeper {
  const { database, everyMs, onError } = options;
  return sweeper({
    due: async (limit) => {
      if (ground.rules === undefined) return [];
      const today = dayAt(await readClock(database), bankZone);
      return dueSchedules(database, today, limit);
    },
    wake: async (account) => {
      try {
        await inTransaction(database, (client) => payDue(ground, client, account));
        return true;
      } catch (error) {
        onError(error);
        return false;
      }
    },
    everyMs,
    onError,
  });
}

/** Pays out one account whose day has come; where nothing can be, its next day is waited for. */
async function payDue(ground: PayoutGround, client: Client, account: string): Promise<void> {
  const today = dayAt(await readClock(client), bankZone);
  const schedule = await lockDue(client, account, today);
  if (schedule === undefined) return;
  await moveSchedule(client, account, dueAfter(schedule, today));
  const [owner, [found]] = await Promise.all([
    ownerOfAccount(client, account),
    readAccounts(client, [account]),
  ]);
  if (owner === undefined || found === undefined || found.closed || ground.rules === undefined) return;
  if ((await whyStopped(client, owner, "clock")) !== undefined) return;
  const there = await lockBankAccount(client, ground.vault, account);
  if (there?.isUsable !== true) return;
  const { payable } = await lockPayable(client, account, ground.house("payouts", paidOutIn));
  const least = schedule.least > ground.rules.least ? schedule.least : ground.rules.least;
  if (payable < least) return;
  const amount = payable > most.amount ? most.amount : payable;
  await beginPayout(
    ground,
    client,
    { id: uuidv7(), account, amount, role: "clock", bankAccount: there.id },
    owner,
  );
}

/** For how many days an account at a bank is kept that has ended: a file that was sent may have to be looked at again. */
const keptDays = 90;

/** Forgets accounts at banks that ended long ago and to which nothing is on its way. */
export async function forgetOldBankAccounts(database: Database): Promise<number> {
  return inTransaction(database, async (client) =>
    forgetBankAccounts(client, await bankAccountsInUse(client), keptDays),
  );
}
