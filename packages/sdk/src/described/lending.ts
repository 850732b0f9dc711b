/** Made of what servers describe of their calls by test/support/sdk/described-types.ts; not written by hand. */

export interface LentLineTerms {
  /** UUID */
  lender: string;
  /** ISO 4217 code */
  currency: string;
  /** Minor units; 0 closes it */
  limit: number;
}

export interface LentPartTerms {
  /** Digits with a check digit */
  member: string;
  /** Minor units; 0 closes it */
  limit: number;
}

export interface LentCallTerms {
  /** Digits with a check digit */
  member: string;
}

export interface LentLineView {
  /** UUID */
  id: string;
  /** UUID */
  lender: string;
  /** ISO 4217 code */
  currency: string;
  /** Minor units of the currency */
  limit: number;
  /** What members have of it */
  given: number;
  /** What the lender has made good and not paid in yet */
  owes: number;
  /** What the lender has there, for what its members owe */
  paidIn: number;
  /** UUID */
  account: string;
  /** Since when nothing new comes of it */
  stoppedAt: string | null;
  /** RFC 3339, UTC */
  createdAt: string;
}

export interface LentPartView {
  /** null where they are no longer known */
  member: string | null;
  /** `called`: the lender has made good what was owed; the line is over */
  state: "open" | "called";
  /** Minor units of the currency */
  limit: number;
  /** What the member owes on it */
  used: number;
  /** What is frozen for trades */
  held: number;
  owingSince: string | null;
  /** When the lender has to make good what is owed, unless it is paid before */
  callFrom: string | null;
  /** RFC 3339, UTC */
  createdAt: string;
}

export interface LentCallView {
  /** UUID */
  line: string;
  /** Digits with a check digit */
  member: string;
  /** ISO 4217 code */
  currency: string;
  /** What moved from the member's debts to the lender's; 0: nothing was owed */
  amount: number;
}

/** What is taken and answered, call by call. */
export interface LendingDescribed {
  /** The lines lent to you; for operators, all */
  "GET /v1/lent-lines": {
    item: LentLineView;
  };
  /** Lend a credit line to a shop or an intermediary, who approves members of its own within it */
  "PUT /v1/lent-lines/{id}": {
    body: LentLineTerms;
    answer: LentLineView;
  };
  /** What the lender's members have of the line */
  "GET /v1/lent-lines/{id}/members": {
    item: LentPartView;
  };
  /** Give a member so much of your line, or more or less than before */
  "POST /v1/lent-lines/{id}/members": {
    body: LentPartTerms;
    answer: LentPartView;
  };
  /** Have the lender make good what a member owes on the line; the clock does it thirty days after the debt */
  "POST /v1/lent-lines/{id}/calls": {
    body: LentCallTerms;
    answer: LentCallView;
  };
  /** Stop a line: nothing more is given, and within a minute members have only what is in use */
  "POST /v1/lent-lines/{id}/stop": {
    answer: LentLineView;
  };
}
