/** What happens to shops, carriers, providers and operators on this server: admission, fees, keys. */
import Type from "typebox";
import { type Client, readClock, uuidv7 } from "../../storage/database/database.ts";
import {
  type Caller,
  endKeysAt,
  endSessionsOf,
  issueKey,
  type KeyOwnerKind,
  type KeyRow,
  listKeys,
  rotateKeys,
} from "../../storage/identity/identity.ts";
import { openAccounts } from "../../storage/ledger/ledger.ts";
import { type Fee, fromWire, toWire } from "../../core/money/money.ts";
import * as parties from "../../storage/parties/parties.ts";
import { isLoopback, isPlace, parseDuration, refuse } from "../../core/protocol/protocol.ts";
import { collectorHeadSchema, helperSchema, shopSchema } from "../../core/answers/answers.ts";
import type { Ground, PartyOrOperator } from "./context.ts";
import type { Effect } from "../../engines/engine/engine.ts";

export interface FeeOnWire {
  fixed: number;
  basisPoints: number;
  roundTo: Fee["roundTo"];
}

export interface PartyWish {
  name: string;
  contact: { email?: string; phone?: string };
  fee?: FeeOnWire;
  /** Until when a shop comes that comes for a time. */
  until?: string;
}

function feeOf(wire: FeeOnWire): Fee {
  return { ...wire, fixed: fromWire(wire.fixed) };
}

/** Why an operator lets a party be called what looks like another's name. */
interface LookAlike {
  reason: string;
  operator: string;
}

/** Refuses a name with what nobody sees. */
function checkName(name: string): void {
  if (!parties.isUnseen(name)) return;
  refuse("invalid_field", "A name holds nothing that is not seen.", {
    errors: [{ pointer: "/name", message: "holds what is not seen, or nothing that is" }],
  });
}

/**
 * Refuses a name that looks like another's, unless an operator says why it may; that is kept. Of two that are entered at
 * once, one sees the other.
 */
async function settleName(
  ground: Ground,
  client: Client,
  { id, name }: { id: string; name: string },
  said?: LookAlike,
): Promise<void> {
  await parties.lockNames(client);
  const alias = await aliasOf(ground, client, id, name);
  if (alias === undefined) return;
  if (said === undefined) return refuse("name_looks_alike", alias);
  await parties.insertPartyAct(client, { party: id, kind: "look_alike", value: { alias }, ...said });
}

async function aliasOf(
  { serverNames = [] }: Ground,
  client: Client,
  id: string,
  name: string,
): Promise<string | undefined> {
  if (parties.isDisguised(name))
    return "It is in letters of two scripts that have shapes in common, or of one that is hardly read.";
  const looks = new Set(parties.looksOf(name));
  const server = serverNames.find((other) => parties.looksOf(other).some((look) => looks.has(look)));
  const other = server ?? (await parties.findLookAlike(client, name, id));
  return other === undefined ? undefined : `It looks like ${other}.`;
}

/** Enters a party: approved at once where an operator does it, otherwise as one who has applied. */
export async function applyAsParty(
  context: Ground,
  client: Client,
  kind: parties.PartyKind,
  wish: PartyWish,
  how: {
    approved: boolean;
    passwordHash?: string | undefined;
    id?: string;
    lookAlike?: LookAlike | undefined;
  },
): Promise<Effect> {
  const { id = uuidv7() } = how;
  checkName(wish.name);
  const email = wish.contact.email ?? null;
  const phone = wish.contact.phone ?? null;
  const state = how.approved ? "approved" : "applied";
  await parties.insertParty(client, { id, kind, name: wish.name, state, email, phone });
  await settleName(context, client, { id, name: wish.name }, how.lookAlike);
  if (wish.until !== undefined)
    await comeUntil(client, { kind, id }, wish.until, how.passwordHash !== undefined);
  if (how.approved) await openShop(context, client, kind, id, wish.fee);
  if (how.passwordHash !== undefined && email !== null) {
    const login = { email, passwordHash: how.passwordHash, subjectKind: kind, subject: id };
    await context.identity.createLogin(client, login);
  }
  return { status: 201, body: (await partyView(client, kind, id)) ?? {} };
}

