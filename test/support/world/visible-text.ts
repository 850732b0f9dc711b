/** What somebody reads of a page, or is read out to: for tests of languages. */

/** Elements whose text is no sentence of the page: names, codes, drawings, and what is said to readers of another language. */
const silent =
  /<(bdi|code|svg|style|textarea)\b[^>]*>.*?<\/\1>|<(button|code) [^>]*\blang="[^"]*"[^>]*>.*?<\/\2>/gs;
const spoken = /\s(?:aria-label|title|placeholder|alt)="([^"]*)"/g;

/** The texts of a page, between its tags and in the attributes that are read out, but for names and codes. */
export function visibleText(html: string): string {
  const kept = html.replaceAll(silent, " ");
  const attributes = [...kept.matchAll(spoken)].map(([, text = ""]) => text);
  return [kept.replaceAll(/<[^>]+>/g, " "), ...attributes]
    .join("\n")
    .replaceAll(/&[a-z]+;|&#[0-9a-fx]+;/gi, " ");
}

/** Words in Latin letters, but for those that are known. */
export function latinWords(text: string, known: readonly string[] = []): string[] {
  return [...new Set(text.match(/[A-Za-zÀ-ÖØ-öø-ÿ]+/g) ?? [])].filter((word) => !known.includes(word));
}

/** What is written in Japanese. */
export function japaneseIn(text: string): string[] {
  return [...new Set(text.match(/[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]+/g) ?? [])];
}
