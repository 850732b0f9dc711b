/** Banks and branches in Japan by their numbers (zengin-code), each with its name as files have it. */
import { createRequire } from "node:module";
import type zenginCode from "zengin-code";
import { nameInFile } from "./kana.ts";

export interface KnownBranch {
  /** As people know them. */
  bank: string;
  branch: string;
  /** As files have them. */
  bankName: string;
  branchName: string;
}

/** A bank's names and those of its branches by their numbers, each as `label`, a tabulator and kana. */
type Banks = Map<string, { own: string; branches: Map<string, string> }>;

let known: Banks | undefined;

/**
 * The list is read when somebody first names an account. It takes 60 MB as it comes; what is needed of it takes a tenth, so the
 * module is let go of.
 */
function banks(): Banks {
  known ??= readList(createRequire(import.meta.url));
  return known;
}

const names = ({ name, kana }: { name: string; kana: string }): string => `${name}\t${kana}`;

function readList(load: NodeJS.Require): Banks {
  const list = load("zengin-code") as typeof zenginCode;
  const found: Banks = new Map();
  for (const bank of Object.values(list)) {
    const branches = Object.values(bank.branches).map((one): [string, string] => [one.code, names(one)]);
    found.set(bank.code, { own: names(bank), branches: new Map(branches) });
  }
  for (const path of Object.keys(load.cache)) if (/[\\/]zengin-code[\\/]/.test(path)) delete load.cache[path];
  return found;
}

/** What the numbers of a bank and a branch stand for; or which of the two stands for nothing. */
export function findBranch(bank: string, branch: string): KnownBranch | { unknown: "bank" | "branch" } {
  const found = banks().get(bank);
  if (found === undefined) return { unknown: "bank" };
  const there = found.branches.get(branch);
  if (there === undefined) return { unknown: "branch" };
  const [bankLabel = "", bankKana = ""] = found.own.split("\t");
  const [branchLabel = "", branchKana = ""] = there.split("\t");
  return {
    bank: bankLabel,
    branch: branchLabel,
    bankName: written(bankKana),
    branchName: written(branchKana),
  };
}

/** Files need no names of banks: one that they cannot hold is left out. */
function written(kana: string): string {
  const name = nameInFile(kana);
  return "text" in name ? name.text : "";
}
