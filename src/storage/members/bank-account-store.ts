/** Accounts at banks to which accounts of the ledger are paid out, sealed as what is known of people is. */
import { type Client, conflict, sql } from "../database/database.ts";
import type { WrappedKey } from "../keyring/keyring.ts";
import type { Vault } from "./vault.ts";

/** As it stands in files for banks; `bankLabel` and `branchLabel` are what people call the two. */
export interface BankDetails {
  bank: string;
  bankName: string;
  bankLabel: string;
  branch: string;
  branchName: string;
  branchLabel: string;
  kind: "ordinary" | "current";
  number: string;
  holder: string;
}

export interface BankAccountRow {
  id: string;
  account: string;
  state: "asked" | "named" | "ended";
  /** Before that nothing is paid out to it. */
  usableFrom: Date;
  isUsable: boolean;
  details: BankDetails;
}

interface NewBankAccount {
  id: string;
  account: string;
  /** `ended`: for one payout, and named by nobody who owns the account. */
  state: "asked" | "named" | "ended";
  details: BankDetails;
  /** Hours until it can be used. */
  hours: number;
}

/** Enters it; a former one of the same state has to have ended. Where another was entered meanwhile, the transaction begins anew. */
export async function insertBankAccount(client: Client, vault: Vault, wish: NewBankAccount): Promise<void> {
  const { id, account, state, details, hours } = wish;
  const { key, sealed } = vault.seal("bank_accounts", id, {
    details: JSON.stringify({ account, ...details }),
  });
  const entered = await client.execute(sql`
    with locked as (
      insert into personal_keys (subject, kek, wrapped) values (${id}, ${key.kek}, ${key.wrapped}))
    insert into bank_accounts (id, account, details, state, usable_from, created_at, ended_at)
    select ${id}, ${account}, ${sealed.details}, ${state}, now + make_interval(hours => ${hours}::integer), now,
      case when ${state} = 'ended' then now end
    from (select kenshu_now() as now) as clock
    on conflict do nothing`);
  if (entered === 0) throw conflict(`Another bank account was named for ${account} a moment ago.`);
}

type Sealed = WrappedKey & Omit<BankAccountRow, "details"> & { details: Buffer };

const columns = `b.id, b.account, b.state, b.usable_from as "usableFrom", b.usable_from <= kenshu_now() as "isUsable",
  b.details, k.kek, k.wrapped`;
const from = `from bank_accounts b
  cross join lateral (select kek, wrapped from personal_keys where subject = b.id limit 1) k`;

/** Throws where a row says that it is of another account than the one for which it was sealed. */
function opened(vault: Vault, { kek, wrapped, details: sealed, ...row }: Sealed): BankAccountRow {
  const { details } = vault.open("bank_accounts", row.id, { kek, wrapped }, { details: sealed });
  const { account, ...rest } = JSON.parse(details ?? "{}") as BankDetails & { account: string };
  if (account !== row.account) throw new Error(`The bank account ${row.id} was sealed for another account.`);
  return { ...row, details: rest };
}

/** Locks the one to which an account is paid out, or that operators are about to name; it does not change until the end. */
export async function lockBankAccount(
  client: Client,
  vault: Vault,
  account: string,
  state: "asked" | "named" = "named",
): Promise<BankAccountRow | undefined> {
  const text = `select ${columns} ${from} where b.account = $1 and b.state = $2 for update of b`;
  const [row] = await client.query<Sealed>({ name: "bank_account_locked", text, values: [account, state] });
  return row && opened(vault, row);
}

export async function readBankAccount(
  client: Client,
  vault: Vault,
  account: string,
  state: "asked" | "named" = "named",
): Promise<BankAccountRow | undefined> {
  const text = `select ${columns} ${from} where b.account = $1 and b.state = $2`;
  const [row] = await client.query<Sealed>({ name: "bank_account", text, values: [account, state] });
  return row && opened(vault, row);
}

/** Those with these ids, by id; whoever has been erased is not among them. */
export async function readBankAccounts(
  client: Client,
  vault: Vault,
  ids: readonly string[],
): Promise<Map<string, BankAccountRow>> {
  const text = `select ${columns} ${from} where b.id = any($1::uuid[])`;
  const rows = await client.query<Sealed>({ name: "bank_accounts", text, values: [[...new Set(ids)]] });
  return new Map(rows.map((row) => [row.id, opened(vault, row)]));
}

/** What was asked for counts from now on. */
export async function nameBankAccount(client: Client, id: string): Promise<void> {
  await client.execute(sql`update bank_accounts set state = 'named' where id = ${id} and state = 'asked'`);
}

export async function endBankAccount(client: Client, id: string): Promise<void> {
  await client.execute(sql`
    update bank_accounts set state = 'ended', ended_at = kenshu_now() where id = ${id} and state <> 'ended'`);
}

/** Deletes those that ended some days ago, and what was asked for and came to nothing, with their keys; answers how many. */
export async function forgetBankAccounts(
  client: Client,
  keep: readonly string[],
  days: number,
): Promise<number> {
  const [row] = await client.query<{ count: number }>(sql`
    with over as (
      delete from bank_accounts where state <> 'named'
        and coalesce(ended_at, created_at) < (select kenshu_now()) - make_interval(days => ${days}::integer)
        and id <> all(${[...keep]}::uuid[])
      returning id),
    unlocked as (delete from personal_keys where subject = any(array(select id from over)))
    select count(*)::int as count from over`);
  return row?.count ?? 0;
}
