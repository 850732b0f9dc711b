/** Which language a browser's reader wants. */

/** The first of these languages that an Accept-Language asks for (RFC 9110, section 12.5.4); undefined where it asks for none. */
export function languageAsked<Language extends string>(
  acceptLanguage: string | undefined,
  languages: readonly Language[],
): Language | undefined {
  const wishes = (acceptLanguage ?? "")
    .slice(0, headerMost)
    .split(",")
    .map((text) => wishOf(text, languages));
  const known = wishes.filter(({ language, weight }) => language !== undefined && weight > 0);
  return known.toSorted((one, other) => other.weight - one.weight)[0]?.language;
}

/** Longer than any browser's header. */
const headerMost = 500;

function wishOf<Language extends string>(text: string, languages: readonly Language[]) {
  const [range = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((part) => part.startsWith("q="))?.slice(2);
  const weight = quality === undefined ? 1 : Number(quality);
  return {
    language: languages.find((one) => range === one || range.startsWith(`${one}-`)),
    weight: Number.isNaN(weight) ? 0 : weight,
  };
}
