/** What other servers say is due here under trade numbers, and what became of it. */
import Type from "typebox";
import { collectionOutcomesSchema, collectionTotalsSchema } from "../../core/answers/answers.ts";
import {
  type CollectionInstruction,
  collectionInstructionSchemas,
  collectionInstructionsSchema,
  collectionSchema,
  listOf,
  closed,
  pageSchema,
} from "../../core/protocol/schemas.ts";
import type { CollectionOutcome, Collections } from "../../engines/collections/collections.ts";
import { notDone } from "../../engines/engine/engine.ts";
import { type Context, heedKey, outcomeInBatch, pageWish, wireOrNull } from "../api/api.ts";
import type { Database } from "../../storage/database/database.ts";
import { limits, makeInstructionCheck, sendJson, type Server } from "../http/http.ts";
import { requirePeer } from "../signing/signing.ts";

const tags = ["Collections"];
const config = { access: ["server"], refusals: ["signature_invalid"] } as const;

export function registerDueRoutes(server: Server, { database }: Context, collections: Collections): void {
  registerBatch(server, database, collections);
  registerLists(server, collections);
}

const check = makeInstructionCheck(collectionInstructionSchemas);

function registerBatch(server: Server, database: Database, collections: Collections): void {
  server.post(
    "/v1/collections/batch",
    {
      bodyLimit: limits.batchBody,
      config,
      schema: {
        tags,
        summary: "Up to 1,000 instructions about what is due, each decided by itself, in their order",
        answers: { 200: collectionOutcomesSchema },
        description:
          "`due` says what is due under a trade number in all, `reimburse` gives back what was paid, `heard` says up to " +
          "how much you have booked. `payee`, `fee.account` and the accounts of `sources` are consents to receive. Each is " +
          "done once for its `id`: the same again gets the same answer, and an Idempotency-Key is not needed. A `due` whose " +
          "`version` is not higher than the last one changes nothing, and is answered with how it stands. With a status of " +
          "500 or more nothing was kept: send the same instruction again.",
        body: collectionInstructionsSchema,
      },
    },
    async (request, reply) => {
      const { id: peer, name } = requirePeer(request);
      await heedKey(database, request, reply, peer);
      const outcomes = await Promise.all(
        request.body.instructions.map(async (instruction) =>
          outcomeInBatch(await decideOne(collections, { peer, name }, instruction), "collection"),
        ),
      );
      return sendJson(reply, 200, `{"outcomes":[${outcomes.join()}]}`);
    },
  );
}

async function decideOne(
  collections: Collections,
  { peer, name }: { peer: string; name: string },
  instruction: unknown,
): Promise<CollectionOutcome> {
  const refused = check(instruction);
  if (refused !== undefined) return notDone(refused);
  return collections.submit(peer, namedBill(instruction as CollectionInstruction, name));
}

/** Whoever pays a bill sees whose it is, by the name that is known here. */
function namedBill(instruction: CollectionInstruction, shopName: string): CollectionInstruction {
  return instruction.do === "due" && instruction.bill === true ? { ...instruction, shopName } : instruction;
}

function registerLists(server: Server, collections: Collections): void {
  server.get(
    "/v1/collections",
    {
      config,
      schema: {
        tags,
        summary: "Your collections, newest first; or those whose payments you have not heard of",
        answers: { 200: listOf(collectionSchema) },
        description:
          "With `unheard=true`: those whose `paid` is more than you have said to have heard, the oldest payment first.",
        querystring: closed({
          ...pageSchema.properties,
          unheard: Type.Optional(Type.Union([Type.Literal("true"), Type.Literal("false")])),
        }),
      },
    },
    async (request) => {
      const { id: peer } = requirePeer(request);
      const { unheard, ...page } = request.query;
      return collections.list(peer, { ...pageWish(page), unheard: unheard === "true" });
    },
  );
  server.get(
    "/v1/collections/totals",
    {
      config,
      schema: {
        tags,
        summary: "What all your collections come to, per currency, at one instant",
        answers: { 200: collectionTotalsSchema },
        description: "For reconciliation. What is beyond 2^53-1 is null.",
      },
    },
    async (request) => {
      const totals = await collections.totals(requirePeer(request).id);
      return {
        items: totals.map(({ currency, due, paid, refunded, kept }) => ({
          currency,
          due: wireOrNull(due),
          paid: wireOrNull(paid),
          refunded: wireOrNull(refunded),
          kept: wireOrNull(kept),
        })),
      };
    },
  );
}
