/** What is sent and shown of chains, of their stores, and of the orders that are offered to these. */
import type { TradeLineView } from "./trades.ts";

/** A store of a chain, as its head enters it. */
export interface StoreTerms {
  store: string;
  /** In millionths of a degree. */
  at?: { lat: number; lng: number };
  postcodes?: string[];
  /** By the clocks of `timeZone`, that of the server where it is left out. */
  hours?: { opens: string; closes: string; timeZone?: string };
  capacity?: number;
}

/** A store as the chain knows it. */
export interface StoreView {
  store: string;
  state: "invited" | "agreed";
  agreedAt: string | null;
  at: { lat: number; lng: number } | null;
  postcodes: string[];
  hours: { opens: string; closes: string; timeZone: string } | null;
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

/** The same as it stands in a list: while it is open, with what is asked for. */
export interface ListedOfferView extends OrderOfferView {
  order?: {
    currency: string;
    /** Null where this server does not know it. */
    amount: number | null;
    lines: TradeLineView[];
    shipBy: string | null;
    reservedUntil: string | null;
  } | null;
}
