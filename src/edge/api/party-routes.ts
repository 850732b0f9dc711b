/** Shops, carriers, providers and operators over HTTP: one set of routes, at one address for each kind. */
import {
  helperListedSchema,
  keyMadeSchema,
  keyShown,
  operatorShown,
  shopListedSchema,
} from "../../core/answers/answers.ts";
import Type from "typebox";
import type { Server } from "../http/http.ts";
import { type Caller, listKeys, revokeKey } from "../../storage/identity/identity.ts";
import { listOperators, listParties, type PartyKind, tradingKinds } from "../../storage/parties/parties.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import {
  closed,
  contactSchema,
  durationSchema,
  idSchema,
  listOf,
  pageSchema,
  text,
} from "../../core/protocol/schemas.ts";
import {
  answerOnce,
  callerAmong,
  callerOf,
  type Context,
  operatorAct,
  type PartyOrOperator as Kind,
  pageWish,
  partyFor,
} from "./context.ts";
import { refuseUnproven } from "./session-routes.ts";
import * as parties from "./parties.ts";
import { pageOf } from "../../storage/database/database.ts";
import { registerNoticesOf } from "./record-routes.ts";
import { feeSchema, registerStandingRoutes } from "./standing-routes.ts";

const nothing = closed({});
const params = closed({ id: idSchema });
const keyParams = closed({ id: idSchema, key: idSchema });

const passwordSchema = Type.String({ minLength: 12, maxLength: 200 });
const keySchema = closed({ label: Type.Optional(text(1, 100)), overlap: Type.Optional(durationSchema) });

/** `makes`: kinds of parties that a server makes for itself, and to which nobody applies. */
export function registerPartyRoutes(
  server: Server,
  context: Context,
  makes: readonly PartyKind[] = [],
): void {
  const acts = actsOn(context);
  for (const kind of tradingKinds) {
    registerAdmission(server, context, kind);
    registerReading(server, context, kind);
    registerApproval(server, context, kind, acts);
    registerMoves(server, context, kind, acts);
    registerKeys(server, context, kind, acts);
  }
  for (const kind of makes) {
    registerMoves(server, context, kind, acts);
    registerKeys(server, context, kind, acts);
    registerNoticesOf(server, context, kind);
  }
  registerStandingRoutes(server, context);
  registerOperators(server, context);
  registerKeys(server, context, "operator", acts);
}

const lookAlikeSchema = text(1, 500, "Of an operator: why it may have a name that looks like another's");
const saidOf = (reason: string | undefined, operator: string) =>
  reason === undefined ? undefined : { reason, operator };

interface PartyAct {
  kind: PartyKind;
  id: string;
  fee?: parties.FeeOnWire | undefined;
  lookAlike?: string | undefined;
}
type Owner = { kind: Kind; id: string };

/** What operators do to parties of any kind, each declared once. */
function actsOn(context: Context) {
  const moved = (act: "approve" | "suspend" | "resume") =>
    operatorAct<PartyAct>(context, `party.${act}`, async (client, { kind, id, fee, lookAlike }, names) => ({
      ...(await parties.moveParty(context, client, kind, id, {
        do: act,
        fee,
        lookAlike: saidOf(lookAlike, names.operator),
      })),
      tells: id,
    }));
  return {
    approve: moved("approve"),
    suspend: moved("suspend"),
    resume: moved("resume"),
    makeKey: operatorAct<{ owner: Owner; by: Caller["kind"]; wish: parties.KeyWish }>(
      context,
      "key.make",
      async (client, { owner, by, wish }) => ({
        ...(await parties.makeKey(client, owner, by, wish)),
        tells: owner.id,
      }),
    ),
    revokeKey: operatorAct<{ id: string; key: string }>(context, "key.revoke", async (client, { id, key }) =>
      (await revokeKey(client, id, key)) ? { status: 204, body: {}, tells: id } : refuse("not_found"),
    ),
  };
}
type Acts = ReturnType<typeof actsOn>;

