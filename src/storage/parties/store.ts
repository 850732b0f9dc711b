/** What is kept of shops, carriers, providers and operators. */
import { type Client, sql } from "../database/database.ts";
import type { FeeRoundTo, PartyKind, PartyState } from "./kinds.ts";
import { type Standing, usualStanding } from "./standing.ts";

export interface ShopAccount {
  currency: string;
  account: string;
  feeFixed: bigint;
  feeBasisPoints: number;
  feeRoundTo: FeeRoundTo;
}

export interface ShopRow {
  id: string;
  name: string;
  state: PartyState;
  accounts: ShopAccount[];
  standing: Standing;
  /** The addresses to which it may have people sent back. */
  returnUrls: string[];
  /** No two trades that it proposes may have one reference. */
  uniqueReferences: boolean;
}

type AccountRow = ShopAccount & { shop: string };

/** The shops with these ids, what each takes money in and how far it may go, in one statement; others are left out. */
export async function readShops(client: Client, ids: string[]): Promise<ShopRow[]> {
  const rows = await client.query<
    Omit<ShopRow, "accounts" | "standing"> & {
      [name in keyof AccountRow]: AccountRow[name] | null;
    } & { standing: Standing | null }
  >(sql`
    select p.id, p.name, case when p.state = 'approved' and y.until <= (select kenshu_now()) then 'suspended' else p.state end as state,
      p.return_urls as "returnUrls", p.unique_references as "uniqueReferences", a.shop, a.currency, a.account, a.fee_fixed as "feeFixed",
      a.fee_basis_points as "feeBasisPoints", a.fee_round_to as "feeRoundTo",
      case when s.shop is not null then json_build_object('frozenLimits', coalesce(s.frozen_limits, '{}'::json),
        'settleAfter', s.settle_after, 'word', s.word, 'paidEarly', s.paid_early,
        'earlyLimits', coalesce(s.early_limits, '{}'::json), 'paidOutEarly', s.paid_out_early) end as standing
    from parties p left join shop_accounts a on a.shop = p.id left join standings s on s.shop = p.id left join stays y on y.shop = p.id
    where p.id = any(${ids}::uuid[]) and p.kind = 'shop' order by p.id, a.currency`);
  const shops = new Map<string, ShopRow>();
  for (const row of rows) {
    const { id, name, state, standing, returnUrls, uniqueReferences, shop, ...account } = row;
    const known = shops.get(id) ?? {
      id,
      name,
      state,
      accounts: [],
      standing: standing ?? usualStanding,
      returnUrls,
      uniqueReferences,
    };
    shops.set(id, known);
    if (shop !== null) known.accounts.push(account as ShopAccount);
  }
  return [...shops.values()];
}

export interface PartyRow {
  id: string;
  kind: PartyKind;
  name: string;
  state: PartyState;
  /** An operator has found that what this carrier or provider says, it says of its own accord. */
  independent: boolean;
}

/** The parties of any kind with these ids; unknown ids are left out. */
export function readParties(client: Client, ids: string[]): Promise<PartyRow[]> {
  return client.query<PartyRow>(
    sql`select id, kind, name, case when state = 'approved' and (select until from stays where shop = parties.id) <= (select kenshu_now())
        then 'suspended' else state end as state, independent
      from parties where id = any(${ids}::uuid[])`,
  );
}
