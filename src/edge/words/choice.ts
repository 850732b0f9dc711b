/** Which language and which clock a reader has chosen: by cookie, else by what the browser asks for. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { zoneNamed } from "../../core/protocol/protocol.ts";
import { cookieIn, type Cookies, languageAsked } from "../http/http.ts";
import { isLanguage, type Language, languages } from "./sentences.ts";

const languageCookie = "language";
const year = 365 * 24 * 3600;

/**
 * The language that who sent the request wishes for: the one in the cookie, which sign-in takes from the profile and the
 * switch writes; else the first of ours that the browser asks for; undefined where it asks for none of them.
 */
export function wishedLanguage(request: Pick<FastifyRequest, "headers">): Language | undefined {
  const chosen = cookieIn(request, languageCookie);
  return isLanguage(chosen) ? chosen : languageAsked(request.headers["accept-language"], languages);
}

/** The language in which a page is written for them; English where they wish for none. */
export const languageOf = (request: Pick<FastifyRequest, "headers">): Language =>
  wishedLanguage(request) ?? "en";

/** Keeps the language in the browser, for a year. */
export function writeLanguage(cookies: Cookies, reply: FastifyReply, language: Language): void {
  cookies.write(reply, languageCookie, language, { maxAge: year, ofHost: true });
}

/** The zone that the browser has told by its cookie; undefined where it has told none, or none that there is. */
function zoneOf(request: Pick<FastifyRequest, "headers">): string | undefined {
  const told = cookieIn(request, "zone")?.replaceAll("%2F", "/");
  return told === undefined ? undefined : zoneNamed(told);
}

/** Where who changes the language comes back to: this page, or the one whose form was just sent. */
function backOf({ method, url, routeOptions, server }: FastifyRequest): string | undefined {
  if (method === "GET") return url;
  const pattern = (routeOptions.url ?? "/").split("/");
  const path = (url.split("?")[0] ?? "/").split("/");
  for (let length = pattern.length; length > 1; length -= 1) {
    if (server.hasRoute({ method: "GET", url: pattern.slice(0, length).join("/") }))
      return path.slice(0, length).join("/");
  }
  return undefined;
}

/** For whom a page is written. */
export interface Reader {
  lang: Language;
  /** IANA name of the zone that they have chosen. */
  timeZone: string | undefined;
  /** The address to which they come back when they change the language. */
  back: string | undefined;
}

export const readerOf = (request: FastifyRequest): Reader => ({
  lang: languageOf(request),
  timeZone: zoneOf(request),
  back: backOf(request),
});
