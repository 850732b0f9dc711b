/**
 * The doorstep on pages: the code that a buyer gives to the person at the door, and what the recipient of a gift sees
 * and does with a link and a code of their own. The link shows; link and code together act.
 */
import { say } from "../words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type, { type TSchema } from "typebox";
import { proofSeconds, recipientOf } from "../doorstep/doorstep.ts";
import type { Server } from "../http/http.ts";
import { squaresOf } from "../papers/papers.ts";
import { readClock } from "../../storage/database/database.ts";
import { nobody } from "../../storage/identity/identity.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { type ActAttempt, GiftPage, type TradeAct } from "../trade-views/trade-views.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { answeredBefore, asSeen, isBound, keyOfPress, waitedOf, withVersion } from "../devices/devices.ts";
import { frameOf, orProblem, seeOther, sendPage, tags } from "./replies.ts";
import { digitsOf, attemptOf, field, type Fields, key } from "./form-fields.ts";
import { askedOnceMore, findingOf, moveOf, parcel, photos, reason, withQuantities } from "./trade-forms.ts";
import type { PageContext } from "./page-context.ts";
import { type Moved, moved, mustRead, nowOf, params, type Reading, tradeForm } from "./trade-reader.ts";
import { bringerIn, fieldsWithPhotos, formOf, sendTrade } from "./trade-pages.ts";
import { closed } from "../../core/protocol/schemas.ts";

const giftCode = field(20);

/** What the recipient of a gift sends from the pages of the link. */
const giftForms = {
  deliver: closed({ key, giftCode, parcel }),
  accept: withQuantities({
    key,
    giftCode,
    all: field(3),
    sure: field(3),
    final: field(3),
    reference: field(),
  }),
  reject: withQuantities({ key, giftCode, kind: field(20), reason, photo: field(0), photos }),
  "send-back": closed({ key, giftCode, parcel }),
} as const satisfies Partial<Record<TradeAct, TSchema>>;
type GiftAct = keyof typeof giftForms;
const giftActs = ["deliver", "accept", "reject", "send-back"] as const satisfies readonly GiftAct[];

const doorCodeForm = closed({ key });
const giftDoorCodeForm = closed({ key, giftCode });
const giftForm = closed({ number: field(40), giftCode });

const giftCookie = "kenshu_gift";
/** That the code of the parcel was typed in this browser, for half an hour. */
const provenCookie = "kenshu_gift_code";

const open = { access: ["anyone"], page: true, refusals: ["not_found"] } as const;
const taking = { ...tradeForm, access: ["anyone"] } as const;

/** Registers the code for the door, and what the recipient of a gift sees and does. */
export function registerDoorPages(server: Server, context: PageContext): void {
  registerBuyersCode(server, context);
  registerGiftLink(server, context);
  registerGiftEntry(server, context);
  registerGiftCode(server, context);
  for (const act of giftActs) registerGiftAct(server, context, act);
  registerGiftDoorCode(server, context);
}

/** Whose page of a gift it is, and whether the code of the parcel was typed. */
interface GiftShown {
  gift?: "link";
  proven?: boolean;
}

/** The trade with the code to give now, or with the reason why there is none. */
async function sendDoorCode(
  context: PageContext,
  reply: FastifyReply,
  found: Reading,
  gift: GiftShown,
): Promise<FastifyReply> {
  const giver = found.role === "recipient" ? "recipient" : "buyer";
  const asked = await orProblem(() => context.doorstep.doorCode(found.trade, giver));
  if ("problem" in asked) {
    const { problem } = asked;
    const attempt = { ...attemptOf({}, { problem }), act: "door-code" as const };
    return sendTrade(context, reply, found, { ...gift, status: problem.status, attempt });
  }
  const { code, until } = asked.value;
  const doorCode = { code, until: until.toISOString(), squares: await squaresOf(code) };
  return sendTrade(context, reply, found, { ...gift, doorCode });
}

function registerBuyersCode(server: Server, context: PageContext): void {
  server.post(
    "/trades/:number/door-code",
    {
      config: tradeForm,
      schema: { tags, summary: "Show the code for the door", params, body: doorCodeForm },
    },
    async (request, reply) => {
      const found = await mustRead(context, request, reply, request.params.number);
      if (found === undefined) return reply;
      if (found.role !== "buyer") return refuse("not_allowed", "The code is the buyer's to give.");
      return sendDoorCode(context, reply, found, {});
    },
  );
}

