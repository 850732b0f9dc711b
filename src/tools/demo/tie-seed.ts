/** The demo's people and shops as another server knows them: by the consents that they have given it. */
import { type Client, uuidv7 } from "../../storage/database/database.ts";
import { fromWire, toWire } from "../../core/money/money.ts";
import type { MethodKind } from "../../core/protocol/schemas.ts";
import { listShopAccounts } from "../../storage/parties/parties.ts";
import { insertConsents, type NewConsent } from "../../engines/reservations/reservations.ts";
import {
  consentToCollect,
  consentToReceive,
  openPeerAccount,
} from "../../servers/institution/institution.ts";
import type { Peer } from "../../edge/signing/signing.ts";
import { type Ground, payIn } from "../../edge/api/api.ts";
import {
  currency,
  type DemoShop,
  inYears,
  loadBalance,
  people,
  seedCrowd,
  seedPerson,
  type SignIn,
} from "./member-seed.ts";

/** Who is paid at the institution for a peer's trades: ids of consents by currency. */
export interface Payees {
  shops: { name: string; receive: Record<string, string> }[];
  /** The peer's own account. */
  own: Record<string, { receive: string; pay: string }>;
  /** By which the peer says what somebody has taken at doors, by currency. */
  collect?: Record<string, string>;
}

/** What a peer needs to begin whose members pay from here. */
export interface Ties extends Payees {
  members: {
    name: string;
    email: string;
    password: string;
    consent: string;
    kind: MethodKind;
    available: number;
  }[];
  load: { consent: string; available: number }[];
}

/** The same people once more, with accounts and sign-ins of their own: what they do there shows nowhere else. */
export const tiedPeople = people.map((person) => ({ ...person, email: person.email.replace("@", ".f@") }));

const consentYears = 5;
/** What people agree to; load members are to meet no limit. */
const limits = {
  people: { limitPerTrade: 1_000_000n, limitPerMonth: 10_000_000n },
  load: { limitPerTrade: 10n ** 14n, limitPerMonth: 10n ** 15n },
} as const;
const feeless = { feeFixed: null, feeBasisPoints: null } as const;
/** What shops agree that the peer keeps: the fee of the dearest, the price of an advance, and what roundings come to. */
const agreedFee = { fixed: 20, basisPoints: 700 } as const;
/** What the peer has for paying shops early. */
const advances = { currency: "JPY", amount: 10_000_000 } as const;

interface Wish {
  peer: Peer;
  shops: readonly DemoShop[];
  loadMembers: number;
  signInOf: (email: string) => SignIn;
}

export async function seedTies(context: Ground, client: Client, wish: Wish): Promise<Ties> {
  const { peer, shops, loadMembers, signInOf } = wish;
  const until = await inYears(client, consentYears);
  const consents: NewConsent[] = [];
  const give = (consent: Omit<NewConsent, "id" | "peer">): string => {
    const id = uuidv7();
    consents.push({ ...consent, id, peer: peer.id });
    return id;
  };
  const fromMember = ({ person, account }: { person: string; account: string }, who: keyof typeof limits) =>
    give({
      account,
      purpose: "pay",
      own: false,
      ownerKind: "member",
      owner: person,
      currency,
      ...limits[who],
      ...feeless,
      until,
    });
  const payees = await seedPayees(context, client, { peer, shops });
  const ties: Ties = { ...payees, members: [], load: [] };
  for (const person of tiedPeople) {
    const { name, email, kind, worth } = person;
    const signIn = signInOf(email);
    const consent = fromMember(await seedPerson(context, client, person, signIn, []), "people");
    ties.members.push({ name, email, password: signIn.password, consent, kind, available: toWire(worth) });
  }
  const crowd = { count: loadMembers, name: "Tied load member", email: "tied.load" };
  for (const member of await seedCrowd(context, client, crowd, []))
    ties.load.push({ consent: fromMember(member, "load"), available: toWire(loadBalance) });
  await insertConsents(client, consents);
  return ties;
}

/** Lets a peer have the shops paid here, and itself. */
export async function seedPayees(
  context: Ground,
  client: Client,
  { peer, shops }: Pick<Wish, "peer" | "shops">,
): Promise<Payees> {
  const payees: Payees = { shops: [], own: {} };
  for (const { id: owner, name } of shops) {
    const receive: Record<string, string> = {};
    for (const { currency: of } of await listShopAccounts(client, owner)) {
      const wish = { peer: peer.id, purpose: "receive", currency: of, fee: agreedFee } as const;
      receive[of] = await consentToReceive(client, owner, wish);
    }
    payees.shops.push({ name, receive });
  }
  for (const of of context.settings.currencies) payees.own[of] = await openOwn(client, peer, of);
  return payees;
}

/** How much a server may say on a day to have been taken at doors. */
const perDay = 1_000_000;

/** Lets a peer say what somebody takes at doors. */
export async function seedCollecting(
  client: Client,
  { peer, taker, currencies }: { peer: Peer; taker: string; currencies: readonly string[] },
): Promise<Record<string, string>> {
  const collect: Record<string, string> = {};
  for (const of of currencies) {
    const wish = { peer: peer.id, purpose: "collect", currency: of, limitPerDay: perDay } as const;
    collect[of] = await consentToCollect(client, taker, wish);
  }
  return collect;
}

/** The peer's own account in a currency, with money for advances where there are any. */
async function openOwn(client: Client, peer: Peer, of: string): Promise<Ties["own"][string]> {
  const { account, consents } = await openPeerAccount(client, peer.id, of);
  if (of === advances.currency) await payIn(client, of, [{ account, amount: fromWire(advances.amount) }]);
  return consents;
}
