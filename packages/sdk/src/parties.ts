/** What parties say of themselves: where they are told of events, how they are paid and found, which chains they are in. */
import type { Kenshu } from "./kenshu.ts";
import { type Client, reader, segment } from "./sending.ts";
import type {
  CallerView,
  ChainView,
  DeliveryView,
  EndpointView,
  OrderOfferView,
  PartyView,
  StoreView,
} from "./wire-shops.ts";

const readCaller = reader<CallerView>("kind");
const readParty = reader<PartyView>("id");
const readEndpoint = reader<EndpointView>("id");
const readStore = reader<StoreView>("store");
const readChain = reader<ChainView>("chain");
const readOffer = reader<OrderOfferView>("id");
const readType = reader<{ type: string }>("type");
const readWaiting = reader<{ id: string }>("id");
/** An answer without a body says that it was done. */
const isDone = (): true => true;
const nothing = (): object => ({});

const asEndpoint = (endpoint: EndpointView) => ({ endpoint });
const asParty = (party: PartyView) => ({ party });
const asChain = (chain: ChainView) => ({ chain });
const asStore = (store: StoreView) => ({ store });
const asOffer = (offer: OrderOfferView) => ({ offer });

type PartyCalls = Pick<
  Kenshu,
  "whoami" | "shops" | "endpoints" | "deliveries" | "chains" | "offers" | "disclosures"
>;

export function partyCalls(client: Client): PartyCalls {
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
    chains: chainsOf(client),
    offers: offersOf(client),
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
    setUniqueReferences: async (id, uniqueReferences) => put(id, "/unique-references", { uniqueReferences }),
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
    list: () => client.all<EndpointView>("/v1/webhook-endpoints"),
    rotate: async (id, options) =>
      client.change({ path: at(id, "/rotate"), body: {}, read: readEndpoint, named: asEndpoint }, options),
    test: async (id, options) =>
      client.change({ path: at(id, "/test"), body: {}, read: readType, named: nothing }, options),
    remove: async (id) => client.change({ method: "DELETE", path: at(id), read: isDone, named: nothing }),
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
        read: isDone,
        named: nothing,
      }),
  };
}

function offersOf(client: Client): Kenshu["offers"] {
  const at = (id: string, rest: string): string => `/v1/offers/${segment(id)}/${rest}`;
  return {
    list: (options) => client.all<OrderOfferView>("/v1/offers", options),
    take: async (id, options) => client.changeTrade({ path: at(id, "take"), body: {} }, options),
    decline: async (id, options) =>
      client.change({ path: at(id, "decline"), body: {}, read: readOffer, named: asOffer }, options),
  };
}
