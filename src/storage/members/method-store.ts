import { type Client, sql } from "../database/database.ts";
import type { MethodRow, PersonRow } from "./store.ts";

export interface MeansSought {
  methods: string[];
  people: string[];
  memberNumbers: bigint[];
  mandates: string[];
}

/**
 * The means of payment a batch may need, in one statement: those named, and all of the people who are named
 * by id, by member number or through a mandate. Oldest first.
 */
export function readMethods(client: Client, sought: MeansSought): Promise<MethodRow[]> {
  return client.query<MethodRow>(sql`
    select id, person, kind, currency, account, state from methods where id = any(${sought.methods}::uuid[])
    union
    select id, person, kind, currency, account, state from methods where person = any(${sought.people}::uuid[])
    union
    select m.id, m.person, m.kind, m.currency, m.account, m.state
    from people p join methods m on m.person = p.id where p.number = any(${sought.memberNumbers}::bigint[])
    union
    select m.id, m.person, m.kind, m.currency, m.account, m.state
    from mandates d join methods m on m.person = d.person where d.id = any(${sought.mandates}::uuid[])
    order by id`);
}

/** The people a batch may need as buyers: by member number, by id, or through a mandate. */
export function readBuyers(client: Client, sought: Omit<MeansSought, "methods">): Promise<PersonRow[]> {
  return client.query<PersonRow>(sql`
    select id, number, state, kind from people where number = any(${sought.memberNumbers}::bigint[])
    union
    select id, number, state, kind from people where id = any(${sought.people}::uuid[])
    union
    select p.id, p.number, p.state, p.kind
    from mandates d join people p on p.id = d.person where d.id = any(${sought.mandates}::uuid[])`);
}
