/** In which language somebody is written to. */
export const mailLanguages = ["en", "ja"] as const;
export type Language = (typeof mailLanguages)[number];

/** The first language that a browser asks for and that mails are written in (RFC 9110, section 12.5.4). */
export function languageAsked(acceptLanguage: string | undefined): Language | undefined {
  const wishes = (acceptLanguage ?? "").slice(0, 500).split(",").map(wishOf);
  const known = wishes.filter(({ language, weight }) => language !== undefined && weight > 0);
  return known.sort((one, other) => other.weight - one.weight)[0]?.language;
}

function wishOf(text: string): { language: Language | undefined; weight: number } {
  const [range = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((part) => part.startsWith("q="))?.slice(2);
  const weight = quality === undefined ? 1 : Number(quality);
  return {
    language: mailLanguages.find((one) => range === one || range.startsWith(`${one}-`)),
    weight: Number.isNaN(weight) ? 0 : weight,
  };
}
