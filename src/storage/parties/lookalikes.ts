/**
 * Which names look alike, after the skeletons of UTS #39: characters that look like others are replaced by one of them, and
 * names with the same skeleton are confusable. The table is small because names are in few scripts, and no two of those
 * that share shapes in one word (decision 0026).
 */

/** Each line: what it looks like, and the characters that do. Letters with marks have lost them before. */
const lines = `
a аαɑ АΑ ⍺
b ЬьВвΒβ
c сСϲϹ
d ԁԀ
e еЕΕ
f ϝƒ
g ɡԌԍ
h һНΗнҺ
i іΙιı
j јЈϳ
k кКκΚ
l ІӀӏΙ I1|∣│
n пηПΝոп
o оОοΟσօ0〇○◯
p рРρΡ
q ԛԚ
r гг
s ѕЅ
t тТτΤ
u υ
v νѵѴ
w ԝԜωѡ
x хХχΧ×
y уУүҮγΥ
z Ζ
rn mмМΜ
3 ЗзӠӡ
- ー一—–―‐‑‒−ｰ─━丨〜~_
カ 力
ロ 口囗
エ 工
ニ 二
ハ 八
タ 夕
ト 卜
ノ 丿
チ 千
ヒ 匕
オ 才
ヘ へ
リ り
ム 厶
ミ 三
`;

const prototypes: ReadonlyMap<string, string> = new Map(
  lines
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [prototype = "", ...others] = line.split(" ");
      return Array.from(others.join("")).map((other) => [other, prototype] as const);
    }),
);

/** Small kana beside large ones: キヤノン is キャノン to whoever reads a sign. */
const smallKana = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ";
const largeKana = "あいうえおつやゆよわアイウエオツヤユヨワカケ";

const replaced = (text: string): string => Array.from(text, (char) => prototypes.get(char) ?? char).join("");
const enlarged = (text: string): string =>
  Array.from(text, (char) => largeKana[smallKana.indexOf(char)] ?? char).join("");

/** Voiced sounds keep their marks: ハ, バ and パ are three letters, and é is an e with something on it. */
const isVoice = (mark: string): boolean => mark === "\u3099" || mark === "\u309a";

/** A dash at an end is none of the name, but after kana it may be read as the long vowel. */
const endDashes = /^\p{Pd}+|(?<![\p{Script=Katakana}\p{Script=Hiragana}\p{M}])\p{Pd}+$/gu;

/** One width, no marks, nothing that is not seen. */
function bare(name: string): string {
  return enlarged(name.normalize("NFKD"))
    .replaceAll(/\p{Mn}|\p{Me}/gu, (mark) => (isVoice(mark) ? mark : ""))
    .replaceAll(/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, "")
    .replaceAll(endDashes, "");
}

/** Dots, quotes and the like do not make another name of it; where there is nothing else, they are the name. */
function unadorned(text: string): string {
  const plain = text.replaceAll(/[^\p{L}\p{N}\p{M}-]/gu, "");
  return plain === "" ? text : plain;
}

/**
 * What a name looks like: two names with one of these in common look alike. More than one, since a capital letter may look like
 * what the small one does not (I and l), and names that differ in case only are alike whatever they look like.
 */
export function looksOf(name: string): string[] {
  return [...new Set([bare(name), undashed(bare(name))].flatMap(readings))];
}

function readings(text: string): string[] {
  const asWritten = replaced(text).toLowerCase();
  const small = text.toLowerCase();
  return [asWritten, replaced(small), replaced(asWritten), small].map(unadorned);
}

/** Between letters of an alphabet, what is the long vowel among kana, or a one, is read as a hyphen. */
const alphabetic = String.raw`[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]`;
const likeHyphens = new RegExp(String.raw`(?<=${alphabetic})[ー一丨]+(?=${alphabetic})`, "gu");

/** Hyphens do not make another name either; a name of nothing else is what it is. */
function undashed(text: string): string {
  const plain = text.replaceAll(/[\p{Pd}\p{Pc}─━~〜−]/gu, "").replaceAll(likeHyphens, "");
  return plain === "" ? text : plain;
}

/** Scripts whose letters have the shapes of each other's. */
const shapesInCommon = [/\p{Script=Latin}/u, /\p{Script=Greek}/u, /\p{Script=Cyrillic}/u];
/** Those that are in everyday use (UAX #31, table 5); the shapes of many others are those of Latin letters. */
const everyday =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Tibetan}\p{Script=Ethiopic}\p{Script=Georgian}\p{Script=Armenian}\p{Script=Common}\p{Script=Inherited}]*$/u;

/** Whether a name could be read as another that nobody can list: letters of two scripts in one name, or of a rare one. */
export function isDisguised(name: string): boolean {
  const text = name.normalize("NFKD");
  return !everyday.test(text) || shapesInCommon.filter((script) => script.test(text)).length > 1;
}

/** Whether a name holds what is not seen or turns what is seen: line feeds, directions, joiners, empty letters. */
export function isUnseen(name: string): boolean {
  return (
    /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(name) ||
    name.replaceAll(/[\p{Z}\p{M}]/gu, "") === ""
  );
}
