/** Changes of e-mail addresses: one for a person at a time, asked for, then made, then for some days to be taken back. */
import { type Client, sql } from "../database/database.ts";
import type { WrappedKey } from "../keyring/keyring.ts";
import type { Vault } from "./vault.ts";

/** Of the sign-in: while the change is asked for, the password under the new address; once it is made, what was before. */
export interface SignInBefore {
  passwordHash: string | null;
  address: Buffer | null;
  mailbox: Buffer | null;
}

export interface EmailChange extends SignInBefore {
  id: string;
  person: string;
  state: "asked" | "made";
  login: string | null;
  /** The address that is wished for; once the change is made, the former one. */
  email: string;
  byOperator: boolean;
  /** Wrong codes that were typed. */
  wrong: number;
  /** Its time is over. */
  over: boolean;
  until: Date;
}

export type NewEmailChange = Omit<EmailChange, "wrong" | "over" | "until"> & { minutes: number };

/** Enters a change in place of any other of this person's. */
export async function writeEmailChange(client: Client, vault: Vault, change: NewEmailChange): Promise<void> {
  await dropEmailChange(client, change.person);
  const { id, person, state, login, email, passwordHash, address, mailbox, byOperator, minutes } = change;
  const { key, sealed } = vault.seal("email_changes", id, { email });
  await client.execute(sql`
    with locked as (
      insert into personal_keys (subject, kek, wrapped) values (${id}, ${key.kek}, ${key.wrapped}))
    insert into email_changes (id, person, state, login, email, password_hash, address_hmac, mailbox_hmac, by_operator,
      created_at, until)
    select ${id}, ${person}, ${state}, ${login}, ${sealed.email}, ${passwordHash}, ${address}, ${mailbox}, ${byOperator},
      now, now + make_interval(mins => ${minutes}::integer)
    from (select kenshu_now() as now) as clock`);
}

/** Forgets a person's change, with the address. */
export async function dropEmailChange(client: Client, person: string): Promise<void> {
  await client.execute(sql`
    with gone as (delete from email_changes where person = ${person} returning id)
    delete from personal_keys where subject = any(array(select id from gone))`);
}

type Sealed = WrappedKey & Omit<EmailChange, "email"> & { email: Buffer };

const columns = `c.id, c.person, c.state, c.login, c.email, c.password_hash as "passwordHash", c.address_hmac as address,
  c.mailbox_hmac as mailbox, c.by_operator as "byOperator", c.wrong, c.until, c.until <= kenshu_now() as over,
  k.kek, k.wrapped`;
// The key is read for each row: a plan that was made while the tables were empty walks neither of them.
const from = `from email_changes c
  cross join lateral (select kek, wrapped from personal_keys where subject = c.id limit 1) k`;

function opened(vault: Vault, row: Sealed | undefined): EmailChange | undefined {
  if (row === undefined) return undefined;
  const { kek, wrapped, email: sealed, ...rest } = row;
  const { email } = vault.open("email_changes", row.id, { kek, wrapped }, { email: sealed });
  return email === null ? undefined : { ...rest, email };
}

export async function readEmailChange(
  client: Client,
  vault: Vault,
  id: string,
): Promise<EmailChange | undefined> {
  const text = `select ${columns} ${from} where c.id = $1`;
  const [row] = await client.query<Sealed>({ name: "email_change", text, values: [id] });
  return opened(vault, row);
}

/** The change of a person, locked: of any number of codes that come at once, one after the other is looked at. */
export async function lockEmailChange(
  client: Client,
  vault: Vault,
  person: string,
): Promise<EmailChange | undefined> {
  const text = `select ${columns} ${from} where c.person = $1 for update of c`;
  const [row] = await client.query<Sealed>({ name: "email_change_locked", text, values: [person] });
  return opened(vault, row);
}

export async function countWrongEmailCode(client: Client, id: string): Promise<void> {
  await client.execute(sql`update email_changes set wrong = wrong + 1 where id = ${id}`);
}

/** The address that two operators are about to give a person: it stands nowhere else, so the second one reads it here. */
export async function readAskedEmail(
  client: Client,
  vault: Vault,
  person: string,
): Promise<{ emailAsked?: string }> {
  const change = await lockEmailChange(client, vault, person);
  const waits = change?.state === "asked" && change.byOperator && !change.over;
  return waits ? { emailAsked: change.email } : {};
}
