/** Addresses of servers in a configuration. */

/**
 * Ports of other protocols, to which `fetch` and browsers send nothing, whoever listens there: https://fetch.spec.whatwg.org,
 * "bad port".
 */
const refusedPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080,
]);

/** Why nothing could ever be sent to an address; undefined where something could. `bare`: it is to have no path. */
export function addressTrouble(address: string, bare: boolean): string | undefined {
  if (!URL.canParse(address)) return "is no address.";
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:") return "is no address of http or https.";
  if (refusedPorts.has(Number(url.port || 80)))
    return `has the port ${url.port}, which belongs to another protocol: programs and browsers send nothing there.`;
  if (url.username !== "" || url.password !== "") return "holds a name or password.";
  if (bare && url.href !== `${url.origin}/`) return "is more than an address: nothing follows the port.";
  return undefined;
}

/** An address without what stands behind its path. */
const placeOf = ({ origin, pathname }: URL): string => `${origin}${pathname}`;

/** Whether a shop can register this as an address to which people are sent back: whole, as browsers write it, no query. */
export function isPlace(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.username === "" && placeOf(url) === text;
}

/** Whether an address is this very machine, where shops are written and tried. */
export function isLoopback(text: string): boolean {
  return URL.canParse(text) && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(text).hostname);
}

/**
 * The address to which somebody is sent back: one that the shop has registered, with a query of its own. Undefined for any
 * other, so that nothing leads from a server to an impostor of a shop.
 */
export function returnPlace(registered: readonly string[], wished: string): URL | undefined {
  if (!URL.canParse(wished)) return undefined;
  const url = new URL(wished);
  return url.hash === "" && url.username === "" && registered.includes(placeOf(url)) ? url : undefined;
}
