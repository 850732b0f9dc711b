/** The forms in which names, numbers and addresses are compared, however they were written or said. */

/** What somebody is known by. */
export interface Known {
  name: string | null;
  kana: string | null;
  phone: string | null;
  email: string | null;
}

/** What a text is taken for. */
export type SoughtBy = "name" | "phone" | "email";

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
const evened = (text: string): string =>
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

const partsMost = 6;
/** One letter is no name that anybody is found by. */
const shortest = 2;

const partsOf = (name: string): string[] =>
  evened(name)
    .split(/[\s,、・·'’.]+/u)
    .filter((part) => part !== "");

const lengthOf = (text: string): number => Array.from(text).length;

/** The whole name without its gaps, the same in any order, and each part of it. */
function namesOf(name: string): string[] {
  const parts = partsOf(name).slice(0, partsMost);
  const found = [...wholeOf(parts), ...parts.filter((part) => lengthOf(part) >= shortest)];
  return found.map((one) => `name ${one}`);
}

function wholeOf(parts: readonly string[]): string[] {
  const whole = parts.join("");
  if (lengthOf(whole) < shortest) return [];
  return parts.length < 2 ? [whole] : [whole, parts.toSorted().join(" ")];
}

/** A number as it is dialled in its country, or with the country's where that is another one. */
function numberOf(phone: string): string | undefined {
  const text = phone.normalize("NFKC").replaceAll(/[^0-9+]/gu, "");
  const digits = text.replace(/^(\+|00)81\(?0?/u, "0").replace(/^00/u, "+");
  return digits.replaceAll(/\D/gu, "").length < 6 ? undefined : digits;
}

const addressOf = (email: string): string => email.normalize("NFKC").trim().toLowerCase();

/** Each form by which somebody is found. */
export function formsOf({ name, kana, phone, email }: Known): string[] {
  const number = phone === null ? undefined : numberOf(phone);
  return [
    ...(name === null ? [] : namesOf(name)),
    ...(kana === null ? [] : namesOf(kana)),
    ...(number === undefined ? [] : [`phone ${number}`]),
    ...(email === null ? [] : [`email ${addressOf(email)}`]),
  ];
}

/** What a text asks for, and the forms that answer it; undefined where it is too little to find anybody by. */
export function soughtIn(text: string): { by: SoughtBy; forms: string[] } | undefined {
  const said = text.normalize("NFKC").trim();
  if (/^[^\s@]+@[^\s@]+$/u.test(said)) return { by: "email", forms: [`email ${addressOf(said)}`] };
  if (/^[+0-9() ‐‑–—―−ー-]+$/u.test(said)) {
    const number = numberOf(said);
    return number === undefined ? undefined : { by: "phone", forms: [`phone ${number}`] };
  }
  if (!/\p{L}/u.test(said) || /[%_*?]/u.test(said)) return undefined;
  const forms = wholeOf(partsOf(said).slice(0, partsMost)).map((one) => `name ${one}`);
  return forms.length === 0 ? undefined : { by: "name", forms };
}
