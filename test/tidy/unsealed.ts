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
      "shop_people",
    ],
    why: "who may do what by them, and where money goes, is in rights as it changes; what was done is in events and entries",
  },
  {
    tables: ["shop_acts"],
    why: "it tells a shop which of its people set out to do something; what was done is in events and entries, in the shop's name",
  },
  {
    tables: ["moved_by_session", "proofs_used"],
    why: "that something was proved is asked for until it is over, minutes later; what was done by it is sealed where it was done",
  },
  {
    tables: ["loose_consents", "told_amounts"],
    why: "they say what may be done; what was done under them is in events and entries",
  },
  {
    tables: ["parties", "shop_names", "operators"],
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
    tables: ["act_looks"],
    why: "they say who has looked at what they confirm; the look itself is in lookups",
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
    tables: [
      "tallies",
      "tallied_waits",
      "tallied_trades",
      "trade_states",
      "shop_tallies",
      "shop_tallied",
      "guarantees",
      "guarantee_sums",
      "near_lines",
    ],
    why: "they count what is sealed elsewhere, can be made anew from it, and nothing is decided by them",
  },
  {
    tables: ["credit_requests", "stand_limits", "stood_for", "lent_lines", "lent_shares", "lender_leaves"],
    why: "how far each account goes and to whom a line is lent is in rights as it changes, what two operators granted, lent and called in their acts",
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
    tables: ["breaks"],
    why: "the comparison finds them again; what was said of each, and how it stood then, is in break_words",
  },
  {
    tables: ["breaches"],
    why: "they hold what another server has signed, which proves itself",
  },
  {
    tables: [
      "answers",
      "instructions",
      "webhook_endpoints",
      "webhook_deliveries",
      "waiting_messages",
      "mails",
    ],
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
