import type { FastifyReply, FastifyRequest } from "fastify";

const nameForm = /^[A-Za-z0-9_-]+$/;
const valueForm = /^[A-Za-z0-9._~=+/-]*$/;

/** Where browsers may send the cookie along; `lax` also when a link on another site leads here. */
export type SameSite = "Strict" | "Lax";

/**
 * Reads and writes the cookies of one server. With `secure`, names carry the prefix `__Host-`, which
 * binds the cookie to this very host and to HTTPS (RFC 6265bis 4.1.3.2). All are HttpOnly.
 */
export interface Cookies {
  read(request: FastifyRequest, name: string): string | undefined;
  /** `maxAge` in seconds; left out, the cookie ends with the browser's session. */
  write(
    reply: FastifyReply,
    name: string,
    value: string,
    options?: { maxAge?: number; sameSite?: SameSite },
  ): void;
  clear(reply: FastifyReply, name: string): void;
}

/** Makes the reader and writer; values are tokens, never free text. */
export function makeCookies(secure: boolean): Cookies {
  const full = (name: string): string => (secure ? `__Host-${name}` : name);
  const write: Cookies["write"] = (reply, name, value, options = {}) => {
    if (!nameForm.test(name) || !valueForm.test(value))
      throw new TypeError("A cookie holds a token, not text.");
    const parts = [`${full(name)}=${value}`, "Path=/", "HttpOnly", `SameSite=${options.sameSite ?? "Lax"}`];
    if (options.maxAge !== undefined) parts.push(`Max-Age=${Math.floor(options.maxAge)}`);
    if (secure) parts.push("Secure");
    reply.header("set-cookie", parts.join("; "));
  };
  return {
    read(request, name) {
      const header = request.headers.cookie;
      if (header === undefined) return undefined;
      const wanted = `${full(name)}=`;
      for (const part of header.split(";")) {
        const pair = part.trim();
        if (pair.startsWith(wanted)) return pair.slice(wanted.length);
      }
      return undefined;
    },
    write,
    clear: (reply, name) => write(reply, name, "", { maxAge: 0 }),
  };
}
