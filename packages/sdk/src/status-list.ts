/** Lists of what has ended, as the IETF has them: a Token Status List, a JWT with one bit for each token, compressed. */
import { bytesOf, type KeySet, openJws } from "./tokens.ts";

/** The `status` of a token: which list speaks of it, and its place there. */
export interface TokenStatus {
  status_list: { idx: number; uri: string };
}

export interface ListCheck {
  jwks: KeySet;
  issuer: string;
  now: Date;
  ended: (uri: string) => Promise<string>;
}

/** More than a list of a guarantor has, in bytes: what is compressed may be anything. */
const mostBytes = 1_048_576;

/**
 * Whether the list of the issuer has the bit of this token set; undefined where there is no such list, or it is not good: another's,
 * of another place, too old, or not readable.
 */
export async function hasEnded(
  status: TokenStatus | undefined,
  { jwks, issuer, now, ended }: ListCheck,
): Promise<boolean | undefined> {
  const place = status?.status_list;
  // The issuer speaks of its tokens itself, and nothing is fetched from anywhere else.
  if (place === undefined || !Number.isSafeInteger(place.idx) || place.idx < 0) return undefined;
  if (typeof place.uri !== "string" || !place.uri.startsWith(`${issuer}/`)) return undefined;
  let token: string;
  try {
    token = await ended(place.uri);
  } catch {
    return undefined;
  }
  const claims = await openJws(token, jwks, "statuslist+jwt");
  if (typeof claims === "string") return undefined;
  const { sub, exp, status_list: list } = claims;
  if (sub !== place.uri || typeof exp !== "number" || exp <= now.getTime() / 1000) return undefined;
  const { bits, lst } = (list ?? {}) as { bits?: unknown; lst?: unknown };
  const packed = bits === 1 && typeof lst === "string" ? bytesOf(lst) : undefined;
  const byte = packed && (await unpacked(packed))?.[place.idx >> 3];
  return byte === undefined ? undefined : ((byte >> (place.idx & 7)) & 1) === 1;
}

/** What was compressed (DEFLATE in the ZLIB format); undefined where it is not that, or is more than a list has. */
async function unpacked(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > mostBytes) {
        await reader.cancel();
        return undefined;
      }
      chunks.push(value);
    }
  } catch {
    return undefined;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Fetches a list from the guarantor. Caches on the way keep it for as long as it says. */
export async function fetchEnded(uri: string): Promise<string> {
  const reply = await fetch(uri, { headers: { accept: "application/statuslist+jwt" }, redirect: "error" });
  if (!reply.ok) throw new Error(`The list of what has ended was not given: ${reply.status}.`);
  return reply.text();
}
