/** What owners of endpoints are told in a database: read where it waits to be sent. */
import { insertEndpoint, type WebhookOwnerKind } from "../../../src/engines/outbox/outbox.ts";
import { type Database, rawSql, uuidv7 } from "../../../src/storage/database/database.ts";

export interface Told {
  type: string;
  trade: string | null;
  data: Record<string, unknown>;
}

/** Has an owner be told; answers what has come since the last time this was asked, the oldest first. */
export async function listening(
  database: Database,
  owner: string,
  types: readonly string[] = ["*"],
  ownerKind: WebhookOwnerKind = "shop",
): Promise<() => Promise<Told[]>> {
  const id = uuidv7();
  const at = { url: "https://shop.example/told", types, perRequest: 1, sealed: Buffer.alloc(32) };
  await insertEndpoint(database, { id, ownerKind, owner, ...at });
  let last = "00000000-0000-0000-0000-000000000000";
  return async () => {
    const rows = await database.query<{ id: string; type: string; trade: string | null; payload: string }>(
      rawSql(
        `select id, type, trade::text, payload from webhook_deliveries where endpoint = $1 and id > $2 order by id`,
        [id, last],
      ),
    );
    last = rows.at(-1)?.id ?? last;
    return rows.map(({ type, trade, payload }) => {
      const { data } = JSON.parse(payload) as { data: Record<string, unknown> };
      return { type, trade, data };
    });
  };
}
