/** `/bank-transfers`: what has arrived and waits, for operators. The same acts as by calls. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { dammValid, numberTyped, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, pageSchema, text } from "../../core/protocol/schemas.ts";
import { listBankStatements, type StatementWish, waitingArrivals } from "../../engines/arrivals/arrivals.ts";
import { digestOf, inTransaction, type Outcome } from "../../engines/engine/engine.ts";
import { idFrom, pageOf, uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { callerAmong, callerOf, pageWish } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { noteLook } from "../operators/operators.ts";
import {
  attemptOf,
  broughtBy,
  frameOf,
  isSignedOut,
  mostMebibytes,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import { type Attempt, noAttempt } from "../parts/parts.ts";
import { type Assigning, type Dismissing, type Doings, lookAtFile, oneArrival, withDue } from "./acts.ts";
import { wholeView } from "./arrival-routes.ts";
import { ArrivalsPage } from "./arrival-views.tsx";
import { arrivalView, type PageRoom, statementView } from "./telling.ts";

const operators = ["operator"] as const;
const page = { access: operators, page: true } as const;
const refusals = ["not_authenticated", "not_allowed", "not_found", "nothing_kept"] as const;
const params = closed({ id: idSchema });
const key = Type.Optional(idSchema);
const reason = text(1, 300);
const atOnce = 20;
const shownStatements = 5;

export function registerArrivalPages(server: Server, room: PageRoom, doings: Doings): void {
  registerList(server, room);
  registerUpload(server, room, doings);
  registerForms(server, room, doings);
}

interface Listing {
  after?: string | undefined;
  asked?: boolean;
  /** The one that somebody has said why they look at. */
  opened?: Awaited<ReturnType<typeof wholeView>> | undefined;
  attempt?: Attempt;
}

async function sendList(
  room: PageRoom,
  reply: FastifyReply,
  caller: Caller,
  { after, asked = false, opened, attempt = noAttempt }: Listing,
): Promise<FastifyReply> {
  const { database } = room;
  const listed = opened === undefined ? await waitingArrivals(database, atOnce + 1, after) : [];
  const { items, next } = pageOf(listed, atOnce, arrivalView);
  const arrivals = opened === undefined ? items : [opened];
  const statements = (await listBankStatements(database, shownStatements, undefined)).map(statementView);
  const frame = frameOf(room, caller);
  const about = { statements, attempt, most: mostMebibytes };
  const shown = { frame, arrivals, next, opened, asked, once: () => uuidv7(), ...about };
  const status = attempt === noAttempt ? 200 : (attempt.problem?.status ?? 422);
  return sendPage(reply, ArrivalsPage, shown, status);
}

/** A bank's file, as by `POST /v1/bank-statements`. */
function registerUpload(server: Server, room: PageRoom, doings: Doings): void {
  const book = room.confirming.act<StatementWish>("bank-statement.book", doings.book);
  server.post(
    "/bank-transfers",
    {
      config: {
        ...page,
        form: true,
        upload: true,
        acts: ["bank-statement.book"],
        refusals: [...refusals, "already_exists", "body_too_large"],
      },
      schema: { tags, summary: "Bring a statement of the bank", body: closed({ key }) },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, operators);
      const { key: once } = request.body;
      const again = (wrong: Parameters<typeof attemptOf>[1]) =>
        sendList(room, reply, caller, { attempt: attemptOf({}, wrong) });
      const brought = await broughtBy(request, (bytes) =>
        lookAtFile(room, { bytes, operator: caller.id, key: once }),
      );
      if (!("value" in brought)) return again(brought);
      const wish = brought.value;
      const digest = digestOf("POST", request.url, { digest: wish.digest });
      const asked = { operator: caller.id, key: once, digest, subject: wish.statement };
      return answered(reply, await book(asked, wish));
    },
  );
}

function registerList(server: Server, room: PageRoom): void {
  const { database, settings } = room;
  server.get(
    "/bank-transfers",
    {
      config: { ...page, refusals: ["not_authenticated", "not_allowed", "not_found", "too_many_requests"] },
      schema: {
        tags,
        summary: "Bank transfers that wait for operators",
        querystring: closed({
          after: pageSchema.properties.after,
          asked: Type.Optional(Type.Literal("yes")),
          look: Type.Optional(idSchema),
          reason: Type.Optional(reason),
        }),
      },
    },
    async (request, reply) => {
      const caller = await callerOf(room, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/bank-transfers");
      if (caller.kind !== "operator") return refuse("not_allowed");
      const { asked, look, reason: said, ...query } = request.query;
      const { after } = pageWish(query);
      const opened =
        look === undefined
          ? undefined
          : await inTransaction(database, async (client) => {
              const arrival = await oneArrival(client, look);
              await noteLook(client, settings, { person: null, operator: caller.id, reason: said });
              return wholeView(room, client, arrival);
            });
      return sendList(room, reply, caller, { after, asked: asked === "yes", opened });
    },
  );
}

/** Leads back to what waits, or says that another operator is waited for. */
function answered(reply: FastifyReply, outcome: Outcome<unknown>): FastifyReply {
  if (outcome.how === "done") return seeOther(reply, "/bank-transfers");
  const { code, detail, act } = outcome.problem.value;
  if (code === "four_eyes_required" && act !== undefined) return seeOther(reply, "/bank-transfers?asked=yes");
  return refuse(code, detail);
}

/** Who asks, and under which key: a form that is sent twice is one wish. */
async function asking(room: PageRoom, request: FastifyRequest, subject: string, once: string | undefined) {
  const { id: operator } = await callerAmong(room, request, operators);
  return { operator, key: once, digest: digestOf("POST", request.url, request.body), subject };
}

function registerForms(server: Server, room: PageRoom, doings: Doings): void {
  const { confirming } = room;
  const assign = confirming.act<Assigning>("arrival.assign", doings.assign);
  const dismiss = confirming.act<Dismissing>("arrival.dismiss", doings.dismiss);
  server.post(
    "/bank-transfers/:id/assign",
    {
      config: {
        ...page,
        form: true,
        acts: ["arrival.assign"],
        refusals: [
          ...refusals,
          "wrong_check_digit",
          "amount_mismatch",
          "nothing_due",
          "currency_mismatch",
          "account_closed",
        ],
      },
      schema: {
        tags,
        summary: "Pay a due with a transfer that waits",
        params,
        body: closed({ number: text(1, 40), reason, key }),
      },
    },
    async (request, reply) => {
      const { id: arrival } = request.params;
      const { number: typed, reason: said, key: once } = request.body;
      const asked = await asking(room, request, arrival, once);
      await oneArrival(room.database, arrival);
      const number = numberTyped(typed);
      if (!/^[0-9]{1,20}$/.test(number) || !dammValid(number)) return refuse("wrong_check_digit");
      const id = once === undefined ? uuidv7() : idFrom(`assigned by ${once}`);
      const wish = await withDue(room.database, { id, arrivals: [arrival], number, reason: said });
      return answered(reply, await assign(asked, wish));
    },
  );
  server.post(
    "/bank-transfers/:id/dismiss",
    {
      config: { ...page, form: true, acts: ["arrival.dismiss"], refusals },
      schema: {
        tags,
        summary: "Say that a transfer that waits was no payer's",
        params,
        body: closed({ reason, key }),
      },
    },
    async (request, reply) => {
      const { id: arrival } = request.params;
      const { reason: said, key: once } = request.body;
      const asked = await asking(room, request, arrival, once);
      await oneArrival(room.database, arrival);
      return answered(reply, await dismiss(asked, { arrival, reason: said }));
    },
  );
}
