/** SHA-256 as RFC 9162 uses it. A batch hashes thousands of rows, so nothing is allocated that need not be. */
import { hash } from "node:crypto";
import type { Hasher } from "../../core/log/log.ts";

const pair = Buffer.alloc(65);
pair[0] = 1;

export const hasher: Hasher = {
  leaf: (text) => hash("sha256", `\u0000${text}`, "base64"),
  node: (left, right) => {
    pair.write(left, 1, "base64");
    pair.write(right, 33, "base64");
    return hash("sha256", pair, "base64");
  },
  empty: hash("sha256", "", "base64"),
};
