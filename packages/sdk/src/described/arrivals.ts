/** Made of what servers describe of their calls by test/support/sdk/described-types.ts; not written by hand. */

export interface BankStatementFile {
  /** Its bytes in base64 */
  content: string;
}

export interface ArrivalAssignment {
  /** UUID */
  id: string;
  arrivals: string[];
  /** Digits with a check digit */
  number: string;
  /** What was found. No control characters, and no card numbers */
  reason: string;
}

export interface ArrivalReturn {
  /** UUID */
  id: string;
  /** Minor units of the currency */
  amount: number;
  /** In what the amount was meant: refused where the transfer is in another */
  currency?: string;
  /** A member's account here */
  account?: string;
  bankAccount?: {
    bank: string;
    branch: string;
    /** 普通 or 当座 */
    kind: "ordinary" | "current";
    number: string;
    /** In katakana, as it stands at the bank. No control characters, and no card numbers */
    holder: string;
  };
  /** What was found. No control characters, and no card numbers */
  reason: string;
}

export interface ArrivalDismissal {
  /** What was found. No control characters, and no card numbers */
  reason: string;
}

/** A bank's statement that was booked. */
export interface BankStatementView {
  /** UUID */
  id: string;
  /** 入出金取引明細, 振込入金通知, or camt.053 */
  form: "statement" | "notice" | "camt.053";
  /** SHA-256 of its bytes */
  digest: string;
  firstDay: string | null;
  lastDay: string | null;
  /** Entries that brought money */
  count: number;
  /** Of these, those that another file had brought */
  known: number;
  /** What the others brought, in minor units */
  total: number;
  /** UUID */
  operator: string;
  confirmedBy: string | null;
  bookedAt: string | null;
}

/** A transfer that has come in at the bank. */
export interface ArrivalView {
  /** UUID */
  id: string;
  /** UUID */
  statement: string;
  line: number;
  /** Of the institution's: bank, branch and number */
  account: string;
  /** The bank's own */
  reference: string;
  /** A calendar day, YYYY-MM-DD */
  day: string;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  amount: number;
  /** What of it waits */
  rest: number;
  state: "new" | "waiting" | "closed";
  /** Why it waits for operators */
  why:
    | "unknown"
    | "ambiguous"
    | "too_little"
    | "too_much"
    | "nothing_due"
    | "currency"
    | "refused"
    | "uncertain"
    | "taken_back"
    | "came_back"
    | null;
  /** The due that it names */
  number: string | null;
  /** The bank takes an earlier one back: no money came */
  takenBack: boolean;
  /** RFC 3339, UTC */
  bookedAt: string;
}

export interface ArrivalWholeView {
  /** UUID */
  id: string;
  /** UUID */
  statement: string;
  line: number;
  /** Of the institution's: bank, branch and number */
  account: string;
  /** The bank's own */
  reference: string;
  /** A calendar day, YYYY-MM-DD */
  day: string;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  amount: number;
  /** What of it waits */
  rest: number;
  state: "new" | "waiting" | "closed";
  /** Why it waits for operators */
  why:
    | "unknown"
    | "ambiguous"
    | "too_little"
    | "too_much"
    | "nothing_due"
    | "currency"
    | "refused"
    | "uncertain"
    | "taken_back"
    | "came_back"
    | null;
  /** The due that it names */
  number: string | null;
  /** The bank takes an earlier one back: no money came */
  takenBack: boolean;
  /** RFC 3339, UTC */
  bookedAt: string;
  /** Null once it is forgotten */
  told: ArrivalToldView | null;
  /** What is due under the number that it names */
  due: number | null;
  /** What waits under that number in all */
  together: number | null;
  /** The newest first, up to 100 */
  moves: ArrivalMoveView[];
}

export interface ArrivalsAssignedView {
  /** Digits with a check digit */
  number: string;
  /** Minor units of the currency */
  paid: number;
}

export interface ReturnAccountView {
  /** UUID */
  id: string;
  bank: string;
  bankName: string;
  branch: string;
  branchName: string;
  kind: "ordinary" | "current";
  number: string;
  holder: string;
}

export interface ArrivalToldView {
  remitter: string;
  text: string;
  /** Bank and branch */
  from: string;
  /** Digits of the account to which it came, if it is one of the bank's making */
  to: string | null;
}

export interface ArrivalMoveView {
  kind: "payment" | "account" | "payout" | "dismissal" | "back";
  /** Minor units of the currency */
  amount: number;
  number: string | null;
  account: string | null;
  reason: string | null;
  operator: string | null;
  confirmedBy: string | null;
  /** RFC 3339, UTC */
  at: string;
}

/** What is taken and answered, call by call. */
export interface ArrivalsDescribed {
  /** Book what a bank says has come in: two operators */
  "POST /v1/bank-statements": {
    body: BankStatementFile;
    answer: BankStatementView;
  };
  /** Statements that were booked, the newest first */
  "GET /v1/bank-statements": {
    item: BankStatementView;
  };
  /** What a statement brought, in its order, and what became of it */
  "GET /v1/bank-statements/{id}/arrivals": {
    item: ArrivalView;
  };
  /** Transfers that wait for operators, the oldest first */
  "GET /v1/arrivals": {
    item: ArrivalView;
  };
  /** A transfer with who has sent it, what they wrote, and what became of it */
  "GET /v1/arrivals/{id}": {
    query: {
      /** Why you look at it: it names who has paid. No control characters, and no card numbers */
      reason?: string;
    };
    answer: ArrivalWholeView;
  };
  /** Pay a due with transfers that wait: two operators */
  "POST /v1/arrivals/assign": {
    body: ArrivalAssignment;
    answer: ArrivalsAssignedView;
  };
  /** Return what waits to whoever sent it: two operators */
  "POST /v1/arrivals/{id}/return": {
    body: ArrivalReturn;
    answer: ArrivalView;
  };
  /** Say that what waits was no payer's: it is outside again. Two operators */
  "POST /v1/arrivals/{id}/dismiss": {
    body: ArrivalDismissal;
    answer: ArrivalView;
  };
  /** Where at a bank money is to go back to, as an act that waits names it */
  "GET /v1/return-accounts/{id}": {
    query: {
      /** Why you look at it: it names who has paid. No control characters, and no card numbers */
      reason?: string;
    };
    answer: ReturnAccountView;
  };
}
