/** What a trading server hands in, so that the pages need not know which server they are in. */
import type { Profiles } from "../profiles/profiles.ts";
import type { Photos } from "../photos/photos.ts";
import type { Doorstep } from "../doorstep/doorstep.ts";
import type { MethodDetails } from "../../storage/members/members.ts";
import type { Problem } from "../../core/protocol/protocol.ts";
import type { MethodKind } from "../../core/protocol/schemas.ts";
import type { InstitutionView } from "../member-views/member-views.ts";
import type { Face } from "../parts/parts.ts";
import type { Context } from "../api/api.ts";

/** Which account a member means to tie. */
export interface TieWish {
  /** The id of the institution. */
  institution: string;
  kind: MethodKind;
  currency: string;
}

/** What became of a tie. `unknown`: the institution has not answered; asking again with the same code is right. */
export type TieOutcome =
  | { outcome: "tied" }
  | { outcome: "refused"; problem: Problem }
  | { outcome: "unknown" };

/** What a server that ties accounts hands in. */
export interface Ties {
  institutions: readonly InstitutionView[];
  /** The id of the institution that keeps the account behind each of these means of payment, by the id of the means. */
  institutionsOf(methods: readonly MethodDetails[]): Promise<ReadonlyMap<string, string>>;
  /** Where a buyer sees what a private trade costs, at each institution. */
  amountAt(number: string): readonly { name: string; url: string }[];
  /** Begins a tie for this person; answers the address at the institution at which they agree. May refuse. */
  startTie(person: string, wish: TieWish): Promise<string>;
  /** Ends the tie that this person began. Asked again with the same `state` and `code`, it answers the same. */
  finishTie(person: string, state: string, code: string): Promise<TieOutcome>;
}

/** A trading server as its pages need it. */
export interface PageContext extends Context {
  /** Codes and links of those who accept at the door. */
  doorstep: Doorstep;
  /** Photos of goods. */
  photos: Photos;
  /** What people sign in with and are known by. */
  profiles: Profiles;
  /** What becomes of mails here: sent, kept by a sandbox, or not sent, where there is no mail server. */
  mails?: "sent" | "kept" | "unsent";
  /** What people see of whose server it is. */
  face: Face;
  /**
   * What is free on the accounts behind these means of payment, in minor units by the id of the means; left out where
   * there is no account yet. A server that keeps no accounts has no such function.
   */
  availableOf?: (methods: readonly MethodDetails[]) => Promise<ReadonlyMap<string, bigint>>;
  /** Whether credit for this one trade can be asked for, or was. A server that gives none has no such function. */
  creditFor?: (trade: string) => Promise<"may" | "asked" | undefined>;
  /** How members tie accounts that other servers keep. A server that keeps the accounts itself has none. */
  ties?: Ties;
}
