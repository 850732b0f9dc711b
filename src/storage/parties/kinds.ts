/** The closed lists of this room; sql/trading checks the same words. */
export const partyKinds = ["shop", "carrier", "provider", "collector"] as const;
export type PartyKind = (typeof partyKinds)[number];
/** Those who take part in trades, and apply for it on every trading server. */
export const tradingKinds = ["shop", "carrier", "provider"] as const;

export type PartyState = "applied" | "approved" | "suspended";

export type OperatorState = "active" | "suspended";

/** Who gets the minor unit that a fee in basis points leaves over. */
export type FeeRoundTo = "shop" | "fee";

/** In which language a party is written to; sql/trading/0014_notices_by_mail.sql checks the same words. */
export type PartyLanguage = "en" | "ja";

/** What is counted of a party: goods that were rejected, disputes that it lost, deliveries that were late. */
export type FigureKind = "rejections" | "disputes_lost" | "late_deliveries";
