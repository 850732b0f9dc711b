/** Answers of other servers that cannot be, kept as they were signed. */
import type { SignedReply } from "../signing/signing.ts";
import type { AnyInstruction } from "../../engines/outbox/outbox.ts";
import {
  beyondAll,
  bigintArray,
  byteArray,
  type Client,
  jsonArray,
  plainArray,
  sql,
  textArray,
  uuidArray,
} from "../../storage/database/database.ts";

export interface NewBreach {
  id: string;
  peer: string;
  instruction: string;
  trade: bigint;
  asked: AnyInstruction;
  answered: unknown;
  status: number;
  signed: SignedReply;
}

export interface BreachRow extends Omit<NewBreach, "signed"> {
  requestSignature: string;
  fields: SignedReply["fields"];
  reply: Buffer;
  at: Date;
  lookedAt: Date | null;
  lookedBy: string | null;
}

export async function insertBreaches(client: Client, breaches: readonly NewBreach[]): Promise<void> {
  await client.execute(sql`
    insert into breaches (id, peer, instruction, trade, asked, answered, request_signature, status, fields, reply, at)
    select *, kenshu_now()
    from unnest(${uuidArray(breaches.map(({ id }) => id))}::uuid[],
      ${uuidArray(breaches.map(({ peer }) => peer))}::uuid[],
      ${uuidArray(breaches.map(({ instruction }) => instruction))}::uuid[],
      ${bigintArray(breaches.map(({ trade }) => trade))}::bigint[],
      ${jsonArray(breaches.map(({ asked }) => JSON.stringify(asked)))}::json[],
      ${jsonArray(breaches.map(({ answered }) => JSON.stringify(answered) ?? null))}::json[],
      ${textArray(breaches.map(({ signed }) => signed.requestSignature))}::text[],
      ${plainArray(breaches.map(({ status }) => status))}::smallint[],
      ${jsonArray(breaches.map(({ signed }) => JSON.stringify(signed.fields)))}::json[],
      ${byteArray(breaches.map(({ signed }) => signed.bytes))}::bytea[])`);
}

/** Whether a server has answered what cannot be, and no operator has looked yet. */
export async function isStopped(client: Client, peer: string): Promise<boolean> {
  const [row] = await client.query<{ stopped: boolean }>(sql`
    select exists (select from breaches where peer = ${peer} and looked_at is null) as stopped`);
  return row?.stopped === true;
}

export async function countStopped(client: Client): Promise<number> {
  const [row] = await client.query<{ count: number }>(sql`
    select count(distinct peer)::int as count from breaches where looked_at is null`);
  return row?.count ?? 0;
}

/** Breaches of a server, newest first; `after` is the id of the last one seen. */
export function listBreaches(
  client: Client,
  peer: string,
  limit: number,
  after: string = beyondAll,
): Promise<BreachRow[]> {
  return client.query<BreachRow>(sql`
    select id, peer, instruction, trade, asked, answered, request_signature as "requestSignature", status::int as status,
      fields, reply, at, looked_at as "lookedAt", looked_by as "lookedBy"
    from breaches where peer = ${peer} and id < ${after} order by id desc limit ${limit}`);
}

/** Notes that an operator has looked at all breaches of a server; answers how many were open. */
export function noteLooked(client: Client, peer: string, operator: string): Promise<number> {
  return client.execute(sql`
    update breaches set looked_at = kenshu_now(), looked_by = ${operator}
    where peer = ${peer} and looked_at is null`);
}
