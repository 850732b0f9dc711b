/** What the servers at which the shop sells say of its money and its keys, asked each time: here is no copy of a balance. */
import { type AccountView, type KeyView, ReadFailure } from "@kenshu/sdk";
import type { Shop } from "../shop-frame/shop-frame.ts";
import type { Label, Till } from "../shop-orders/shop-orders.ts";

type Client = Till["hurried"];
type Payout = Awaited<ReturnType<typeof payoutsOf>>[number];

/** One account of the shop's at a server. */
export interface TillAccount {
  id: string;
  currency: string;
  fee: { fixed: number; basisPoints: number };
  /** Undefined where the server does not keep it itself. */
  balance: AccountView | undefined;
  payouts: Payout[];
}

export interface Early {
  currency: string;
  outstanding: number | null;
  owed: number | null;
}

export interface TillMoney {
  till: string;
  label: Label;
  /** Where the shop's people see it at the server itself. */
  moneyUrl: string;
  /** Undefined where the server did not answer. */
  accounts: TillAccount[] | undefined;
  early: Early[];
  prices: { acceptedBasisPoints: number; reservedBasisPoints: number } | null;
}

/** What a list begins with; nothing where it cannot be had. */
async function firstOf<Item>(list: AsyncIterable<Item>, most: number): Promise<Item[]> {
  const items: Item[] = [];
  try {
    for await (const item of list) {
      items.push(item);
      if (items.length >= most) break;
    }
  } catch (error) {
    if (!(error instanceof ReadFailure)) throw error;
  }
  return items;
}

const payoutsOf = (client: Client, account: string) => firstOf(client.payouts.of(account, { limit: 5 }), 5);

/** Which shop this is at a server. */
async function shopAt(client: Client): Promise<string | undefined> {
  const who = await client.whoami();
  return who.outcome === "done" ? who.caller.id : undefined;
}

async function accountsAt(client: Client): Promise<TillAccount[] | undefined> {
  const id = await shopAt(client);
  const known = id === undefined ? undefined : await client.shops.get(id);
  if (known?.outcome !== "done") return undefined;
  return Promise.all(
    (known.party.accounts ?? []).map(async ({ account, currency, fee }) => {
      const found = await client.accounts.get(account);
      const balance = found.outcome === "done" ? found.account : undefined;
      const payouts = balance === undefined ? [] : await payoutsOf(client, account);
      return { id: account, currency, fee, balance, payouts };
    }),
  );
}

export function moneyAtTills({ tills }: Shop): Promise<TillMoney[]> {
  return Promise.all(
    tills.map(async ({ id: till, label, moneyUrl, hurried }) => {
      const [accounts, told] = await Promise.all([accountsAt(hurried), hurried.advances.accounts()]);
      const early = told.outcome === "done" ? told.accounts : [];
      return { till, label, moneyUrl, accounts, early, prices: told.outcome === "done" ? told.prices : null };
    }),
  );
}

/** What a server says of the shop's keys and of the messages that it could not bring. */
export interface TillNews {
  till: string;
  label: Label;
  /** Undefined where the server did not answer. */
  keys: KeyView[] | undefined;
  missed: Missed[];
}

export interface Missed {
  id: string;
  type: string;
  /** That of the trade. */
  number: string | null;
  state: "waiting" | "failed";
  attempts: number;
  lastStatus: number | null;
  createdAt: string;
}

/** How many deliveries are looked through for those that failed. */
const lookedThrough = 200;

export async function missedAt(client: Client): Promise<Missed[]> {
  const deliveries = await firstOf(client.deliveries.list({ limit: 100 }), lookedThrough);
  return deliveries.flatMap(({ state, attempts, ...rest }) =>
    state === "failed" || (state === "waiting" && attempts > 0) ? [{ ...rest, state, attempts }] : [],
  );
}

export function newsOfTills({ tills }: Shop): Promise<TillNews[]> {
  return Promise.all(
    tills.map(async ({ id: till, label, hurried }) => {
      const id = await shopAt(hurried);
      const keys = id === undefined ? undefined : await firstOf(hurried.shops.keys(id), 20);
      return { till, label, keys, missed: id === undefined ? [] : await missedAt(hurried) };
    }),
  );
}