/** Opening the link changes nothing but the browser: the token goes into a cookie and out of sight. */
function registerGiftLink(server: Server, context: PageContext): void {
  server.get(
    "/gift/:token",
    {
      config: open,
      schema: {
        tags,
        summary: "Open the recipient's link",
        params: closed({ token: Type.String({ maxLength: 100 }) }),
      },
    },
    (request, reply) => {
      const { token } = request.params;
      const number = context.doorstep.readLink(token);
      if (number === undefined) return refuse("not_found");
      context.cookies.write(reply, giftCookie, token, { sameSite: "Lax" });
      return seeOther(reply, `/gifts/${number}`);
    },
  );
  const query = closed({
    done: Type.Optional(Type.Unsafe<GiftAct>({ type: "string", enum: [...giftActs] })),
    // For the device that has sent what was pressed on it.
    version: Type.Optional(Type.String({ maxLength: 9 })),
  });
  server.get(
    "/gifts/:number",
    {
      config: open,
      schema: { tags, summary: "What is on its way to the recipient", params, querystring: query },
    },
    async (request, reply) => {
      const gift = await giftOf(context, request, request.params.number);
      if (gift === undefined) return seeOther(reply, "/gift");
      const { reading, proven } = gift;
      return sendTrade(context, reply, reading, { gift: "link", proven, done: request.query.done });
    },
  );
}

/** The trade as its recipient sees it; undefined where it has none, or none any more. */
async function readGift({ trades }: PageContext, number: string): Promise<Reading | undefined> {
  const actor = recipientOf(number);
  const trade = await trades.read(actor, number);
  return trade && { caller: nobody, actor, role: "recipient", trade, guest: undefined };
}

/** The trade whose recipient's link this browser has opened. */
export async function giftOf(
  context: PageContext,
  request: FastifyRequest,
  number: string,
): Promise<Gift | undefined> {
  const { cookies, doorstep, database } = context;
  const link = cookies.read(request, giftCookie);
  if (link === undefined || doorstep.readLink(link) !== number) return undefined;
  const reading = await readGift(context, number);
  const proof = cookies.read(request, provenCookie);
  const proven = proof !== undefined && doorstep.isProof(proof, number, await readClock(database));
  return reading && { link, reading, proven };
}

/** What a browser has shown of being the recipient's. */
interface Gift {
  link: string;
  reading: Reading;
  /** The code of the parcel was typed here, not long ago. */
  proven: boolean;
}

/** Keeps in this browser that the code was typed, so that it is asked for once. */
async function keepProof(
  { cookies, doorstep, database }: PageContext,
  reply: FastifyReply,
  number: string,
): Promise<void> {
  const proof = doorstep.proofOf(number, await readClock(database));
  cookies.write(reply, provenCookie, proof, { maxAge: proofSeconds, sameSite: "Lax" });
}

/** For the recipient who has the code of the parcel only: it shows, once for each time it is typed. */
function registerGiftEntry(server: Server, context: PageContext): void {
  const frame = { ...frameOf(context, nobody), bare: true as const };
  server.get(
    "/gift",
    {
      config: open,
      schema: {
        tags,
        summary: "Look for a present",
        querystring: closed({ number: Type.Optional(Type.String({ maxLength: 40 })) }),
      },
    },
    (request, reply) =>
      sendPage(reply, GiftPage, { frame, attempt: attemptOf({ number: request.query.number }, {}) }),
  );
  server.post(
    "/gift",
    {
      config: { ...open, form: true, rateLimit: { max: 60, timeWindow: "1 hour" } },
      schema: { tags, summary: "Show a present by its number and code", body: giftForm },
    },
    async (request, reply) => {
      const fields = request.body;
      const number = fields.number?.normalize("NFKC").replaceAll(/[\s-]/g, "") ?? "";
      const again = (status: number, wrong: Parameters<typeof attemptOf>[1]) => {
        const attempt = attemptOf({ number: fields.number }, wrong);
        return sendPage(reply, GiftPage, { frame, attempt }, status);
      };
      const code = digitsOf(fields.giftCode);
      if (code === undefined) return again(422, { errors: { giftCode: say("mistake.code") } });
      const proven = await orProblem(() => context.doorstep.proveRecipient(context.trades, number, { code }));
      if ("problem" in proven) return again(proven.problem.status, { problem: proven.problem });
      const gift = await giftOf(context, request, number);
      if (gift !== undefined) {
        await keepProof(context, reply, number);
        return seeOther(reply, `/gifts/${number}`);
      }
      const reading = (await readGift(context, number)) ?? refuse("not_found");
      return sendTrade(context, reply, reading, { gift: "code" });
    },
  );
}

/** The code of the parcel, typed once; what they do then asks for nothing more. */
function registerGiftCode(server: Server, context: PageContext): void {
  server.post(
    "/gifts/:number/code",
    {
      config: taking,
      schema: { tags, summary: "Show the code of the parcel", params, body: giftDoorCodeForm },
    },
    async (request, reply) => {
      const { number } = request.params;
      const gift = await giftOf(context, request, number);
      if (gift === undefined) return seeOther(reply, "/gift");
      const proven = await provenRecipient(
        context,
        number,
        { ...gift, proven: false },
        request.body.giftCode,
      );
      if (!("actor" in proven)) {
        const attempt = attemptOf({}, proven.wrong);
        return sendTrade(context, reply, gift.reading, { gift: "link", status: proven.status, attempt });
      }
      await keepProof(context, reply, number);
      return seeOther(reply, `/gifts/${number}`);
    },
  );
}

