/**
 * Compares what a driver was told with what is in the database: nothing acknowledged may be missing, nothing refused may
 * have happened, and what nobody knows about happened once or not at all.
 */
import { type Database, sql } from "../../../src/storage/database/database.ts";
import type { Driver, Entry, KnownTrade, Money } from "./driver.ts";

type Told = Pick<Driver, "trades" | "lostProposals" | "transfers" | "surprises">;

interface TradeRow {
  number: bigint;
  reference: string;
  state: string;
  version: number;
  amount: bigint;
  frozen: bigint;
  settled: bigint;
  released: bigint;
  refunded: bigint;
  account: string | null;
}

export interface Account {
  id: string;
  posted: bigint;
  held: bigint;
}

/** The accounts of buyers as they were before the driver began. */
export async function readAccounts(database: Database, ids: readonly string[]): Promise<Account[]> {
  return database.query<Account>(sql`select id, posted, held from accounts where id = any(${ids}::uuid[])`);
}

/** All that does not hold; empty where everything does. `before`: the buyers' accounts at the start. */
export async function findLosses(
  database: Database,
  told: Told,
  before: readonly Account[],
): Promise<string[]> {
  const rows = await database.query<TradeRow>(sql`
    select number, terms->>'reference' as reference, state, version, amount, frozen, settled, released, refunded,
      account from trades`);
  const losses = told.surprises.map((each) => `answered: ${each}`);
  losses.push(...checkTrades(rows, told));
  losses.push(...(await checkTransfers(database, told)));
  losses.push(...(await checkAccounts(database, rows, before)));
  losses.push(...(await checkHolds(database)));
  return losses;
}

/** Those parts of the books that are cheap to look at after every fault. */
export async function findCheapLosses(database: Database, told: Told, last = 100): Promise<string[]> {
  const recent = told.trades.slice(-last).map((trade) => ({ number: trade.number, version: trade.version }));
  const numbers = recent.map(({ number }) => BigInt(number));
  const rows = await database.query<{ number: bigint; version: number }>(sql`
    select number, version from trades where number = any(${numbers}::bigint[])`);
  const versions = new Map(rows.map((row) => [String(row.number), row.version]));
  const losses = recent
    .filter(({ number, version }) => (versions.get(number) ?? -1) < version)
    .map(({ number, version }) => `trade ${number}: version ${version} is gone`);
  const sums = await database.query<{ currency: string; posted: bigint }>(sql`
    select currency, sum(posted)::bigint as posted from accounts group by currency having sum(posted) <> 0`);
  losses.push(...sums.map(({ currency, posted }) => `accounts in ${currency} sum to ${posted}`));
  return [...losses, ...(await checkHolds(database))];
}

function checkTrades(rows: readonly TradeRow[], told: Told): string[] {
  const losses: string[] = [];
  const byReference = new Map<string, TradeRow[]>();
  for (const row of rows) byReference.set(row.reference, [...(byReference.get(row.reference) ?? []), row]);
  for (const trade of told.trades) {
    const [row, ...others] = byReference.get(trade.reference) ?? [];
    byReference.delete(trade.reference);
    if (others.length > 0) losses.push(`trade ${trade.number}: made ${others.length + 1} times`);
    if (row === undefined || String(row.number) !== trade.number) {
      losses.push(`trade ${trade.number}: acknowledged and gone`);
    } else losses.push(...checkTrade(row, trade));
  }
  for (const { reference, amount } of told.lostProposals) {
    const made = byReference.get(reference) ?? [];
    byReference.delete(reference);
    const whole = made.every(({ state, frozen }) => state === "reserved" && frozen === BigInt(amount));
    if (made.length > 1 || !whole) losses.push(`proposal ${reference}: neither done nor left undone`);
  }
  for (const [reference] of byReference) losses.push(`trade with reference ${reference}: refused and there`);
  return losses;
}

