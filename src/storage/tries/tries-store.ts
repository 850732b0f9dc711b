/** Wrong passwords and wrong proofs, within a window of time, as all processes of a server see them. */
import { type Client, plainArray, sql } from "../database/database.ts";

const forgottenAtOnce = 200;

/** Counts one more try under each of these names, and answers how many there are now in the window of each. */
export async function countTries(
  client: Client,
  names: readonly Buffer[],
  windowMs: number,
): Promise<number[]> {
  // In one order for all, so that no two wait for each other.
  const ordered = names.toSorted((left, right) => left.compare(right));
  const rows = await client.query<{ name: string; wrong: number }>(sql`
    with forgotten as (
      delete from tries where name = any(array(
        select name from tries where until < kenshu_now() - interval '1 hour' limit ${forgottenAtOnce} for update skip locked))
    )
    insert into tries as old (name, wrong, until)
    select decode(name, 'hex'), 1, kenshu_now() + make_interval(secs => ${windowMs}::double precision / 1000)
    from unnest(${plainArray(ordered.map((name) => name.toString("hex")))}::text[]) as name
    on conflict (name) do update set
      wrong = case when old.until > kenshu_now() then old.wrong + 1 else 1 end,
      until = case when old.until > kenshu_now() then old.until else excluded.until end
    returning encode(name, 'hex') as name, wrong`);
  const found = new Map(rows.map(({ name, wrong }) => [name, wrong]));
  return names.map((name) => found.get(name.toString("hex")) ?? 0);
}

/** Takes one try back under each of these names: it turned out well, or was not made. */
export async function giveTriesBack(client: Client, names: readonly Buffer[]): Promise<void> {
  await client.execute(sql`
    update tries set wrong = wrong - 1 where wrong > 0 and name = any(array(
      select name from tries where name = any(${[...names]}::bytea[]) order by name for update))`);
}
