/** When accounts are paid out by themselves. */
import type { Rhythm } from "../../core/bankfiles/bankfiles.ts";
import { type Client, sql } from "../../storage/database/database.ts";

export interface ScheduleRow {
  account: string;
  every: Rhythm;
  on: number;
  least: bigint;
  /** YYYY-MM-DD: the next bank day on which it is due. */
  nextOn: string;
}

export async function writeSchedule(
  client: Client,
  { account, every, on, least, nextOn }: ScheduleRow,
): Promise<void> {
  await client.execute(sql`
    insert into payout_schedules (account, every, on_day, least, next_on)
    values (${account}, ${every}, ${on}, ${least}, ${nextOn}::date)
    on conflict (account) do update set every = excluded.every, on_day = excluded.on_day, least = excluded.least,
      next_on = excluded.next_on`);
}

export async function deleteSchedule(client: Client, account: string): Promise<boolean> {
  return (await client.execute(sql`delete from payout_schedules where account = ${account}`)) === 1;
}

export async function readSchedule(client: Client, account: string): Promise<ScheduleRow | undefined> {
  const [row] = await client.query<ScheduleRow>(sql`
    select account, every, on_day::int as "on", least, next_on::text as "nextOn"
    from payout_schedules where account = ${account}`);
  return row;
}

/** Accounts whose day has come, the longest due first. */
export async function dueSchedules(client: Client, day: string, limit: number): Promise<string[]> {
  const rows = await client.query<{ account: string }>(sql`
    select account from payout_schedules where next_on <= ${day}::date order by next_on limit ${limit}`);
  return rows.map(({ account }) => account);
}

/** Locks a schedule that is due on a day; undefined where another process has looked at it, or it is there no more. */
export async function lockDue(
  client: Client,
  account: string,
  day: string,
): Promise<ScheduleRow | undefined> {
  const [row] = await client.query<ScheduleRow>(sql`
    select account, every, on_day::int as "on", least, next_on::text as "nextOn"
    from payout_schedules where account = ${account} and next_on <= ${day}::date for update skip locked`);
  return row;
}

export async function moveSchedule(client: Client, account: string, nextOn: string): Promise<void> {
  await client.execute(sql`update payout_schedules set next_on = ${nextOn}::date where account = ${account}`);
}
