/** Lives of trades in which random steps have found something once, so rarely that it is tried by name. */
import type { Setting, Step } from "./random-steps.ts";
import { collected, terms } from "./trades.ts";

const longAgo = { buyer: new Date(0), shop: new Date(0) };
const step = (
  role: Step["role"],
  command: Step["command"],
  hours = 0,
  told: Step["told"] = longAgo,
): Step => ({
  role,
  command,
  hours,
  as: undefined,
  told,
  drained: true,
});
const reserve = step("operator", {
  do: "reserve",
  chosen: { method: "method", account: "buyer", mandate: "mandate" },
  shopAgreed: true,
});
const nobody = { buyer: null, shop: null };
const reason = "because";

/** A part is divided in a dispute, and before it is paid for, the account for which it was to be paid is held up. */
export const guaranteedLives: Setting[] = [
  {
    terms: {
      ...terms,
      ...collected,
      lines: [{ name: "Tea", quantity: 2, unitAmount: 1 }],
      coolingOff: null,
      fee: { fixed: 0, basisPoints: 0, roundTo: "shop" },
    },
    purse: 500n,
    steps: [
      reserve,
      step("buyer", { do: "dispute", reason }, 1, nobody),
      step("shop", { do: "ship", lines: [{ line: 1, quantity: 1 }] }),
      step("buyer", { do: "return", lines: [{ line: 1, quantity: 2 }], tracking: { number: "A" } }, 72),
      step("collector", { do: "collect", total: 0 }, 73, nobody),
      step("operator", { do: "resolve", outcome: "split", amount: 1, reason }, 23, nobody),
      step("clock", {
        do: "hinder",
        who: "holder",
        since: "2026-11-22T12:00:00.000Z",
        own: false,
        refused: true,
        onlyOwed: false,
      }),
      step("buyer", { do: "reject", lines: [{ line: 1, quantity: 1 }], kind: "wrong", reason }, 1),
    ],
  },
];
