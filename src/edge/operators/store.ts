/** What operators asked for and a second one has to confirm, and what they moved alone. */
import { type Client, sql, uuidv7 } from "../../storage/database/database.ts";
import { atOnce, sealStored } from "../../storage/seals/seals.ts";
import type { ActName } from "./acts.ts";

/** An act that was asked for; `body` is what exactly is done, in the words of whoever does it. */
export interface KeptAct {
  id: string;
  operator: string;
  act: ActName;
  subject: string | null;
  body: Record<string, unknown>;
  /** Null only of what was asked for when confirmations were bound to nothing but an amount: nobody confirms it any more. */
  digest: Buffer | null;
  /** The version of the trade that was asked about. */
  version: number | null;
  trade: bigint | null;
  currency: string | null;
  amount: bigint | null;
  createdAt: Date;
  until: Date;
  /** Its time has run out. */
  over: boolean;
  confirmedBy: string | null;
  declinedBy: string | null;
}

export type NewAct = Omit<
  KeptAct,
  "digest" | "createdAt" | "until" | "over" | "confirmedBy" | "declinedBy"
> & {
  key: string | undefined;
  digest: Buffer;
};

const columns = `id, operator, act, subject, body, digest, version, trade, currency, amount,
  created_at as "createdAt", until, until <= kenshu_now() as over, confirmed_by as "confirmedBy",
  declined_by as "declinedBy"`;

/** Enters an act that waits for a day, and answers it; with a key, the one that the operator entered with it before. */
export function enterAct(client: Client, wish: NewAct): Promise<KeptAct> {
  return atOnce(client, (inside) => enter(inside, wish));
}

async function enter(client: Client, wish: NewAct): Promise<KeptAct> {
  const { id, operator, key = null, act, subject, body, digest, version, trade, currency, amount } = wish;
  const entered = await client.execute(sql`
    insert into operator_acts (id, operator, key, act, subject, body, digest, version, trade, currency, amount,
      created_at, until)
    select ${id}::uuid, ${operator}::uuid, ${key}::text, ${act}::text, ${subject}::text,
      ${JSON.stringify(body)}::json, ${digest}::bytea, ${version}::integer, ${trade}::bigint, ${currency}::text,
      ${amount}::bigint, now, now + interval '1 day' from kenshu_now() as now
    on conflict (operator, key) do nothing`);
  if (entered === 1) await sealStored(client, "operator_acts", [id]);
  const [row] = await client.query<KeptAct>({
    text: `select ${columns} from operator_acts where id = $1 or (operator = $2 and key = $3)`,
    values: [id, operator, key],
  });
  if (row === undefined) throw new Error("An act that was entered is not there.");
  return row;
}

/** Whether an act was entered by this operator under this key. */
export async function isKept(client: Client, operator: string, key: string): Promise<boolean> {
  const rows = await client.query(
    sql`select 1 from operator_acts where operator = ${operator} and key = ${key}`,
  );
  return rows.length > 0;
}

/** An act that waits, or that was confirmed. */
export async function readAct(client: Client, id: string): Promise<KeptAct | undefined> {
  const [row] = await client.query<KeptAct>({
    text: `select ${columns} from operator_acts
      where id = $1 and digest is not null and declined_by is null
        and (confirmed_by is not null or until > kenshu_now())`,
    values: [id],
  });
  return row;
}

/** Who confirms an act: of any number of operators who try at once, the first. Undefined where it does not wait. */
export function confirmAct(client: Client, id: string, operator: string): Promise<string | undefined> {
  return atOnce(client, async (inside) => {
    const [act] = await inside.query<{ by: string | null; open: boolean }>(sql`
      select confirmed_by as by, until > kenshu_now() as open from operator_acts
      where id = ${id} and operator <> ${operator} and digest is not null and declined_by is null for update`);
    if (act?.by != null || act?.open !== true) return act?.by ?? undefined;
    await inside.execute(sql`
      update operator_acts set confirmed_by = ${operator}, confirmed_at = kenshu_now() where id = ${id}`);
    await sealStored(inside, "operator_acts", [id], 1);
    return operator;
  });
}

