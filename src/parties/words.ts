/** The closed lists of this room; sql/trading/0002_people.sql checks the same words. */
export const partyKinds = ["shop", "carrier", "provider"] as const;
export type PartyKind = (typeof partyKinds)[number];

export const partyStates = ["applied", "approved", "suspended"] as const;
export type PartyState = (typeof partyStates)[number];

/** Who gets the minor unit that a fee in basis points leaves over. */
export const feeRoundings = ["shop", "fee"] as const;
export type FeeRoundTo = (typeof feeRoundings)[number];

export const operatorStates = ["active", "suspended"] as const;
export type OperatorState = (typeof operatorStates)[number];
