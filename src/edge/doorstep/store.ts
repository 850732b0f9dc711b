/** Who stands at which door until when, and how often a code was wrong. */
import { type Client, sql } from "../../storage/database/database.ts";
import type { Giver } from "./codes.ts";

export interface DoorWindow {
  id: string;
  hand: string;
  until: Date;
  wrong: number;
  /** Whether a code of it may still be used: in time, and not used yet. */
  open: boolean;
}

/** What a code has served: whose it was, and the window in which it held. */
export interface Use {
  giver: Giver;
  window: string;
}

/**
 * Opens a window of ten minutes in place of the one before it; the wrong codes go on counting. A report that comes in
 * after a later one, as `version` of the trade tells, changes nothing.
 */
export async function openWindow(
  client: Client,
  window: { trade: bigint; id: string; hand: string; version: number },
): Promise<void> {
  await client.execute(sql`
    insert into door_windows as old (trade, id, hand, version, until)
    values (${window.trade}, ${window.id}, ${window.hand}, ${window.version}, kenshu_now() + interval '10 minutes')
    on conflict (trade) do update set id = excluded.id, hand = excluded.hand, version = excluded.version,
      until = excluded.until, spent_by = null
    where old.version < excluded.version`);
}

const columns = "id, hand, until, wrong, until > kenshu_now() and spent_by is null as open";

export async function readWindow(client: Client, trade: bigint): Promise<DoorWindow | undefined> {
  const text = `select ${columns} from door_windows where trade = $1`;
  const [window] = await client.query<DoorWindow>({ name: "door_window", text, values: [trade] });
  return window;
}

/** The same, locked: of any number of codes that come at once, one after the other is looked at. */
export async function lockWindow(client: Client, trade: bigint): Promise<DoorWindow | undefined> {
  const text = `select ${columns} from door_windows where trade = $1 for update`;
  const [window] = await client.query<DoorWindow>({ name: "door_window_locked", text, values: [trade] });
  return window;
}

export async function countWrongCode(client: Client, trade: bigint): Promise<void> {
  await client.execute(sql`update door_windows set wrong = wrong + 1 where trade = ${trade}`);
}

/** The code that has served this very request, whatever window there is now. */
export async function readUse(client: Client, trade: bigint, spender: Buffer): Promise<Use | undefined> {
  const [use] = await client.query<Use>(sql`
    select giver, window_id as "window" from door_uses where trade = ${trade} and spender = ${spender}`);
  return use;
}

/** Closes the window for every other request, and keeps for good which request its code has served. */
export async function spendWindow(client: Client, trade: bigint, by: Buffer, giver: Giver): Promise<void> {
  await client.execute(sql`
    with spent as (update door_windows set spent_by = ${by} where trade = ${trade} returning id)
    insert into door_uses (trade, spender, window_id, giver, at)
    select ${trade}, ${by}, id, ${giver}, kenshu_now() from spent`);
}

/** Lets codes be tried again, once the carrier reports anew: the window that is open ends. */
export async function unlockDoor(client: Client, trade: bigint, by: string): Promise<void> {
  await client.execute(sql`
    update door_windows set wrong = 0, until = least(until, kenshu_now()), unlocked_by = ${by},
      unlocked_at = kenshu_now()
    where trade = ${trade}`);
}

/** Takes one of the wrong codes that a carrier has in an hour; false where there is none left. */
export async function takeTry(client: Client, hand: string, most: number): Promise<boolean> {
  const taken = await client.execute(sql`
    insert into door_tries as old (hand, hour, wrong) values (${hand}, date_trunc('hour', kenshu_now()), 1)
    on conflict (hand) do update set hour = excluded.hour,
      wrong = case when old.hour = excluded.hour then old.wrong + 1 else 1 end
    where old.hour <> excluded.hour or old.wrong < ${most}`);
  return taken === 1;
}

/** The code was right after all. */
export async function giveTryBack(client: Client, hand: string): Promise<void> {
  await client.execute(sql`update door_tries set wrong = wrong - 1 where hand = ${hand} and wrong > 0`);
}

/** Takes one of the wrong codes that a trade's recipient has in an hour; false where there is none left. */
export async function takeRecipientTry(
  client: Client,
  trade: bigint,
  withLink: boolean,
  most: number,
): Promise<boolean> {
  const taken = await client.execute(sql`
    insert into recipient_tries as old (trade, with_link, wrong, until)
    values (${trade}, ${withLink}, 1, kenshu_now() + interval '1 hour')
    on conflict (trade, with_link) do update set
      wrong = case when old.until > kenshu_now() then old.wrong + 1 else 1 end,
      until = case when old.until > kenshu_now() then old.until else excluded.until end
    where old.until <= kenshu_now() or old.wrong < ${most}`);
  return taken === 1;
}

export async function giveRecipientTryBack(client: Client, trade: bigint, withLink: boolean): Promise<void> {
  await client.execute(sql`
    update recipient_tries set wrong = wrong - 1 where trade = ${trade} and with_link = ${withLink} and wrong > 0`);
}

export async function unlockRecipient(client: Client, trade: bigint, by: string): Promise<void> {
  await client.execute(sql`
    update recipient_tries set wrong = 0, unlocked_by = ${by}, unlocked_at = kenshu_now() where trade = ${trade}`);
}
