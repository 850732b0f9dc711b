/** Webhook endpoints: made, listed, given new secrets, and ended by their owners. */
import { type Client, sql } from "../../storage/database/database.ts";
import type { WebhookEndpoint, WebhookOwnerKind } from "./webhook-store.ts";

export interface EndpointRow extends WebhookEndpoint {
  /** The owner's name for it, if any. */
  name: string | null;
  url: string;
  /** So many messages come in one request, at most. */
  perRequest: number;
  state: "active" | "disabled";
  /** Until when the secret before the present one signs along; null where there is none. */
  oldUntil: Date | null;
  createdAt: Date;
}

export interface NewEndpoint {
  id: string;
  ownerKind: WebhookOwnerKind;
  owner: string;
  url: string;
  types: readonly string[];
  perRequest: number;
  /** Its secret, sealed by whoever signs with it. */
  sealed: Buffer;
}

/** One change of an owner's endpoints at a time, until this transaction ends: there are never more of them than are counted. */
export async function lockEndpoints(client: Client, owner: string): Promise<void> {
  await client.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`endpoints of ${owner}`}, 0))`);
}

export async function insertEndpoint(client: Client, endpoint: NewEndpoint): Promise<void> {
  const { id, ownerKind, owner, url, types, perRequest, sealed } = endpoint;
  await client.execute(sql`
    insert into webhook_endpoints (id, owner_kind, owner, url, types, per_request, secret, sealed, state, created_at)
    values (${id}, ${ownerKind}, ${owner}, ${url}, ${types}::text[], ${perRequest}, ${sealed}, true, 'active', kenshu_now())`);
}

/**
 * Enters an endpoint under a name of its owner's, or says anew where the one of that name goes and what it is told: its id and
 * secret stay. Answers its id, which is another than `id` where there was one.
 */
export async function putEndpoint(
  client: Client,
  { id, ownerKind, owner, url, types, perRequest, sealed, name }: NewEndpoint & { name: string },
): Promise<string> {
  const [row] = await client.query<{ id: string }>(sql`
    insert into webhook_endpoints (id, owner_kind, owner, url, types, per_request, secret, sealed, state, created_at, name)
    values (${id}, ${ownerKind}, ${owner}, ${url}, ${types}::text[], ${perRequest}, ${sealed}, true, 'active', kenshu_now(),
      ${name})
    on conflict (owner, name) where name is not null and state <> 'deleted'
    do update set url = excluded.url, types = excluded.types, per_request = excluded.per_request, state = 'active'
    returning id`);
  if (row === undefined) throw new Error("An endpoint was neither made nor found.");
  return row.id;
}

/** An owner's endpoints, the oldest first; those taken away are not among them. */
export function listEndpoints(client: Client, owner: string): Promise<EndpointRow[]> {
  return client.query<EndpointRow>(sql`
    select id, name, owner_kind as "ownerKind", owner, url, types, per_request::int as "perRequest", state, created_at as "createdAt",
      case when old_until > kenshu_now() then old_until end as "oldUntil"
    from webhook_endpoints where owner = ${owner} and state <> 'deleted' order by id`);
}

/** False where the owner has no such endpoint. */
export async function deleteEndpoint(client: Client, owner: string, id: string): Promise<boolean> {
  const count = await client.execute(sql`
    update webhook_endpoints set state = 'deleted' where id = ${id} and owner = ${owner} and state <> 'deleted'`);
  return count === 1;
}

/** Signs with a new secret from now on, and with the one before it too for `overlapMs`. */
export async function rotateSecret(
  client: Client,
  owner: string,
  id: string,
  next: { sealed: Buffer; overlapMs: number },
): Promise<boolean> {
  const count = await client.execute(sql`
    update webhook_endpoints set old_secret = secret, secret = ${next.sealed},
      old_until = kenshu_now() + make_interval(secs => ${next.overlapMs} / 1000.0)
    where id = ${id} and owner = ${owner} and state <> 'deleted'`);
  return count === 1;
}

/** Seals the secrets of endpoints that were kept in clear. */
export async function sealClearSecrets(
  client: Client,
  seal: (endpoint: string, clear: Buffer) => Buffer,
): Promise<void> {
  const rows = await client.query<{ id: string; secret: Buffer; old: Buffer | null }>(sql`
    select id, secret, old_secret as old from webhook_endpoints where not sealed order by id for update`);
  for (const { id, secret, old } of rows) {
    await client.execute(sql`
      update webhook_endpoints set secret = ${seal(id, secret)}, old_secret = ${old && seal(id, old)}, sealed = true
      where id = ${id}`);
  }
}

/** Its receiver has said that it is gone. */
export async function disableEndpoint(client: Client, id: string): Promise<void> {
  await client.execute(
    sql`update webhook_endpoints set state = 'disabled' where id = ${id} and state = 'active'`,
  );
}
