/** `/desk/looks`: who looked at what, by operator, by member, by day. */
import Type from "typebox";
import {
  dammValid,
  endOfDay,
  isDay,
  markOfPlace,
  numberTyped,
  placeOfMark,
  type TimedPlace,
} from "../../core/protocol/protocol.ts";
import { closed, idSchema } from "../../core/protocol/schemas.ts";
import { beyondAll, pageBy } from "../../storage/database/database.ts";
import { countLookups, findMember, listLooks, type LookRow } from "../../storage/members/members.ts";
import { listOperators } from "../../storage/parties/parties.ts";
import { LooksPage, type LookView } from "../desk-views/desk-views.ts";
import type { Server } from "../http/http.ts";
import { attemptOf, field, frameOf, type PageContext, sendPage, tags } from "../pages/pages.ts";
import { say, type Sentence } from "../words/words.ts";
import { operatorAt, toOperator } from "./home-page.ts";

const atOnce = 30;
const operatorsMost = 100;
/** Later than any look. */
const never = new Date("9999-01-01T00:00:00Z");

const query = closed({
  operator: Type.Optional(idSchema),
  member: field(20),
  day: field(10),
  before: field(60),
});

const behind = ({ at, id }: LookRow): string => markOfPlace({ at: new Date(at.getTime() + 1), id });

function placeFrom(before: string | undefined, day: string | undefined, timeZone: string): TimedPlace {
  const place = placeOfMark(before ?? "");
  if (place !== undefined) return place;
  return { at: day === undefined ? never : endOfDay(day, timeZone), id: beyondAll };
}

const searches = ["name", "phone", "email"] as const;

export function registerLooks(server: Server, context: PageContext): void {
  const { database, settings } = context;
  server.get(
    "/desk/looks",
    { config: toOperator, schema: { tags, summary: "Who looked at whose data", querystring: query } },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { operator, member: typed = "", day: typedDay = "", before } = request.query;
      const errors: Record<string, Sentence> = {};
      const number = numberTyped(typed);
      const known = /^[0-9]{2,18}$/.test(number) && dammValid(number);
      const person = known ? (await findMember(database, BigInt(number)))?.id : undefined;
      if (typed !== "" && person === undefined) errors["member"] = say("find.wrong");
      if (typedDay !== "" && !isDay(typedDay)) errors["day"] = say("mistake.date");
      const day = isDay(typedDay) ? typedDay : undefined;
      const rows = await listOperators(database, operatorsMost);
      const names = new Map(rows.map(({ id, name }) => [id, name]));
      const looked = await listLooks(
        database,
        { operator, person },
        { before: placeFrom(before, day, settings.timeZone), limit: atOnce + 1 },
      );
      const view = ({ id, operator: by, reason, trade, at, member }: LookRow): LookView => ({
        id,
        operator: names.get(by) ?? by,
        reason,
        search: searches.find((each) => reason === `search: ${each}`) ?? null,
        member: member === null ? null : String(member),
        trade: trade === null ? null : String(trade),
        at: at.toISOString(),
      });
      const { items, next } = pageBy(looked, atOnce, view, behind);
      const further = new URLSearchParams({
        ...(operator === undefined ? {} : { operator }),
        ...(person === undefined ? {} : { member: number }),
        ...(next === null ? {} : { before: next }),
      });
      const operators = await Promise.all(
        rows.map(async ({ id, name }) => ({ id, name, today: Number(await countLookups(database, id)) })),
      );
      return sendPage(
        reply,
        LooksPage,
        {
          frame: frameOf(context, caller),
          looks: items,
          operators,
          attempt: attemptOf({ member: typed, day: typedDay }, { errors }),
          more: next === null ? null : `/desk/looks?${further.toString()}`,
        },
        Object.keys(errors).length === 0 ? 200 : 422,
      );
    },
  );
}
