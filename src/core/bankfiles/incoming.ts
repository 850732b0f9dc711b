/**
 * What a bank says has come in: 入出金取引明細 and 振込入金通知 as banks in Japan have agreed on them, and camt.053. A file is taken
 * as a whole or not at all; whoever refuses it says which line is wrong.
 */
import { dammValid } from "../protocol/protocol.ts";

export const incomingForms = ["statement", "notice", "camt.053"] as const;
/** `statement`: 入出金取引明細; `notice`: 振込入金通知. */
export type IncomingForm = (typeof incomingForms)[number];

/** An account at a bank, by the digits that a file has for it; what a file does not say is empty. */
export interface AccountInFile {
  bank: string;
  branch: string;
  number: string;
}

/** Money that has come in, or that the bank takes back. */
export interface Incoming {
  /** Where it stands in the file, from 1: of records, or of entries. */
  line: number;
  /** The bank's own: with the day it is this one and no other. */
  reference: string;
  /** YYYY-MM-DD. */
  day: string;
  amount: bigint;
  currency: string;
  /** Digits of the account for which it came where the bank says so: of a virtual one, behind its branch or not. */
  to: string | null;
  remitter: string;
  /** What the remitter wrote beside the name. */
  text: string;
  /** From which bank and branch, as far as it is said. */
  from: string;
  /** The bank takes an earlier one back (取消, 訂正): no money comes in by it. */
  takenBack: boolean;
  /** A part of it is cheques that may still bounce (他店券). */
  uncertain: boolean;
}

/** What came in to one account. `others`: entries that are about nothing that has come in. */
export interface IncomingStatement {
  account: AccountInFile;
  from: string;
  to: string;
  incoming: Incoming[];
  others: number;
}

export type IncomingFile = { form: IncomingForm; statements: IncomingStatement[] } | { wrong: string };

/** Why a file cannot be taken, in a sentence that names the line. */
export class WrongFileError extends Error {
  override readonly name = "WrongFileError";
}

/** Refuses a file. */
export function wrongFile(why: string): never {
  throw new WrongFileError(why);
}

/** Whether there is such a day, YYYY-MM-DD. */
export const isDay = (text: string): boolean => new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;

/** No two entries of one account are the same by day and reference: one of them would be lost. */
export function checkReferences({ incoming }: IncomingStatement, what: string): void {
  const seen = new Map<string, number>();
  for (const { day, reference, line, takenBack } of incoming) {
    const key = `${day} ${reference} ${takenBack ? "back" : ""}`;
    const before = seen.get(key);
    if (before !== undefined)
      wrongFile(`${what} ${line} has the reference ${reference}, which ${what.toLowerCase()} ${before} has.`);
    seen.set(key, line);
  }
}

const shortest = 8;
const longest = 20;

/**
 * The numbers with a right check digit that somebody wrote, each once. Digits may stand in groups, as they are read out: each run
 * of neighbouring groups is one number that may be meant.
 */
export function numbersIn(text: string): string[] {
  const found = new Set<string>();
  const runs = text.normalize("NFKC").match(/[0-9]+(?:[ .-][0-9]+)*/g) ?? [];
  for (const run of runs) {
    const groups = run.split(/[ .-]/);
    for (let from = 0; from < groups.length; from += 1) {
      let number = "";
      for (const group of groups.slice(from)) {
        number += group;
        if (number.length > longest) break;
        if (number.length >= shortest && dammValid(number)) found.add(number);
      }
    }
  }
  return [...found];
}
