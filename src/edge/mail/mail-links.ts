/**
 * Links that stood in mails to guests before guests had a lasting link. They went to the guest's own address and end by
 * themselves; until then they lead to the lasting link.
 */
import { timingSafeEqual } from "node:crypto";
import type { Seal } from "../../storage/identity/identity.ts";

const form = /^km_([0-9]{1,20})_buyer_([0-9]{1,12})_([0-9a-f]{40})$/;

/** Reads such links: the number of the trade, or undefined where it is none of ours or has ended. */
export function makeMailLinks(seal: Seal): (token: string, now: Date) => string | undefined {
  return (token, now) => {
    const [, number = "", until = "", given = ""] = form.exec(token) ?? [];
    if (number === "") return undefined;
    const right = seal(`mail ${number} buyer ${Number(until)}`)
      .toString("hex")
      .slice(0, 40);
    if (!timingSafeEqual(Buffer.from(given), Buffer.from(right))) return undefined;
    return Number(until) * 1000 > now.getTime() ? number : undefined;
  };
}
