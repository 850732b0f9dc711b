/** How much this server stands for of one member and for one shop, as operators set it (paragraphs 0081, 0085). */
import { dayAt, refuse } from "../../core/protocol/protocol.ts";
import {
  closed,
  currencySchema,
  idSchema,
  numberSchema,
  sumSchema,
  text,
} from "../../core/protocol/schemas.ts";
import { fromWire } from "../../core/money/money.ts";
import {
  listStandLimits,
  readDay,
  type StandKind,
  type StandLimits,
  writeStandLimit,
} from "../../engines/credit/credit.ts";
import { type Client, readClock } from "../../storage/database/database.ts";
import { findMember } from "../../storage/members/members.ts";
import { readParty } from "../../storage/parties/parties.ts";
import { callerAmong, checkCurrency, memberNumber, operatorAct, wireOrNull } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { operators } from "./acts.ts";
import { standLimitsSchema } from "./shown.ts";

interface LimitWish {
  kind: StandKind;
  subject: string;
  currency: string;
  most: number;
  reason: string;
}

const tags = ["Credit"];
const body = closed({
  currency: currencySchema,
  most: sumSchema,
  reason: text(1, 500, "Why: kept for good, with your name and the time"),
});
const places = {
  member: {
    path: "/v1/members/:number/stand-limits",
    params: closed({ number: numberSchema }),
    of: "of a member at a time, over all their credit lines",
  },
  shop: {
    path: "/v1/shops/:id/stand-limits",
    params: closed({ id: idSchema }),
    of: "for a shop anew on a day of this server's time zone",
  },
} as const;

export function registerStandLimits(server: Server, context: PageContext, usual: StandLimits): void {
  const set = operatorAct<LimitWish>(context, "stand-limit.set", async (client, wish, names) => {
    const { subject, reason, most } = wish;
    const by = { setBy: names.operator, confirmedBy: names.confirmedBy };
    await writeStandLimit(client, { ...wish, ...by, reason, most: fromWire(most) });
    return { status: 200, body: await limitsOf(context, client, usual, wish), tells: subject };
  });
  for (const kind of ["member", "shop"] as const) {
    const { path, params, of } = places[kind];
    server.get(
      path,
      {
        config: { access: operators, refusals: ["not_found", "wrong_check_digit"] },
        schema: {
          tags,
          summary: `How much is stood for at most ${of}`,
          answers: { 200: standLimitsSchema },
          params,
        },
      },
      async (request) => {
        await callerAmong(context, request, operators);
        const subject = await subjectOf(context.database, kind, named(request.params));
        return limitsOf(context, context.database, usual, { kind, subject });
      },
    );
    server.put(
      path,
      {
        config: {
          access: operators,
          acts: ["stand-limit.set"],
          refusals: ["not_found", "wrong_check_digit", "unknown_currency", "currency_mismatch"],
        },
        schema: {
          tags,
          summary: `Set how much is stood for at most ${of}`,
          description:
            "It holds for what is reserved from now on; nothing that stands is touched. 0: nothing more.",
          answers: { 200: standLimitsSchema },
          params,
          body,
        },
      },
      async (request, reply) => {
        const caller = await callerAmong(context, request, operators);
        const number = named(request.params);
        const { currency } = request.body;
        checkCurrency(context, currency);
        const subject = await subjectOf(context.database, kind, number);
        return set(request, reply, caller, { subject: number, args: { kind, subject, ...request.body } });
      },
    );
  }
}

/** The number of a member, or the id of a shop. */
const named = (params: { number: string } | { id: string }): string =>
  "id" in params ? params.id : params.number;

async function subjectOf(client: Client, kind: StandKind, number: string): Promise<string> {
  if (kind === "shop") return (await readParty(client, "shop", number))?.id ?? refuse("not_found");
  const member = await findMember(client, memberNumber(number));
  return member === undefined || member.state === "erased" ? refuse("not_found") : member.id;
}

/** The limits that hold, in each currency: those that operators have set, else the server's own. */
async function limitsOf(
  { settings }: PageContext,
  client: Client,
  usual: StandLimits,
  { kind, subject }: Pick<LimitWish, "kind" | "subject">,
) {
  const day = dayAt(await readClock(client), settings.timeZone);
  const [set, today] = await Promise.all([
    listStandLimits(client, subject),
    kind === "shop" ? readDay(client, subject, day) : [],
  ]);
  const items = settings.currencies.map((currency) => {
    const own = set.find((each) => each.currency === currency);
    const most = own?.most ?? (kind === "shop" ? usual.shopDay : usual.member)[currency];
    const { amount = 0n } = today.find((each) => each.currency === currency) ?? {};
    return {
      currency,
      most: most === undefined ? null : wireOrNull(most),
      ...(kind === "shop" ? { today: Number(amount) } : {}),
      set:
        own === undefined
          ? null
          : { by: own.setBy, confirmedBy: own.confirmedBy, at: own.at.toISOString(), reason: own.reason },
    };
  });
  return { items };
}
