/** The statements about the shop's staff and their sessions. */
import { type Client, sql } from "../../storage/database/database.ts";

/** What somebody of the staff may do: ship; also with money; also with staff, keys and servers. Each may what those before may. */
export const roles = ["clerk", "manager", "owner"] as const;
export type Role = (typeof roles)[number];

export interface Member {
  id: string;
  /** What they type to sign in, and by which what they do is named. */
  signIn: string;
  name: string;
  role: Role;
  madeAt: Date;
  endedAt: Date | null;
}

export type Secrets = { salt: Buffer; hash: Buffer };

/**
 * Opens a session; `member` is null for the owner of the configuration's password. False where the password that was
 * looked at is no longer theirs: the row is locked, so a change that is under way comes wholly before or wholly after.
 */
export async function openSession(
  client: Client,
  session: Buffer,
  seconds: number,
  member: { id: string; hash: Buffer } | null,
): Promise<boolean> {
  const opened =
    member === null
      ? await client.execute(sql`
          insert into staff_sessions (token_hash, expires_at)
          values (${session}, clock_timestamp() + ${seconds} * interval '1 second')`)
      : await client.execute(sql`
          insert into staff_sessions (token_hash, expires_at, member)
          select ${session}, clock_timestamp() + ${seconds} * interval '1 second', id from staff_members
          where id = ${member.id} and hash = ${member.hash} and ended_at is null for share`);
  return opened === 1;
}

/** Whose session it is, and whether it holds: not after its end, nor for somebody who works here no more. */
export interface SessionRow {
  open: boolean;
  member: string | null;
  signIn: string | null;
  name: string | null;
  role: Role | null;
}

export async function readSession(client: Client, session: Buffer): Promise<SessionRow | undefined> {
  const [row] = await client.query<SessionRow>(sql`
    select expires_at > clock_timestamp() and ended_at is null as open, member, sign_in as "signIn", name, role
    from staff_sessions left join staff_members on staff_members.id = member
    where token_hash = ${session}`);
  return row;
}

export async function endSession(client: Client, session: Buffer): Promise<void> {
  await client.execute(sql`delete from staff_sessions where token_hash = ${session}`);
}

/** Clears away sessions that ran out so long ago that nobody comes back with what they were typing. */
export async function dropOldSessions(client: Client): Promise<void> {
  await client.execute(
    sql`delete from staff_sessions where expires_at <= (select clock_timestamp()) - interval '3 days'`,
  );
}

export async function memberBySignIn(
  client: Client,
  signIn: string,
): Promise<(Member & Secrets) | undefined> {
  const [row] = await client.query<Member & Secrets>(sql`
    select id, sign_in as "signIn", name, role, made_at as "madeAt", ended_at as "endedAt", salt, hash
    from staff_members where sign_in = ${signIn} and ended_at is null`);
  return row;
}

/** Everybody who works here or has, those who do first. The owner of the configuration's password is not among them. */
export function listMembers(client: Client, limit: number): Promise<Member[]> {
  return client.query<Member>(sql`
    select id, sign_in as "signIn", name, role, made_at as "madeAt", ended_at as "endedAt" from staff_members
    order by ended_at is not null, id limit ${limit}`);
}

/** Writes somebody down; false where the name they would sign in with is, or was, somebody else's. */
export async function insertMember(
  client: Client,
  { id, signIn, name, role, salt, hash }: Omit<Member, "madeAt" | "endedAt"> & Secrets,
): Promise<boolean> {
  const written = await client.execute(sql`
    insert into staff_members (id, sign_in, name, role, salt, hash)
    values (${id}, ${signIn}, ${name}, ${role}, ${salt}, ${hash}) on conflict do nothing`);
  return written === 1;
}

/** Gives another role, from the next thing they do on. */
export async function setRole(client: Client, id: string, role: Role): Promise<boolean> {
  return (
    (await client.execute(
      sql`update staff_members set role = ${role} where id = ${id} and ended_at is null`,
    )) === 1
  );
}

/** After the account was changed, which waits for a session that is just being opened: so this one ends, too. */
async function endSessionsOf(client: Client, id: string): Promise<void> {
  await client.execute(sql`delete from staff_sessions where member = ${id}`);
}

/** Gives another password, and ends their sessions: whoever had the old one is out. */
export async function setPassword(client: Client, id: string, { salt, hash }: Secrets): Promise<boolean> {
  const changed = await client.execute(
    sql`update staff_members set salt = ${salt}, hash = ${hash} where id = ${id} and ended_at is null`,
  );
  await endSessionsOf(client, id);
  return changed === 1;
}

/** They work here no more: from now on no session and no password of theirs is any good. What they did stays theirs. */
export async function endMember(client: Client, id: string): Promise<boolean> {
  const ended = await client.execute(
    sql`update staff_members set ended_at = clock_timestamp() where id = ${id} and ended_at is null`,
  );
  await endSessionsOf(client, id);
  return ended === 1;
}
