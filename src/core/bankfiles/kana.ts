/** Names as files between banks in Japan have them: capital letters, digits, half-width kana and a few signs of JIS X 0201. */

const wide = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
const narrow = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ";
// Files have no small kana and no mark of a long vowel: every bank writes them so.
const small = "ァィゥェォッャュョヮヵヶ";
const large = "ｱｲｳｴｵﾂﾔﾕﾖﾜｶｹ";
/** The marks that make カ into ガ and ハ into パ stand behind their kana, as characters of their own. */
const marks = { "\u3099": "ﾞ", "\u309a": "ﾟ" } as const;
const signs = " ()-./";

const written: ReadonlyMap<string, string> = new Map([
  ...pairs(wide, narrow),
  ...pairs(small, large),
  ...Object.entries(marks),
  ["ー", "-"],
  ...pairs(signs, signs),
]);

function pairs(from: string, to: string): [string, string][] {
  const others = Array.from(to);
  return Array.from(from).map((one, index) => [one, others[index] ?? ""]);
}

/** A name as a file has it, or what of it no file can hold. */
export type InFile = { text: string } | { unknown: string[] };

/**
 * The name that somebody has given in kana, as a file has it. Width and small letters are only ways to write the same; what
 * would have to be read, such as kanji, is not, and neither is ヲ, for which banks write what they like.
 */
export function nameInFile(given: string): InFile {
  const unknown: string[] = [];
  let text = "";
  // Taken apart, a voiced kana is the plain one and its mark. What was half-width is whole before that.
  for (const whole of given.normalize("NFKC").trim().replaceAll(/\s+/g, " ")) {
    const parts = Array.from(whole.normalize("NFD").toUpperCase(), (one) =>
      /[A-Z0-9]/.test(one) ? one : written.get(one),
    );
    if (parts.includes(undefined)) unknown.push(whole);
    else text += parts.join("");
  }
  if (text !== "" && unknown.length === 0) return { text };
  return { unknown: [...new Set(unknown)] };
}

/** Whether a text can stand in a file as it is. */
export function isInFile(text: string): boolean {
  const found = nameInFile(text);
  return "text" in found && found.text === text;
}
