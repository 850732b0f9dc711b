/** What is sent and shown of shops and other parties, of where they are told of events, and of chains. */

/** Who is calling. */
export interface CallerView {
  kind: "shop" | "carrier" | "provider" | "operator" | "member" | "recipient" | "guest" | "invited";
  id?: string;
  name?: string | null;
  /** Of a member. */
  number?: string;
  /** Of those who see one trade only. */
  trade?: string;
}

/** A shop, carrier or provider as it sees itself; the last three are a shop's. */
export interface PartyView {
  id: string;
  kind: "shop" | "carrier" | "provider";
  name: string;
  state: "applied" | "approved" | "suspended";
  contact: { email?: string; phone?: string };
  createdAt: string;
  independent?: boolean;
  accounts?: {
    currency: string;
    account: string;
    fee: { fixed: number; basisPoints: number; roundTo: "shop" | "fee" };
  }[];
  returnUrls?: string[];
  uniqueReferences?: boolean;
}

export interface EndpointTerms {
  url: string;
  /** Names of events, or `["*"]` for all. */
  types: string[];
}

export interface EndpointView extends EndpointTerms {
  id: string;
  state: "active" | "disabled";
  oldSecretUntil: string | null;
  createdAt: string;
  /** With a new one, once: a repetition with the same key is answered without it. */
  secret?: string;
}

export interface DeliveryView {
  id: string;
  endpoint: string;
  type: string;
  /** That of the trade; null where the message is about none. */
  number: string | null;
  state: "waiting" | "delivered" | "failed";
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  nextAttemptAt: string | null;
  createdAt: string;
}

/** A store of a chain, as its head enters it. */
export interface StoreTerms {
  store: string;
  /** In millionths of a degree. */
  at?: { lat: number; lng: number };
  postcodes?: string[];
  hours?: { opens: string; closes: string };
  capacity?: number;
}

/** A store as the chain knows it. */
export interface StoreView {
  store: string;
  state: "invited" | "agreed";
  agreedAt: string | null;
  at: { lat: number; lng: number } | null;
  postcodes: string[];
  hours: { opens: string; closes: string } | null;
  capacity: number | null;
}

/** The same for the store: of which chain it is. */
export interface ChainView extends StoreView {
  chain: string;
}

/** An order that a store is asked to serve. */
export interface OrderOfferView {
  id: string;
  trade: string;
  chain: string;
  store: string;
  state: string;
  until: string;
  offeredAt: string;
  answeredAt: string | null;
}
