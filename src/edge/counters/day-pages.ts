/** `/counter/day`: what a counter took, in order and in sums, its till counted, and the same as a table. It changes nothing. */
import type { FastifyReply } from "fastify";
import { parseMoney, typedMoney } from "../../core/money/money.ts";
import { dayAt, daysAfter, isDay, minuteOfDay, refuse, startOfDay } from "../../core/protocol/protocol.ts";
import { closed, pageSchema } from "../../core/protocol/schemas.ts";
import { accountOfCollector } from "../../engines/collections/collections.ts";
import { readShift, type Shift, tillMost, type TillRow } from "../../engines/tills/tills.ts";
import { readClock } from "../../storage/database/database.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import type { Server } from "../http/http.ts";
import { attemptOf, field, type Fields, frameOf, type PageContext, sendPage, tags } from "../pages/pages.ts";
import { type Attempt, noAttempt } from "../parts/parts.ts";
import { say, type Sentence } from "../words/words.ts";
import { type Clerk, clerkOf, toSignIn } from "./counter-pages.ts";
import { CounterDayPage, type TillLine } from "./day-views.tsx";

const page = { access: ["collector", "carrier"], page: true } as const;
const refusals = [
  "not_authenticated",
  "not_allowed",
  "not_found",
  "invalid_field",
  "date_out_of_range",
] as const;
const onPage = 50;
const querystring = closed({
  day: field(10),
  from: field(5),
  to: field(5),
  currency: field(3),
  counted: field(30),
  after: pageSchema.properties.after,
});

interface Span {
  day: string;
  /** `HH:MM`, or nothing where it begins and ends with the day. */
  from: string;
  to: string;
  begin: Date;
  end: Date;
}

const time = /^([01][0-9]|2[0-3]):([0-5][0-9])$/;

/** When the clocks of a zone show a time on a day. */
function instantOf(day: string, clock: string, timeZone: string): Date | undefined {
  const [, hours, minutes] = time.exec(clock) ?? [];
  if (hours === undefined) return undefined;
  const wanted = Number(hours) * 60 + Number(minutes);
  const start = startOfDay(day, timeZone).getTime();
  const guess = start + wanted * 60_000;
  // A day on which clocks are moved is an hour longer or shorter.
  return new Date(guess + (wanted - minuteOfDay(guess, timeZone)) * 60_000);
}

/** The time that is asked about; undefined where it is none. */
function spanOf(asked: { day: string; from: string; to: string }, timeZone: string): Span | undefined {
  const { day, from, to } = asked;
  if (!isDay(day)) return undefined;
  const begin = from === "" ? startOfDay(day, timeZone) : instantOf(day, from, timeZone);
  const end = to === "" ? startOfDay(daysAfter(day, 1), timeZone) : instantOf(day, to, timeZone);
  return begin === undefined || end === undefined || end <= begin ? undefined : { ...asked, begin, end };
}

const kinds = ["taken", "kept", "returned", "fee", "moved"] as const;

const lineOf = ({ command, leg, at, ...row }: TillRow): TillLine => ({
  id: `${command}-${leg}`,
  at: at.toISOString(),
  kind: row.kind,
  amount: row.amount,
  payment: row.payment,
  number: row.number,
  shopName: row.shopName,
  reference: row.reference,
});

/** The currencies of which this counter takes something. */
async function currenciesOf({ database, settings }: PageContext, { collector }: Clerk): Promise<string[]> {
  const ids = settings.currencies.map((currency) => accountOfCollector(collector.id, currency));
  const found = new Set((await readAccounts(database, ids)).map(({ currency }) => currency));
  return settings.currencies.filter((currency) => found.has(currency));
}

interface Asked {
  span: Span;
  currency: string;
  currencies: string[];
  wrong: Record<string, Sentence>;
  now: Date;
}

