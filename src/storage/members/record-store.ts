/** What a person is told afterwards: what operators did on their trades, and which operator looked at their data. */
import { beyondAll, type Client, sql, uuidv7 } from "../database/database.ts";
import { atOnce, sealStored } from "../seals/seals.ts";
import { type OperatorChannel, type TimedPlace, type TradeEventType } from "../../core/protocol/protocol.ts";

/** What an operator did: on a trade, or by an act that is about none. */
export interface NoticeRow {
  id: string;
  trade: bigint | null;
  types: TradeEventType[];
  act: string | null;
  channel: OperatorChannel;
  at: Date;
}

export type NewNotice = Omit<NoticeRow, "act" | "trade"> & { person: string; trade: bigint };

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

/** Enters what an operator did to somebody's account or rights, in the transaction that does it. */
export function insertActNotice(
  client: Client,
  { person, act, channel }: { person: string; act: string; channel: OperatorChannel },
): Promise<void> {
  const id = uuidv7();
  return atOnce(client, async (inside) => {
    await inside.execute(sql`
      insert into notices (id, person, types, act, channel, at)
      values (${id}, ${person}, '{}', ${act}, ${channel}, kenshu_now())`);
    await sealStored(inside, "notices", [id]);
  });
}

/** A person's notices, newest first; `after` is the id of the last one seen. */
export function listNotices(
  client: Client,
  person: string,
  limit: number,
  after: string = beyondAll,
): Promise<NoticeRow[]> {
  return client.query<NoticeRow>(sql`
    select id, trade, types, act, channel, at from notices
    where person = ${person} and id < ${after} order by id desc limit ${limit}`);
}

const mostOfTrade = 50;

/** What operators did on one trade of a person's, oldest first. */
export function noticesOfTrade(client: Client, person: string, trade: bigint): Promise<NoticeRow[]> {
  return client.query<NoticeRow>(sql`
    select id, trade, types, act, channel, at from notices
    where person = ${person} and trade = ${trade} order by id limit ${mostOfTrade}`);
}

export interface LookupRow {
  id: string;
  operator: string;
  reason: string | null;
  /** Set where the recipient of a trade was looked at. */
  trade: bigint | null;
  at: Date;
}

export interface NewLookup {
  /** Null where a trade has no buyer who could read it. */
  person: string | null;
  operator: string;
  reason: string;
  trade?: bigint | undefined;
}

/** Records that an operator looks at a person's data, in the transaction that reads the data to be shown. */
export function insertLookup(client: Client, lookup: NewLookup): Promise<void> {
  const id = uuidv7();
  const { person, operator, reason, trade = null } = lookup;
  return atOnce(client, async (inside) => {
    await inside.execute(sql`
      insert into lookups (id, person, operator, reason, trade, at)
      values (${id}, ${person}, ${operator}, ${reason}, ${trade}, kenshu_now())`);
    await sealStored(inside, "lookups", [id]);
  });
}

/** A change of what is known of somebody or of what they sign in with: never what it was, or is. */
export interface ProfileChangeRow {
  id: string;
  act: "asked" | "changed" | "taken back" | "stopped";
  field: "password" | "name" | "kana" | "address" | "email" | "phone" | "bank account" | "passkey";
  /** Themselves, by their password; whoever reads their mail, or has their letter; or an operator. */
  role: "self" | "mail" | "letter" | "operator";
  operator: string | null;
  confirmedBy: string | null;
  at: Date;
}

export type NewProfileChange = Pick<ProfileChangeRow, "act" | "field" | "role"> & {
  kind: string;
  subject: string;
  operator?: string | undefined;
  confirmedBy?: string | null;
};

/** Enters a change, in the transaction that makes it. */
export function insertProfileChange(client: Client, change: NewProfileChange): Promise<void> {
  const id = uuidv7();
  const { kind, subject, act, field, role, operator = null, confirmedBy = null } = change;
  return atOnce(client, async (inside) => {
    await inside.execute(sql`
      insert into profile_changes (id, subject_kind, subject, act, field, role, operator, confirmed_by, at)
      values (${id}, ${kind}, ${subject}, ${act}, ${field}, ${role}, ${operator}, ${confirmedBy}, kenshu_now())`);
    await sealStored(inside, "profile_changes", [id]);
  });
}

