/** Codes that stand for a consent until the peer has taken it up, and what a peer is told of one. */
import { createHash } from "node:crypto";
import {
  bigintArray,
  type Client,
  plainArray,
  randomToken,
  readClock,
  sql,
  uuidArray,
} from "../../storage/database/database.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import { toWire } from "../../core/money/money.ts";
import type { ConsentView } from "../../core/protocol/schemas.ts";
import { atOnce, sealStored } from "../../storage/seals/seals.ts";
import { type Confirming, noteConfirming } from "../settlements/settlements.ts";
import { readConsents, type Spending } from "./store.ts";

const codeBytes = 32;
const codeMinutes = 10;

function hashOf(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}

/**
 * A code for a consent, good for ten minutes and once; only its hash is kept. With a challenge it is good for whoever shows the
 * verifier of which the challenge is the digest.
 */
export async function issueCode(
  client: Client,
  consent: string,
  challenge: string | undefined,
): Promise<string> {
  const code = `kc_${randomToken(codeBytes)}`;
  const digest = challenge === undefined ? null : Buffer.from(challenge, "base64url");
  await insertCode(client, hashOf(code), { consent, challenge: digest });
  return code;
}

/**
 * Gives a peer the consent that a code was made for, and uses the code up. Undefined where the code is not good; so is one
 * that was made without a challenge for whoever shows a verifier: it would be another's code in the place of their own.
 */
export async function exchangeCode(
  client: Client,
  peer: string,
  { code, verifier }: { code: string; verifier?: string },
): Promise<ConsentView | undefined> {
  const shown = verifier === undefined ? null : hashOf(verifier);
  const id = await takeCode(client, peer, { hash: hashOf(code), challenge: shown });
  return id === undefined ? undefined : readConsent(client, peer, id);
}

/** A consent of this peer, as it stands now. */
export async function readConsent(
  client: Client,
  peer: string,
  id: string,
): Promise<ConsentView | undefined> {
  const [consent] = await readConsents(client, [id]);
  if (consent?.peer !== peer) return undefined;
  const [[account], now] = await Promise.all([readAccounts(client, [consent.account]), readClock(client)]);
  const {
    purpose,
    currency,
    limitPerTrade,
    limitPerMonth,
    limitPerDay = null,
    until,
    revokedAt,
    standing,
  } = consent;
  const open = account !== undefined && !account.closed && standing === "good";
  return {
    consent: id,
    purpose,
    kind: account?.kind ?? "",
    currency,
    limitPerTrade: limitPerTrade === null ? null : toWire(limitPerTrade),
    limitPerMonth: limitPerMonth === null ? null : toWire(limitPerMonth),
    ...(limitPerDay === null ? {} : { limitPerDay: toWire(limitPerDay) }),
    until: until?.toISOString() ?? null,
    good: open && revokedAt === null && (until === null || until > now),
  };
}

/**
 * Takes a consent back for good, by its owner or by the peer who holds it: true where there is such a consent, also when
 * it was taken back before.
 */
export function revokeConsent(client: Client, by: string, id: string): Promise<boolean> {
  return atOnce(client, async (inside) => {
    const [consent] = await inside.query<{ over: boolean }>(sql`
      select revoked_at is not null as over from consents
      where id = ${id} and (owner = ${by} or peer = ${by}) for update`);
    if (consent?.over === false) await endConsents(inside, [id]);
    return consent !== undefined;
  });
}

async function endConsents(client: Client, ids: readonly string[]): Promise<void> {
  await client.execute(sql`
    update consents set revoked_at = kenshu_now() where id = any(${uuidArray(ids)}::uuid[])`);
  await sealStored(client, "consents", ids, 1);
}

/**
 * Takes back consents of which nothing came: all their codes have run out and none was given up. Answers how many. A code
 * that is given up at this moment is a row that is left, and keeps its consent.
 */
export function endUntaken(client: Client): Promise<number> {
  return atOnce(client, async (inside) => {
    const gone = await inside.query<{ consent: string }>(sql`
      delete from consent_codes where taken_at is null and expires_at <= (select kenshu_now()) returning consent`);
    const ids = [...new Set(gone.map(({ consent }) => consent))];
    if (ids.length === 0) return 0;
    await inside.query(
      sql`select from consents where id = any(${uuidArray(ids)}::uuid[]) order by id for update`,
    );
    const over = await inside.query<{ id: string }>(sql`
      select id from consents c where id = any(${uuidArray(ids)}::uuid[]) and revoked_at is null
        and not exists (select from consent_codes k where k.consent = c.id)
        and not exists (select from reservations r where r.payer = c.id)`);
    if (over.length > 0)
      await endConsents(
        inside,
        over.map(({ id }) => id),
      );
    return over.length;
  });
}