/** The recipient who has shown both link and code; or the finding for the field in which the code was typed. */
async function provenRecipient(
  { doorstep, trades }: PageContext,
  number: string,
  { link, proven: before, reading }: Gift,
  typed: string | undefined,
): Promise<{ actor: Actor } | { status: number; wrong: Parameters<typeof attemptOf>[1] }> {
  if (before) return { actor: reading.actor };
  const code = digitsOf(typed);
  if (code === undefined) return { status: 422, wrong: { errors: { giftCode: say("mistake.code") } } };
  const proven = await orProblem(() => doorstep.proveRecipient(trades, number, { link, code }));
  if ("value" in proven) return { actor: proven.value };
  const { problem } = proven;
  const wrong =
    problem.code === "recipient_code_invalid"
      ? { errors: { giftCode: say("mistake.giftCode") } }
      : { problem };
  return { status: problem.status, wrong };
}

function registerGiftAct(server: Server, context: PageContext, act: GiftAct): void {
  const photosOf = async (request: FastifyRequest) => {
    const gift = await giftOf(context, request, (request.params as { number: string }).number);
    return gift && bringerIn(context, gift.reading);
  };
  server.post(
    `/gifts/:number/${act}`,
    {
      config: act === "reject" ? { ...taking, upload: { photosOf } } : taking,
      schema: { tags, summary: `The recipient's form to ${act}`, params, body: giftForms[act] },
    },
    async (request, reply) => {
      const { number } = request.params;
      const { giftCode, ...typed } = request.body;
      const gift = await giftOf(context, request, number);
      if (gift === undefined) return seeOther(reply, "/gift");
      const waited = await waitedOf(context, request, gift.reading.actor);
      const proven = await provenRecipient(context, number, gift, giftCode);
      if (!("actor" in proven)) {
        const attempt = { ...attemptOf(typed, proven.wrong), act: formOf(act, typed) };
        return sendTrade(context, reply, gift.reading, { gift: "link", status: proven.status, attempt });
      }
      if (!gift.proven) await keepProof(context, reply, number);
      return takeGiftAct(context, { request, reply }, act, { ...gift, actor: proven.actor, waited });
    },
  );
}

/** What the recipient has pressed, who has shown both link and code. */
async function takeGiftAct(
  context: PageContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  act: GiftAct,
  { reading, actor, waited }: Gift & { actor: Actor; waited: Awaited<ReturnType<typeof waitedOf>> },
): Promise<FastifyReply> {
  const { trade } = reading;
  const { number } = trade;
  const { giftCode: _, ...body } = request.body as Fields;
  const { fields, wrong } = await fieldsWithPhotos(context, request, act, body, { actor, trade });
  const again = (
    status: number,
    wrong: Parameters<typeof attemptOf>[1],
    now = reading,
    sure?: ActAttempt["sure"],
  ) => {
    const tried = { ...attemptOf(fields, wrong), act: formOf(act, fields) };
    const attempt = sure === undefined ? tried : { ...tried, sure };
    return sendTrade(context, reply, now, { gift: "link", proven: true, status, attempt });
  };
  if (wrong !== undefined) return again(422, wrong);
  const key = waited === undefined ? fields["key"] : keyOfPress(act, fields);
  const before = await answeredBefore(context, actor, waited && key);
  if (before?.problem !== undefined) return again(before.problem.status, { problem: before.problem });
  const by = { fields, role: "recipient" } as const;
  const leads = (made: Moved) => {
    const path = made.waits ? `/gifts/${number}` : `/gifts/${number}?done=${act}`;
    return seeOther(reply, withVersion(path, made, isBound(waited, by)));
  };
  if (before !== undefined) return leads(before);
  const now = await nowOf(context);
  const made = moveOf(act, fields, { ...reading, now });
  if (!("body" in made)) return again(422, made);
  const sure = askedOnceMore(act, made.body, { trade, role: "recipient", now, fields });
  if (sure !== undefined) return again(422, {}, reading, sure);
  const outcome = await moved(context, actor, number, asSeen(made.body, waited, by), key);
  const { problem } = outcome;
  if (problem === undefined) return leads(outcome);
  const after = (await readGift(context, number)) ?? reading;
  return again(problem.status, findingOf(problem, fields), after);
}

function registerGiftDoorCode(server: Server, context: PageContext): void {
  server.post(
    "/gifts/:number/door-code",
    {
      config: taking,
      schema: { tags, summary: "Show the recipient's code for the door", params, body: giftDoorCodeForm },
    },
    async (request, reply) => {
      const { number } = request.params;
      const gift = await giftOf(context, request, number);
      if (gift === undefined) return seeOther(reply, "/gift");
      const proven = await provenRecipient(context, number, gift, request.body.giftCode);
      if ("actor" in proven) {
        if (!gift.proven) await keepProof(context, reply, number);
        return sendDoorCode(context, reply, gift.reading, { gift: "link", proven: true });
      }
      const attempt = { ...attemptOf({}, proven.wrong), act: "door-code" as const };
      return sendTrade(context, reply, gift.reading, { gift: "link", status: proven.status, attempt });
    },
  );
}
