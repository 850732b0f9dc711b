/** What the headers of a request and of an answer say: host, key, cookies, where it comes from, what a page may do. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { keyPattern, problem, type Problem, refuse } from "../../core/protocol/protocol.ts";

const keyForm = new RegExp(keyPattern);
const unsafeMethods = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** True for methods that change something. */
export function isUnsafe(method: string): boolean {
  return unsafeMethods.has(method);
}

/**
 * The Idempotency-Key of a request, undefined where it has none. Refuses one that is empty, longer than
 * 255 characters, not visible ASCII, or given twice (Node.js joins the two with a comma and a space).
 */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key !== "string" || !keyForm.test(key)) refuse("idempotency_key_invalid");
  return key;
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

/**
 * Answers the problem `cross_site_request` where a browser says that another site made it send this
 * request (https://www.w3.org/TR/fetch-metadata/). Browsers without Sec-Fetch-Site send Origin, which
 * has to name this host. A client that sends neither is no browser, so nobody can have tricked it.
 */
function refuseCrossSite(request: FastifyRequest): Problem | undefined {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) {
    return site === "same-origin" || site === "none" ? undefined : problem("cross_site_request");
  }
  const origin = request.headers.origin;
  if (origin === undefined || hostOf(origin) === request.host) return undefined;
  return problem("cross_site_request");
}

/** What every request that changes something has to pass before its body is read. */
export function guardUnsafe(request: FastifyRequest, form: boolean): Problem | undefined {
  const { headers } = request;
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    return problem("unsupported_media_type", "Compressed bodies are not taken.");
  }
  if (!form && headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true) {
    return problem("unsupported_media_type");
  }
  // A form is looked at even without a cookie: signing somebody in under another name is an attack, too.
  return form || headers.cookie !== undefined ? refuseCrossSite(request) : undefined;
}

/** How scripts of other sites may call (https://fetch.spec.whatwg.org, CORS): by a key, and never by a cookie. */
export interface CrossOrigin {
  /** Lets a script of a site that is in the list read the answer. */
  allow(request: FastifyRequest, reply: FastifyReply): void;
  /** The answer to a browser that asks before it sends: what may be sent; undefined where it does not ask, or may not. */
  preflight(
    request: FastifyRequest,
    methods: readonly string[],
  ): Readonly<Record<string, string>> | undefined;
}

/** What scripts may send beside what every form may, and what they may read of an answer. */
const sentFields = "Authorization, Content-Type, Idempotency-Key";
const readFields = "Date, Idempotent-Replayed, Location, Request-Id, Retry-After, WWW-Authenticate";
/** For how many seconds a browser need not ask again. */
const askedFor = 600;

/**
 * For the sites with these origins. A browser that asks first says neither key nor body, so the list is the server's; who may
 * do what, the key says.
 */
export function crossOrigin(origins: readonly string[]): CrossOrigin {
  const listed = new Set(origins);
  const isListed = ({ headers }: FastifyRequest): boolean => listed.has(headers.origin ?? "");
  return {
    allow: (request, reply) => {
      if (listed.size === 0) return;
      reply.header("vary", "Origin");
      if (!isListed(request)) return;
      // Without Access-Control-Allow-Credentials no browser shows an answer that a cookie was sent for.
      reply.header("access-control-allow-origin", request.headers.origin);
      reply.header("access-control-expose-headers", readFields);
    },
    preflight: (request, methods) => {
      if (request.method !== "OPTIONS" || !isListed(request)) return undefined;
      if (request.headers["access-control-request-method"] === undefined) return undefined;
      return {
        "access-control-allow-methods": methods.join(", "),
        "access-control-allow-headers": sentFields,
        "access-control-max-age": String(askedFor),
      };
    },
  };
}

/** HTTP/1.1 asks every request to name its host (RFC 9112, section 3.2). */
export function guardHost(request: FastifyRequest): Problem | undefined {
  const { rawHeaders, httpVersion } = request.raw;
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length;
  // Of two, a proxy in front may have believed the other one.
  if (hosts > 1) return problem("malformed_request", "The request names more than one host.");
  if (hosts === 1 || httpVersion !== "1.1") return undefined;
  return problem("malformed_request", "The request does not name its host.");
}

/** What a client expects beyond an answer is not for this server (RFC 9110, section 10.1.1); it gets the answer. */
export function ignoreExpectations(server: Server): void {
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) =>
    server.emit("request", request, response),
  );
}

/**
 * The content security policy of pages: own styles, scripts and images, and those of the origins in `images`. Forms lead to this server and, since browsers
 * hold a form to this list on redirects too, to the servers at `targets` to which an answer may lead on.
 */
export function pagePolicy(targets: readonly string[] = [], images: readonly string[] = []): string {
  const forms = ["'self'", ...new Set(targets.map((url) => new URL(url).origin))].join(" ");
  return `default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src ${["'self'", "data:", ...new Set(images)].join(" ")}; font-src 'self'; form-action ${forms}; base-uri 'none'; frame-ancestors 'none'`;
}

