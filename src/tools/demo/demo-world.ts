/**
 * The demo's world: its four parties, what each is configured with, what their databases are seeded with, and the file
 * for people and programs that try them.
 */
import { randomToken } from "../../storage/database/database.ts";
import { type FacilitatorDemo, seedFacilitator } from "./facilitator-seed.ts";
import { type GuarantorDemo, seedGuarantor } from "./guarantor-seed.ts";
import { type Demo, seedInstitution } from "./institution-seed.ts";

type Party = "shop" | "facilitator" | "institution" | "guarantor";

/** Where the parties are reached, and the two servers that `kenshu conformance` plays. */
export type Urls = Record<Party, string> & { testers: readonly [string, string] };

const offsets = { shop: 10, facilitator: 20, institution: 30, guarantor: 40 } as const;
const testerOffsets = [50, 51] as const;

export function urlsOf(portBase: number): Urls {
  const url = (offset: number) => `http://127.0.0.1:${portBase + offset}`;
  const { shop, facilitator, institution, guarantor } = offsets;
  return {
    shop: url(shop),
    facilitator: url(facilitator),
    institution: url(institution),
    guarantor: url(guarantor),
    testers: [url(testerOffsets[0]), url(testerOffsets[1])],
  };
}

/** What the trading servers are called between themselves. */
const facilitatorId = "00000000-0000-4000-8000-000000004020";
const institutionId = "00000000-0000-4000-8000-000000004030";
const guarantorId = "00000000-0000-4000-8000-000000004040";
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
  // As much as the richest member has: who tries the demo with a program for a day meets it by a larger sum, not by many orders.
  stepUpAbove: { JPY: 1_000_000, USD: 1_000_000, EUR: 1_000_000, KWD: 3_000_000 },
  requireProof: true,
  timeZone: "Asia/Tokyo",
} as const;

const facilitatorPeer = (urls: Urls) => ({
  id: facilitatorId,
  name: "Kenshu Facilitator",
  url: urls.facilitator,
});

