/** A trading server with the people of its demo, as stories of goods need them: each may call it, and time passes on it. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { TradeView } from "../../../src/core/protocol/protocol.ts";
import type { Who } from "../tables/goods-stories.ts";
import { bearer, type Headers, type Json, type Reply, request, signIn } from "../wire/http.ts";
import type { Pair } from "./pair.ts";
import { until } from "./world.ts";

interface Place {
  url: string;
  demo: Pick<Pair["institution"]["demo"], "shops" | "members" | "carriers" | "operators" | "adminKey">;
}

export interface Counter {
  topology: "direct" | "facilitated";
  url: string;
  shopKey: string;
  member: Place["demo"]["members"][number];
  carrier: Place["demo"]["carriers"][number];
  send: (who: Who, path: string, body: Json) => Promise<Reply>;
  get: (who: Who, path: string) => Promise<Reply>;
  read: (number: string) => Promise<TradeView>;
  /** An operator, who reads the mails of a sandbox. */
  operator: Headers;
  /** What time it is here, in milliseconds. */
  now: () => Promise<number>;
  /** Proposes five cups at 1,000 yen under the member's mandate; answers the number of the trade. */
  propose: (terms: Json) => Promise<string>;
}

async function openCounter(topology: Counter["topology"], { url, demo }: Place): Promise<Counter> {
  const [shop] = demo.shops;
  const [member] = demo.members;
  const [carrier] = demo.carriers;
  const [, second] = demo.operators;
  assert.ok(shop && member && carrier && second);
  const callers: Record<Who, Headers> = {
    shop: bearer(shop.key),
    buyer: await signIn(url, member),
    carrier: await signIn(url, carrier),
    phone: await signIn(url, second),
    admin: bearer(demo.adminKey),
  };
  const send: Counter["send"] = (who, path, body) => request(`${url}${path}`, "POST", callers[who], body);
  return {
    topology,
    url,
    shopKey: shop.key,
    member,
    carrier,
    operator: callers.admin,
    send,
    get: (who, path) => request(`${url}${path}`, "GET", callers[who]),
    read: async (number) => {
      const { json } = await request(`${url}/v1/trades/${number}`, "GET", callers.admin);
      return json as unknown as TradeView;
    },
    now: async () => {
      const { json } = await request(`${url}/v1/test-clock`, "GET", callers.admin);
      return new Date(String(json["now"])).getTime();
    },
    propose: async (terms) => {
      const approval = { mandate: member.mandates[shop.key] };
      const reply = await send("shop", "/v1/trades", {
        ...offerOf({ member: member.number, carrier: carrier.id }),
        approval,
        ...terms,
      });
      assert.equal(reply.status, 201, reply.text);
      return String(reply.json["number"]);
    },
  };
}

/** What is sold in every story. */
export const offerOf = ({ member, carrier }: { member: string; carrier: string }): Json => ({
  buyer: { member },
  currency: "JPY",
  lines: [{ name: "Cup", quantity: 5, unitAmount: 1000 }],
  carrier,
  reference: randomUUID(),
});

/** Both servers of a pair. */
export async function openCounters(pair: Pair): Promise<readonly [direct: Counter, facilitated: Counter]> {
  return [await openCounter("direct", pair.institution), await openCounter("facilitated", pair.facilitator)];
}

/** The same time passes on both servers: a hold at the institution runs out by the institution's clock. */
export async function passOn(counters: readonly Counter[], by: string): Promise<void> {
  for (const { send } of counters) {
    const reply = await send("admin", "/v1/test-clock/advance", { by });
    assert.ok(reply.status < 300, reply.text);
  }
}

/** `state frozen/settled/released`, with what was paid back behind it. */
function sumsOf({ state, frozen, settled, released, refunded }: TradeView): string {
  return `${state} ${frozen}/${settled}/${released}${(refunded ?? 0) > 0 ? ` back ${refunded}` : ""}`;
}

/** Waits until a trade stands as it has to: another server may still be asked. Answers it. */
export async function comesTo(
  { read }: Counter,
  number: string,
  said: string,
  expected: string,
): Promise<TradeView> {
  let trade = await read(number);
  await until(said, async () => {
    trade = await read(number);
    return sumsOf(trade) === expected || (trade.pending === null && trade.refundDue === 0);
  });
  assert.equal(sumsOf(trade), expected, said);
  return trade;
}

const day = 86_400_000;

/** The instant that a story calls `in 12 days`; the text itself where it is none of these. */
export async function instantOf({ now }: Counter, text: string): Promise<string> {
  const days = /^in (\d+) days$/.exec(text)?.[1];
  return days === undefined ? text : new Date((await now()) + Number(days) * day).toISOString();
}
