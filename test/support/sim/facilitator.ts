/** A facilitator in memory: what is committed, and the processes that take trades through the production engine. */
import { type Lot, type Side, usualTerms } from "../../../src/core/trade/trade.ts";
import type { FirstAnswer } from "../../../src/engines/engine/engine.ts";
import { accountKey, type AdvanceAccount } from "../../../src/engines/advances/advances.ts";
import { type RemoteAccount, remoteInstitution } from "../../../src/engines/rails/rails.ts";
import type { MandateRow, MethodRow, PersonRow } from "../../../src/storage/members/members.ts";
import type { PartyRow, ShopRow } from "../../../src/storage/parties/parties.ts";
import { dammAppend } from "../../../src/core/protocol/protocol.ts";
import { answerAll } from "../../../src/engines/trades/batch.ts";
import { answerKey, type SentOutcome, sentOutcomes } from "./sent-outcome.ts";
import type { NewEvents } from "../../../src/engines/steps/store.ts";
import type { Request } from "../../../src/engines/steps/world.ts";
import type { Rules, World } from "../../../src/engines/steps/world.ts";
import { type KeptTrade, stepIn } from "../../../src/engines/steps/kept-trade.ts";
import { Doorway } from "./doorway.ts";
import { Desk, type Home, type KeptInstruction, leaseMs } from "./desk.ts";
import { beginning, type Institution } from "./institution.ts";
import type { Network } from "./network.ts";
import { type Ground, Lock, type Transaction } from "./process.ts";
import { readWorld, type Tables } from "./locked-rows.ts";
import { BranchSearch } from "./branch-search.ts";
import { testVault } from "../world/vault.ts";
import { readAnswer } from "../../../src/servers/facilitator/answers.ts";
import type { WaitingInstruction } from "../../../src/engines/outbox/outbox.ts";
import { ofReservation } from "../tables/instructions.ts";
import { garble } from "./garble.ts";
import { tampered } from "./tampering.ts";

/** In the second currency a shop is not paid early at once for all that it has. */
export const limits = { JPY: 1_500, USD: 900 };

/** The account from which shops are paid early; the money comes back into that of the fee, as in production. */
export const earlyAccount = (currency: string): string => `early ${currency}`;
export const feeAccount = (currency: string): string => `fee ${currency}`;

const rules = {
  topology: "facilitated",
  rail: remoteInstitution(),
  vault: testVault,
  defaults: {
    ...usualTerms,
    reserveFor: "P10D",
    coolingOff: { for: "P3D", goods: "return" },
    autoAfter: "P3D",
    deliverWithin: "P3D",
    returnWithin: "P5D",
    inspectWithin: "P2D",
  },
  timeZone: "UTC",
  feeAccount,
  advances: {
    acceptedBasisPoints: 100,
    reservedBasisPoints: 700,
    limitPerShop: limits,
    from: earlyAccount,
    into: feeAccount,
  },
  approveUrl: (number) => number,
} satisfies Rules;

export class Facilitator implements Home, Tables {
  readonly id: string;
  /** How far this server's clock is ahead, in milliseconds. */
  ahead = 0;
  readonly trades = new Map<bigint, KeptTrade>();
  readonly events = new Map<string, NewEvents[]>();
  readonly answers = new Map<string, FirstAnswer>();
  readonly instructions = new Map<string, KeptInstruction>();
  readonly mandates = new Map<string, MandateRow>();
  readonly advances = new Map<string, AdvanceAccount>();
  readonly shops = new Map<string, ShopRow>();
  readonly parties = new Map<string, PartyRow>();
  readonly people = new Map<string, PersonRow>();
  readonly members = new Map<bigint, PersonRow>();
  readonly methods = new Map<string, MethodRow[]>();
  readonly ties = new Map<string, RemoteAccount[]>();
  readonly institutions: Map<string, Institution>;
  readonly search: BranchSearch;
  readonly doorway: Doorway;
  readonly desks: Desk[] = [];
  readonly ground: Ground;
  private numbers = 0;
  /** Steps that have waited, for the mutant that applies an answer twice. */
  private readonly waited = new Map<string, KeptTrade["pending"]>();

