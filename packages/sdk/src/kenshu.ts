/** The calls of a client, by their names. */
import type {
  Answer,
  BatchCommand,
  BatchOptions,
  CallOptions,
  DatedPageOptions,
  FindOptions,
  Outcome,
  PageOptions,
  TradeOutcome,
} from "./calling/calling.ts";
import type { MoneyCalls } from "./rails/rails.ts";
import type { LogView } from "./checkpoints.ts";
import type { Receipt } from "./proofs.ts";
import type {
  Accept,
  AcceptOffer,
  AccountView,
  AdvancePrices,
  Advance,
  AnswerDispute,
  Application,
  Approve,
  AtDoor,
  BoughtView,
  CallerView,
  Cancel,
  ChainView,
  ConsentGivenView,
  ConsentTerms,
  ConsentView,
  Deliver,
  DeliveryView,
  Dispute,
  EarlyAccountView,
  EndpointTerms,
  EndpointView,
  EntryView,
  Extend,
  FedEventView,
  GuaranteeEnd,
  GuaranteeView,
  KeyTerms,
  KeyView,
  ListingView,
  MandateTerms,
  MandateView,
  MemberView,
  MethodTerms,
  MethodView,
  Offer,
  ListedOfferView,
  OrderOfferView,
  Page,
  PartyView,
  PhotoView,
  ProfileChangeView,
  Propose,
  RecipientSecret,
  Refund,
  Reject,
  Resolve,
  Return,
  Revise,
  Say,
  SendBack,
  ServerView,
  Ship,
  StoreTerms,
  StoreView,
  TieView,
  ToldAmount,
  ToldAmountView,
  TradeEventView,
  TradeView,
  Withdraw,
} from "./wire/wire.ts";

type Move<Body> = (number: string, body: Body, options?: CallOptions) => Promise<TradeOutcome>;
type BareMove<Body> = (number: string, body?: Body, options?: CallOptions) => Promise<TradeOutcome>;
/** An order as a shop puts it under an amount that was reserved before. */
export type NewOrder = Pick<Revise, "reference" | "carrier" | "version"> & {
  lines: NonNullable<Revise["lines"]>;
};

