/** Mails about sign-ins, each with the address to which it goes, sealed until it is forgotten. */
import { type Client, sql } from "../database/database.ts";
import type { WrappedKey } from "../keyring/keyring.ts";
import type { PersonLanguage } from "./kinds.ts";
import type { Vault } from "./vault.ts";

/** `reset`, `invited` and `confirm` hold a secret; the others tell what was changed. */
type LetterKind =
  | "reset"
  | "confirm"
  | "password"
  | "profile"
  | "moved"
  | "bank account"
  | "passkey"
  | "applied"
  | "admitted"
  | "joined"
  | "erased"
  | "return address"
  | "invited"
  | "team"
  | "credit granted"
  | "credit refused";

export interface Letter {
  id: string;
  /** Whom it concerns; null where somebody who is not known asks for a new password. */
  subject: string | null;
  kind: LetterKind;
  email: string;
  language: PersonLanguage | null;
  /** The change of the address that it is about. */
  about: string | null;
}

export async function insertLetter(
  client: Client,
  vault: Vault,
  letter: Letter & { minutes: number },
): Promise<void> {
  const { id, subject, kind, email, language, about, minutes } = letter;
  const { key, sealed } = vault.seal("letters", id, { email });
  await client.execute(sql`
    with locked as (
      insert into personal_keys (subject, kek, wrapped) values (${id}, ${key.kek}, ${key.wrapped}))
    insert into letters (id, subject, kind, email, language, about, created_at, until)
    select ${id}, ${subject}, ${kind}, ${sealed.email}, ${language}, ${about}, now,
      now + make_interval(mins => ${minutes}::integer)
    from (select kenshu_now() as now) as clock`);
}

/** A letter as long as what it says holds. */
export async function readLetter(client: Client, vault: Vault, id: string): Promise<Letter | undefined> {
  const [row] = await client.query<WrappedKey & Omit<Letter, "email"> & { email: Buffer }>(sql`
    select l.id, l.subject, l.kind, l.email, l.language, l.about, k.kek, k.wrapped
    from letters l cross join lateral (select kek, wrapped from personal_keys where subject = l.id limit 1) k
    where l.id = ${id} and l.until > kenshu_now()`);
  if (row === undefined) return undefined;
  const { kek, wrapped, email: sealed, ...rest } = row;
  const { email } = vault.open("letters", id, { kek, wrapped }, { email: sealed });
  return email === null ? undefined : { ...rest, email };
}

/** Takes back what was written to somebody of a kind: a mail that was not sent yet is not sent, and what it leads to has ended. */
export async function dropLetters(client: Client, subject: string, kind: LetterKind): Promise<void> {
  await client.execute(sql`
    with gone as (delete from letters where subject = ${subject} and kind = ${kind} returning id)
    delete from personal_keys where subject = any(array(select id from gone))`);
}

/** Deletes letters, and changes of addresses, whose time is over; answers how many. */
export async function forgetLetters(client: Client): Promise<number> {
  const [row] = await client.query<{ count: number }>(sql`
    with over as (delete from letters where until < kenshu_now() returning id),
    changes as (delete from email_changes where until < kenshu_now() returning id),
    gone as (select id from over union all select id from changes),
    unlocked as (delete from personal_keys where subject = any(array(select id from gone)))
    select count(*)::int as count from gone`);
  return row?.count ?? 0;
}
