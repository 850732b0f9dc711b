/** The calls that every trading server has, by their names. */
import { Client, type FileView, isNothing, type KenshuOptions, reader, segment } from "./calling/calling.ts";
import { type LogView, toBase64 } from "./checkpoints.ts";
import type { Kenshu } from "./kenshu.ts";
import type { Receipt } from "./proofs.ts";
import { moneyCalls } from "./rails/rails.ts";
import type {
  AccountView,
  AdvancePrices,
  BoughtView,
  CallerView,
  ChainView,
  ConsentGivenView,
  ConsentView,
  DeliveryView,
  EarlyAccountView,
  EndpointView,
  EntryView,
  FedEventView,
  GuaranteeView,
  KeyView,
  ListingView,
  MandateView,
  MemberView,
  MethodView,
  ListedOfferView,
  OrderOfferView,
  PartyView,
  PhotoView,
  ProfileChangeView,
  RecipientSecret,
  ServerView,
  StoreView,
  TieView,
  ToldAmountView,
  TradeEventView,
  TradeView,
} from "./wire/wire.ts";

const readReceipt = reader<Receipt>("format");
const readLog = reader<LogView>("note");
const readMember = reader<MemberView>("number");
const readMethod = reader<MethodView>("id");
const readMandate = reader<MandateView>("id");
const readAccount = reader<AccountView>("id");

function membersOf(client: Client): Kenshu["members"] {
  const at = (number: string, rest = ""): string => `/v1/members/${segment(number)}${rest}`;
  return {
    apply: async (application, options) =>
      client.change(
        { path: "/v1/members", body: application, read: readMember, named: (member) => ({ member }) },
        options,
      ),
    get: async (number) =>
      client.read({ path: at(number), read: readMember, named: (member) => ({ member }) }),
    addMethod: async (number, method, options) =>
      client.change(
        {
          path: at(number, "/methods"),
          body: method,
          read: readMethod,
          named: (added) => ({ method: added }),
        },
        options,
      ),
    addMandate: async (number, terms, options) =>
      client.change(
        { path: at(number, "/mandates"), body: terms, read: readMandate, named: (mandate) => ({ mandate }) },
        options,
      ),
    changes: (number, options) => client.all<ProfileChangeView>(at(number, "/changes"), options),
  };
}

const readSecret = (reply: unknown): RecipientSecret | undefined => {
  const { link, code } = (reply ?? {}) as Partial<RecipientSecret>;
  return link === undefined || code === undefined ? undefined : { link, code };
};
const readServer = reader<ServerView>("timeZone");
const readCaller = reader<CallerView>("kind");
const readParty = reader<PartyView>("id");
const readEndpoint = reader<EndpointView>("id");
const readListing = reader<ListingView>("shop");
const readStore = reader<StoreView>("store");
const readChain = reader<ChainView>("chain");
const readEarly = (reply: unknown) => {
  const { accounts, prices } = (reply ?? {}) as { accounts?: EarlyAccountView[]; prices?: AdvancePrices };
  return Array.isArray(accounts) ? { accounts, prices: prices ?? null } : undefined;
};
const readOfferFor = reader<{ offerFor: string }>("offerFor");
const readOffer = reader<OrderOfferView>("id");
const readTold = reader<ToldAmountView>("tradeNumber");
const readGiven = reader<ConsentGivenView>("id");
const readTie = reader<TieView>("consent");
const readKey = reader<KeyView>("id");
const readGuarantee = reader<GuaranteeView>("number");
const readType = reader<{ type: string }>("type");
const readWaiting = reader<{ id: string }>("id");
const nothing = (): object => ({});

const asEndpoint = (endpoint: EndpointView) => ({ endpoint });
const asListing = (listing: ListingView) => ({ listing });
const asParty = (party: PartyView) => ({ party });
const asChain = (chain: ChainView) => ({ chain });
const asStore = (store: StoreView) => ({ store });
const asTold = (told: ToldAmountView) => ({ told });
const asGiven = (consent: ConsentGivenView) => ({ consent });
const asTie = (tie: TieView) => ({ tie });
const asKey = (key: KeyView) => ({ key });
const asOffer = (offer: OrderOfferView) => ({ offer });

type PartyCalls = Pick<
  Kenshu,
  | "whoami"
  | "shops"
  | "endpoints"
  | "deliveries"
  | "chains"
  | "offers"
  | "advances"
  | "disclosures"
  | "amounts"
  | "consents"
>;

