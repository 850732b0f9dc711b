/** Operators: who made them, since when they are there, and whether they still act. */
import { type Client, sql } from "../database/database.ts";
import type { OperatorState } from "./kinds.ts";

export interface OperatorRow {
  id: string;
  name: string;
  state: OperatorState;
  createdAt: Date;
  /** Who asked for them to be made; null for those of the server's own command line. */
  madeBy: string | null;
  /** They have been there for a day, or need not. */
  seasoned: boolean;
}

const columns = `id, name, state, created_at as "createdAt", made_by as "madeBy",
  made_by is null or created_at <= kenshu_now() - interval '1 day' as seasoned`;

export async function insertOperator(
  client: Client,
  operator: { id: string; name: string; madeBy: string | null },
): Promise<void> {
  await client.execute(sql`
    insert into operators (id, name, state, created_at, made_by)
    values (${operator.id}, ${operator.name}, 'active', kenshu_now(), ${operator.madeBy})`);
}

export async function readOperator(client: Client, id: string): Promise<OperatorRow | undefined> {
  const [row] = await client.query<OperatorRow>({
    text: `select ${columns} from operators where id = $1`,
    values: [id],
  });
  return row;
}

/** Those with these ids; unknown ids are left out. */
export function readOperators(client: Client, ids: readonly string[]): Promise<OperatorRow[]> {
  return client.query<OperatorRow>({
    text: `select ${columns} from operators where id = any($1::uuid[])`,
    values: [[...ids]],
  });
}

/** All of them, locked by id: what two operators do at the same time is then decided one after the other. */
export function lockOperators(client: Client): Promise<OperatorRow[]> {
  return client.query<OperatorRow>({
    text: `select ${columns} from operators order by id for update`,
    values: [],
  });
}

/** How many operators act here. Until the end of the transaction nobody else makes one. */
export async function countOperatorsAlone(client: Client): Promise<bigint> {
  await client.execute(sql`lock table operators in share row exclusive mode`);
  const [row] = await client.query<{ count: bigint }>(sql`
    select count(*) as count from operators where state = 'active'`);
  return row?.count ?? 0n;
}

const firstId = "00000000-0000-0000-0000-000000000000";

export function listOperators(
  client: Client,
  limit: number,
  after: string = firstId,
): Promise<OperatorRow[]> {
  return client.query<OperatorRow>({
    text: `select ${columns} from operators where id > $1 order by id limit $2`,
    values: [after, limit],
  });
}

/** False where there is no such operator. */
export async function setOperatorState(client: Client, id: string, state: OperatorState): Promise<boolean> {
  return (await client.execute(sql`update operators set state = ${state} where id = ${id}`)) === 1;
}
