/**
 * How an order is found by the name of its customer, though names stand in the database sealed only. A name leaves marks: short
 * keyed digests of its beginnings. Whoever has a copy of the table and not the key tries no name, but counts how often marks
 * occur (docs/decisions/0071-finding-by-name.md). In a large shop many names leave the same mark, so what was found by one is
 * opened and compared.
 */
import { createHmac } from "node:crypto";

/** A name as it is compared: one width, one kind of kana, one case, without what stands between its words. */
function wordsIn(text: string): string[] {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[ぁ-ゖ]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0x60))
    .split(/[^\p{L}\p{M}\p{N}ー]+/u)
    .filter((word) => word !== "");
}

const longest = 12;
/** The first characters of a word; a pair of surrogates is one of them. */
const signsOf = (word: string): string[] => Array.from(word).slice(0, longest);
const isHan = (sign: string): boolean => /\p{Script=Han}/u.test(sign);

/** The beginnings by which a word is found: from two letters on, of a character that means something from one on. */
function beginnings(word: string): string[] {
  const signs = signsOf(word);
  return signs.flatMap((sign, index) =>
    index > 0 || isHan(sign) || signs.length === 1 ? [signs.slice(0, index + 1).join("")] : [],
  );
}

/** The mark of one beginning: 20 bits. */
export function markOf(secret: Buffer, beginning: string): number {
  return createHmac("sha256", secret).update(beginning).digest().readUInt32BE(0) >>> 12;
}

const wholesOf = (names: readonly (string | undefined)[]) =>
  names.map((name) => wordsIn(name ?? "")).filter((words) => words.length > 0);

/** All marks of somebody's names, each once. */
export function marksOf(secret: Buffer, names: readonly (string | undefined)[]): number[] {
  const parts = wholesOf(names).flatMap((words) => [...words, words.join("")]);
  return [...new Set(parts.flatMap(beginnings).map((each) => markOf(secret, each)))];
}

/** What somebody looks for, as it is compared. */
export interface Needle {
  words: string[];
  /** The beginning by which candidates are found. */
  by: string;
}

/** What was typed as a name; undefined where it is none, or too short to find anybody by. */
export function needleOf(typed: string): Needle | undefined {
  const words = wordsIn(typed);
  const [first] = [...words].sort((one, other) => other.length - one.length);
  if (first === undefined) return undefined;
  const signs = signsOf(first);
  const by = signs.join("");
  return signs.length > 1 || isHan(by) ? { words, by } : undefined;
}

/** Whether somebody of these names is who was looked for. */
export function fits({ words }: Needle, names: readonly (string | undefined)[]): boolean {
  const joined = words.join("");
  return wholesOf(names).some(
    (name) =>
      name.join("").startsWith(joined) ||
      words.every((word) => name.some((each) => each.startsWith(word)) || name.join("").startsWith(word)),
  );
}

/** All the names by which an order is looked for. */
export function findable(customer: {
  name: string;
  kana?: string | undefined;
  recipient: { name: string; kana?: string } | null;
}): (string | undefined)[] {
  const { name, kana, recipient } = customer;
  return [name, kana, recipient?.name, recipient?.kana];
}
