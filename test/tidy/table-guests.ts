/** Which rooms touch tables that another room owns. */

/** A room that touches tables of others, and why it does not ask their owners. */
export type Guest = { room: string; tables: readonly string[]; why: string };

export const guests: readonly Guest[] = [
  {
    room: "storage/seals",
    tables: [
      "trade_events",
      "trades",
      "entries",
      "transfers",
      "peer_transfers",
      "consents",
      "operator_acts",
      "party_acts",
      "lookups",
      "notices",
      "profile_changes",
      "transfer_matches",
      "settlement_answers",
      "confirming_changes",
      "collection_payments",
      "collection_returns",
      "collection_fees",
      "arrival_moves",
      "debt_movements",
    ],
    why: "what is sealed is read in one form, when it is sealed and when it is proved, whoever has written it",
  },
  {
    room: "storage/seals",
    tables: [
      "accounts",
      "shop_accounts",
      "methods",
      "mandates",
      "vouchers",
      "api_keys",
      "remote_accounts",
      "standings",
      "parties",
      "operators",
      "collectors",
      "stays",
      "passkeys",
    ],
    why: "what the database has noted of rights is compared, on one snapshot, with what they are now",
  },
  {
    room: "storage/identity",
    tables: ["people", "parties", "operators"],
    why: "whether a credential still works, and its owner's name, are read for all requests at once in one statement",
  },
  {
    room: "storage/parties",
    tables: ["trades"],
    why: "a shop that asks for each reference to be used once has trades from before, whose references are entered in one statement",
  },
  {
    room: "storage/members",
    tables: ["logins", "consents", "presences", "guest_links", "lender_leaves", "passkeys"],
    why: "an erasure is one statement after one lock, so that no step of it can be forgotten",
  },
  {
    room: "engines/marks",
    tables: ["personal_keys", "people", "trade_recipients", "trades"],
    why: "whoever was entered is locked by their key and read sealed, many in one statement, whichever room has sealed them",
  },
  {
    room: "engines/feed",
    tables: ["parties"],
    why: "a reference is looked up at every shop in one statement",
  },
  {
    room: "engines/outbox",
    tables: ["presences", "trade_events"],
    why: "whether both sides of many trades were told since they were asked is found in one statement, under locks",
  },
  {
    room: "storage/ledger",
    tables: ["payouts"],
    why: "whether anything may come back to an account is one question, asked under the account's lock before it is closed",
  },
  {
    room: "engines/payouts",
    tables: ["accounts", "entries"],
    why: "the audit compares, on one snapshot, payouts and files with the journal",
  },
  {
    room: "engines/credit",
    tables: ["trades", "bills"],
    why: "what operators look at are counts and sums of the last thousand trades and of bills, which would otherwise all go out",
  },
  {
    room: "engines/lending",
    tables: ["accounts", "methods"],
    why: "the audit compares, on one snapshot, what was lent with floors; what members owe on a line is one sum, under a lock",
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
    room: "engines/debts",
    tables: ["accounts", "entries", "holds", "transfers"],
    why: "debts are found where they stand, and the audit compares bills with the journal on one snapshot",
  },
  {
    room: "engines/debts",
    tables: ["trades"],
    why: "a bill has a number that is no trade's, which is asked where it is drawn",
  },
  {
    room: "engines/reservations",
    tables: ["people", "parties", "methods", "stays"],
    why: "a batch reads its consents with what their owners are allowed in one statement, as every instruction needs it",
  },
  {
    room: "engines/collections",
    tables: ["consents"],
    why: "a batch reads its dues with the accounts behind their consents in one statement, as every payment needs them",
  },
  {
    room: "engines/collections",
    tables: ["accounts", "entries"],
    why: "the audit compares, on one snapshot, what was taken and returned with the journal",
  },
  {
    room: "engines/arrivals",
    tables: ["accounts", "entries", "collections", "collection_payments"],
    why: "the audit compares, on one snapshot, what has arrived with the journal and with what dues were paid of it",
  },
  {
    room: "engines/feed",
    tables: ["trades", "trade_events"],
    why: "lists are made of many rows at once, and a list that is read looks at each trade as it stands, in one statement",
  },
  {
    room: "engines/tallies",
    tables: ["trades", "parties", "party_trades"],
    why: "a list of the trades behind a figure shows each as it stands, with its shop's name, in one statement led by that list",
  },
  {
    room: "engines/settlements",
    tables: ["reservations", "holds", "consents", "parties", "mails"],
    why: "its owner reads a payment with what it was for and what is left, and a batch whether the owner was told, in one statement",
  },
  {
    room: "engines/steps",
    tables: ["holds", "reservations"],
    why: "the audit compares, on one snapshot, trades with their holds, and each hold belongs to one of the two",
  },
  {
    room: "engines/steps",
    tables: ["bills"],
    why: "the audit asks, on one snapshot, which balances nobody can reach, and a line that was written off is not one",
  },
  {
    room: "engines/steps",
    tables: ["collections"],
    why: "what another server keeps back is compared, on one snapshot, with what it was paid by reservations and at counters",
  },
  {
    room: "engines/steps",
    tables: ["payout_locks", "party_figures"],
    why: "the audit compares them with the trades and events that they come from, on one snapshot",
  },
  {
    room: "engines/steps",
    tables: ["accounts", "methods", "people", "vouchers", "shop_accounts"],
    why: "the audit finds for every balance of the books somebody who can reach it, on one snapshot",
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
    tables: ["advances", "advance_accounts", "advance_debts"],
    why: "the audit compares claims with what only trades know, in JSON of their own, on one snapshot",
  },
  {
    room: "engines/steps",
    tables: ["remote_accounts"],
    why: "reconciliation sums up what trades come to at one institution, which only the account tells",
  },
  {
    room: "engines/steps",
    tables: ["instructions"],
    why: "the audit proves, on one snapshot, that what a trade waits for is asked for",
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
  {
    room: "tools/export",
    tables: [
      "trades",
      "trade_events",
      "entries",
      "accounts",
      "transfers",
      "shop_accounts",
      "reservations",
      "settlements",
      "holds",
    ],
    why: "what is exported is read through one cursor on one snapshot, with what each line needs of other tables",
  },
];

/** Tables of trading servers whose rows are not sealed, and why; `sealedTables` of `core/log` are the others. */
export const unsealed: readonly { tables: readonly string[]; why: string }[] = [
  {
    tables: ["accounts", "holds"],
    why: "they are sums of entries, which are sealed, and the audit of the books compares the two; what an account is and how far it goes is in rights",
  },
  {
    tables: ["trades", "disputes", "party_figures", "payout_locks"],
    why: "they say how far a trade has come, and events say how it came there",
  },
  {
    tables: [
      "reservations",
      "collections",
      "payment_news",
      "settlements",
      "peer_advances",
      "advances",
      "advance_accounts",
      "advance_debts",
      "chains",
      "chain_stores",
      "routes",
      "offers",
    ],
    why: "they change with every step; the money that they are about is in entries, the step in events",
  },
  {
    tables: [
      "people",
      "personal_keys",
      "person_marks",
      "trade_recipients",
      "trade_photos",
      "guest_contacts",
      "email_changes",
      "letters",
      "guest_forms",
      "bank_accounts",
      "disclosures",
      "ties",
      "logins",
      "presences",
    ],
    why: "what is known of a person can be erased, and what is sealed cannot",
  },
  {
    tables: [
      "methods",
      "mandates",
      "vouchers",
      "remote_accounts",
      "shop_accounts",
      "standings",
      "collectors",
      "passkeys",
    ],
    why: "who may do what by them, and where money goes, is in rights as it changes; what was done is in events and entries",
  },
  {
    tables: ["proofs_used"],
    why: "that something was proved is asked for until it is over, minutes later; what was done by it is sealed where it was done",
  },
  {
    tables: ["loose_consents", "told_amounts"],
    why: "they say what may be done; what was done under them is in events and entries",
  },
  {
    tables: ["parties", "operators"],
    why: "they name people and addresses, too; their state and standing is in rights as it changes, why it did in party_acts",
  },
  {
    tables: [
      "guest_links",
      "secrets",
      "server_secret",
      "signing_keys",
      "revoked_peer_keys",
      "consent_codes",
      "admissions",
    ],
    why: "they are secrets, and whether one holds now",
  },
  {
    tables: ["api_keys"],
    why: "they are secrets; whose a key is, the hash of its hash and when it ended are in rights",
  },
  {
    tables: ["sessions", "recipient_sessions", "signature_nonces", "test_clock", "commits"],
    why: "they are of the moment",
  },
  {
    tables: ["door_windows", "door_tries", "recipient_tries", "door_uses", "tries"],
    why: "they count tries; what a code has proved stands in the event that came of it",
  },
  {
    tables: ["lone_moves"],
    why: "they count what one operator has moved of a day's sum; what was moved stands in events, with its operators",
  },
  {
    tables: ["stays"],
    why: "until when a shop may open trades is in rights as it is entered",
  },
  {
    tables: ["return_addresses"],
    why: "they are of the moment: what was sent is in events; those of before stay, and nobody here can change them",
  },
  {
    tables: ["listings"],
    why: "they say what shops want to be shown; where they lead is looked up among their registered addresses each time",
  },
  {
    tables: ["vouched"],
    why: "it says which words have ended, which each word's trade says too; a bit set too many makes somebody ask",
  },
  {
    tables: ["taken_references", "feed_head", "party_events", "party_trades", "trade_marks"],
    why: "they are lists of what is sealed elsewhere, and can be made anew from it",
  },
  {
    tables: ["tallies", "tallied_waits", "tallied_trades", "trade_states"],
    why: "they count what is sealed elsewhere, can be made anew from it, and nothing is decided by them",
  },
  {
    tables: ["credit_requests", "stand_limits", "stood_for", "lent_lines", "lent_shares", "lender_leaves"],
    why: "how far each account goes is in rights as it changes, what two operators granted, lent and called in their acts",
  },
  {
    tables: ["payouts", "payout_files", "payout_schedules", "payout_reports", "payout_downloads"],
    why: "the money is in entries, what two operators approved and booked in their acts; the rest says how far it has come",
  },
  {
    tables: ["bank_statements", "arrivals", "virtual_accounts", "fundings"],
    why: "the money is in entries, what two operators booked in their acts, what became of it in arrival_moves and collection_payments",
  },
  {
    tables: ["bills", "bill_news"],
    why: "the money is in entries and in debt_movements; they say how far a debt has come, and what was told of it",
  },
  {
    tables: ["breaches"],
    why: "they hold what another server has signed, which proves itself",
  },
  {
    tables: ["answers", "instructions", "webhook_endpoints", "webhook_deliveries", "mails"],
    why: "they are copies of what was done, on their way to somebody",
  },
  {
    tables: [
      "sealed_batches",
      "unsealed_rows",
      "log_epochs",
      "log_nodes",
      "log_checkpoints",
      "log_cosignatures",
      "log_halts",
      "log_epoch_wishes",
      "witnessed_keys",
      "witnessed_checkpoints",
    ],
    why: "they are the seals, and what others have signed",
  },
];