const longestStayMs = 366 * 86_400_000;

/** What a shop says of itself that comes for a time (paragraph 0088). */
export const stayUntil = Type.Optional(
  Type.String({
    format: "instant",
    description:
      "Of a shop that comes for a time: from then on it opens no trades, its keys have ended, and what is left it does signed in",
  }),
);

/** Keys end with the stay, so who comes for a time has a sign-in for the trades that go on. */
async function comeUntil(
  client: Client,
  { kind, id }: { kind: parties.PartyKind; id: string },
  until: string,
  signsIn: boolean,
): Promise<void> {
  if (kind !== "shop") refuse("invalid_field", "Only a shop comes for a time.");
  const [now, end] = [await readClock(client), new Date(until)];
  if (end <= now || end.getTime() > now.getTime() + longestStayMs)
    refuse("invalid_field", "A shop comes until a time within 366 days.");
  if (!signsIn)
    refuse("invalid_field", "A shop that comes for a time has a password, for what goes on after it.");
  await parties.insertStay(client, id, end);
}

/** A shop takes money, so it gets an account in each currency; other parties take none. */
async function openShop(
  { settings }: Ground,
  client: Client,
  kind: parties.PartyKind,
  id: string,
  fee: FeeOnWire | undefined,
): Promise<void> {
  if (kind !== "shop") return;
  const has = new Set((await parties.listShopAccounts(client, id)).map(({ currency }) => currency));
  const missing = settings.currencies
    .filter((currency) => !has.has(currency))
    .map((currency) => ({ currency, account: uuidv7() }));
  await openAccounts(
    client,
    missing.map(({ currency, account }) => ({ id: account, kind: "shop", currency, floor: 0n })),
  );
  await parties.insertShopAccounts(client, id, missing, fee === undefined ? settings.fee : feeOf(fee));
}

/** Shops from before a currency was added to the configuration get their accounts in it, at the fee that is usual. */
export async function openMissingAccounts(context: Ground): Promise<void> {
  const { database, settings } = context;
  for (const id of await parties.shopsWithoutAccount(database, settings.currencies))
    await database.transaction(async (client) => {
      await lockKnown(client, "shop", id);
      await openShop(context, client, "shop", id, undefined);
    });
}

/** A party as it is shown to itself and, with what operators keep of it, to them. */
export async function partyView(
  client: Client,
  kind: parties.PartyKind,
  id: string,
  viewer: "party" | "operator" = "party",
): Promise<Record<string, unknown> | undefined> {
  const party = await parties.readParty(client, kind, id);
  if (party === undefined) return undefined;
  const accounts =
    kind === "shop"
      ? {
          accounts: (await parties.listShopAccounts(client, id)).map(accountView),
          returnUrls: await parties.readReturnUrls(client, id),
          uniqueReferences: await parties.readUniqueReferences(client, id),
          returnAddress: parties.shownAddress(await parties.readReturnAddress(client, [id])),
          ...stayView(await parties.readStay(client, id)),
        }
      : {};
  const kept = viewer === "operator" ? { figures: await figuresView(client, id) } : {};
  return { ...partyHead(party), ...accounts, ...kept };
}

const stayView = (end: Date | undefined) => (end === undefined ? {} : { until: end.toISOString() });

/** What went wrong in a party's trades, for operators. */
export async function figuresView(client: Client, party: string): Promise<Record<string, number>> {
  const { rejections, disputes_lost, late_deliveries } = await parties.readFigures(client, party);
  return {
    rejections: toWire(rejections ?? 0n),
    disputesLost: toWire(disputes_lost ?? 0n),
    lateDeliveries: toWire(late_deliveries ?? 0n),
  };
}

/**
 * Sets where a shop may have people sent back to: whole addresses, as browsers write them, without a query. A sandbox takes
 * those of its own machine too, where nobody listens in.
 */