/** Sets above what sum the owner confirms payments; null asks for nothing. False where they have no such consent to pay. */
export function setConfirmAbove(client: Client, wish: Confirming): Promise<boolean> {
  const { id, owner, confirmAbove } = wish;
  return atOnce(client, async (inside) => {
    const changed = await inside.execute(sql`
      update consents set confirm_above = ${confirmAbove}
      where id = ${id} and owner = ${owner} and owner_kind = 'member' and purpose = 'pay'`);
    if (changed > 0) await noteConfirming(inside, wish);
    return changed > 0;
  });
}

/** How much a consent lets a peer reserve, and until when. */
export type Limits = Pick<Spending, "id" | "limitPerTrade" | "limitPerMonth" | "until">;

/**
 * Sets the limits of a consent that this transaction has locked. What was spent in a month that has gone is forgotten, since it
 * would stand above a limit that is less; when that month ended is not, since the next begins no earlier.
 */
export async function limitConsent(
  client: Client,
  { id, limitPerTrade, limitPerMonth, until }: Limits,
  counts: boolean,
): Promise<void> {
  await client.execute(sql`
    update consents set given = coalesce(given,
        json_build_object('limit_trade', limit_trade::text, 'limit_month', limit_month::text, 'until', until)),
      limit_trade = ${limitPerTrade}, limit_month = ${limitPerMonth}, until = ${until},
      month_from = case when ${counts} then month_from else month_until end, spent = case when ${counts} then spent else 0 end
    where id = ${id}`);
}

/** A consent to collect, with what was taken by it on `day` (YYYY-MM-DD), under its lock. */
export interface Collecting {
  id: string;
  limitPerDay: bigint | null;
  day: string | null;
  taken: bigint;
  until: Date | null;
  revokedAt: Date | null;
}

/** Locks consents to collect in the order of their ids, and reads what changes of them. */
export function lockCollecting(client: Client, ids: readonly string[]): Promise<Collecting[]> {
  return client.query<Collecting>(sql`
    select id, limit_day as "limitPerDay", day, taken, until, revoked_at as "revokedAt"
    from consents where id = any(${uuidArray(ids)}::uuid[]) and purpose = 'collect' order by id for update`);
}

/** Writes what was taken under consents that this transaction has locked. */
export function writeCollecting(client: Client, changed: readonly Collecting[]): Promise<number> {
  const ids = uuidArray(changed.map(({ id }) => id));
  return client.execute(sql`
    update consents set day = new.day, taken = new.taken
    from unnest(${ids}::uuid[], ${plainArray(changed.map(({ day }) => day))}::date[],
      ${bigintArray(changed.map(({ taken }) => taken))}::bigint[]) as new (id, day, taken)
    where consents.id = new.id and consents.id = any(${ids}::uuid[])`);
}

/** Keeps what a code is worth for a while. */
async function insertCode(
  client: Client,
  hash: Buffer,
  { consent, challenge }: { consent: string; challenge: Buffer | null },
): Promise<void> {
  await client.execute(sql`
    insert into consent_codes (hash, consent, challenge, expires_at)
    values (${hash}, ${consent}, ${challenge}, kenshu_now() + make_interval(mins => ${codeMinutes}))`);
}

/** Uses up a code that was made for this peer, and with this challenge; undefined where there is none that is good. */
async function takeCode(
  client: Client,
  peer: string,
  { hash, challenge }: { hash: Buffer; challenge: Buffer | null },
): Promise<string | undefined> {
  const [taken] = await client.query<{ consent: string }>(sql`
    update consent_codes k set taken_at = kenshu_now() from consents c
    where k.hash = ${hash} and k.taken_at is null and k.expires_at > kenshu_now() and c.id = k.consent
      and k.challenge is not distinct from ${challenge}::bytea and c.peer = ${peer}
    returning k.consent`);
  return taken?.consent;
}
