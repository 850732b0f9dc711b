/** Links that stand in mails, for those who do not sign in. They end, and what they open is a link to one trade. */
import { timingSafeEqual } from "node:crypto";
import type { Seal } from "../../storage/identity/identity.ts";

/** For whom a link is: the guest who is the buyer, or the recipient. */
export type LinkFor = "buyer" | "recipient";

export interface MailLinks {
  tokenFor(number: string, reader: LinkFor, until: Date): string;
  /** What a token opens at this time; undefined where it is none of ours, or has ended. */
  read(token: string, now: Date): { number: string; reader: LinkFor } | undefined;
}

/** How long a link in a mail works, from when the mail is written. */
export const linkLastsMs = 30 * 86_400_000;

const form = /^km_([0-9]{1,20})_(buyer|recipient)_([0-9]{1,12})_([0-9a-f]{40})$/;

/** Links under a key that serves nothing else. */
export function makeMailLinks(seal: Seal): MailLinks {
  const sealOf = (number: string, reader: string, until: number) =>
    seal(`mail ${number} ${reader} ${until}`).toString("hex").slice(0, 40);
  return {
    tokenFor: (number, reader, end) => {
      const until = Math.floor(end.getTime() / 1000);
      return `km_${number}_${reader}_${until}_${sealOf(number, reader, until)}`;
    },
    read: (token, now) => {
      const [, number = "", reader, until = "", given = ""] = form.exec(token) ?? [];
      if (reader === undefined) return undefined;
      const right = Buffer.from(sealOf(number, reader, Number(until)));
      if (!timingSafeEqual(Buffer.from(given), right)) return undefined;
      return Number(until) * 1000 > now.getTime() ? { number, reader: reader as LinkFor } : undefined;
    },
  };
}
