/** Signing in and out over HTTP, for programs; the page for people uses the same service. */
import { callerSchema } from "../../core/answers/answers.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import type { Server } from "../http/http.ts";
import type { Assertion } from "../moments/moments.ts";
import { type Language, wishedLanguage, writeLanguage } from "../words/words.ts";
import {
  attemptsWindowMs,
  type Caller,
  type CallerKind,
  deviceCookie,
  isYoungSession,
  type Opened,
  secretHash,
  sessionCookie,
  sessionLifetimeMs,
  type SignedIn,
} from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import { partyKinds, readPartyLanguage, setPartyLanguage } from "../../storage/parties/parties.ts";
import { isPlainText, type Problem, problem, Refusal, refuse } from "../../core/protocol/protocol.ts";
import { closed, text } from "../../core/protocol/schemas.ts";
import { callerOf, type Context } from "./context.ts";

const tags = ["Sign-in"];
/** Seconds. */
const deviceKnownFor = 365 * 86_400;

const signInSchema = closed({
  email: text(1, 254),
  password: Type.String({ minLength: 1, maxLength: 200 }),
});

/** Minutes after signing in within which a session is enough to give somebody more of a right: later it may be a thief's. */
const lately = 15;

/** Whether whoever sends this has shown just now who they are. */
export async function isProven(
  { database, cookies }: Pick<Context, "database" | "cookies">,
  request: FastifyRequest,
): Promise<boolean> {
  const token = cookies.read(request, sessionCookie);
  return token !== undefined && isYoungSession(database, secretHash(token), lately);
}

/**
 * Refuses to a session of a party's what outlives it, or leads its goods and its customers elsewhere, unless they have signed in
 * just now. Its programs come with keys and go on as they are; what operators do takes two; where
 * one is enough, they are asked like a party.
 */
export async function refuseUnproven(
  context: Context,
  request: FastifyRequest,
  { kind, credential }: Caller,
): Promise<void> {
  const isOfTwo = kind === "operator" && context.confirming.rules.fourEyes !== "off";
  if (isOfTwo || credential.kind !== "session" || (await isProven(context, request))) return;
  refuse("not_allowed", "Sign in anew, and do it within a quarter of an hour of it.");
}

/**
 * Signs somebody in and sets the cookie, under a new session whatever the browser had. The answer tells who it is, or
 * why not; it is the caller's to show.
 */
export async function signIn(
  { identity, cookies }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  attempt: { email: string; password: string },
): Promise<SignedIn | { refused: Problem }> {
  // Nobody has such an address, and the database does not even take it as a question.
  if (!isPlainText(attempt.email)) return { refused: problem("sign_in_failed") };
  const previous = cookies.read(request, sessionCookie);
  const device = cookies.read(request, deviceCookie);
  const place = placeOf(request.headers["user-agent"]);
  const answer = await identity.signIn({ ...attempt, address: request.ip, previous, device, place });
  if ("refused" in answer) {
    if (answer.refused.code === "too_many_requests") reply.header("retry-after", attemptsWindowMs / 1000);
    return answer;
  }
  writeSession(cookies, reply, answer);
  cookies.write(reply, deviceCookie, answer.device, { maxAge: deviceKnownFor, sameSite: "Lax" });
  return answer;
}

/** Signs somebody in by what their passkey has signed. Refuses with passkey_refused, sign_in_failed or too_many_requests. */
export async function signInByPasskey(
  { identity, moments, cookies }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  response: Assertion,
): Promise<Caller> {
  const login = await moments.signIn(response, request.ip);
  const previous = cookies.read(request, sessionCookie);
  const place = placeOf(request.headers["user-agent"]);
  const opened = await identity.openFor(login, { previous, place });
  writeSession(cookies, reply, opened);
  return opened.caller;
}

function writeSession(cookies: Context["cookies"], reply: FastifyReply, { caller, token }: Opened): void {
  const maxAge = sessionLifetimeMs(caller.kind) / 1000;
  cookies.write(reply, sessionCookie, token, { maxAge, sameSite: "Lax" });
  cookies.write(reply, wasCookie, markOf(caller), { maxAge: 3 * 86_400, sameSite: "Lax" });
}

const browsers = [
  ["Edg", "Edge"],
  ["OPR", "Opera"],
  ["Firefox", "Firefox"],
  ["Chrome", "Chrome"],
  ["Safari", "Safari"],
] as const;
const systems = [
  ["Windows", "Windows"],
  ["Android", "Android"],
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Mac OS X", "macOS"],
  ["CrOS", "ChromeOS"],
  ["Linux", "Linux"],
] as const;

