import { type Client, type Finding, sql } from "../../storage/database/database.ts";

export async function countLending(client: Client): Promise<Record<"lines" | "shares", bigint>> {
  const [counts] = await client.query<Record<"lines" | "shares", bigint>>(sql`
    select (select count(*) from lent_lines) as lines, (select count(*) from lent_shares) as shares`);
  return counts ?? { lines: 0n, shares: 0n };
}

/** Lines of which members have another sum than the line says, and whose lender's account goes further than what is left. */
export function checkLines(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with held as materialized (select line, sum(most) as given from lent_shares group by line)
    select l.id::text as id, field.name as field, field.recorded, field.computed
    from lent_lines l left join held on held.line = l.id left join accounts a on a.id = l.account
      cross join lateral (values
        ('given', l.given::text, coalesce(held.given, 0)::text),
        ('floor of the lender', (l.given - l.most)::text, a.floor::text),
        ('kind', 'lender', a.kind),
        ('currency', l.currency, a.currency)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Parts of lines whose account goes further than was given, and means of payment that name another lender. */
export function checkShares(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    select s.id::text as id, field.name as field, field.recorded, field.computed
    from lent_shares s join lent_lines l on l.id = s.line left join accounts a on a.id = s.account
      left join methods m on m.id = s.method
      cross join lateral (values
        ('floor', (-s.most)::text, a.floor::text),
        ('account', s.account::text, m.account::text),
        ('member', s.person::text, m.person::text),
        ('lender', l.lender::text, m.lender::text),
        ('made good on', l.account::text, m.lender_account::text),
        ('open', case when s.state = 'called' then 'closed' else m.state end, m.state)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}
