/**
 * Which addresses webhooks may go to. A receiver's URL is text from a stranger, and this server stands inside a
 * network: so the URL is looked at when it is given, and every address that its name stands for when the connection
 * is made. The connection then goes to an address that was looked at; the name is not asked a second time.
 */
import { Resolver } from "node:dns/promises";
import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { callbackify } from "node:util";

/** Finds the addresses of a name. */
export type Resolve = (name: string) => Promise<string[]>;

const longestUrl = 2000;
const ports: ReadonlySet<string> = new Set(["443", "8443"]);
/** Names that are never a public host's, whatever a resolver says of them. */
const innerNames = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa)\.?$/i;

/** Everything in IPv4 that is not for the public, by the registry of special-purpose addresses (RFC 6890). */
const innerV4 = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  // The inner service of a large cloud, at an address that looks public.
  ["168.63.129.16", 32],
] as const) {
  innerV4.addSubnet(net, prefix, "ipv4");
}

/** The public addresses of IPv6. All others, mapped and translated IPv4 addresses among them, are inner ones. */
const outerV6 = new BlockList();
outerV6.addSubnet("2000::", 3, "ipv6");
/** Protocols' own addresses (Teredo is one), examples, and 6to4, which leads to any IPv4 address. */
const innerV6 = new BlockList();
for (const [net, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  innerV6.addSubnet(net, prefix, "ipv6");
}

/** Whether an address belongs to the public internet. What cannot be read does not. */
export function isPublic(address: string): boolean {
  if (address.includes("%")) return false;
  const family = isIP(address);
  if (family === 4) return !innerV4.check(address, "ipv4");
  return family === 6 && outerV6.check(address, "ipv6") && !innerV6.check(address, "ipv6");
}

/** Host and port of a URL in the form in which the configuration lists them. */
function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === "https:" ? "443" : "80")}`;
}

export interface Guard {
  /** Why nothing is sent to this URL; undefined where it may be, if its name leads to public addresses only. */
  refusal: (url: string) => string | undefined;
  /** The `lookup` for a connection to this URL. */
  lookup: (url: URL) => LookupFunction;
}

export interface Reach {
  /** Receivers inside the network as `host:port`: for these anything goes. */
  mayReach: readonly string[];
  /** Whether receivers on this machine are reached too, as in a sandbox. */
  loopback: boolean;
}

export function makeGuard({ mayReach, loopback }: Reach, resolve: Resolve = resolverOf()): Guard {
  const listed = new Set(mayReach);
  const isInside = (url: URL): boolean => listed.has(hostAndPort(url)) || (loopback && isThisMachine(url));
  return {
    refusal: (text) => refusalOf(text, isInside),
    lookup: (url) => (isInside(url) ? systemLookup : guarded(resolve)),
  };
}

/** Numbers are written in one way in a URL, whatever way they came. */
const isThisMachine = ({ hostname }: URL): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);

function refusalOf(text: string, isInside: (url: URL) => boolean): string | undefined {
  if (text.length > longestUrl) return "The URL is too long.";
  if (!URL.canParse(text)) return "This is not a URL.";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "A URL with a name or password in it is not taken.";
  if (text.includes("#")) return "A URL with a fragment is not taken.";
  if (url.protocol !== "https:" && url.protocol !== "http:") return "Webhooks go to https addresses.";
  if (isInside(url)) return undefined;
  if (url.protocol !== "https:") return "Webhooks go to https addresses.";
  if (!ports.has(url.port || "443")) return `Webhooks go to the ports ${[...ports].join(" and ")}.`;
  const { hostname } = url;
  if (hostname.startsWith("[") || isIP(hostname) !== 0) return "The host has to be a name, not a number.";
  if (!hostname.replace(/\.$/, "").includes(".") || innerNames.test(hostname)) {
    return "The host has to be a public name.";
  }
  return undefined;
}

/**
 * Asks the name servers without the system's resolver: that would use up the threads that passwords are hashed on,
 * and read names of this machine.
 */
function resolverOf(): Resolve {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  return async (name) => {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    if (addresses.length === 0)
      throw Object.assign(new Error("The name has no address."), { code: "ENOTFOUND" });
    return addresses;
  };
}

/** The name stands for an address inside a network. */
export class InnerAddressError extends Error {
  override readonly name = "InnerAddressError";
}

/** The addresses of a name. One bad address is enough to have none: which is connected to is up to chance. */
async function publicAddresses(resolve: Resolve, name: string): Promise<LookupAddress[]> {
  const addresses = await resolve(name);
  if (addresses.length === 0 || !addresses.every(isPublic)) {
    throw new InnerAddressError("The name leads into a network.");
  }
  return addresses.map((address) => ({ address, family: isIP(address) }));
}

function guarded(resolve: Resolve): LookupFunction {
  const find = callbackify((name: string) => publicAddresses(resolve, name));
  return (name, options, callback) => {
    find(name, (error, found) => {
      const [first] = found ?? [];
      if (first === undefined) callback(error, "");
      else if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}
