/** Made of what servers describe of their calls by test/support/sdk/described-types.ts; not written by hand. */

export interface PassOnTerms {
  /** What was found. No control characters, and no card numbers */
  reason: string;
}

export interface TransferTerms {
  /** UUID */
  id: string;
  kind: "deposit" | "withdrawal" | "payout";
  /** UUID */
  account: string;
  /** Minor units of the currency */
  amount: number;
  /** ISO 4217 code */
  currency: string;
  /** The bank's own reference, the number of a receipt. No control characters, and no card numbers */
  reference: string;
  /** Of an operator: why it is booked by hand. No control characters, and no card numbers */
  reason?: string;
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

export interface MatchTerms {
  /** The line of a statement, the number of a payout file. No control characters, and no card numbers */
  reference: string;
}

export interface BankAccountTerms {
  /** The number of the bank (金融機関コード) */
  bank: string;
  /** The number of the branch (支店コード) */
  branch: string;
  /** 普通 or 当座 */
  kind: "ordinary" | "current";
  number: string;
  /**
   * In katakana, as it stands at the bank; nobody guesses how a name is read. No control characters, and no card
   * numbers
   */
  holder: string;
  /** Of an owner. No control characters, and no card numbers */
  password?: string;
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

export interface PayoutScheduleTerms {
  every: "day" | "week" | "month";
  on?: number;
  /** Minor units of the currency */
  least: number;
}

export interface PassedOnView {
  /** UUID */
  account: string;
  /** UUID */
  to: string;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  amount: number;
}

export interface TransferView {
  /** UUID */
  id: string;
  kind: "deposit" | "withdrawal" | "payout";
  /** UUID */
  account: string;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  amount: number;
  reference: string;
  /** It waits on the suspense account until its other side is seen */
  suspended: boolean;
  /** RFC 3339, UTC */
  at: string;
}

export interface TransferMatchedView {
  /** UUID */
  id: string;
  kind: "deposit" | "withdrawal" | "payout";
  /** UUID */
  account: string;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  amount: number;
  reference: string;
  /** It waits on the suspense account until its other side is seen */
  suspended: boolean;
  /** RFC 3339, UTC */
  at: string;
  matched: string;
}

export interface PayingOutView {
  /** UUID */
  account: string;
  bankAccount: BankAccountView | null;
  /** What an operator asks for and a second one has not confirmed yet */
  asked: BankAccountView | null;
  schedule: PayoutScheduleView | null;
}

export interface PayoutScheduleView {
  every: "day" | "week" | "month";
  /** Of a week 1 (Monday) to 5; of a month 1 to 31 */
  on: number;
  /** Minor units of the currency */
  least: number;
  /** A calendar day, YYYY-MM-DD */
  nextOn: string;
}

export interface BankAccountView {
  /** UUID */
  id: string;
  bank: string;
  /** As people know the bank */
  bankName: string;
  branch: string;
  branchName: string;
  /** 普通, 当座 */
  kind: "ordinary" | "current";
  number: string;
  /** In half-width kana, as files for banks have it */
  holder: string;
  /** RFC 3339, UTC */
  usableFrom: string;
}

/** What is taken and answered, call by call. */
export interface AccountsDescribed {
  /** An account's statement of whole days, as a file */
  "GET /v1/accounts/{id}/statement": {
    query: {
      /** A calendar day, YYYY-MM-DD */
      from?: string;
      /** A calendar day, YYYY-MM-DD */
      to?: string;
      form?: "camt053" | "csv";
    };
    file: true;
  };
  /** Give what came to rest on an account that was left to whom it was left */
  "POST /v1/accounts/{id}/pass-on": {
    body: PassOnTerms;
    answer: PassedOnView;
  };
  /** Record money that came in or went out */
  "POST /v1/transfers": {
    body: TransferTerms;
    answer: TransferView;
  };
  /** Transfers whose other side nobody has seen yet, the oldest first */
  "GET /v1/transfers": {
    item: TransferView;
  };
  /** Say where the other side of a transfer was seen: it leaves the suspense account */
  "POST /v1/transfers/{id}/match": {
    body: MatchTerms;
    answer: TransferMatchedView;
  };
  /** Where an account is paid out to, and when by itself */
  "GET /v1/accounts/{id}/bank-account": {
    query: {
      /** Of an operator: why. No control characters, and no card numbers */
      reason?: string;
    };
    answer: PayingOutView;
  };
  /** Name the account at a bank to which an account is paid out */
  "PUT /v1/accounts/{id}/bank-account": {
    body: BankAccountTerms;
    answer: PayingOutView;
  };
  /** Take it away; payouts that wait and would go there are taken back */
  "DELETE /v1/accounts/{id}/bank-account": {
    query: {
      channel?: "phone" | "fax" | "letter" | "counter" | "desk";
      /** No control characters, and no card numbers */
      reference?: string;
      /** No control characters, and no card numbers */
      reason?: string;
      proof?: "callback" | "document" | "code";
      /** No control characters, and no card numbers */
      proofReference?: string;
      /** The one that you have looked at: no other is taken away */
      seen?: string;
    };
    nothing: true;
  };
  /** Have an account paid out by itself, on days on which banks in Japan are open */
  "PUT /v1/accounts/{id}/payout-schedule": {
    body: PayoutScheduleTerms;
    answer: PayoutScheduleView;
  };
  /** Have it paid out on request only */
  "DELETE /v1/accounts/{id}/payout-schedule": {
    nothing: true;
  };
}
