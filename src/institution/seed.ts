/**
 * A small world to try things in: shops, members, an operator, a carrier, and many members for load. It is written in one
 * transaction and only once; its sign-ins and keys exist in the answer and nowhere else.
 */
import { type Client, randomToken, uuidv7 } from "../database/database.ts";
import { createLogin, issueKey } from "../identity/identity.ts";
import { type NewAccount, openAccounts, readClock } from "../ledger/ledger.ts";
import * as members from "../members/members.ts";
import { toWire } from "../money/money.ts";
import { readOperator } from "../parties/parties.ts";
import {
  addOperator,
  applyAsParty,
  enter,
  type Ground,
  idFrom,
  issueVoucher,
  openHouse,
  payIn,
} from "../trading/trading.ts";

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

/** This server's part of demo.json. */
export interface Demo {
  shopKeys: string[];
  shops: { id: string; name: string; key: string }[];
  adminKey: string;
  members: DemoMember[];
  operators: { email: string; password: string }[];
  carriers: { id: string; email: string; password: string }[];
  /** Codes with which a guest pays, or a member claims e-money. */
  vouchers: { code: string; currency: string; amount: number }[];
  loadMembers: LoadMember[];
}

const currency = "JPY";
const mandateYears = 5;
const mandateLimit = 10n ** 15n;
const loadBalance = 10n ** 12n;

/** The first shop pays no fee, so that what is accepted is what arrives; the second shows a fee. */
const demoShops = [
  { name: "Aoi Tea", fee: { fixed: 0, basisPoints: 0, roundTo: "shop" } },
  { name: "Kiji Books", fee: { fixed: 10, basisPoints: 300, roundTo: "shop" } },
] as const;
const people = [
  { name: "Hana Sato", email: "hana@example.com", kind: "deposit", worth: 1_000_000n },
  { name: "Ken Mori", email: "ken@example.com", kind: "deposit", worth: 500n },
  { name: "Yui Tanaka", email: "yui@example.com", kind: "credit", worth: 300_000n },
  { name: "Sora Ito", email: "sora@example.com", kind: "prepaid", worth: 20_000n },
] as const;
const operator = { name: "Mei Kato", email: "operator@example.com" } as const;
const carrier = { name: "Hayabusa Express", email: "carrier@example.com" } as const;
const voucherAmounts = [5_000, 10_000, 20_000] as const;

const demoOperator = idFrom("operator of the demo");

interface DemoShop {
  id: string;
  name: string;
  key: string;
}

function drawPassword(): string {
  return randomToken(12);
}

/**
 * Seeds the demo and answers what it made, or undefined where this database has it already. `loadMembers` says how many
 * members to make for load.
 */
export async function seedDemo(context: Ground, { loadMembers = 200 } = {}): Promise<Demo | undefined> {
  const { database, identity } = context;
  if ((await readOperator(database, demoOperator)) !== undefined) return undefined;
  await openHouse(context);
  const passwordOf = new Map<string, { password: string; passwordHash: string }>();
  await Promise.all(
    [...people, operator, carrier].map(async ({ email }) => {
      const password = drawPassword();
      passwordOf.set(email, { password, passwordHash: await identity.hashPassword(email, password) });
    }),
  );
  const signInOf = (email: string): { password: string; passwordHash: string } => {
    const found = passwordOf.get(email);
    if (found === undefined) throw new Error(`No password was drawn for ${email}.`);
    return found;
  };
  return database.transaction(async (client) => {
    const { passwordHash, password } = signInOf(operator.email);
    await addOperator(client, { ...operator, id: demoOperator, passwordHash });
    const admin = await issueKey(client, { ownerKind: "operator", owner: demoOperator, label: "demo" });
    const shops: DemoShop[] = [];
    for (const shop of demoShops) shops.push(await seedShop(context, client, shop));
    const seeded: DemoMember[] = [];
    for (const person of people)
      seeded.push(await seedMember(context, client, person, signInOf(person.email), shops));
    return {
      shopKeys: shops.map(({ key }) => key),
      shops,
      adminKey: admin.key,
      members: seeded,
      operators: [{ email: operator.email, password }],
      carriers: [await seedCarrier(context, client, signInOf(carrier.email))],
      vouchers: await seedVouchers(context, client),
      loadMembers: await seedLoad(context, client, loadMembers, shops.slice(0, 1)),
    };
  });
}

