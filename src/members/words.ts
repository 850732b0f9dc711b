/** The closed lists of this room; sql/trading/0002_people.sql checks the same words. */
export const personKinds = ["member", "guest"] as const;
export type PersonKind = (typeof personKinds)[number];

export const personStates = ["provisional", "active", "suspended", "erased"] as const;
export type PersonState = (typeof personStates)[number];

export const methodStates = ["active", "pending", "closed"] as const;
export type MethodState = (typeof methodStates)[number];

/** Money on an account, a credit line, or e-money that was paid in before. */
export const methodKinds = ["deposit", "credit", "prepaid"] as const;
export type MethodKind = (typeof methodKinds)[number];
