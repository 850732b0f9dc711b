/** Batches as rows, and the rows that are sealed as they stand in their tables. */
import {
  commandRow,
  type CommandLeg,
  eventRow,
  type LeafRow,
  rowOf,
  type SealedEvents,
  type SealedTable,
} from "../../core/log/log.ts";
import { bigintArray, type Client, intArray, sql, uuidArray } from "../database/database.ts";

export interface BatchRow {
  id: string;
  at: Date;
  seed: Buffer;
  rows: Buffer;
  root: Buffer;
}

export function insertBatch(client: Client, { id, at, seed, rows, root }: BatchRow): Promise<number> {
  return client.execute(sql`
    insert into sealed_batches (id, at, seed, rows, root) values (${id}, ${at}, ${seed}, ${rows}, ${root})`);
}

/** Where a row stands: in its table by `key` and `sub`; events with the number that their trade is known by. */
export interface Sought {
  key: string;
  sub: number;
  trade?: bigint;
}

type Reading = (client: Client, sought: readonly Sought[]) => Promise<LeafRow[]>;

const keysOf = (sought: readonly Sought[]): Buffer => uuidArray(sought.map(({ key }) => key));

/**
 * Reads rows that have an id, by the ids of those that are sought; all columns behind the first are their values. `later` are
 * values of columns that the table did not have from the beginning: null where a row has none of them, so that what was
 * sealed without them stays what it was.
 */
function byId(
  table: SealedTable,
  read: (
    client: Client,
    ids: Buffer,
    sub: number,
  ) => Promise<{ id: string; later?: readonly unknown[] | null }[]>,
): Reading {
  return async (client, sought) => {
    const subs = [...new Set(sought.map(({ sub }) => sub))];
    const found = await Promise.all(
      subs.map(async (sub) => {
        const rows = await read(client, keysOf(sought.filter((each) => each.sub === sub)), sub);
        return rows.map(({ id, later, ...values }) =>
          rowOf(table, id, sub, [...Object.values(values), ...(later ?? [])]),
        );
      }),
    );
    return found.flat();
  };
}

