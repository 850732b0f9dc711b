/** Whether two who should be two are one hand, as far as addresses tell. */

/** Addresses are compared in this form where somebody signs in by them. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** Whether two e-mail addresses lead to one mailbox. */
export function isSameAddress(one: string, other: string): boolean {
  return mailboxOf(one) === mailboxOf(other);
}

/** Domains of one provider each, at which these characters before the @ make no difference. */
const providers: readonly { domains: readonly string[]; ignored: RegExp }[] = [
  { domains: ["gmail.com", "googlemail.com"], ignored: /\./g },
  { domains: ["proton.me", "protonmail.com", "protonmail.ch", "pm.me"], ignored: /[._-]/g },
];

/** The mailbox of an address: what stands behind a plus sign only sorts the mail (RFC 5233), and some ignore dots. */
export function mailboxOf(email: string): string {
  const normal = normalEmail(email);
  const at = normal.lastIndexOf("@");
  const name = unquoted(normal.slice(0, at)).replace(/\+.*$/, "");
  const domain = normal.slice(at + 1).replace(/\.$/, "");
  const provider = providers.find(({ domains }) => domains.includes(domain));
  if (provider === undefined) return `${name}@${domain}`;
  return `${name.replaceAll(provider.ignored, "")}@${provider.domains[0]}`;
}

/** Quotes, backslashes and comments before the @ are ways to write, too (RFC 5322); such addresses were taken once. */
const unquoted = (name: string): string =>
  name
    .replaceAll(/\([^()]*\)/g, "")
    .replaceAll(/\\(.)/g, "$1")
    .replaceAll('"', "");

const shortestNumber = 7;

/** Whether two telephone numbers are one, with or without the country's and with whatever stands between the digits. */
export function isSamePhone(one: string, other: string): boolean {
  const [a, b] = [digitsOf(one), digitsOf(other)];
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= shortestNumber && long.endsWith(short) && long.length - short.length <= 3;
}

/** Without what is dialled before it: the country's own zero, or 00 before another's. */
const digitsOf = (phone: string): string =>
  phone.normalize("NFKC").replace("(0)", "").replaceAll(/\D/g, "").replace(/^0+/, "");
