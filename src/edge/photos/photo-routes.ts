/** Photos over HTTP: brought as base64, seen as they are kept, and listed for whoever brought them. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { photoListed, photoView } from "../../core/answers/answers.ts";
import { dammValid, Refusal, refuse } from "../../core/protocol/protocol.ts";
import {
  closed,
  listOf,
  numberSchema,
  pageSchema,
  photoDigestSchema,
  text,
} from "../../core/protocol/schemas.ts";
import { pageOf } from "../../storage/database/database.ts";
import { findMember, listPhotos } from "../../storage/members/members.ts";
import {
  actorAmong,
  actorOf,
  answerOnce,
  callerAmong,
  type Context,
  memberNumber,
  noteTradeLook,
  pageWish,
} from "../api/api.ts";
import { limits, type Server } from "../http/http.ts";
import type { Photos } from "./photo-book.ts";

const tags = ["Photos"];
const found = ["not_found", "wrong_check_digit"] as const;
const bringers = ["member", "recipient", "shop"] as const;
const viewers = ["member", "guest", "recipient", "shop", "operator"] as const;

export function registerPhotoRoutes(server: Server, context: Context & { photos: Photos }): void {
  registerBringing(server, context);
  registerShowing(server, context);
  registerList(server, context);
}

async function orRefusal<Value>(work: () => Promise<Value>): Promise<Value | Refusal> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function registerBringing(server: Server, context: Context & { photos: Photos }): void {
  const { photos, trades } = context;
  server.post(
    "/v1/trades/:number/photos",
    {
      bodyLimit: limits.batchBody,
      config: {
        access: bringers,
        refusals: [...found, "trade_not_open", "photo_refused", "too_many_photos", "overloaded"],
      },
      schema: {
        tags,
        summary: "Bring a photo of the goods, to be named in `reject` or `say`",
        description:
          "JPEG, PNG or WebP in base64, within a body of 4 MiB. It is made anew: upright, at most 1600 pixels long, without anything written beside the picture. Nobody sees it before `reject` or `say` names its digest; what is not named within a day is deleted.",
        answers: { 201: photoView },
        params: closed({ number: numberSchema }),
        body: closed({
          image: Type.String({
            minLength: 100,
            maxLength: limits.batchBody,
            pattern: "^[A-Za-z0-9+/]+={0,2}$",
          }),
        }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, bringers);
      const { number } = request.params;
      if (!dammValid(number)) refuse("wrong_check_digit");
      const actor = actorOf(context, request, caller);
      // It is looked at before a connection is taken; whoever repeats a request gets its answer, whatever would be said now.
      const made = await orRefusal(async () => {
        await photos.mayBring(trades, actor, number);
        return photos.made(actor.id, Buffer.from(request.body.image, "base64"));
      });
      return answerOnce(context, request, reply, caller, async (client) => {
        if (made instanceof Refusal) throw made;
        return { status: 201, body: { ...(await photos.keep(client, actor, number, made)) } };
      });
    },
  );
}

/** Answers with a photo, which is a picture and nothing else whatever a browser makes of it, and no other site's to show. */
function sendPhoto(reply: FastifyReply, number: string, digest: string, image: Buffer): FastifyReply {
  return reply
    .type("image/jpeg")
    .headers({
      "cache-control": "private, no-store",
      "content-disposition": `inline; filename="${number}-${digest.slice(0, 8)}.jpg"`,
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
    })
    .send(image);
}

function registerShowing(server: Server, context: Context & { photos: Photos }): void {
  const { photos, trades } = context;
  server.get(
    "/v1/trades/:number/photos/:digest",
    {
      config: { access: viewers, acts: ["photo.read"], refusals: [...found, "too_many_requests"] },
      schema: {
        tags,
        summary: "A photo that was put to a rejection or to a dispute",
        description:
          "For buyer and shop, for whoever brought it, and for operators, who say why and leave a row in the buyer's record. Its digest stands in `photos` of the event.",
        answers: { 200: Type.String({ contentMediaType: "image/jpeg" }) },
        params: closed({ number: numberSchema, digest: photoDigestSchema }),
        querystring: closed({ reason: Type.Optional(text(1, 200, "Of an operator; the buyer reads it")) }),
      },
    },
    async (request, reply) => {
      const actor = await actorAmong(context, request, viewers);
      const { number, digest } = request.params;
      if (!dammValid(number)) refuse("wrong_check_digit");
      if (actor.kind === "operator") await noteTradeLook(context, actor.id, number, request.query.reason);
      return sendPhoto(reply, number, digest, await photos.show(trades, actor, number, digest));
    },
  );
}

function registerList(server: Server, context: Context): void {
  const { database } = context;
  server.get(
    "/v1/members/:number/photos",
    {
      config: { access: ["member"], refusals: found },
      schema: {
        tags,
        summary: "The photos that a member has brought and that are still kept, newest first",
        answers: { 200: listOf(photoListed) },
        params: closed({ number: numberSchema }),
        querystring: pageSchema,
      },
    },
    async (
      request: FastifyRequest<{ Params: { number: string }; Querystring: Parameters<typeof pageWish>[0] }>,
    ) => {
      const caller = await callerAmong(context, request, ["member"]);
      const member = await findMember(database, memberNumber(request.params.number));
      if (member?.id !== caller.id) refuse("not_found");
      const { limit, after } = pageWish(request.query);
      const rows = await listPhotos(database, caller.id, limit + 1, after);
      return pageOf(rows, limit, ({ id, trade, digest, at }) => ({
        id,
        trade: String(trade),
        digest,
        at: at.toISOString(),
      }));
    },
  );
}
