import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Links by which a buyer finds a proposal without signing in. A link is the trade's number and 160 bits of an
 * HMAC over it under this server's secret: it can be shown again whenever the shop asks, and a copy of the
 * database does not help to make one. The shop has it, so it proves nothing: it shows what is to be
 * approved, and once somebody has approved it, nothing.
 */
export interface TradeLinks {
  tokenFor(number: string): string;
  /** The number of the trade that a token opens, or undefined where the token is none of ours. */
  read(token: string): string | undefined;
}

const form = /^kt_([0-9]{1,20})_([0-9a-f]{40})$/;

/** 32 bytes that only this server can make of a text. */
export type Seal = (text: string) => Buffer;

/** Seals under a key that is made from a server's secret and serves this purpose only. */
export function makeSeal(secret: Uint8Array, purpose: string): Seal {
  const key = createHmac("sha256", secret).update(`key for ${purpose}`).digest();
  return (text) => createHmac("sha256", key).update(text).digest();
}

/** The links of a server that has this secret. */
export function tradeLinks(secret: Uint8Array): TradeLinks {
  const seal = (number: string) =>
    createHmac("sha256", secret).update(`trade link ${number}`).digest("hex").slice(0, 40);
  return {
    tokenFor: (number) => `kt_${number}_${seal(number)}`,
    read: (token) => {
      const parts = form.exec(token);
      const [, number = "", given = ""] = parts ?? [];
      if (parts === null) return undefined;
      return timingSafeEqual(Buffer.from(given), Buffer.from(seal(number))) ? number : undefined;
    },
  };
}
