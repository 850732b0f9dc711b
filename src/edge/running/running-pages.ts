/** `/running`: how this server runs, and the trades behind each of its figures. For operators. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { refuse, tradeStates } from "../../core/protocol/protocol.ts";
import { toWire } from "../../core/money/money.ts";
import { closed, currencySchema, idSchema, oneOf, pageSchema } from "../../core/protocol/schemas.ts";
import {
  type Behind,
  kinds,
  listBehind,
  listHeldUp,
  listStanding,
  noCurrency,
  noShop,
  readFigures,
} from "../../engines/tallies/tallies.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { readParties } from "../../storage/parties/parties.ts";
import { callerOf } from "../api/api.ts";
import { metricsOf, type Server } from "../http/http.ts";
import { frameOf, isSignedOut, type PageContext, seeOther, sendPage, tags } from "../pages/pages.ts";
import {
  BehindPage,
  type BehindShown,
  RunningPage,
  type RunningProps,
  type Sought,
} from "../running-views/running-views.ts";
import { countsOf, moneyOf, shopsIn, shopsOf } from "./figures.ts";
import { type Latency, watchLatency } from "./latency.ts";
import { waitingOf } from "./waiting.ts";

const page = { access: ["operator"], page: true, refusals: ["not_authenticated", "not_allowed"] } as const;
/** Days of which figures are shown, the last of them being today. */
const daysShown = 30;
const minutesKept = 15;
const shopsShown = 20;
const onPage = 30;

/** The operator who is signed in; undefined where somebody was sent to sign in. */
async function operatorOf(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Caller | undefined> {
  const caller = await callerOf(context, request);
  if (isSignedOut(caller)) {
    seeOther(reply, "/signin?next=/running");
    return undefined;
  }
  return caller.kind === "operator" ? caller : refuse("not_allowed");
}

const zoneOf = ({ settings }: PageContext): string => settings.timeZone;

interface Watch {
  latency: Latency;
  /** Resolves when what was committed before is counted. */
  caughtUp: () => Promise<void>;
}

/** Everything that the page shows. */
async function runningOf(
  server: Server,
  context: PageContext,
  { latency, caughtUp }: Watch,
): Promise<Omit<RunningProps, "frame">> {
  const { database, settings } = context;
  await caughtUp();
  const [figures, values] = await Promise.all([
    readFigures(database, zoneOf(context), daysShown),
    metricsOf(server).values(),
  ]);
  const shops = shopsOf(
    figures,
    new Map((await readParties(database, shopsIn(figures))).map(({ id, name }) => [id, name])),
  );
  const has = (path: string) => server.hasRoute({ method: "GET", url: path.split("?")[0] ?? path });
  const { now, days, states } = figures;
  return {
    now: now.toISOString(),
    days: [days[0] ?? "", days.at(-1) ?? ""],
    states: tradeStates.map((state) => ({ state, trades: states.get(state) ?? 0 })),
    money: moneyOf(figures, settings.currencies),
    ranOut: countsOf(figures, "ran_out"),
    waits: days.map((day) => ({ day, ...(figures.waits.get(day) ?? { half: 0, most: 0, times: 0 }) })),
    shops: shops.slice(0, shopsShown),
    shopsLeft: Math.max(0, shops.length - shopsShown),
    waiting: waitingOf(values, has),
    lost: Object.keys(values).filter((name) => name.startsWith("kenshu_party_lost") && values[name] === 1)
      .length,
    halted: (values["kenshu_log_halted"] ?? 0) > 0,
    minutes: latency.minutes(),
    process: {
      memory: values["process_resident_memory_bytes"] ?? 0,
      eventLoop: values["nodejs_eventloop_lag_p99_seconds"] ?? 0,
      deadlines: values["kenshu_deadlines_behind_seconds"] ?? 0,
      queue: values['kenshu_queue_length{engine="trades"}'] ?? 0,
      inUse: values['kenshu_database_connections{state="in use"}'] ?? 0,
      waitedFor: values['kenshu_database_connections{state="waited for"}'] ?? 0,
    },
  };
}

const day = Type.String({ pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$" });
const query = closed({
  kind: Type.Optional(oneOf(kinds)),
  currency: Type.Optional(currencySchema),
  shop: Type.Optional(idSchema),
  day: Type.Optional(day),
  state: Type.Optional(oneOf(tradeStates)),
  waiting: Type.Optional(Type.Literal("yes")),
  after: pageSchema.properties.after,
});

interface Asked extends Sought {
  after?: string | undefined;
}

const isDay = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

/** The trades that a figure counts. */
async function behind(context: PageContext, { after, ...sought }: Asked) {
  const { database } = context;
  const wish = { limit: onPage, after };
  const { kind, currency = noCurrency, shop = noShop, state } = sought;
  if (state !== undefined) return listStanding(database, state, wish);
  if (kind === undefined) return listHeldUp(database, wish);
  if (sought.day !== undefined && !isDay(sought.day)) return refuse("invalid_field", "`day` is no day.");
  const zone = zoneOf(context);
  const { days } = await readFigures(database, zone, daysShown);
  const first = sought.day ?? days[0] ?? "";
  const last = sought.day ?? days.at(-1) ?? "";
  return listBehind(database, { kind, currency, shop }, { first, last, zone }, wish);
}

const shownOf = ({ amount, updatedAt, ...trade }: Behind): BehindShown => ({
  ...trade,
  amount: amount === null ? null : toWire(amount),
  updatedAt: updatedAt.toISOString(),
});

/** `caughtUp` resolves when what was committed before is counted. */
export function registerRunning(server: Server, context: PageContext, caughtUp: () => Promise<void>): void {
  const latency = watchLatency(metricsOf(server), minutesKept);
  server.addHook("onClose", async () => latency.stop());
  server.get(
    "/running",
    { config: page, schema: { tags, summary: "How this server runs" } },
    async (request, reply) => {
      const caller = await operatorOf(context, request, reply);
      if (caller === undefined) return reply;
      const shown = await runningOf(server, context, { latency, caughtUp });
      return sendPage(reply, RunningPage, { frame: frameOf(context, caller), ...shown });
    },
  );
  server.get(
    "/running/trades",
    {
      config: { ...page, refusals: [...page.refusals, "invalid_field"] },
      schema: { tags, summary: "The trades behind a figure", querystring: query },
    },
    async (request, reply) => {
      const caller = await operatorOf(context, request, reply);
      if (caller === undefined) return reply;
      const { after: _, ...sought } = request.query;
      const found = await behind(context, request.query);
      if (typeof found === "string") return refuse("invalid_field", "`after` is not from a list.");
      const [party] = sought.shop === undefined ? [] : await readParties(context.database, [sought.shop]);
      const { trades, next } = found;
      const frame = frameOf(context, caller);
      return sendPage(reply, BehindPage, {
        frame,
        sought,
        shopName: party?.name ?? null,
        trades: trades.map(shownOf),
        next,
      });
    },
  );
}
