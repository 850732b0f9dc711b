/** Who calls, as the whole of a server sees it. */
export type CallerKind =
  | "shop"
  | "carrier"
  | "provider"
  /** Whoever takes money for dues. */
  | "collector"
  | "operator"
  | "member"
  | "guest"
  /** Whoever has opened the link to approve a trade: it shows the proposal, and proves nothing. */
  | "invited"
  | "recipient"
  | "nobody";

/** Those who can hold an API key. */
export type KeyOwnerKind = "shop" | "carrier" | "provider" | "collector" | "operator";

/** Those who can sign in with a password. */
export type LoginKind = "member" | "operator" | "carrier" | "provider" | "collector" | "shop";

/** What somebody may do who works at a shop, the most first; sql/trading checks the same words. Each may what the next one may. */
export const shopRoles = ["owner", "money", "orders", "reader"] as const;
export type ShopRole = (typeof shopRoles)[number];

/** Somebody who works at a shop and has a sign-in of their own. */
export interface ShopPerson {
  id: string;
  role: ShopRole;
}

export interface Caller {
  kind: CallerKind;
  /** Id of the person, party or operator; empty for nobody, and for who is invited. */
  id: string;
  /** A party's or operator's name. Of members the number: their name is sealed, and not opened for each request. */
  name: string | null;
  /** Of a shop: who of its people it is. Left out where it is the shop itself, by a key or its own sign-in. */
  person?: ShopPerson;
  /** By what the caller is known: the id of the key or sign-in, or the trade of the link. */
  credential: { kind: "key" | "session" | "link" | "none"; id: string };
  /** The number of the only trade that a guest, a recipient or who is invited may touch. */
  trade?: string;
}

/** Whose sign-in it is: of somebody who works at a shop their own, not the shop's. */
export const signerOf = ({ id, person }: Pick<Caller, "id" | "person">): string => person?.id ?? id;

export const nobody: Caller = { kind: "nobody", id: "", name: null, credential: { kind: "none", id: "" } };
