import { type Client, plainArray, sql } from "../database/database.ts";
import type { AccountKind } from "../ledger/ledger.ts";

export type ConsentPurpose = "pay" | "receive";
/** Who gave it: a person, a shop, the peer itself for its own account, or whoever brought a voucher's code. */
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
