/** A guarantor's word for a trade, verified offline: a compact JWS (RFC 7515) signed by EdDSA (RFC 8037). */
import { hasEnded, type TokenStatus } from "./status-list.ts";
import { openJws } from "./tokens.ts";

/** What a guarantor says of one trade. Times are seconds since 1970 (RFC 7519). */
export interface GuaranteeClaims {
  /** The address of the guarantor. */
  iss: string;
  /** The trade number. */
  sub: string;
  /** The shop to whom it is given: it is worth nothing to another. */
  aud: string;
  /** Of this guarantee, and of no other. */
  jti: string;
  iat: number;
  /** Until when the amount is kept free on the buyer's credit line, unless that is prolonged. */
  exp: number;
  /** Minor units that the guarantor stands for. */
  amount: number;
  currency: string;
  /** The SHA-256 of what was ordered, base64url; see `orderDigest`. */
  order: string;
  /** The buyer has reserved it before ordering: `order` is that of no order yet. */
  earmark?: true;
  /** Where the guarantor says whether this has ended, and the place there. */
  status?: TokenStatus;
}

/** What is checked against: keys that the reader has from elsewhere, and for whom the word is to be good. */
export interface GuaranteeCheck {
  /** What the guarantor publishes at `/.well-known/jwks.json`. */
  jwks: { keys: readonly Record<string, unknown>[] };
  /** The guarantor's address, as the reader knows it. */
  issuer: string;
  /** The id of the shop that reads it. */
  shop: string;
  /** The trade for which it was shown. */
  number?: string;
  /** Of the order in hand, by `orderDigest`. */
  order?: string;
  now: Date;
  /**
   * How the list of what has ended is had: by `fetchEnded` from the guarantor, or from where it is kept. Without it, nothing is
   * known of what has happened since the word was given.
   */
  ended?: (uri: string) => Promise<string>;
}

/**
 * Why a guarantee is not taken: its form, its signature or key, the guarantor, the shop, the trade or the order are not
 * those that it is read for, or its time is over. `ended`: the guarantor says that it holds no more as it was said; `list`: its list
 * of what has ended could not be had, or is not good.
 */
export type GuaranteeVerdict =
  | { good: true; claims: GuaranteeClaims }
  | { good: false; why: "form" | "signature" | "issuer" | "shop" | "trade" | "order" | "over" | "ended" | "list" };

/** The kind of token, so that nothing else that the same key has signed passes for it. */
const kind = "kenshu-guarantee+jwt";

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function claimsOf(payload: Record<string, unknown>): GuaranteeClaims | undefined {
  const { iss, sub, aud, jti, iat, exp, amount, currency, order } = payload;
  const texts = [iss, sub, aud, jti, currency, order];
  const numbers = [iat, exp, amount];
  if (!texts.every((each) => typeof each === "string") || !numbers.every(Number.isSafeInteger))
    return undefined;
  return payload as unknown as GuaranteeClaims;
}

/**
 * Verifies offline what a guarantor has signed of a trade, and with `ended` that it has not ended since, as far as a list says
 * that is at most an hour old.
 */
export async function verifyGuarantee(token: string, check: GuaranteeCheck): Promise<GuaranteeVerdict> {
  const payload = await openJws(token, check.jwks, kind);
  if (typeof payload === "string") return { good: false, why: payload };
  const claims = claimsOf(payload);
  if (claims === undefined) return { good: false, why: "form" };
  if (claims.iss !== check.issuer) return { good: false, why: "issuer" };
  if (claims.aud !== check.shop) return { good: false, why: "shop" };
  if (check.number !== undefined && claims.sub !== check.number) return { good: false, why: "trade" };
  if (check.order !== undefined && claims.order !== check.order) return { good: false, why: "order" };
  if (claims.exp <= check.now.getTime() / 1000) return { good: false, why: "over" };
  if (check.ended === undefined) return { good: true, claims };
  const ended = await hasEnded(claims.status, { ...check, ended: check.ended });
  return ended === false ? { good: true, claims } : { good: false, why: ended === true ? "ended" : "list" };
}

/** What an order is, to the letter: the same on both sides, in whatever order the fields come. */
export interface DigestedOrder {
  currency: string;
  amount: number;
  reference: string | null;
  lines: readonly { name: string; quantity: number; unitAmount?: number | null; amount?: number | null }[];
}

/** The SHA-256 of an order, base64url: of its currency, amount, reference, and of each line's name, quantity and total. */
export async function orderDigest({ currency, amount, reference, lines }: DigestedOrder): Promise<string> {
  const worth = (line: DigestedOrder["lines"][number]) =>
    line.amount ?? (line.unitAmount ?? 0) * line.quantity;
  const parts = lines.map((line) => [line.name, line.quantity, worth(line)]);
  const bytes = utf8(JSON.stringify([currency, amount, reference, parts]));
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...digest))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
