/** What shops have said of buyers who are not known here: it fills a form, as long as nobody has answered. */
import { type Client, idFrom, sql } from "../database/database.ts";
import type { WrappedKey } from "../keyring/keyring.ts";
import type { Vault } from "./vault.ts";

const fields = ["name", "kana", "address", "email", "phone", "locale"] as const;
type Field = (typeof fields)[number];

/** What a shop has said, as far as it has. */
export type Hint = Partial<Record<Field, string>>;

export interface GuestForm extends Hint {
  trade: string;
}

/** The subject under whose key it is sealed: the trade's own id is the recipient's. */
const formOf = (trade: string) => idFrom(`form of the guest of ${trade}`);

export function insertGuestForms(client: Client, vault: Vault, forms: readonly GuestForm[]): Promise<number> {
  const rows = forms.map(({ trade, ...said }) => {
    const subject = formOf(trade);
    const { name = null, kana = null, address = null, email = null, phone = null, locale = null } = said;
    return { subject, ...vault.seal("guest_forms", subject, { name, kana, address, email, phone, locale }) };
  });
  return client.execute(sql`
    with locked as (
      insert into personal_keys (subject, kek, wrapped)
      select * from unnest(${rows.map(({ subject }) => subject)}::uuid[], ${rows.map(({ key }) => key.kek)}::bytea[],
        ${rows.map(({ key }) => key.wrapped)}::bytea[]))
    insert into guest_forms (subject, name, kana, address, email, phone, locale)
    select * from unnest(${rows.map(({ subject }) => subject)}::uuid[], ${rows.map(({ sealed }) => sealed.name)}::bytea[],
      ${rows.map(({ sealed }) => sealed.kana)}::bytea[], ${rows.map(({ sealed }) => sealed.address)}::bytea[], ${rows.map(({ sealed }) => sealed.email)}::bytea[],
      ${rows.map(({ sealed }) => sealed.phone)}::bytea[], ${rows.map(({ sealed }) => sealed.locale)}::bytea[])`);
}

export async function readGuestForm(client: Client, vault: Vault, trade: string): Promise<Hint | undefined> {
  const subject = formOf(trade);
  const [row] = await client.query<WrappedKey & Record<Field, Buffer | null>>(sql`
    select k.kek, k.wrapped, f.name, f.kana, f.address, f.email, f.phone, f.locale
    from guest_forms f join personal_keys k on k.subject = f.subject where f.subject = ${subject}`);
  if (row === undefined) return undefined;
  const { kek, wrapped, ...sealed } = row;
  const clear = vault.open("guest_forms", subject, { kek, wrapped }, sealed);
  const hint: Hint = {};
  for (const field of fields) if (clear[field] !== null) hint[field] = clear[field];
  return hint;
}

/** Erases what was said of the guests of these trades. */
export function eraseGuestForms(client: Client, trades: readonly string[]): Promise<number> {
  const forms = trades.map(formOf);
  return client.execute(sql`
    with unlocked as (delete from personal_keys where subject = any(${forms}::uuid[]))
    delete from guest_forms where subject = any(${forms}::uuid[])`);
}
