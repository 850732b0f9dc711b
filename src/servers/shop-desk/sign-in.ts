/** Signing in and out, and what somebody had typed when their session ended. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { timingSafeEqual } from "node:crypto";
import type { Server } from "../../edge/http/http.ts";
import type { Sentence } from "../../edge/words/words.ts";
import { randomToken } from "../../storage/database/database.ts";
import { emptyForm, openForm, openPage, sendPage, type Shop } from "../shop-frame/shop-frame.ts";
import { sha256 } from "../shop-orders/shop-orders.ts";
import { counted, endSession, memberOf, openSession } from "../shop-staff/shop-staff.ts";
import { shopSay } from "../shop-words/shop-words.ts";
import { callerOf, frameOf, ownerSign, staffCookie, type Who } from "./doors.ts";
import { signInForm, type StaffFields } from "./staff-forms.ts";
import { StaffSignInPage } from "./sign-in-page.tsx";

const sessionSeconds = 12 * 3600;
/** The browser knows for longer whose it was: who comes back gets what they had typed, and nobody else does. */
const knownSeconds = 3 * 86_400;
const signInLimit = { rateLimit: { max: 20, timeWindow: 60_000 } };

/** A form that was sent without a session: to which order and act, and what stood in it. */
export interface Again {
  number: string;
  path: string;
  fields: StaffFields;
}

/** What of it may go along in the page. */
const againText = (again: Again): string => JSON.stringify(again);

function againIn(text: string | undefined): Again | undefined {
  if (text === undefined) return undefined;
  try {
    const { number, path, fields } = JSON.parse(text) as Partial<Again>;
    if (typeof number !== "string" || typeof path !== "string" || typeof fields !== "object")
      return undefined;
    const words = Object.entries(fields ?? {}).filter(([, word]) => typeof word === "string");
    return { number, path, fields: Object.fromEntries(words) };
  } catch {
    return undefined;
  }
}

/** Answers a form whose session has ended with the sign-in form, which takes along what was typed. */
export async function askToSignIn(shop: Shop, reply: FastifyReply, again: Again): Promise<FastifyReply> {
  const frame = await frameOf(shop, undefined);
  return sendPage(reply, StaffSignInPage, { frame, again: againText(again) }, 401);
}

/** Somebody, and with which digest their password was compared; null for the one of the configuration. */
type Shown = { who: Who; member: { id: string; hash: Buffer } | null };

/** Whose password it is, by the name they sign in with: empty for the owner of the configuration's password. */
async function whoseIs(shop: Shop, signIn: string, password: string): Promise<Shown | undefined> {
  if (signIn === "")
    return timingSafeEqual(sha256(password), shop.staffPassword)
      ? { who: { member: null, by: ownerSign, name: null, role: "owner" }, member: null }
      : undefined;
  const found = await memberOf(shop.database, signIn, password);
  if (found === undefined) return undefined;
  const { id, signIn: by, name, role, hash } = found;
  return { who: { member: id, by, name, role }, member: { id, hash } };
}

function whoSigns(
  shop: Shop,
  { name = "", password }: { name?: string; password: string },
): Promise<Shown | undefined | "wait"> {
  const signIn = name.trim().normalize("NFKC").toLowerCase();
  return counted(shop.database, `sign-in ${signIn}`, () => whoseIs(shop, signIn, password));
}

/**
 * What is wrong with the password by which whoever is signed in shows that it is they: nothing where it is theirs. It is
 * counted apart from signing in, so that nobody outside can keep them from it.
 */
export async function ownMistake(shop: Shop, who: Who, password: string): Promise<Sentence | undefined> {
  const signIn = who.member === null ? "" : who.by;
  const found = await counted(shop.database, `own ${signIn}`, () => whoseIs(shop, signIn, password));
  if (found === "wait") return shopSay("mistake.tries");
  return found?.who.member === who.member ? undefined : shopSay("mistake.password");
}

/** Opens a session; undefined where the password was changed while it was looked at. */
async function opened(shop: Shop, { member }: Shown): Promise<string | undefined> {
  const token = randomToken(32);
  return (await openSession(shop.database, sha256(token), sessionSeconds, member)) ? token : undefined;
}

/** `back` shows a form again as it was typed, to whoever typed it. */
export function addSignIn(
  server: Server,
  shop: Shop,
  back: (request: FastifyRequest, reply: FastifyReply, who: Who, again: Again) => Promise<FastifyReply>,
): void {
  const { database, cookies } = shop;
  server.get(
    "/staff/sign-in",
    { config: openPage, schema: { summary: "Staff sign in here" } },
    async (_request, reply) => sendPage(reply, StaffSignInPage, { frame: await frameOf(shop, undefined) }),
  );
  server.post(
    "/staff/sign-in",
    {
      config: { ...openForm, ...signInLimit },
      schema: { summary: "Sign in", body: signInForm },
      attachValidation: true,
    },
    async (request, reply) => {
      const { again: kept } = request.body;
      const shown = request.validationError === undefined ? await whoSigns(shop, request.body) : undefined;
      const before = await callerOf(shop, request);
      const token = typeof shown === "object" ? await opened(shop, shown) : undefined;
      if (typeof shown !== "object" || token === undefined) {
        const mistaken = shopSay(shown === "wait" ? "mistake.tries" : "mistake.password");
        const props = { frame: await frameOf(shop, undefined), mistaken };
        return sendPage(
          reply,
          StaffSignInPage,
          typeof kept === "string" ? { ...props, again: kept } : props,
          shown === "wait" ? 429 : 401,
        );
      }
      const { who } = shown;
      cookies.write(reply, staffCookie, token, { maxAge: knownSeconds, sameSite: "Strict" });
      const again = againIn(kept);
      if (again === undefined || before?.who.by !== who.by) return reply.redirect("/staff", 303);
      return back(request, reply, who, again);
    },
  );
  server.post(
    "/staff/sign-out",
    { config: openForm, schema: { summary: "Sign out", body: emptyForm } },
    async (request, reply) => {
      const token = cookies.read(request, staffCookie);
      if (token !== undefined) await endSession(database, sha256(token));
      cookies.clear(reply, staffCookie);
      return reply.redirect("/staff/sign-in", 303);
    },
  );
}