function checkTrade(row: TradeRow, trade: KnownTrade): string[] {
  const is = shown(row.state, row);
  const must = shown(trade.state, trade.money);
  const may = trade.perhaps === undefined ? undefined : shown(trade.perhaps.state, trade.perhaps.money);
  if (is !== must && is !== may) return [`trade ${trade.number}: is ${is}, was told ${must}`];
  if (row.version === trade.version || (row.version > trade.version && may !== undefined)) return [];
  return [`trade ${trade.number}: has version ${row.version}, was told ${trade.version}`];
}

function shown(state: string, money: Money | TradeRow): string {
  const { amount, frozen, settled, released, refunded } = money;
  return `${state} ${amount} = ${frozen} + ${settled} + ${released}, ${refunded} refunded`;
}

async function checkTransfers(database: Database, { transfers }: Told): Promise<string[]> {
  const ids = transfers.map(({ id }) => id);
  const rows = await database.query<{ command: string; account: string; posted: bigint }>(sql`
    select command, account, posted from entries where command = any(${ids}::uuid[])`);
  return transfers.flatMap(({ id, account, amount, certain }) => {
    const legs = rows.filter((row) => row.command === id && row.account === account);
    if (legs.length === 0) return certain ? [`transfer ${id}: acknowledged and gone`] : [];
    const right = legs.length === 1 && legs[0]?.posted === BigInt(amount);
    return right ? [] : [`transfer ${id}: is not what was asked for`];
  });
}

/** Each buyer's account is where its trades and transfers have led it, by a sum that shares nothing with the books. */
async function checkAccounts(
  database: Database,
  rows: readonly TradeRow[],
  before: readonly Account[],
): Promise<string[]> {
  const ids = before.map(({ id }) => id);
  const moved = await database.query<{ account: string; amount: bigint }>(sql`
    select account, sum(case kind when 'deposit' then amount else -amount end)::bigint as amount
    from transfers where account = any(${ids}::uuid[]) group by account`);
  const posted = new Map(before.map((account) => [account.id, account.posted]));
  const held = new Map<string, bigint>();
  const add = (sums: Map<string, bigint>, id: string, amount: bigint) =>
    sums.set(id, (sums.get(id) ?? 0n) + amount);
  for (const { account, amount } of moved) add(posted, account, amount);
  for (const { account, settled, refunded, frozen } of rows) {
    if (account === null) continue;
    add(posted, account, refunded - settled);
    add(held, account, frozen);
  }
  return (await readAccounts(database, ids)).flatMap((account) => {
    const wanted = { posted: posted.get(account.id) ?? 0n, held: held.get(account.id) ?? 0n };
    if (account.posted === wanted.posted && account.held === wanted.held) return [];
    return [
      `account ${account.id}: has ${account.posted}/${account.held}, not ${wanted.posted}/${wanted.held}`,
    ];
  });
}

/** No hold is frozen twice, or paid and given back for more than it froze. */
async function checkHolds(database: Database): Promise<string[]> {
  const rows = await database.query<{ id: string; left: bigint }>(sql`
    select h.id, e.left::bigint as left from holds h
    join (select hold, sum(held) as left, count(*) filter (where held > 0) as begun from entries
      where hold is not null group by hold) e on e.hold = h.id
    where e.begun <> 1 or e.left < 0 or e.left <> h.amount - h.settled - h.released`);
  return rows.map(({ id, left }) => `hold ${id}: ended twice, or not as it says (${left} left)`);
}

/** How many commands ended how, for the person who reads the output of a test. */
export function tally(journal: readonly Entry[]): { [outcome in Entry["outcome"]]: number } & {
  lost: number;
  replayed: number;
} {
  const count = (wanted: (entry: Entry) => boolean) => journal.filter(wanted).length;
  return {
    ok: count(({ outcome }) => outcome === "ok"),
    refused: count(({ outcome }) => outcome === "refused"),
    unknown: count(({ outcome }) => outcome === "unknown"),
    intent: count(({ outcome }) => outcome === "intent"),
    lost: count(({ lost }) => lost > 0),
    replayed: count(({ lost, replayed }) => lost > 0 && replayed),
  };
}