/** What is asked for; today, where it is nothing that there is. */
async function askedOf(context: PageContext, clerk: Clerk, query: Fields): Promise<Asked> {
  const { database, settings } = context;
  const { timeZone } = settings;
  const now = await readClock(database);
  const today = { day: dayAt(now, timeZone), from: "", to: "" };
  const { day = "", from = "", to = "" } = query;
  const found = spanOf({ day: day === "" ? today.day : day, from, to }, timeZone);
  const span = found ?? spanOf(today, timeZone) ?? refuse("not_found");
  const currencies = await currenciesOf(context, clerk);
  const currency = currencies.find((one) => one === query["currency"]) ?? currencies[0];
  if (currency === undefined) return refuse("not_found");
  const wrong: Record<string, Sentence> = found === undefined ? { day: say("counterDay.wrongSpan") } : {};
  return { span, currency, currencies, wrong, now };
}

async function shiftOf(
  { database }: PageContext,
  { collector }: Clerk,
  { span, currency }: Asked,
  wish: { limit: number; after?: string | undefined },
): Promise<Shift> {
  const account = accountOfCollector(collector.id, currency);
  const found = await readShift(database, account, { from: span.begin, to: span.end }, wish);
  return found ?? refuse("invalid_field", "`after` is not from a list.");
}

async function sendDay(
  context: PageContext,
  reply: FastifyReply,
  clerk: Clerk,
  query: Fields & { after?: string },
): Promise<FastifyReply> {
  const asked = await askedOf(context, clerk, query);
  const { span, currency, currencies, now } = asked;
  const { day, from, to } = span;
  const { counted: typed = "", after } = query;
  const counted = typed === "" ? undefined : parseMoney(typed.normalize("NFKC"), currency);
  const wrong = {
    ...asked.wrong,
    ...(typed !== "" && counted === undefined ? { counted: say("mistake.amount") } : {}),
  };
  const attempt: Attempt =
    typed === "" && Object.keys(wrong).length === 0 ? noAttempt : attemptOf(query, { errors: wrong });
  const shift = await shiftOf(context, clerk, asked, { limit: onPage, after });
  return sendPage(
    reply,
    CounterDayPage,
    {
      frame: frameOf(context, clerk.caller),
      day,
      from,
      to,
      currency,
      currencies,
      before: shift.before,
      after: shift.after,
      running: span.end > now,
      sums: kinds.flatMap((kind) => shift.sums.find((sum) => sum.kind === kind) ?? []),
      more: shift.more,
      rows: shift.rows.map(lineOf),
      next: shift.next,
      counted,
      attempt,
    },
    Object.keys(wrong).length === 0 ? 200 : 422,
  );
}

/** A text as a field of a table: nothing in it begins a formula, or another field. */
const cell = (text: string | null): string => {
  const plain = (text ?? "").replaceAll(/[\r\n]+/g, " ");
  const safe = /^[=+\-@\t]/.test(plain) ? `'${plain}` : plain;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

function tableOf({ rows, currency }: Shift): string {
  const lines = rows
    .toReversed()
    .map(({ at, kind, number, amount, shopName, reference, payment }) =>
      [
        at.toISOString(),
        kind,
        number ?? "",
        currency,
        typedMoney(amount, currency),
        cell(shopName),
        cell(reference),
        payment ?? "",
      ].join(),
    );
  return ["at,what,number,currency,amount,shop,reference,payment", ...lines, ""].join("\r\n");
}

export function registerCounterDay(server: Server, context: PageContext): void {
  server.get(
    "/counter/day",
    { config: { ...page, refusals }, schema: { tags, summary: "What this counter took", querystring } },
    async (request, reply) => {
      const clerk = await clerkOf(context, request);
      if (clerk === undefined) return toSignIn(reply);
      return sendDay(context, reply, clerk, request.query);
    },
  );
  server.get(
    "/counter/day.csv",
    { config: { ...page, refusals }, schema: { tags, summary: "The same as a table", querystring } },
    async (request, reply) => {
      const clerk = await clerkOf(context, request);
      if (clerk === undefined) return toSignIn(reply);
      const asked = await askedOf(context, clerk, request.query);
      if (Object.keys(asked.wrong).length > 0) return refuse("date_out_of_range");
      const shift = await shiftOf(context, clerk, asked, { limit: tillMost });
      if (shift.next !== null)
        return refuse("date_out_of_range", `A table has ${tillMost} lines at most: ask for fewer hours.`);
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="counter-${asked.span.day}.csv"`)
        .send(Buffer.from(`\u{feff}${tableOf(shift)}`));
    },
  );
}
