/** Payments for other servers over HTTP: what a peer tells this institution to do with accounts that it may use. */
import { reservationOutcomesSchema, reservationTotalsSchema } from "../../core/answers/answers.ts";
import Type from "typebox";
import { limits, makeInstructionCheck, sendJson, type Server, wordOf } from "../../edge/http/http.ts";
import { type ProblemCode, refuse } from "../../core/protocol/protocol.ts";
import {
  closed,
  idSchema,
  type Instruction,
  instructionSchemas,
  instructionsSchema,
  listOf,
  pageSchema,
  type ReservationMove,
  reservationMoves,
  reservationSchema,
  reservationStates,
  reserveSchema,
} from "../../core/protocol/schemas.ts";
import { notDone } from "../../engines/engine/engine.ts";
import type { InstructionOutcome, Reservations } from "../../engines/reservations/reservations.ts";
import type { Database } from "../../storage/database/database.ts";
import { requirePeer } from "../../edge/signing/signing.ts";
import { heedKey, outcomeInBatch, pageWish, sendOutcome, wireOrNull } from "../../edge/api/api.ts";

const tags = ["Payments for other servers"];
const params = closed({ id: idSchema });
const access = ["server"] as const;
const always = ["signature_invalid"] as const;

const moves: Record<ReservationMove, { summary: string; refusals: readonly ProblemCode[] }> = {
  settle: {
    summary: "Pay all or part of what is frozen, give back some, move the end: in one step",
    refusals: [
      "confirmation_awaited",
      "settlement_refused",
      "hold_ended",
      "amount_exceeds_hold",
      "amount_mismatch",
      "consent_not_valid",
    ],
  },
  release: {
    summary: "Give back all or part of what is frozen",
    refusals: ["hold_ended", "amount_exceeds_hold"],
  },
  extend: { summary: "Keep it frozen for longer", refusals: ["hold_ended", "date_out_of_range"] },
  refund: {
    summary: "Give back what was settled",
    refusals: ["amount_exceeds_settled", "amount_mismatch", "consent_not_valid", "payee_insufficient_funds"],
  },
  assign: {
    summary: "Name another payee, of whom you hold a consent, while nothing has been paid",
    refusals: ["hold_ended", "consent_not_valid", "currency_mismatch", "shop_suspended"],
  },
};
const moveNames = Object.keys(moves) as ReservationMove[];

export function registerReservationRoutes(
  server: Server,
  database: Database,
  reservations: Reservations,
): void {
  registerReserve(server, database, reservations);
  for (const move of moveNames) registerMove(server, database, reservations, move);
  registerBatch(server, database, reservations);
  registerReads(server, reservations);
}

function registerReserve(server: Server, database: Database, reservations: Reservations): void {
  server.post(
    "/v1/reservations",
    {
      config: {
        access,
        refusals: [
          ...always,
          "command_id_reused",
          // Of what it replaces.
          "hold_ended",
          "consent_not_valid",
          "consent_limit_exceeded",
          "currency_mismatch",
          "date_out_of_range",
          "insufficient_funds",
          "credit_limit_exceeded",
          "bill_overdue",
          "member_not_approved",
          "shop_suspended",
        ],
      },
      schema: {
        tags,
        summary: "Freeze an amount",
        answers: { 201: reservationSchema },
        description:
          "`account` and `payee` are consents. The same instruction again gets the same answer, and `id` with " +
          "other content is refused: an Idempotency-Key is not needed.",
        body: reserveSchema,
      },
    },
    async (request, reply) => {
      const { id: peer } = requirePeer(request);
      await heedKey(database, request, reply, peer);
      return sendOutcome(reply, await reservations.submit(peer, { do: "reserve", ...request.body }));
    },
  );
}

