/** Own keys, revoked keys of others, and nonces, as they are stored. All times are those of the database's real clock. */
import { type Client, sql } from "../../storage/database/database.ts";

export interface KeyRow {
  kid: string;
  /** The public half, as a JWK has it. */
  x: string;
  signsFrom: Date;
  endsAt: Date | null;
  /** Whether it signs nothing any more, and is there for the words that it has signed. */
  ended: boolean;
  /** Until when a word that it has signed may be believed, by the server's clock. */
  wordsUntil: Date | null;
  /** The time of the reading. */
  now: Date;
}

/** Lets one process at a time make keys. */
export async function lockKeys(client: Client): Promise<void> {
  await client.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('signing keys of ' || current_schema(), 0))`,
  );
}

/** What a key of this server signs; each has its own. */
export type KeyPurpose = "messages" | "log" | "witness";

/**
 * The keys for messages that have not ended, the one that signs last first; behind them those that have, while words that they
 * have signed may be believed.
 */
export async function readKeys(client: Client): Promise<KeyRow[]> {
  return client.query<KeyRow>(sql`
    select kid, public_key as x, signs_from as "signsFrom", ends_at as "endsAt", words_until as "wordsUntil",
      coalesce(ends_at <= time.now, false) as ended, time.now
    from signing_keys cross join (select clock_timestamp() as now, kenshu_now() as own offset 0) as time
    where purpose = 'messages' and (ends_at is null or ends_at > time.now or words_until > time.own)
    order by ended, signs_from desc`);
}

/** Notes that a key signs a word that may be believed until then. False where it signs nothing any more. */
export async function noteWord(client: Client, kid: string, until: Date): Promise<boolean> {
  const changed = await client.execute(sql`
    update signing_keys set words_until = greatest(words_until, ${until})
    where kid = ${kid} and (ends_at is null or ends_at > clock_timestamp())`);
  return changed === 1;
}

/** Keys for messages whose public half is not entered yet, themselves sealed. */
export async function readUnnamed(client: Client): Promise<{ kid: string; key: Buffer }[]> {
  return client.query<{ kid: string; key: Buffer }>(
    sql`select kid, private_key as key from signing_keys where purpose = 'messages' and public_key is null`,
  );
}

export async function enterPublic(client: Client, kid: string, x: string): Promise<void> {
  await client.execute(sql`update signing_keys set public_key = ${x} where kid = ${kid}`);
}

/** What the time is. */
export async function readNow(client: Client): Promise<Date> {
  const [row] = await client.query<{ now: Date }>(sql`select clock_timestamp() as now`);
  if (row === undefined) throw new Error("The database did not say what time it is.");
  return row.now;
}

/** Seals the keys that were kept in clear. */
export async function sealClearKeys(
  client: Client,
  seal: (kid: string, clear: Buffer) => Buffer,
): Promise<void> {
  const rows = await client.query<{ kid: string; key: Buffer }>(
    sql`select kid, private_key as key from signing_keys where not sealed`,
  );
  for (const { kid, key } of rows)
    await client.execute(
      sql`update signing_keys set private_key = ${seal(kid, key)}, sealed = true where kid = ${kid}`,
    );
}

/** A key itself, sealed; undefined where it has ended. */
export async function readPrivateKey(client: Client, kid: string): Promise<Buffer | undefined> {
  const [row] = await client.query<{ key: Buffer | null }>(
    sql`select private_key as key from signing_keys where kid = ${kid}`,
  );
  return row?.key ?? undefined;
}

/** The name of the one key for a purpose that has one only. */
export async function readKid(client: Client, purpose: KeyPurpose): Promise<string | undefined> {
  const [row] = await client.query<{ kid: string }>(
    sql`select kid from signing_keys where purpose = ${purpose}`,
  );
  return row?.kid;
}

export interface NewKey {
  kid: string;
  /** The public half, as a JWK has it. */
  x: string;
  privateKey: Buffer;
  afterMs: number;
}

/** Keeps a sealed key that signs `afterMs` from now on. */
export async function insertKey(
  client: Client,
  { kid, x, privateKey, afterMs }: NewKey,
  purpose: KeyPurpose = "messages",
): Promise<void> {
  await client.execute(sql`
    insert into signing_keys (kid, public_key, private_key, sealed, signs_from, purpose)
    values (${kid}, ${x}, ${privateKey}, true, clock_timestamp() + ${afterMs}::float8 * interval '1 ms', ${purpose})`);
}

/** Lets a key sign `afterMs` from now on, unless it does so sooner. */
export async function bringForward(client: Client, kid: string, afterMs: number): Promise<void> {
  await client.execute(sql`
    update signing_keys
    set signs_from = least(signs_from, clock_timestamp() + ${afterMs}::float8 * interval '1 ms')
    where kid = ${kid}`);
}

/** Ends all other keys `overlapMs` after this one begins to sign, unless they end sooner. */
export async function endOthers(client: Client, kid: string, overlapMs: number): Promise<void> {
  await client.execute(sql`
    update signing_keys old
    set ends_at = least(old.ends_at, new.signs_from + ${overlapMs}::float8 * interval '1 ms')
    from signing_keys new
    where new.kid = ${kid} and old.kid <> ${kid} and old.purpose = new.purpose`);
}

/** Forgets all other keys for messages, also those that are there for words alone: somebody else may have one of them. */
export async function forgetOthers(client: Client, kid: string): Promise<void> {
  await client.execute(sql`delete from signing_keys where kid <> ${kid} and purpose = 'messages'`);
}

/** Forgets keys that have ended: of those that are there for words alone the private half, of others all. */
export async function forgetEnded(client: Client): Promise<void> {
  await client.execute(sql`
    delete from signing_keys
    where ends_at <= clock_timestamp() and (words_until is null or words_until <= (select kenshu_now()))`);
  await client.execute(sql`
    update signing_keys set private_key = null
    where ends_at <= clock_timestamp() and private_key is not null and public_key is not null`);
}

export interface NonceUse {
  peer: string;
  kid: string;
  nonce: string;
  /** Seconds since 1970. */
  expires: number;
}

export interface KeyStanding {
  now: Date;
  revoked: boolean;
}

/**
 * Takes the nonces of signed requests: one statement for all that came together, no two alike. `fresh` is false where a
 * nonce was seen before. A nonce is kept only while its signature can hold, so a wrong time cannot fill the table.
 */
export async function takeNonces(
  client: Client,
  uses: readonly NonceUse[],
): Promise<(KeyStanding & { fresh: boolean })[]> {
  return client.query(sql`
    with used as (
      select * from unnest(
        ${uses.map(({ peer }) => peer)}::uuid[], ${uses.map(({ kid }) => kid)}::text[],
        ${uses.map(({ nonce }) => nonce)}::text[], ${uses.map(({ expires }) => expires)}::float8[])
        with ordinality as used (peer, kid, nonce, expires, nth)
    ), kept as (
      insert into signature_nonces (peer, nonce, expires_at)
      select peer, nonce, to_timestamp(expires) from used
      where to_timestamp(expires) between clock_timestamp() and clock_timestamp() + interval '2 minutes'
      order by peer, nonce
      on conflict do nothing
      returning peer, nonce
    )
    select clock_timestamp() as now, kept.nonce is not null as fresh,
      exists (select from revoked_peer_keys r where r.peer = used.peer and r.kid = used.kid) as revoked
    from used left join kept using (peer, nonce)
    order by nth`);
}

/** What the time is, and whether a key is revoked. */
export async function readStanding(client: Client, peer: string, kid: string): Promise<KeyStanding> {
  const [standing] = await client.query<KeyStanding>(sql`
    select clock_timestamp() as now,
      exists (select from revoked_peer_keys where peer = ${peer} and kid = ${kid}) as revoked`);
  if (standing === undefined) throw new Error("The database did not say what time it is.");
  return standing;
}

/** Deletes nonces some seconds after their signatures have expired, because clocks are read at several moments. */
export async function pruneNonces(client: Client): Promise<void> {
  // In a select of its own the time is read once: a row for which it were read anew no index could find.
  await client.execute(sql`
    delete from signature_nonces where expires_at < (select clock_timestamp() - interval '10 seconds')`);
}

/** Revokes a key of a peer, at once in every process. Answers the instant of the first revocation. */
export async function revokeKey(client: Client, peer: string, kid: string): Promise<Date> {
  const [row] = await client.query<{ at: Date }>(sql`
    insert into revoked_peer_keys (peer, kid, revoked_at) values (${peer}, ${kid}, clock_timestamp())
    on conflict (peer, kid) do update set revoked_at = revoked_peer_keys.revoked_at
    returning revoked_at as at`);
  if (row === undefined) throw new Error("The revocation was not written.");
  return row.at;
}

/** The revoked keys of all peers. */
export async function readRevoked(client: Client): Promise<{ peer: string; kid: string; at: Date }[]> {
  return client.query(sql`select peer, kid, revoked_at as at from revoked_peer_keys order by peer, kid`);
}
