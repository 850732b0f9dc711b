/**
 * The codes and links of the doorstep. None of them is stored: each is an HMAC under a key of this server over what it is
 * for, so a copy of the tables does not help to make one, and one made for a trade is nothing to any other.
 */
import { timingSafeEqual } from "node:crypto";
import type { Seal } from "../../storage/identity/identity.ts";

/** Those whose acceptance somebody else may type. */
export type Giver = "buyer" | "recipient";

/** What a code at the door is bound to, beside its trade and who gives it. */
export interface Window {
  id: string;
  /** The carrier or provider who reported being at the door. */
  hand: string;
}

export interface Codes {
  door(number: string, window: Window, giver: Giver): string;
  recipient(number: string): string;
  /** The token of the recipient's link, which shows the trade. */
  link(number: string): string;
  /** The number of the trade that a link, or its token, shows; undefined where it is none of ours. */
  readLink(token: string): string | undefined;
  /** That the recipient's code of a trade was shown, until an instant in seconds. */
  proof(number: string, until: number): string;
  /** Until when a proof of this trade holds, in seconds; undefined where it is none of ours. */
  readProof(proof: string, number: string): number | undefined;
}

const codeLength = 8;
const proofForm = /^kp_([0-9]{1,20})_([0-9]{1,15})_([0-9a-f]{40})$/;
const linkForm = /^kg_([0-9]{1,20})_([0-9a-f]{40})$/;

/** Codes under a key that serves nothing else. */
export function makeCodes(seal: Seal): Codes {
  const digits = (text: string) =>
    String(seal(text).readBigUInt64BE() % 10n ** BigInt(codeLength)).padStart(codeLength, "0");
  const linkSeal = (number: string) => seal(`link ${number}`).toString("hex").slice(0, 40);
  const proofSeal = (number: string, until: number) =>
    seal(`proof ${number} ${until}`).toString("hex").slice(0, 40);
  return {
    proof: (number, until) => `kp_${number}_${until}_${proofSeal(number, until)}`,
    readProof: (proof, number) => {
      const [, of, text = "", given = ""] = proofForm.exec(proof) ?? [];
      return of === number && isSame(given, proofSeal(number, Number(text))) ? Number(text) : undefined;
    },
    door: (number, { id, hand }, giver) => digits(`door ${number} ${hand} ${id} ${giver}`),
    recipient: (number) => digits(`recipient ${number}`),
    link: (number) => `kg_${number}_${linkSeal(number)}`,
    readLink: (link) => {
      const token = link.slice(link.lastIndexOf("/") + 1);
      const [, number, given = ""] = linkForm.exec(token) ?? [];
      return number !== undefined && isSame(given, linkSeal(number)) ? number : undefined;
    },
  };
}

/** Compares two texts in a time that does not tell where they differ. */
export function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