/** Lets the forms of this one page lead on to another address as well: browsers hold a redirect to the policy of its form. */
export function leadingTo(reply: FastifyReply, url: string): FastifyReply {
  const policy = String(reply.getHeader("content-security-policy") ?? pagePolicy());
  const { origin } = new URL(url);
  return reply.header("content-security-policy", policy.replace("form-action ", `form-action ${origin} `));
}

/** Lets this one page run a program that was made for WebAssembly, which reads bar codes, and no other page. */
export function readingCodes(reply: FastifyReply): FastifyReply {
  const policy = String(reply.getHeader("content-security-policy") ?? pagePolicy());
  return reply.header(
    "content-security-policy",
    policy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"),
  );
}

const nameForm = /^[A-Za-z0-9_-]+$/;
const valueForm = /^[A-Za-z0-9._~=+/-]*$/;

/** Where browsers may send the cookie along; `lax` also when a link on another site leads here. */
export type SameSite = "Strict" | "Lax";

/** Reads and writes the cookies of one server; `cookieName` says what they are called. All are HttpOnly. */
export interface Cookies {
  read(request: FastifyRequest, name: string): string | undefined;
  /**
   * `maxAge` in seconds; left out, the cookie ends with the browser's session. `ofHost`: all servers of the host share it,
   * and read it by `cookieIn`.
   */
  write(
    reply: FastifyReply,
    name: string,
    value: string,
    options?: { maxAge?: number; sameSite?: SameSite; ofHost?: boolean },
  ): void;
  clear(reply: FastifyReply, name: string): void;
}

const isSecure = (publicUrl: string): boolean => publicUrl.startsWith("https:");
const ofHost = (publicUrl: string, name: string): string => (isSecure(publicUrl) ? `__Host-${name}` : name);

/**
 * What browsers call a cookie of the server at this address. By HTTPS it has the prefix `__Host-`, which binds it to this
 * very host (RFC 6265bis 4.1.3.2). Browsers send the cookies of a host to all its ports, so a server that has a port of its
 * own says so in the name: else who signs in at one server would be signed out of its neighbour.
 */
export function cookieName(publicUrl: string, name: string): string {
  const port = URL.canParse(publicUrl) ? new URL(publicUrl).port : "";
  return ofHost(publicUrl, port === "" ? name : `${name}_${port}`);
}

/** Makes the reader and writer for the server at this address; values are tokens, never free text. */
export function makeCookies(publicUrl: string): Cookies {
  const full = (name: string): string => cookieName(publicUrl, name);
  const write: Cookies["write"] = (reply, name, value, options = {}) => {
    if (!nameForm.test(name) || !valueForm.test(value))
      throw new TypeError("A cookie holds a token, not text.");
    const called = options.ofHost === true ? ofHost(publicUrl, name) : full(name);
    const parts = [`${called}=${value}`, "Path=/", "HttpOnly", `SameSite=${options.sameSite ?? "Lax"}`];
    if (options.maxAge !== undefined) parts.push(`Max-Age=${Math.floor(options.maxAge)}`);
    if (isSecure(publicUrl)) parts.push("Secure");
    reply.header("set-cookie", parts.join("; "));
  };
  return {
    read: (request, name) => valueIn(request.headers.cookie, full(name)),
    write,
    clear: (reply, name) => write(reply, name, "", { maxAge: 0 }),
  };
}

function valueIn(header: string | undefined, name: string): string | undefined {
  const wanted = `${name}=`;
  const pair = header
    ?.split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(wanted));
  return pair?.slice(wanted.length);
}

/** The value of a cookie that holds no secret and that all servers of the host share, with the prefix or without. */
export function cookieIn({ headers }: Pick<FastifyRequest, "headers">, name: string): string | undefined {
  return valueIn(headers.cookie, `__Host-${name}`) ?? valueIn(headers.cookie, name);
}

/** The first of these languages that an Accept-Language asks for (RFC 9110, section 12.5.4); undefined where it asks for none. */
export function languageAsked<Language extends string>(
  acceptLanguage: string | undefined,
  languages: readonly Language[],
): Language | undefined {
  const wishes = (acceptLanguage ?? "")
    .slice(0, languagesMost)
    .split(",")
    .map((text) => wishOf(text, languages));
  const known = wishes.filter(({ language, weight }) => language !== undefined && weight > 0);
  return known.toSorted((one, other) => other.weight - one.weight)[0]?.language;
}

/** Longer than any browser's list of languages. */
const languagesMost = 500;

function wishOf<Language extends string>(text: string, languages: readonly Language[]) {
  const [range = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((part) => part.startsWith("q="))?.slice(2);
  const weight = quality === undefined ? 1 : Number(quality);
  return {
    language: languages.find((one) => range === one || range.startsWith(`${one}-`)),
    weight: Number.isNaN(weight) ? 0 : weight,
  };
}
