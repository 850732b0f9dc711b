/** Which of a guest's links works, and the sessions of recipients. The links themselves are made, and stand nowhere. */
import { type Client, sql } from "../database/database.ts";
import type { Caller } from "./callers.ts";
import { hashBytes } from "./secrets.ts";

export interface GuestLinkRow {
  person: string;
  trade: bigint;
  current: number;
}

/** The links of these guests, as far as they are not forgotten: one statement for all requests that came together. */
export async function readGuestLinks(client: Client, people: string[]): Promise<Map<string, GuestLinkRow>> {
  const rows = await client.query<GuestLinkRow>(sql`
    select l.person, l.trade, l.current from guest_links l join people p on p.id = l.person
    where l.person = any(${people}::uuid[]) and p.state = 'active'`);
  return new Map(rows.map((row) => [row.person, row]));
}

/** The number of the guest's newest link, which is the first where they had none. */
export async function giveGuestLink(client: Client, person: string, trade: bigint): Promise<number> {
  const [row] = await client.query<{ offered: number }>(sql`
    insert into guest_links (person, trade) values (${person}, ${trade})
    on conflict (person) do update set trade = excluded.trade returning offered`);
  if (row === undefined) throw new Error("A guest's link was written and has not come back.");
  return row.offered;
}

/** Opens a link and answers its trade: from now on it is the only one. Undefined where it has ended. */
export async function openGuestLink(
  client: Client,
  person: string,
  link: number,
): Promise<bigint | undefined> {
  const [row] = await client.query<{ trade: bigint }>(sql`
    update guest_links l set current = ${link} from people p
    where l.person = ${person} and ${link} in (l.current, l.offered) and p.id = l.person and p.state = 'active'
    returning l.trade`);
  return row?.trade;
}

/** Offers a new link, at most every ten minutes; or, `atOnce`, puts it in the place of the present one. */
export async function renewGuestLink(
  client: Client,
  person: string,
  atOnce: boolean,
): Promise<number | undefined> {
  const [row] = await client.query<{ offered: number }>(sql`
    update guest_links set offered = offered + 1, asked_at = kenshu_now(),
      current = case when ${atOnce} then offered + 1 else current end
    where person = ${person} and (${atOnce} or asked_at is null or asked_at < kenshu_now() - interval '10 minutes')
    returning offered`);
  return row?.offered;
}

/** The recipients of trades who are known by the sessions with these hashes. */
export async function readRecipients(client: Client, hashes: string[]): Promise<Map<string, Caller>> {
  const rows = await client.query<{ hash: string; recipient: string; trade: bigint }>(sql`
    select encode(hash, 'hex') as hash, recipient, trade from recipient_sessions
    where hash = any(${hashes.map(hashBytes)}::bytea[]) and expires_at > clock_timestamp()`);
  return new Map(
    rows.map(({ hash, recipient, trade }) => {
      const number = String(trade);
      const credential = { kind: "session", id: number } as const;
      return [hash, { kind: "recipient", id: recipient, name: null, credential, trade: number }];
    }),
  );
}

/** Opens a recipient's session and answers when it ends. Sweeps some that have run out. */
export async function insertRecipientSession(
  client: Client,
  session: { hash: string; recipient: string; trade: bigint; lifetimeMs: number },
): Promise<Date> {
  await client.execute(sql`
    delete from recipient_sessions where hash in
      (select hash from recipient_sessions where expires_at < clock_timestamp() limit 200 for update skip locked)`);
  const [row] = await client.query<{ expiresAt: Date }>(sql`
    insert into recipient_sessions (hash, recipient, trade, expires_at)
    values (${hashBytes(session.hash)}, ${session.recipient}, ${session.trade},
      clock_timestamp() + make_interval(secs => ${session.lifetimeMs}::double precision / 1000))
    returning expires_at as "expiresAt"`);
  if (row === undefined) throw new Error("A session that was inserted has come back without its end.");
  return row.expiresAt;
}
