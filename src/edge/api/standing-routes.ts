/** What operators say of parties: which carriers and providers are independent, how far each shop may go, and what it pays; and
 * what shops say of themselves. */
import { independenceSchema, shopSchema, standingShown } from "../../core/answers/answers.ts";
import Type from "typebox";
import type { Client } from "../../storage/database/database.ts";
import * as parties from "../../storage/parties/parties.ts";
import { addDuration, parseDuration, refuse } from "../../core/protocol/protocol.ts";
import {
  basisPointsSchema,
  closed,
  currencySchema,
  durationSchema,
  fixedFeeSchema,
  idSchema,
  limitSchema,
  oneOf,
  text,
} from "../../core/protocol/schemas.ts";
import type { Server } from "../http/http.ts";
import { callerAmong, checkCurrency, type Context, type Ground, operatorAct, partyFor } from "./context.ts";
import { refuseUnproven } from "./session-routes.ts";
import { type FeeOnWire, partyView, setFee, setReturnUrls } from "./parties.ts";

const params = closed({ id: idSchema });
const reason = text(1, 500, "Why: kept for good, with your name and the time");

const limitsSchema = (description: string) =>
  Type.Optional(
    Type.Record(Type.String({ pattern: "^[A-Z]{3}$" }), limitSchema, { maxProperties: 20, description }),
  );
const standingSchema = closed({
  frozenLimits: limitsSchema("By currency: how much may be frozen for the shop at a time"),
  earlyLimits: limitsSchema("By currency: how much it may have had early and owe at a time"),
  settleAfter: Type.Optional(Type.Union([durationSchema, Type.Null()])),
  word: Type.Optional(Type.Boolean()),
  paidEarly: Type.Optional(oneOf(parties.paidEarlyFrom)),
  paidOutEarly: Type.Optional(Type.Boolean()),
  reason,
});

const feeFields = {
  fixed: fixedFeeSchema,
  basisPoints: basisPointsSchema,
  roundTo: Type.Unsafe<"shop" | "fee">({ type: "string", enum: ["shop", "fee"] }),
};
export const feeSchema = closed(feeFields);
export function registerStandingRoutes(server: Server, context: Context): void {
  const say = independenceActs(context);
  registerIndependence(server, context, "carrier", say);
  registerIndependence(server, context, "provider", say);
  registerStanding(server, context);
  registerFee(server, context);
  registerReturnUrls(server, context);
  registerUniqueReferences(server, context);
  registerReturnAddress(server, context);
}

interface IndependenceWish {
  kind: "carrier" | "provider";
  id: string;
  independent: boolean;
  reason: string;
}

/** Who is found to be independent takes two, who is found not to be, one. */
function independenceActs(context: Context) {
  const set = async (client: Client, wish: IndependenceWish, { operator }: { operator: string }) => {
    const { kind, id, independent, reason: why } = wish;
    if ((await parties.lockParty(client, kind, id)) === undefined) refuse("not_found");
    await parties.setIndependence(client, id, independent);
    const act = { party: id, kind: "independence", reason: why, operator } as const;
    await parties.insertPartyAct(client, { ...act, value: { independent } });
    return { status: 200, body: await independenceView(client, kind, id), tells: id };
  };
  const give = operatorAct<IndependenceWish>(context, "independence.give", set);
  const take = operatorAct<IndependenceWish>(context, "independence.take", (client, wish, names) =>
    set(client, { ...wish, independent: false }, names),
  );
  return { give, take };
}

