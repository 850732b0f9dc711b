/** Acts of operators that wait for a second one. */
import { type Client, sql } from "../../storage/database/database.ts";
import { atOnce, sealStored } from "../../storage/seals/seals.ts";
import type { MoveBody } from "../../core/protocol/schemas.ts";

export interface WaitingAct {
  id: string;
  operator: string;
  trade: bigint;
  body: MoveBody;
  currency: string | null;
  amount: bigint | null;
  createdAt: Date;
  until: Date;
  confirmedBy: string | null;
}

export interface NewAct {
  id: string;
  operator: string;
  key: string | undefined;
  trade: bigint;
  body: MoveBody;
  currency: string | null;
  amount: bigint | null;
}

const columns = `id, operator, trade, body, currency, amount, created_at as "createdAt", until,
  confirmed_by as "confirmedBy"`;

/** Enters an act that waits for a day, and answers it; with a key, the one that the operator entered with it before. */
export function enterAct(client: Client, act: NewAct): Promise<WaitingAct> {
  return atOnce(client, (inside) => enter(inside, act));
}

async function enter(client: Client, act: NewAct): Promise<WaitingAct> {
  const { id, operator, key = null, trade, body, currency, amount } = act;
  const entered = await client.execute(sql`
    insert into operator_acts (id, operator, key, trade, body, currency, amount, created_at, until)
    select ${id}::uuid, ${operator}::uuid, ${key}::text, ${trade}::bigint, ${JSON.stringify(body)}::json,
      ${currency}::text, ${amount}::bigint, now, now + interval '1 day' from kenshu_now() as now
    on conflict (operator, key) do nothing`);
  if (entered === 1) await sealStored(client, "operator_acts", [id]);
  const [row] = await client.query<WaitingAct>({
    text: `select ${columns} from operator_acts where id = $1 or (operator = $2 and key = $3)`,
    values: [id, operator, key],
  });
  if (row === undefined) throw new Error("An act that was entered is not there.");
  return row;
}

export async function readAct(client: Client, id: string): Promise<WaitingAct | undefined> {
  const [row] = await client.query<WaitingAct>({
    text: `select ${columns} from operator_acts
      where id = $1 and (confirmed_by is not null or until > kenshu_now())`,
    values: [id],
  });
  return row;
}

/**
 * Who confirms an act: of any number of operators who try at once, the first, and everybody gets that answer. Undefined
 * where its time has run out; the operator who asked is kept out by a check of the table.
 */
export function confirmAct(client: Client, id: string, operator: string): Promise<string | undefined> {
  return atOnce(client, async (inside) => {
    const [act] = await inside.query<{ by: string | null; open: boolean }>(sql`
      select confirmed_by as by, until > kenshu_now() as open from operator_acts
      where id = ${id} and operator <> ${operator} for update`);
    if (act?.by != null || act?.open !== true) return act?.by ?? undefined;
    await inside.execute(sql`
      update operator_acts set confirmed_by = ${operator}, confirmed_at = kenshu_now() where id = ${id}`);
    await sealStored(inside, "operator_acts", [id], 1);
    return operator;
  });
}

const firstId = "00000000-0000-0000-0000-000000000000";

/** The acts that wait, oldest first; `after` is the id of the last one seen. */
export function listActs(client: Client, limit: number, after: string = firstId): Promise<WaitingAct[]> {
  return client.query<WaitingAct>({
    text: `select ${columns} from operator_acts
      where confirmed_by is null and until > kenshu_now() and id > $1 order by id limit $2`,
    values: [after, limit],
  });
}
