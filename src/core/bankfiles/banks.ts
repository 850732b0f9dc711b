/** Banks and branches in Japan by their numbers (zengin-code), each with its name as files have it. */
import { nameInFile } from "./kana.ts";

export interface KnownBranch {
  /** As people know them. */
  bank: string;
  branch: string;
  /** As files have them. */
  bankName: string;
  branchName: string;
}

/** The list is some megabytes of text, so it is read when somebody first names an account. */
const list = async () => (await import("zengin-code")).default;

/** What the numbers of a bank and a branch stand for; or which of the two stands for nothing. */
export async function findBranch(
  bank: string,
  branch: string,
): Promise<KnownBranch | { unknown: "bank" | "branch" }> {
  const found = (await list())[bank];
  if (found === undefined) return { unknown: "bank" };
  const there = found.branches[branch];
  if (there === undefined) return { unknown: "branch" };
  const written = (kana: string): string => {
    const name = nameInFile(kana);
    return "text" in name ? name.text : "";
  };
  return {
    bank: found.name,
    branch: there.name,
    bankName: written(found.kana),
    branchName: written(there.kana),
  };
}
