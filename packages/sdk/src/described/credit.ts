/** Made of what servers describe of their calls by test/support/sdk/described-types.ts; not written by hand. */

export interface CreditLineTerms {
  /** ISO 4217 code */
  currency: string;
  /** Minor units; 0 closes it */
  limit: number;
}

export interface CreditWish {
  /** Of the trade, as the buyer has seen it */
  version: number;
  payment?:
    | {
        on: "acceptance";
      }
    | {
        on: "date";
        /** A calendar day, YYYY-MM-DD */
        date: string;
      }
    | {
        on: "collection";
        /** ISO 8601 duration, such as P7D */
        within?: string;
      };
  acceptors?: ("buyer" | "recipient" | "carrier" | "provider" | "shop" | "operator")[];
  shopWord?: true;
  /** How a person reached the operator who acts for them; only for operators */
  operator?: {
    channel: "phone" | "fax" | "letter" | "counter" | "desk";
    /** No control characters, and no card numbers */
    reference: string;
    /** No control characters, and no card numbers */
    reason?: string;
    as?: "buyer" | "recipient" | "carrier" | "provider" | "shop" | "operator";
    proof?: {
      kind: "callback" | "document" | "code";
      /** No control characters, and no card numbers */
      reference: string;
    };
  };
}

export interface CreditRefusal {
  /** Why, for operators: kept for good. No control characters, and no card numbers */
  reason: string;
}

export interface CreditLinesView {
  /** Digits with a check digit */
  member: string;
  items: CreditLineView[];
}

export interface CreditRequestView {
  /** UUID */
  id: string;
  /** Digits with a check digit */
  trade: string;
  /** Of the trade, as the buyer has seen it */
  version: number;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  amount: number;
  state: "asked" | "granted" | "used" | "refused" | "over";
  /** RFC 3339, UTC */
  createdAt: string;
  /** RFC 3339, UTC */
  until: string;
  decidedAt: string | null;
  /** The credit line that was opened for this trade, and pays for nothing else */
  method: string | null;
}

export interface CreditRequestForOperatorView {
  /** UUID */
  id: string;
  /** Digits with a check digit */
  trade: string;
  /** Of the trade, as the buyer has seen it */
  version: number;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  amount: number;
  state: "asked" | "granted" | "used" | "refused" | "over";
  /** RFC 3339, UTC */
  createdAt: string;
  /** RFC 3339, UTC */
  until: string;
  decidedAt: string | null;
  /** The credit line that was opened for this trade, and pays for nothing else */
  method: string | null;
  member: string | null;
  /** Who asked: the buyer, or an operator in the buyer's name */
  by: "buyer" | "operator";
  choice: CreditChoiceView;
  decidedBy: string | null;
  confirmedBy: string | null;
  reason: string | null;
}

export interface CreditRequestWithFactsView {
  /** UUID */
  id: string;
  /** Digits with a check digit */
  trade: string;
  /** Of the trade, as the buyer has seen it */
  version: number;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  amount: number;
  state: "asked" | "granted" | "used" | "refused" | "over";
  /** RFC 3339, UTC */
  createdAt: string;
  /** RFC 3339, UTC */
  until: string;
  decidedAt: string | null;
  /** The credit line that was opened for this trade, and pays for nothing else */
  method: string | null;
  member: string | null;
  /** Who asked: the buyer, or an operator in the buyer's name */
  by: "buyer" | "operator";
  choice: CreditChoiceView;
  decidedBy: string | null;
  confirmedBy: string | null;
  reason: string | null;
  facts: CreditFactsView;
}

export interface CreditLineView {
  /** UUID */
  method: string;
  /** ISO 4217 code */
  currency: string;
  state: "active" | "pending" | "overdue" | "closed";
  limit: number | null;
  used: number | null;
  held: number | null;
  available: number | null;
  wished: number | null;
  /** The shop or intermediary that gives it, within a line that is lent to it */
  lender: string | null;
  /** The one trade for which the line was opened; it pays for nothing else */
  trade: string | null;
}

/** What the order is approved with, beside the line */
export interface CreditChoiceView {
  payment?:
    | {
        on: "acceptance";
      }
    | {
        on: "date";
        /** A calendar day, YYYY-MM-DD */
        date: string;
      }
    | {
        on: "collection";
        /** ISO 8601 duration, such as P7D */
        within?: string;
      };
  acceptors?: ("buyer" | "recipient" | "carrier" | "provider" | "shop" | "operator")[];
  shopWord?: true;
}

export interface CreditFactsView {
  buyer: CreditBuyerView;
  shop: CreditShopView;
  order: CreditOrderView;
}

export interface CreditBuyerView {
  since: string | null;
  state: string | null;
  lines: CreditBuyerLineView[];
  bills: CreditBuyerBillsView[];
  figures: Record<string, number>;
  /** Of the last thousand */
  trades: number;
  open: number;
  /** Of which nobody paid in time */
  claimed: number;
  disputed: number;
  sums: CreditSumView[];
}

export interface CreditShopView {
  /** UUID */
  id: string;
  name: string;
  since: string | null;
  state: string | null;
  figures: Record<string, number>;
  /** Of the last thousand */
  trades: number;
  open: number;
  /** Of which nobody paid in time */
  claimed: number;
  disputed: number;
  sums: CreditSumView[];
}

export interface CreditOrderView {
  state: string;
  version: number;
  /** It is another order by now, and cannot be granted */
  changed: boolean;
  reference: string | null;
  lines: CreditOrderLineView[];
}

export interface CreditBuyerLineView {
  /** ISO 4217 code */
  currency: string;
  state: "active" | "pending" | "overdue" | "closed";
  trade: string | null;
  limit: number | null;
  used: number | null;
  held: number | null;
}

/** Owed by open bills, and given up of others */
export interface CreditBuyerBillsView {
  /** ISO 4217 code */
  currency: string;
  open: number | null;
  givenUp: number | null;
}

export interface CreditSumView {
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  frozen: number;
  /** Minor units of the currency */
  claimed: number;
}

export interface CreditOrderLineView {
  name: string;
  quantity: number;
  amount: number | null;
}

/** What is taken and answered, call by call. */
export interface CreditDescribed {
  /** A member's credit lines */
  "GET /v1/credit-lines/{number}": {
    answer: CreditLinesView;
  };
  /** Set how far a member's credit line goes in a currency; opens it where there is none */
  "PUT /v1/credit-lines/{number}": {
    body: CreditLineTerms;
    answer: CreditLinesView;
  };
  /** Ask for credit with this one trade; it is approved for the buyer when that is granted */
  "POST /v1/trades/{number}/credit-requests": {
    body: CreditWish;
    answer: CreditRequestView;
  };
  /** What became of requests of credit for a trade, the newest first */
  "GET /v1/trades/{number}/credit-requests": {
    item: CreditRequestView;
  };
  /** Requests of credit that wait for operators, the oldest first */
  "GET /v1/credit-requests": {
    item: CreditRequestForOperatorView;
  };
  /** A request with what is known of its buyer, its shop and its order */
  "GET /v1/credit-requests/{id}": {
    answer: CreditRequestWithFactsView;
  };
  /** Open a credit line for the one trade, and approve the trade for its buyer */
  "POST /v1/credit-requests/{id}/grant": {
    answer: CreditRequestForOperatorView;
  };
  /** Refuse credit for a trade; the buyer is told that, and not why */
  "POST /v1/credit-requests/{id}/refuse": {
    body: CreditRefusal;
    answer: CreditRequestForOperatorView;
  };
}