function partyCalls(client: Client): PartyCalls {
  return {
    whoami: async () =>
      client.read({ path: "/v1/sessions", read: readCaller, named: (caller) => ({ caller }) }),
    shops: shopsOf(client),
    endpoints: endpointsOf(client),
    deliveries: {
      list: (options) => client.all<DeliveryView>("/v1/webhook-deliveries", options),
      resend: async (id, options) => {
        const path = `/v1/webhook-deliveries/${segment(id)}/resend`;
        return client.change({ path, body: {}, read: readWaiting, named: nothing }, options);
      },
    },
    amounts: {
      tell: async (told, options) =>
        client.change({ path: "/v1/amounts", body: told, read: readTold, named: asTold }, options),
    },
    consents: consentsOf(client),
    chains: chainsOf(client),
    offers: offersOf(client),
    advances: {
      list: (options) => client.all<BoughtView>("/v1/advances", options),
      accounts: async () =>
        client.read({
          path: "/v1/advances?limit=1",
          read: readEarly,
          named: ({ accounts, prices }) => ({ accounts, prices }),
        }),
    },
    disclosures: {
      fetch: async (token, options) => {
        const body = { token };
        const read = (reply: unknown) =>
          typeof reply === "object" && reply !== null ? (reply as Record<string, unknown>) : undefined;
        const named = (fetched: Record<string, unknown>) => ({ fetched });
        return client.change({ path: "/v1/disclosures/fetch", body, read, named }, options);
      },
    },
  };
}

function shopsOf(client: Client): Kenshu["shops"] {
  const at = (id: string, rest = ""): string => `/v1/shops/${segment(id)}${rest}`;
  const put = (id: string, rest: string, body: object) =>
    client.change({ method: "PUT", path: at(id, rest), body, read: readParty, named: asParty });
  return {
    get: async (id) => client.read({ path: at(id), read: readParty, named: asParty }),
    setReturnUrls: async (id, returnUrls) => put(id, "/return-urls", { returnUrls }),
    setReturnAddress: async (id, returnAddress) => put(id, "/return-address", { returnAddress }),
    setUniqueReferences: async (id, uniqueReferences) => put(id, "/unique-references", { uniqueReferences }),
    setListing: async (id, body) =>
      client.change({ method: "PUT", path: at(id, "/listing"), body, read: readListing, named: asListing }),
    removeListing: async (id) =>
      client.change({ method: "DELETE", path: at(id, "/listing"), read: isNothing, named: nothing }),
    ties: (id) => client.all<TieView>(at(id, "/ties")),
    tie: async (id, to, options) =>
      client.change({ path: at(id, "/ties"), body: to, read: readTie, named: asTie }, options),
    keys: (id) => client.all<KeyView>(at(id, "/keys")),
    addKey: async (id, key = {}, options) =>
      client.change({ path: at(id, "/keys"), body: key, read: readKey, named: asKey }, options),
    removeKey: async (id, key) =>
      client.change({
        method: "DELETE",
        path: at(id, `/keys/${segment(key)}`),
        read: isNothing,
        named: nothing,
      }),
  };
}

function consentsOf(client: Client): Kenshu["consents"] {
  return {
    give: async (consent, options) =>
      client.change({ path: "/v1/consents", body: consent, read: readGiven, named: asGiven }, options),
    list: (options) => client.all<ConsentView>("/v1/consents", options),
    revoke: async (id, options) =>
      client.change(
        { path: `/v1/consents/${segment(id)}/revoke`, body: {}, read: isNothing, named: nothing },
        options,
      ),
  };
}

function endpointsOf(client: Client): Kenshu["endpoints"] {
  const at = (id: string, rest = ""): string => `/v1/webhook-endpoints/${segment(id)}${rest}`;
  return {
    add: async (endpoint, options) =>
      client.change(
        { path: "/v1/webhook-endpoints", body: endpoint, read: readEndpoint, named: asEndpoint },
        options,
      ),
    put: async (name, endpoint) =>
      client.change({ method: "PUT", path: at(name), body: endpoint, read: readEndpoint, named: asEndpoint }),
    list: () => client.all<EndpointView>("/v1/webhook-endpoints"),
    rotate: async (id, options) =>
      client.change({ path: at(id, "/rotate"), body: {}, read: readEndpoint, named: asEndpoint }, options),
    test: async (id, options) =>
      client.change({ path: at(id, "/test"), body: {}, read: readType, named: nothing }, options),
    remove: async (id) => client.change({ method: "DELETE", path: at(id), read: isNothing, named: nothing }),
  };
}

function chainsOf(client: Client): Kenshu["chains"] {
  const at = (head: string, rest = ""): string => `/v1/chains/${segment(head)}${rest}`;
  return {
    list: () => client.all<ChainView>("/v1/chains"),
    stores: (head) => client.all<StoreView>(at(head, "/stores")),
    invite: async (store, options) =>
      client.change({ path: "/v1/chains/stores", body: store, read: readStore, named: asStore }, options),
    agree: async (head, options) =>
      client.change({ path: at(head, "/agree"), body: {}, read: readChain, named: asChain }, options),
    leave: async (head, store) =>
      client.change({
        method: "DELETE",
        path: at(head, `/stores/${segment(store)}`),
        read: isNothing,
        named: nothing,
      }),
    offerFor: async (head) =>
      client.read({ path: at(head, "/stores"), read: readOfferFor, named: ({ offerFor }) => ({ offerFor }) }),
    setOfferFor: async (head, offerFor) =>
      client.change({
        method: "PUT",
        path: at(head),
        body: { offerFor },
        read: readOfferFor,
        named: (set) => ({ offerFor: set.offerFor }),
      }),
  };
}

