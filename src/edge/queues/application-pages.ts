/** `/desk/applications`: who waits to be let in, with what is missing. Nothing personal: who looks at a member says why. */
import { closed } from "../../core/protocol/schemas.ts";
import { pageOf } from "../../storage/database/database.ts";
import { loginsOf } from "../../storage/identity/identity.ts";
import { type Applicant, listApplicants, listMethods } from "../../storage/members/members.ts";
import { listPartiesApplied, type PartyDetails } from "../../storage/parties/parties.ts";
import { pageWish, wireOrNull } from "../api/api.ts";
import { operatorAt } from "../act-forms/act-forms.ts";
import type { Server } from "../http/http.ts";
import { field, frameOf, type PageContext, sendPage, tags } from "../pages/pages.ts";
import { type Listed, ListPage } from "../queue-views/queue-views.ts";
import type { WordKey } from "../words/words.ts";
import { linkTo } from "./lists.ts";

const shownOnes = 20;

async function memberListed({ database }: PageContext, applicant: Applicant): Promise<Listed> {
  const { id, createdAt, hasEmail, hasPhone } = applicant;
  const number = String(applicant.number);
  const [logins, methods] = await Promise.all([loginsOf(database, id), listMethods(database, id)]);
  const missing: WordKey[] = [];
  if (!hasEmail) missing.push("applications.missing.email");
  if (!hasPhone) missing.push("applications.missing.phone");
  if (logins.length === 0) missing.push("applications.missing.signIn");
  const lines = methods.flatMap(({ state, wishedLimit, currency }) =>
    state === "pending" && wishedLimit !== null
      ? [{ currency, limitWished: wireOrNull(BigInt(wishedLimit)) }]
      : [],
  );
  return {
    id: number,
    title: number,
    numbered: true,
    missing,
    facts: { createdAt: createdAt.toISOString(), ...(lines.length === 0 ? {} : { creditLine: lines }) },
    acts: [linkTo("member-approve", { number }), linkTo("member-letter", { number })],
  };
}

async function partyListed(
  { database }: PageContext,
  { id, kind, name, email, phone, createdAt }: PartyDetails,
): Promise<Listed> {
  const missing: WordKey[] = [];
  if (email === null && phone === null) missing.push("applications.missing.contact");
  if ((await loginsOf(database, id)).length === 0) missing.push("applications.missing.signIn");
  const kinds = `${kind}s`;
  return {
    id,
    title: name,
    href: `/desk/parties/${kinds}/${id}`,
    missing,
    facts: { contact: { email, phone }, createdAt: createdAt.toISOString() },
    acts: [linkTo("party-approve", { kinds, id }), linkTo("key-make", { kinds, id })],
  };
}

export function registerApplicationPages(server: Server, context: PageContext): void {
  const { database } = context;
  server.get(
    "/desk/applications",
    {
      config: { access: ["operator"], page: true, refusals: ["not_authenticated", "not_allowed"] },
      schema: {
        tags,
        summary: "Who waits to be let in",
        querystring: closed({ members: field(60), parties: field(60), done: field(3) }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { members, parties, done } = request.query;
      const after = (text: string | undefined) => pageWish(text === undefined ? {} : { after: text }).after;
      const people = await listApplicants(database, shownOnes + 1, after(members));
      const trading = await listPartiesApplied(database, shownOnes + 1, after(parties));
      const ofPeople = pageOf(people, shownOnes, (one) => one);
      const ofParties = pageOf(trading, shownOnes, (one) => one);
      const more = (name: string, next: string | null) =>
        next === null
          ? undefined
          : { word: "applications.more" as const, href: `/desk/applications?${name}=${next}` };
      return sendPage(reply, ListPage, {
        frame: frameOf(context, caller),
        title: "applications.title",
        lead: "applications.lead",
        done: done === "yes",
        acts: [linkTo("member-add", {}), linkTo("party-add", {})],
        groups: [
          {
            title: "applications.members",
            empty: "applications.empty",
            items: await Promise.all(ofPeople.items.map((one) => memberListed(context, one))),
            more: more("members", ofPeople.next),
          },
          {
            title: "applications.parties",
            empty: "applications.empty",
            items: await Promise.all(ofParties.items.map((one) => partyListed(context, one))),
            more: more("parties", ofParties.next),
          },
        ],
        names: {},
      });
    },
  );
}
