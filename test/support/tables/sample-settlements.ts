/** Sample pages of what other servers have paid from a member's accounts. */
import { SettlementsPage } from "../../../src/edge/member-views/settlements.tsx";
import { type Frame, render } from "../../../src/edge/parts/parts.ts";

export function settlementPages(frame: Frame, { shop }: { shop: string }): Record<string, string> {
  const settlement = {
    id: "00000000-0000-4000-8000-000000000071",
    serverName: shop,
    payee: shop,
    tradeNumber: "48210733951146",
    currency: "JPY",
    amount: 1200,
    frozen: 300,
    at: "2027-03-01T15:00:00Z",
  };
  return {
    settlements: render(SettlementsPage, { frame, settlements: [settlement], next: "x" }),
    "settlements-empty": render(SettlementsPage, { frame, settlements: [], next: null }),
  };
}
