/** Lists of operators, and each of what stands in them: what the calls answer, with the way to what can be done. */
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema } from "../../core/protocol/schemas.ts";
import { type FormName, forms, isHere, namesIn, operatorAt } from "../act-forms/act-forms.ts";
import { callOwn } from "../own-calls/own-calls.ts";
import type { Server } from "../http/http.ts";
import { field, frameOf, type PageContext, sendPage, tags } from "../pages/pages.ts";
import { type ActLink, type Listed, ListPage, OnePage, type Section } from "../queue-views/queue-views.ts";
import type { WordKey } from "../words/words.ts";
import { linkTo, lists, type ListSpec, partyKindsHere } from "./lists.ts";

const page = {
  access: ["operator"],
  page: true,
  refusals: ["not_authenticated", "not_allowed", "not_found"],
} as const;
const query = closed({ after: field(60), done: field(3) });

type Row = Readonly<Record<string, unknown>>;

const states = ["applied", "approved", "suspended", "active", "provisional", "erased"] as const;
function stateOf({ state }: Row): WordKey | undefined {
  const known = states.find((one) => one === state);
  return known === undefined ? undefined : `parties.state.${known}`;
}

/** Those of these forms whose calls this server has. */
const linksTo = (
  server: Server,
  names: readonly FormName[],
  known: Readonly<Record<string, string>>,
): ActLink[] => names.filter((name) => isHere(server, forms[name])).map((name) => linkTo(name, known));

/** Which acts change in what state something is; it is not offered where that is so already. A state that is not known hides none. */
const becomes: Readonly<Partial<Record<FormName, readonly string[]>>> = {
  "party-approve": ["approved", "active", "suspended"],
  "party-suspend": ["suspended"],
  "party-resume": ["approved", "active", "applied"],
  "operator-suspend": ["suspended"],
  "operator-resume": ["active"],
};

const openTo = (names: readonly FormName[], state: unknown): FormName[] =>
  names.filter((name) => becomes[name]?.some((one) => one === state) !== true);

function listedOf(server: Server, spec: ListSpec, row: Row): Listed {
  const id = String(row[spec.id]);
  const known = {
    [spec.id]: id,
    ...(typeof row["account"] === "string" ? { account: row["account"] } : {}),
  };
  const state = spec.shown.includes("state") ? undefined : stateOf(row);
  const shown = spec.shown.filter((name) => row[name] !== undefined && row[name] !== null);
  return {
    id,
    title: String(row[spec.head]),
    href: spec.one === undefined ? undefined : `${spec.one}${id}`,
    state: spec.shown.includes("state") ? stateOf(row) : state,
    facts: Object.fromEntries(shown.filter((name) => name !== "state").map((name) => [name, row[name]])),
    acts: linksTo(server, openTo(spec.each, row["state"]), known),
  };
}

/** What a call of this server's answers; refuses what it refuses. */
async function answerOf(server: Server, request: FastifyRequest, url: string): Promise<Row> {
  const { problem, json } = await callOwn(server, request, { method: "GET", url });
  return problem === undefined ? json : refuse(problem.code, problem.detail);
}

/** A page of a list; an empty one where this server has none. */
async function listFrom(
  server: Server,
  request: FastifyRequest,
  { call, whole }: ListSpec,
  after: string | undefined,
): Promise<{ items: readonly Row[]; next: string | null }> {
  if (!server.hasRoute({ method: "GET", url: call })) return { items: [], next: null };
  const behind = after === undefined ? "" : `&after=${encodeURIComponent(after)}`;
  const found = await answerOf(server, request, whole === true ? call : `${call}?limit=20${behind}`);
  return { items: found["items"] as Row[], next: (found["next"] as string | null | undefined) ?? null };
}

function registerList(server: Server, context: PageContext, name: string, spec: ListSpec): void {
  server.get(
    `/desk/${name}`,
    { config: page, schema: { tags, summary: "A list of operators", querystring: query } },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { after, done } = request.query;
      const { items, next } = await listFrom(server, request, spec, after);
      const more =
        next === null
          ? undefined
          : { word: spec.more, href: `/desk/${name}?after=${encodeURIComponent(next)}` };
      return sendPage(reply, ListPage, {
        frame: frameOf(context, caller),
        title: spec.title,
        lead: spec.lead,
        done: done === "yes",
        acts: linksTo(server, spec.beside, name.startsWith("parties/") ? { kinds: name.slice(8) } : {}),
        groups: [{ empty: spec.empty, items: items.map((row) => listedOf(server, spec, row)), more }],
        names: await namesIn(context.database, items),
      });
    },
  );
}