/** False where it does not wait any more. `reason`: for operators to read. */
export function declineAct(client: Client, id: string, operator: string, reason?: string): Promise<boolean> {
  return atOnce(client, async (inside) => {
    const touched = await inside.execute(sql`
      update operator_acts set declined_by = ${operator}, declined_at = kenshu_now(),
        declined_reason = ${reason ?? null}
      where id = ${id} and digest is not null and confirmed_by is null and declined_by is null
        and until > kenshu_now()`);
    if (touched === 1) await sealStored(inside, "operator_acts", [id], 2);
    return touched === 1;
  });
}

const firstId = "00000000-0000-0000-0000-000000000000";

/** The acts that wait, oldest first; `after` is the id of the last one seen. */
export function listActs(client: Client, limit: number, after: string = firstId): Promise<KeptAct[]> {
  return client.query<KeptAct>({
    text: `select ${columns} from operator_acts
      where confirmed_by is null and declined_by is null and digest is not null and until > kenshu_now() and id > $1
      order by id limit $2`,
    values: [after, limit],
  });
}

/** What this operator has asked for within two days, of these acts, and another has confirmed; the latest first. */
export function listConfirmed(
  client: Client,
  operator: string,
  acts: readonly ActName[],
): Promise<KeptAct[]> {
  return client.query<KeptAct>({
    name: "operator_acts_confirmed",
    text: `select ${columns} from operator_acts
      where operator = $1 and confirmed_by is not null and act = any($2::text[])
        and created_at > (select kenshu_now()) - interval '2 days'
      order by created_at desc, id desc limit 20`,
    values: [operator, [...acts]],
  });
}

/** Money that one operator moves without a second: of which subject, and who gains by it. */
export interface LoneMove {
  operator: string;
  beneficiary: string;
  subject: string;
  act: ActName;
  currency: string;
  amount: bigint;
}

/**
 * What was moved without a second operator within a day, by this one and to this one, but for the same subject, which
 * counts once however many steps it is moved in.
 */
export async function sumLoneMoves(
  client: Client,
  { operator, beneficiary, subject, currency }: LoneMove,
): Promise<{ byOperator: bigint; toBeneficiary: bigint }> {
  const [sums] = await client.query<{ byOperator: bigint; toBeneficiary: bigint }>(sql`
    with recent as (
      select operator, beneficiary, subject, max(amount) as amount from lone_moves
      where at > kenshu_now() - interval '1 day' and currency = ${currency} and subject <> ${subject}
        and (operator = ${operator} or beneficiary = ${beneficiary})
      group by operator, beneficiary, subject)
    select coalesce(sum(amount) filter (where operator = ${operator}), 0)::bigint as "byOperator",
      coalesce(sum(amount) filter (where beneficiary = ${beneficiary}), 0)::bigint as "toBeneficiary"
    from recent`);
  return sums ?? { byOperator: 0n, toBeneficiary: 0n };
}

/** Whether this was counted before, as it is when a request is sent again. */
export async function isCounted(client: Client, move: LoneMove): Promise<boolean> {
  const { operator, beneficiary, subject, act, currency, amount } = move;
  const rows = await client.query(sql`
    select 1 from lone_moves where operator = ${operator} and beneficiary = ${beneficiary} and subject = ${subject}
      and act = ${act} and currency = ${currency} and amount >= ${amount} limit 1`);
  return rows.length > 0;
}

export async function insertLoneMove(client: Client, move: LoneMove): Promise<void> {
  const { operator, beneficiary, subject, act, currency, amount } = move;
  await client.execute(sql`
    insert into lone_moves (id, operator, beneficiary, subject, act, currency, amount, at)
    values (${uuidv7()}, ${operator}, ${beneficiary}, ${subject}, ${act}, ${currency}, ${amount}, kenshu_now())`);
}

/** An operator has looked at where money or a sign-in goes by an act. */
export async function noteActLook(client: Client, act: string, operator: string): Promise<void> {
  await client.execute(sql`
    insert into act_looks (act, operator, at) values (${act}, ${operator}, kenshu_now()) on conflict do nothing`);
}

export async function hasLookedAt(client: Client, act: string, operator: string): Promise<boolean> {
  const [row] = await client.query<{ looked: boolean }>(sql`
    select exists (select from act_looks where act = ${act} and operator = ${operator}) as looked`);
  return row?.looked === true;
}
