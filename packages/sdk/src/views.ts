/** What the servers show of members and accounts. Amounts are integers in minor units of the currency. */

export interface MethodView {
  id: string;
  kind: string;
  currency: string;
  [more: string]: unknown;
}

/** A member as the member or an operator sees it; further fields depend on who asks. */
export interface MemberView {
  number: string;
  state: string;
  methods?: MethodView[];
  [more: string]: unknown;
}

/** A member's leave for one shop to reserve up to an amount. */
export interface MandateView {
  id: string;
  shop: string;
  currency: string;
  limit: number;
  until: string;
  [more: string]: unknown;
}

export interface AccountView {
  id: string;
  kind: string;
  currency: string;
  posted: number;
  held: number;
  /** Zero, or minus the credit line. */
  floor: number;
  available: number;
}

/** One line of a statement. */
export interface EntryView {
  kind: string;
  posted: number;
  held: number;
  at: string;
  [more: string]: unknown;
}

/** A part of a list; `next` is what to ask after, or null at the end. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}
