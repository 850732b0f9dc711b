/** Who is there when a life begins: servers, shops, carriers and buyers, with their accounts, consents and purses. */
import { dammAppend } from "../../../src/core/protocol/protocol.ts";
import { usualStanding } from "../../../src/storage/parties/parties.ts";
import { earlyAccount, Facilitator, feeAccount } from "./facilitator.ts";
import { Institution } from "./institution.ts";
import type { Ground } from "./process.ts";

const currencies = ["JPY", "USD"] as const;
type Currency = (typeof currencies)[number];

/** Shops; the first is the head of a chain whose branches are the two last. */
export const head = "shop A";
export const branches = ["store C", "store D"] as const;
export const shops = [head, "shop B", ...branches] as const;

export interface Players {
  readonly institutions: Map<string, Institution>;
  readonly facilitators: Facilitator[];
  /** What each account began with, by institution and account. */
  readonly purses: Map<string, bigint>;
}

interface Consenting {
  purpose: "pay" | "receive";
  own: boolean;
  currency: Currency;
  /** The shop that has given it. */
  shop?: string;
  /** What that shop agrees to as a fee: what its own is, and what it costs to be paid early. */
  fee?: { fixed: bigint; basisPoints: number } | undefined;
  /** Nothing new is paid into the account, though its facilitator still knows it. */
  isRevoked?: boolean;
}

export function openMarket(ground: Ground): Players {
  return new Opening(ground).players;
}

class Opening {
  readonly players: Players = { institutions: new Map(), facilitators: [], purses: new Map() };
  private readonly ground: Ground;

  constructor(ground: Ground) {
    this.ground = ground;
    const { institutions, facilitators } = this.players;
    const { chance } = ground.time;
    for (const id of ["I1", "I2"]) institutions.set(id, new Institution(ground, id, chance.int(1, 3)));
    for (const id of chance.percent(40) ? ["F1", "F2"] : ["F1"])
      facilitators.push(new Facilitator(ground, id, institutions, chance.int(1, 3)));
    for (const each of facilitators) this.openShops(each);
    for (const institution of institutions.values()) this.openHouse(institution);
    for (let buyer = 1; buyer <= 3; buyer += 1) this.enterBuyer(buyer);
  }

  private openShops(at: Facilitator): void {
    const { chance } = this.ground.time;
    for (const id of shops) {
      const accounts = currencies.map((currency) => ({
        currency,
        account: `${id} ${currency}`,
        feeFixed: BigInt(chance.int(0, 20)),
        feeBasisPoints: chance.int(0, 1_000),
        feeRoundTo: "shop" as const,
      }));
      const paidEarly = chance.percent(75) ? "always" : "afterShipping";
      at.shops.set(id, {
        id,
        name: id,
        state: "approved",
        accounts,
        standing: { ...usualStanding, paidEarly },
        returnUrls: [],
        uniqueReferences: false,
      });
    }
    for (const [id, kind] of [
      ["carrier", "carrier"],
      ["provider", "provider"],
    ] as const)
      at.parties.set(id, { id, kind, name: id, state: "approved", independent: kind === "carrier" });
    branches.forEach((branch, index) =>
      at.search.branches.push({
        branch,
        at: { lat: 100 * index, lng: 0 },
        capacity: chance.percent(50) ? null : chance.int(1, 2),
      }),
    );
  }

  /** The accounts of shops and facilitators, which have some at every institution. */
  private openHouse(institution: Institution): void {
    for (const currency of currencies) {
      this.openAccount(institution, `outside ${currency}`, currency, 0n);
      for (const id of shops) {
        // One shop takes no dollars at the second institution, and one branch nothing at all.
        if (institution.id === "I2" && (id === "store D" || (id === "shop B" && currency === "USD")))
          continue;
        this.openAccount(institution, `${id} ${currency}`, currency, 0n);
        const isRevoked = id === "store C" && this.ground.time.chance.percent(15);
        const consenting = { purpose: "receive", own: false, currency, shop: id, isRevoked } as const;
        for (const at of this.players.facilitators)
          this.tie(institution, at, `${id} ${currency}`, { ...consenting, fee: agreedFee(at, id, currency) });
      }
      for (const at of this.players.facilitators) this.openOwn(institution, at, currency);
    }
  }