function offersOf(client: Client): Kenshu["offers"] {
  const at = (id: string, rest: string): string => `/v1/offers/${segment(id)}/${rest}`;
  return {
    list: (options) => client.all<ListedOfferView>("/v1/offers", options),
    take: async (id, options) => client.changeTrade({ path: at(id, "take"), body: {} }, options),
    decline: async (id, options) =>
      client.change({ path: at(id, "decline"), body: {}, read: readOffer, named: asOffer }, options),
  };
}

/** What a party is given to hand on: proofs of what happened, and what a recipient needs. */
function givenCalls(client: Client): Pick<Kenshu, "receipt" | "recipientSecret"> {
  return {
    receipt: async (number, { event, signal } = {}) => {
      const query = event === undefined ? "" : `?event=${event}`;
      const path = `/v1/trades/${segment(number)}/receipt${query}`;
      return client.read({ path, read: readReceipt, named: (receipt) => ({ receipt }) }, signal);
    },
    recipientSecret: async (number, { signal } = {}) => {
      const path = `/v1/trades/${segment(number)}/recipient-link`;
      return client.read({ path, read: readSecret, named: (secret) => ({ secret }) }, signal);
    },
  };
}

const readPhoto = reader<PhotoView>("digest");

function photosOf(client: Client): Kenshu["photos"] {
  const at = (number: string, rest = ""): string => `/v1/trades/${segment(number)}/photos${rest}`;
  return {
    bring: async (number, image, options) =>
      client.change(
        {
          path: at(number),
          body: { image: toBase64(image) },
          read: readPhoto,
          named: (photo) => ({ photo }),
        },
        options,
      ),
    get: async (number, digest, { signal } = {}) =>
      client.read(
        {
          path: at(number, `/${segment(digest)}`),
          file: true,
          read: (file) => (file as FileView).bytes,
          named: (image) => ({ image }),
        },
        signal,
      ),
  };
}

/** Makes a client of one server. Nothing is sent before the first call. */
export function kenshu(options: KenshuOptions): Kenshu {
  const client = new Client(options);
  const { ofAccounts, ...ofMoney } = moneyCalls(client);
  return {
    ...ofMoney,
    propose: async (trade, callOptions) =>
      client.changeTrade({ path: "/v1/trades", body: trade }, callOptions),
    approve: client.move("approve"),
    revise: client.move("revise"),
    order: client.move("revise"),
    ship: client.move("ship"),
    deliver: client.move("deliver"),
    accept: client.move("accept"),
    reject: client.move("reject"),
    sendBack: client.move("send-back"),
    return: client.move("return"),
    withdraw: client.move("withdraw"),
    dispute: client.move("dispute"),
    answer: client.move("answer"),
    say: client.move("say"),
    offer: client.move("offer"),
    acceptOffer: client.move("offer/accept"),
    resolve: client.move("resolve"),
    cancel: client.move("cancel"),
    extend: client.move("extend"),
    refund: client.move("refund"),
    atDoor: client.move("at-door"),
    advance: client.move("advance"),
    guarantees: {
      get: async (number, { signal } = {}) =>
        client.read(
          {
            path: `/v1/guarantees/${segment(number)}`,
            read: readGuarantee,
            named: (guarantee) => ({ guarantee }),
          },
          signal,
        ),
      release: async (number, body = {}, callOptions) =>
        client.changeTrade({ path: `/v1/guarantees/${segment(number)}/release`, body }, callOptions),
      claim: async (number, body = {}, callOptions) =>
        client.changeTrade({ path: `/v1/guarantees/${segment(number)}/claim`, body }, callOptions),
    },
    get: async (number, { signal } = {}) => client.trade(number, signal),
    page: async (pageOptions) => client.page<TradeView>("/v1/trades", pageOptions),
    list: (pageOptions) => client.all<TradeView>("/v1/trades", pageOptions),
    events: (number, pageOptions) =>
      client.all<TradeEventView>(`/v1/trades/${segment(number)}/events`, pageOptions),
    feed: (pageOptions) => client.all<FedEventView>("/v1/events", pageOptions),
    ...givenCalls(client),
    photos: photosOf(client),
    server: async ({ signal } = {}) =>
      client.read({ path: "/v1/server", read: readServer, named: (server) => ({ server }) }, signal),
    log: async ({ since = 0, signal } = {}) =>
      client.read({ path: `/v1/log?since=${since}`, read: readLog, named: (state) => ({ state }) }, signal),
    batch: async (commands, batchOptions) => client.batch(commands, batchOptions),
    ...partyCalls(client),
    members: membersOf(client),
    accounts: {
      ...ofAccounts,
      get: async (id) =>
        client.read({
          path: `/v1/accounts/${segment(id)}`,
          read: readAccount,
          named: (account) => ({ account }),
        }),
      entries: (id, pageOptions) => client.all<EntryView>(`/v1/accounts/${segment(id)}/entries`, pageOptions),
    },
  };
}