  constructor(ground: Ground, id: string, institutions: Map<string, Institution>, processes: number) {
    this.ground = ground;
    this.id = id;
    this.institutions = institutions;
    this.doorway = new Doorway(ground);
    this.search = new BranchSearch(this.trades, ground.network, ground.newId);
    const lock = new Lock(ground.time.chance);
    for (let each = 0; each < processes; each += 1) this.desks.push(new Desk(this, lock));
  }

  now(): Date {
    return new Date(beginning + this.ground.time.now + this.ahead);
  }

  readonly open = (requests: readonly Request[], now: Date): Transaction<SentOutcome> => {
    const { newId } = this.ground;
    const newNumber = () => BigInt(dammAppend(`4${String((this.numbers += 1)).padStart(12, "0")}`));
    const world = readWorld(this, rules, requests, now, { newId, newNumber });
    if (this.ground.mutant === "silence counts against those who were not told") world.told.clear();
    for (const request of requests) {
      const trade = request.do === "propose" ? undefined : world.trades.get(request.number);
      if (trade !== undefined) world.trades.set(trade.number, this.tradeFor(request, trade));
    }
    if (this.ground.mutant === "what is owed is owed at the first institution")
      world.rail = { ...world.rail, placeOf: () => "I1" };
    const answers = answerAll(rules, world, requests);
    return { answers: sentOutcomes(answers, world.rail.asked), commit: () => this.write(world) };
  };

  /** Of every ninth trade nothing has reached the buyer, of another the shop; of two more it has only now. */
  readonly toldSince = (trade: bigint, now: Date): Record<Side, Date | null> => {
    const place = (trade / 10n) % 9n;
    const since = (never: bigint, late: bigint) =>
      place === never ? null : place === late ? now : new Date(0);
    return { buyer: since(4n, 5n), shop: since(7n, 8n) };
  };

  readonly wire = ({ body }: WaitingInstruction): object => tampered(ofReservation(body), this.ground);
  readonly read = readAnswer;
  readonly garbled = (reply: string): string => garble(this.ground, reply);

  /** The consent under which an account here is one there. */
  tie(tie: RemoteAccount): void {
    const ties = this.ties.get(tie.account);
    if (ties === undefined) this.ties.set(tie.account, [tie]);
    else ties.push(tie);
  }

  /** The institution at which the money of a trade is. */
  readonly placeOf = ({ account }: Pick<KeptTrade, "account">): string =>
    this.ties.get(account ?? "")?.[0]?.institution ?? "nowhere";

  private tradeFor(request: Request, trade: KeptTrade): KeptTrade {
    if (request.do === "assign" && this.ground.mutant === "a store takes what another has taken")
      return trade.chain === null ? trade : { ...trade, shop: trade.chain, chain: null };
    if (this.ground.mutant === "a claim counts as a delivery") return trusting(trade);
    if (this.ground.mutant === "a contest is forgotten") return uncontested(trade);
    if (this.ground.mutant !== "an answer is applied twice" || request.do !== "answered") return trade;
    if (trade.pending !== null) this.waited.set(trade.pending.instruction, trade.pending);
    return { ...trade, pending: this.waited.get(request.instruction) ?? trade.pending };
  }

