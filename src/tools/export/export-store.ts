/** The rows of an export, read through a cursor: so many are in memory at a time, however many there are. */
import { type Client, type Query, rawSql } from "../../storage/database/database.ts";
import type { Row } from "./lines.ts";
import type { Exported } from "./tables.ts";

/** From an instant on, and before another. */
export interface Range {
  from: Date;
  to: Date;
}

const isPrivate = "t.terms ->> 'private' is not distinct from 'true'";
/** What a private trade counts as amounts are pieces. */
const known = (amount: string) => `case when ${isPrivate} then null else ${amount} end`;

const statements: Record<Exported, string> = {
  trades: `select t.number, t.state, t.version, t.terms ->> 'reference' as reference, t.shop, t.terms ->> 'shopName' as "shopName",
      t.chain, t.member, t.buyer is not null and t.member is null as guest, t.carrier, t.provider, t.currency,
      ${isPrivate} as private, ${known("t.amount")} as amount, ${known("t.frozen")} as frozen, ${known("t.settled")} as settled,
      ${known("t.released")} as released, ${known("t.refunded")} as refunded,
      ${known("(t.progress ->> 'feeTaken')::bigint - (t.progress ->> 'feeReturned')::bigint")} as fee,
      t.terms -> 'payment' ->> 'on' as "paymentOn", t.approve_by as "approveBy", t.reserved_until as "reservedUntil",
      t.ship_by as "shipBy", t.accept_by as "acceptBy", t.payment_date as "paymentDate",
      t.cooling_off_until as "coolingOffUntil", (t.progress -> 'disputed' ->> 'at')::timestamptz as "disputedSince",
      t.terms -> 'metadata' as metadata, t.created_at as "createdAt", t.updated_at as "updatedAt"
    from trades t where t.created_at >= $1 and t.created_at < $2 order by t.created_at, t.id`,
  lines: `select t.number as trade, line.place as line, line.said ->> 'id' as id, coalesce(line.said ->> 'kind', 'goods') as kind,
      line.said ->> 'name' as name, line.said ->> 'sku' as sku, line.said ->> 'taxRate' as "taxRate",
      (line.said ->> 'quantity')::bigint as quantity, t.currency,
      ${known("(line.said ->> 'unitAmount')::bigint")} as "unitAmount",
      ${known("coalesce((line.said ->> 'amount')::bigint, (line.said ->> 'unitAmount')::bigint * (line.said ->> 'quantity')::bigint)")} as amount,
      coalesce((gone.so ->> 'shipped')::bigint, 0) as shipped, coalesce((gone.so ->> 'delivered')::bigint, 0) as delivered,
      coalesce((gone.so ->> 'accepted')::bigint, 0) as accepted, coalesce((gone.so ->> 'rejected')::bigint, 0) as rejected,
      coalesce((gone.so ->> 'returned')::bigint, 0) as returned, coalesce((gone.so ->> 'withdrawn')::bigint, 0) as withdrawn,
      coalesce((gone.so ->> 'ended')::bigint, 0) as ended, t.created_at as "createdAt"
    from trades t cross join lateral json_array_elements(t.terms -> 'lines') with ordinality as line (said, place)
      cross join lateral (select t.progress -> 'lines' -> (line.place::int - 1) as so) as gone
    where t.created_at >= $1 and t.created_at < $2 order by t.created_at, t.id, line.place`,
  events: `select t.number as trade, e.seq + event.place - 1 as seq, event.type, e.at, e.role,
      e.data -> (event.place::int - 1) as data, ${isPrivate} as private
    from trade_events e join trades t on t.id = e.trade
      cross join lateral unnest(e.types) with ordinality as event (type, place)
    where e.at >= $1 and e.at < $2 order by e.at, e.trade, e.seq, event.place`,
  entries: `select e.at, e.command, e.leg::int as leg, coalesce(x.kind, e.kind) as kind, e.account, a.kind as "accountKind", s.shop,
      coalesce(t.number::text, r.trade_number) as trade, e.hold, e.currency, e.posted, e.held, e.until
    from entries e join accounts a on a.id = e.account left join transfers x on x.id = e.command
      left join shop_accounts s on s.account = e.account left join trades t on t.hold = e.hold
      left join reservations r on r.id = e.hold
    where e.at >= $1 and e.at < $2 order by e.at, e.command, e.leg`,
  settlements: `select s.at, s.id, s.peer, s.reservation, r.trade_number as trade, h.currency, s.amount, s.state
    from settlements s join reservations r on r.id = s.reservation join holds h on h.id = s.reservation
    where s.at >= $1 and s.at < $2 order by s.at, s.id`,
};

const atOnce = 500;
const nextRows: Query = { text: `fetch forward ${atOnce} from exported`, values: [] };

/** The rows, some at a time, as they stood at the instant of the first; only inside a transaction that reads one snapshot. */
export async function* rowsOf(client: Client, what: Exported, { from, to }: Range): AsyncGenerator<Row[]> {
  // All of them are wanted, not the first few soonest.
  await client.execute(rawSql("set local cursor_tuple_fraction = 1", []));
  await client.execute(
    rawSql(`declare exported no scroll cursor without hold for ${statements[what]}`, [from, to]),
  );
  for (;;) {
    const rows = await client.query<Row>(nextRows);
    if (rows.length > 0) yield rows;
    if (rows.length < atOnce) return;
  }
}
