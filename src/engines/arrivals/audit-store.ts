import { type Client, type Finding, sql, textArray, uuidArray } from "../../storage/database/database.ts";

type Counts = Record<"statements" | "arrivals" | "moves", bigint>;

export async function countAll(client: Client): Promise<Counts> {
  const [counts] = await client.query<Counts>(sql`
    select (select count(*) from bank_statements where state = 'booked') as statements,
      (select count(*) from arrivals) as arrivals, (select count(*) from arrival_moves) as moves`);
  return counts ?? { statements: 0n, arrivals: 0n, moves: 0n };
}

export async function currenciesOfArrivals(client: Client): Promise<string[]> {
  const rows = await client.query<{ currency: string }>(
    sql`select distinct currency from arrivals order by currency`,
  );
  return rows.map(({ currency }) => currency);
}

/** Statements that do not hold what they say: entries that brought money, less those that had been booked before. */
export function checkStatements(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with held as materialized (
      select statement, count(*) as count, sum(amount) as total from arrivals where not taken_back group by statement)
    select s.id::text as id, field.name as field, field.recorded, field.computed
    from bank_statements s left join held on held.statement = s.id
      cross join lateral (values
        ('entries', (s.count - s.known)::text, coalesce(held.count, 0)::text),
        ('total', s.total::text, coalesce(held.total, 0)::text)
      ) as field (name, recorded, computed)
    where s.state = 'booked' and field.recorded is distinct from field.computed limit ${limit}`);
}

interface Houses {
  currencies: readonly string[];
  arrivals: readonly string[];
  outside: readonly string[];
}

/** The institution's own accounts by currency, as a table. */
const houses = ({ currencies, arrivals, outside }: Houses) => ({
  currencies: textArray(currencies),
  arrivals: uuidArray(arrivals),
  outside: uuidArray(outside),
});

/** Entries that did not come in once, from outside; or of which not all is paid, returned, or waiting. */
export function checkArrivals(client: Client, limit: number, of: Houses): Promise<Finding[]> {
  const { currencies, arrivals, outside } = houses(of);
  return client.query<Finding>(sql`
    with house as materialized (
      select * from unnest(${currencies}::text[], ${arrivals}::uuid[], ${outside}::uuid[]) as h (currency, arrivals, outside)),
    gone as materialized (
      select arrival, sum(case when kind = 'back' then -amount else amount end) as amount from arrival_moves group by arrival)
    select a.id::text as id, field.name as field, field.recorded, field.computed
    from arrivals a left join gone on gone.arrival = a.id left join house on house.currency = a.currency
      left join bank_statements s on s.id = a.statement
      left join entries gave on gave.command = a.command and gave.leg = 0
      left join entries got on got.command = a.command and got.leg = 1
      cross join lateral (values
        ('statement', 'booked', s.state),
        ('amount', case when not a.taken_back then a.amount::text end, got.posted::text),
        ('currency', case when not a.taken_back then a.currency end, got.currency),
        ('from', case when not a.taken_back then house.outside::text end, gave.account::text),
        ('to', case when not a.taken_back then house.arrivals::text end, got.account::text),
        ('rest', a.rest::text,
          (case when a.taken_back then 0 else a.amount end - coalesce(gone.amount, 0))::text)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** What became of arrivals, told otherwise by the journal or by what dues were paid. */
export function checkMoves(client: Client, limit: number, taker: string, of: Houses): Promise<Finding[]> {
  const { currencies, arrivals, outside } = houses(of);
  return client.query<Finding>(sql`
    with house as materialized (
      select * from unnest(${currencies}::text[], ${arrivals}::uuid[], ${outside}::uuid[]) as h (currency, arrivals, outside)),
    paid as materialized (
      select command, sum(amount) as amount from arrival_moves where kind = 'payment' group by command)
    select m.id::text as id, field.name as field, field.recorded, field.computed
    from arrival_moves m left join arrivals a on a.id = m.arrival left join house on house.currency = a.currency
      left join paid on m.kind = 'payment' and paid.command = m.command
      left join collection_payments p on m.kind = 'payment' and p.collector = ${taker}::uuid and p.id = m.command
      left join collections d on d.id = p.collection
      left join entries pay on pay.command = p.command and pay.leg = 0
      left join entries gave on m.kind <> 'payment' and gave.command = m.command and gave.leg = 0
      left join entries got on m.kind <> 'payment' and got.command = m.command and got.leg = 1
      cross join lateral (values
        ('arrival', m.arrival::text, a.id::text),
        ('payment', paid.amount::text, p.amount::text),
        ('number', m.number, d.trade_number),
        ('paid from', case when m.kind = 'payment' then house.arrivals::text end, pay.account::text),
        ('moved', case when m.kind <> 'payment' and m.amount > 0 then m.amount::text end, got.posted::text),
        ('from', case when m.kind in ('account', 'payout', 'dismissal') and m.amount > 0 then house.arrivals::text
            when m.kind = 'back' then gave.account::text end, gave.account::text),
        ('to', case when m.kind = 'back' then house.arrivals::text
            when m.kind = 'dismissal' and m.amount > 0 then house.outside::text
            when m.kind in ('account', 'payout') then m.account::text end, got.account::text)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Payments that came from the bank of which no arrival says so. */
export function checkTaken(client: Client, limit: number, taker: string): Promise<Finding[]> {
  return client.query<Finding>(sql`
    select p.command::text as id, 'arrival' as field, p.id::text as recorded, m.command::text as computed
    from collection_payments p
      left join lateral (
        select command from arrival_moves where command = p.id and kind = 'payment' limit 1) m on true
    where p.collector = ${taker}::uuid and m.command is null limit ${limit}`);
}

/** What stands on the account of what has arrived is what waits. */
export function checkBalance(client: Client, limit: number, of: Houses): Promise<Finding[]> {
  const { currencies, arrivals } = houses(of);
  return client.query<Finding>(sql`
    select wanted.account::text as id, 'arrived' as field, coalesce(a.posted, 0)::text as recorded,
      coalesce(summed.rest, 0)::text as computed
    from unnest(${currencies}::text[], ${arrivals}::uuid[]) as wanted (currency, account)
      left join accounts a on a.id = wanted.account
      left join (select currency, sum(rest) as rest from arrivals group by currency) summed
        on summed.currency = wanted.currency
    where coalesce(a.posted, 0) <> coalesce(summed.rest, 0) limit ${limit}`);
}