function registerAdmission(server: Server, context: Context, kind: PartyKind): void {
  const body = closed({
    name: text(1, 120),
    contact: contactSchema,
    password: Type.Optional(passwordSchema),
    fee: Type.Optional(feeSchema),
    lookAlike: Type.Optional(lookAlikeSchema),
    until: parties.stayUntil,
  });
  server.post(
    parties.addressOf(kind),
    {
      config: {
        access: ["anyone", "operator"],
        acts: ["party.add"],
        refusals: ["not_allowed", "card_number_refused", "name_looks_alike", "too_many_requests"],
        rateLimit: { max: 600, timeWindow: "1 minute" },
      },
      schema: {
        tags: parties.tagsOf(kind),
        summary: `Apply as a ${kind}`,
        answers: { 201: parties.answerOf(kind) },
        description:
          "Where one operator is enough, what an operator adds is approved at once; elsewhere two of them approve it.",
        body,
      },
    },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      const approved = caller.kind === "operator" && context.settings.fourEyes === "off";
      const { password, lookAlike, ...wish } = request.body;
      if (lookAlike !== undefined && caller.kind !== "operator")
        refuse("not_allowed", "Only an operator says that a name may look like another's.");
      if (!approved && wish.fee !== undefined)
        refuse("not_allowed", "The fee is set when operators approve it.");
      const { email } = wish.contact;
      if (password !== undefined && email === undefined)
        refuse("invalid_field", "A sign-in needs an e-mail address.");
      const passwordHash =
        password === undefined
          ? undefined
          : await context.identity.hashPassword(
              email ?? "",
              password,
              caller.kind === "operator" ? undefined : request.ip,
            );
      return answerOnce(context, request, reply, caller, (client) =>
        parties.applyAsParty(context, client, kind, wish, {
          approved,
          passwordHash,
          lookAlike: saidOf(lookAlike, caller.id),
        }),
      );
    },
  );
}