/** The calls that every trading server has, one method each. */
export interface Kenshu extends Omit<MoneyCalls, "ofAccounts"> {
  propose(trade: Propose, options?: CallOptions): Promise<TradeOutcome>;
  approve: BareMove<Approve>;
  revise: Move<Revise>;
  /**
   * The shop puts its order under the number of an amount that the buyer has reserved for it before: within that amount it is
   * reserved at once, and what is left is free; beyond it the buyer is asked.
   */
  order: Move<NewOrder>;
  ship: BareMove<Ship>;
  deliver: BareMove<Deliver>;
  accept: BareMove<Accept>;
  reject: Move<Reject>;
  sendBack: BareMove<SendBack>;
  return: BareMove<Return>;
  withdraw: Move<Withdraw>;
  dispute: Move<Dispute>;
  answer: Move<AnswerDispute>;
  /** Adds to a dispute that is open; decides nothing and is no answer. */
  say: Move<Say>;
  offer: Move<Offer>;
  acceptOffer: Move<AcceptOffer>;
  resolve: Move<Resolve>;
  cancel: BareMove<Cancel>;
  extend: Move<Extend>;
  refund: Move<Refund>;
  atDoor: BareMove<AtDoor>;
  advance: BareMove<Advance>;
  /** At a guarantor: what it stands for, and how that ends. */
  guarantees: {
    get(number: string, options?: { signal?: AbortSignal }): Promise<Answer<{ guarantee: GuaranteeView }>>;
    /** The shop has been paid: the buyer's line is free. */
    release: BareMove<GuaranteeEnd>;
    /** Nobody has paid in time: the guarantor pays. */
    claim: BareMove<GuaranteeEnd>;
  };
  get(number: string, options?: { signal?: AbortSignal }): Promise<Answer<{ trade: TradeView }>>;
  page(options?: FindOptions): Promise<Answer<Page<TradeView>>>;
  /** All trades that the caller is a party to, or those that fit, page by page. Throws {@link ReadFailure}. */
  list(options?: FindOptions): AsyncGenerator<TradeView, void>;
  /**
   * The events of all trades of the caller, in an order that loses none, up to the last one there is. `after` is the
   * `position` of the last one that was seen: go on from there later. Throws {@link ReadFailure}.
   */
  feed(options?: PageOptions): AsyncGenerator<FedEventView, void>;
  /** What happened to a trade. Throws {@link ReadFailure}. */
  events(number: string, options?: PageOptions): AsyncGenerator<TradeEventView, void>;
  /** What happened to a trade, one event or all so far, to be checked by `verifyReceipt`. */
  receipt(
    number: string,
    options?: { event?: number; signal?: AbortSignal },
  ): Promise<Answer<{ receipt: Receipt }>>;
  /**
   * Where the recipient of a present accepts it: their code for the shop, which puts it into the parcel, their link for the
   * buyer. Both together act as the recipient, so nobody is told both.
   */
  recipientSecret(
    number: string,
    options?: { signal?: AbortSignal },
  ): Promise<Answer<{ secret: RecipientSecret }>>;
  /** Photos of goods: brought, then named by their digests in `reject` or `say`, and seen by the other side. */
  photos: {
    bring(number: string, image: Uint8Array, options?: CallOptions): Promise<Outcome<{ photo: PhotoView }>>;
    get(
      number: string,
      digest: string,
      options?: { signal?: AbortSignal },
    ): Promise<Answer<{ image: Uint8Array }>>;
  };
  /** What the server says of itself: dates in calls are days of its `timeZone`. */
  server(options?: { signal?: AbortSignal }): Promise<Answer<{ server: ServerView }>>;
  /** What the server's log is, and the proof that it only adds to its first `since` leaves: for `verifyLog` and `followLog`. */
  log(options?: { since?: number; signal?: AbortSignal }): Promise<Answer<{ state: LogView }>>;
  /** Up to 1,000 commands; answers one outcome for each, in order. `onKeys` is awaited before anything is sent. */
  batch(commands: readonly BatchCommand[], options?: BatchOptions): Promise<TradeOutcome[]>;
  /** Who this key or session is. */
  whoami(): Promise<Answer<{ caller: CallerView }>>;
  shops: {
    get(id: string): Promise<Answer<{ party: PartyView }>>;
    /** Where buyers and members may be sent back to: whole https addresses without a query. */
    setReturnUrls(id: string, returnUrls: readonly string[]): Promise<Outcome<{ party: PartyView }>>;
    /** Where goods are sent back to; with null nowhere any more. */
    setReturnAddress(
      id: string,
      returnAddress: { name: string; address: string; phone?: string } | null,
    ): Promise<Outcome<{ party: PartyView }>>;
    /** Whether the second trade with a reference is refused `reference_in_use`. */
    setUniqueReferences(id: string, uniqueReferences: boolean): Promise<Outcome<{ party: PartyView }>>;
    /** To be found on the server's page of shops; `url` is one of the addresses above, with a query if you like. */
    setListing(
      id: string,
      listing: { url: string; sentence: string },
    ): Promise<Outcome<{ listing: ListingView }>>;
    removeListing(id: string): Promise<Outcome<object>>;
    /** At a facilitator: where the shop is paid. Throws {@link ReadFailure}. */
    ties(id: string): AsyncGenerator<TieView, void>;
    /** `code` comes from `consents.give` at the institution. */
    tie(
      id: string,
      to: { institution: string; code: string },
      options?: CallOptions,
    ): Promise<Outcome<{ tie: TieView }>>;
    keys(id: string): AsyncGenerator<KeyView, void>;
    /** The answer holds the key, once. */
    addKey(id: string, key?: KeyTerms, options?: CallOptions): Promise<Outcome<{ key: KeyView }>>;
    removeKey(id: string, key: string): Promise<Outcome<object>>;
  };
  /** At an institution, of trades whose own server is not to know the amount. */
  amounts: {
    /** What was told stands: the same again is answered the same, anything else is refused. */
    tell(told: ToldAmount, options?: CallOptions): Promise<Outcome<{ told: ToldAmountView }>>;
  };
  /** At an institution: which other servers may pay the shop. */
  consents: {
    give(consent: ConsentTerms, options?: CallOptions): Promise<Outcome<{ consent: ConsentGivenView }>>;
    list(options?: PageOptions): AsyncGenerator<ConsentView, void>;
    /** Nothing new is begun under it; what runs goes on to its end. */
    revoke(id: string, options?: CallOptions): Promise<Outcome<object>>;
  };
  /** Where events are told. */
  endpoints: {
    /** The answer holds the secret, once. */
    add(endpoint: EndpointTerms, options?: CallOptions): Promise<Outcome<{ endpoint: EndpointView }>>;
    /** Under a name of one's own: made the first time, with the secret in the answer; said again it is the same endpoint, which goes where it is said to now. */
    put(name: string, endpoint: EndpointTerms): Promise<Outcome<{ endpoint: EndpointView }>>;
    list(): AsyncGenerator<EndpointView, void>;
    /** A new secret; the old one signs along for a day. */
    rotate(id: string, options?: CallOptions): Promise<Outcome<{ endpoint: EndpointView }>>;
    /** Has a `webhook.test` sent. */
    test(id: string, options?: CallOptions): Promise<Outcome<object>>;
    remove(id: string): Promise<Outcome<object>>;
  };
  deliveries: {
    list(options?: PageOptions & { endpoint?: string }): AsyncGenerator<DeliveryView, void>;
    resend(id: string, options?: CallOptions): Promise<Outcome<object>>;
  };
  chains: {
    /** Those whose store you are, or are invited to be. */
    list(): AsyncGenerator<ChainView, void>;
    stores(head: string): AsyncGenerator<StoreView, void>;
    invite(store: StoreTerms, options?: CallOptions): Promise<Outcome<{ store: StoreView }>>;
    agree(head: string, options?: CallOptions): Promise<Outcome<{ chain: ChainView }>>;
    leave(head: string, store: string): Promise<Outcome<object>>;
    /** How long a store may think an offer over, an ISO 8601 duration. */
    offerFor(head: string): Promise<Answer<{ offerFor: string }>>;
    setOfferFor(head: string, offerFor: string): Promise<Outcome<{ offerFor: string }>>;
  };
  /** Orders of a chain. */
  offers: {
    list(options?: PageOptions): AsyncGenerator<ListedOfferView, void>;
    take(id: string, options?: CallOptions): Promise<TradeOutcome>;
    decline(id: string, options?: CallOptions): Promise<Outcome<{ offer: OrderOfferView }>>;
  };
  /** Of a shop that was paid early, at a server that does so. */
  advances: {
    /** The claims that were bought, by trade. */
    list(options?: PageOptions): AsyncGenerator<BoughtView, void>;
    /** What is to come back, and what is owed, by currency. */
    accounts(): Promise<Answer<{ accounts: EarlyAccountView[]; prices: AdvancePrices | null }>>;
  };
  disclosures: {
    /** What a member lets this shop read, once. */
    fetch(token: string, options?: CallOptions): Promise<Outcome<{ fetched: Record<string, unknown> }>>;
  };
  members: {
    apply(application: Application, options?: CallOptions): Promise<Outcome<{ member: MemberView }>>;
    get(number: string): Promise<Answer<{ member: MemberView }>>;
    addMethod(
      number: string,
      method: MethodTerms,
      options?: CallOptions,
    ): Promise<Outcome<{ method: MethodView }>>;
    addMandate(
      number: string,
      mandate: MandateTerms,
      options?: CallOptions,
    ): Promise<Outcome<{ mandate: MandateView }>>;
    /** Which of a member's data was changed, when and by whom, newest first. Throws {@link ReadFailure}. */
    changes(number: string, options?: PageOptions): AsyncGenerator<ProfileChangeView, void>;
  };
  accounts: MoneyCalls["ofAccounts"] & {
    get(id: string): Promise<Answer<{ account: AccountView }>>;
    /** The statement, newest first. Throws {@link ReadFailure}. */
    entries(id: string, options?: DatedPageOptions): AsyncGenerator<EntryView, void>;
  };
}
