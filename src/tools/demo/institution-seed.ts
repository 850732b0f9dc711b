/**
 * A small world to try things in: shops, members, an operator, a carrier, and many members for load. It is written in one
 * transaction and only once; its sign-ins and keys exist in the answer and nowhere else.
 */
import { type Client, idFrom, openDatabase, randomToken, uuidv7 } from "../../storage/database/database.ts";
import { issueKey, openIdentity, openServerSecret } from "../../storage/identity/identity.ts";
import { openKeyring } from "../../storage/keyring/keyring.ts";
import { openVault } from "../../storage/members/members.ts";
import type { InstitutionOptions } from "../../servers/institution/institution.ts";
import { setCollector } from "../../edge/counters/counters.ts";
import type { CollectionChannel } from "../../core/protocol/schemas.ts";
import { addReturnAddress, readOperator, setIndependence } from "../../storage/parties/parties.ts";
import type { Peer } from "../../edge/signing/signing.ts";
import { addOperator, applyAsParty, type Ground, issueVoucher } from "../../edge/api/api.ts";
import { returnsOf } from "./party-seed.ts";
import {
  currency,
  type DemoMember,
  type DemoShop,
  type LoadMember,
  people,
  seedCrowd,
  seedPerson,
  type SignIn,
} from "./member-seed.ts";
import { seedTestTies, type TestTies } from "./conformance-seed.ts";
import { type Payees, seedCollecting, seedPayees, seedTies, tiedPeople, type Ties } from "./tie-seed.ts";
import { openHouse } from "../../storage/ledger/ledger.ts";

/** This server's part of demo.json. */
export interface Demo {
  shopKeys: string[];
  shops: { id: string; name: string; key: string }[];
  adminKey: string;
  members: DemoMember[];
  operators: { email: string; password: string }[];
  carriers: { id: string; email: string; password: string }[];
  /** Those who take money at a counter for what is due under a number. */
  clerks: {
    id: string;
    name: string;
    email: string;
    password: string;
    channel: CollectionChannel;
    key: string;
  }[];
  /** Codes with which a guest pays, or a member claims e-money. */
  vouchers: { code: string; currency: string; amount: number }[];
  loadMembers: LoadMember[];
  /** What a peer for whom this was seeded has been given. */
  ties?: Ties;
  /** What a peer has been given that collects here. */
  payees?: Payees;
  /** What the two servers have been given that play a part in `kenshu conformance`. */
  testTies?: TestTies;
}

/** The first shop pays no fee, so that what is accepted is what arrives; the second shows a fee. */
const demoShops = [
  { name: "Aoi Tea", fee: { fixed: 0, basisPoints: 0, roundTo: "shop" } },
  { name: "Kiji Books", fee: { fixed: 10, basisPoints: 300, roundTo: "shop" } },
] as const;
const testShop = { name: "Conformance Tests", fee: demoShops[0].fee } as const;
const operator = { name: "Mei Kato", email: "operator@example.com" } as const;
/** Who decides where the first has acted for one side. */
const secondOperator = { name: "Ken Arai", email: "operator2@example.com" } as const;
const carrier = { name: "Hayabusa Express", email: "carrier@example.com" } as const;
const clerks = [
  { name: "Tanuki Mart", email: "clerk@example.com", channel: "konbini" },
  { name: "Sakura Bank", email: "bank@example.com", channel: "bank" },
  { name: "Tsubame Door Service", email: "driver@example.com", channel: "cash_on_delivery" },
] as const;
/** How much a collector may hold before it hands it in. */
const tillLimits = { JPY: 10_000_000_000 } as const;
const voucherAmounts = [5_000, 10_000, 20_000] as const;

const demoOperator = idFrom("operator of the demo");

function drawPassword(): string {
  return randomToken(12);
}

export interface Seeding {
  /** How many members to make for load, here and for the peer; 200 if left out. */
  loadMembers?: number | undefined;
  /** For which other server people and shops are to have given consents. */
  peer?: Peer | undefined;
  /** Which other server collects here, for the same shops. */
  guarantor?: Peer | undefined;
  /** Ids of the two servers that play a part in `kenshu conformance`. */
  testers?: readonly [peer: string, other: string] | undefined;
}

/** Makes the demo's people, shops and money in a migrated database; undefined where they are there already. */
export async function seedInstitution(
  options: Pick<InstitutionOptions, "url" | "schema" | "role" | "settings" | "personalDataKeys"> & Seeding,
): Promise<Demo | undefined> {
  const { settings, personalDataKeys, peer, guarantor, testers, loadMembers, ...where } = options;
  const database = openDatabase({ ...where, keyed: true });
  try {
    const keyring = openKeyring(personalDataKeys);
    const secret = await openServerSecret(database, keyring);
    const identity = openIdentity({ database, secret });
    const ground = { database, identity, vault: openVault(keyring), settings };
    return await seedDemo(ground, { loadMembers, peer, guarantor, testers });
  } finally {
    await database.close();
  }
}

