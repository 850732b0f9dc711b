/** Consents: what members and shops of this institution let other servers do with their accounts (paragraph 0046). */
import { type Client, idFrom, readClock, uuidv7 } from "../../storage/database/database.ts";
import * as members from "../../storage/members/members.ts";
import { fromWire, toWire } from "../../core/money/money.ts";
import { accountOfCollector, readCollectors } from "../../engines/collections/collections.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import { listShopAccounts, readParty } from "../../storage/parties/parties.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import type { ConsentWish } from "../../core/protocol/schemas.ts";
import {
  insertConsents,
  type NewConsent,
  type OwnedConsent,
  readConsents,
  spentOf,
} from "../../engines/reservations/reservations.ts";
import type { ProvenAct } from "../../edge/moments/moments.ts";
import { refuseWhileHeld } from "../../edge/api/api.ts";
import type { Peer } from "../../edge/signing/signing.ts";

export type KnownPeers = readonly Pick<Peer, "id" | "name" | "url">[];

const consentMostYears = 10;
const yearMs = 366 * 86_400_000;

/** The server with this id; refuses where this institution serves no such server. */
export function knownPeer(peers: KnownPeers, id: string): KnownPeers[number] {
  return peers.find((peer) => peer.id === id) ?? refuse("not_found", "No such server is known here.");
}

/** What a member lets out by a consent: as much as in a month, since nobody counts the trades of one. */
export async function toConsent(
  database: Client,
  person: string,
  { peer, method, limitPerMonth }: ConsentWish,
): Promise<ProvenAct> {
  const found = (await members.listMethods(database, person)).find(({ id }) => id === method);
  return {
    act: "consent.give",
    of: peer,
    ...(found === undefined ? {} : { currency: found.currency }),
    amount: limitPerMonth === undefined ? null : fromWire(limitPerMonth),
  };
}

/** A member sets above what sum they confirm payments; without one they confirm nothing. */
export async function toConfirmAbove(
  database: Client,
  owner: string,
  id: string,
  sum: bigint | null,
): Promise<ProvenAct> {
  const [consent] = await readConsents(database, [id]);
  if (consent?.owner !== owner) return refuse("not_found");
  return { act: "consent.change", of: id, amount: sum, currency: consent.currency };
}

/** A member lets a peer reserve from one of their means of payment. Answers the consent's id. */
export async function consentToPay(client: Client, person: string, wish: ConsentWish): Promise<string> {
  if (
    (wish.purpose ?? "pay") !== "pay" ||
    wish.limitPerDay !== undefined ||
    wish.currency !== undefined ||
    wish.fee !== undefined
  )
    refuse("invalid_field", "Members consent to paying, from one of their means of payment.");
  if (wish.method === undefined) return missing("method");
  if (wish.until === undefined) return missing("until");
  const [member] = await members.readPeopleById(client, [person]);
  if (member?.state !== "active") refuse("member_not_approved");
  await refuseWhileHeld(client, person);
  const method = (await members.listMethods(client, person)).find(({ id }) => id === wish.method);
  if (method === undefined) return refuse("not_found", "There is no such means of payment.");
  if (method.state !== "active" || method.account === null) return refuse("method_not_usable");
  const until = new Date(wish.until);
  checkEnd(await readClock(client), until);
  const { limitPerTrade, limitPerMonth, confirmAbove } = wish;
  return enter(client, {
    id: uuidv7(),
    peer: wish.peer,
    account: method.account,
    purpose: "pay",
    own: false,
    ownerKind: "member",
    owner: person,
    currency: method.currency,
    until,
    ...feeless,
    limitPerTrade: limitPerTrade === undefined ? null : fromWire(limitPerTrade),
    limitPerMonth: limitPerMonth === undefined ? null : fromWire(limitPerMonth),
    confirmAbove: confirmAbove === undefined ? null : fromWire(confirmAbove),
  });
}

/**
 * Who takes money at doors lets a peer say in their name that they have, up to so much a day. Answers the consent's id. Only they
 * themselves do: it makes them owe what the peer says.
 */
