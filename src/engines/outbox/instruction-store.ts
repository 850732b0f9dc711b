import {
  bigintArray,
  type Client,
  intArray,
  jsonArray,
  sql,
  uuidArray,
} from "../../storage/database/database.ts";
import type { CollectionInstruction, Instruction } from "../../core/protocol/schemas.ts";

/** What a reservation has to be once an instruction is done. Minor units; null where this server does not know them. */
export interface Expected {
  currency: string;
  amounts: Record<"amount" | "settled" | "released" | "refunded", number> | null;
}

/** About a reservation, or at a guarantor about a collection. */
export type AnyInstruction = Instruction | CollectionInstruction;

/** Whether an instruction is about a collection: an institution takes those at another door. */
export const isOfCollection = (body: AnyInstruction): body is CollectionInstruction =>
  body.do === "due" || body.do === "reimburse" || body.do === "heard";

/** What another server is asked to do. It answers every repetition under this id in the same way. */
export interface NewInstruction {
  id: string;
  institution: string;
  trade: bigint;
  body: AnyInstruction;
  /** Null where the instruction is no step of the trade, and others may change the reservation before it. */
  expected: Expected | null;
}

export interface WaitingInstruction extends NewInstruction {
  attempts: number;
  /**
   * Where no step waits for the answer: what the trade knows of its collection already, which only grows. An answer that says
   * no more than this changes nothing. It is known in the process that wrote the instruction, and not kept.
   */
  knows?: { version: number; paid: number };
}

/** How long an instruction belongs to the process that wrote or claimed it. Longer than a call may take. */
const leaseSeconds = 10;

/** Writes instructions with the change that needs them. At first they belong to the process that writes them. */
export function writeInstructions(client: Client, instructions: readonly NewInstruction[]): Promise<number> {
  return client.execute(sql`
    insert into instructions (id, institution, trade, body, expected, next_at, created_at)
    select id, institution, trade, body, expected, clock_timestamp() + ${leaseSeconds} * interval '1 second', clock_timestamp()
    from unnest(${uuidArray(instructions.map(({ id }) => id))}::uuid[],
      ${uuidArray(instructions.map(({ institution }) => institution))}::uuid[],
      ${bigintArray(instructions.map(({ trade }) => trade))}::bigint[],
      ${jsonArray(instructions.map(({ body }) => JSON.stringify(body)))}::json[],
      ${jsonArray(instructions.map(({ expected }) => (expected === null ? null : JSON.stringify(expected))))}::json[])
      as new (id, institution, trade, body, expected)`);
}

/** Instructions whose turn it is, now this caller's for the length of a lease. Longest waiting first. */
export function claimInstructions(client: Client, limit: number): Promise<WaitingInstruction[]> {
  return client.query<WaitingInstruction>(sql`
    update instructions set attempts = attempts + 1,
      next_at = clock_timestamp() + ${leaseSeconds} * interval '1 second'
    where id = any(array(
      select id from instructions where next_at <= clock_timestamp() order by next_at limit ${limit}
      for update skip locked))
    returning id, institution, trade, body, expected, attempts`);
}

/** Lets instructions that got no answer wait for a while; until the lease after it they stay with their process. */
export function postponeInstructions(
  client: Client,
  waits: readonly { id: string; milliseconds: number }[],
): Promise<number> {
  const ids = uuidArray(waits.map(({ id }) => id));
  return client.execute(sql`
    update instructions set attempts = attempts + 1, next_at = clock_timestamp()
      + new.milliseconds * interval '1 millisecond' + ${leaseSeconds} * interval '1 second'
    from unnest(${ids}::uuid[],
      ${intArray(waits.map(({ milliseconds }) => milliseconds))}::int[]) as new (id, milliseconds)
    where instructions.id = new.id and instructions.id = any(${ids}::uuid[])`);
}

/** Forgets instructions with the change that their answers have made. */
export function deleteInstructions(client: Client, ids: readonly string[]): Promise<number> {
  return client.execute(sql`delete from instructions where id = any(${uuidArray(ids)}::uuid[])`);
}

/** What waits to be answered or to arrive: how many, how many of them were sent before, and for how many seconds the oldest. */
export interface Waiting {
  waiting: number;
  retried: number;
  behind: number;
}

/** The instructions that are not answered yet; an answered one is no row any more. */
export async function countWaitingInstructions(client: Client): Promise<Waiting> {
  const [row] = await client.query<Waiting>(sql`
    select count(*)::int as waiting, count(*) filter (where attempts > 1)::int as retried,
      coalesce(greatest(0, extract(epoch from clock_timestamp() - min(created_at))), 0)::float8 as behind
    from instructions where next_at > '-infinity'`);
  return row ?? { waiting: 0, retried: 0, behind: 0 };
}