function registerReading(server: Server, context: Context, kind: PartyKind): void {
  server.get(
    `${parties.addressOf(kind)}/:id`,
    {
      config: { access: ["party", "operator"] },
      schema: {
        tags: parties.tagsOf(kind),
        summary: `Read a ${kind}`,
        answers: { 200: parties.answerOf(kind) },
        params,
      },
    },
    async (request) => {
      const caller = await partyFor(context, request, kind, request.params.id);
      const viewer = caller.kind === "operator" ? "operator" : "party";
      const view = await parties.partyView(context.database, kind, request.params.id, viewer);
      return view ?? refuse("not_found");
    },
  );
  server.get(
    parties.addressOf(kind),
    {
      config: { access: ["operator"] },
      schema: {
        tags: parties.tagsOf(kind),
        summary: `List ${kind}s, the oldest first`,
        answers: { 200: listOf(kind === "shop" ? shopListedSchema : helperListedSchema) },
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(context, request, ["operator"]);
      const { limit, after } = pageWish(request.query);
      const rows = await listParties(context.database, kind, limit + 1, after);
      return pageOf(rows, limit, parties.partyHead);
    },
  );
}

const ofOperators = { access: ["operator"], refusals: ["shop_not_approved", "shop_suspended"] } as const;

function registerApproval(server: Server, context: Context, kind: PartyKind, acts: Acts): void {
  const config = ofOperators;
  const lookAlike = Type.Optional(lookAlikeSchema);
  const approveBody =
    kind === "shop" ? closed({ fee: Type.Optional(feeSchema), lookAlike }) : closed({ lookAlike });
  server.post(
    `${parties.addressOf(kind)}/:id/approve`,
    {
      config: { ...config, acts: ["party.approve"], refusals: [...config.refusals, "name_looks_alike"] },
      schema: {
        tags: parties.tagsOf(kind),
        summary: `Approve a ${kind}`,
        answers: { 200: parties.answerOf(kind) },
        params,
        body: approveBody,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const wish = request.body as Pick<PartyAct, "fee" | "lookAlike">;
      const { id } = request.params;
      // Said before a second operator is asked to confirm it.
      if (wish.lookAlike === undefined) await parties.checkAdmission(context, kind, id);
      return acts.approve(request, reply, caller, { subject: id, args: { kind, id, ...wish } });
    },
  );
}

function registerMoves(server: Server, context: Context, kind: PartyKind, acts: Acts): void {
  for (const act of ["suspend", "resume"] as const) {
    server.post(
      `${parties.addressOf(kind)}/:id/${act}`,
      {
        config: { ...ofOperators, acts: [`party.${act}`] },
        schema: {
          tags: parties.tagsOf(kind),
          summary: act === "suspend" ? `Suspend a ${kind}; open trades go on` : "End a suspension",
          answers: { 200: parties.answerOf(kind) },
          params,
          body: nothing,
        },
      },
      async (request, reply) => {
        const caller = await callerAmong(context, request, ["operator"]);
        const { id } = request.params;
        return acts[act](request, reply, caller, { subject: id, args: { kind, id } });
      },
    );
  }
}

function registerKeys(server: Server, context: Context, kind: Kind, acts: Acts): void {
  const address = `${parties.addressOf(kind)}/:id/keys`;
  const config = { access: kind === "operator" ? ["operator"] : ["party", "operator"] } as const;
  const tags = parties.tagsOf(kind);
  server.post(
    address,
    {
      config: {
        ...config,
        acts: ["key.make"],
        refusals: ["shop_not_approved", "shop_suspended", "date_out_of_range", "not_allowed"],
      },
      schema: {
        tags,
        summary: "Make an API key; it is shown once",
        answers: { 201: keyMadeSchema },
        description:
          "With `overlap` the keys there were go on for that long only: rotation. The key is not stored, so a " +
          "repetition with the same Idempotency-Key gets the answer without it.",
        params,
        body: keySchema,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const caller = await partyFor(context, request, kind, id);
      await refuseUnproven(context, request, caller);
      const args = { owner: { kind, id }, by: caller.kind, wish: request.body };
      return acts.makeKey(request, reply, caller, { subject: id, args });
    },
  );
  server.get(
    address,
    {
      config,
      schema: { tags, summary: "List the keys that work", answers: { 200: listOf(keyShown) }, params },
    },
    async (request) => {
      await partyFor(context, request, kind, request.params.id);
      const keys = await listKeys(context.database, request.params.id);
      return { items: keys.map(parties.keyView), next: null };
    },
  );
  server.delete(
    `${address}/:key`,
    {
      config: { ...config, acts: ["key.revoke"] },
      schema: {
        tags,
        summary: "Revoke a key; the next request with it is refused",
        answers: { 204: null },
        params: keyParams,
      },
    },
    async (request, reply) => {
      const { id, key } = request.params;
      const caller = await partyFor(context, request, kind, id);
      return acts.revokeKey(request, reply, caller, { subject: id, args: { id, key } });
    },
  );
}

function registerOperators(server: Server, context: Context): void {
  const config = { access: ["operator"] } as const;
  const tags = parties.tagsOf("operator");
  const add = operatorAct<{ name: string; email: string; passwordHash: string }>(
    context,
    "operator.add",
    (client, wish, { operator }) => parties.addOperator(context, client, { ...wish, madeBy: operator }),
  );
  server.post(
    "/v1/operators",
    {
      config: { ...config, acts: ["operator.add"] },
      schema: {
        tags,
        summary: "Add an operator; they confirm nothing for a day",
        answers: { 201: operatorShown },
        body: closed({
          name: text(1, 120),
          email: Type.String({ format: "email", maxLength: 254 }),
          password: passwordSchema,
        }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { name, email, password } = request.body;
      const passwordHash = await context.identity.hashPassword(email, password);
      return add(request, reply, caller, { subject: email, args: { name, email, passwordHash } });
    },
  );
  server.get(
    "/v1/operators",
    {
      config,
      schema: {
        tags,
        summary: "List operators, the oldest first",
        answers: { 200: listOf(operatorShown) },
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(context, request, ["operator"]);
      const { limit, after } = pageWish(request.query);
      return pageOf(await listOperators(context.database, limit + 1, after), limit, parties.operatorView);
    },
  );
  registerOperatorMoves(server, context);
}

function registerOperatorMoves(server: Server, context: Context): void {
  for (const [act, to] of [
    ["suspend", "suspended"],
    ["resume", "active"],
  ] as const) {
    const move = operatorAct<{ id: string }>(context, `operator.${act}`, (client, { id }, { operator }) =>
      parties.moveOperator(client, id, operator, to),
    );
    server.post(
      `/v1/operators/:id/${act}`,
      {
        config: { access: ["operator"], acts: [`operator.${act}`] },
        schema: {
          tags: parties.tagsOf("operator"),
          summary: act === "suspend" ? "Suspend an operator" : "End a suspension",
          answers: { 200: operatorShown },
          params,
          body: nothing,
        },
      },
      async (request, reply) => {
        const caller = await callerAmong(context, request, ["operator"]);
        const { id } = request.params;
        return move(request, reply, caller, { subject: id, args: { id } });
      },
    );
  }
}
