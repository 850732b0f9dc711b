/** What bills stand on: rules, accounts of the server's own, and where members pay. */
import type { CollectionInstruction, CollectionView } from "../../core/protocol/schemas.ts";
import type { Client } from "../../storage/database/database.ts";
import type { MailUse } from "../outbox/outbox.ts";
import type { BillRules } from "./rules.ts";

/** What an institution said to what it was told; unknown where it said nothing. */
export type CounterWord =
  | { how: "done"; collection: CollectionView }
  | { how: "refused"; code: string }
  | { how: "unknown" };

/** Institutions at which bills are paid under their numbers, this server's own counters among them. */
export interface Counter {
  /**
   * Where bills in a currency are paid, and by which consent this server is paid there; undefined where nowhere. `collector`:
   * there and nowhere else.
   */
  placeFor(
    client: Client,
    currency: string,
    collector?: string,
  ): Promise<{ collector: string; payee: string } | undefined>;
  tell(collector: string, instruction: CollectionInstruction): Promise<CounterWord>;
  /** What was paid and not booked yet, where this server has to ask for it here. */
  unheard?: () => Promise<CollectionView[]>;
}

export interface DebtGround {
  rules: BillRules;
  timeZone: string;
  mails: MailUse;
  /** Accounts of the server's own. */
  house: (kind: "fee" | "losses", currency: string) => string;
  /** From where in the books comes what was paid under a bill's number. */
  source: (currency: string) => string;
  counter: Counter;
}
