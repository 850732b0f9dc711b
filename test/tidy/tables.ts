/**
 * Which room owns each table of the database, and which other rooms touch it all the same. What a room keeps, it reads
 * and writes itself, and others ask it; each exception says why it is none of those calls.
 */

export const owners: Readonly<Record<string, readonly string[]>> = {
  "storage/database": ["test_clock"],
  "storage/ledger": ["accounts", "holds", "entries", "payout_locks"],
  "storage/members": ["people", "methods", "mandates", "vouchers", "personal_keys", "notices", "lookups"],
  "storage/parties": ["parties", "shop_accounts", "operators", "standings", "party_acts", "party_figures"],
  "storage/identity": ["api_keys", "logins", "server_secret", "sessions", "recipient_sessions", "presences"],
  "engines/engine": ["answers", "commits"],
  "engines/steps": ["trades", "trade_events", "trade_recipients", "disputes"],
  "engines/reservations": ["consents", "consent_codes", "reservations", "peer_transfers", "told_amounts"],
  "engines/rails": ["remote_accounts"],
  "engines/outbox": ["instructions", "webhook_endpoints", "webhook_deliveries", "mails"],
  "engines/advances": ["advances", "advance_accounts"],
  "edge/signing": ["signing_keys", "signature_nonces", "revoked_peer_keys"],
  "edge/chains": ["chains", "chain_stores", "routes", "offers"],
  "edge/operators": ["operator_acts", "lone_moves"],
  "edge/disclosures": ["disclosures"],
  "edge/doorstep": ["door_windows", "door_uses", "door_tries", "recipient_tries"],
  "servers/institution": ["transfers", "transfer_matches"],
  "servers/facilitator": ["ties", "breaches"],
  "servers/shop": ["staff_sessions"],
  "servers/shop-orders": ["products", "carts", "cart_lines", "orders", "order_lines", "outgoing"],
};

/** A room that touches tables of others, and why it does not ask their owners. */
export type Guest = { room: string; tables: readonly string[]; why: string };

export const guests: readonly Guest[] = [
  {
    room: "storage/identity",
    tables: ["people", "parties", "operators"],
    why: "whether a credential still works, and its owner's name, are read for all requests at once in one statement",
  },
  {
    room: "storage/members",
    tables: ["logins", "consents", "presences"],
    why: "an erasure is one statement after one lock, so that no step of it can be forgotten",
  },
  {
    room: "engines/outbox",
    tables: ["presences", "trade_events"],
    why: "whether both sides of many trades were told since they were asked is found in one statement, under locks",
  },
  {
    room: "engines/reservations",
    tables: ["holds"],
    why: "a reservation is a hold with a peer's name on it, with the same id, and is listed and summed with its money",
  },
  {
    room: "engines/reservations",
    tables: ["accounts", "entries"],
    why: "the audit compares, on one snapshot, consents and transfers with the journal; owners see the kind of account",
  },
  {
    room: "engines/reservations",
    tables: ["people", "parties"],
    why: "a batch reads its consents with what their owners are allowed in one statement, as every instruction needs it",
  },
  {
    room: "engines/steps",
    tables: ["holds", "reservations"],
    why: "the audit compares, on one snapshot, trades with their holds, and each hold belongs to one of the two",
  },
  {
    room: "engines/steps",
    tables: ["personal_keys"],
    why: "what is known of a recipient and the key that opens it come and go in one statement",
  },
  {
    room: "engines/steps",
    tables: ["people"],
    why: "guests without a trade are few among many with one: two rooms would hand each other all of them",
  },
  {
    room: "engines/steps",
    tables: ["routes"],
    why: "where an order goes is kept in the transaction that proposes it, and chains are above trades",
  },
  {
    room: "engines/steps",
    tables: ["advances", "advance_accounts"],
    why: "the audit compares claims with what only trades know, in JSON of their own, on one snapshot",
  },
  {
    room: "engines/steps",
    tables: ["remote_accounts"],
    why: "reconciliation sums up what trades come to at one institution, which only the account tells",
  },
  {
    room: "edge/chains",
    tables: ["trades"],
    why: "the load of each store is counted where the stores of a chain are read; its offers of all times would go out",
  },
  {
    room: "tools/bench",
    tables: [
      "accounts",
      "holds",
      "entries",
      "answers",
      "mandates",
      "parties",
      "shop_accounts",
      "api_keys",
      "trades",
      "trade_events",
    ],
    why: "a measurement needs a large stock, made of copies of rows that their rooms have written, as fast as can be",
  },
];
