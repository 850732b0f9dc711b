/** A member brings money to an account here (0070): under a number of its own, at any counter or by a transfer, once. */
import { dammAppend, refuse, tradeNumberLength } from "../../core/protocol/protocol.ts";
import {
  type Client,
  type Database,
  randomDigits,
  readClock,
  uuidv7,
} from "../../storage/database/database.ts";
import { openBooks } from "../../storage/ledger/ledger.ts";
import { inTransaction, type Sweeper, sweeper } from "../engine/engine.ts";
import {
  countOpen,
  countOpened,
  endFundings,
  type Funding,
  fundingsOf,
  insertFunding,
  overFundings,
  ownDues,
  readFundingBy,
} from "./funding-store.ts";
import { insertDues } from "./store.ts";

export type { Funding } from "./funding-store.ts";

/** So many numbers are open for an account at once, and so many are opened within a day: each may cost an account of the bank's making. */
const openMost = 20;
const mostADay = 40;

export interface FundingWish {
  id: string;
  account: string;
  currency: string;
  amount: bigint;
  until: Date;
}

/** Says that so much is to be brought to an account, and under which number. */
export async function openFunding(client: Client, wish: FundingWish): Promise<Funding> {
  // One after another for an account, so that the limit holds.
  await openBooks(client, { accounts: [wish.account], holds: [] });
  if ((await countOpen(client, wish.account)) >= openMost)
    refuse("too_many_requests", `No more than ${openMost} such numbers are open for an account at once.`);
  if ((await countOpened(client, wish.account)) >= mostADay)
    refuse(
      "too_many_requests",
      `No more than ${mostADay} such numbers are opened for an account in 24 hours.`,
    );
  const tradeNumber = drawNumber();
  const { id, amount, currency, until } = wish;
  await insertFunding(client, { ...wish, tradeNumber });
  const now = await readClock(client);
  await insertDues(client, [
    {
      id: uuidv7(),
      tradeNumber,
      peer: ownDues,
      version: 1n,
      payee: id,
      feeTo: null,
      currency,
      amount,
      fee: 0n,
      paid: 0n,
      feePaid: 0n,
      refunded: 0n,
      kept: 0n,
      heard: 0n,
      payBy: until,
      payableFrom: null,
      shopName: null,
      reference: null,
      paidAt: null,
      createdAt: now,
    },
  ]);
  return (await readFunding(client, tradeNumber)) ?? refuse("not_found");
}

/** A leading zero would be lost in a number and on the phone. */
function drawNumber(): string {
  const digits = randomDigits(tradeNumberLength - 1);
  return digits.startsWith("0") ? drawNumber() : dammAppend(digits);
}

export const readFunding = (client: Client, number: string): Promise<Funding | undefined> =>
  readFundingBy(client, number);

export const listFundings = (
  client: Client,
  account: string,
  limit: number,
  after: string | undefined,
): Promise<Funding[]> => fundingsOf(client, account, limit, after);

/** Ends fundings that nobody has paid in time; any number of processes may. */
export function fundingSweeper(options: {
  database: Database;
  everyMs: number;
  onError: (error: unknown) => void;
}): Sweeper {
  const { database, everyMs, onError } = options;
  return sweeper({
    due: (limit) => overFundings(database, limit),
    wake: async (id) => {
      try {
        await inTransaction(database, (client) => endFundings(client, [id]));
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
