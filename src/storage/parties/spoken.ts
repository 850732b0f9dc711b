/** Names as they are said: however they were written, they are compared in one form. */

/** Characters of names that are told apart on paper, and not on the telephone: each line begins with the usual one. */
const variants = `
高髙 崎﨑嵜 辺邉邊 斎齋斉齊 沢澤 浜濱濵 広廣 国國 真眞 島嶋嶌 恵惠 桜櫻 渡渉 竜龍 滝瀧 沼沼 条條 徳德 藤籐 塚塚 吉𠮷 富冨 峰峯 岩巌巖 関關 黒黑 穂穗 栄榮 円圓 寿壽
`;
const usual: ReadonlyMap<string, string> = new Map(
  variants
    .trim()
    .split(/\s+/u)
    .flatMap((line) => {
      const [first = "", ...others] = Array.from(line);
      return others.map((other) => [other, first] as const);
    }),
);

/** In one width and case, kana as katakana, accents and variants of characters left out. */
export const evened = (text: string): string =>
  Array.from(
    text
      .normalize("NFKC")
      .normalize("NFD")
      .replaceAll(/[\u0300-\u036f]/gu, "")
      .normalize("NFC")
      .toLowerCase()
      .replaceAll(/[\u3041-\u3096\u309d\u309e]/gu, (one) => String.fromCharCode(one.charCodeAt(0) + 0x60)),
  )
    .map((one) => usual.get(one) ?? one)
    .join("");

/** So many characters from a place on are kept. */
const formLength = 40;

/** A name without its gaps, which nobody says. */
const said = (text: string): string => evened(text).replaceAll(/[\s・·]+/gu, "");

/** A name from each of its characters on, each once. */
export function endingsOf(name: string): string[] {
  const signs = Array.from(said(name));
  return [...new Set(signs.map((_, at) => signs.slice(at, at + formLength).join("")))];
}

/** What the endings of names begin with in which a text stands, and whether it stands in one. Undefined where it says nothing. */
export function soughtInNames(text: string): { form: string; isIn: (name: string) => boolean } | undefined {
  const whole = said(text);
  const form = Array.from(whole).slice(0, formLength).join("");
  return form === "" ? undefined : { form, isIn: (name) => said(name).includes(whole) };
}
