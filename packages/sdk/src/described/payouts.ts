/** Made of what servers describe of their calls by test/support/sdk/described-types.ts; not written by hand. */

export interface PayoutTerms {
  /** UUID */
  id: string;
  /** Minor units of the currency */
  amount: number;
  /** ISO 4217 code */
  currency: string;
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

export interface PayoutCancelTerms {
  /** Why; the owner reads it. No control characters, and no card numbers */
  reason?: string;
}

export interface PayoutReturnTerms {
  /** The bank's reason; the owner reads it. No control characters, and no card numbers */
  reason: string;
}

export interface PayoutFileTerms {
  /** A calendar day, YYYY-MM-DD */
  payOn: string;
}

export interface PayoutFileApproval {
  digest: string;
}

export interface PayoutFileEnd {
  /** What the bank's statement calls it. No control characters, and no card numbers */
  reference: string;
}

export interface BankMessage {
  /** Its bytes in base64 */
  content: string;
}

export interface PayoutView {
  /** UUID */
  id: string;
  /** UUID */
  account: string;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  amount: number;
  state: "waiting" | "filed" | "done" | "returned" | "cancelled";
  by: "owner" | "operator" | "clock";
  file: string | null;
  reason: string | null;
  /** RFC 3339, UTC */
  createdAt: string;
  endedAt: string | null;
}

export interface PayoutFileView {
  /** UUID */
  id: string;
  /** By which the bank knows it */
  number: string;
  /** ISO 4217 code */
  currency: string;
  /** A calendar day, YYYY-MM-DD */
  payOn: string;
  count: number;
  /** Minor units of the currency */
  total: number;
  /** SHA-256 of its bytes as 総合振込 */
  digest: string;
  /** The same as pain.001 */
  xmlDigest: string;
  state: "made" | "approved" | "sent" | "done" | "dropped";
  /** UUID */
  madeBy: string;
  approvedBy: string | null;
  confirmedBy: string | null;
  reference: string | null;
  /** RFC 3339, UTC */
  madeAt: string;
  sentAt: string | null;
  doneAt: string | null;
}

export interface PayoutFileWholeView {
  /** UUID */
  id: string;
  /** By which the bank knows it */
  number: string;
  /** ISO 4217 code */
  currency: string;
  /** A calendar day, YYYY-MM-DD */
  payOn: string;
  count: number;
  /** Minor units of the currency */
  total: number;
  /** SHA-256 of its bytes as 総合振込 */
  digest: string;
  /** The same as pain.001 */
  xmlDigest: string;
  state: "made" | "approved" | "sent" | "done" | "dropped";
  /** UUID */
  madeBy: string;
  approvedBy: string | null;
  confirmedBy: string | null;
  reference: string | null;
  /** RFC 3339, UTC */
  madeAt: string;
  sentAt: string | null;
  doneAt: string | null;
  payouts: PayoutView[];
  downloads: PayoutDownloadView[];
}

export interface PayoutReportView {
  format: "pain.002" | "camt.053";
  digest: string;
  returned: PayoutBackView[];
  /** Files of which it says that they were paid */
  done: string[];
  /** Payouts that had come back to their owners, and of which it says that they were paid: each is a break */
  contradicted: string[];
  /** Transfers of which it says what was booked before */
  known: number;
  /** How often money came back that no file of ours had sent */
  unknown: number;
}

export interface PayoutDownloadView {
  form: "zengin" | "pain001";
  /** UUID */
  operator: string;
  /** RFC 3339, UTC */
  at: string;
}

export interface PayoutBackView {
  /** UUID */
  payout: string;
  reason: string;
}

/** What is taken and answered, call by call. */
export interface PayoutsDescribed {
  /** Pay out to the account at a bank that was named */
  "POST /v1/accounts/{id}/payouts": {
    body: PayoutTerms;
    answer: PayoutView;
  };
  /** Payouts of an account, the newest first */
  "GET /v1/accounts/{id}/payouts": {
    item: PayoutView;
  };
  /** Payouts that wait for a file, the oldest first */
  "GET /v1/payouts": {
    item: PayoutView;
  };
  /** Take a payout back that no file has yet */
  "POST /v1/payouts/{id}/cancel": {
    wish: PayoutCancelTerms;
    answer: PayoutView;
  };
  /** Say that the bank could not pay it (振込不能); it is its owner's again */
  "POST /v1/payouts/{id}/return": {
    body: PayoutReturnTerms;
    answer: PayoutView;
  };
  /** Gather what waits into a file for the bank */
  "POST /v1/payout-files": {
    body: PayoutFileTerms;
    answer: PayoutFileView;
  };
  /** Files for the bank, the newest first */
  "GET /v1/payout-files": {
    item: PayoutFileView;
  };
  /** A file with its payouts, and who has taken it away */
  "GET /v1/payout-files/{id}": {
    answer: PayoutFileWholeView;
  };
  /** Take an approved file to the bank; who did is written down */
  "GET /v1/payout-files/{id}/content": {
    query: {
      form?: "zengin" | "pain001";
    };
    file: true;
  };
  /** Let a file go to the bank: two operators, the second of whom has not made it */
  "POST /v1/payout-files/{id}/approve": {
    body: PayoutFileApproval;
    answer: PayoutFileView;
  };
  /** Drop a file that nobody has taken away; its payouts wait for another */
  "POST /v1/payout-files/{id}/drop": {
    answer: PayoutFileView;
  };
  /** Say that the bank has paid a file, but for what came back of it: two operators */
  "POST /v1/payout-files/{id}/complete": {
    body: PayoutFileEnd;
    answer: PayoutFileView;
  };
  /** Book what the bank says in a pain.002 or a camt.053: two operators */
  "POST /v1/payout-reports": {
    body: BankMessage;
    answer: PayoutReportView;
  };
}
