/**
 * `/desk/acts`: the forms of operators' acts. A form is filled in, shows what will be done, to whom and with which sum, and makes
 * the same call as a program then.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { type Problem, refuse } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import { idFrom, uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { callerAmong } from "../api/api.ts";
import { callerFields, readBackMissing, speechSaid, spokenOf } from "../callers/callers.ts";
import type { Server } from "../http/http.ts";
import { addressOf, callOwn, type OwnAnswer, secretIn } from "../own-calls/own-calls.ts";
import { confirmedActs, type Speech, takes } from "../operators/operators.ts";
import {
  attemptOf,
  field,
  type Fields,
  frameOf,
  key,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import { type Attempt, noAttempt } from "../parts/parts.ts";
import { say, type Sentence } from "../words/words.ts";
import { formNamed, formNames, forms } from "./all-forms.ts";
import { ActListPage, SecretPage } from "./form-list.tsx";
import { ActFormPage, ActLookPage } from "./form-views.tsx";
import { namesIn } from "./names.ts";
import { operatorAt } from "./visitor.ts";
import { bodyOf, partsOf, pointerOf, readFields, secretsOf, type Values } from "./reading.ts";
import type { FormSpec } from "./specs.ts";

const operators = ["operator"] as const;
const refusals = ["not_authenticated", "not_allowed", "not_found"] as const;
const page = { access: operators, page: true, refusals } as const;
const params = closed({ form: Type.String({ maxLength: 40 }) });

const specs = formNames.map((name) => forms[name]);
const namesOfFields = new Set(specs.flatMap(({ fields }) => fields.map(({ name }) => name)));
/** What an address may fill in: numbers and ids, nothing of a person. */
const prefilled = "number id kinds keyId kid head store lender currency account collector peer".split(" ");
const query = closed(Object.fromEntries([...prefilled, "done"].map((name) => [name, field(200)])));
const body = closed({
  ...Object.fromEntries([...namesOfFields].map((name) => [name, field(4000)])),
  ...callerFields,
  sure: field(3),
  change: field(3),
  key,
});
const acts = [...new Set(specs.flatMap((spec) => spec.acts))];

/** Whether this server has the call that a form makes. */
export function isHere(server: Server, { method, path, fields }: FormSpec): boolean {
  const kinds = Object.keys(fields.find(({ name }) => name === "kinds")?.choices ?? { "": "" });
  return kinds.some((kind) => server.hasRoute({ method, url: path.replace(":kinds", kind) }));
}

export function registerActForms(server: Server, context: PageContext): void {
  registerList(server, context);
  registerForm(server, context);
  registerPress(server, context);
}

function registerList(server: Server, context: PageContext): void {
  server.get(
    "/desk/acts",
    { config: page, schema: { tags, summary: "What operators do, each with its form" } },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const here = formNames.filter((name) => isHere(server, forms[name]));
      return sendPage(reply, ActListPage, {
        frame: frameOf(context, caller),
        forms: here.map((name) => ({ name, spec: forms[name] })),
      });
    },
  );
}

/** The form that an address names. Refuses one that is not here. */
function formAt(server: Server, name: string): FormSpec {
  const spec = formNamed(name);
  return spec !== undefined && isHere(server, spec) ? spec : refuse("not_found");
}

/** How many operators it takes on this server. */
function takesOf({ settings }: PageContext, { acts: [act] }: FormSpec): ReturnType<typeof takes> {
  return settings.fourEyes === "off" || !confirmedActs.includes(act) ? "one" : takes(act);
}

interface Showing {
  attempt?: Attempt;
  key?: string | undefined;
  done?: boolean;
}

function sendForm(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  name: string,
  spec: FormSpec,
  { attempt = noAttempt, key: once = uuidv7(), done = false }: Showing,
): FastifyReply {
  const wrong = attempt.problem !== undefined || Object.keys(attempt.errors).length > 0;
  const needs = spokenOf(context.settings, spec.acts[0]);
  const shown = { frame: frameOf(context, caller), name, spec, attempt, once, done, needs };
  return sendPage(reply, ActFormPage, shown, wrong ? (attempt.problem?.status ?? 422) : 200);
}

function registerForm(server: Server, context: PageContext): void {
  server.get(
    "/desk/acts/:form",
    { config: page, schema: { tags, summary: "The form of an act", params, querystring: query } },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { form: name } = request.params;
      const { done, ...values } = request.query as Fields;
      const attempt = attemptOf(values, {});
      return sendForm(context, reply, caller, name, formAt(server, name), { attempt, done: done === "yes" });
    },
  );
}

/** What stands in the way, under the names of the fields that it is about. */
function wrongOf({ fields }: FormSpec, problem: Problem): Parameters<typeof attemptOf>[1] {
  const errors: Record<string, Sentence> = {};
  for (const { pointer, message } of problem.errors ?? []) {
    const spec = fields.find(
      (one) => pointerOf(one) !== undefined && pointer.startsWith(pointerOf(one) ?? ""),
    );
    if (spec !== undefined) errors[spec.name] ??= say("mistake.other", { message });
  }
  return Object.keys(errors).length > 0 ? { errors } : { problem };
}

