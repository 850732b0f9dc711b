/** What a batch of requests needs, locked and read. */
import { nextDeadline } from "../../core/machine/machine.ts";
import { paidInto } from "../../core/trade/trade.ts";
import { dammAppend, dayAt, holdsCardNumber, tradeNumberLength } from "../../core/protocol/protocol.ts";
import { type Client, randomDigits, readClock, uuidv7 } from "../../storage/database/database.ts";
import {
  lockMandates,
  type MethodRow,
  type PersonRow,
  readBuyers,
  readMethods,
} from "../../storage/members/members.ts";
import {
  readParties,
  readShops,
  readTaken,
  type ShopRow,
  type TakenReference,
} from "../../storage/parties/parties.ts";
import { accountKey } from "../advances/advances.ts";
import { openStandingFor, type StandingFor } from "../credit/credit.ts";
import { type KeyOf, openFirstAnswers } from "../engine/engine.ts";
import { readEndpoints, readTold, type ToldSides } from "../outbox/outbox.ts";
import { takingAccount } from "../rails/rails.ts";
import { lockLimited } from "./frozen-limits.ts";
import { type KeptTrade, stepIn, withoutLinks } from "./kept-trade.ts";
import type { Request } from "./world.ts";
import { lockTrades } from "./store.ts";
import { lockAdvances } from "./trade-advances.ts";
import { payeeAfter, referenceKey, type Rules, shopsOf, type World } from "./world.ts";

export interface Sought {
  trades: Set<bigint>;
  shops: Set<string>;
  parties: Set<string>;
  memberNumbers: Set<bigint>;
  people: Set<string>;
  methods: Set<string>;
  mandates: Set<string>;
  keys: KeyOf[];
}

/**
 * Locks and reads what a batch of requests needs, in two rounds: trades first, with what can be read beside
 * them; then mandates, holds, accounts, each by id, the first answers, and last the clock.
 */
export async function openWorld(rules: Rules, client: Client, requests: readonly Request[]): Promise<World> {
  const sought = seek(requests);
  const [trades, shops, parties, people, methods, before] = await Promise.all([
    sought.trades.size === 0 ? [] : lockTrades(client, [...sought.trades]),
    sought.shops.size === 0 ? [] : readShops(client, [...sought.shops]),
    sought.parties.size === 0 ? [] : readParties(client, [...sought.parties]),
    needsPeople(sought) ? readBuyers(client, lists(sought)) : [],
    needsPeople(sought) ? readMethods(client, lists(sought)) : [],
    readClock(client),
  ]);
  for (const mandate of touchedMandates(requests, trades, before)) sought.mandates.add(mandate);
  await readAgreeing(client, requests, trades, { people, methods, shops });
  const [mandates, limited, standing, advances, rail, endpoints, told, taken, answers, now] =
    await Promise.all([
      sought.mandates.size === 0 ? [] : lockMandates(client, [...sought.mandates]),
      lockLimited(client, shops, trades),
      standingOf(rules, client, requests, { trades, people, before }),
      rules.advances === undefined ? [] : lockAdvances(client, requests, trades),
      rules.rail.open(client, {
        holds: trades.flatMap((trade) => trade.hold ?? []),
        accounts: accountsOf(rules, trades, methods),
        payees: new Set([...payeesOf(rules, shops), ...takersOf(requests, trades)]),
        shops: shopsOf(trades),
      }),
      readEndpoints(client, ownersOf(requests, trades)),
      toldOf(rules, client, trades, before),
      takenBy(client, requests, shops, trades),
      openFirstAnswers(client, sought.keys, "idempotency_key_reused", withoutLinks(rules.approveUrl)),
      readClock(client),
    ]);
  return {
    now,
    trades: new Map(trades.map((trade) => [trade.number, trade])),
    shops: new Map(shops.map((shop) => [shop.id, shop])),
    parties: new Map(parties.map((party) => [party.id, party])),
    people: new Map(people.map((person) => [person.id, person])),
    members: new Map(people.flatMap((person) => (person.number === null ? [] : [[person.number, person]]))),
    methods: byPerson(methods),
    mandates: new Map(mandates.map((mandate) => [mandate.id, mandate])),
    limited,
    standing,
    advances: rules.advances && {
      rules: rules.advances,
      accounts: new Map(advances.map((account) => [accountKey(account.shop, account.currency), account])),
      used: new Set(),
    },
    rail,
    answers,
    newId: uuidv7,
    newNumber: newTradeNumber,
    inserted: new Set(),
    updated: new Set(),
    agreed: new Set(),
    events: [],
    recipients: [],
    guestForms: [],
    answeredTrades: new Set(),
    routes: [],
    references: new Map(taken.map(({ shop, reference, number }) => [referenceKey(shop, reference), number])),
    takenReferences: [],
    usedMandates: new Set(),
    answered: new Set(),
    disputed: new Map(),
    endpoints,
    mails: rules.mails,
    told,
    forgottenPeople: new Set(),
    forgottenTrades: new Set(),
  };
}

