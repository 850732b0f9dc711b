/** Who calls, as the whole of a server sees it. */
export const callerKinds = ["shop", "carrier", "provider", "operator", "member", "guest", "nobody"] as const;
export type CallerKind = (typeof callerKinds)[number];

/** Those who can hold an API key. */
export const keyOwnerKinds = ["shop", "carrier", "provider", "operator"] as const;
export type KeyOwnerKind = (typeof keyOwnerKinds)[number];

/** Those who can sign in with a password. */
export const loginKinds = ["member", "operator", "carrier", "provider", "shop"] as const;
export type LoginKind = (typeof loginKinds)[number];

export interface Caller {
  kind: CallerKind;
  /** Id of the person, party or operator; empty for nobody, and for who is known by a link only. */
  id: string;
  name: string | null;
  /** By what the caller is known: the id of the key or sign-in, or the trade of the link. */
  credential: { kind: "key" | "session" | "link" | "none"; id: string };
  /** The number of the only trade that the holder of a link may touch. */
  trade?: string;
}

export const nobody: Caller = { kind: "nobody", id: "", name: null, credential: { kind: "none", id: "" } };
