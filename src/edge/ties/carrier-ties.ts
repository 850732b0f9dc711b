/**
 * A carrier lets an institution hear from this server what it has taken at doors: it brings the code of a consent that it has given there,
 * for it is the carrier who owes what is said. Nobody does it for a carrier, and it ends where it was given.
 */
import Type from "typebox";
import { tieListedSchema, tieSchema } from "../../core/answers/answers.ts";
import { keyPattern, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, listOf, oneOf, text } from "../../core/protocol/schemas.ts";
import { readRemoteAccounts, takingAccount } from "../../engines/rails/rails.ts";
import { type Client, uuidv7 } from "../../storage/database/database.ts";
import { answerOnce, callerAmong, callerOf } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import {
  attemptOf,
  type Fields,
  frameOf,
  isSignedOut,
  orProblem,
  type PageContext,
  seeOther,
  sendPage,
  tags as pageTags,
} from "../pages/pages.ts";
import { CarrierTiesPage } from "./carrier-tie-views.tsx";
import { knownPlace } from "./tie-routes.ts";
import { keepLoose } from "./ties-store.ts";
import { takeUpForCarrier, tieLoose, type TiesOptions } from "./tying.ts";

const tags = ["Carriers and providers"];
const params = closed({ id: idSchema });
const refusals = ["not_found", "already_exists", "consent_not_valid", "unavailable"] as const;
const body = closed({ institution: idSchema, code: text(1, 80) });
const form = closed({ key: Type.Optional(Type.String({ pattern: keyPattern })), ...body.properties });
const query = closed({ done: Type.Optional(oneOf(["tied"] as const)) });

export function registerCarrierTies(
  server: Server,
  context: PageContext,
  options: TiesOptions & { currencies: readonly string[] },
): void {
  registerCalls(server, context, options);
  registerPage(server, context, options);
}

type Options = TiesOptions & { currencies: readonly string[] };

interface Wish {
  carrier: string;
  institution: string;
  code: string;
}

/** Gives the code up, and answers how the consent is tied. */
async function taken(options: Options, { carrier, institution, code }: Wish) {
  const { id } = knownPlace(options.institutions, institution);
  const { consent, currency } = await takeUpForCarrier(options, id, code);
  if (!options.currencies.includes(currency))
    refuse("consent_not_valid", `Nothing is paid in ${currency} here.`);
  return { account: takingAccount(carrier, currency), institution: id, consent, currency };
}

/** Ties a carrier by a consent that nobody brings a code for, as where both servers are made at once. */
export async function tieKnownCarrier(
  client: Client,
  {
    carrier,
    institution,
    currency,
    consent,
  }: Record<"carrier" | "institution" | "currency" | "consent", string>,
): Promise<void> {
  await keepLoose(client, institution, consent, 1);
  await tieLoose(client, { account: takingAccount(carrier, currency), institution, consent });
}

async function tiesOf({ database, institutions, currencies }: Options, carrier: string) {
  const accounts = new Map(currencies.map((currency) => [takingAccount(carrier, currency), currency]));
  const found = await readRemoteAccounts(database, new Set(accounts.keys()));
  return found.map(({ account, institution, consent }) => ({
    institution,
    name: institutions.find(({ id }) => id === institution)?.name ?? null,
    currency: accounts.get(account) ?? "",
    consent,
  }));
}

function registerCalls(server: Server, context: PageContext, options: Options): void {
  server.post(
    "/v1/carriers/:id/ties",
    {
      config: { access: ["carrier"], refusals },
      schema: {
        tags,
        summary: "Let this server say in your name that you have taken money at the door",
        answers: { 201: tieSchema },
        description:
          '`code` is what the institution answers to `POST /v1/consents` with `purpose: "collect"`: up to so much a day, and until ' +
          "you end it there. From then on an acceptance of yours with `collected` says it. A later tie in the same currency " +
          "takes the place of the one before.",
        params,
        body,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["carrier"]);
      const { id } = request.params;
      if (caller.id !== id) return refuse("not_found");
      const { currency, ...wish } = await taken(options, { carrier: id, ...request.body });
      return answerOnce(context, request, reply, caller, async (client) => {
        await tieLoose(client, wish);
        return { status: 201, body: { institution: wish.institution, currency, consent: wish.consent } };
      });
    },
  );
  server.get(
    "/v1/carriers/:id/ties",
    {
      config: { access: ["carrier", "operator"], refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Where this server says what a carrier has taken at doors",
        answers: { 200: listOf(tieListedSchema) },
        params,
      },
    },
    async (request) => {
      const caller = await callerAmong(context, request, ["carrier", "operator"]);
      const { id } = request.params;
      if (caller.kind === "carrier" && caller.id !== id) return refuse("not_found");
      return { items: await tiesOf(options, id), next: null };
    },
  );
}

function registerPage(server: Server, context: PageContext, options: Options): void {
  const page = { access: ["carrier"], page: true, refusals: ["not_authenticated", "not_allowed"] } as const;
  const send = async (
    request: Parameters<typeof callerOf>[1],
    reply: Parameters<typeof sendPage>[0],
    {
      fields,
      done,
      ...wrong
    }: { fields: Fields; done?: "tied" | undefined } & Parameters<typeof attemptOf>[1],
  ) => {
    const caller = await callerAmong(context, request, ["carrier"]);
    return sendPage(
      reply,
      CarrierTiesPage,
      {
        frame: frameOf(context, caller),
        institutions: options.institutions,
        ties: await tiesOf(options, caller.id),
        once: uuidv7(),
        done,
        attempt: attemptOf(fields, wrong),
      },
      wrong.problem?.status ?? 200,
    );
  };
  server.get(
    "/collecting",
    {
      config: page,
      schema: { tags: pageTags, summary: "Where this server says what you have taken", querystring: query },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return seeOther(reply, "/signin?next=/collecting");
      return send(request, reply, { fields: {}, done: request.query.done });
    },
  );
  server.post(
    "/collecting",
    {
      config: { ...page, form: true, refusals: [...page.refusals, ...refusals] },
      schema: { tags: pageTags, summary: "Let this server say what you have taken", body: form },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return seeOther(reply, "/signin?next=/collecting");
      const { id: carrier } = await callerAmong(context, request, ["carrier"]);
      const { key: _, ...fields } = request.body;
      const answer = await orProblem(async () => {
        const { currency: __, ...wish } = await taken(options, { carrier, ...fields });
        await context.database.transaction((client) => tieLoose(client, wish));
      });
      if ("problem" in answer) return send(request, reply, { fields, problem: answer.problem });
      return seeOther(reply, "/collecting?done=tied");
    },
  );
}