export async function consentToCollect(
  client: Client,
  collector: string,
  wish: ConsentWish,
): Promise<string> {
  const { peer, purpose, currency, limitPerDay, until, ...rest } = wish;
  if (purpose !== "collect" || Object.keys(rest).length > 0)
    refuse(
      "invalid_field",
      "Who takes money consents to that being said, in one currency and up to so much a day.",
    );
  if (currency === undefined) return missing("currency");
  if (limitPerDay === undefined) return missing("limitPerDay");
  const [known] = await readCollectors(client, [collector]);
  if (known?.channel !== "cash_on_delivery") return refuse("not_allowed", "You take no money at doors here.");
  await refuseWhileHeld(client, collector);
  const account = accountOfCollector(collector, currency);
  const [open] = await readAccounts(client, [account]);
  if (open === undefined) return refuse("currency_mismatch", `You take no money in ${currency} here.`);
  const end = until === undefined ? null : new Date(until);
  if (end !== null) checkEnd(await readClock(client), end);
  return enter(client, {
    id: uuidv7(),
    peer,
    account,
    purpose: "collect",
    own: false,
    ownerKind: "collector",
    owner: collector,
    currency,
    until: end,
    ...unlimited,
    ...feeless,
    limitPerDay: fromWire(limitPerDay),
  });
}

export function checkEnd(now: Date, until: Date): void {
  if (until <= now || until.getTime() > now.getTime() + consentMostYears * yearMs)
    refuse("date_out_of_range", "A consent ends in the future, at most ten years from now.");
}

/** A shop lets a peer have money paid into its account. Answers the consent's id. */
export async function consentToReceive(client: Client, shop: string, wish: ConsentWish): Promise<string> {
  const { peer, purpose, currency, fee, ...rest } = wish;
  if (purpose !== "receive" || Object.keys(rest).length > 0)
    refuse("invalid_field", "Shops consent to being paid, in one currency and without limits.");
  if (currency === undefined) return missing("currency");
  const party = await readParty(client, "shop", shop);
  if (party?.state !== "approved")
    refuse(party?.state === "suspended" ? "shop_suspended" : "shop_not_approved");
  const own = (await listShopAccounts(client, shop)).find((each) => each.currency === currency);
  if (own === undefined) return refuse("currency_mismatch", `The shop has no account in ${currency}.`);
  return enter(client, {
    id: uuidv7(),
    peer,
    account: own.account,
    purpose: "receive",
    own: false,
    ownerKind: "shop",
    owner: shop,
    currency,
    until: null,
    ...unlimited,
    ...(fee === undefined ? feeless : { feeFixed: fromWire(fee.fixed), feeBasisPoints: fee.basisPoints }),
  });
}

function missing(field: string): never {
  return refuse("invalid_field", `\`${field}\` has to be given.`, {
    errors: [{ pointer: `/${field}`, message: "is missing" }],
  });
}

const unlimited = { limitPerTrade: null, limitPerMonth: null } as const;
const feeless = { feeFixed: null, feeBasisPoints: null } as const;

/**
 * The bearer of a voucher's code may spend it, so bringing the code is consent enough. The same code gives the same
 * peer the same consent, however often it is brought.
 */
export async function consentByVoucher(client: Client, peer: string, code: string): Promise<string> {
  const [voucher] = await members.readVouchers(client, [code]);
  if (voucher === undefined || voucher.claimedBy !== null)
    return refuse("method_not_usable", "This code cannot be used.");
  const { account, currency } = voucher;
  return enter(client, {
    id: idFrom(`voucher ${peer} ${account}`),
    peer,
    account,
    purpose: "pay",
    own: false,
    ownerKind: "bearer",
    owner: null,
    currency,
    until: null,
    ...unlimited,
    ...feeless,
  });
}

async function enter(client: Client, consent: NewConsent): Promise<string> {
  await insertConsents(client, [consent]);
  return consent.id;
}

/** A consent as its owner sees it. */
export function ownedView(peers: KnownPeers, consent: OwnedConsent): Record<string, unknown> {
  const {
    id,
    peer,
    purpose,
    kind,
    currency,
    limitPerTrade,
    limitPerMonth,
    limitPerDay = null,
    until,
  } = consent;
  const { feeFixed, feeBasisPoints, advanced } = consent;
  return {
    id,
    peer,
    peerName: peers.find((known) => known.id === peer)?.name ?? null,
    purpose,
    kind,
    currency,
    limitPerTrade: limitPerTrade === null ? null : toWire(limitPerTrade),
    limitPerMonth: limitPerMonth === null ? null : toWire(limitPerMonth),
    confirmAbove: consent.confirmAbove === null ? null : toWire(consent.confirmAbove),
    ...(limitPerDay === null ? {} : { limitPerDay: toWire(limitPerDay) }),
    spentThisMonth: limitPerMonth === null ? null : toWire(spentOf(consent, consent.readAt)),
    fee:
      feeFixed === null || feeBasisPoints === null
        ? null
        : { fixed: toWire(feeFixed), basisPoints: feeBasisPoints },
    advanced: purpose === "receive" ? toWire(advanced) : null,
    until: until?.toISOString() ?? null,
    revokedAt: consent.revokedAt?.toISOString() ?? null,
    createdAt: consent.createdAt.toISOString(),
  };
}
