/** What a batch of trades knows and remembers: read under locks, and what it has decided so far. */
import type { Act, Defaults, OperatorAct } from "../../core/machine/machine.ts";
import type { ActorRole, Refused, Topology } from "../../core/protocol/protocol.ts";
import type { MandateRow, MethodRow, PersonRow, Vault } from "../../storage/members/members.ts";
import type { PartyRow, ShopRow } from "../../storage/parties/parties.ts";
import type { AdvanceAccount, AdvanceRules } from "../advances/advances.ts";
import type { FirstAnswers } from "../engine/engine.ts";
import type { WebhookEndpoint } from "../outbox/outbox.ts";
import type { OpenRail, Rail } from "../rails/rails.ts";
import type { KeptTrade } from "./kept-trade.ts";
import type { Actor } from "./request.ts";
import type { NewEvents, Recipient, Route } from "./record-store.ts";

/** What a server tells the engine about itself; the engine does not know which server it runs in. */
export interface Rules {
  topology: Topology;
  /** Where the money is, and how it is moved. */
  rail: Rail;
  /** Seals what is known of recipients. */
  vault: Vault;
  defaults: Defaults;
  feeAccount: (currency: string) => string;
  /** How shops are paid early; without it none is. */
  advances?: AdvanceRules | undefined;
  /** The address at which the buyer of a trade can approve it. */
  approveUrl: (number: string) => string;
}

/** All that a batch knows, locked and read, and all that it has decided so far. */
export interface World {
  now: Date;
  trades: Map<bigint, KeptTrade>;
  shops: Map<string, ShopRow>;
  parties: Map<string, PartyRow>;
  people: Map<string, PersonRow>;
  /** The same people by member number; guests have none. */
  members: Map<bigint, PersonRow>;
  /** Rail of payment by the person whose they are, oldest first. */
  methods: Map<string, MethodRow[]>;
  mandates: Map<string, MandateRow>;
  /** What shops have been paid early, by shop and currency; only of those whom it may concern. */
  advances: Map<string, AdvanceAccount>;
  advanceRules: AdvanceRules | undefined;
  rail: OpenRail;
  answers: FirstAnswers;
  newId: () => string;
  newNumber: () => bigint;
  inserted: Set<bigint>;
  updated: Set<bigint>;
  /** Of those updated, the ones in which something was agreed anew. */
  agreed: Set<bigint>;
  events: NewEvents[];
  recipients: Recipient[];
  routes: Route[];
  usedMandates: Set<string>;
  usedAdvances: Set<string>;
  answered: Set<string>;
  /** Who wants to be told by a webhook of what happens to these trades. */
  endpoints: WebhookEndpoint[];
  forgottenPeople: Set<string>;
  forgottenTrades: Set<string>;
}

/**
 * A trade, or a refusal which may concern a trade that stands. `waits`: the step waits for another server, the trade is
 * as it stands meanwhile, and `status` is for the case that all goes well.
 */
export type Result =
  | { status: number; trade: KeptTrade; role: ActorRole; waits?: boolean }
  | (Refused & { trade?: bigint });

/** Who acts, at the batch's instant, with a fresh id for what the act makes. */
export function actOf(world: World, role: ActorRole, actor: Actor, operator?: OperatorAct): Act {
  const { id, confirmedBy } = actor;
  const named = operator === undefined || confirmedBy === undefined ? operator : { ...operator, confirmedBy };
  return { role, actor: id, now: world.now, id: world.newId(), operator: named, standsFor: actor.standsFor };
}
