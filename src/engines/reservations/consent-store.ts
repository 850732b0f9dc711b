import { beyondAll, type Client, plainArray, sql } from "../../storage/database/database.ts";
import type { AccountKind } from "../../storage/ledger/ledger.ts";

export type ConsentPurpose = "pay" | "receive";
/** Who gave it: a person, a shop, the peer itself for its own account, or a bearer of a voucher's code. */
export type ConsentOwner = "member" | "shop" | "peer" | "bearer";

/** The leave of an account's owner that a peer may use it (paragraph 0046). Amounts are minor units. */
export interface Consent {
  id: string;
  peer: string;
  account: string;
  purpose: ConsentPurpose;
  own: boolean;
  ownerKind: ConsentOwner;
  owner: string | null;
  currency: string;
  limitPerTrade: bigint | null;
  limitPerMonth: bigint | null;
  /** The first day of the month in which `spent` was reserved, as YYYY-MM-DD in UTC. */
  month: string | null;
  spent: bigint;
  until: Date | null;
  revokedAt: Date | null;
}

/** Whether the owner may take part in anything new. */
export type Standing = "good" | "member" | "shop";

export interface StandingConsent extends Consent {
  /** `member` or `shop`: whose state does not allow anything new. */
  standing: Standing;
}

/** Consents with what their owners are allowed, by id; unlocked: what they say of accounts never changes. */
export function readConsents(client: Client, ids: readonly string[]): Promise<StandingConsent[]> {
  return client.query<StandingConsent>(sql`
    select c.id, c.peer, c.account, c.purpose, c.own, c.owner_kind as "ownerKind", c.owner, c.currency,
      c.limit_trade as "limitPerTrade", c.limit_month as "limitPerMonth", c.month, c.spent, c.until,
      c.revoked_at as "revokedAt",
      case when person.state <> 'active' then 'member' when shop.state <> 'approved' then 'shop' else 'good' end
        as standing
    from consents c left join people person on c.owner_kind = 'member' and person.id = c.owner
      left join parties shop on c.owner_kind = 'shop' and shop.id = c.owner
    where c.id = any(${plainArray(ids)}::uuid[])`);
}

/** What changes of a consent. */
export type Spending = Pick<Consent, "id" | "limitPerMonth" | "month" | "spent" | "until" | "revokedAt">;

/** Locks consents in the order of their ids, and reads what changes of them. */
export function lockConsents(client: Client, ids: readonly string[]): Promise<Spending[]> {
  return client.query<Spending>(sql`
    select id, limit_month as "limitPerMonth", month, spent, until, revoked_at as "revokedAt"
    from consents where id = any(${plainArray(ids)}::uuid[]) order by id for update`);
}

/** Writes what has been reserved under consents that this transaction has locked. */
export function writeSpending(client: Client, changed: readonly Spending[]): Promise<number> {
  return client.execute(sql`
    update consents set month = new.month, spent = new.spent
    from unnest(${plainArray(changed.map(({ id }) => id))}::uuid[],
      ${plainArray(changed.map(({ month }) => month))}::date[],
      ${plainArray(changed.map(({ spent }) => spent))}::bigint[]) as new (id, month, spent)
    where consents.id = new.id`);
}

export type NewConsent = Omit<Consent, "month" | "spent" | "revokedAt">;

/** Enters consents. One that is there already stays as it is. */
export async function insertConsents(client: Client, consents: readonly NewConsent[]): Promise<void> {
  const of = <K extends keyof NewConsent>(name: K) => consents.map((consent) => consent[name]);
  await client.execute(sql`
    insert into consents (id, peer, account, purpose, own, owner_kind, owner, currency, limit_trade, limit_month,
      until, created_at)
    select new.*, kenshu_now()
    from unnest(${of("id")}::uuid[], ${of("peer")}::uuid[], ${of("account")}::uuid[], ${of("purpose")}::text[],
      ${of("own")}::boolean[], ${of("ownerKind")}::text[], ${of("owner")}::uuid[], ${of("currency")}::text[],
      ${of("limitPerTrade")}::bigint[], ${of("limitPerMonth")}::bigint[], ${of("until")}::timestamptz[]) as new
    on conflict (id) do nothing`);
}

/** What a consent is to its owner. */
export interface OwnedConsent extends Consent {
  kind: AccountKind;
  createdAt: Date;
}

/** The consents of an owner, newest first; `after` is the id of the last one seen. */
export function listConsents(
  client: Client,
  owner: string,
  limit: number,
  after = beyondAll,
): Promise<OwnedConsent[]> {
  return client.query<OwnedConsent>(sql`
    select c.id, c.peer, c.account, c.purpose, c.own, c.owner_kind as "ownerKind", c.owner, c.currency,
      c.limit_trade as "limitPerTrade", c.limit_month as "limitPerMonth", c.month,
      case when c.month = date_trunc('month', kenshu_now())::date then c.spent else 0 end as spent, c.until,
      c.revoked_at as "revokedAt", a.kind, c.created_at as "createdAt"
    from consents c join accounts a on a.id = c.account
    where c.owner = ${owner} and c.id < ${after} order by c.id desc limit ${limit}`);
}

/** Takes a consent back for good: true where the owner has such a consent, also when it was taken back before. */
export async function revokeConsent(client: Client, owner: string, id: string): Promise<boolean> {
  const revoked = await client.execute(sql`
    update consents set revoked_at = coalesce(revoked_at, kenshu_now()) where id = ${id} and owner = ${owner}`);
  return revoked === 1;
}

/** Keeps what a code is worth for a while; codes that have run out are cleared away. */
export async function insertCode(
  client: Client,
  hash: Buffer,
  consent: string,
  minutes: number,
): Promise<void> {
  await client.execute(sql`delete from consent_codes where expires_at <= (select kenshu_now())`);
  await client.execute(sql`
    insert into consent_codes (hash, consent, expires_at)
    values (${hash}, ${consent}, kenshu_now() + make_interval(mins => ${minutes}))`);
}

/** Uses up a code that was made for this peer; undefined where there is none that is good. */
export async function takeCode(client: Client, peer: string, hash: Buffer): Promise<string | undefined> {
  const [taken] = await client.query<{ consent: string }>(sql`
    delete from consent_codes k using consents c
    where k.hash = ${hash} and k.expires_at > kenshu_now() and c.id = k.consent and c.peer = ${peer}
    returning k.consent`);
  return taken?.consent;
}
