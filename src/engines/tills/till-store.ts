/** What went through a till, as rows: the entries of a collector's account with what each was. Each statement is led by a key. */
import { type Client, sql } from "../../storage/database/database.ts";

/** `taken`, `kept`: from payers. `returned`: given back to them. `fee`: what the collector is paid. `moved`: handed in, or booked by operators. */
export type TillKind = "taken" | "kept" | "returned" | "fee" | "moved";

/** `amount`: by how much more is in the till for others than before; minor units. */
export interface TillRow {
  command: string;
  leg: number;
  at: Date;
  kind: TillKind;
  amount: bigint;
  /** Of the payment, by which its receipt is found. */
  payment: string | null;
  number: string | null;
  shopName: string | null;
  reference: string | null;
}

export interface TillSpan {
  from: Date;
  /** The first instant that is none of it any more. */
  to: Date;
}

export interface TillMark {
  at: Date;
  command: string;
  leg: number;
}

const whatItWas = `
  left join lateral (select id, state, collection, reference, amount from collection_payments where command = e.command limit 1) p on true
  left join lateral (select collection, reference from collection_returns where command = e.command and kind = 'return' limit 1) r on true
  left join lateral (select true as fee from collection_fees where command = e.command limit 1) f on true`;
const kindOf = `case when p.state is not null then p.state when r.collection is not null then 'returned' when f.fee then 'fee' else 'moved' end`;

/** What went through it in a time: a payment with the part of it that is its server's fee, the newest first, behind the last one that was seen. */
export function listTill(
  client: Client,
  account: string,
  { from, to }: TillSpan,
  limit: number,
  after: TillMark = { at: to, command: "ffffffff-ffff-ffff-ffff-ffffffffffff", leg: 32_767 },
): Promise<TillRow[]> {
  return client.query<TillRow>({
    name: "till_rows",
    text: `
      select e.command, e.leg::int as leg, e.at, ${kindOf} as kind, coalesce(p.amount, -e.posted) as amount, p.id as payment,
        d.trade_number as number, d.shop_name as "shopName", coalesce(p.reference, r.reference) as reference
      from (select command, leg, at, posted from entries
        where account = $1 and at >= $2 and at < $3 and posted <> 0 and (at, command, leg) < ($4, $5::uuid, $6::smallint)
          and not exists (select from collection_payments where fee_command = entries.command)
        order by at desc, command desc, leg desc limit $7) e
      ${whatItWas}
      left join lateral (select trade_number, shop_name from collections
        where id = coalesce(p.collection, r.collection) limit 1) d on true
      order by e.at desc, e.command desc, e.leg desc`,
    values: [account, from, to, after.at, after.command, after.leg, limit],
  });
}

export interface TillSum {
  kind: TillKind;
  times: number;
  /** Entries of the account that these are. */
  entries: number;
  amount: bigint;
}

/** What it comes to by kind, over no more than `most` entries. */
export function sumTill(
  client: Client,
  account: string,
  { from, to }: TillSpan,
  most: number,
): Promise<TillSum[]> {
  return client.query<TillSum>(sql`
    select kind, count(*) filter (where not is_part)::int as times, count(*)::int as entries, sum(-posted)::bigint as amount
    from (select e.posted, q.state is not null as is_part,
      case when p.state is not null then p.state when q.state is not null then q.state when r.collection is not null then 'returned'
        when f.fee then 'fee' else 'moved' end as kind
      from (select command, posted from entries
        where account = ${account} and at >= ${from} and at < ${to} and posted <> 0
        order by at desc, command desc, leg desc limit ${most}) e
      left join lateral (select state from collection_payments where command = e.command limit 1) p on true
      left join lateral (select state from collection_payments where fee_command = e.command limit 1) q on true
      left join lateral (select collection from collection_returns
        where command = e.command and kind = 'return' limit 1) r on true
      left join lateral (select true as fee from collection_fees where command = e.command limit 1) f on true) told
    group by kind`);
}
