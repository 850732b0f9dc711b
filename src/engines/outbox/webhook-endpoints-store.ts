/** Webhook endpoints: made, listed, given new secrets, and ended by their owners. */
import { type Client, sql } from "../../storage/database/database.ts";
import type { WebhookEndpoint, WebhookOwnerKind } from "./webhook-store.ts";

export interface EndpointRow extends WebhookEndpoint {
  url: string;
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
  secret: Buffer;
}

export async function insertEndpoint(client: Client, endpoint: NewEndpoint): Promise<void> {
  const { id, ownerKind, owner, url, types, secret } = endpoint;
  await client.execute(sql`
    insert into webhook_endpoints (id, owner_kind, owner, url, types, secret, state, created_at)
    values (${id}, ${ownerKind}, ${owner}, ${url}, ${types}::text[], ${secret}, 'active', kenshu_now())`);
}

/** An owner's endpoints, the oldest first; those taken away are not among them. */
export function listEndpoints(client: Client, owner: string): Promise<EndpointRow[]> {
  return client.query<EndpointRow>(sql`
    select id, owner_kind as "ownerKind", owner, url, types, state, created_at as "createdAt",
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
  next: { secret: Buffer; overlapMs: number },
): Promise<boolean> {
  const count = await client.execute(sql`
    update webhook_endpoints set old_secret = secret, secret = ${next.secret},
      old_until = kenshu_now() + make_interval(secs => ${next.overlapMs} / 1000.0)
    where id = ${id} and owner = ${owner} and state <> 'deleted'`);
  return count === 1;
}

/** Its receiver has said that it is gone. */
export async function disableEndpoint(client: Client, id: string): Promise<void> {
  await client.execute(
    sql`update webhook_endpoints set state = 'disabled' where id = ${id} and state = 'active'`,
  );
}