/** How an act stands before it is done: what the server has to say of it. */
async function standsOf(
  server: Server,
  request: FastifyRequest,
  { now }: FormSpec,
  values: Values,
  parts: Readonly<Record<string, string>>,
): Promise<Record<string, unknown> | undefined> {
  if (now === undefined) return undefined;
  const { account } = values as { account?: string };
  const url = addressOf(now, account === undefined ? parts : { ...parts, account });
  if (
    url === undefined ||
    !server.hasRoute({ method: "GET", url: now.replace(":kinds", parts["kinds"] ?? "") })
  )
    return undefined;
  const { problem, json } = await callOwn(server, request, { method: "GET", url });
  return problem === undefined ? json : undefined;
}

/** What is said of a caller, in the query of a call without a body. */
function speechQueryOf({ channel, reference, reason, proof }: Speech): string {
  const said = new URLSearchParams({ channel, reference });
  if (reason !== undefined) said.set("reason", reason);
  if (proof !== undefined) {
    said.set("proof", proof.kind);
    said.set("proofReference", proof.reference);
  }
  return said.toString();
}

interface Press {
  spec: FormSpec;
  values: Values;
  speech: Speech | undefined;
  operator: string;
  key: string | undefined;
}

/** Makes the call. */
async function press(
  server: Server,
  request: FastifyRequest,
  { spec, values, speech, operator, key: once }: Press,
): Promise<OwnAnswer> {
  const url = addressOf(spec.path, partsOf(spec, values)) ?? refuse("not_found");
  const said = speech !== undefined && spec.speech === "query" ? `?${speechQueryOf(speech)}` : "";
  const named = spec.names === true ? { id: idFrom(`made by ${once ?? uuidv7()} of ${operator}`) } : {};
  const all = {
    ...bodyOf(spec, values),
    ...named,
    ...(speech !== undefined && spec.speech === "body" ? { operator: speech } : {}),
  };
  const bodyless = spec.method === "DELETE" || spec.speech === "query";
  return callOwn(server, request, {
    method: spec.method,
    url: `${url}${said}`,
    body: bodyless ? undefined : all,
    key: once,
  });
}

/** Where a press leads that was taken. */
function leadOn(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  { name, spec, values }: { name: string; spec: FormSpec; values: Values },
  { json }: OwnAnswer,
): FastifyReply {
  const secret = secretIn(json);
  if (secret !== undefined)
    return sendPage(reply, SecretPage, { frame: frameOf(context, caller), act: spec.acts[0], secret });
  const after = spec.after === undefined ? undefined : addressOf(spec.after, partsOf(spec, values));
  return seeOther(reply, `${after ?? `/desk/acts/${name}`}?done=yes`);
}

interface Wish {
  name: string;
  spec: FormSpec;
  values: Values;
  fields: Fields;
  key: string | undefined;
}

/** What will be done, to be looked at once more. */
async function sendLook(
  server: Server,
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  { name, spec, values, fields, key: once = uuidv7() }: Wish,
  errors: Record<string, Sentence>,
): Promise<FastifyReply> {
  const stands = await standsOf(server, request, spec, values, partsOf(spec, values));
  const names = await namesIn(context.database, [values, stands ?? {}]);
  const shown = { frame: frameOf(context, caller), name, spec, values, stands, names, once };
  const attempt = attemptOf(fields, { errors });
  const status = Object.keys(errors).length === 0 ? 200 : 422;
  return sendPage(reply, ActLookPage, { ...shown, attempt, takes: takesOf(context, spec) }, status);
}

function registerPress(server: Server, context: PageContext): void {
  server.post(
    "/desk/acts/:form",
    {
      config: { access: operators, page: true, form: true, acts, refusals },
      schema: { tags, summary: "Look at an act once more, then do it", params, body },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, operators);
      const { form: name } = request.params;
      const spec = formAt(server, name);
      const { key: once, sure, change, ...fields } = request.body as Fields;
      const again = (wrong: Parameters<typeof attemptOf>[1]) =>
        sendForm(context, reply, caller, name, spec, { attempt: attemptOf(fields, wrong), key: once });
      const read = await readFields(context.database, spec, fields);
      if ("errors" in read) return again(read);
      const needs = spokenOf(context.settings, spec.acts[0]);
      const said = spec.speech === undefined ? undefined : speechSaid(fields, needs);
      if (said !== undefined && !("body" in said)) return again(said);
      if (change === "yes") return again({});
      const { values } = read;
      const wish: Wish = { name, spec, values, fields, key: once };
      if (sure !== "yes") return sendLook(server, context, request, reply, caller, wish, {});
      const secrets = secretsOf(spec, fields);
      const unread = spec.speech === undefined ? {} : (readBackMissing(fields) ?? {});
      const missing = { ...secrets.errors, ...unread };
      if (Object.keys(missing).length > 0)
        return sendLook(server, context, request, reply, caller, wish, missing);
      const whole = { ...values, ...secrets.values };
      const speech = said?.body;
      const pressed = { spec, values: whole, speech, operator: caller.id, key: once };
      const answer = await press(server, request, pressed);
      const { problem } = answer;
      if (problem === undefined) return leadOn(context, reply, caller, { name, spec, values }, answer);
      if (problem.code === "four_eyes_required" && problem.act !== undefined)
        return seeOther(reply, `/operator-acts/${problem.act}?asked=yes`);
      return again(wrongOf(spec, problem));
    },
  );
}
