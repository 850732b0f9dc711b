/**
 * What free text may hold. Control characters other than tab and line breaks are refused (PostgreSQL
 * cannot store NUL), and so is anything that looks like the number of a payment card: Kenshu never
 * takes one, so that no part of it is ever in the scope of the card industry's rules.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * UUIDs and hexadecimal digests, by their form. One UUID in four thousand holds digits that would pass for a card, and
 * references are often made of them.
 */
const identifiers =
  /(?<![0-9a-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=[0-9]*[a-f])[0-9a-f]{32,128})(?![0-9a-z])/gi;
/** Digits in groups, as people write long numbers. */
const groupedDigits = /[0-9]+(?:[ -][0-9]+)*/g;

/** Prefix and length of the card schemes in use (ISO/IEC 7812 issuer ranges). */
const cardForms: readonly RegExp[] = [
  /^4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})$/,
  /^(?:5[1-5]|2[2-7])[0-9]{14}$/,
  /^3[47][0-9]{13}$/,
  /^3(?:0|6|8|9)[0-9]{12,17}$/,
  /^35[0-9]{14,17}$/,
  /^6(?:011|4[4-9]|5|2)[0-9]{12,16}$/,
];

function luhn(digits: string): boolean {
  let sum = 0;
  let double = false;
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    const digit = Number(digits[index]);
    const value = double ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
    double = !double;
  }
  return sum % 10 === 0;
}

/** True where the text holds what can be read as a card number, and is not part of a UUID or a digest. */
export function holdsCardNumber(text: string): boolean {
  return hasCardDigits(text) && hasCardDigits(text.replaceAll(identifiers, "."));
}

/** Looks at every row of neighbouring groups, for an expiry date may follow the number. */
function hasCardDigits(text: string): boolean {
  for (const [found] of text.matchAll(groupedDigits)) {
    const groups = found.split(/[ -]/);
    for (const start of groups.keys()) {
      let digits = "";
      for (const group of groups.slice(start)) {
        digits += group;
        if (digits.length > 19) break;
        if (cardForms.some((form) => form.test(digits)) && luhn(digits)) return true;
      }
    }
  }
  return false;
}

/** True where the text can be stored and shown. */
export function isPlainText(text: string): boolean {
  return !controlCharacters.test(text) && !loneSurrogate.test(text);
}
