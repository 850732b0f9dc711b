/** The closed lists of this room; sql/trading/0002_people.sql checks the same words. */
export type PersonKind = "member" | "guest";

export type PersonState = "provisional" | "active" | "suspended" | "erased";

/** Money on an account, a credit line, or e-money that was paid in before. */
export type MethodKind = "deposit" | "credit" | "prepaid";

/** `overdue`: a credit line for which a bill was not paid in time. */
export type MethodState = "active" | "pending" | "overdue" | "closed";

/** In which language a person is written to; sql/trading/0014_notices_by_mail.sql checks the same words. */
export const personLanguages = ["en", "ja"] as const;
export type PersonLanguage = (typeof personLanguages)[number];