/** Seeds the demo and answers what it made, or undefined where this database has it already. */
export async function seedDemo(
  context: Ground,
  { loadMembers = 200, peer, guarantor, testers }: Seeding = {},
): Promise<Demo | undefined> {
  const { database, identity } = context;
  if ((await readOperator(database, demoOperator)) !== undefined) return undefined;
  await openHouse(context.database, context.settings.currencies);
  const passwordOf = new Map<string, SignIn>();
  const tied = peer === undefined ? [] : tiedPeople;
  await Promise.all(
    [...people, operator, secondOperator, carrier, ...clerks, ...tied].map(async ({ email }) => {
      const password = drawPassword();
      passwordOf.set(email, { password, passwordHash: await identity.hashPassword(email, password) });
    }),
  );
  const signInOf = (email: string): SignIn => {
    const found = passwordOf.get(email);
    if (found === undefined) throw new Error(`No password was drawn for ${email}.`);
    return found;
  };
  return database.transaction(async (client) => {
    const { passwordHash, password } = signInOf(operator.email);
    await addOperator(context, client, { ...operator, id: demoOperator, passwordHash, madeBy: null });
    const second = signInOf(secondOperator.email);
    await addOperator(context, client, {
      ...secondOperator,
      id: uuidv7(),
      passwordHash: second.passwordHash,
      madeBy: null,
    });
    const admin = await issueKey(client, { ownerKind: "operator", owner: demoOperator, label: "demo" });
    const shops: DemoShop[] = [];
    for (const shop of demoShops) shops.push(await seedShop(context, client, shop));
    const seeded: DemoMember[] = [];
    for (const person of people) {
      const { email } = person;
      const signIn = signInOf(email);
      const { member } = await seedPerson(context, client, person, signIn, shops);
      seeded.push({ ...member, email, password: signIn.password });
    }
    const crowd = { count: loadMembers, name: "Load member", email: "load" };
    const load = await seedCrowd(context, client, crowd, shops.slice(0, 1));
    const tills = await seedClerks(context, client, signInOf);
    return {
      shopKeys: shops.map(({ key }) => key),
      shops,
      adminKey: admin.key,
      members: seeded,
      operators: [
        { email: operator.email, password },
        { email: secondOperator.email, password: second.password },
      ],
      carriers: [await seedCarrier(context, client, signInOf(carrier.email))],
      clerks: tills,
      vouchers: await seedVouchers(context, client),
      loadMembers: load.map(({ member }) => member),
      ...(peer === undefined
        ? {}
        : { ties: await seedTies(context, client, { peer, shops, loadMembers, signInOf }) }),
      ...(guarantor === undefined
        ? {}
        : { payees: await seedCollected(context, client, { peer: guarantor, shops, tills }) }),
      ...(testers === undefined ? {} : { testTies: await seedTesters(context, client, testers) }),
    };
  });
}

/** What a server has been given that collects here: who is paid, and who takes money at doors for it. */
async function seedCollected(
  context: Ground,
  client: Client,
  { peer, shops, tills }: { peer: Peer; shops: readonly DemoShop[]; tills: Demo["clerks"] },
): Promise<Payees> {
  const taker = tills.find(({ channel }) => channel === "cash_on_delivery")?.id ?? "";
  const currencies = Object.keys(tillLimits);
  const payees = await seedPayees(context, client, { peer, shops });
  return { ...payees, collect: await seedCollecting(client, { peer, taker, currencies }) };
}

async function seedTesters(
  context: Ground,
  client: Client,
  [peer, other]: readonly [string, string],
): Promise<TestTies> {
  const shop = await seedShop(context, client, testShop);
  return seedTestTies(context, client, { peer, other, shop });
}

async function seedShop(
  context: Ground,
  client: Client,
  { name, fee }: (typeof demoShops)[number] | typeof testShop,
): Promise<DemoShop> {
  const id = uuidv7();
  const contact = { email: `${name.toLowerCase().replaceAll(" ", ".")}@example.com` };
  await applyAsParty(context, client, "shop", { name, contact, fee }, { approved: true, id });
  await addReturnAddress(client, id, returnsOf(name));
  const { key } = await issueKey(client, { ownerKind: "shop", owner: id, label: "demo" });
  return { id, name, key };
}

async function seedCarrier(
  context: Ground,
  client: Client,
  signIn: SignIn,
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
  await setIndependence(client, id, true);
  return { id, email, password };
}

/** The counters of a store and of a bank, and who takes money at doors. */
async function seedClerks(
  context: Ground,
  client: Client,
  signInOf: (email: string) => SignIn,
): Promise<Demo["clerks"]> {
  const seeded: Demo["clerks"] = [];
  for (const { name, email, channel } of clerks) {
    const id = uuidv7();
    const { password, passwordHash } = signInOf(email);
    const wish = { id, name, channel, limits: tillLimits, contact: { email }, passwordHash };
    await setCollector(context, client, wish, null);
    const { key } = await issueKey(client, { ownerKind: "collector", owner: id, label: "demo" });
    seeded.push({ id, name, email, password, channel, key });
  }
  return seeded;
}

async function seedVouchers(context: Ground, client: Client): Promise<Demo["vouchers"]> {
  const vouchers: Demo["vouchers"] = [];
  for (const amount of voucherAmounts) {
    const { secret } = await issueVoucher(context, client, { currency, amount });
    vouchers.push({ code: String(secret?.["code"]), currency, amount });
  }
  return vouchers;
}