/** What was changed of somebody, newest first; `after` is the id of the last one seen. */
export function listProfileChanges(
  client: Client,
  subject: string,
  limit: number,
  after: string = beyondAll,
): Promise<ProfileChangeRow[]> {
  return client.query<ProfileChangeRow>(sql`
    select id, act, field, role, operator, confirmed_by as "confirmedBy", at from profile_changes
    where subject = ${subject} and id < ${after} order by id desc limit ${limit}`);
}

/** The reason of a look that nobody gave one for: a page was opened by its number, and shows who is meant, masked. */
export const openedPage = "opened";

/** Whose page, or of which trade. */
export interface Opened {
  person: string | null;
  trade: bigint | null;
}

/** How many such pages an operator has opened within a day, each once, and whether this one is among them. */
export async function countOpened(
  client: Client,
  operator: string,
  { person, trade }: Opened,
): Promise<{ opened: number; isKnown: boolean }> {
  const [row] = await client.query<{ opened: number; isKnown: boolean }>(sql`
    select count(*)::int as opened, coalesce(bool_or(person is not distinct from ${person}::uuid
      and trade is not distinct from ${trade}::bigint), false) as "isKnown"
    from lookups
    where operator = ${operator} and at > (select kenshu_now()) - interval '1 day' and reason = ${openedPage}`);
  return row ?? { opened: 0, isKnown: false };
}

/** How many looks an operator has had within a day; pages that were only opened are counted by themselves. */
export async function countLookups(client: Client, operator: string): Promise<bigint> {
  const [row] = await client.query<{ count: bigint }>(sql`
    select count(*) as count from lookups
    where operator = ${operator} and at > kenshu_now() - interval '1 day' and reason is distinct from ${openedPage}`);
  return row?.count ?? 0n;
}

/** Who has looked at a person's data, newest first; `after` is the id of the last one seen. */
export function listLookups(
  client: Client,
  person: string,
  limit: number,
  after: string = beyondAll,
): Promise<LookupRow[]> {
  return client.query<LookupRow>(sql`
    select id, operator, reason, trade, at from lookups
    where person = ${person} and id < ${after} order by id desc limit ${limit}`);
}

/** A look as operators read of it. */
export interface LookRow extends LookupRow {
  /** Null where nobody could read it: of a search, or of a trade without a buyer. */
  person: string | null;
  /** The member's; null of a guest. */
  member: bigint | null;
}

const ofLooks = `select l.id, l.person, l.operator, l.reason, l.trade, l.at,
    (select p.number from people p where p.id = l.person) as member
  from lookups l`;
const backwards = "order by l.at desc, l.id desc limit $3";

/** Looks of all operators, of one, or at one person, the newest first, those before `before`. */
export function listLooks(
  client: Client,
  of: { operator?: string | undefined; person?: string | undefined },
  { before, limit }: { before: TimedPlace; limit: number },
): Promise<LookRow[]> {
  const values = [before.at, before.id, limit];
  if (of.person !== undefined)
    return client.query<LookRow>({
      name: "looks_at_person",
      text: `${ofLooks} where l.person = $4 and (l.at, l.id) < ($1, $2) ${backwards}`,
      values: [...values, of.person],
    });
  if (of.operator !== undefined)
    return client.query<LookRow>({
      name: "looks_of_operator",
      text: `${ofLooks} where l.operator = $4 and l.at <= $1 and (l.at, l.id) < ($1, $2) ${backwards}`,
      values: [...values, of.operator],
    });
  return client.query<LookRow>({
    name: "looks_of_all",
    text: `${ofLooks} where (l.at, l.id) < ($1, $2) ${backwards}`,
    values,
  });
}
