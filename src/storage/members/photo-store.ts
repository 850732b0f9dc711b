/** Photos that people and shops put to what they say of goods, each sealed under a key of its own until it is forgotten. */
import { beyondAll, type Client, sql, uuidv7 } from "../database/database.ts";
import type { WrappedKey } from "../keyring/keyring.ts";
import type { Vault } from "./vault.ts";

/** How many there may be: of one owner in one trade, whatever others have brought to it, and of one owner within a day. */
export interface PhotoBounds {
  ofOwner: number;
  aDay: number;
}

export interface NewPhoto {
  trade: bigint;
  owner: string;
  by: "buyer" | "recipient" | "shop";
  /** SHA-256 of the image. */
  digest: Buffer;
  image: Buffer;
}

export interface KeptPhoto {
  id: string;
  trade: bigint;
  owner: string;
  /** In hexadecimal. */
  digest: string;
  at: Date;
}

const placeOf = (subject: string) => ({ table: "trade_photos", column: "image", subject }) as const;

/**
 * Keeps a photo, once: of the same one that is there already nothing is changed. Answers when it was brought; undefined where there
 * would be too many. Who brings several at the same time does so one after another. `dueAfter`: an interval, after
 * which it is looked at.
 */
export async function insertPhoto(
  client: Client,
  vault: Vault,
  { trade, owner, by, digest, image }: NewPhoto,
  bounds: PhotoBounds,
  dueAfter: string,
): Promise<Date | undefined> {
  await client.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`photos by ${owner}`}, 0))`);
  const [known] = await client.query<{ at: Date }>(sql`
    select at from trade_photos where trade = ${trade} and owner = ${owner} and digest = ${digest}`);
  if (known !== undefined) return known.at;
  const [counts] = await client.query<{ ofOwner: number; aDay: number }>(sql`
    select (select count(*)::int from trade_photos where trade = ${trade} and owner = ${owner}) as "ofOwner",
      (select count(*)::int from trade_photos
        where owner = ${owner} and at > (select kenshu_now()) - interval '1 day') as "aDay"`);
  if (counts === undefined || counts.ofOwner >= bounds.ofOwner || counts.aDay >= bounds.aDay)
    return undefined;
  const id = uuidv7();
  const { key, sealed } = vault.sealBytes(placeOf(id), image);
  const [kept] = await client.query<{ at: Date }>(sql`
    with locked as (
      insert into personal_keys (subject, kek, wrapped) values (${id}, ${key.kek}, ${key.wrapped}))
    insert into trade_photos (id, trade, owner, brought_by, digest, image, at, look_at)
    select ${id}, ${trade}, ${owner}, ${by}, ${digest}, ${sealed}, now, now + ${dueAfter}::interval
    from (select kenshu_now() as now) as clock
    returning at`);
  return kept?.at;
}

/** A photo of a trade with those who brought it; undefined where there is none, or none any more. */
export async function readPhoto(
  client: Client,
  vault: Vault,
  trade: bigint,
  digest: Buffer,
): Promise<{ image: Buffer; owners: string[] } | undefined> {
  const rows = await client.query<WrappedKey & { id: string; owner: string; image: Buffer }>(sql`
    select p.id, p.owner, p.image, k.kek, k.wrapped
    from trade_photos p join personal_keys k on k.subject = p.id
    where p.trade = ${trade} and p.digest = ${digest} order by p.id`);
  const [first] = rows;
  if (first === undefined) return undefined;
  const { id, image, kek, wrapped } = first;
  return {
    image: vault.openBytes(placeOf(id), { kek, wrapped }, image),
    owners: rows.map(({ owner }) => owner),
  };
}

/** Whether the owner has brought all of these photos to the trade. */
export async function ownsPhotos(
  client: Client,
  { trade, owner, digests }: { trade: bigint; owner: string; digests: readonly Buffer[] },
): Promise<boolean> {
  const [row] = await client.query<{ count: number }>(sql`
    select count(*)::int as count from trade_photos
    where trade = ${trade} and owner = ${owner} and digest = any(${[...digests]}::bytea[])`);
  return row?.count === digests.length;
}

/** What somebody has brought and is still kept, newest first; `after` is the id of the last one seen. */
export function listPhotos(
  client: Client,
  owner: string,
  limit: number,
  after: string = beyondAll,
): Promise<KeptPhoto[]> {
  return client.query<KeptPhoto>(sql`
    select id, trade, owner, encode(digest, 'hex') as digest, at from trade_photos
    where owner = ${owner} and id < ${after} order by id desc limit ${limit}`);
}

/** Photos of which it is time to see whether they are still needed. */
export function photosToLookAt(client: Client, limit: number): Promise<KeptPhoto[]> {
  return client.query<KeptPhoto>(sql`
    select id, trade, owner, encode(digest, 'hex') as digest, at from trade_photos
    where look_at <= (select kenshu_now()) order by look_at limit ${limit}`);
}

/** They are still needed, and are looked at again after an interval. */
export function postponePhotos(client: Client, ids: readonly string[], by: string): Promise<number> {
  return client.execute(sql`
    update trade_photos set look_at = (select kenshu_now()) + ${by}::interval
    where id = any(${[...ids]}::uuid[])`);
}

/** Deletes photos, their keys first of all. */
export function dropPhotos(client: Client, ids: readonly string[]): Promise<number> {
  return client.execute(sql`
    with unlocked as (delete from personal_keys where subject = any(${[...ids]}::uuid[]))
    delete from trade_photos where id = any(${[...ids]}::uuid[])`);
}

/** Deletes what recipients of these trades have brought, who are forgotten with them. */
export function erasePhotosOfRecipients(client: Client, trades: readonly bigint[]): Promise<number> {
  return client.execute(sql`
    with gone as (
      delete from trade_photos where trade = any(${[...trades]}::bigint[]) and brought_by = 'recipient'
      returning id)
    delete from personal_keys where subject = any(array(select id from gone))`);
}
