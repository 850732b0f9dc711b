/** `/counter`: what a clerk sees and presses. The same service as the calls for programs, behind forms. */
import { say } from "../words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { parseMoney } from "../../core/money/money.ts";
import { dammValid, numberTyped, isId, refuse } from "../../core/protocol/protocol.ts";
import { closed, type CollectionView, idSchema, numberSchema } from "../../core/protocol/schemas.ts";
import { type Collections, type Collector, readCollectors } from "../../engines/collections/collections.ts";
import { idFrom, readClock, uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { callerOf, checkCurrency } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import {
  attemptOf,
  field,
  filled,
  frameOf,
  isSignedOut,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import { type Attempt, noAttempt } from "../parts/parts.ts";
import type { CollectorShown } from "./collector-views.tsx";
import { viewsOf } from "./collectors.ts";
import { CounterPage, ReceiptPage } from "./counter-views.tsx";

const page = { access: ["collector", "carrier"], page: true } as const;
const refusals = ["not_authenticated", "not_allowed", "not_found"] as const;
const params = closed({ number: numberSchema });
const takeForm = closed({ amount: field(20), currency: field(3), reference: field(100), key: field(60) });
const keepForm = closed({ taken: field(30), currency: field(3), key: field(60) });

export interface Clerk {
  caller: Caller;
  collector: Collector;
}

export function registerCounterPages(server: Server, context: PageContext, collections: Collections): void {
  registerSearch(server, context, collections);
  registerTake(server, context, collections);
  registerKeep(server, context, collections);
  registerReceipt(server, context, collections);
}

/** Who takes money here, or undefined where somebody would do better to sign in. Refuses everybody else. */
export async function clerkOf(context: PageContext, request: FastifyRequest): Promise<Clerk | undefined> {
  const caller = await callerOf(context, request);
  if (isSignedOut(caller)) return undefined;
  if (caller.kind !== "collector" && caller.kind !== "carrier") return refuse("not_allowed");
  const [collector] = await readCollectors(context.database, [caller.id]);
  return collector === undefined
    ? refuse("not_allowed", "You take no money for others here.")
    : { caller, collector };
}

export const toSignIn = (reply: FastifyReply) => seeOther(reply, "/signin?next=/counter");

interface Shown {
  number?: string | undefined;
  collection?: CollectionView | undefined;
  attempt?: Attempt;
  status?: number;
}

async function sendCounter(
  context: PageContext,
  reply: FastifyReply,
  { caller, collector }: Clerk,
  { number, collection, attempt = noAttempt, status = 200 }: Shown,
): Promise<FastifyReply> {
  const now = await readClock(context.database);
  const late = collection !== undefined && new Date(collection.payBy) < now;
  const frame = frameOf(context, caller);
  const [view] = await viewsOf(context, context.database, [collector]);
  const till = (view?.["accounts"] ?? []) as CollectorShown["accounts"];
  const shown = { frame, number, collection, late, once: uuidv7(), till, attempt };
  return sendPage(reply, CounterPage, shown, status);
}

function registerSearch(server: Server, context: PageContext, collections: Collections): void {
  server.get(
    "/counter",
    {
      config: { ...page, refusals },
      schema: {
        tags,
        summary: "Take what is due under a trade number",
        querystring: closed({ number: field(40) }),
      },
    },
    async (request, reply) => {
      const clerk = await clerkOf(context, request);
      if (clerk === undefined) return toSignIn(reply);
      const { number: typed } = request.query;
      if (filled(typed) === undefined) return sendCounter(context, reply, clerk, {});
      const number = numberTyped(typed ?? "");
      const wrong = (status: number, word: "mistake.number" | "counter.unknown") => {
        const attempt = attemptOf({}, { errors: { number: say(word) } });
        return sendCounter(context, reply, clerk, { number: typed, attempt, status });
      };
      if (!dammValid(number)) return wrong(422, "mistake.number");
      const collection = await collections.read(number, { collector: clerk.caller.id });
      if (collection === undefined) return wrong(404, "counter.unknown");
      return sendCounter(context, reply, clerk, { number, collection });
    },
  );
}

interface Pressed {
  clerk: Clerk;
  number: string;
  amount: bigint;
  currency: string;
  reference: string | undefined;
  key: string | undefined;
  taken: boolean;
}

/** Takes it and leads to the receipt; or shows why not, with what is due now. */
async function press(
  context: PageContext,
  collections: Collections,
  reply: FastifyReply,
  { clerk, number, amount, currency, reference, key, taken }: Pressed,
): Promise<FastifyReply> {
  const { caller, collector } = clerk;
  checkCurrency(context, currency);
  const id = idOf(caller.id, key);
  const outcome = await collections.pay(
    number,
    { collector: caller.id, operator: null, confirmedBy: null, reason: null },
    { id, amount, currency, channel: collector.channel, reference: reference ?? id.slice(-12), taken },
    undefined,
  );
  if (outcome.how === "done") return seeOther(reply, `/counter/${number}/receipts/${id}`);
  const problem = outcome.problem.value;
  const collection = await collections.read(number, { collector: caller.id });
  const attempt = attemptOf({ reference }, { problem });
  return sendCounter(context, reply, clerk, { number, collection, attempt, status: problem.status });
}

/** A form carries a key of its own: the same press twice is one payment. */
function idOf(caller: string, key: string | undefined): string {
  if (key === undefined) return uuidv7();
  return isId(key) ? key : idFrom(`payment ${key} of ${caller}`);
}

function registerTake(server: Server, context: PageContext, collections: Collections): void {
  server.post(
    "/counter/:number/take",
    {
      config: { ...page, form: true, refusals },
      schema: { tags, summary: "Take what is due", params, body: takeForm },
    },
    async (request, reply) => {
      const clerk = await clerkOf(context, request);
      if (clerk === undefined) return toSignIn(reply);
      const { amount = "", currency = "", reference, key } = request.body;
      if (!/^[1-9][0-9]{0,15}$/.test(amount)) return refuse("invalid_field");
      const { number } = request.params;
      const seen = { amount: BigInt(amount), currency, reference: filled(reference), key, taken: false };
      return press(context, collections, reply, { clerk, number, ...seen });
    },
  );
}

function registerKeep(server: Server, context: PageContext, collections: Collections): void {
  server.post(
    "/counter/:number/keep",
    {
      config: { ...page, form: true, refusals },
      schema: { tags, summary: "Say what is in the till already", params, body: keepForm },
    },
    async (request, reply) => {
      const clerk = await clerkOf(context, request);
      if (clerk === undefined) return toSignIn(reply);
      const { taken = "", currency = "", key } = request.body;
      const { number } = request.params;
      checkCurrency(context, currency);
      const amount = parseMoney(taken.normalize("NFKC"), currency);
      if (amount === undefined || amount <= 0n || amount > BigInt(Number.MAX_SAFE_INTEGER)) {
        const attempt = attemptOf({ taken }, { errors: { taken: say("mistake.amount") } });
        const collection = await collections.read(number, { collector: clerk.caller.id });
        return sendCounter(context, reply, clerk, { number, collection, attempt, status: 422 });
      }
      const said = { amount, currency, reference: undefined, key, taken: true };
      return press(context, collections, reply, { clerk, number, ...said });
    },
  );
}

function registerReceipt(server: Server, context: PageContext, collections: Collections): void {
  server.get(
    "/counter/:number/receipts/:id",
    {
      config: { ...page, refusals },
      schema: {
        tags,
        summary: "What was taken, for whoever has paid it",
        params: closed({ number: numberSchema, id: idSchema }),
      },
    },
    async (request, reply) => {
      const clerk = await clerkOf(context, request);
      if (clerk === undefined) return toSignIn(reply);
      const { number, id } = request.params;
      const { caller, collector } = clerk;
      const collection = await collections.read(number, { collector: caller.id });
      const found = collection?.payments.find((payment) => payment.id === id);
      if (collection === undefined || found === undefined) return refuse("not_found");
      const { currency, shopName } = collection;
      const payment = { ...found, tradeNumber: number, currency };
      const frame = frameOf(context, caller);
      const shown = { frame, collector: caller.name ?? "", channel: collector.channel, payment, shopName };
      return sendPage(reply, ReceiptPage, shown);
    },
  );
}
