/**
 * An institution for tests of shops: it speaks the protocol over HTTP, keeps trades in memory, answers a repeated key
 * from its record, and loses, refuses or delays answers when told to.
 */
import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import {
  type AcceptorRole,
  dammAppend,
  type Problem,
  type ProblemCode,
  problem,
  type TradeState,
  type TradeView,
} from "../../src/protocol/protocol.ts";
import type { Propose } from "../../src/protocol/schemas.ts";

/** What goes wrong with the next call: before it is done, after it is done, or a refusal. */
export type Fault = "lose request" | "lose reply" | { refuse: ProblemCode };

interface Answer {
  status: number;
  body: TradeView | Problem;
}

export interface FakeInstitution {
  url: string;
  trades: Map<string, TradeView>;
  /** The keys of all requests that changed something, in order, with what was called. */
  seen: { call: string; key: string; body: string }[];
  faults: Fault[];
  /** Called when a request has been done and before it is answered. */
  done: (call: string) => void;
  /** What the buyer does on the institution's own pages. */
  approve(number: string, by?: AcceptorRole[]): void;
  move(number: string, state: TradeState, more?: Partial<TradeView>): void;
}

const shopId = "0190a0b0-0000-7000-8000-000000000001";

function proposed(count: number, terms: Propose, url: string): TradeView {
  const lines = (terms.lines ?? []).map((line, index) => ({
    line: index + 1,
    ...line,
    ...{ delivered: 0, accepted: 0, rejected: 0, returned: 0 },
  }));
  const number = dammAppend(String(4821073395110 + count));
  const deadlines = {
    approveBy: null,
    reservedUntil: null,
    shipBy: null,
    acceptBy: null,
    paymentDate: null,
    coolingOffUntil: null,
  };
  return {
    number,
    state: "proposed",
    topology: "direct",
    shop: shopId,
    shopName: "Test",
    reference: terms.reference ?? null,
    buyer: null,
    currency: terms.currency,
    amount: lines.reduce((sum, { quantity, unitAmount }) => sum + quantity * unitAmount, 0),
    ...{ frozen: 0, settled: 0, released: 0, refunded: 0 },
    lines,
    payment: { on: "acceptance" },
    acceptance: { by: terms.acceptance?.by ?? ["buyer"], need: 1, autoAfter: "P7D", place: null },
    carrier: null,
    provider: null,
    deadlines,
    refusal: null,
    approveUrl: `${url}/trades/${number}/approve`,
    version: 1,
    createdAt: "2026-11-22T00:00:00.000Z",
    updatedAt: "2026-11-22T00:00:00.000Z",
  };
}

/** What each call makes of a trade; a code where it refuses. */
function moved(trade: TradeView, call: string, body: { amount?: number }): Partial<TradeView> | ProblemCode {
  const { state, amount = 0, settled = 0, refunded = 0 } = trade;
  const all = (name: "delivered" | "accepted" | "returned") =>
    trade.lines.map((line) => ({ ...line, [name]: name === "returned" ? line.rejected : line.quantity }));
  switch (call) {
    case "deliver":
      return state === "reserved" ? { state: "delivered", lines: all("delivered") } : "trade_not_open";
    case "accept":
      if (!trade.acceptance.by.includes("shop")) return "not_an_acceptor";
      if (state !== "reserved" && state !== "delivered") return "already_accepted";
      return { state: "settled", frozen: 0, settled: amount, lines: all("accepted") };
    case "cancel":
      if (state === "settled") return "already_settled";
      return { state: "cancelled", frozen: 0, released: trade.frozen ?? 0 };
    case "return":
      return { frozen: 0, released: amount - settled, lines: all("returned") };
    case "refund":
      if ((body.amount ?? settled - refunded) > settled - refunded) return "amount_exceeds_settled";
      return { refunded: refunded + (body.amount ?? settled - refunded) };
    default:
      return "not_found";
  }
}

function send(response: ServerResponse, { status, body }: Answer, replayed: boolean): void {
  response.writeHead(status, {
    "content-type": "code" in body ? "application/problem+json" : "application/json",
    ...(replayed ? { "idempotent-replayed": "true" } : {}),
  });
  response.end(JSON.stringify(body));
}

/** Starts one on a free port; it ends with the test. */
export async function fakeInstitution(t: Pick<TestContext, "after">): Promise<FakeInstitution> {
  const record = new Map<string, { request: string; answer: Answer }>();
  const fake: FakeInstitution = {
    url: "",
    trades: new Map(),
    seen: [],
    faults: [],
    done: () => undefined,
    approve: (number, by) => {
      const trade = fake.trades.get(number);
      assert.ok(trade, "there is such a trade");
      const acceptance = { ...trade.acceptance, by: by ?? trade.acceptance.by };
      fake.move(number, "reserved", { frozen: trade.amount ?? 0, approveUrl: null, acceptance });
    },
    move: (number, state, more = {}) => {
      const trade = fake.trades.get(number);
      assert.ok(trade, "there is such a trade");
      fake.trades.set(number, { ...trade, ...more, state, version: trade.version + 1 });
    },
  };
  const perform = (path: string, body: string): Answer => {
    if (path === "/v1/trades") {
      const trade = proposed(fake.trades.size, JSON.parse(body) as Propose, fake.url);
      fake.trades.set(trade.number, trade);
      return { status: 201, body: trade };
    }
    const [, number = "", call = ""] = /^\/v1\/trades\/([0-9]+)\/([a-z]+)$/.exec(path) ?? [];
    const trade = fake.trades.get(number);
    const change = trade === undefined ? "not_found" : moved(trade, call, JSON.parse(body) as object);
    if (trade === undefined || typeof change === "string") {
      const refused = problem(change as ProblemCode, undefined, trade === undefined ? {} : { trade: number });
      return { status: refused.status, body: refused };
    }
    const next = { ...trade, ...change, version: trade.version + 1 };
    fake.trades.set(number, next);
    return { status: 200, body: next };
  };
  const change = (response: ServerResponse, path: string, key: string, body: string): void => {
    const call = path === "/v1/trades" ? "propose" : (path.split("/").at(-1) ?? "");
    fake.seen.push({ call, key, body });
    const fault = fake.faults.shift();
    if (fault === "lose request") {
      response.destroy();
      return;
    }
    if (typeof fault === "object") {
      const refused = problem(fault.refuse);
      send(response, { status: refused.status, body: refused }, false);
      return;
    }
    const known = record.get(key);
    const request = `${path} ${body}`;
    const reused = problem("idempotency_key_reused");
    const fresh = known === undefined ? perform(path, body) : known.answer;
    const answer = known === undefined || known.request === request ? fresh : { status: 422, body: reused };
    if (known === undefined) record.set(key, { request, answer });
    fake.done(call);
    if (fault === "lose reply") response.destroy();
    else send(response, answer, known !== undefined);
  };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const path = request.url ?? "";
      assert.equal(request.headers.authorization, "Bearer ks_test");
      if (request.method === "POST") {
        change(response, path, String(request.headers["idempotency-key"]), body);
        return;
      }
      const trade = fake.trades.get(path.split("/").at(-1) ?? "");
      const missing = problem("not_found");
      send(
        response,
        trade === undefined ? { status: 404, body: missing } : { status: 200, body: trade },
        false,
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
}