export async function setReturnUrls(
  client: Client,
  id: string,
  urls: readonly string[],
  { sandbox }: Pick<Ground, "sandbox">,
): Promise<Effect> {
  await lockKnown(client, "shop", id);
  const isSafe = (url: string) => url.startsWith("https://") || (sandbox === true && isLoopback(url));
  const wrong = urls.findIndex((url) => !isPlace(url) || !isSafe(url));
  if (wrong >= 0) {
    refuse("invalid_field", "An address to return to is an https address without a query.", {
      errors: [{ pointer: `/returnUrls/${wrong}`, message: "is no plain https address" }],
    });
  }
  await parties.setReturnUrls(client, id, urls);
  return { status: 200, body: (await partyView(client, "shop", id)) ?? {} };
}

/** A party as it stands in a list. */
export function partyHead(party: parties.PartyDetails): Record<string, unknown> {
  const { id, kind, name, state, email, phone, createdAt } = party;
  const contact = { ...(email === null ? {} : { email }), ...(phone === null ? {} : { phone }) };
  const isHelper = kind === "carrier" || kind === "provider";
  const independent = isHelper ? { independent: party.independent } : {};
  return { id, kind, name, state, ...independent, contact, createdAt: createdAt.toISOString() };
}

function accountView(account: parties.ShopAccount): Record<string, unknown> {
  const { currency, feeFixed, feeBasisPoints: basisPoints, feeRoundTo: roundTo } = account;
  return { currency, account: account.account, fee: { fixed: toWire(feeFixed), basisPoints, roundTo } };
}

/** Approves, suspends or lets go on. What is so already stays so; an application cannot be suspended or resumed. */
export async function moveParty(
  context: Ground,
  client: Client,
  kind: parties.PartyKind,
  id: string,
  act:
    | { do: "approve"; fee?: FeeOnWire | undefined; lookAlike?: LookAlike | undefined }
    | { do: "suspend" }
    | { do: "resume" },
): Promise<Effect> {
  const party = await lockKnown(client, kind, id);
  if (act.do !== "approve" && party.state === "applied") refuse("shop_not_approved");
  if (act.do === "approve" && party.state === "suspended")
    refuse("shop_suspended", "Resume the party instead.");
  if (act.do === "approve") {
    if (party.state === "applied") await settleName(context, client, party, act.lookAlike);
    await openShop(context, client, kind, id, act.fee);
  }
  await parties.setPartyState(client, id, act.do === "suspend" ? "suspended" : "approved");
  if (act.do === "suspend") await endSessionsOf(client, id);
  return { status: 200, body: (await partyView(client, kind, id)) ?? {} };
}

/** Refuses to approve whoever has applied with a name that looks like another's. */
export async function checkAdmission(context: Ground, kind: parties.PartyKind, id: string): Promise<void> {
  const party = await parties.readParty(context.database, kind, id);
  if (party?.state === "applied") await settleName(context, context.database, party);
}

async function lockKnown(client: Client, kind: parties.PartyKind, id: string): Promise<parties.PartyDetails> {
  return (await parties.lockParty(client, kind, id)) ?? refuse("not_found");
}

/** Sets what a shop pays on trades proposed from now on, in one currency or in all. */
export async function setFee(
  client: Client,
  id: string,
  wish: FeeOnWire & { currency?: string },
): Promise<Record<string, unknown>> {
  const { currency, ...fee } = wish;
  await lockKnown(client, "shop", id);
  const accounts = await parties.listShopAccounts(client, id);
  const meant =
    currency === undefined ? accounts : accounts.filter((account) => account.currency === currency);
  if (meant.length === 0) refuse("currency_mismatch", "The shop has no such account.");
  for (const account of meant) await parties.setShopFee(client, id, account.currency, feeOf(fee));
  return (await partyView(client, "shop", id)) ?? {};
}

export interface KeyWish {
  label?: string;
  /** How long the keys there were before go on working. Without it they stay as they are. */
  overlap?: string;
}

const keysMost = 20;
const overlapMostMs = 90 * 24 * 3_600_000;

