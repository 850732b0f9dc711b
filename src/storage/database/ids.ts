import { createHash, randomBytes, randomFillSync } from "node:crypto";

const poolBytes = 4096;
const pool = Buffer.alloc(poolBytes);
let poolUsed = poolBytes;

// Drawing random bytes one id at a time costs more than the rest of making an id, so they are drawn in bulk.
function take(bytes: number): Buffer {
  if (poolUsed + bytes > poolBytes) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  poolUsed += bytes;
  return pool.subarray(poolUsed - bytes, poolUsed);
}

let lastMs = 0;
let counter = 0;

/** A UUID of version 7 (RFC 9562, method 1): sorts by time, and within a process every one is above the one before. */
export function uuidv7(): string {
  const now = Date.now();
  const random = take(10);
  if (now > lastMs) {
    lastMs = now;
    // Starting in the lower half leaves room for at least 2,048 ids in the same millisecond.
    counter = random.readUInt16BE(8) & 0x7ff;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const version = (0x7000 | counter).toString(16);
  const variant = (0x80 | ((random[0] ?? 0) & 0x3f)).toString(16);
  const rest = random.toString("hex", 1, 8);
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}${rest.slice(0, 2)}-${rest.slice(2)}`;
}

/** `count` random decimal digits, each equally likely. */
export function randomDigits(count: number): string {
  let digits = "";
  while (digits.length < count) {
    for (const byte of take(32)) {
      // 250 is the largest multiple of ten in a byte; taking the bytes above it would favour the low digits.
      if (byte < 250 && digits.length < count) digits += String(byte % 10);
    }
  }
  return digits;
}

/** A secret of `bytes` random bytes, as unpadded base64url text. */
export function randomToken(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}

/** A UUID made of a text, always the same: for callers and accounts that have no id of their own. */
export function idFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
