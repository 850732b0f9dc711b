/** The typefaces of papers, and what of a text they can print. A PDF holds only the glyphs that it uses. See decision 0044. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { create } from "fontkit";

export interface Fonts {
  plain: Buffer;
  bold: Buffer;
  /** The code points that both have. */
  known: ReadonlySet<number>;
}

const family = "@expo-google-fonts/noto-sans-jp";
const files = {
  plain: `${family}/400Regular/NotoSansJP_400Regular.ttf`,
  bold: `${family}/700Bold/NotoSansJP_700Bold.ttf`,
} as const;

let opened: Promise<Fonts> | undefined;

/** Reads the typefaces when the first paper is made, and keeps them. */
export function openFonts(): Promise<Fonts> {
  opened ??= read().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function read(): Promise<Fonts> {
  const fontkit = await import("fontkit");
  const [plain, bold] = await Promise.all(
    [files.plain, files.bold].map((file) => readFile(fileURLToPath(import.meta.resolve(file)))),
  );
  if (plain === undefined || bold === undefined) throw new Error("There are two typefaces.");
  const boldOnes = pointsOf(bold, fontkit.create);
  return {
    plain,
    bold,
    known: new Set([...pointsOf(plain, fontkit.create)].filter((point) => boldOnes.has(point))),
  };
}

function pointsOf(file: Buffer, open: typeof create): ReadonlySet<number> {
  const font = open(file);
  if (!("characterSet" in font)) throw new Error("This is a collection of typefaces, and one is needed.");
  return new Set(font.characterSet);
}

/** Stands for a character that no typeface has, as it does in Japanese print. */
export const absent = "〓";

/**
 * A text in the characters that there are. A letter with a mark that is missing loses the mark, a variant of a kanji becomes
 * the usual one, and what cannot be written at all is {@link absent} and named in `missing`.
 */
export function printable(text: string, known: ReadonlySet<number>): { text: string; missing: string[] } {
  const missing: string[] = [];
  const has = (one: string): boolean => Array.from(one).every((each) => known.has(each.codePointAt(0) ?? 0));
  const written = Array.from(text.normalize("NFC"), (one) => {
    if (has(one) || one === "\n") return one;
    if (/^[\p{M}\p{Cf}]$/u.test(one)) return "";
    const plain = one.normalize("NFKD").replaceAll(/\p{M}/gu, "");
    if (plain !== "" && has(plain)) return plain;
    missing.push(one);
    return absent;
  });
  return { text: written.join(""), missing };
}
