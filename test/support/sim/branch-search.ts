/**
 * Orders that look for a branch, at one facilitator: what of the search is committed, and its steps. Which step comes next
 * and what an answer means is decided by production; a crash between two steps leaves what was committed.
 */
import { nearest } from "../../../src/edge/chains/nearest-branch.ts";
import { isStanding, meaningOf, nextOf, soonAfter } from "../../../src/edge/chains/search.ts";
import type { Offer } from "../../../src/edge/chains/store.ts";
import type { Destination } from "../../../src/core/protocol/schemas.ts";
import type { KeptTrade } from "../../../src/engines/steps/kept-trade.ts";
import type { Route } from "../../../src/engines/steps/store.ts";
import type { SentOutcome } from "./sent-outcome.ts";
import { codeOf } from "./outcomes.ts";
import type { Network } from "./network.ts";

export interface Search {
  trade: bigint;
  head: string;
  place: Destination;
  dueAt: Date;
  state: "open" | "assigned" | "unplaced" | "over";
}

/** A branch of a chain, as far as it matters for who is asked. */
export interface Branch {
  branch: string;
  at: { lat: number; lng: number };
  capacity: number | null;
}

/** How long a branch may think it over: some do for longer. */
const offerForMs = 6_000;

export class BranchSearch {
  readonly searches = new Map<bigint, Search>();
  readonly offers: Offer[] = [];
  readonly branches: Branch[] = [];
  private readonly trades: ReadonlyMap<bigint, KeptTrade>;
  private readonly network: Network;
  private readonly newId: () => string;

  constructor(trades: ReadonlyMap<bigint, KeptTrade>, network: Network, newId: () => string) {
    this.trades = trades;
    this.network = network;
    this.newId = newId;
  }

  begin({ trade, head, place }: Route, now: Date): void {
    this.searches.set(trade, { trade, head, place, dueAt: now, state: "open" });
  }

  due(now: Date): Search[] {
    return [...this.searches.values()].filter(({ state, dueAt }) => state === "open" && dueAt <= now);
  }

  /** Whether the engine has still to hear of an order that a branch has taken. */
  isBusy(): boolean {
    return this.offers.some(({ state, trade }) => state === "taken" && this.open(trade) !== undefined);
  }

  /** One step of a search; the offer that was taken, where the engine has not yet heard of it. */
  step(search: Search, now: Date): Offer | undefined {
    if (search.state !== "open") return undefined;
    const offer = this.offers.find(
      ({ trade, state }) => trade === search.trade && (state === "offered" || state === "taken"),
    );
    const next = nextOf(this.viewOf(search.trade), offer, now);
    switch (next.do) {
      case "assign":
        search.dueAt = soonAfter(now);
        return offer;
      case "end":
        this.end(search, "over");
        break;
      case "wait":
        search.dueAt = next.until;
        break;
      case "ask":
        if (next.lapsed && offer !== undefined) offer.state = "lapsed";
        this.askNext(search, now);
    }
    return undefined;
  }

  /** A branch takes what it was offered; undefined where it is no longer offered. */
  claim(branch: string, id: string, now: Date): Offer | undefined {
    const offer = this.offers.find((each) => each.id === id && each.branch === branch);
    if (offer?.state === "taken") return offer;
    const search = this.open(offer?.trade);
    if (offer === undefined || search === undefined || !isStanding(offer, now)) return undefined;
    offer.state = "taken";
    search.dueAt = soonAfter(now);
    return offer;
  }

  decline(branch: string, id: string, now: Date): void {
    const offer = this.offers.find((each) => each.id === id && each.branch === branch);
    const search = this.open(offer?.trade);
    if (offer === undefined || search === undefined || !isStanding(offer, now)) return;
    offer.state = "declined";
    this.network.count("an offer declined");
    this.askNext(search, now);
  }

  /** What the trade's engine has said of a branch that took the order. */
  hear(offer: Offer, outcome: SentOutcome, now: Date): void {
    const { status, busy } = outcome;
    const meaning = meaningOf({ status, code: codeOf(outcome), isBusy: busy !== undefined }, offer);
    const search = this.open(offer.trade);
    if (meaning === "nothing" || search === undefined) return;
    if (meaning === "placed") return this.end(search, "assigned");
    offer.state = "failed";
    if (meaning === "over") this.end(search, "over");
    else this.askNext(search, now);
  }

  private open(trade: bigint | undefined): Search | undefined {
    const search = trade === undefined ? undefined : this.searches.get(trade);
    return search?.state === "open" ? search : undefined;
  }

  private viewOf(number: bigint) {
    const trade = this.trades.get(number);
    if (trade === undefined) return undefined;
    const { state, chain, pending, progress } = trade;
    const waits = pending === null ? null : { step: pending.step, since: pending.act.at };
    return { state, pending: waits, lots: progress.lots, ...(chain === null ? {} : { chain }) };
  }

  private askNext(search: Search, now: Date): void {
    const asked = new Set(
      this.offers.filter(({ trade }) => trade === search.trade).map(({ branch }) => branch),
    );
    const candidates = this.branches
      .filter(({ branch }) => !asked.has(branch))
      .map(({ branch, at, capacity }) => {
        return { branch, point: at, postcodes: [], hours: null, capacity, load: this.loadOf(branch) };
      });
    const branch = nearest(candidates, search.place, now);
    if (branch === undefined) return this.end(search, "unplaced");
    const until = new Date(now.getTime() + offerForMs);
    const { trade, head } = search;
    if (this.offers.some((each) => each.trade === trade && ["offered", "taken"].includes(each.state)))
      throw new Error(`Two branches are asked at a time for ${trade}.`);
    this.offers.push({
      id: this.newId(),
      trade,
      head,
      branch,
      state: "offered",
      until,
      offeredAt: now,
      answeredAt: null,
    });
    search.dueAt = until;
  }

  private loadOf(branch: string): number {
    return this.offers.filter(
      (offer) =>
        offer.branch === branch &&
        offer.state === "taken" &&
        this.trades.get(offer.trade)?.state === "reserved",
    ).length;
  }

  private end(search: Search, state: "assigned" | "unplaced" | "over"): void {
    search.state = state;
    this.network.count(`a search ${state}`);
    for (const offer of this.offers)
      if (offer.trade === search.trade && offer.state === "offered") offer.state = "withdrawn";
  }
}
