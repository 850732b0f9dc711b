/** What is kept beside trades: their events, where their goods go, and to whom. */
import { type Client, joinedTexts, plainArray, sql, timeArray } from "../../storage/database/database.ts";
import type { Vault, WrappedKey } from "../../storage/members/members.ts";
import type { ActorRole } from "../../core/protocol/protocol.ts";
import type { Destination } from "../../core/protocol/schemas.ts";

/** One row of the record as numbered events. */
export interface EventRow {
  seq: number;
  types: string[];
  at: Date;
  role: ActorRole;
  actor: string | null;
  data: Record<string, unknown>[] | null;
}

/** A trade's record in order, from the row that holds the event after `after`; one row holds one event at least. */
export function readEvents(client: Client, trade: string, after: number, limit: number): Promise<EventRow[]> {
  return client.query<EventRow>(sql`
    select seq, types, at, role, actor, data from trade_events
    where trade = ${trade} and seq + array_length(types, 1) - 1 > ${after} order by seq limit ${limit}`);
}

export interface NewEvents {
  number: bigint;
  trade: string;
  seq: number;
  types: string[];
  at: Date;
  role: ActorRole;
  actor: string | null;
  data: Record<string, unknown>[];
}

export function insertEvents(client: Client, events: readonly NewEvents[]): Promise<number> {
  return client.execute(sql`
    insert into trade_events (trade, seq, types, at, role, actor, data)
    select trade, seq, string_to_array(types, ' '), at, role, actor, data
    from unnest(${plainArray(events.map(({ trade }) => trade))}::uuid[], ${plainArray(events.map(({ seq }) => seq))}::int[],
      string_to_array(${joinedTexts(events.map(({ types }) => types.join(" ")))}, chr(31)), ${timeArray(events.map(({ at }) => at))}::timestamptz[],
      ${plainArray(events.map(({ role }) => role))}::text[], ${plainArray(events.map(({ actor }) => actor))}::uuid[],
      string_to_array(${joinedTexts(events.map(({ data }) => JSON.stringify(data)))}, chr(31))::json[])
      as new (trade, seq, types, at, role, actor, data)`);
}

/** Where the goods of an order go that a store is to be found for. */
export interface Route {
  trade: bigint;
  head: string;
  place: Destination;
}

/** Keeps where orders go, for those who find the stores; they forget it when there is one. */
export function insertRoutes(client: Client, routes: readonly Route[], at: Date): Promise<number> {
  const points = routes.map(({ place }) => ("at" in place ? place.at : null));
  return client.execute(sql`
    insert into routes (trade, head, postcode, latitude, longitude, due_at)
    select new.*, ${at} from unnest(${routes.map(({ trade }) => trade)}::bigint[],
      ${routes.map(({ head }) => head)}::uuid[],
      ${routes.map(({ place }) => ("postcode" in place ? place.postcode : null))}::text[],
      ${points.map((point) => point?.lat ?? null)}::int[], ${points.map((point) => point?.lng ?? null)}::int[]) as new`);
}

export interface Recipient {
  trade: string;
  name: string;
  address: string | null;
  email: string | null;
  phone: string | null;
}

/** Keeps recipients, each sealed under a key of its own that goes by the id of the trade. */
export function insertRecipients(
  client: Client,
  vault: Vault,
  recipients: readonly Recipient[],
): Promise<number> {
  const rows = recipients.map(({ trade, ...data }) => ({
    trade,
    ...vault.seal("trade_recipients", trade, data),
  }));
  return client.execute(sql`
    with locked as (
      insert into personal_keys (subject, kek, wrapped)
      select * from unnest(${rows.map(({ trade }) => trade)}::uuid[], ${rows.map(({ key }) => key.kek)}::bytea[],
        ${rows.map(({ key }) => key.wrapped)}::bytea[]))
    insert into trade_recipients (trade, name, address, email, phone)
    select * from unnest(${rows.map(({ trade }) => trade)}::uuid[], ${rows.map(({ sealed }) => sealed.name)}::bytea[],
      ${rows.map(({ sealed }) => sealed.address)}::bytea[], ${rows.map(({ sealed }) => sealed.email)}::bytea[],
      ${rows.map(({ sealed }) => sealed.phone)}::bytea[])`);
}

export function eraseRecipients(client: Client, trades: readonly string[]): Promise<number> {
  return client.execute(sql`
    with unlocked as (delete from personal_keys where subject = any(${[...trades]}::uuid[]))
    delete from trade_recipients where trade = any(${[...trades]}::uuid[])`);
}

type SealedRecipient = WrappedKey & Record<"name" | "address" | "email" | "phone", Buffer | null>;

export async function readRecipient(
  client: Client,
  vault: Vault,
  trade: string,
): Promise<Omit<Recipient, "trade"> | undefined> {
  const [row] = await client.query<SealedRecipient>(sql`
    select k.kek, k.wrapped, r.name, r.address, r.email, r.phone
    from trade_recipients r join personal_keys k on k.subject = r.trade where r.trade = ${trade}`);
  if (row === undefined) return undefined;
  const { kek, wrapped, ...sealed } = row;
  const { name, ...rest } = vault.open("trade_recipients", trade, { kek, wrapped }, sealed);
  return { ...rest, name: name ?? "" };
}
