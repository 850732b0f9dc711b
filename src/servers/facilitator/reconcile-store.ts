import { type Client, plainArray, sql } from "../../storage/database/database.ts";

/** A trade's money as this server believes it is. Minor units. */
export interface HeldHere {
  number: bigint;
  id: string;
  reservation: string;
  currency: string;
  frozen: bigint;
  settled: bigint;
  refunded: bigint;
  /** This server does not know what it costs: its amounts are numbers of pieces. */
  private: boolean;
  /** Something has been asked of the institution and is not answered yet. */
  waits: boolean;
}

/** The trades with these numbers that have a reservation at this institution. */
export function readHeld(
  client: Client,
  institution: string,
  numbers: readonly string[],
): Promise<HeldHere[]> {
  return client.query<HeldHere>(sql`
    select t.number, t.id, t.hold as reservation, t.currency, t.frozen, t.settled, t.refunded,
      coalesce(t.terms->>'private', 'false') = 'true' as private, t.pending is not null as waits
    from trades t join remote_accounts r on r.account = t.account
    where t.number = any(${plainArray(numbers)}::bigint[]) and r.institution = ${institution} and t.hold is not null`);
}

const first = "00000000-0000-0000-0000-000000000000";

/** Trades with money frozen at this institution, in the order in which they were made, from after one of them on. */
export function listFrozen(
  client: Client,
  institution: string,
  limit: number,
  after: string = first,
): Promise<HeldHere[]> {
  return client.query<HeldHere>(sql`
    select t.number, t.id, t.hold as reservation, t.currency, t.frozen, t.settled, t.refunded,
      coalesce(t.terms->>'private', 'false') = 'true' as private, t.pending is not null as waits
    from trades t join remote_accounts r on r.account = t.account
    where r.institution = ${institution} and t.frozen > 0 and t.id > ${after} order by t.id limit ${limit}`);
}

/** A dispute whose money the institution would give back within `milliseconds`, by its own clock of the reservation. */
export interface LongDispute {
  number: bigint;
  institution: string;
  reservation: string;
}

export function listLongDisputes(client: Client, milliseconds: number): Promise<LongDispute[]> {
  return client.query<LongDispute>(sql`
    select t.number, r.institution, t.hold as reservation
    from trades t join remote_accounts r on r.account = t.account
    where t.state = 'disputed' and t.pending is null and t.frozen > 0
      and t.reserved_until + ${milliseconds} * interval '1 millisecond' < kenshu_now()
    order by t.number`);
}

export interface Sum {
  currency: string;
  frozen: bigint;
  settled: bigint;
  refunded: bigint;
}

/** What all trades come to at an institution whose amounts are known here, per currency. */
export function sumHeld(client: Client, institution: string): Promise<Sum[]> {
  return client.query<Sum>(sql`
    select t.currency, sum(t.frozen)::bigint as frozen, sum(t.settled)::bigint as settled,
      sum(t.refunded)::bigint as refunded
    from trades t join remote_accounts r on r.account = t.account
    where r.institution = ${institution} and t.hold is not null
      and coalesce(t.terms->>'private', 'false') <> 'true'
    group by t.currency order by t.currency`);
}
