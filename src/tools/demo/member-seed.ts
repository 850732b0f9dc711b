/** The members of the demo: people with a sign-in each, and many who are there for load only. */
import { type Client, readClock, uuidv7 } from "../../storage/database/database.ts";
import { type NewAccount, openAccounts } from "../../storage/ledger/ledger.ts";
import * as members from "../../storage/members/members.ts";
import { toWire } from "../../core/money/money.ts";
import { enter, type Ground, payIn } from "../../edge/api/api.ts";

export interface DemoMember {
  number: string;
  email: string;
  password: string;
  currency: string;
  /** By shop key: the mandate that lets this shop reserve. */
  mandates: Record<string, string>;
  methods: { id: string; kind: members.MethodKind; available: number }[];
}

export type LoadMember = Omit<DemoMember, "email" | "password">;

/** What the members of the demo leave to their shops: all that the servers take. */
export const mandatedTerms = {
  reserveFor: "P366D",
  autoAfter: "P3D",
  deliverWithin: "P60D",
  returnWithin: "P5D",
  inspectWithin: "P30D",
};

/** A shop that members of the demo let reserve. */
export interface DemoShop {
  id: string;
  name: string;
  key: string;
}

export interface SignIn {
  password: string;
  passwordHash: string;
}

export const currency = "JPY";
const mandateYears = 5;
/** What people let a shop freeze; load members are to meet no limit. */
export const mandateLimit = (worth: bigint): bigint => (worth < loadBalance ? 10_000_000n : 10n ** 15n);
export const loadBalance = 10n ** 12n;

export const people = [
  { name: "Hana Sato", email: "hana@example.com", kind: "deposit", worth: 1_000_000n },
  { name: "Ken Mori", email: "ken@example.com", kind: "deposit", worth: 500n },
  { name: "Yui Tanaka", email: "yui@example.com", kind: "credit", worth: 300_000n },
  { name: "Sora Ito", email: "sora@example.com", kind: "prepaid", worth: 20_000n },
] as const;

/** The same day so many years from now, by the database's clock. */
export async function inYears(client: Client, years: number): Promise<Date> {
  const day = await readClock(client);
  day.setUTCFullYear(day.getUTCFullYear() + years);
  return day;
}

export interface Wish {
  name: string;
  email: string;
  kind: members.MethodKind;
  worth: bigint;
}

export interface Seeded {
  person: string;
  account: string;
  member: LoadMember;
}

/** Enters active members with one method each and a mandate for each shop. */
export async function enterMembers(
  context: Ground,
  client: Client,
  wishes: readonly Wish[],
  shops: readonly DemoShop[],
): Promise<Seeded[]> {
  const until = await inYears(client, mandateYears);
  const mandates: members.NewMandate[] = [];
  const accounts: NewAccount[] = [];
  // Sent without waiting in between: the connection takes them in order, and a cold start is as much shorter.
  const entering = wishes.map(async (wish): Promise<Seeded> => {
    const { kind, worth } = wish;
    const account = uuidv7();
    accounts.push({ id: account, kind, currency, floor: kind === "credit" ? -worth : 0n });
    const { person, number, method } = await enterMember(context, client, wish, account);
    const leave: Record<string, string> = {};
    for (const shop of shops) {
      const id = uuidv7();
      mandates.push({ id, person, shop: shop.id, currency, limit: mandateLimit(worth), until, method: null });
      leave[shop.key] = id;
    }
    const methods = [{ id: method, kind, available: toWire(worth) }];
    return { person, account, member: { number: String(number), currency, mandates: leave, methods } };
  });
  const seeded = await Promise.all(entering);
  await openAccounts(client, accounts);
  await members.insertMandates(client, mandates, ["buyer", "recipient", "carrier", "shop"], mandatedTerms);
  return seeded;
}

async function enterMember(
  { vault }: Ground,
  client: Client,
  { name, email, kind }: Wish,
  account: string,
): Promise<{ person: string; number: bigint; method: string }> {
  const person = uuidv7();
  const method = uuidv7();
  const number = await enter(client, vault, {
    id: person,
    state: "active",
    name,
    kana: null,
    address: "1-1 Chiyoda, Tokyo",
    birthDate: "1990-04-01",
    email,
    phone: null,
  });
  const details = { id: method, person, kind, currency, account, state: "active" as const };
  await members.insertMethod(client, { ...details, token: null, wishedLimit: null });
  return { person, number, method };
}

/** Enters one person with a sign-in, and pays in what they are worth. */
export async function seedPerson(
  context: Ground,
  client: Client,
  wish: Wish,
  { passwordHash }: SignIn,
  shops: readonly DemoShop[],
): Promise<Seeded> {
  const { email, kind, worth } = wish;
  const [seeded] = await enterMembers(context, client, [wish], shops);
  if (seeded === undefined) throw new Error("A member of the demo was not made.");
  const login = { email, passwordHash, subjectKind: "member", subject: seeded.person } as const;
  await context.identity.createLogin(client, login);
  if (kind !== "credit") await payIn(client, currency, [{ account: seeded.account, amount: worth }]);
  return seeded;
}

/** Enters members who are there for load only: they have no sign-in, and a very large balance or credit line. */
export async function seedCrowd(
  context: Ground,
  client: Client,
  {
    count,
    name,
    email,
    kind = "deposit",
  }: { count: number; name: string; email: string; kind?: "deposit" | "credit" },
  shops: readonly DemoShop[],
): Promise<Seeded[]> {
  const wishes = Array.from({ length: count }, (_, index) => ({
    name: `${name} ${index + 1}`,
    email: `${email}${index + 1}@example.com`,
    kind,
    worth: loadBalance,
  }));
  const seeded = await enterMembers(context, client, wishes, shops);
  if (kind === "deposit")
    await payIn(
      client,
      currency,
      seeded.map(({ account }) => ({ account, amount: loadBalance })),
    );
  return seeded;
}
