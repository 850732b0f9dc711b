/** Made of what servers describe of their calls by test/support/sdk/described-types.ts; not written by hand. */

export interface InstalmentWish {
  parts: {
    /** A calendar day, YYYY-MM-DD */
    by: string;
    /** Minor units of the currency */
    amount: number;
  }[];
}

export interface InstalmentTerms {
  parts: {
    /** A calendar day, YYYY-MM-DD */
    by: string;
    /** Minor units of the currency */
    amount: number;
  }[];
}

export interface WriteOffTerms {
  /** What is given up: `lineOwed`. Refused with `amount_mismatch` where something else is owed by then */
  amount: number;
  /** Why nothing is expected any more. No control characters, and no card numbers */
  reason: string;
}

/** What a member owes on a credit line, and has to pay. */
export interface BillView {
  /** Digits with a check digit */
  number: string;
  /** Digits with a check digit */
  member: string;
  /** UUID */
  account: string;
  /** ISO 4217 code */
  currency: string;
  state: "open" | "paid" | "written off";
  /** Minor units of the currency */
  amount: number;
  /** Minor units of the currency */
  fees: number;
  /** Minor units of the currency */
  paid: number;
  /** Minor units of the currency */
  writtenOff: number;
  /** What is still owed of it, minor units */
  owed: number;
  /** What is to be paid next, under its number */
  asked: number;
  /** What is owed on its line in all, also behind its closing */
  lineOwed: number;
  /** RFC 3339, UTC */
  payBy: string;
  /** What was to be paid was not. Nothing new is reserved on the line then, nor while it is paid in instalments */
  overdue: boolean;
  /** It can be paid at a counter under its number */
  payable: boolean;
  /** How many steps of dunning were told */
  step: number;
  instalments:
    | {
        /** RFC 3339, UTC */
        by: string;
        /** Minor units of the currency */
        amount: number;
      }[]
    | null;
  /** The instalments that the member asks for */
  wish:
    | {
        /** RFC 3339, UTC */
        by: string;
        /** Minor units of the currency */
        amount: number;
      }[]
    | null;
  /** RFC 3339, UTC */
  madeAt: string;
  endedAt: string | null;
}

export interface BillWholeView {
  /** Digits with a check digit */
  number: string;
  /** Digits with a check digit */
  member: string;
  /** UUID */
  account: string;
  /** ISO 4217 code */
  currency: string;
  state: "open" | "paid" | "written off";
  /** Minor units of the currency */
  amount: number;
  /** Minor units of the currency */
  fees: number;
  /** Minor units of the currency */
  paid: number;
  /** Minor units of the currency */
  writtenOff: number;
  /** What is still owed of it, minor units */
  owed: number;
  /** What is to be paid next, under its number */
  asked: number;
  /** What is owed on its line in all, also behind its closing */
  lineOwed: number;
  /** RFC 3339, UTC */
  payBy: string;
  /** What was to be paid was not. Nothing new is reserved on the line then, nor while it is paid in instalments */
  overdue: boolean;
  /** It can be paid at a counter under its number */
  payable: boolean;
  /** How many steps of dunning were told */
  step: number;
  instalments:
    | {
        /** RFC 3339, UTC */
        by: string;
        /** Minor units of the currency */
        amount: number;
      }[]
    | null;
  /** The instalments that the member asks for */
  wish:
    | {
        /** RFC 3339, UTC */
        by: string;
        /** Minor units of the currency */
        amount: number;
      }[]
    | null;
  /** RFC 3339, UTC */
  madeAt: string;
  endedAt: string | null;
  /** The trades that were paid from the line, the newest first */
  trades: string[];
  /** What was told of it, and when */
  news: BillNewsView[];
  /** What moved money for it; what came by refunds or transfers stands in the statement of the line */
  movements: BillMovementView[];
}

export interface BillNewsView {
  kind: string;
  /** Minor units of the currency */
  owed: number;
  /** Minor units of the currency */
  asked: number;
  /** RFC 3339, UTC */
  payBy: string;
  /** Minor units of the currency */
  fee: number;
  /** RFC 3339, UTC */
  at: string;
}

export interface BillMovementView {
  /** UUID */
  id: string;
  kind: "fee" | "recovery" | "write-off" | "late recovery";
  /** Minor units of the currency */
  amount: number;
  /** RFC 3339, UTC */
  at: string;
}

/** What is taken and answered, call by call. */
export interface BillsDescribed {
  /** What members owe on credit lines, the newest bill first; your own, where you are a member */
  "GET /v1/bills": {
    query: {
      state?: "open" | "paid" | "written off";
      /** For operators; members have their own */
      member?: string;
    };
    item: BillView;
  };
  /** A bill, with what it came of and what was told */
  "GET /v1/bills/{number}": {
    answer: BillWholeView;
  };
  /** The payment slip for what is to be paid next of a bill, as PDF */
  "GET /v1/bills/{number}/slip": {
    query: {
      language?: "en" | "ja";
    };
    file: true;
  };
  /** Ask to pay a bill in parts: operators look at it */
  "POST /v1/bills/{number}/instalment-requests": {
    body: InstalmentWish;
    answer: BillView;
  };
  /** Let a bill be paid in parts: two operators */
  "POST /v1/bills/{number}/instalments": {
    body: InstalmentTerms;
    answer: BillView;
  };
  /** Give up what is owed on a line, and close it: two operators */
  "POST /v1/bills/{number}/write-off": {
    body: WriteOffTerms;
    answer: BillView;
  };
}