  /** A facilitator's own accounts: into one the fee comes, and from the other shops are paid early while it lasts. */
  private openOwn(institution: Institution, at: Facilitator, currency: Currency): void {
    const fee = `fee ${currency} ${at.id}`;
    const early = `early ${currency} ${at.id}`;
    this.openAccount(institution, fee, currency, 0n);
    this.tie(institution, at, fee, { purpose: "receive", own: true, currency }, feeAccount(currency));
    this.fill(institution, early, currency, BigInt(this.ground.time.chance.int(100, 4_000)));
    this.tie(institution, at, early, { purpose: "pay", own: true, currency }, earlyAccount(currency));
  }

  private openAccount(institution: Institution, id: string, currency: string, posted: bigint): void {
    const kind = id.startsWith("outside") ? "outside" : id.startsWith("fee") ? "fee" : "deposit";
    const floor = kind === "outside" ? -1_000_000n : 0n;
    institution.accounts.set(id, { id, kind, currency, posted, held: 0n, floor, closed: false });
    this.players.purses.set(`${institution.id} ${id}`, posted);
  }

  /** The same with money in it that has come from outside. */
  private fill(institution: Institution, id: string, currency: string, purse: bigint): void {
    this.openAccount(institution, id, currency, purse);
    const outside = institution.accounts.get(`outside ${currency}`);
    if (outside !== undefined) this.openAccount(institution, outside.id, currency, outside.posted - purse);
  }

  private tie(
    institution: Institution,
    at: Facilitator,
    account: string,
    { purpose, own, currency, shop, fee, isRevoked = false }: Consenting,
    local: string = account,
  ): void {
    const id = consentOf(at.id, account);
    institution.addConsent({ id, peer: at.id, account, purpose, own, currency, shop, fee, isRevoked });
    at.tie({ account: local, institution: institution.id, consent: id });
  }

  /** A buyer with a small purse in each currency, at one institution each, known to every facilitator. */
  private enterBuyer(buyer: number): void {
    const { chance } = this.ground.time;
    const { facilitators, institutions } = this.players;
    const id = `buyer ${buyer}`;
    const number = BigInt(dammAppend(`1000000${buyer}`));
    for (const at of facilitators) {
      const person = { id, number, state: "active", kind: "member" } as const;
      at.people.set(id, person);
      at.members.set(number, person);
      at.methods.set(id, []);
    }
    for (const currency of currencies) {
      const institution = institutions.get(chance.pick(["I1", "I2"]));
      if (institution === undefined) continue;
      const account = `${id} ${currency}`;
      this.fill(institution, account, currency, BigInt(chance.int(300, 6_000)));
      for (const at of facilitators) {
        this.tie(institution, at, account, { purpose: "pay", own: false, currency });
        const method = { id: `method ${account}`, person: id, kind: "deposit" as const, currency, account };
        at.methods.get(id)?.push({ ...method, state: "active" });
        if (chance.percent(90)) this.giveMandate(at, id, chance.pick([head, "shop B"]), currency);
      }
    }
  }

  private giveMandate(at: Facilitator, person: string, shop: string, currency: string): void {
    const id = `mandate ${person} ${currency}`;
    const limit = BigInt(this.ground.time.chance.int(500, 5_000));
    const until = new Date("2099-01-01T00:00:00Z");
    const acceptors = ["buyer", "shop", "recipient"] as const;
    at.mandates.set(id, {
      id,
      person,
      shop,
      currency,
      limit,
      used: 0n,
      until,
      method: null,
      acceptors: [...acceptors],
      terms: null,
      revoked: false,
    });
  }
}

/** The most that a facilitator keeps of a shop's payments, if it is honest: its fee, what an advance costs, and roundings. */
function agreedFee(at: Facilitator, shop: string, currency: Currency) {
  const account = at.shops.get(shop)?.accounts.find((each) => each.currency === currency);
  if (account === undefined) return undefined;
  return { fixed: account.feeFixed + 5n, basisPoints: account.feeBasisPoints + 800 };
}

/** The consent under which a facilitator may use an account. */
export const consentOf = (facilitator: string, account: string): string => `${facilitator} may ${account}`;
