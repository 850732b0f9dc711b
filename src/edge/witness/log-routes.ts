/** This server's log for whoever asks: what it is, that it only adds, and how it began. */
import { epochBegunSchema, epochWishedSchema, epochsSchema, logSchema } from "../../core/answers/answers.ts";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, text } from "../../core/protocol/schemas.ts";
import type { Database } from "../../storage/database/database.ts";
import {
  awaitLog,
  beginNext,
  type Head,
  type LogSigner,
  proveConsistency,
  readBacklog,
  readEpochs,
  readHalt,
  readHead,
  readNote,
  wishEpoch,
} from "../../storage/seals/seals.ts";
import { lockOperators } from "../../storage/parties/parties.ts";
import { callerAmong, type Context } from "../api/api.ts";
import { type Gauges, idempotencyKey, type Server } from "../http/http.ts";
import { pairRefused } from "../operators/operators.ts";

export interface LogContext extends Context {
  signer: LogSigner;
  /** The name of an epoch's log. */
  originOf: (epoch: number) => string;
  /** By which this server signs what it has seen of others' logs. */
  witnessKey: string;
}

const tags = ["Log"];
const sinceQuery = closed({ since: Type.Optional(Type.String({ pattern: "^(0|[1-9][0-9]{0,15})$" })) });
const epochBody = closed({
  epoch: Type.Integer({ minimum: 2 }),
  after: closed({
    size: Type.Integer({ minimum: 0 }),
    root: Type.String({ pattern: "^[A-Za-z0-9+/]{43}=$" }),
  }),
  reason: text(1, 400),
});

export function registerLogRoutes(server: Server, context: LogContext): void {
  const { database } = context;
  server.get(
    "/v1/log",
    {
      config: { access: ["anyone"], refusals: ["not_sealed_yet"] },
      schema: {
        tags,
        summary:
          "The log of this server: its last checkpoint, and the proof that it only adds to its first `since` leaves",
        answers: { 200: logSchema },
        description:
          "A signed note (c2sp.org/tlog-checkpoint) with the signatures of its witnesses (docs/receipts.md).",
        querystring: sinceQuery,
      },
    },
    async (request) => stateOf(context, Number(request.query.since ?? 0)),
  );
  server.get(
    "/v1/log/epochs",
    {
      config: { access: ["anyone"] },
      schema: {
        tags,
        summary: "How each epoch of the log began: the text of its first leaf",
        answers: { 200: epochsSchema },
      },
    },
    async () => ({ items: (await readEpochs(database)).map(({ statement }) => statement), next: null }),
  );
  registerEpochs(server, context);
}

async function stateOf({ database, signer, originOf, witnessKey }: LogContext, since: number) {
  const head = await readHead(database);
  if (head === undefined) return refuse("not_sealed_yet");
  const { epoch, size } = head;
  const halt = await readHalt(database, epoch);
  return {
    origin: originOf(epoch),
    epoch,
    size,
    key: signer.keyOf(epoch),
    witness: witnessKey,
    note: await readNote(database, head),
    proof: since > size ? [] : await proveConsistency(database, epoch, since, size),
    halted:
      halt === undefined
        ? null
        : { since: halt.at.toISOString(), note: halt.note, common: { size: halt.common, root: halt.root } },
  };
}

function registerEpochs(server: Server, context: LogContext): void {
  const { database, signer } = context;
  server.post(
    "/v1/log/epochs",
    {
      config: { access: ["operator"], acts: ["log.begin"], refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Begin a new epoch of a log that is halted, behind what it has in common with its witnesses",
        answers: { 201: epochBegunSchema, 202: epochWishedSchema },
        description:
          "It takes two operators who name the same: the first gets 202, the second, if they may confirm what the first does, " +
          "begins it. `after` is `halted.common` of GET /v1/log.",
        body: epochBody,
      },
    },
    async (request, reply) => {
      const { id } = await callerAmong(context, request, ["operator"]);
      idempotencyKey(request);
      const begun = await beginEpoch(database, signer, id, request.body);
      if (begun === undefined)
        return reply.code(202).send({ epoch: request.body.epoch, waits: "a second operator" });
      return reply.code(201).send({ epoch: begun.epoch, size: begun.size, note: begun.note });
    },
  );
}

/** The epoch that begins where a second operator, who may, wants the same as the first; undefined while there is none. */
function beginEpoch(
  database: Database,
  signer: LogSigner,
  operator: string,
  wish: { epoch: number; after: { size: number; root: string }; reason: string },
): Promise<Head | undefined> {
  return database.transaction(async (client) => {
    await awaitLog(client);
    const head = await readHead(client);
    const halt = head && (await readHalt(client, head.epoch));
    if (halt === undefined) return refuse("not_found", "The log is not halted.");
    const { size, root } = wish.after;
    if (wish.epoch !== halt.epoch + 1 || size !== halt.common || root !== halt.root)
      return refuse("invalid_field", "That is not what the log has in common with its witnesses.", {
        errors: [{ pointer: "/after", message: `must be ${halt.common} leaves with the root ${halt.root}` }],
      });
    const wishes = await wishEpoch(client, wish.epoch, operator, wish.reason);
    const known = await lockOperators(client);
    const first = wishes.find((each) => pairRefused(known, each.operator, operator) === undefined);
    if (first === undefined) return undefined;
    const pair = wishes.filter((each) => each === first || each.operator === operator);
    const after = { epoch: halt.epoch, size, root };
    const operators = pair.map((each) => each.operator);
    return beginNext(client, halt, { after, operators, reasons: pair.map(({ reason }) => reason) }, signer);
  });
}

export function logGauges(database: Database): Gauges {
  return {
    help: {
      kenshu_log_waiting: "Committed batches that are not in the log yet.",
      kenshu_log_behind_seconds: "For how long the oldest of them has waited.",
      kenshu_log_halted:
        "1 where a witness holds of the log what it no longer holds, and no receipts are given.",
    },
    read: async () => {
      const { waiting, seconds } = await readBacklog(database);
      const head = await readHead(database);
      const halt = head && (await readHalt(database, head.epoch));
      return {
        kenshu_log_waiting: waiting,
        kenshu_log_behind_seconds: seconds,
        kenshu_log_halted: halt === undefined ? 0 : 1,
      };
    },
  };
}
