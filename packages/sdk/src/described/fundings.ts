/** Made of what servers describe of their calls by test/support/sdk/described-types.ts; not written by hand. */

export interface FundingTerms {
  /** Minor units of the currency */
  amount: number;
  /** In what the amount was meant: refused where the account is in another */
  currency?: string;
  /** ISO 8601 duration, such as P7D */
  within?: string;
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

export interface PaymentFromAccount {
  /** UUID */
  id: string;
  /** Digits with a check digit */
  tradeNumber: string;
  /** Minor units of the currency */
  amount: number;
  /** ISO 4217 code */
  currency: string;
}

/** A number under which money is brought to an account. */
export interface FundingView {
  /** Digits with a check digit */
  number: string;
  /** UUID */
  account: string;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  amount: number;
  state: "open" | "paid" | "expired";
  /** RFC 3339, UTC */
  until: string;
  /** RFC 3339, UTC */
  createdAt: string;
  /** Where it is paid by a transfer, if it can be */
  payingIn: PayingInView | null;
}

export interface FundingListedView {
  /** Digits with a check digit */
  number: string;
  /** UUID */
  account: string;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  amount: number;
  state: "open" | "paid" | "expired";
  /** RFC 3339, UTC */
  until: string;
  /** RFC 3339, UTC */
  createdAt: string;
}

/** What is to be paid under a number. */
export interface DueShownView {
  /** Digits with a check digit */
  tradeNumber: string;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  due: number;
  shopName: string | null;
  /** RFC 3339, UTC */
  payBy: string;
}

export interface CollectionPaidView {
  /** UUID */
  id: string;
  /** Minor units of the currency */
  amount: number;
  channel: "konbini" | "bank" | "counter" | "cash_on_delivery" | "account";
  reference: string;
  /** RFC 3339, UTC */
  at: string;
  /** Kept: it was not due, and is to be returned */
  state: "taken" | "kept";
  /** Digits with a check digit */
  tradeNumber: string;
  /** ISO 4217 code */
  currency: string;
}

/** Where a due is paid by a transfer. */
export interface PayingInView {
  /** To be written before the name of the remitter */
  reference: string;
  bank: string;
  /** In kana */
  bankName: string;
  branch: string;
  /** In kana; of an account of the bank's making, as the bank has told */
  branchName: string;
  kind: "ordinary" | "current";
  number: string;
  /** In kana */
  holder: string;
  /** An account for this due alone: nothing need be written */
  virtual: boolean;
}

/** What is taken and answered, call by call. */
export interface FundingsDescribed {
  /** A number under which money is brought to your account */
  "POST /v1/accounts/{id}/fundings": {
    body: FundingTerms;
    answer: FundingView;
  };
  /** Numbers under which money is brought to an account, the newest first */
  "GET /v1/accounts/{id}/fundings": {
    item: FundingListedView;
  };
  /** What became of such a number, and where it is paid by a transfer */
  "GET /v1/fundings/{number}": {
    answer: FundingView;
  };
  /** The payment slip of such a number, as PDF */
  "GET /v1/fundings/{number}/slip": {
    query: {
      language?: "en" | "ja";
    };
    file: true;
  };
  /** What is due under a number, for a member who means to pay it */
  "GET /v1/dues/{number}": {
    answer: DueShownView;
  };
  /** Pay what is due under a number from your account */
  "POST /v1/accounts/{id}/payments": {
    body: PaymentFromAccount;
    answer: CollectionPaidView;
  };
}
