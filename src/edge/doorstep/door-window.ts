/** Who may use a code at the door, and what its use means for the window in which it holds. */
import type { AcceptorRole } from "../../core/protocol/protocol.ts";
import { type Giver, isSame, type Window } from "./codes.ts";
import type { DoorWindow, Use } from "./store.ts";

/** Wrong codes after which a trade takes none. */
export const triesPerTrade = 5;

const givers = ["buyer", "recipient"] as const;

/** What somebody who brings the goods shows. */
export interface Shown {
  hand: string;
  code: string;
  /** Who accepts the trade, and so may give a code. */
  acceptors: readonly AcceptorRole[];
}

/** What is known at the door of a trade: who stands there, and which code has served the request before. */
export interface Door {
  window: DoorWindow | undefined;
  use: Use | undefined;
}

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

/** Looks at a code at the door of its trade. `codeOf` makes the code that each giver has in a window. */
export function lookAt(
  { window, use }: Door,
  { hand, code, acceptors }: Shown,
  codeOf: (window: Window, giver: Giver) => string,
): Look {
  // What a request has been served stays its own, whoever has come to the door or guessed since.
  if (use !== undefined) {
    const served = codeOf({ id: use.window, hand }, use.giver);
    return isSame(code, served) ? { do: "again", ...use } : { do: "wrong" };
  }
  if (window === undefined || window.hand !== hand) return { do: "wrong" };
  if (window.wrong >= triesPerTrade) return { do: "locked" };
  const giver = givers.find((each) => acceptors.includes(each) && isSame(code, codeOf(window, each)));
  if (!window.open) return { do: "wrong" };
  return giver === undefined ? { do: "count" } : { do: "spend", giver, window: window.id };
}
