import { beyondAll, type Client, plainArray, sql, timeArray } from "../../storage/database/database.ts";

/** What another server has paid from an account of a member. */
export interface NewSettlement {
  id: string;
  peer: string;
  /** The id that the server has given its instruction. */
  instruction: string;
  reservation: string;
  /** The member. */
  owner: string;
  amount: bigint;
  at: Date;
}

export function insertSettlements(client: Client, settlements: readonly NewSettlement[]): Promise<number> {
  const of = <K extends keyof NewSettlement>(name: K) => settlements.map((each) => each[name]);
  return client.execute(sql`
    insert into settlements (id, peer, instruction, reservation, owner, amount, at)
    select * from unnest(${plainArray(of("id"))}::uuid[], ${plainArray(of("peer"))}::uuid[],
      ${plainArray(of("instruction"))}::uuid[], ${plainArray(of("reservation"))}::uuid[],
      ${plainArray(of("owner"))}::uuid[], ${plainArray(of("amount"))}::bigint[],
      ${timeArray(of("at"))}::timestamptz[])`);
}

/** A settlement as its owner sees it. */
export interface Settlement extends NewSettlement {
  tradeNumber: string;
  /** The name of the shop. */
  payee: string;
  currency: string;
  /** What is still frozen for the trade now. */
  frozen: bigint;
}

export async function readSettlement(client: Client, id: string): Promise<Settlement | undefined> {
  const [row] = await client.query<Settlement>(sql`
    select s.id, s.peer, s.instruction, s.reservation, s.owner, s.amount, s.at, r.trade_number as "tradeNumber",
      coalesce(shop.name, '') as payee, h.currency, h.amount - h.settled - h.released as frozen
    from settlements s join reservations r on r.id = s.reservation join holds h on h.id = r.id
      join consents c on c.id = r.payee left join parties shop on shop.id = c.owner
    where s.id = ${id}`);
  return row;
}

/** What was paid from the accounts of a member, newest first; `after` is the id of the last one seen. */
export function listSettlements(
  client: Client,
  owner: string,
  limit: number,
  after: string = beyondAll,
): Promise<Settlement[]> {
  return client.query<Settlement>(sql`
    select s.id, s.peer, s.instruction, s.reservation, s.owner, s.amount, s.at, r.trade_number as "tradeNumber",
      coalesce(shop.name, '') as payee, h.currency, h.amount - h.settled - h.released as frozen
    from settlements s join reservations r on r.id = s.reservation join holds h on h.id = r.id
      join consents c on c.id = r.payee left join parties shop on shop.id = c.owner
    where s.owner = ${owner} and s.id < ${after} order by s.id desc limit ${limit}`);
}