async function seedShop(
  context: Ground,
  client: Client,
  { name, fee }: (typeof demoShops)[number],
): Promise<DemoShop> {
  const id = uuidv7();
  const contact = { email: `${name.toLowerCase().replaceAll(" ", ".")}@example.com` };
  await applyAsParty(context, client, "shop", { name, contact, fee }, { approved: true, id });
  const { key } = await issueKey(client, { ownerKind: "shop", owner: id, label: "demo" });
  return { id, name, key };
}

async function seedCarrier(
  context: Ground,
  client: Client,
  signIn: { password: string; passwordHash: string },
): Promise<Demo["carriers"][number]> {
  const { name, email } = carrier;
  const { password, passwordHash } = signIn;
  const id = uuidv7();
  await applyAsParty(
    context,
    client,
    "carrier",
    { name, contact: { email } },
    { approved: true, passwordHash, id },
  );
  return { id, email, password };
}

async function seedVouchers(context: Ground, client: Client): Promise<Demo["vouchers"]> {
  const vouchers: Demo["vouchers"] = [];
  for (const amount of voucherAmounts) {
    const { secret } = await issueVoucher(context, client, { currency, amount });
    vouchers.push({ code: String(secret?.["code"]), currency, amount });
  }
  return vouchers;
}

async function seedMember(
  context: Ground,
  client: Client,
  person: (typeof people)[number],
  signIn: { password: string; passwordHash: string },
  shops: readonly DemoShop[],
): Promise<DemoMember> {
  const { name, email, kind, worth } = person;
  const { password, passwordHash } = signIn;
  const [seeded] = await enterMembers(context, client, [{ name, email, kind, worth }], shops);
  if (seeded === undefined) throw new Error("A member of the demo was not made.");
  await createLogin(client, { email, passwordHash, subjectKind: "member", subject: seeded.person });
  if (kind !== "credit") await payIn(client, currency, [{ account: seeded.account, amount: worth }]);
  return { ...seeded.member, email, password };
}

/** Members who are there for load only: they have no sign-in. */
async function seedLoad(
  context: Ground,
  client: Client,
  count: number,
  shops: readonly DemoShop[],
): Promise<LoadMember[]> {
  const wishes = Array.from({ length: count }, (_, index) => ({
    name: `Load member ${index + 1}`,
    email: `load${index + 1}@example.com`,
    kind: "deposit" as const,
    worth: loadBalance,
  }));
  const seeded = await enterMembers(context, client, wishes, shops);
  await payIn(
    client,
    currency,
    seeded.map(({ account }) => ({ account, amount: loadBalance })),
  );
  return seeded.map(({ member }) => member);
}

interface Wish {
  name: string;
  email: string;
  kind: members.MethodKind;
  worth: bigint;
}

interface Seeded {
  person: string;
  account: string;
  member: LoadMember;
}

/** Enters active members with one method each and a mandate for each shop. */
async function enterMembers(
  context: Ground,
  client: Client,
  wishes: readonly Wish[],
  shops: readonly DemoShop[],
): Promise<Seeded[]> {
  const until = await readClock(client);
  until.setUTCFullYear(until.getUTCFullYear() + mandateYears);
  const mandates: members.NewMandate[] = [];
  const accounts: NewAccount[] = [];
  const seeded: Seeded[] = [];
  for (const wish of wishes) {
    const { kind, worth } = wish;
    const account = uuidv7();
    accounts.push({ id: account, kind, currency, floor: kind === "credit" ? -worth : 0n });
    const { person, number, method } = await enterMember(context, client, wish, account);
    const leave: Record<string, string> = {};
    for (const shop of shops) {
      const id = uuidv7();
      mandates.push({ id, person, shop: shop.id, currency, limit: mandateLimit, until, method: null });
      leave[shop.key] = id;
    }
    const methods = [{ id: method, kind, available: toWire(worth) }];
    seeded.push({ person, account, member: { number: String(number), currency, mandates: leave, methods } });
  }
  await openAccounts(client, accounts);
  await members.insertMandates(client, mandates, ["buyer", "carrier", "shop"]);
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
    address: "1-1 Chiyoda, Tokyo",
    birthDate: "1990-04-01",
    email,
    phone: null,
  });
  const details = { id: method, person, kind, currency, account, state: "active" as const };
  await members.insertMethod(client, { ...details, token: null, wishedLimit: null });
  return { person, number, method };
}