  private write(world: World): void {
    const { time, mutant } = this.ground;
    for (const number of [...world.inserted, ...world.updated]) {
      const trade = world.trades.get(number);
      if (trade === undefined) continue;
      const isNew = trade.pending !== this.trades.get(number)?.pending;
      this.trades.set(number, isNew ? { ...trade, pending: asStored(trade.pending) } : trade);
    }
    for (const row of world.events) {
      const rows = this.events.get(row.trade);
      if (rows === undefined) this.events.set(row.trade, [row]);
      else rows.push(row);
      countEvents(this.ground.network, row, this.trades.get(row.number)?.terms.private === true);
    }
    for (const id of world.usedMandates) this.mandates.set(id, world.mandates.get(id) as MandateRow);
    for (const key of world.advances?.used ?? [])
      this.writeAdvances(world.advances?.accounts.get(key) as AdvanceAccount);
    for (const route of world.routes) this.search.begin(route, world.now);
    const nextAt = time.now + leaseMs;
    // Where the mutant writes them afterwards, a crash comes between.
    if (mutant !== "instructions are written after the commit") {
      for (const instruction of world.rail.asked) this.keep({ instruction, nextAt });
    }
    for (const given of world.answers.given) this.answers.set(answerKey(given.caller, given.key), given);
    for (const given of world.answers.replaced) {
      const key = answerKey(given.caller, given.key);
      const before = this.answers.get(key);
      if (before !== undefined) this.answers.set(key, { ...before, ...given });
    }
    for (const id of world.answered) this.instructions.delete(id);
  }

  private writeAdvances(account: AdvanceAccount): void {
    const key = accountKey(account.shop, account.currency);
    const isPaid = account.covered > (this.advances.get(key)?.covered ?? 0n);
    if (isPaid && this.ground.mutant === "a debt that was paid is forgotten") return;
    this.advances.set(key, account);
  }

  /** The mutants that take what waits for something that a process remembers, or count it anew as it starts. */
  forgetAtCrash(): void {
    if (this.ground.mutant === "an advance is counted again after a crash") this.countAgain();
    if (this.ground.mutant !== "what waits is dropped at a crash") return;
    this.instructions.clear();
    for (const trade of this.trades.values()) this.trades.set(trade.number, { ...trade, pending: null });
  }

  private countAgain(): void {
    for (const { pending } of this.trades.values()) {
      for (const { shop, currency, change, amount } of stepIn(pending)?.advances?.taken ?? []) {
        const account = this.advances.get(accountKey(shop, currency));
        if (account !== undefined && change === "advanced")
          this.writeAdvances({ ...account, outstanding: account.outstanding + BigInt(amount) });
      }
    }
  }

  keep(kept: KeptInstruction): void {
    this.instructions.set(kept.instruction.id, kept);
  }

  forget(instruction: string): void {
    this.instructions.delete(instruction);
  }
}

/** As if the buyer had agreed that the shop's word counts. */
const trusting = (trade: KeptTrade): KeptTrade => ({
  ...trade,
  terms: { ...trade.terms, acceptance: { ...trade.terms.acceptance, shopWord: true } },
});

function withoutContest(lot: Lot): Lot {
  const { contested: _, ...rest } = lot;
  return rest;
}

const uncontested = (trade: KeptTrade): KeptTrade => ({
  ...trade,
  progress: { ...trade.progress, lots: trade.progress.lots.map(withoutContest) },
});

/** What happens on the record alone: nobody asks for it by that name. */
const counted = new Map([
  ["trade.advanced", "an advance bought"],
  ["trade.recourse", "an advance owed"],
  ["trade.refund_due", "a refund that is due"],
  ["trade.unpaid", "an accepted payment refused for good"],
]);

/** What happens of a private trade in pieces. */
const inGoods = new Set(["trade.reserved", "trade.settled", "trade.returned", "trade.refunded"]);

function countEvents(network: Network, { types, data }: NewEvents, isPrivate: boolean): void {
  types.forEach((type, index) => {
    const what = counted.get(type);
    if (what !== undefined) network.count(what);
    if (isPrivate && inGoods.has(type)) network.count(`private ${type}`);
    if (data[index]?.["by"] === "clock") network.count(`${type} by the clock`);
    if (data[index]?.["claimed"] === true) network.count("a delivery claimed");
    if (type !== "trade.settled") return;
    if (data[index]?.["recovered"] !== undefined) network.count("an advance recovered");
    if (data[index]?.["covered"] !== undefined) network.count("a debt covered");
  });
}

/** A step that waits is kept as JSON, and read back from that. */
function asStored(pending: KeptTrade["pending"]): KeptTrade["pending"] {
  return pending === null ? null : (JSON.parse(JSON.stringify(pending)) as KeptTrade["pending"]);
}
