/** `/lent-lines`: lines that are lent, for operators and their lenders. The same acts as by calls, behind forms. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, pageSchema } from "../../core/protocol/schemas.ts";
import { inUseOf, type LentLine, listLines, listShares } from "../../engines/lending/lending.ts";
import { type Client, pageOf, uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { readParties } from "../../storage/parties/parties.ts";
import { callerOf, pageWish } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { frameOf, isSignedOut, type PageContext, seeOther, sendPage, tags } from "../pages/pages.ts";
import { type Attempt, noAttempt } from "../parts/parts.ts";
import { toWire } from "../../core/money/money.ts";
import { lenderKinds, lendersOrOperators, lineFor, linesView, partsView } from "./lines.ts";
import { type LineShown, LinesPage } from "./line-views.tsx";
import { LinePage } from "./part-views.tsx";

const page = { access: lendersOrOperators, page: true } as const;
export const byId = closed({ id: idSchema });
const query = closed({ after: pageSchema.properties.after, asked: Type.Optional(Type.Literal("yes")) });
/** With what can be done to each, fewer stand on a page than in a list. */
const linesOnPage = 20;
const partsOnPage = 50;

/** What a page shows beside what is there. */
export interface Showing {
  after?: string | undefined;
  asked?: boolean;
  attempt?: Attempt;
}

async function shownLines(client: Client, lines: readonly LentLine[]): Promise<LineShown[]> {
  const [views, inUse, parties] = await Promise.all([
    linesView(client, lines),
    inUseOf(
      client,
      lines.map(({ id }) => id),
    ),
    readParties(client, [...new Set(lines.map(({ lender }) => lender))]),
  ]);
  return views.map((view) => {
    const { used, held } = inUse.get(view.id) ?? { used: 0n, held: 0n };
    const lenderName = parties.find(({ id }) => id === view.lender)?.name ?? view.lender;
    return { ...view, lenderName, used: toWire(used), held: toWire(held) };
  });
}

const statusOf = (attempt: Attempt): number =>
  attempt === noAttempt ? 200 : (attempt.problem?.status ?? 422);

/** All lines, or those of a lender. */
export async function sendLines(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  { after, asked = false, attempt = noAttempt }: Showing,
): Promise<FastifyReply> {
  const { database } = context;
  const operator = caller.kind === "operator";
  const lender = operator ? null : caller.id;
  const listed = await listLines(database, { lender, after, limit: linesOnPage + 1 });
  const { items, next } = pageOf(listed, linesOnPage, (one) => one);
  const lines = await shownLines(database, items);
  const frame = frameOf(context, caller);
  const shown = { frame, operator, lines, next, asked, once: uuidv7, attempt };
  return sendPage(reply, LinesPage, shown, statusOf(attempt));
}

/** One line with its members. */
export async function sendLine(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  line: LentLine,
  { after, asked = false, attempt = noAttempt }: Showing,
): Promise<FastifyReply> {
  const { database } = context;
  const listed = await listShares(database, line.id, partsOnPage + 1, after);
  const { items, next } = pageOf(listed, partsOnPage, (one) => one);
  const [[whole], parts] = await Promise.all([shownLines(database, [line]), partsView(database, items)]);
  const frame = frameOf(context, caller);
  const operator = caller.kind === "operator";
  if (whole === undefined) return refuse("not_found");
  const shown = { frame, operator, line: whole, parts, next, asked, once: uuidv7, attempt };
  return sendPage(reply, LinePage, shown, statusOf(attempt));
}

/** Whoever may see the page; undefined where they were sent to sign in. */
async function visitor(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  here: string,
): Promise<Caller | undefined> {
  const caller = await callerOf(context, request);
  if (isSignedOut(caller)) {
    seeOther(reply, `/signin?next=${here}`);
    return undefined;
  }
  const isTheirs = caller.kind === "operator" || lenderKinds.some((kind) => kind === caller.kind);
  return isTheirs ? caller : refuse("not_allowed");
}

export function registerLinePages(server: Server, context: PageContext): void {
  server.get(
    "/lent-lines",
    {
      config: { ...page, refusals: ["not_authenticated", "not_allowed"] },
      schema: { tags, summary: "Lines that are lent", querystring: query },
    },
    async (request, reply) => {
      const caller = await visitor(context, request, reply, "/lent-lines");
      if (caller === undefined) return reply;
      const { asked, ...wish } = request.query;
      return sendLines(context, reply, caller, { after: pageWish(wish).after, asked: asked === "yes" });
    },
  );
  server.get(
    "/lent-lines/:id",
    {
      config: { ...page, refusals: ["not_authenticated", "not_allowed", "not_found"] },
      schema: { tags, summary: "A line that is lent, with its members", params: byId, querystring: query },
    },
    async (request, reply) => {
      const { id } = request.params;
      if ((await visitor(context, request, reply, `/lent-lines/${id}`)) === undefined) return reply;
      const { caller, line } = await lineFor(context, request, id);
      const { asked, ...wish } = request.query;
      return sendLine(context, reply, caller, line, {
        after: pageWish(wish).after,
        asked: asked === "yes",
      });
    },
  );
}
