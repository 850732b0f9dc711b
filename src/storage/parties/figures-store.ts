/** How often something went wrong in the trades of each party. */
import { type Client, plainArray, sql, uuidArray } from "../database/database.ts";
import type { FigureKind } from "./kinds.ts";

/** One more of a kind for a party: a shop, a carrier, a provider, or a buyer by the person's id. */
export interface Figure {
  party: string;
  kind: FigureKind;
}

/** Adds to the figures, in one order for all who do, so that nobody waits for each other in a circle. */
export function addFigures(client: Client, figures: readonly Figure[]): Promise<number> {
  return client.execute(sql`
    insert into party_figures (party, kind, count)
    select party, kind, count(*) from unnest(${uuidArray(figures.map(({ party }) => party))}::uuid[],
      ${plainArray(figures.map(({ kind }) => kind))}::text[]) as new (party, kind)
    group by party, kind order by party, kind
    on conflict (party, kind) do update set count = party_figures.count + excluded.count`);
}

/** A party's figures by kind; what has never happened is not there. */
export async function readFigures(
  client: Client,
  party: string,
): Promise<Partial<Record<FigureKind, bigint>>> {
  const rows = await client.query<{ kind: FigureKind; count: bigint }>(sql`
    select kind, count from party_figures where party = ${party}`);
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}
