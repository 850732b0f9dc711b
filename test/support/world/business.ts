import { type Database, readClock, uuidv7 } from "../../../src/storage/database/database.ts";
import {
  type Books,
  type Command,
  open,
  openAccounts,
  openBooks,
  writeBooks,
} from "../../../src/storage/ledger/ledger.ts";

export interface Business {
  accounts: string[];
  holds: string[];
  /** How many commands the books took, by what they do. */
  done: Map<string, number>;
}

/** Numbers that look random and are the same for the same seed (Park and Miller). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** Opens accounts in two currencies, funds them, and does random business on them in batches. */
export async function doBusiness(database: Database, seed: number, operations: number): Promise<Business> {
  const random = randomNumbers(seed);
  const business: Business = { accounts: [], holds: [], done: new Map() };
  const opened = ["JPY", "USD"].flatMap((currency) => [
    { id: uuidv7(), kind: "outside" as const, currency, floor: -1_000_000_000n },
    { id: uuidv7(), kind: "fee" as const, currency, floor: 0n },
    ...[1, 2].map(() => ({ id: uuidv7(), kind: "shop" as const, currency, floor: 0n })),
    ...[1, 2, 3].map(() => ({ id: uuidv7(), kind: "deposit" as const, currency, floor: 0n })),
    { id: uuidv7(), kind: "credit" as const, currency, floor: -10_000n },
  ]);
  business.accounts = opened.map((account) => account.id);
  await database.transaction((client) => openAccounts(client, opened));
  for (let left = operations; left > 0; left -= 40) {
    await database.transaction(async (client) => {
      const books = await openBooks(client, { accounts: business.accounts, holds: business.holds });
      const now = await readClock(client);
      for (let index = 0; index < Math.min(left, 40); index += 1) {
        const command = someCommand(books, business, random, now);
        const posted = books.post(command, now);
        if (!("done" in posted)) continue;
        business.done.set(command.do, (business.done.get(command.do) ?? 0) + 1);
        if (command.do === "hold") business.holds.push(command.id);
      }
      await Promise.all(writeBooks(client, books));
    });
  }
  return business;
}

function someCommand(
  books: Books,
  business: Business,
  random: (below: number) => number,
  now: Date,
): Command {
  const id = uuidv7();
  const accounts = [...books.accounts.values()];
  const currency = random(3) === 0 ? "USD" : "JPY";
  const of = (...kinds: string[]) => {
    const fit = accounts.filter((each) => each.currency === currency && kinds.includes(each.kind));
    return fit[random(fit.length)]?.id ?? "";
  };
  const amount = BigInt(1 + random(500));
  const kind = random(12);
  if (kind < 2) return { do: "transfer", id, from: of("outside"), to: of("deposit"), currency, amount };
  if (kind < 3)
    return { do: "transfer", id, from: of("shop", "deposit"), to: of("outside"), currency, amount };
  const until = new Date(now.getTime() + (1 + random(30)) * 86_400_000);
  if (kind < 6) return { do: "hold", id, account: of("deposit", "credit"), currency, amount, until };
  const hold = books.holds.get(business.holds[random(business.holds.length || 1)] ?? "");
  if (hold === undefined)
    return { do: "transfer", id, from: of("outside"), to: of("deposit"), currency, amount };
  const left = open(hold);
  const part = left > 1n && random(2) === 0 ? left / 2n : left;
  const shares = (total: bigint) => sharesOf(accounts, hold.currency, total);
  if (kind < 9) return { do: "settle", id, hold: hold.id, amount: part, splits: shares(part) };
  if (kind === 9)
    return { do: "extend", id, hold: hold.id, until: new Date(hold.until.getTime() + 86_400_000) };
  if (kind === 10) return { do: random(2) === 0 ? "release" : "expire", id, hold: hold.id, amount: part };
  const back = hold.settled - hold.refunded;
  return { do: "refund", id, hold: hold.id, amount: back, sources: shares(back) };
}

function sharesOf(
  accounts: { id: string; kind: string; currency: string }[],
  currency: string,
  total: bigint,
) {
  const payee = (kind: string) =>
    accounts.find((each) => each.currency === currency && each.kind === kind)?.id ?? "";
  const fee = total / 10n;
  const shop = { account: payee("shop"), amount: total - fee };
  return fee === 0n ? [shop] : [shop, { account: payee("fee"), amount: fee }];
}
