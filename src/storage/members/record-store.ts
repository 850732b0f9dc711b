/** What a person is told afterwards: what operators did on their trades, and which operator looked at their data. */
import { beyondAll, type Client, sql, uuidv7 } from "../database/database.ts";
import { atOnce, sealStored } from "../seals/seals.ts";
import type { OperatorChannel, TradeEventType } from "../../core/protocol/protocol.ts";

export interface NoticeRow {
  id: string;
  trade: bigint;
  types: TradeEventType[];
  channel: OperatorChannel;
  at: Date;
}

export type NewNotice = NoticeRow & { person: string };

/** Enters notices; trades do it in the transaction in which the operator's act is written. */
export function insertNotices(client: Client, notices: readonly NewNotice[]): Promise<number> {
  return client.execute(sql`
    insert into notices (id, person, trade, types, channel, at)
    select id, person, trade, string_to_array(types, ' '), channel, at
    from unnest(${notices.map(({ id }) => id)}::uuid[], ${notices.map(({ person }) => person)}::uuid[],
      ${notices.map(({ trade }) => trade)}::bigint[], ${notices.map(({ types }) => types.join(" "))}::text[],
      ${notices.map(({ channel }) => channel)}::text[], ${notices.map(({ at }) => at)}::timestamptz[])
      as new(id, person, trade, types, channel, at)`);
}

/** A person's notices, newest first; `after` is the id of the last one seen. */
export function listNotices(
  client: Client,
  person: string,
  limit: number,
  after: string = beyondAll,
): Promise<NoticeRow[]> {
  return client.query<NoticeRow>(sql`
    select id, trade, types, channel, at from notices
    where person = ${person} and id < ${after} order by id desc limit ${limit}`);
}

const mostOfTrade = 50;

/** What operators did on one trade of a person's, oldest first. */
export function noticesOfTrade(client: Client, person: string, trade: bigint): Promise<NoticeRow[]> {
  return client.query<NoticeRow>(sql`
    select id, trade, types, channel, at from notices
    where person = ${person} and trade = ${trade} order by id limit ${mostOfTrade}`);
}

export interface LookupRow {
  id: string;
  operator: string;
  reason: string | null;
  at: Date;
}

/** Records that an operator looks at a person's data, in the transaction that reads the data to be shown. */
export function insertLookup(
  client: Client,
  lookup: { person: string; operator: string; reason?: string | undefined },
): Promise<void> {
  const id = uuidv7();
  return atOnce(client, async (inside) => {
    await inside.execute(sql`
      insert into lookups (id, person, operator, reason, at)
      values (${id}, ${lookup.person}, ${lookup.operator}, ${lookup.reason ?? null}, kenshu_now())`);
    await sealStored(inside, "lookups", [id]);
  });
}

/** Who has looked at a person's data, newest first; `after` is the id of the last one seen. */
export function listLookups(
  client: Client,
  person: string,
  limit: number,
  after: string = beyondAll,
): Promise<LookupRow[]> {
  return client.query<LookupRow>(sql`
    select id, operator, reason, at from lookups
    where person = ${person} and id < ${after} order by id desc limit ${limit}`);
}
