/**
 * The demo's world: its three parties, what each is configured with, what their databases are seeded with, and the file
 * for people and programs that try them.
 */
import { randomToken } from "../../storage/database/database.ts";
import { type FacilitatorDemo, seedFacilitator } from "./facilitator-seed.ts";
import { type Demo, seedInstitution } from "./institution-seed.ts";

type Party = "shop" | "facilitator" | "institution";

/** Where the parties are reached, and the two servers that `kenshu conformance` plays. */
export type Urls = Record<Party, string> & { testers: readonly [string, string] };

const offsets = { shop: 10, facilitator: 20, institution: 30 } as const;
const testerOffsets = [50, 51] as const;

export function urlsOf(portBase: number): Urls {
  const url = (offset: number) => `http://127.0.0.1:${portBase + offset}`;
  const { shop, facilitator, institution } = offsets;
  return {
    shop: url(shop),
    facilitator: url(facilitator),
    institution: url(institution),
    testers: [url(testerOffsets[0]), url(testerOffsets[1])],
  };
}

/** What the two trading servers are called between themselves. */
const facilitatorId = "00000000-0000-4000-8000-000000004020";
const institutionId = "00000000-0000-4000-8000-000000004030";
/** Two more, played by `kenshu conformance`; nothing listens there at other times. */
const testerIds = ["00000000-0000-4000-8000-000000004050", "00000000-0000-4000-8000-000000004051"] as const;

const fee = { fixed: 0, basisPoints: 0, roundTo: "shop" } as const;
const currencies = ["JPY", "USD", "EUR", "KWD"];

/** What every server is told of itself. */
function ownAddress<P extends Party>(party: P, urls: Urls) {
  const publicUrl = urls[party];
  const port = Number(publicUrl.slice(publicUrl.lastIndexOf(":") + 1));
  return {
    party,
    schema: party,
    host: "127.0.0.1",
    port,
    metrics: { host: "127.0.0.1", port: port + 1 },
    publicUrl,
  };
}

/** Two operators are needed as they would be elsewhere, above about as much as a household spends in a month on it. */
const fourEyes = { JPY: 100_000, USD: 100_000, EUR: 100_000, KWD: 300_000 };
const trading = {
  sandbox: true,
  approval: "none",
  fee,
  fourEyes,
  requireProof: true,
  timeZone: "Asia/Tokyo",
} as const;

const facilitatorPeer = (urls: Urls) => ({
  id: facilitatorId,
  name: "Kenshu Facilitator",
  url: urls.facilitator,
});

/** The account from which the demo pays out: the bank's number is one that no bank has. */
const payouts = {
  code: "1234567890",
  bank: "9999",
  bankName: "ケンシユウ",
  branch: "001",
  branchName: "ホンテン",
  kind: "current",
  number: "1234567",
  holder: "ケンシユウ(デモ",
  least: 100,
} as const;

/** The institution's configuration, without its database, its log and its key for personal data. */
export function institutionSetup(urls: Urls) {
  const [tester, otherTester] = urls.testers;
  return {
    ...ownAddress("institution", urls),
    ...trading,
    currencies,
    // Banks whose numbers are given to none: no file of the demo's is one that a bank would take.
    payouts,
    peers: [
      facilitatorPeer(urls),
      { id: testerIds[0], name: "Kenshu Conformance", url: tester },
      { id: testerIds[1], name: "Kenshu Conformance, another", url: otherTester },
    ],
  };
}

/** The facilitator's configuration, without its database, its log and its key for personal data. */
export function facilitatorSetup(urls: Urls) {
  return {
    ...ownAddress("facilitator", urls),
    ...trading,
    currencies,
    id: facilitatorId,
    institutions: [{ id: institutionId, name: "Kenshu Institution", url: urls.institution }],
    advance: { acceptedBasisPoints: 100, reservedBasisPoints: 300, limitPerShop: { JPY: 1_000_000 } },
  };
}

