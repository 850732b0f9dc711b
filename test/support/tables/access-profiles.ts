/** What callers send who change their own sign-in, such that it is looked at and nothing changes; and what a page shows. */
import { dammAppend } from "../../../src/core/protocol/protocol.ts";
import { type CallerName, callers } from "./access-lines.ts";
import type { Json } from "../wire/http.ts";

interface SignIn {
  email: string;
  password: string;
}

/** What is said to a file for the bank. */
const ofFile: Readonly<Record<string, Json>> = {
  approve: { digest: "0".repeat(64) },
  drop: {},
  complete: { reference: "x" },
};

/** What is none that anybody's passkey has signed. */
const signed = { id: "AA", rawId: "AA", type: "public-key" };
const data = { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA" };

function passkeyBody(path: string, email: string): Json {
  if (path === "/v1/passkeys") {
    const response = { clientDataJSON: "e30", attestationObject: "AA" };
    return { name: "Phone", email, response: { ...signed, response } };
  }
  if (path === "/v1/sessions/passkey") return { response: { ...signed, response: data } };
  if (path.startsWith("/v1/proofs")) return { act: "trade.approve", of: "1", amount: 1, currency: "JPY" };
  return /^\/passkeys(\/begin)?$|name$|^\/v1\/passkeys\/\{id\}$/.test(path) ? { name: "Phone" } : {};
}

/** The same password again is refused, whoever asks, and so these calls can be made again and again. */
export function profileBody(
  { path, method }: { path: string; method: string },
  caller: CallerName,
  { members, operators }: { members: readonly SignIn[]; operators: readonly SignIn[] },
): Json | undefined {
  if (method === "GET") return undefined;
  if (/passkey|proofs/.test(path)) return passkeyBody(path, operators[0]?.email ?? "");
  if (path.includes("/payout-files/")) return ofFile[path.split("/").at(-1) ?? ""];
  // There is no such branch: nothing is named by it, whoever asks.
  if (path.endsWith("/bank-account") && method === "PUT")
    return { bank: "0001", branch: "999", kind: "ordinary", number: "0000001", holder: "ヤマダ" };
  if (path.includes("first-sign-in")) {
    // Each tries another number: of one number more would be too many tries.
    const number = dammAppend(`99999999${callers.indexOf(caller) % 10}`);
    const typed = { number, code: "0000 0000 0000", birthDate: "1990-01-31" };
    return { ...typed, email: "x@example.com", password: "some words in a row" };
  }
  if (path === "/reset") return { password: "a long password" };
  if (path === "/you/profile") return { phone: "1" };
  if (!path.endsWith("/password")) return undefined;
  const signsIn: Partial<Record<CallerName, SignIn | undefined>> = {
    buyer: members[0],
    member2: members[2],
    operator: operators[0],
  };
  const { email, password } = signsIn[caller] ?? { email: "x@example.com", password: "a long password" };
  return { email, password, newPassword: password };
}

/** What an id could hold by chance ("540", "fee") is looked for as a word of its own. */
export function reads(text: string, secret: string): boolean {
  if (!/^[0-9a-f]+$/.test(secret)) return text.includes(secret);
  return new RegExp(`(?<![0-9A-Za-z])${secret}(?![0-9A-Za-z])`).test(text);
}