function registerIndependence(
  server: Server,
  context: Context,
  kind: "carrier" | "provider",
  { give, take }: ReturnType<typeof independenceActs>,
): void {
  server.put(
    `/v1/${kind}s/:id/independence`,
    {
      config: { access: ["operator"], acts: ["independence.give", "independence.take"] },
      schema: {
        tags: ["Carriers and providers"],
        summary: `Say whether a ${kind} is independent of the shops: what it reports then counts as seen`,
        answers: { 200: independenceSchema },
        description: "It holds for trades proposed from now on.",
        params,
        body: closed({ independent: Type.Boolean(), reason }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { id } = request.params;
      const say = request.body.independent ? give : take;
      return say(request, reply, caller, { subject: id, args: { kind, id, ...request.body } });
    },
  );
}

/** The party with the last word on whether it is independent. */
async function independenceView(
  client: Client,
  kind: "carrier" | "provider",
  id: string,
): Promise<Record<string, unknown>> {
  const [view, act] = await Promise.all([
    partyView(client, kind, id, "operator"),
    parties.readPartyAct(client, id, "independence"),
  ]);
  return view === undefined ? refuse("not_found") : { ...view, set: actView(act) };
}

interface StandingWish {
  id: string;
  standing: parties.Standing;
  reason: string;
}

function registerStanding(server: Server, context: Context): void {
  const set = operatorAct<StandingWish>(
    context,
    "standing.set",
    async (client, { id, standing, reason: why }, { operator }) => {
      if ((await parties.lockParty(client, "shop", id)) === undefined) refuse("not_found");
      // What was asked for when this was a yes or no, and still waits for a second operator, is asked for anew.
      if (!parties.paidEarlyFrom.includes(standing.paidEarly))
        refuse("invalid_field", "`paidEarly` has other words by now: ask for it anew.");
      await parties.writeStanding(client, id, standing);
      const act = { party: id, kind: "standing", value: standing, reason: why, operator } as const;
      await parties.insertPartyAct(client, act);
      return { status: 200, body: await standingView(client, id), tells: id };
    },
  );
  server.get(
    "/v1/shops/:id/standing",
    {
      config: { access: ["party", "operator"] },
      schema: {
        tags: ["Shops"],
        summary: "Read how far an operator lets a shop go",
        answers: { 200: standingShown },
        params,
      },
    },
    async (request) => {
      const caller = await callerAmong(context, request, [...parties.partyKinds, "operator"]);
      const { id } = request.params;
      if (caller.kind !== "operator" && caller.id !== id) refuse("not_found");
      if ((await parties.readParty(context.database, "shop", id)) === undefined) refuse("not_found");
      return standingView(context.database, id);
    },
  );
  server.put(
    "/v1/shops/:id/standing",
    {
      config: {
        access: ["operator"],
        acts: ["standing.set"],
        refusals: ["unknown_currency", "currency_mismatch", "date_out_of_range"],
      },
      schema: {
        tags: ["Shops"],
        summary: "Set how far a shop may go; what is left out is as usual",
        answers: { 200: standingShown },
        description:
          "`frozenLimits`: how much may be frozen for it at a time, where there is none without end. `settleAfter`: how " +
          "long after an acceptance it is paid. `word`: whether its own word may start the clock of acceptance, and " +
          "whether it may be an acceptor. `paidEarly`: it takes advances `afterShipping`, when others " +
          "than the shop have seen the goods leave, `always`, or `never`; up to `earlyLimits`, or what the server lets every shop have. `paidOutEarly`: whether it may take " +
          "out what a buyer may still ask back; then this server answers for it. `word` and `settleAfter` hold for " +
          "trades proposed from now on, the others at once.",
        params,
        body: standingSchema,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { id } = request.params;
      const { reason: why, ...wish } = request.body;
      const standing = { ...parties.usualStanding, ...wish };
      checkStanding(context, standing);
      return set(request, reply, caller, { subject: id, args: { id, standing, reason: why } });
    },
  );
}

/** A payment is not put off for longer than this after an acceptance: the buyer's money is frozen meanwhile. */
const longestDelayMs = 90 * 86_400_000;
const anyDay = new Date("2000-01-01T00:00:00Z");

function checkStanding(context: Pick<Ground, "settings">, standing: parties.Standing): void {
  const { frozenLimits, earlyLimits } = standing;
  for (const currency of Object.keys({ ...frozenLimits, ...earlyLimits })) checkCurrency(context, currency);
  if (standing.settleAfter === null) return;
  const duration = parseDuration(standing.settleAfter);
  const length =
    duration === undefined ? Number.NaN : addDuration(anyDay, duration).getTime() - anyDay.getTime();
  if (!(length >= 1000 && length <= longestDelayMs))
    refuse("date_out_of_range", "A shop is paid between a second and 90 days after an acceptance.");
}

async function standingView(client: Client, shop: string): Promise<Record<string, unknown>> {
  const [standing, act] = await Promise.all([
    parties.readStanding(client, shop),
    parties.readPartyAct(client, shop, "standing"),
  ]);
  return { ...standing, set: actView(act) };
}

/** Who said it, when and why; null where nobody has. */
function actView(act: parties.PartyAct | undefined): Record<string, unknown> | null {
  return act === undefined ? null : { by: act.operator, at: act.at.toISOString(), reason: act.reason };
}

function registerFee(server: Server, context: Context): void {
  const set = operatorAct<{ id: string; wish: FeeOnWire & { currency?: string } }>(
    context,
    "fee.set",
    async (client, { id, wish }) => ({
      status: 200,
      body: await setFee(client, id, wish),
      tells: id,
    }),
  );
  server.put(
    "/v1/shops/:id/fee",
    {
      config: { access: ["operator"], acts: ["fee.set"], refusals: ["currency_mismatch"] },
      schema: {
        tags: ["Shops"],
        summary: "Set the fee on trades proposed from now on, in one currency or in all",
        answers: { 200: shopSchema },
        params,
        body: closed({ currency: Type.Optional(currencySchema), ...feeFields }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { id } = request.params;
      return set(request, reply, caller, { subject: id, args: { id, wish: request.body } });
    },
  );
}

function registerReturnUrls(server: Server, context: Context): void {
  const set = operatorAct<{ id: string; urls: string[] }>(
    context,
    "return-urls.set",
    async (client, { id, urls }) => ({
      ...(await setReturnUrls(client, id, urls, context)),
      tells: id,
    }),
  );
  server.put(
    "/v1/shops/:id/return-urls",
    {
      config: {
        access: ["party", "operator"],
        acts: ["return-urls.set"],
        refusals: ["not_found", "not_allowed"],
      },
      schema: {
        tags: ["Shops"],
        summary: "Set the addresses to which people may be sent back from pages here",
        answers: { 200: shopSchema },
        params,
        body: closed({ returnUrls: Type.Array(text(8, 300), { maxItems: 10 }) }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const caller = await partyFor(context, request, "shop", id);
      await refuseUnproven(context, request, caller);
      const args = { id, urls: request.body.returnUrls };
      return set(request, reply, caller, { subject: id, args });
    },
  );
}

interface AddressWish {
  name: string;
  address: string;
  phone?: string;
}

/** Where goods go back to: whoever names another place gets goods sent there, so of operators it takes two. */
function registerReturnAddress(server: Server, context: Context): void {
  const set = operatorAct<{ id: string; place: AddressWish | null }>(
    context,
    "return-address.set",
    async (client, { id, place }) => {
      if (!(await parties.lockParty(client, "shop", id))) refuse("not_found");
      const { phone = null } = place ?? {};
      const moved = await parties.addReturnAddress(client, id, place === null ? null : { ...place, phone });
      if (moved) await context.tell(client, "return address", id);
      return { status: 200, body: (await partyView(client, "shop", id)) ?? {}, tells: id };
    },
  );
  server.put(
    "/v1/shops/:id/return-address",
    {
      config: {
        access: ["party", "operator"],
        acts: ["return-address.set"],
        refusals: ["not_found", "not_allowed"],
      },
      schema: {
        tags: ["Shops"],
        summary: "Set where goods are sent back to",
        answers: { 200: shopSchema },
        description:
          "Who sends goods back is shown it on the page of the trade and in mails, with a label to print, as it is then. Another place than one that stood before holds after a day; the shop is told of it by mail at once. What was named before is kept for operators.",
        params,
        body: closed({
          returnAddress: Type.Union([
            closed({
              name: text(1, 120),
              address: text(1, 500),
              phone: Type.Optional(text(3, 40)),
            }),
            Type.Null(),
          ]),
        }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const caller = await partyFor(context, request, "shop", id);
      await refuseUnproven(context, request, caller);
      const args = { id, place: request.body.returnAddress };
      return set(request, reply, caller, { subject: id, args });
    },
  );
}

function registerUniqueReferences(server: Server, context: Context): void {
  const set = operatorAct<{ id: string; unique: boolean }>(
    context,
    "unique-references.set",
    async (client, { id, unique }) => {
      if (!(await parties.lockParty(client, "shop", id))) refuse("not_found");
      await parties.setUniqueReferences(client, id, unique);
      return { status: 200, body: (await partyView(client, "shop", id)) ?? {}, tells: id };
    },
  );
  server.put(
    "/v1/shops/:id/unique-references",
    {
      config: { access: ["party", "operator"], acts: ["unique-references.set"], refusals: ["not_found"] },
      schema: {
        tags: ["Shops"],
        summary: "Say whether no two trades of the shop may have one reference",
        answers: { 200: shopSchema },
        description: "The second one is refused with `reference_in_use`, which names the first.",
        params,
        body: closed({ uniqueReferences: Type.Boolean() }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const caller = await partyFor(context, request, "shop", id);
      const args = { id, unique: request.body.uniqueReferences };
      return set(request, reply, caller, { subject: id, args });
    },
  );
}
