import { createHash } from "node:crypto";

/** What tells one request from another, the same in whatever order its fields come. */
export interface Digest {
  readonly bytes: Buffer;
  /** Whether a kept digest is of this request; also true for one that was kept while the order of fields counted. */
  matches(kept: Uint8Array): boolean;
}

/** The digest of a request that is made of these parts: names of what is asked, and bodies. */
export function digestOf(...parts: readonly unknown[]): Digest {
  const bytes = hashOf(canonical(parts, hidden));
  return {
    bytes,
    matches: (kept) => bytes.equals(kept) || formerDigests(parts).some((former) => former.equals(kept)),
  };
}

/** Left out: a quick hash of a password would give it away. */
const hidden: ReadonlySet<string> = new Set(["password"]);

/** The rules of versions up to 0.1: trades were told apart in the order of their fields, people without their tokens. */
function formerDigests(parts: readonly unknown[]): Buffer[] {
  return [hashOf(parts), hashOf(canonical(parts, new Set(["password", "token"])))];
}

function hashOf(value: unknown): Buffer {
  return createHash("sha256").update(JSON.stringify(value)).digest();
}

/** The value with each record as a list of its fields, in one order. */
function canonical(value: unknown, left: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => canonical(each, left));
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .filter(([, held]) => held !== undefined)
    .map(([name, held]) => [name, left.has(name) ? "" : canonical(held, left)] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}
