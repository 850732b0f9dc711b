/** Who is there when a life of a guaranteed market begins: servers, shops, members with lines, collectors with limits. */
import { dammAppend } from "../../../src/core/protocol/protocol.ts";
import { accountOfCollector } from "../../../src/engines/collections/world.ts";
import { takingAccount } from "../../../src/engines/rails/guarantee.ts";
import type { StandingConsent } from "../../../src/engines/reservations/store.ts";
import type { AccountKind } from "../../../src/storage/ledger/ledger.ts";
import { usualStanding } from "../../../src/storage/parties/parties.ts";
import { beginning } from "../sim/institution.ts";
import type { Ground } from "../sim/process.ts";
import { lossesAccount } from "./biller.ts";
import { purses } from "./fundings.ts";
import { feeAccount, Guarantor } from "./guarantor.ts";
import { House, keptAccount } from "./house.ts";

export const currency = "JPY";
export const shops = ["shop A", "shop B"] as const;
/** Those who take money, at each institution, with their channels. */
export const collectors = [
  ["store", "konbini"],
  ["post", "counter"],
  ["driver", "cash_on_delivery"],
  ["carrier", "cash_on_delivery"],
] as const;

export interface Market {
  readonly houses: Map<string, House>;
  readonly guarantor: Guarantor;
  /** What each account began with, by server and account. */
  readonly purses: Map<string, bigint>;
}

export const lineOf = (buyer: string): string => `line ${buyer}`;

export function openMarket(ground: Ground): Market {
  const { chance } = ground.time;
  const houses = new Map<string, House>();
  for (const id of ["C1", "C2"]) houses.set(id, new House(ground, id, chance.int(1, 3)));
  const guarantor = new Guarantor(ground, "G1", houses, chance.int(1, 3));
  const market = { houses, guarantor, purses: new Map<string, bigint>() };
  openShops(market, ground);
  for (const house of houses.values()) openHouse(market, house, ground);
  for (let buyer = 1; buyer <= 3; buyer += 1) enterMember(market, ground, buyer);
  return market;
}

function openShops({ guarantor }: Market, { time: { chance } }: Ground): void {
  openAt(guarantor, "outside JPY", "outside", -1_000_000n);
  openAt(guarantor, feeAccount(currency), "fee", 0n);
  openAt(guarantor, lossesAccount, "losses", -1_000_000n);
  for (const id of shops) {
    openAt(guarantor, id, "shop", 0n);
    const fee = { feeFixed: BigInt(chance.int(0, 20)), feeBasisPoints: chance.int(0, 1_000) };
    guarantor.shops.set(id, {
      id,
      name: id,
      state: "approved",
      accounts: [{ currency, account: id, ...fee, feeRoundTo: "shop" }],
      standing: { ...usualStanding },
      returnUrls: [],
      uniqueReferences: false,
    });
  }
  for (const kind of ["carrier", "provider"] as const)
    guarantor.parties.set(kind, {
      id: kind,
      kind,
      name: kind,
      state: "approved",
      independent: kind === "carrier",
    });
}

function openAt(at: Guarantor | House, id: string, kind: AccountKind, floor: bigint): void {
  at.accounts.set(id, { id, kind, currency, posted: 0n, held: 0n, floor, closed: false });
}

/** Accounts of shops, of the guarantor for its fee, and of collectors; one shop has none at the first institution. */
function openHouse({ guarantor }: Market, house: House, { time: { chance } }: Ground): void {
  const isUntied = chance.percent(8);
  openAt(house, "outside JPY", "outside", -1_000_000n);
  openAt(house, keptAccount(currency), "suspense", 0n);
  openAt(house, "fees of G1", "fee", 0n);
  consent(guarantor, house, feeAccount(currency), "fees of G1", { own: true });
  for (const id of shops) {
    if (house.id === "C1" && id === "shop B") continue;
    openAt(house, id, "shop", 0n);
    if (id === "shop B" && isUntied) continue;
    consent(guarantor, house, id, id, { own: false, isRevoked: chance.percent(4) });
  }
  for (const [id, channel] of collectors) {
    house.collectors.set(id, { id, channel, createdAt: new Date(beginning), ...unpaid });
    openAt(house, accountOfCollector(id, currency), "collector", -BigInt(chance.pick([2_000, 100_000])));
  }
  for (const purse of purses) openAt(house, purse, "deposit", 0n);
  if (chance.percent(85)) takesAtDoors(guarantor, house, chance.pick([0, 1_500, 100_000]));
}

/** The carrier lets the guarantor say what it has taken at doors: up to so much a day. */
function takesAtDoors(guarantor: Guarantor, house: House, limitPerDay: number): void {
  const id = `the carrier takes at doors for ${house.id}`;
  const account = accountOfCollector("carrier", currency);
  house.consents.set(id, {
    id,
    peer: guarantor.id,
    account,
    purpose: "collect",
    own: false,
    currency,
    ownerKind: "collector",
    owner: "carrier",
    limitPerTrade: null,
    limitPerMonth: null,
    limitPerDay: BigInt(limitPerDay),
    feeFixed: null,
    feeBasisPoints: null,
    confirmAbove: null,
    monthFrom: null,
    monthUntil: null,
    spent: 0n,
    until: null,
    revokedAt: null,
    standing: "good",
  });
  guarantor.tie({ account: takingAccount("carrier", currency), institution: house.id, consent: id });
}

/** A collector that is not paid for what it takes. */
const unpaid = { feeFixed: null, feeBasisPoints: null, feeBorneBy: null };

/** A consent to be paid at an institution, and its tie at the guarantor. */
function consent(
  guarantor: Guarantor,
  house: House,
  here: string,
  account: string,
  { own, isRevoked = false }: { own: boolean; isRevoked?: boolean },
): void {
  const id = `${account} may be paid at ${house.id}`;
  const given: StandingConsent = {
    id,
    peer: guarantor.id,
    account,
    purpose: "receive",
    own,
    currency,
    ownerKind: own ? "peer" : "shop",
    owner: own ? guarantor.id : account,
    limitPerTrade: null,
    limitPerMonth: null,
    feeFixed: own ? null : 25n,
    feeBasisPoints: own ? null : 1_000,
    confirmAbove: null,
    monthFrom: null,
    monthUntil: null,
    spent: 0n,
    until: null,
    revokedAt: isRevoked ? new Date(beginning) : null,
    standing: "good",
  };
  house.consents.set(id, given);
  guarantor.tie({ account: here, institution: house.id, consent: id });
}

/** A member with a credit line, and mostly a mandate for a shop. */
function enterMember({ guarantor }: Market, { time: { chance } }: Ground, buyer: number): void {
  const id = `buyer ${buyer}`;
  const number = BigInt(dammAppend(`1000000${buyer}`));
  const person = { id, number, state: "active", kind: "member" } as const;
  guarantor.people.set(id, person);
  guarantor.members.set(number, person);
  const account = lineOf(id);
  openAt(guarantor, account, "credit", -BigInt(chance.int(500, 6_000)));
  guarantor.methods.set(id, [
    { id: `method ${id}`, person: id, kind: "credit", currency, account, state: "active" },
  ]);
  if (chance.percent(10)) return;
  const mandate = `mandate ${id}`;
  guarantor.mandates.set(mandate, {
    id: mandate,
    person: id,
    shop: chance.pick(shops),
    currency,
    limit: BigInt(chance.int(500, 5_000)),
    used: 0n,
    until: new Date("2099-01-01T00:00:00Z"),
    method: null,
    acceptors: ["buyer", "shop", "recipient", "carrier"],
    terms: null,
    revoked: false,
  });
}
