/**
 * Two servers that are there for `kenshu conformance` only, with members who do nothing else and a shop in which nobody buys:
 * what they freeze and pay touches nothing else of the demo.
 */
import { type Client, uuidv7 } from "../../storage/database/database.ts";
import { openAccounts } from "../../storage/ledger/ledger.ts";
import { toWire } from "../../core/money/money.ts";
import { listShopAccounts } from "../../storage/parties/parties.ts";
import { insertConsents, type NewConsent } from "../../engines/reservations/reservations.ts";
import { type Ground, payIn } from "../../edge/api/api.ts";
import { accountOfCollector } from "../../engines/collections/collections.ts";
import { setCollector } from "../../edge/counters/counters.ts";
import { issueKey } from "../../storage/identity/identity.ts";
import { currency, type DemoShop, enterMembers, type Seeded } from "./member-seed.ts";

/** What the two have been given: ids of consents, and the key of the shop that gives more. */
export interface TestTies {
  currency: string;
  otherCurrency: string;
  peer: { pay: string; receive: string; own: { pay: string; receive: string } };
  other: { pay: string; receive: string };
  limited: string;
  small: { pay: string; available: number };
  confirming: { pay: string; above: number };
  shop: { key: string; peer: string };
  collector: { key: string; channel: "konbini" };
  collecting: { consent: string; perDay: number };
}

const funds = 10_000_000n;
const little = 1000n;
const above = 500;
const perDay = 1_000_000n;
const limits = { limitPerTrade: 2000n, limitPerMonth: 3000n } as const;

/** Who pays, who is paid, and who has little. They have no sign-in. */
async function seedTesters(
  context: Ground,
  client: Client,
): Promise<Record<"payer" | "payee" | "small", Seeded>> {
  const wish = (name: string, worth: bigint) => {
    const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.com`;
    return { name, email, kind: "deposit", worth } as const;
  };
  const wishes = [wish("Test Payer", funds), wish("Test Payee", 0n), wish("Test Poor", little)];
  const [payer, payee, small] = await enterMembers(context, client, wishes, []);
  if (payer === undefined || payee === undefined || small === undefined)
    throw new Error("The members for tests were not made.");
  await payIn(client, currency, [
    { account: payer.account, amount: funds },
    { account: small.account, amount: little },
  ]);
  return { payer, payee, small };
}

/** Who takes money for dues that nobody but these two servers tells of. */
async function seedTestCollector(context: Ground, client: Client): Promise<TestTies["collector"]> {
  const [id, channel] = [uuidv7(), "konbini"] as const;
  const wish = { id, name: "Test Till", channel, limits: { [currency]: toWire(funds) }, contact: {} };
  await setCollector(context, client, wish, null);
  const { key } = await issueKey(client, { ownerKind: "collector", owner: id, label: "conformance" });
  return { key, channel };
}

/** Who takes money at doors, and what they let a server say of it. */
async function seedTestDoor(
  context: Ground,
  client: Client,
): Promise<Pick<NewConsent, "account" | "purpose"> & Partial<NewConsent>> {
  const id = uuidv7();
  const limits = { [currency]: toWire(funds) };
  const wish = { id, name: "Test Door", channel: "cash_on_delivery", limits, contact: {} } as const;
  await setCollector(context, client, wish, null);
  const account = accountOfCollector(id, currency);
  return { account, purpose: "collect", ownerKind: "collector", owner: id, limitPerDay: perDay };
}

export async function seedTestTies(
  context: Ground,
  client: Client,
  { peer, other, shop }: { peer: string; other: string; shop: DemoShop },
): Promise<TestTies> {
  const { payer, payee, small } = await seedTesters(context, client);
  const own = uuidv7();
  await openAccounts(client, [{ id: own, kind: "fee", currency, floor: 0n }]);
  await payIn(client, currency, [{ account: own, amount: funds }]);
  const receiver = (await listShopAccounts(client, shop.id)).find((each) => each.currency === currency);
  if (receiver === undefined) throw new Error(`The shop for tests has no account in ${currency}.`);
  const consents: NewConsent[] = [];
  const give = (
    of: string,
    consent: Pick<NewConsent, "account" | "purpose"> & Partial<NewConsent>,
  ): string => {
    const id = uuidv7();
    const plain = {
      own: false,
      ownerKind: "bearer",
      owner: null,
      limitPerTrade: null,
      limitPerMonth: null,
      feeFixed: null,
      feeBasisPoints: null,
    } as const;
    consents.push({ ...plain, currency, until: null, ...consent, id, peer: of });
    return id;
  };
  const from = (of: string, { account }: Seeded) => give(of, { account, purpose: "pay" });
  const toShop = (of: string) =>
    give(of, { account: receiver.account, purpose: "receive", ownerKind: "shop", owner: shop.id });
  const ofOwn = (purpose: "pay" | "receive") =>
    give(peer, { account: own, purpose, own: true, ownerKind: "peer", owner: peer });
  const door = await seedTestDoor(context, client);
  const ties: TestTies = {
    currency,
    otherCurrency: context.settings.currencies.find((each) => each !== currency) ?? "XXX",
    peer: {
      pay: from(peer, payer),
      // What the peer pays here does not count for the shop, of whose fees there are rules.
      receive: give(peer, { account: payee.account, purpose: "receive" }),
      own: { pay: ofOwn("pay"), receive: ofOwn("receive") },
    },
    other: { pay: from(other, payer), receive: toShop(other) },
    limited: give(peer, { account: payer.account, purpose: "pay", ...limits }),
    small: { pay: from(peer, small), available: toWire(little) },
    confirming: {
      pay: give(peer, {
        account: payer.account,
        purpose: "pay",
        ownerKind: "member",
        owner: payer.person,
        confirmAbove: BigInt(above),
      }),
      above,
    },
    shop: { key: shop.key, peer },
    collector: await seedTestCollector(context, client),
    collecting: { consent: give(peer, door), perDay: toWire(perDay) },
  };
  await insertConsents(client, consents);
  return ties;
}