/** The shop's configuration, without its database and its log. Throws where the demo has no shop. */
export function shopSetup(urls: Urls, { demo, facilitated, staffPassword }: DemoSecrets) {
  const [direct] = demo.shops;
  const [there] = facilitated.shops;
  if (direct === undefined || there === undefined) throw new Error("The demo has no shop.");
  const [brings] = demo.carriers;
  const [bringsThere] = facilitated.carriers;
  return {
    ...ownAddress("shop", urls),
    shopName: direct.name,
    staffPassword,
    tills: [
      {
        id: "direct",
        label: "Your account at the Kenshu institution",
        url: urls.institution,
        key: direct.key,
        ...(brings === undefined ? {} : { carrier: brings.id }),
      },
      {
        id: "facilitated",
        label: "The Kenshu facilitator, with your bank",
        url: urls.facilitator,
        key: there.key,
        ...(bringsThere === undefined ? {} : { carrier: bringsThere.id }),
      },
    ],
  };
}

/** What the demo's seeds have drawn: sign-ins and keys, which exist nowhere else. */
export interface DemoSecrets {
  demo: Demo;
  facilitated: FacilitatorDemo;
  staffPassword: string;
}

/** Seeds the institution and then the facilitator, in migrated databases; undefined where they have the demo already. */
export async function seedWorld(
  urls: Urls,
  institution: Parameters<typeof seedInstitution>[0],
  facilitator: Parameters<typeof seedFacilitator>[0],
): Promise<DemoSecrets | undefined> {
  const demo = await seedInstitution({
    ...institution,
    testers: testerIds,
    peer: facilitatorPeer(urls),
  });
  if (demo?.ties === undefined) return undefined;
  const ties = { ...demo.ties, institution: institutionId };
  const facilitated = await seedFacilitator(facilitator, ties);
  if (facilitated === undefined) throw new Error("The facilitator has a demo, the institution had none.");
  return { demo, facilitated, staffPassword: randomToken(12) };
}

/** What `kenshu conformance` needs to know of the demo; undefined where an older version has seeded it. */
export function conformanceOf({ testers: [url, otherUrl] }: Urls, { demo: { testTies } }: DemoSecrets) {
  if (testTies === undefined) return undefined;
  const { peer, other, ...rest } = testTies;
  return { ...rest, peer: { url, ...peer }, other: { url: otherUrl, ...other } };
}

/** What demo.json says: every address, sign-in and key of the demo. */
export function demoFileOf(urls: Urls, { demo, facilitated, staffPassword }: DemoSecrets) {
  const here = "institution";
  const there = "facilitator";
  const { shops } = facilitated;
  return {
    shop: { url: urls.shop, staffPassword },
    facilitator: {
      url: urls.facilitator,
      shopKeys: shops.map(({ key }) => key),
      adminKey: facilitated.adminKey,
      shops,
    },
    institution: {
      url: urls.institution,
      shopKeys: demo.shopKeys,
      adminKey: demo.adminKey,
      shops: demo.shops,
    },
    members: [
      ...demo.members.map((member) => ({ at: here, ...member })),
      ...facilitated.members.map((member) => ({ at: there, ...member })),
    ],
    operators: [
      ...demo.operators.map((operator) => ({ at: here, ...operator })),
      ...facilitated.operators.map((operator) => ({ at: there, ...operator })),
    ],
    carriers: [
      ...demo.carriers.map((carrier) => ({ at: here, ...carrier })),
      ...facilitated.carriers.map((carrier) => ({ at: there, ...carrier })),
    ],
    vouchers: demo.vouchers.map((voucher) => ({ at: here, ...voucher })),
    loadMembers: demo.loadMembers.map((member) => ({ at: here, ...member })),
    facilitatedLoadMembers: facilitated.loadMembers.map((member) => ({ at: there, ...member })),
    /** Sign-ins at the institution of those whose accounts the facilitator's members have tied. */
    accountHolders: (demo.ties?.members ?? []).map(({ email, password }) => ({ at: here, email, password })),
  };
}
