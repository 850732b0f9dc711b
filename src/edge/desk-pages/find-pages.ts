/**
 * `/desk/find`: what a caller says, to the trade. What is looked for comes in the body, since it may be a name. A search that
 * shows people is noted and counted as a look: a list of names is a look by another name.
 */
import { parseMoney } from "../../core/money/money.ts";
import {
  dammValid,
  daysAfter,
  isDay,
  memberNumberLength,
  numberTyped,
  startOfDay,
  tradeNumberLength,
} from "../../core/protocol/protocol.ts";
import type { TradeView } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import type { Found, Marks } from "../../engines/marks/marks.ts";
import { type Actor, findByAmount, findByReference } from "../../engines/trades/trades.ts";
import { findMember, readPersonalData } from "../../storage/members/members.ts";
import { searchShops } from "../../storage/parties/parties.ts";
import { FindPage, type FoundThings } from "../desk-views/desk-views.ts";
import type { Server } from "../http/http.ts";
import { noteLook } from "../operators/operators.ts";
import {
  attemptOf,
  field,
  type Fields,
  filled,
  frameOf,
  orProblem,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import { noAttempt } from "../parts/parts.ts";
import { say, type Sentence } from "../words/words.ts";
import { operatorAt, toOperator } from "./home-page.ts";
import { masked } from "./masking.ts";

/** So many of each kind are shown. */
const most = 20;
const tradesOfEach = 3;
const shortest = 2;

/** The page that a number leads to by itself; undefined where there is nothing of that number. */
async function placeOfNumber({ database, trades }: PageContext, actor: Actor, text: string) {
  const number = numberTyped(text);
  if (!/^[0-9]+$/.test(number) || !dammValid(number)) return undefined;
  if (number.length === tradeNumberLength)
    return (await trades.read(actor, number)) === undefined ? undefined : `/desk/trades/${number}`;
  if (number.length !== memberNumberLength) return undefined;
  const member = await findMember(database, BigInt(number));
  return member === undefined || member.state === "erased" ? undefined : `/desk/members/${number}`;
}

async function personShown(context: PageContext, actor: Actor, found: Found) {
  const { database, vault, trades } = context;
  if (found.kind === "recipient") {
    const known = await trades.recipient(actor, found.trade);
    const trade = await trades.read(actor, found.trade);
    return known && trade && { person: masked(known, null), trades: [trade] };
  }
  const known = await readPersonalData(database, vault, found.id);
  const theirs = await trades.list({ kind: "person", id: found.id }, { limit: tradesOfEach });
  return known && { person: masked(known, found.number), trades: theirs.items };
}

/** The trades of a day that come to an amount, in whichever of this server's currencies that is one. */
async function lookForAmount(
  { database, settings, trades }: PageContext,
  actor: Actor,
  { amount, day }: Fields,
): Promise<FoundThings | { errors: Record<string, Sentence> }> {
  const amounts = settings.currencies.flatMap((currency) => {
    const found = parseMoney(amount ?? "", currency);
    return found === undefined ? [] : [{ amount: found, currency }];
  });
  const isRead = day !== undefined && isDay(day);
  if (amounts.length === 0 || !isRead)
    return {
      errors: {
        ...(amounts.length === 0 ? { amount: say("mistake.amount") } : {}),
        ...(isRead ? {} : { day: say("mistake.date") }),
      },
    };
  const { timeZone } = settings;
  const time = { from: startOfDay(day, timeZone), until: startOfDay(daysAfter(day, 1), timeZone) };
  const numbers = await findByAmount(database, amounts, time, most + 1);
  const read = await Promise.all(numbers.slice(0, most).map((number) => trades.read(actor, number)));
  return {
    trades: read.filter((trade): trade is TradeView => trade !== undefined),
    people: [],
    shops: [],
    more: numbers.length > most,
    behind: false,
    noted: false,
  };
}

/** Everything that a text may mean. */
async function lookFor(context: PageContext, marks: Marks, actor: Actor, text: string): Promise<FoundThings> {
  const { database, settings, trades } = context;
  const by = marks.readingOf(text);
  if (by !== undefined)
    await inTransaction(database, (client) =>
      noteLook(client, settings, { person: null, operator: actor.id, reason: `search: ${by}` }),
    );
  const found = by === undefined ? [] : await marks.find(text, most + 1);
  const isContact = by === "phone" || by === "email";
  const shops = isContact ? { found: [], more: false } : await searchShops(database, text, most);
  const numbers = await findByReference(database, text.trim(), most + 1);
  const read = await Promise.all(numbers.slice(0, most).map((number) => trades.read(actor, number)));
  const shown = await Promise.all(found.slice(0, most).map((one) => personShown(context, actor, one)));
  return {
    trades: read.filter((trade): trade is TradeView => trade !== undefined),
    people: shown.flatMap((one) => one ?? []),
    shops: shops.found,
    more: shops.more || [found, numbers].some(({ length }) => length > most),
    behind: by !== undefined && marks.isBehind(),
    noted: by !== undefined,
  };
}

export function registerFinding(server: Server, context: PageContext, marks: Marks): void {
  server.get(
    "/desk/find",
    { config: toOperator, schema: { tags, summary: "Find what a caller speaks of" } },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      return sendPage(reply, FindPage, { frame: frameOf(context, caller), attempt: noAttempt });
    },
  );
  server.post(
    "/desk/find",
    {
      config: {
        ...toOperator,
        form: true,
        acts: ["member.read"],
        refusals: [...toOperator.refusals, "too_many_requests"],
      },
      schema: {
        tags,
        summary: "Trades, people and shops by what a caller says, masked",
        body: closed({ what: field(200), amount: field(40), day: field(10) }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const actor: Actor = { kind: "operator", id: caller.id };
      const frame = frameOf(context, caller);
      const fields: Fields = request.body;
      if (fields["what"] === undefined && fields["amount"] !== undefined) {
        const found = await lookForAmount(context, actor, fields);
        if ("errors" in found)
          return sendPage(reply, FindPage, { frame, attempt: attemptOf(fields, found) }, 422);
        return sendPage(reply, FindPage, { frame, attempt: attemptOf(fields, {}), found });
      }
      const text = filled(fields["what"]?.replaceAll(/\p{Cc}/gu, " ")) ?? "";
      const place = await placeOfNumber(context, actor, text);
      if (place !== undefined) return seeOther(reply, place);
      if (Array.from(text).length < shortest) {
        const attempt = attemptOf(fields, { errors: { what: say("find.wrong") } });
        return sendPage(reply, FindPage, { frame, attempt }, 422);
      }
      const found = await orProblem(() => lookFor(context, marks, actor, text));
      if ("value" in found)
        return sendPage(reply, FindPage, { frame, attempt: attemptOf(fields, {}), found: found.value });
      return sendPage(reply, FindPage, { frame, attempt: attemptOf(fields, found) }, found.problem.status);
    },
  );
}
