/** `/guarantees`: what a guarantor stands for, for its operators, and each list behind a figure of it. */
import Type from "typebox";
import { guaranteePhases } from "../../core/guarantees/guarantees.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, currencySchema, oneOf, pageSchema } from "../../core/protocol/schemas.ts";
import { type BillRules, listOverdue } from "../../engines/debts/debts.ts";
import {
  claimsThatWait,
  listGuarantees,
  listNearLines,
  nearFrom,
  type PhaseSum,
  readSums,
} from "../../engines/guarantees/guarantees.ts";
import { operatorAt } from "../desk-pages/desk-pages.ts";
import { BookPage, NearLinesPage, PhasePage } from "../guarantee-views/guarantee-views.ts";
import type { Server } from "../http/http.ts";
import { frameOf, nowOf, type PageContext, sendPage, tags } from "../pages/pages.ts";
import { billsShown, guaranteesShown, linesShown } from "./shown.ts";

const page = { access: ["operator"], page: true, refusals: ["not_authenticated", "not_allowed"] } as const;
const lists = { ...page, refusals: [...page.refusals, "invalid_field"] } as const;
const onPage = 20;
const few = 5;

export interface GuaranteePagesOptions {
  rules: BillRules;
  /** Resolves when what was committed before stands in the lists. */
  upToDate: () => Promise<void>;
}

const byPhase = (one: PhaseSum, other: PhaseSum): number =>
  guaranteePhases.indexOf(one.phase) - guaranteePhases.indexOf(other.phase);

/** Those of all phases that end by themselves, the next one first. */
async function endingNext({ database }: PageContext, sums: readonly PhaseSum[]) {
  const open = sums.filter(({ phase }) => phase !== "claimed" && phase !== "ended");
  const pages = await Promise.all(
    open.map(({ phase, currency }) => listGuarantees(database, { phase, currency, limit: few }, undefined)),
  );
  return pages
    .flatMap((found) => found?.items ?? [])
    .sort((one, other) => one.endsAt.getTime() - other.endsAt.getTime())
    .slice(0, few);
}

function registerBook(
  server: Server,
  context: PageContext,
  { rules, upToDate }: GuaranteePagesOptions,
): void {
  const { database, settings } = context;
  server.get(
    "/guarantees",
    { config: page, schema: { tags, summary: "What this server stands for" } },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      await upToDate();
      const now = await nowOf(context);
      const reader = { operator: caller.id, now };
      const [sums, claims, lines, bills] = await Promise.all([
        readSums(database),
        claimsThatWait(database, few),
        listNearLines(database, few, undefined),
        listOverdue(database, few),
      ]);
      const next = await endingNext(context, sums);
      return sendPage(reply, BookPage, {
        frame: frameOf(context, caller),
        currencies: settings.currencies,
        sums: sums.toSorted(byPhase),
        next: await guaranteesShown(context, next, reader),
        claims: await guaranteesShown(context, claims, reader),
        lines: await linesShown(context, lines?.items ?? []),
        nearFrom,
        bills: await billsShown(context, bills, { rules, now: new Date(now.at) }),
      });
    },
  );
}

const notFromList = () => refuse("invalid_field", "`after` is not from a list.");

function registerLists(
  server: Server,
  context: PageContext,
  { upToDate }: Pick<GuaranteePagesOptions, "upToDate">,
): void {
  const { database, settings } = context;
  const { after } = pageSchema.properties;
  server.get(
    "/guarantees/list",
    {
      config: lists,
      schema: {
        tags,
        summary: "Guarantees that stand somewhere, those that end soon first",
        querystring: closed({
          phase: Type.Optional(oneOf(guaranteePhases)),
          currency: Type.Optional(currencySchema),
          after,
        }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      await upToDate();
      const { currencies } = settings;
      const { phase = "due", currency = currencies[0] ?? "JPY", after: mark } = request.query;
      const found = await listGuarantees(database, { phase, currency, limit: onPage }, mark);
      if (found === undefined) return notFromList();
      const items = await guaranteesShown(context, found.items, {
        operator: caller.id,
        now: await nowOf(context),
      });
      const frame = frameOf(context, caller);
      return sendPage(reply, PhasePage, { frame, phase, currency, currencies, items, next: found.next });
    },
  );
  server.get(
    "/guarantees/lines",
    {
      config: lists,
      schema: {
        tags,
        summary: "Credit lines of which little is left, the fullest first",
        querystring: closed({ after }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const found = await listNearLines(database, onPage, request.query.after);
      if (found === undefined) return notFromList();
      const lines = await linesShown(context, found.items);
      return sendPage(reply, NearLinesPage, {
        frame: frameOf(context, caller),
        lines,
        nearFrom,
        next: found.next,
      });
    },
  );
}

export function registerGuaranteePages(
  server: Server,
  context: PageContext,
  options: GuaranteePagesOptions,
): void {
  registerBook(server, context, options);
  registerLists(server, context, options);
}
