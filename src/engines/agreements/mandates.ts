/** Mandates: what a buyer has allowed a shop beforehand, and whether it covers a trade. */
import type { AcceptorRole, Refused } from "../../core/protocol/protocol.ts";
import type { MandateRow } from "../../storage/members/members.ts";
import type { World } from "../steps/steps.ts";

/** A mandate ends at an amount, and this server could not say when. */
export const mandateOfPrivate: Refused = {
  refused: "mandate_not_valid",
  detail: "The trade is private: the buyer approves it and no mandate does.",
};

/** A mandate names the acceptors whom a trade under it may have; the buyer needs no leave. */
export function beyondMandate(mandate: MandateRow, by: readonly AcceptorRole[]): Refused | undefined {
  const beyond = by.find((role) => role !== "buyer" && !mandate.acceptors.includes(role));
  if (beyond === undefined) return undefined;
  return { refused: "mandate_not_valid", detail: `The mandate does not let the ${beyond} accept.` };
}

/** A mandate that stands now, for this shop and currency. */
export function checkMandate(world: World, id: string, shop: string, currency: string): Refused | MandateRow {
  const mandate = world.mandates.get(id);
  if (mandate === undefined || mandate.shop !== shop) {
    return { refused: "mandate_not_valid", detail: "There is no such mandate for this shop." };
  }
  if (mandate.revoked) return { refused: "mandate_not_valid", detail: "The mandate was revoked." };
  if (mandate.until <= world.now) return { refused: "mandate_not_valid", detail: "The mandate has ended." };
  if (mandate.currency !== currency)
    return { refused: "mandate_not_valid", detail: `The mandate is in ${mandate.currency}.` };
  return mandate;
}
