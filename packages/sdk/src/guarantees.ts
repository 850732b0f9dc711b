/** A guarantor's word for a trade, verified without asking it: a compact JWS (RFC 7515) signed by EdDSA (RFC 8037). */

/** What a guarantor says of one trade. Times are seconds since 1970 (RFC 7519). */
export interface GuaranteeClaims {
  /** The address of the guarantor. */
  iss: string;
  /** The trade number. */
  sub: string;
  /** The shop to whom it is given: it is worth nothing to another. */
  aud: string;
  /** Of this guarantee, as the list of those that ended names it. */
  jti: string;
  iat: number;
  /** Until when the amount is kept free on the buyer's credit line, unless that is prolonged. */
  exp: number;
  /** Minor units that the guarantor stands for. */
  amount: number;
  currency: string;
  /** The SHA-256 of what was ordered, base64url; see `orderDigest`. */
  order: string;
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
  /** Seconds since 1970; now, if left out. */
  at?: number;
}

/**
 * Why a guarantee is not taken: its form, its signature or key, the guarantor, the shop, the trade or the order are not
 * those that it is read for, or its time is over.
 */
export type GuaranteeVerdict =
  | { good: true; claims: GuaranteeClaims }
  | { good: false; why: "form" | "signature" | "issuer" | "shop" | "trade" | "order" | "over" };

const utf8 = (text: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(base64url)) return undefined;
  try {
    const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function jsonOf(base64url: string): Record<string, unknown> | undefined {
  const bytes = bytesOf(base64url);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The kind of token, so that nothing else that the same key has signed passes for it. */
const kinds = { guarantee: "kenshu-guarantee+jwt", ended: "kenshu-ended+jwt" } as const;

/** What a token says, where this key set holds the key that signed it as one of this kind. */
async function opened(
  token: string,
  kind: keyof typeof kinds,
  jwks: GuaranteeCheck["jwks"],
): Promise<Record<string, unknown> | "form" | "signature"> {
  const [head = "", body = "", end = "", more] = token.split(".");
  const [header, payload, signature] = [jsonOf(head), jsonOf(body), bytesOf(end)];
  if (header === undefined || payload === undefined || signature === undefined || more !== undefined)
    return "form";
  // The algorithm is the reader's choice and never the token's.
  if (header["alg"] !== "EdDSA" || header["typ"] !== kinds[kind] || "crit" in header) return "form";
  const held = jwks.keys.find(({ kid, crv }) => kid === header["kid"] && crv === "Ed25519");
  const raw = typeof held?.["x"] === "string" ? bytesOf(held["x"]) : undefined;
  if (raw?.length !== 32) return "signature";
  const key = await globalThis.crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  const isGood = await globalThis.crypto.subtle.verify("Ed25519", key, signature, utf8(`${head}.${body}`));
  return isGood ? payload : "signature";
}

function claimsOf(payload: Record<string, unknown>): GuaranteeClaims | undefined {
  const { iss, sub, aud, jti, iat, exp, amount, currency, order } = payload;
  const texts = [iss, sub, aud, jti, currency, order];
  const numbers = [iat, exp, amount];
  if (!texts.every((each) => typeof each === "string") || !numbers.every(Number.isSafeInteger))
    return undefined;
  return payload as unknown as GuaranteeClaims;
}

/**
 * Verifies offline what a guarantor has signed of a trade. That it has not ended since, only the guarantor's list of those
 * that ended says (`readEnded`), or the guarantor itself.
 */
export async function verifyGuarantee(token: string, check: GuaranteeCheck): Promise<GuaranteeVerdict> {
  const payload = await opened(token, "guarantee", check.jwks);
  if (typeof payload === "string") return { good: false, why: payload };
  const claims = claimsOf(payload);
  if (claims === undefined) return { good: false, why: "form" };
  if (claims.iss !== check.issuer) return { good: false, why: "issuer" };
  if (claims.aud !== check.shop) return { good: false, why: "shop" };
  if (check.number !== undefined && claims.sub !== check.number) return { good: false, why: "trade" };
  if (check.order !== undefined && claims.order !== check.order) return { good: false, why: "order" };
  if (claims.exp <= (check.at ?? Date.now() / 1000)) return { good: false, why: "over" };
  return { good: true, claims };
}

/** Guarantees that have ended before their time, as a guarantor has signed it; undefined where it has not. */
export interface EndedGuarantees {
  /** When the list was made, seconds since 1970. */
  at: number;
  /** By `jti`. */
  ended: ReadonlySet<string>;
}

export async function readEnded(
  token: string,
  { jwks, issuer }: Pick<GuaranteeCheck, "jwks" | "issuer">,
): Promise<EndedGuarantees | undefined> {
  const payload = await opened(token, "ended", jwks);
  if (typeof payload === "string") return undefined;
  const { iss, iat, ended } = payload;
  if (iss !== issuer || typeof iat !== "number" || !Array.isArray(ended)) return undefined;
  return { at: iat, ended: new Set(ended.map(String)) };
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
