/** Finding what a caller speaks of, and what was looked at. */
export const finding = {
  "find.title": "Find",
  "find.what": "What does the caller say?",
  "find.whatHint":
    "A trade number, a member number, a telephone number, an e-mail address, a whole name or its reading, a shop, an order number.",
  "find.find": "Find",
};