/** Makes a key; it is shown in the first answer only. */
export async function makeKey(
  client: Client,
  owner: { kind: KeyOwnerKind; id: string },
  by: Caller["kind"],
  { label, overlap }: KeyWish,
): Promise<Effect> {
  const party = owner.kind === "operator" ? undefined : await lockKnown(client, owner.kind, owner.id);
  if (by !== "operator" && party?.state === "applied") refuse("shop_not_approved");
  if (by !== "operator" && party?.state === "suspended")
    refuse("shop_suspended", "A suspended party gets no key.");
  const wish = { ownerKind: owner.kind, owner: owner.id, label };
  const { id, key } =
    overlap === undefined
      ? await issueKey(client, wish)
      : await rotateKeys(client, { ...wish, overlapMs: overlapMs(overlap) });
  const end = owner.kind === "shop" ? await parties.readStay(client, owner.id) : undefined;
  if (end !== undefined) {
    if (end <= (await readClock(client)))
      refuse("shop_suspended", "The time for which the shop came is over.");
    await endKeysAt(client, owner.id, end);
  }
  const keys = await listKeys(client, owner.id);
  if (keys.length > keysMost) refuse("not_allowed", `There are ${keysMost} keys already; revoke one first.`);
  const made = keys.find((one) => one.id === id);
  return { status: 201, body: made === undefined ? { id } : keyView(made), secret: { key } };
}

function overlapMs(text: string): number {
  const duration = parseDuration(text);
  if (duration === undefined || duration.months > 0 || duration.milliseconds > overlapMostMs) {
    refuse("date_out_of_range", "Old keys go on for at most 90 days, given in days or less.");
  }
  return duration.milliseconds;
}

/** A key without its secret, which is kept nowhere. */
export function keyView({ id, label, createdAt, expiresAt }: KeyRow): Record<string, unknown> {
  return { id, label, createdAt: createdAt.toISOString(), expiresAt: expiresAt?.toISOString() ?? null };
}

/** Enters an operator, with a sign-in. `madeBy`: who asked for it; null on the server's own command line. */
export async function addOperator(
  { identity }: Pick<Ground, "identity">,
  client: Client,
  wish: { name: string; email: string; passwordHash: string; id?: string; madeBy: string | null },
): Promise<Effect> {
  const { id = uuidv7(), name, email, passwordHash, madeBy } = wish;
  await parties.insertOperator(client, { id, name, madeBy });
  await identity.createLogin(client, { email, passwordHash, subjectKind: "operator", subject: id });
  const operator = await parties.readOperator(client, id);
  return { status: 201, body: operator === undefined ? { id } : operatorView(operator) };
}

export function operatorView(operator: parties.OperatorRow): Record<string, unknown> {
  const { id, name, state, createdAt, madeBy } = operator;
  return { id, name, state, madeBy, createdAt: createdAt.toISOString() };
}

/** Suspends or lets go on. Nobody does it to themselves, so that one operator always remains who can undo it. */
export async function moveOperator(
  client: Client,
  id: string,
  by: string,
  to: parties.OperatorState,
): Promise<Effect> {
  if (id === by) refuse("not_allowed", "Operators do not suspend themselves.");
  if (!(await parties.setOperatorState(client, id, to))) refuse("not_found");
  if (to === "suspended") await endSessionsOf(client, id);
  const operator = await parties.readOperator(client, id);
  return { status: 200, body: operator === undefined ? {} : operatorView(operator) };
}

/** Where the calls about parties of a kind are. */
export function addressOf(kind: PartyOrOperator): string {
  return `/v1/${kind}s`;
}

const tagOf: Readonly<Record<PartyOrOperator, string>> = {
  shop: "Shops",
  carrier: "Carriers and providers",
  provider: "Carriers and providers",
  collector: "Collections",
  operator: "Operators",
};
/** Under what these calls stand in the documents. */
export const tagsOf = (kind: PartyOrOperator): string[] => [tagOf[kind]];

/** How a party is answered. */
export function answerOf(kind: parties.PartyKind) {
  if (kind === "shop") return shopSchema;
  return kind === "collector" ? collectorHeadSchema : helperSchema;
}