/** What this server stands for already, and may, for the shops and buyers of what the batch may reserve. */
async function standingOf(
  { limits, timeZone }: Rules,
  client: Client,
  requests: readonly Request[],
  { trades, people, before }: { trades: readonly KeptTrade[]; people: readonly PersonRow[]; before: Date },
): Promise<StandingFor | undefined> {
  if (limits === undefined) return undefined;
  const pairs = requests.flatMap((request) => {
    if (request.do === "propose" && reservesAtOnce(request.body)) {
      const { actor, body } = request;
      const shop = actor.kind === "shop" ? actor.id : body.shop;
      return shop === undefined ? [] : [{ shop, currency: body.currency }];
    }
    const trade = isAgreement(request) ? trades.find(({ number }) => number === request.number) : undefined;
    return trade === undefined ? [] : [{ shop: trade.shop, currency: trade.currency }];
  });
  const shops = [...new Map(pairs.map((each) => [`${each.shop} ${each.currency}`, each])).values()];
  const members = people.map(({ id }) => id);
  return openStandingFor(client, limits, { day: dayAt(before, timeZone), shops, members });
}

/** Whether a proposal reserves in the same step; a member's own earmark does without a word of approval. */
const reservesAtOnce = ({ approval, earmark }: (Request & { do: "propose" })["body"]): boolean =>
  approval !== undefined || earmark === true;

/** Which references of these proposals are taken; nothing is asked for shops that do not mind. */
async function takenBy(
  client: Client,
  requests: readonly Request[],
  shops: readonly ShopRow[],
  trades: readonly KeptTrade[],
): Promise<TakenReference[]> {
  const once = new Set(shops.filter(({ uniqueReferences }) => uniqueReferences).map(({ id }) => id));
  if (once.size === 0) return [];
  const sought = requests.flatMap((request) => {
    if (request.do === "move" && request.body.do === "revise" && request.body.reference !== undefined) {
      const of = trades.find(({ number }) => number === request.number)?.shop ?? "";
      return once.has(of) ? [{ shop: of, reference: request.body.reference }] : [];
    }
    if (request.do !== "propose" || request.body.reference === undefined) return [];
    const shop = request.actor.kind === "shop" ? request.actor.id : (request.body.shop ?? "");
    return once.has(shop) ? [{ shop, reference: request.body.reference }] : [];
  });
  return sought.length === 0 ? [] : readTaken(client, sought);
}

function byPerson(methods: readonly MethodRow[]): Map<string, MethodRow[]> {
  const found = new Map<string, MethodRow[]>();
  for (const method of methods) {
    const of = found.get(method.person);
    if (of === undefined) found.set(method.person, [method]);
    else of.push(method);
  }
  return found;
}

/** Moves that give back nothing of what is frozen, and so no room in a mandate. */
const givesNothingBack: ReadonlySet<string> = new Set([
  "ship",
  "deliver",
  "at-door",
  "reject",
  "send-back",
  "dispute",
  "answer",
  "say",
  "offer",
  "extend",
  "refund",
  "advance",
]);
/** Longer than a batch can take between its first look at the clock and its last. */
const longestBatchMs = 60_000;

