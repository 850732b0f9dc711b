/** What members have let shops read: names of fields and times. */
import { beyondAll, type Client, sql } from "../../storage/database/database.ts";
import type { PersonalField } from "../../core/protocol/protocol.ts";

export interface DisclosureRow {
  id: string;
  shop: string;
  fields: PersonalField[];
  until: Date;
  createdAt: Date;
  fetchedAt: Date | null;
  revokedAt: Date | null;
}

export interface NewDisclosure {
  id: string;
  person: string;
  shop: string;
  fields: PersonalField[];
  tokenHash: Buffer;
  until: Date;
}

export async function insertDisclosure(client: Client, given: NewDisclosure): Promise<void> {
  await client.execute(sql`
    insert into disclosures (id, person, shop, fields, token_hash, until, created_at)
    values (${given.id}, ${given.person}, ${given.shop}, ${given.fields}::text[], ${given.tokenHash},
      ${given.until}, kenshu_now())`);
}

/** Takes a disclosure for its shop. Of several requests with the token at the same time, one gets it. */
export async function takeDisclosure(
  client: Client,
  shop: string,
  tokenHash: Buffer,
): Promise<{ id: string; person: string; fields: PersonalField[]; fetchedAt: Date } | undefined> {
  const [row] = await client.query<{
    id: string;
    person: string;
    fields: PersonalField[];
    fetchedAt: Date;
  }>(sql`
    update disclosures set fetched_at = kenshu_now()
    where token_hash = ${tokenHash} and shop = ${shop} and fetched_at is null and revoked_at is null
      and until > kenshu_now()
    returning id, person, fields, fetched_at as "fetchedAt"`);
  return row;
}

/** A member's record, newest first; `after` is the id of the last one seen. */
export function listDisclosures(
  client: Client,
  person: string,
  limit: number,
  after: string = beyondAll,
): Promise<DisclosureRow[]> {
  return client.query<DisclosureRow>(sql`
    select id, shop, fields, until, created_at as "createdAt", fetched_at as "fetchedAt",
      revoked_at as "revokedAt"
    from disclosures where person = ${person} and id < ${after} order by id desc limit ${limit}`);
}

/** Takes a disclosure back; the shop keeps what it has fetched. False where the person gave no such disclosure. */
export async function revokeDisclosure(client: Client, person: string, id: string): Promise<boolean> {
  const touched = await client.execute(sql`
    update disclosures set revoked_at = coalesce(revoked_at, kenshu_now()) where id = ${id} and person = ${person}`);
  return touched === 1;
}
