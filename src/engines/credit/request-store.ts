/** Requests of credit for one trade, as the database keeps them. */
import { type Client, conflict, sql } from "../../storage/database/database.ts";

export const requestStates = ["asked", "granted", "used", "refused", "over"] as const;
export type RequestState = (typeof requestStates)[number];

export interface CreditRequest {
  id: string;
  trade: bigint;
  person: string;
  /** The version of the trade that the buyer has seen. */
  version: number;
  currency: string;
  amount: bigint;
  /** How they wished to pay: an approval without its means. */
  choice: Record<string, unknown>;
  role: "buyer" | "operator";
  actor: string;
  /** How they reached the operator who asked for them. */
  speech: Record<string, unknown> | null;
  state: RequestState;
  method: string | null;
  account: string | null;
  decidedBy: string | null;
  confirmedBy: string | null;
  reason: string | null;
  createdAt: Date;
  until: Date;
  decidedAt: Date | null;
}

/** How many requests of one member may wait at a time: they cost operators' time. */
const openMost = 5;
/** How often a member may ask for one trade. */
const perTrade = 3;

type Asked = Pick<
  CreditRequest,
  | "id"
  | "trade"
  | "person"
  | "version"
  | "currency"
  | "amount"
  | "choice"
  | "role"
  | "actor"
  | "speech"
  | "until"
>;

/** Enters a request; answers why not: `asked` where one stands already, `many` where there have been too many. */
export async function insertRequest(client: Client, request: Asked): Promise<"entered" | "asked" | "many"> {
  const { id, trade, person, version, currency, amount, choice, role, actor, speech, until } = request;
  const [before] = await client.query<{ open: number; own: number; stands: boolean }>(sql`
    select (select count(*)::int from credit_requests where person = ${person} and state = 'asked') as open,
      count(*)::int as own, coalesce(bool_or(state in ('asked', 'granted', 'used')), false) as stands
    from credit_requests where trade = ${trade}`);
  if (before?.stands === true) return "asked";
  if (before !== undefined && (before.open >= openMost || before.own >= perTrade)) return "many";
  const entered = await client.execute(sql`
    insert into credit_requests
      (id, trade, person, version, currency, amount, choice, role, actor, speech, state, created_at, until)
    values (${id}, ${trade}, ${person}, ${version}, ${currency}, ${amount}, ${JSON.stringify(choice)}, ${role},
      ${actor}, ${speech === null ? null : JSON.stringify(speech)}, 'asked', (select kenshu_now()), ${until})
    on conflict (trade) where state in ('asked', 'granted', 'used') do nothing`);
  return entered === 1 ? "entered" : "asked";
}

/** Locks a request until the transaction ends. */
export async function lockRequest(client: Client, id: string): Promise<CreditRequest | undefined> {
  const [row] = await client.query<CreditRequest>(sql`
    select id, trade, person, version, currency, amount, choice, role, actor, speech, state, method, account,
      decided_by as "decidedBy", confirmed_by as "confirmedBy", reason, created_at as "createdAt", until,
      decided_at as "decidedAt"
    from credit_requests where id = ${id} for update`);
  return row;
}

export async function readRequest(client: Client, id: string): Promise<CreditRequest | undefined> {
  const [row] = await client.query<CreditRequest>(sql`
    select id, trade, person, version, currency, amount, choice, role, actor, speech, state, method, account,
      decided_by as "decidedBy", confirmed_by as "confirmedBy", reason, created_at as "createdAt", until,
      decided_at as "decidedAt"
    from credit_requests where id = ${id}`);
  return row;
}

/** The requests for a trade, the newest first. */
export function readRequestsOf(client: Client, trade: bigint): Promise<CreditRequest[]> {
  return client.query<CreditRequest>(sql`
    select id, trade, person, version, currency, amount, choice, role, actor, speech, state, method, account,
      decided_by as "decidedBy", confirmed_by as "confirmedBy", reason, created_at as "createdAt", until,
      decided_at as "decidedAt"
    from credit_requests where trade = ${trade} order by id desc limit 20`);
}

/** Requests that wait for operators, the oldest first. */
export function listAsked(client: Client, limit: number, after?: string): Promise<CreditRequest[]> {
  return client.query<CreditRequest>(sql`
    select id, trade, person, version, currency, amount, choice, role, actor, speech, state, method, account,
      decided_by as "decidedBy", confirmed_by as "confirmedBy", reason, created_at as "createdAt", until,
      decided_at as "decidedAt"
    from credit_requests
    where state = 'asked' and id > ${after ?? "00000000-0000-0000-0000-000000000000"}
    order by id limit ${limit}`);
}

/** Those whose time is over, and those that were granted and whose trade is still to be approved. */
export function readDue(client: Client, limit: number): Promise<CreditRequest[]> {
  return client.query<CreditRequest>(sql`
    select id, trade, person, version, currency, amount, choice, role, actor, speech, state, method, account,
      decided_by as "decidedBy", confirmed_by as "confirmedBy", reason, created_at as "createdAt", until,
      decided_at as "decidedAt"
    from credit_requests where id = any(array(
      (select id from credit_requests where state = 'granted' order by id limit ${limit})
      union all
      (select id from credit_requests where state = 'asked' and until <= (select kenshu_now())
       order by until, id limit ${limit})))`);
}

export interface Deciding {
  id: string;
  from: RequestState;
  to: RequestState;
  line?: { method: string; account: string };
  decidedBy?: string;
  confirmedBy?: string | null;
  reason?: string | undefined;
}

/** Moves a request that this transaction holds. */
export async function moveRequest(client: Client, move: Deciding): Promise<void> {
  const { id, from, to, line, decidedBy = null, confirmedBy = null, reason = null } = move;
  const moved = await client.execute(sql`
    update credit_requests set state = ${to}, method = coalesce(${line?.method ?? null}, method),
      account = coalesce(${line?.account ?? null}, account), decided_by = coalesce(${decidedBy}, decided_by),
      confirmed_by = coalesce(${confirmedBy}, confirmed_by), reason = coalesce(${reason}, reason),
      decided_at = coalesce(decided_at, (select kenshu_now()))
    where id = ${id} and state = ${from}`);
  if (moved !== 1) throw conflict(`Request ${id} is not ${from}.`);
}

/** Lines that were granted for one trade and are open: with where they are listed next. */
export function readOpenLines(
  client: Client,
  limit: number,
  after: string,
): Promise<Pick<CreditRequest, "id" | "trade" | "person" | "state">[]> {
  return client.query(sql`
    select id, trade, person, state from credit_requests
    where account is not null and line_closed_at is null and state <> 'granted' and id > ${after}
    order by id limit ${limit}`);
}

export async function closeLine(client: Client, id: string): Promise<void> {
  await client.execute(sql`
    update credit_requests set line_closed_at = (select kenshu_now()) where id = ${id} and line_closed_at is null`);
}
