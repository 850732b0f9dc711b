/**
 * Every sentence a page says. Another language is another record with the same keys, so a sentence that was forgotten
 * does not compile. `{name}` is filled in; what is filled in is never markup.
 */
const en = {
  // The frame.
  site: "Kenshu",
  navigation: "Main",
  skip: "Skip to the content",
  signOut: "Sign out",
  signedInAs: "Signed in as {name}",
  foot: "Money is frozen when you order, and moves only when you accept.",
  optional: "(optional)",
  mistakes: "Please put this right",
  // States of a trade.
  "state.proposed": "Waiting for approval",
  "state.refused": "Not reserved",
  "state.reserved": "Frozen",
  "state.delivered": "Delivered",
  "state.accepted": "Accepted",
  "state.settled": "Paid",
  "state.cancelled": "Cancelled",
  "state.rejected": "Sent back",
  "state.expired": "Expired",
  "state.disputed": "In dispute",
  // Where the money is.
  "money.frozen": "Frozen",
  "money.settled": "Paid",
  "money.released": "Released",
  // What has happened to a trade.
  "event.trade.proposed": "{who} proposed the trade.",
  "event.trade.reserved": "The amount was frozen, with {who} agreeing.",
  "event.trade.refused": "The amount could not be frozen.",
  "event.trade.revised": "{who} changed the trade.",
  "event.trade.delivered": "{who} reported that the goods were delivered.",
  "event.trade.accepted": "{who} accepted goods.",
  "event.trade.rejected": "{who} rejected goods.",
  "event.trade.returned": "{who} reported that the goods came back.",
  "event.trade.disputed": "{who} opened a dispute. All clocks stand still until it is decided.",
  "event.trade.resolved": "{who} decided the dispute.",
  "event.trade.settled": "The shop was paid.",
  "event.trade.cancelled": "{who} cancelled the trade. What was frozen is free again.",
  "event.trade.expired": "The time ran out. What was frozen is free again.",
  "event.trade.extended": "{who} moved the deadline.",
  "event.trade.refunded": "{who} gave money back to the buyer.",
  "event.reason": "Reason: {reason}",
  "event.amount": "Amount: {amount}",
  "who.buyer": "The buyer",
  "who.recipient": "The recipient",
  "who.carrier": "The carrier",
  "who.provider": "The service provider",
  "who.shop": "The shop",
  "who.operator": "An operator",
  "who.clock": "A deadline",
};

export type WordKey = keyof typeof en;
export const languages = { en } satisfies Record<string, Record<WordKey, string>>;
export type Language = keyof typeof languages;
