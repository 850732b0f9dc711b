/** The people of a shop: who they are, sealed, and what each may do. Their sign-ins are kept where all are. */
import { type Client, sql } from "../database/database.ts";
import type { ShopRole } from "../identity/identity.ts";
import { insertKeys, readKeys, type Vault } from "../members/members.ts";

export type ShopPersonState = "invited" | "active" | "removed";

export interface ShopPersonRow {
  id: string;
  shop: string;
  role: ShopRole;
  /** `invited`: no password opens their sign-in yet. */
  state: ShopPersonState;
  /** Kept of whoever was removed, too: the record says who it was. */
  name: string;
  /** Null of whoever was removed. */
  email: string | null;
  createdAt: Date;
}

const tableName = "shop_people";
const columns = `id, shop, role, state, name, email, created_at as "createdAt"`;

type Stored = Omit<ShopPersonRow, "name" | "email"> & { name: Buffer; email: Buffer | null };

async function opened(client: Client, vault: Vault, rows: readonly Stored[]): Promise<ShopPersonRow[]> {
  const keys = await readKeys(
    client,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ name: sealedName, email: sealedEmail, ...row }) => {
    const key = keys.get(row.id);
    if (key === undefined) return [];
    const { name, email } = vault.open(tableName, row.id, key, { name: sealedName, email: sealedEmail });
    return name === null ? [] : [{ ...row, name, email }];
  });
}

export interface NewShopPerson extends Pick<ShopPersonRow, "id" | "shop" | "role" | "name"> {
  email: string;
  /** The digest of the mailbox to which the address leads. */
  mailbox: Buffer;
}

/** Lets one transaction at a time change the people of a shop. */
export async function lockTeam(client: Client, shop: string): Promise<void> {
  await client.query(sql`select pg_advisory_xact_lock(hashtextextended('team of ' || ${shop}::text, 0))`);
}

/** Enters somebody who was invited; false where somebody with that mailbox is there. */
export async function insertShopPerson(client: Client, vault: Vault, wish: NewShopPerson): Promise<boolean> {
  const { id, shop, role, name, email, mailbox } = wish;
  const { key, sealed } = vault.seal(tableName, id, { name, email });
  const entered = await client.execute(sql`
    insert into shop_people (id, shop, role, state, name, email, mailbox_hmac, created_at)
    values (${id}, ${shop}, ${role}, 'invited', ${sealed.name}, ${sealed.email}, ${mailbox}, kenshu_now())
    on conflict do nothing`);
  if (entered === 0) return false;
  await insertKeys(client, [{ subject: id, ...key }]);
  return true;
}

/** Somebody of a shop; of another shop's nothing. */
export async function readShopPerson(
  client: Client,
  vault: Vault,
  { shop, id }: { shop: string; id: string },
): Promise<ShopPersonRow | undefined> {
  const text = `select ${columns} from shop_people where id = $1 and shop = $2`;
  const rows = await client.query<Stored>({ name: "shop_person", text, values: [id, shop] });
  return (await opened(client, vault, rows))[0];
}

/** Where somebody of a shop is reached, by their id; undefined once they were removed. */
export async function readShopPersonEmail(
  client: Client,
  vault: Vault,
  id: string,
): Promise<string | undefined> {
  const text = `select ${columns} from shop_people where id = $1`;
  const rows = await client.query<Stored>({ name: "shop_person_email", text, values: [id] });
  return (await opened(client, vault, rows))[0]?.email ?? undefined;
}

/** The people of a shop who are there, in the order in which they came; `after` is the id of the last one seen. */
export async function listShopPeople(
  client: Client,
  vault: Vault,
  { shop, limit, after }: { shop: string; limit: number; after: string | undefined },
): Promise<ShopPersonRow[]> {
  const text = `select ${columns} from shop_people
    where shop = $1 and state <> 'removed' and id > $2 order by id limit $3`;
  const first = "00000000-0000-0000-0000-000000000000";
  return opened(
    client,
    vault,
    await client.query<Stored>({ name: "shop_people", text, values: [shop, after ?? first, limit] }),
  );
}

/** What these people of a shop are called, removed ones too. */
export async function namesOfShopPeople(
  client: Client,
  vault: Vault,
  { shop, ids }: { shop: string; ids: readonly string[] },
): Promise<Map<string, string>> {
  const text = `select ${columns} from shop_people where shop = $1 and id = any($2::uuid[])`;
  const rows = await client.query<Stored>({ name: "shop_people_names", text, values: [shop, [...ids]] });
  return new Map((await opened(client, vault, rows)).map(({ id, name }) => [id, name]));
}

/** How many of a shop's people are there, and how many owners beside this one have joined. */
export async function countTeam(
  client: Client,
  shop: string,
  but: string | null,
): Promise<{ people: number; owners: number }> {
  const [row] = await client.query<{ people: number; owners: number }>(sql`
    select count(*)::int as people,
      (count(*) filter (where role = 'owner' and state = 'active' and id is distinct from ${but}::uuid))::int as owners
    from shop_people where shop = ${shop} and state <> 'removed'`);
  return row ?? { people: 0, owners: 0 };
}

/** What somebody may do at the shop now; undefined where they are none of its people. */
export async function roleOf(client: Client, shop: string, id: string): Promise<ShopRole | undefined> {
  const [row] = await client.query<{ role: ShopRole }>(sql`
    select role from shop_people where id = ${id} and shop = ${shop} and state <> 'removed'`);
  return row?.role;
}

export async function setShopRole(client: Client, id: string, role: ShopRole): Promise<void> {
  await client.execute(sql`update shop_people set role = ${role} where id = ${id} and state <> 'removed'`);
}

/** They have chosen a password. */
export async function joinShop(client: Client, id: string): Promise<void> {
  await client.execute(sql`update shop_people set state = 'active' where id = ${id} and state = 'invited'`);
}

/** Takes somebody away; what is known of them goes, but the name. */
export async function removeShopPerson(client: Client, id: string): Promise<void> {
  await client.execute(sql`
    update shop_people set state = 'removed', email = null, mailbox_hmac = null where id = ${id}`);
}