const guarantorPeer = (urls: Urls) => ({ id: guarantorId, name: "Kenshu Guarantor", url: urls.guarantor });
const institutionPeer = (urls: Urls) => ({
  id: institutionId,
  name: "Kenshu Institution",
  url: urls.institution,
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

/** Reminders that cost something, so that a demo shows where it goes. */
const bills = {
  payWithin: "P14D",
  steps: [{ after: "P3D", fee: { JPY: 100 } }, { after: "P14D", fee: { JPY: 300 } }, { after: "P28D" }],
  feesMost: { JPY: 400 },
};

/** The account to which people transfer what is due in the demo. */
const bankAccount = {
  bank: "9999",
  bankName: "ケンシユウ",
  branch: "001",
  branchName: "ホンテン",
  kind: "ordinary",
  number: "7000001",
  holder: "ケンシユウ(デモ",
  form: "statement",
  virtual: { branch: "901", first: 1, last: 9999 },
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
    bills: { closesOn: 25, ...bills },
    bankAccounts: [bankAccount],
    peers: [
      facilitatorPeer(urls),
      guarantorPeer(urls),
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
    institutions: [institutionPeer(urls)],
    advance: { acceptedBasisPoints: 100, reservedBasisPoints: 300, limitPerShop: { JPY: 1_000_000 } },
  };
}

/** The guarantor's configuration, without its database, its log and its key for personal data. */
export function guarantorSetup(urls: Urls) {
  return {
    ...ownAddress("guarantor", urls),
    ...trading,
    currencies,
    id: guarantorId,
    institutions: [institutionPeer(urls)],
    bills,
  };
}

/** What customers are asked with where they want to pay. */
const tillNames = {
  direct: { en: "Your account at the Kenshu institution", ja: "Kenshu 支払機関の口座" },
  facilitated: {
    en: "The Kenshu facilitator, with your bank",
    ja: "Kenshu 取引円滑サービス（お使いの金融機関から）",
  },
  guaranteed: {
    en: "The Kenshu guarantor: pay after you have it",
    ja: "Kenshu 信用保証機関（商品を受け取ってから後払い）",
  },
};

/** What the shop is told of a server at which it sells. Throws where the demo has no shop there. */
function tillAt(
  { id, label, url }: { id: string; label: { en: string; ja: string }; url: string },
  { shops: [shop], carriers: [carrier] }: Pick<Demo, "shops" | "carriers">,
) {
  if (shop === undefined) throw new Error("The demo has no shop.");
  return { id, label, url, key: shop.key, ...(carrier === undefined ? {} : { carrier: carrier.id }) };
}

/** The shop's configuration, without its database and its log. Throws where the demo has no shop. */
export function shopSetup(urls: Urls, { demo, facilitated, guaranteed, staffPassword }: DemoSecrets) {
  return {
    ...ownAddress("shop", urls),
    shopName: demo.shops[0]?.name ?? "Kenshu Shop",
    staffPassword,
    tills: [
      tillAt({ id: "direct", label: tillNames.direct, url: urls.institution }, demo),
      tillAt({ id: "facilitated", label: tillNames.facilitated, url: urls.facilitator }, facilitated),
      tillAt({ id: "guaranteed", label: tillNames.guaranteed, url: urls.guarantor }, guaranteed),
    ],
  };
}

/** What the demo's seeds have drawn: sign-ins and keys, which exist nowhere else. */
export interface DemoSecrets {
  demo: Demo;
  facilitated: FacilitatorDemo;
  guaranteed: GuarantorDemo;
  staffPassword: string;
}

/** Seeds migrated databases, the institution's first; undefined where they have the demo already. */
export async function seedWorld(
  urls: Urls,
  options: {
    institution: Parameters<typeof seedInstitution>[0];
    facilitator: Parameters<typeof seedFacilitator>[0];
    guarantor: Parameters<typeof seedGuarantor>[0];
  },
): Promise<DemoSecrets | undefined> {
  const demo = await seedInstitution({
    ...options.institution,
    testers: testerIds,
    peer: facilitatorPeer(urls),
    guarantor: guarantorPeer(urls),
  });
  if (demo?.ties === undefined || demo.payees === undefined) return undefined;
  const [facilitated, guaranteed] = await Promise.all([
    seedFacilitator(options.facilitator, { ...demo.ties, institution: institutionId }),
    seedGuarantor(options.guarantor, { ...demo.payees, institution: institutionId }),
  ]);
  if (facilitated === undefined || guaranteed === undefined)
    throw new Error("One server has a demo, and the institution had none.");
  return { demo, facilitated, guaranteed, staffPassword: randomToken(12) };
}

/** What `kenshu conformance` needs to know of the demo; undefined where an older version has seeded it. */
export function conformanceOf({ testers: [url, otherUrl] }: Urls, { demo: { testTies } }: DemoSecrets) {
  if (testTies === undefined) return undefined;
  const { peer, other, ...rest } = testTies;
  return { ...rest, peer: { url, ...peer }, other: { url: otherUrl, ...other } };
}

/** What demo.json says: every address, sign-in and key of the demo. */
export function demoFileOf(urls: Urls, { demo, facilitated, guaranteed, staffPassword }: DemoSecrets) {
  const at = { institution: demo, facilitator: facilitated, guarantor: guaranteed };
  const serverOf = (party: keyof typeof at) => {
    const { shops, adminKey } = at[party];
    return { url: urls[party], shopKeys: shops.map(({ key }) => key), adminKey, shops };
  };
  const named = <T extends object>(party: keyof typeof at, those: readonly T[]) =>
    those.map((each) => ({ at: party, ...each }));
  const everywhere = <T extends object>(
    of: (party: Demo | FacilitatorDemo | GuarantorDemo) => readonly T[],
  ) => (["institution", "facilitator", "guarantor"] as const).flatMap((party) => named(party, of(at[party])));
  return {
    shop: { url: urls.shop, staffPassword },
    facilitator: serverOf("facilitator"),
    institution: serverOf("institution"),
    guarantor: serverOf("guarantor"),
    members: everywhere(({ members }) => members),
    operators: everywhere(({ operators }) => operators),
    carriers: everywhere(({ carriers }) => carriers),
    clerks: named("institution", demo.clerks),
    vouchers: named("institution", demo.vouchers),
    loadMembers: named("institution", demo.loadMembers),
    facilitatedLoadMembers: named("facilitator", facilitated.loadMembers),
    guaranteedLoadMembers: named("guarantor", guaranteed.loadMembers),
    /** Sign-ins at the institution of those whose accounts the facilitator's members have tied. */
    accountHolders: named(
      "institution",
      (demo.ties?.members ?? []).map(({ email, password }) => ({ email, password })),
    ),
  };
}
