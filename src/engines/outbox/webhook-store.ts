/** Webhook messages as they are written, in the transaction of the change, for the endpoints that ask for their events. */
import {
  bigintArray,
  type Client,
  plainArray,
  sql,
  textArray,
  timeArray,
  uuidArray,
  uuidv7,
} from "../../storage/database/database.ts";
import { stepMessageType } from "../../core/protocol/protocol.ts";

export type WebhookOwnerKind = "shop" | "carrier" | "provider";

/** An endpoint as a writer of messages needs it. `types` holds names of events, `*` for all, or that of a message for each step. */
export interface WebhookEndpoint {
  id: string;
  ownerKind: WebhookOwnerKind;
  owner: string;
  types: string[];
}

/** The endpoints of these owners; most owners have none. */
export function readEndpoints(client: Client, owners: readonly string[]): Promise<WebhookEndpoint[]> {
  return client.query<WebhookEndpoint>(sql`
    select id, owner_kind as "ownerKind", owner, types from webhook_endpoints
    where owner = any(${uuidArray(owners)}::uuid[]) and state = 'active' order by owner, id`);
}

/** What a message tells of a trade; amounts in minor units, null where this server does not know them. */
export interface WebhookTrade {
  number: bigint;
  state: string;
  version: number;
  shop: string;
  chain: string | null;
  carrier: string | null;
  provider: string | null;
  terms: { reference: string | null; metadata?: Record<string, string>; earmark?: true };
  currency: string;
  amount: bigint | null;
  frozen: bigint | null;
  settled: bigint | null;
  released: bigint | null;
  refunded: bigint | null;
}

/** What a step changed: amounts in minor units, and pieces of lines; below zero where something became less. */
export interface WebhookChange {
  frozen: bigint;
  settled: bigint;
  released: bigint;
  refunded: bigint;
  lines: readonly { line: number }[];
}

/** Events of one step of a trade, numbered `seq`, `seq + 1`, ... in the order of `types`. */
export interface WebhookEvents {
  /** As the step left it. */
  trade: WebhookTrade;
  changed: WebhookChange;
  seq: number;
  types: readonly string[];
  at: Date;
  /** What stands in the record of each, in the order of `types`; a message says of it which deadline is near. */
  data?: readonly Record<string, unknown>[];
}

/** A message to one endpoint, as it is kept and sent. */
export interface WebhookMessage {
  endpoint: string;
  type: string;
  /** The number of the trade; null where the message is about none. */
  trade: bigint | null;
  payload: string;
  at: Date;
}

/** The messages that these events make for these endpoints. Carriers and providers are told no amount. */
export function webhookMessages(
  endpoints: readonly WebhookEndpoint[],
  events: readonly WebhookEvents[],
): WebhookMessage[] {
  if (endpoints.length === 0) return [];
  return events.flatMap(({ trade, changed, seq, types, at, data: kept }) => {
    const concerned = endpoints.filter((endpoint) => concerns(endpoint, trade));
    if (concerned.length === 0) return [];
    // What all events of a step tell is made once for those who see amounts, and once for those who do not.
    const shown = new Map<boolean, Record<string, unknown>>();
    const about = (seesMoney: boolean) => {
      const known = shown.get(seesMoney) ?? dataOf(trade, seq, changed, seesMoney);
      shown.set(seesMoney, known);
      return known;
    };
    const last = types.length - 1;
    const told = [...types.map((type, index) => ({ type, index })), { type: stepMessageType, index: last }];
    return told.flatMap(({ type, index }) =>
      concerned
        .filter((endpoint) => wants(endpoint, type))
        .map((endpoint) => {
          const of = about(endpoint.ownerKind === "shop");
          const data = { ...of, seq: seq + index, ...nearIn(type, kept?.[index]) };
          return messageTo(endpoint.id, type, at, data, trade.number);
        }),
    );
  });
}

const nearIn = (type: string, kept: Record<string, unknown> | undefined) =>
  type === "trade.deadline_near" ? kept : undefined;

/** A message with its payload; `data` holds nothing personal. */
export function messageTo(
  endpoint: string,
  type: string,
  at: Date,
  data: Record<string, unknown>,
  trade: bigint | null,
): WebhookMessage {
  const payload = JSON.stringify({ type, timestamp: at.toISOString(), data });
  return { endpoint, type, trade, payload, at };
}

function concerns({ ownerKind, owner }: WebhookEndpoint, trade: WebhookTrade): boolean {
  // Whose order is still to follow learns of the number from the buyer.
  if (trade.terms.earmark === true) return false;
  return trade[ownerKind] === owner || (ownerKind === "shop" && trade.chain === owner);
}

/** Whether an endpoint is to be sent messages of this type. That for each step comes to those only who ask for it by name. */
export function wants({ types }: WebhookEndpoint, type: string): boolean {
  return types.includes(type) || (types.includes("*") && type !== stepMessageType);
}

/** What the events of a step tell, with the number of the first of them. */
function dataOf(
  trade: WebhookTrade,
  seq: number,
  changed: WebhookChange,
  seesMoney: boolean,
): Record<string, unknown> {
  const { state, version, currency, terms } = trade;
  const [number, reference] = [String(trade.number), terms.reference];
  if (!seesMoney) return { number, state, version, reference, changed: { lines: changed.lines }, seq };
  const wire = (amount: bigint | null) => (amount === null ? null : Number(amount));
  // Where this server does not know an amount, it does not know how it changed either.
  const moved = (name: "frozen" | "settled" | "released" | "refunded") =>
    trade[name] === null ? null : Number(changed[name]);
  return {
    number,
    state,
    version,
    reference,
    metadata: terms.metadata ?? {},
    currency,
    amount: wire(trade.amount),
    frozen: wire(trade.frozen),
    settled: wire(trade.settled),
    released: wire(trade.released),
    refunded: wire(trade.refunded),
    changed: {
      frozen: moved("frozen"),
      settled: moved("settled"),
      released: moved("released"),
      refunded: moved("refunded"),
      lines: changed.lines,
    },
    seq,
  };
}

/** Writes messages that are sent after the commit. By the id of a message its receiver recognises repetitions. */
export function enqueueWebhooks(client: Client, messages: readonly WebhookMessage[]): Promise<number> {
  if (messages.length === 0) return Promise.resolve(0);
  const at = timeArray(messages.map((message) => message.at));
  return client.execute(sql`
    with new as materialized (
      select * from unnest(${uuidArray(messages.map(() => uuidv7()))}::uuid[],
        ${uuidArray(messages.map(({ endpoint }) => endpoint))}::uuid[],
        ${plainArray(messages.map(({ type }) => type))}::text[],
        ${bigintArray(messages.map(({ trade }) => trade))}::bigint[],
        ${textArray(messages.map(({ payload }) => payload))}::text[],
        ${at}::timestamptz[]) as new (id, endpoint, type, trade, payload, at)),
    waiting as (
      insert into waiting_messages (id, endpoint, bytes, next_at, created_at)
      select id, endpoint, octet_length(payload), at, at from new)
    insert into webhook_deliveries (id, endpoint, type, trade, payload, next_at, state, created_at)
    select id, endpoint, type, trade, payload, at, 'waiting', at from new`);
}
