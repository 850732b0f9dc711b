/** What an act that waits names, and does not say: it is kept sealed, and whoever confirms looks at it first. */
import type { KeptAct } from "./store.ts";

/** An account at a bank, or an address of mail, by the id of what keeps it. */
export type Sealed = { bankAccount: string; of: string | undefined } | { email: string; member: bigint };

const textIn = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** What an act names that is kept sealed; undefined where it names nothing so. */
export function sealedIn({ act, body }: Pick<KeptAct, "act" | "body">): Sealed | undefined {
  const change = textIn(body["change"]);
  if (act === "member.email" && change !== undefined)
    return { email: change, member: BigInt(textIn(body["number"]) ?? "0") };
  const { bankAccount: back } = (body["to"] ?? {}) as { bankAccount?: unknown };
  const bankAccount = textIn(body["bankAccount"]) ?? textIn(back);
  return bankAccount === undefined ? undefined : { bankAccount, of: textIn(body["account"]) };
}