/** What kind of browser it is, by what it says of itself: so little that it tells nobody apart. */
export function placeOf(userAgent = ""): string | undefined {
  const browser = browsers.find(([mark]) => userAgent.includes(`${mark}/`))?.[1];
  const system = systems.find(([mark]) => userAgent.includes(mark))?.[1];
  const known = [browser, system].filter((each) => each !== undefined);
  return known.length === 0 ? undefined : known.join(", ");
}

/** By which a browser knows again who was signed in there last, for what they had typed when their session ended. */
const wasCookie = "kenshu_was";
const markOf = ({ credential }: Caller): string => secretHash(`was ${credential.id}`).slice(0, 32);

/** Whether somebody was signed in at this browser and has not signed out: they come back after their session has ended. */
export const wasSignedIn = ({ cookies }: Context, request: FastifyRequest): boolean =>
  cookies.read(request, wasCookie) !== undefined;

/** Whether it was they. Who has just signed in may be another than who had sat there before. */
export const wasSignedInAs = ({ cookies }: Context, request: FastifyRequest, caller: Caller): boolean =>
  cookies.read(request, wasCookie) === markOf(caller);

const isParty = (kind: CallerKind): boolean => partyKinds.some((one) => one === kind);

/**
 * Remembers in which language somebody reads and is written to. Of operators nothing is kept but the cookie, nor of a shop's
 * people: the shop is written to in the language of its first sign-in.
 */
export async function keepLanguage(
  { database }: Pick<Context, "database">,
  { kind, id, person }: Pick<Caller, "kind" | "id" | "person">,
  language: Language,
): Promise<void> {
  if (person !== undefined) return;
  if (kind === "member" || kind === "guest") await members.setLanguage(database, id, language);
  else if (isParty(kind)) await setPartyLanguage(database, id, language);
}

/**
 * The language of somebody who signs in, joins or approves: where their profile has one, the browser keeps it from now on;
 * else the profile gets the one that they wish for here. A guest is one with the id they were given.
 */
export async function noteLanguage(
  { database, cookies }: Pick<Context, "database" | "cookies">,
  reply: FastifyReply,
  caller: Pick<Caller, "kind" | "id" | "person">,
): Promise<void> {
  const { kind, id } = caller;
  if (id === "") return;
  const known =
    kind === "member"
      ? await members.readLanguage(database, id)
      : isParty(kind)
        ? await readPartyLanguage(database, id)
        : null;
  if (known !== null) return writeLanguage(cookies, reply, known);
  const wished = wishedLanguage(reply.request);
  if (wished !== undefined) await keepLanguage({ database }, caller, wished);
}

/** Ends the browser's session, if it has one, on the server and in the browser. */
export async function signOut(
  { identity, cookies }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const token = cookies.read(request, sessionCookie);
  if (token !== undefined) await identity.signOut(token);
  cookies.clear(reply, sessionCookie);
  cookies.clear(reply, wasCookie);
}

export function registerSessionRoutes(server: Server, context: Context): void {
  server.post(
    "/v1/sessions",
    {
      config: { access: ["anyone"], cookie: true, refusals: ["sign_in_failed", "too_many_requests"] },
      schema: {
        tags,
        summary: "Sign in; the session is in a cookie",
        answers: { 204: null },
        body: signInSchema,
      },
    },
    async (request, reply) => {
      const answer = await signIn(context, request, reply, request.body);
      if ("refused" in answer) throw new Refusal(answer.refused);
      return reply.code(204).send();
    },
  );
  server.delete(
    "/v1/sessions",
    {
      config: { access: ["anyone"], cookie: true },
      schema: { tags, summary: "Sign out", answers: { 204: null } },
    },
    async (request, reply) => {
      await signOut(context, request, reply);
      return reply.code(204).send();
    },
  );
  server.get(
    "/v1/sessions",
    {
      config: { access: ["anyone"], refusals: ["not_authenticated"] },
      schema: {
        tags,
        summary: "Who is calling: the member's number, or the kind and id of a party or operator",
        answers: { 200: callerSchema },
      },
    },
    async (request) => {
      const { kind, id, name, trade } = await callerOf(context, request);
      if (kind === "nobody") refuse("not_authenticated");
      if (kind === "guest" || kind === "invited") return { kind, trade };
      if (kind !== "member") return { kind, id, name };
      const person = await members.readPersonalData(context.database, context.vault, id);
      return { kind, id, name: person?.name ?? null, number: name };
    },
  );
}