/** The mandates of the trades from which a request, or a deadline that comes first, may release something. */
export function touchedMandates(
  requests: readonly Request[],
  trades: readonly KeptTrade[],
  now: Date,
): string[] {
  const giving = new Set<bigint>();
  for (const request of requests) {
    // What was paid for a trade leaves its mandate as it is.
    if (request.do === "propose" || request.do === "collected") continue;
    const keeps =
      request.do === "move" &&
      (givesNothingBack.has(request.body.do) ||
        (request.body.do === "accept" && request.body.final !== true));
    if (!keeps) giving.add(request.number);
  }
  const soon = now.getTime() + longestBatchMs;
  return trades.flatMap((trade) => {
    const { taken = [], given = [] } = stepIn(trade.pending)?.mandates ?? {};
    const waiting = giving.has(trade.number) ? [...taken, ...given].map(({ id }) => id) : [];
    if (trade.mandate === null) return waiting;
    const deadline = nextDeadline(trade);
    return giving.has(trade.number) || (deadline !== undefined && deadline.at.getTime() <= soon)
      ? [trade.mandate, ...waiting]
      : waiting;
  });
}

/** Whether those have been told whose silence may count in this batch; nothing is asked where no clock is due. */
function toldOf(
  { mails }: Rules,
  client: Client,
  trades: readonly KeptTrade[],
  now: Date,
): Promise<Map<bigint, ToldSides>> {
  const due = mails === undefined ? [] : trades.filter((trade) => isSoonDue(trade, now));
  return due.length === 0 ? Promise.resolve(new Map()) : readTold(client, due);
}

/** Whether a clock of the trade that concerns its parties may move before this batch ends. */
function isSoonDue(trade: KeptTrade, now: Date): boolean {
  const deadline = nextDeadline(trade);
  return (
    deadline !== undefined &&
    deadline.move !== "erase" &&
    deadline.at.getTime() <= now.getTime() + longestBatchMs
  );
}

/** Approval, revision and advance concern a buyer and a shop whom only the trade names: one more round for those. */
async function readAgreeing(
  client: Client,
  requests: readonly Request[],
  trades: readonly KeptTrade[],
  found: { people: PersonRow[]; methods: MethodRow[]; shops: ShopRow[] },
): Promise<void> {
  const numbers = new Set(requests.filter(isAgreement).map(({ number }) => number));
  const agreeing = trades.filter(({ number }) => numbers.has(number));
  if (agreeing.length === 0) return;
  const people = agreeing.flatMap(({ buyer }) => buyer ?? []);
  const sought = { methods: [], people, memberNumbers: [], mandates: [] };
  const [morePeople, moreMethods, moreShops] = await Promise.all([
    readBuyers(client, sought),
    readMethods(client, sought),
    readShops(client, shopsOf(agreeing)),
  ]);
  found.people.push(...morePeople);
  const have = new Set(found.methods.map(({ id }) => id));
  found.methods.push(...moreMethods.filter(({ id }) => !have.has(id)));
  found.shops.push(...moreShops);
}

export function isAgreement(request: Request): request is Request & { do: "move" } {
  return request.do === "move" && ["approve", "revise", "advance"].includes(request.body.do);
}

export function seek(requests: readonly Request[]): Sought {
  const sought: Sought = {
    trades: new Set(),
    shops: new Set(),
    parties: new Set(),
    memberNumbers: new Set(),
    people: new Set(),
    methods: new Set(),
    mandates: new Set(),
    keys: [],
  };
  for (const request of requests) {
    if (request.do !== "propose") sought.trades.add(request.number);
    if (!("actor" in request)) continue;
    if (request.key !== undefined) sought.keys.push({ caller: request.actor.id, key: request.key });
    if (request.do === "assign") sought.shops.add(request.actor.id);
    else if (request.do === "propose") seekForProposal(sought, request);
    else seekForMove(sought, request);
  }
  return sought;
}

function seekForProposal(sought: Sought, { actor, body }: Request & { do: "propose" }): void {
  if (actor.kind === "person") sought.people.add(actor.id);
  if (actor.kind === "shop") sought.shops.add(actor.id);
  else if (body.shop !== undefined) sought.shops.add(body.shop);
  if (body.carrier !== undefined) sought.parties.add(body.carrier);
  if (body.provider !== undefined) sought.parties.add(body.provider);
  if (body.method !== undefined) sought.methods.add(body.method);
  if (body.buyer !== undefined && "member" in body.buyer && isStorable(body.buyer.member)) {
    sought.memberNumbers.add(BigInt(body.buyer.member));
  }
  if (body.approval !== undefined && "mandate" in body.approval) sought.mandates.add(body.approval.mandate);
}

