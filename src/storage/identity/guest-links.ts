/**
 * The lasting link of a guest, by which they act on their trade. It is the guest's id, its own number and 160 bits of an
 * HMAC over both under this server's secret: it goes to the address that the guest has confirmed, and to nobody else. Only
 * one number works at a time; a new one, once it is opened, ends the one before.
 */
import { timingSafeEqual } from "node:crypto";
import { type Client, coalesce, type Database } from "../database/database.ts";
import type { Caller } from "./callers.ts";
import * as store from "./guest-store.ts";
import { makeSeal } from "./trade-links.ts";

export interface GuestLinks {
  /** The token of the guest's newest link, which begins to be there with the first call. */
  give(client: Client, guest: { person: string; number: string }): Promise<string>;
  /** Whose link it is; undefined where it is none of ours or has ended. Opening the newest ends the one before. */
  open(token: string): Promise<Caller | undefined>;
  /** The same, and nothing changes: a link that was never opened shows nothing yet. */
  identify(token: string): Promise<Caller | undefined>;
  /**
   * Makes a new link, whose number is answered. `atOnce`: for who holds the present one, which ends now. Anybody else may
   * ask but now and then, else undefined, and the present one goes on until the new one has been opened.
   */
  renew(client: Client, person: string, atOnce: boolean): Promise<number | undefined>;
  /** True as long as the guest has never had another link than the first. */
  isFirst(person: string): Promise<boolean>;
}

const form = /^kb_([0-9a-f]{32})_([1-9][0-9]{0,8})_([0-9a-f]{40})$/;

/** The links of the guests of the server that keeps this database. */
export function openGuestLinks(database: Database, secret: Buffer): GuestLinks {
  const seal = makeSeal(secret, "links of guests");
  const sealOf = (person: string, link: number) =>
    seal(`guest ${person} ${link}`).toString("hex").slice(0, 40);
  const read = coalesce((people: string[]) => store.readGuestLinks(database, people));
  function parts(token: string): { person: string; link: number } | undefined {
    const [, hex = "", number = "", given = ""] = form.exec(token) ?? [];
    if (hex === "") return undefined;
    const person = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    const link = Number(number);
    return timingSafeEqual(Buffer.from(given), Buffer.from(sealOf(person, link)))
      ? { person, link }
      : undefined;
  }
  return {
    give: async (client, { person, number }) => {
      const link = await store.giveGuestLink(client, person, BigInt(number));
      return `kb_${person.replaceAll("-", "")}_${link}_${sealOf(person, link)}`;
    },
    open: async (token) => {
      const shown = parts(token);
      if (shown === undefined) return undefined;
      const trade = await store.openGuestLink(database, shown.person, shown.link);
      return trade === undefined ? undefined : callerOf(shown.person, trade);
    },
    identify: async (token) => {
      const shown = parts(token);
      const found = shown && (await read(shown.person));
      return found !== undefined && found.current === shown?.link
        ? callerOf(found.person, found.trade)
        : undefined;
    },
    renew: (client, person, atOnce) => store.renewGuestLink(client, person, atOnce),
    isFirst: async (person) => ((await read(person))?.current ?? 1) === 1,
  };
}

function callerOf(person: string, trade: bigint): Caller {
  const number = String(trade);
  return { kind: "guest", id: person, name: null, credential: { kind: "link", id: number }, trade: number };
}

/** How many trades of a guest's a browser keeps apart; whoever comes for one that is older asks for its link. */
const linksMost = 8;

/** The tokens in a browser's cookie, the newest first. */
export const guestTokens = (cookie: string | undefined): string[] =>
  (cookie ?? "")
    .split("~")
    .filter((token) => form.test(token))
    .slice(0, linksMost);

const personIn = (token: string): string => token.slice(0, token.indexOf("_", 3));

/** The cookie with one more link; it takes the place of an earlier one of the same guest. */
export function withGuestToken(cookie: string | undefined, token: string): string {
  const others = guestTokens(cookie).filter((each) => personIn(each) !== personIn(token));
  return [token, ...others].slice(0, linksMost).join("~");
}

/** The cookie without the links of a guest, whose id is a UUID. */
export function withoutGuest(cookie: string | undefined, person: string): string {
  const gone = `kb_${person.replaceAll("-", "")}`;
  return guestTokens(cookie)
    .filter((token) => personIn(token) !== gone)
    .join("~");
}
