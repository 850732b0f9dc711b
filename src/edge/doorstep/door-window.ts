/** Who may use a code at the door, and what its use means for the window in which it holds. */
import type { AcceptorRole } from "../../core/protocol/protocol.ts";
import { type Giver, isSame } from "./codes.ts";
import type { DoorWindow } from "./store.ts";

/** Wrong codes after which a trade takes none. */
export const triesPerTrade = 5;

const givers = ["buyer", "recipient"] as const;

/** What somebody who brings the goods shows: `spender` is the one request that a code may serve. */
export interface Shown {
  hand: string;
  code: string;
  spender: Buffer;
  /** Who accepts the trade, and so may give a code. */
  acceptors: readonly AcceptorRole[];
}

export type Use = { giver: Giver; window: string };

/**
 * `again`: the code has served this very request. `spend`: it serves it now, and no other ever. `count`: it is wrong.
 * `wrong` and `locked` leave everything as it is.
 */
export type Look =
  | ({ do: "again" } & Use)
  | ({ do: "spend" } & Use)
  | { do: "count" }
  | { do: "wrong" }
  | { do: "locked" };

/** Looks at a code through the window of its trade. `codeOf` makes the code that each giver has. */
export function lookAt(
  window: DoorWindow | undefined,
  { hand, code, spender, acceptors }: Shown,
  codeOf: (window: DoorWindow, giver: Giver) => string,
): Look {
  if (window === undefined || window.hand !== hand) return { do: "wrong" };
  if (window.wrong >= triesPerTrade) return { do: "locked" };
  const giver = givers.find((each) => acceptors.includes(each) && isSame(code, codeOf(window, each)));
  const isServed = window.spentBy?.equals(spender) === true;
  if (giver !== undefined && isServed) return { do: "again", giver, window: window.id };
  if (!window.open) return { do: "wrong" };
  return giver === undefined ? { do: "count" } : { do: "spend", giver, window: window.id };
}