function seekForMove(sought: Sought, { actor, body }: Request & { do: "move" }): void {
  if (body.do !== "approve" && body.do !== "revise") return;
  if (actor.kind === "person") sought.people.add(actor.id);
  if (body.method !== undefined) sought.methods.add(body.method);
  if (body.do === "revise" && body.carrier !== undefined) sought.parties.add(body.carrier);
  if (body.do === "revise" && body.approval !== undefined) sought.mandates.add(body.approval.mandate);
}

/** Longer runs of digits than the database can compare are numbers of nobody and nothing. */
export function isStorable(digits: string): boolean {
  return digits.length <= 18;
}

function needsPeople(sought: Sought): boolean {
  return sought.memberNumbers.size + sought.people.size + sought.methods.size + sought.mandates.size > 0;
}

function lists(sought: Sought) {
  return {
    methods: [...sought.methods],
    people: [...sought.people],
    memberNumbers: [...sought.memberNumbers],
    mandates: [...sought.mandates],
  };
}

/** Those who may want to be told of what happens to these trades. */
export function ownersOf(requests: readonly Request[], trades: readonly KeptTrade[]): string[] {
  const owners = new Set<string>();
  for (const trade of trades) {
    const { shop, chain, carrier, provider } = trade;
    for (const owner of [shop, payeeAfter(trade).shop, chain, carrier, provider])
      if (owner !== null) owners.add(owner);
  }
  for (const request of requests) {
    if (request.do === "assign") owners.add(request.actor.id);
    if (request.do === "move" && request.body.do === "revise" && request.body.carrier !== undefined)
      owners.add(request.body.carrier);
    if (request.do !== "propose") continue;
    const { shop = request.actor.id, carrier, provider } = request.body;
    for (const owner of [shop, carrier, provider]) if (owner !== undefined) owners.add(owner);
  }
  return [...owners];
}

/** Where the shops of new trades, and this server for its fee, have their money. */
export function payeesOf(rules: Rules, shops: readonly ShopRow[]): Set<string> {
  return new Set(
    shops.flatMap(({ accounts }) =>
      accounts.flatMap(({ account, currency }) => [account, rules.feeAccount(currency)]),
    ),
  );
}

/** What those are called who may have taken money at the door, also in a command that waits. */
export function takersOf(requests: readonly Request[], trades: readonly KeptTrade[]): string[] {
  const says = (body: { do: string; collected?: { currency: string } | undefined }, who: string | null) =>
    body.collected === undefined || who === null ? [] : [takingAccount(who, body.collected.currency)];
  return [
    ...requests.flatMap((each) =>
      each.do === "move" && each.body.do === "accept" ? says(each.body, each.actor.id) : [],
    ),
    ...trades.flatMap(({ pending }) =>
      pending !== null && "command" in pending && pending.command.do === "accept"
        ? says(pending.command, pending.act.actor)
        : [],
    ),
  ];
}

/** Every account that a command of the batch may touch. Locking one too many is harmless; one too few is not. */
export function accountsOf(
  { advances }: Rules,
  trades: readonly KeptTrade[],
  methods: readonly MethodRow[],
): Set<string> {
  const accounts = new Set<string>();
  for (const trade of trades) {
    if (advances !== undefined)
      accounts.add(advances.from(trade.currency)).add(advances.into(trade.currency));
    // Also of a trade that is not reserved yet: it may be, earlier in the same batch.
    accounts.add(trade.terms.shopAccount).add(trade.terms.feeAccount).add(payeeAfter(trade).shopAccount);
    if (trade.account !== null) accounts.add(trade.account);
    accounts.add(paidInto(trade));
  }
  for (const method of methods) if (method.account !== null) accounts.add(method.account);
  return accounts;
}

/** A new trade number: random digits, not starting with zero, and their check digit. None that could pass for a card's. */
function newTradeNumber(): bigint {
  const first = (Number(randomDigits(1)) % 9) + 1;
  const number = dammAppend(String(first) + randomDigits(tradeNumberLength - 2));
  return holdsCardNumber(number) ? newTradeNumber() : BigInt(number);
}