const actsOnParties = {
  shops: [
    "party-approve",
    "party-suspend",
    "party-resume",
    "shop-fee",
    "shop-standing",
    "stand-limit-shop",
    "shop-return-urls",
    "shop-return-address",
    "shop-listing",
    "shop-unlisted",
    "shop-references",
    "shop-tie",
    "team-reset",
    "store-add",
    "store-remove",
    "store-wait",
    "key-make",
    "key-revoke",
  ],
  carriers: ["party-approve", "party-suspend", "party-resume", "independence", "key-make", "key-revoke"],
  providers: ["party-approve", "party-suspend", "party-resume", "independence", "key-make", "key-revoke"],
  collectors: ["collector-set", "party-suspend", "party-resume", "key-make", "key-revoke"],
} as const satisfies Record<(typeof partyKindsHere)[number], readonly FormName[]>;

/** What else is shown of a party, where this server tells it. */
const more = [
  ["standing", "parties.standing"],
  ["keys", "parties.keys"],
  ["people", "parties.people"],
] as const;

function registerParty(server: Server, context: PageContext): void {
  const params = closed({ kinds: Type.String({ maxLength: 20 }), id: idSchema });
  server.get(
    "/desk/parties/:kinds/:id",
    {
      config: page,
      schema: {
        tags,
        summary: "A shop, carrier, provider or collector, with what can be done",
        params,
        querystring: closed({ done: field(3) }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { kinds: typed, id } = request.params;
      const kinds = partyKindsHere.find((one) => one === typed) ?? refuse("not_found");
      if (!server.hasRoute({ method: "GET", url: `/v1/${kinds}/:id` })) return refuse("not_found");
      const { name, state, ...known } = await answerOf(server, request, `/v1/${kinds}/${id}`);
      const sections: Section[] = [{ title: "parties.known", facts: known }];
      for (const [part, title] of more) {
        if (!server.hasRoute({ method: "GET", url: `/v1/${kinds}/:id/${part}` })) continue;
        const found = await answerOf(server, request, `/v1/${kinds}/${id}/${part}`);
        const items = found["items"] as unknown[] | undefined;
        sections.push({
          title,
          facts: items === undefined ? found : items.length === 0 ? undefined : { [part]: items },
          empty: part === "people" ? "parties.noPeople" : "parties.noKeys",
        });
      }
      return sendPage(reply, OnePage, {
        frame: frameOf(context, caller),
        kind: `parties.title.${kinds}`,
        name: String(name),
        back: `/desk/parties/${kinds}`,
        state: stateOf({ state }),
        done: request.query.done === "yes",
        sections,
        acts: linksTo(server, openTo(actsOnParties[kinds], state), { kinds, id, head: id }),
        names: await namesIn(context.database, sections),
      });
    },
  );
}

function registerServer(server: Server, context: PageContext): void {
  server.get(
    "/desk/servers/:id",
    {
      config: page,
      schema: {
        tags,
        summary: "Another server, and what of its answers was not believed",
        params: closed({ id: idSchema }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { id } = request.params;
      const { items } = (await answerOf(server, request, "/v1/peers")) as { items: Row[] };
      const { name, ...known } = items.find((one) => one["id"] === id) ?? refuse("not_found");
      const sections: Section[] = [{ title: "parties.known", facts: known }];
      if (server.hasRoute({ method: "GET", url: "/v1/peers/:id/breaches" })) {
        const { items: breaches } = (await answerOf(
          server,
          request,
          `/v1/peers/${id}/breaches?limit=50`,
        )) as {
          items: Row[];
        };
        const shown = breaches.map((breach) =>
          Object.fromEntries(Object.entries(breach).filter(([field]) => field !== "signed")),
        );
        const facts = shown.length === 0 ? undefined : { items: shown };
        sections.push({ title: "servers.breaches", facts, empty: "servers.noBreaches" });
      }
      return sendPage(reply, OnePage, {
        frame: frameOf(context, caller),
        kind: "servers.title",
        name: String(name),
        back: "/desk/servers",
        state: undefined,
        done: false,
        sections,
        acts: linksTo(server, ["peer-resume", "peer-key-revoke", "peer-account", "own-account"], { id }),
        names: await namesIn(context.database, sections),
      });
    },
  );
}

export function registerListPages(server: Server, context: PageContext): void {
  for (const [name, spec] of Object.entries(lists)) registerList(server, context, name, spec);
  registerParty(server, context);
  registerServer(server, context);
}