const readings: Readonly<Record<SealedTable, Reading>> = {
  trade_events: async (client, sought) => {
    // The number is in the leaf and not in the row: a trade that has lost its number, or got another, is no proof.
    const rows = await client.query<SealedEvents>(sql`
      select coalesce(t.number, 0) as number, e.trade, e.seq, e.types, e.at, e.role, e.actor, e.data
      from unnest(${keysOf(sought)}::uuid[], ${intArray(sought.map(({ sub }) => sub))}::int[],
        ${bigintArray(sought.map(({ trade = 0n }) => trade))}::bigint[]) as sought (trade, seq, number)
      cross join lateral (select * from trade_events where trade = sought.trade and seq = sought.seq limit 1) e
      left join lateral (select number, id from trades where number = sought.number limit 1) t on t.id = e.trade`);
    return rows.map(eventRow);
  },
  entries: async (client, sought) => {
    const legs = await client.query<CommandLeg>(sql`
      select command, leg::int as leg, kind, account, hold, currency, posted, held, until, at
      from entries where command = any(${keysOf(sought)}::uuid[]) order by command, leg`);
    return commandRows(legs);
  },
  transfers: byId("transfers", (client, ids) =>
    client.query(sql`
      select id, kind, account, currency, amount, reference, role, actor, at,
        case when num_nonnulls(reason, confirmed_by) > 0 or suspended
          then json_build_array(reason, confirmed_by, suspended) end as later
      from transfers where id = any(${ids}::uuid[])`),
  ),
  peer_transfers: byId("peer_transfers", (client, ids) =>
    client.query(sql`
      select id, peer, trade_number, payer, payee, currency, amount, at
      from peer_transfers where id = any(${ids}::uuid[])`),
  ),
  consents: byId("consents", (client, ids, sub) =>
    sub === 0
      ? client.query(sql`
          select id, peer, account, purpose, own, owner_kind, owner, currency,
            case when given is null then limit_trade else (given ->> 'limit_trade')::bigint end as limit_trade,
            case when given is null then limit_month else (given ->> 'limit_month')::bigint end as limit_month,
            fee_fixed, fee_basis_points,
            case when given is null then until else (given ->> 'until')::timestamptz end as until, created_at,
            case when limit_day is not null then json_build_array(limit_day::text) end as later
          from consents where id = any(${ids}::uuid[])`)
      : client.query(sql`
          select id, revoked_at from consents where id = any(${ids}::uuid[]) and revoked_at is not null`),
  ),
  operator_acts: byId("operator_acts", (client, ids, sub) => {
    switch (sub) {
      case 0:
        return client.query(sql`
          select id, operator, key, trade, body, currency, amount, created_at, until,
            case when digest is not null
              then json_build_array(act, subject, encode(digest, 'hex'), version) end as later
          from operator_acts where id = any(${ids}::uuid[])`);
      case 1:
        return client.query(sql`
          select id, confirmed_by, confirmed_at
          from operator_acts where id = any(${ids}::uuid[]) and confirmed_at is not null`);
      default:
        return client.query(sql`
          select id, declined_by, declined_at,
            case when declined_reason is not null then json_build_array(declined_reason) end as later
          from operator_acts where id = any(${ids}::uuid[]) and declined_at is not null`);
    }
  }),
  party_acts: byId("party_acts", (client, ids) =>
    client.query(sql`
      select id, party, kind, value, reason, operator, at from party_acts where id = any(${ids}::uuid[])`),
  ),
  lookups: byId("lookups", (client, ids) =>
    client.query(sql`
      select id, person, operator, reason, at,
        case when trade is not null then json_build_array(trade::text) end as later
      from lookups where id = any(${ids}::uuid[])`),
  ),
  notices: byId("notices", (client, ids) =>
    client.query(sql`
      select id, person, trade, types, channel, at,
        case when act is not null then json_build_array(act) end as later
      from notices where id = any(${ids}::uuid[])`),
  ),
  transfer_matches: byId("transfer_matches", (client, ids) =>
    client.query(sql`
      select transfer as id, reference, operator, confirmed_by, at
      from transfer_matches where transfer = any(${ids}::uuid[])`),
  ),
  settlement_answers: byId("settlement_answers", (client, ids) =>
    client.query(sql`
      select id, settlement, answer, role, actor, confirmed_by, at
      from settlement_answers where id = any(${ids}::uuid[])`),
  ),
  confirming_changes: byId("confirming_changes", (client, ids) =>
    client.query(sql`
      select id, consent, owner, confirm_above, at
      from confirming_changes where id = any(${ids}::uuid[])`),
  ),
  profile_changes: byId("profile_changes", (client, ids) =>
    client.query(sql`
      select id, subject_kind, subject, act, field, role, operator, confirmed_by, at
      from profile_changes where id = any(${ids}::uuid[])`),
  ),
  collection_payments: byId("collection_payments", (client, ids) =>
    client.query(sql`
      select command as id, fee_command, collection, collector, id as wished, currency, amount, fee, channel, reference,
        state, operator, confirmed_by, reason, at,
        case when consent is not null then json_build_array(consent) end as later
      from collection_payments where command = any(${ids}::uuid[])`),
  ),
  collection_returns: byId("collection_returns", (client, ids) =>
    client.query(sql`
      select command as id, collection, kind, account, currency, amount, reference, operator, confirmed_by, at
      from collection_returns where command = any(${ids}::uuid[])`),
  ),
  arrival_moves: byId("arrival_moves", (client, ids) =>
    client.query(sql`
      select id, arrival, kind, command, amount, number, account, operator, confirmed_by, reason, at
      from arrival_moves where id = any(${ids}::uuid[])`),
  ),
  collection_fees: byId("collection_fees", (client, ids) =>
    client.query(sql`
      select command as id, payment, collection, collector, borne_by, account, currency, amount, at
      from collection_fees where command = any(${ids}::uuid[])`),
  ),
  debt_movements: byId("debt_movements", (client, ids) =>
    client.query(sql`
      select command as id, bill, kind, account, currency, amount, step, operator, confirmed_by, reason, at
      from debt_movements where command = any(${ids}::uuid[])`),
  ),
  break_words: byId("break_words", (client, ids) =>
    client.query(sql`
      select id, break, word, version, here, there, difference, reason, operator, confirmed_by, at
      from break_words where id = any(${ids}::uuid[])`),
  ),
  // As texts, since numbers of a JSON value are not read to their last digit.
  rights: byId("rights", (client, ids) =>
    client.query(sql`
      select id, relation, key, nth, lasting::text as lasting, present::text as present, writer, at
      from rights where id = any(${ids}::uuid[])`),
  ),
};

/** The rows that are there of those that are sought, in the order in which they are sought. */
export async function readStored(
  client: Client,
  table: SealedTable,
  sought: readonly Sought[],
): Promise<LeafRow[]> {
  if (sought.length === 0) return [];
  const found = new Map<string, LeafRow>();
  for (const row of await readings[table](client, sought)) found.set(nameOf(row), row);
  return sought.flatMap((each) => found.get(nameOf(each)) ?? []);
}

const nameOf = ({ key, sub }: { key: string; sub: number }): string => `${key} ${sub}`;

/** Legs as commands; those of one command stand together. */
export function commandRows(legs: readonly CommandLeg[]): LeafRow[] {
  const rows: LeafRow[] = [];
  for (let from = 0; from < legs.length; ) {
    let to = from + 1;
    while (legs[to]?.command === legs[from]?.command) to += 1;
    rows.push(commandRow(legs.slice(from, to)));
    from = to;
  }
  return rows;
}