function registerMove(
  server: Server,
  database: Database,
  reservations: Reservations,
  move: ReservationMove,
): void {
  const { summary, refusals } = moves[move];
  server.post(
    `/v1/reservations/:id/${move}`,
    {
      config: { access, refusals: [...always, "not_found", "command_id_reused", ...refusals] },
      schema: { tags, summary, params, body: reservationMoves[move], answers: { 200: reservationSchema } },
    },
    async (request, reply) => {
      const { id: peer } = requirePeer(request);
      await heedKey(database, request, reply, peer);
      const body = request.body as object;
      const instruction = { do: move, reservation: request.params.id, ...body } as Instruction;
      return sendOutcome(reply, await reservations.submit(peer, instruction));
    },
  );
}

const check = makeInstructionCheck(instructionSchemas);

function registerBatch(server: Server, database: Database, reservations: Reservations): void {
  server.post(
    "/v1/reservations/batch",
    {
      bodyLimit: limits.batchBody,
      config: { access, refusals: always },
      schema: {
        tags,
        summary: "Up to 1,000 instructions, each decided by itself, in their order",
        answers: { 200: reservationOutcomesSchema },
        description:
          "An instruction is the body of its call with `do` (`reserve`, `settle`, `release`, `extend`, `refund` or " +
          "`transfer`) and, where it is about a reservation that exists, `reservation`. `outcomes` are in the order " +
          "of the instructions, each `{status, reservation}`, `{status, transfer}` or `{status, problem}`, with " +
          "`replayed` where it is an answer given before. With a status of 500 or more nothing was kept: send the " +
          "same instruction again.",
        body: instructionsSchema,
      },
    },
    async (request, reply) => {
      const { id: peer } = requirePeer(request);
      await heedKey(database, request, reply, peer);
      const { instructions } = request.body;
      const outcomes = await Promise.all(
        instructions.map(async (instruction) =>
          outcomeInBatch(
            await decideOne(reservations, peer, instruction),
            wordOf(instruction) === "transfer" ? "transfer" : "reservation",
          ),
        ),
      );
      return sendJson(reply, 200, `{"outcomes":[${outcomes.join()}]}`);
    },
  );
}

async function decideOne(
  reservations: Reservations,
  peer: string,
  instruction: unknown,
): Promise<InstructionOutcome> {
  const refused = check(instruction);
  if (refused !== undefined) return notDone(refused);
  return reservations.submit(peer, instruction as Instruction);
}

const listSchema = closed({
  ...pageSchema.properties,
  state: Type.Optional(
    Type.Unsafe<(typeof reservationStates)[number]>({ type: "string", enum: [...reservationStates] }),
  ),
});

function registerReads(server: Server, reservations: Reservations): void {
  const config = { access, refusals: always };
  server.get(
    "/v1/reservations",
    {
      config,
      schema: {
        tags,
        summary: "Your reservations, newest first",
        answers: { 200: listOf(reservationSchema) },
        querystring: listSchema,
      },
    },
    async (request) => {
      const { id: peer } = requirePeer(request);
      return reservations.list(peer, { ...pageWish(request.query), state: request.query.state });
    },
  );
  server.get(
    "/v1/reservations/totals",
    {
      config,
      schema: {
        tags,
        summary: "What all your reservations come to, per currency, at one instant",
        answers: { 200: reservationTotalsSchema },
        description: "For reconciliation. What is beyond 2^53-1 is null.",
      },
    },
    async (request) => {
      const totals = await reservations.totals(requirePeer(request).id);
      return {
        items: totals.map(({ currency, frozen, settled, released, refunded }) => ({
          currency,
          frozen: wireOrNull(frozen),
          settled: wireOrNull(settled),
          released: wireOrNull(released),
          refunded: wireOrNull(refunded),
        })),
      };
    },
  );
  server.get(
    "/v1/reservations/:id",
    {
      config: { access, refusals: [...always, "not_found"] },
      schema: { tags, summary: "The truth about a reservation", answers: { 200: reservationSchema }, params },
    },
    async (request) => {
      const { id: peer } = requirePeer(request);
      return (await reservations.read(peer, request.params.id)) ?? refuse("not_found");
    },
  );
}
