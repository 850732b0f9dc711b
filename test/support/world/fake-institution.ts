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
  problem,
  type ProblemCode,
  type TradeEventView,
  type TradeState,
  type TradeView,
} from "../../../src/core/protocol/protocol.ts";
import type { Propose } from "../../../src/core/protocol/schemas.ts";

/**
 * What goes wrong with the next call: before it is done, after it is done, or a refusal; or it is taken, and decided only
 * when `decide` says so, as where the money is at another server.
 */
export type Fault = "lose request" | "lose reply" | "wait" | { refuse: ProblemCode };

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
  /** The record of each trade, as far as a test has written one. */
  said: Map<string, TradeEventView[]>;
  /** By their digests, or what is shown instead. */
  photos: Map<string, Buffer>;
  /** What it shows of its log; nothing while it has none. */
  log: object | undefined;
  /** What it answers besides trades, by path, or by `POST` and path; nothing of it while a test names none. */
  office: Map<string, object | string>;
  /** Called when a request has been done and before it is answered. */
  done: (call: string) => void;
  /** Decides what waits: it is done, or refused with this code. */
  decide(refused?: ProblemCode): void;
  /** What the buyer does on the institution's own pages. */
  approve(number: string, by?: AcceptorRole[]): void;
  move(number: string, state: TradeState, more?: Partial<TradeView>): void;
}

const shopId = "0190a0b0-0000-7000-8000-000000000001";

function proposed(count: number, terms: Propose, url: string): TradeView {
  const lines = (terms.lines ?? []).map(({ unitAmount = 0, ...line }, index) => ({
    line: index + 1,
    ...line,
    unitAmount,
    shipped: 0,
    delivered: 0,
    accepted: 0,
    rejected: 0,
    returned: 0,
    withdrawn: 0,
    ended: 0,
  }));
  const number = dammAppend(String(4821073395110 + count));
  const deadlines = {
    approveBy: null,
    reservedUntil: null,
    shipBy: null,
    deliverBy: null,
    acceptBy: null,
    returnBy: null,
    inspectBy: null,
    answerBy: null,
    decideBy: null,
    paymentDate: null,
    coolingOffUntil: null,
    payBy: null,
    claimFrom: null,
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
    frozen: 0,
    settled: 0,
    released: 0,
    refunded: 0,
    lines,
    payment: { on: "acceptance" },
    acceptance: {
      by: terms.acceptance?.by ?? ["buyer"],
      need: 1,
      autoAfter: "P7D",
      place: null,
      deliverWithin: "P14D",
      returnWithin: "P10D",
      inspectWithin: "P5D",
    },
    independent: [],
    lots: [],
    parcels: [],
    dispute: null,
    carrier: null,
    provider: null,
    deadlines,
    refusal: null,
    pending: null,
    approveUrl: `${url}/trades/${number}/approve`,
    version: 1,
    createdAt: "2026-11-22T00:00:00.000Z",
    updatedAt: "2026-11-22T00:00:00.000Z",
  };
}

interface MoveBody {
  version?: number;
  amount?: number;
  lines?: { line: number; quantity: number }[];
  tracking?: TradeView["parcels"][number];
}

type Moved = Partial<TradeView> | ProblemCode;

/** Goods leave: so many of each line, in one parcel. */
function sent(trade: TradeView, { lines, tracking }: MoveBody, claimed: boolean): Moved {
  const parcel = tracking === undefined ? {} : { parcel: tracking.number };
  const left = trade.lines.map(({ line, quantity, shipped }) => ({ line, quantity: quantity - shipped }));
  const goods = lines ?? left.filter(({ quantity }) => quantity > 0);
  const out = (line: number) => goods.find((each) => each.line === line)?.quantity ?? 0;
  const before = claimed ? [] : trade.lots;
  return {
    lines: trade.lines.map((line) => ({
      ...line,
      shipped: Math.min(line.quantity, line.shipped + out(line.line)),
    })),
    lots: [
      ...before,
      ...goods.map((each) => ({
        ...each,
        at: "shipped" as const,
        ...parcel,
        ...(claimed ? { claimed: true as const } : {}),
      })),
    ],
    parcels: tracking === undefined ? trade.parcels : [...trade.parcels, tracking],
  };
}

/** What each call makes of a trade; a code where it refuses. */
function moved(trade: TradeView, call: string, body: MoveBody): Moved {
  const { state } = trade;
  const [amount, settled, refunded] = [trade.amount ?? 0, trade.settled ?? 0, trade.refunded ?? 0];
  const all = (name: "delivered" | "accepted" | "returned") =>
    trade.lines.map((line) => ({ ...line, [name]: name === "returned" ? line.rejected : line.quantity }));
  switch (call) {
    case "ship":
      return state === "reserved" ? sent(trade, body, false) : "trade_not_open";
    case "deliver": {
      if (state !== "reserved") return "trade_not_open";
      if (!trade.acceptance.by.includes("shop")) return sent(trade, body, true);
      const lots = trade.lines.map(({ line, quantity }) => ({ line, quantity, at: "delivered" as const }));
      return { state: "delivered", lines: all("delivered"), lots };
    }
    case "accept":
      if (!trade.acceptance.by.includes("shop")) return "not_an_acceptor";
      if (state !== "reserved" && state !== "delivered") return "already_accepted";
      return { state: "settled", frozen: 0, settled: amount, lines: all("accepted"), lots: [] };
    case "cancel":
      if (state === "settled") return "already_settled";
      return { state: "cancelled", frozen: 0, released: trade.frozen ?? 0, lots: [] };
    case "return":
      return { frozen: 0, released: amount - settled, lines: all("returned"), lots: [] };
    case "dispute":
      return { state: "disputed", dispute: { by: "shop", since: trade.updatedAt, asked: ["buyer"] } };
    case "answer":
      return trade.dispute === null ? "already_answered" : { dispute: { ...trade.dispute, asked: [] } };
    case "say":
      return trade.dispute === null ? "trade_not_open" : {};
    case "offer":
      return { offer: { by: "shop", release: 0, pay: amount, refund: 0, version: trade.version + 1 } };
    case "offer/accept":
      return { state: "settled", frozen: 0, settled: amount, offer: null, lots: [] };
    case "revise":
      return { revisionAsked: null };
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

/** Its trades, its record of answers, and what it does about a call. */
class Institution implements FakeInstitution {
  url = "";
  readonly trades = new Map<string, TradeView>();
  readonly seen: FakeInstitution["seen"] = [];
  readonly faults: Fault[] = [];
  readonly said = new Map<string, TradeEventView[]>();
  readonly photos = new Map<string, Buffer>();
  log: object | undefined;
  readonly office = new Map<string, object | string>();
  done: (call: string) => void = () => undefined;
  readonly #waiting: { path: string; body: string; key: string; number: string }[] = [];
  readonly #record = new Map<string, { request: string; answer: Answer }>();

  approve(number: string, by?: AcceptorRole[]): void {
    const { amount = 0, acceptance } = this.#trade(number);
    const agreed = { ...acceptance, by: by ?? acceptance.by };
    this.move(number, "reserved", { frozen: amount, approveUrl: null, acceptance: agreed });
  }

  move(number: string, state: TradeState, more: Partial<TradeView> = {}): void {
    const trade = this.#trade(number);
    this.trades.set(number, { ...trade, ...more, state, version: trade.version + 1 });
  }

  decide(refused?: ProblemCode): void {
    for (const { path, body, key, number } of this.#waiting.splice(0)) {
      const { pending: _, ...rest } = this.#trade(number);
      const trade = { ...rest, pending: null };
      this.trades.set(number, trade);
      const done = () => (path === "/v1/trades" ? { status: 201, body: trade } : this.#perform(path, body));
      const answer = refused === undefined ? done() : refusal(refused, number);
      this.#record.set(key, { request: `${path} ${body}`, answer });
    }
  }

  /** Takes a call without deciding it. A proposal is a trade all the same, and only its reservation waits. */
  #park(path: string, body: string, key: string): Answer {
    const made = path === "/v1/trades" ? this.#perform(path, body).body : undefined;
    const number = made !== undefined && "number" in made ? made.number : (path.split("/").at(-2) ?? "");
    const parked = {
      ...this.#trade(number),
      pending: { step: "reserve", since: "2026-11-22T00:00:00.000Z" },
    };
    this.trades.set(number, parked);
    this.#waiting.push({ path, body, key, number });
    return { status: 202, body: parked };
  }

  #trade(number: string): TradeView {
    const trade = this.trades.get(number);
    assert.ok(trade, "there is such a trade");
    return trade;
  }

  #perform(path: string, body: string): Answer {
    const set = this.office.get(`POST ${path}`);
    if (typeof set === "object") return { status: 200, body: set as TradeView };
    if (path === "/v1/trades") {
      const trade = proposed(this.trades.size, JSON.parse(body) as Propose, this.url);
      this.trades.set(trade.number, trade);
      return { status: 201, body: trade };
    }
    const [, number = "", call = ""] = /^\/v1\/trades\/([0-9]+)\/([a-z/]+)$/.exec(path) ?? [];
    const trade = this.trades.get(number);
    if (trade === undefined) return refusal("not_found");
    if (trade.pending !== null) return refusal("trade_busy", number);
    const command = JSON.parse(body) as MoveBody;
    const { version = trade.version } = command;
    if (call !== "offer/accept" && version !== trade.version) return refusal("trade_changed", number);
    if (call === "offer/accept" && version !== trade.offer?.version) return refusal("no_offer", number);
    const change = moved(trade, call, command);
    if (typeof change === "string") return refusal(change, number);
    const next = { ...trade, ...change, version: trade.version + 1 };
    this.trades.set(number, next);
    return { status: 200, body: next };
  }

  read(response: ServerResponse, path: string): void {
    const other = this.office.get(path.split("?")[0] ?? "");
    if (other !== undefined) {
      const file = {
        "content-type": "application/octet-stream",
        "content-disposition": 'attachment; filename="a.csv"',
      };
      response.writeHead(200, typeof other === "string" ? file : { "content-type": "application/json" });
      response.end(typeof other === "string" ? other : JSON.stringify(other));
      return;
    }
    if (path.startsWith("/v1/log") && this.log !== undefined) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(this.log));
      return;
    }
    if (path.startsWith("/v1/trades?") || path === "/v1/trades") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ items: [...this.trades.values()], next: null }));
      return;
    }
    const secret = /^\/v1\/trades\/([0-9]+)\/recipient-link/.exec(path)?.[1];
    if (secret !== undefined) {
      const known = this.trades.get(secret)?.acceptance.by.includes("recipient") === true;
      response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify(known ? { link: null, code: "12345678" } : problem("not_found")));
      return;
    }
    const record = /^\/v1\/trades\/([0-9]+)\/events/.exec(path)?.[1];
    if (record !== undefined) {
      const items = this.said.get(record) ?? [];
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ items, next: null }));
      return;
    }
    const digest = /^\/v1\/trades\/[0-9]+\/photos\/([0-9a-f]{64})$/.exec(path)?.[1];
    const photo = digest === undefined ? undefined : this.photos.get(digest);
    if (photo !== undefined) {
      response.writeHead(200, { "content-type": "image/jpeg" }).end(photo);
      return;
    }
    const trade = this.trades.get(path.split("/").at(-1) ?? "");
    send(response, trade === undefined ? refusal("not_found") : { status: 200, body: trade }, false);
  }

  change(response: ServerResponse, path: string, key: string, body: string): void {
    if (path.startsWith("/v1/webhook-deliveries/")) {
      this.seen.push({ call: path, key, body });
      response.writeHead(202, { "content-type": "application/json" }).end(JSON.stringify({ id: "again" }));
      return;
    }
    const call = path === "/v1/trades" ? "propose" : path.split("/").slice(4).join("/");
    this.seen.push({ call, key, body });
    const fault = this.faults.shift();
    if (fault === "lose request") {
      response.destroy();
      return;
    }
    if (typeof fault === "object") {
      send(response, refusal(fault.refuse), false);
      return;
    }
    const request = `${path} ${body}`;
    const known = this.#record.get(key);
    const answer =
      known?.answer ?? (fault === "wait" ? this.#park(path, body, key) : this.#perform(path, body));
    if (known === undefined && !isBusy(answer)) this.#record.set(key, { request, answer });
    this.done(call);
    if (fault === "lose reply") response.destroy();
    else if (known !== undefined && known.request !== request)
      send(response, refusal("idempotency_key_reused"), false);
    else send(response, answer, known !== undefined);
  }
}

/** A refusal for the moment, which no record keeps. */
const isBusy = ({ body }: Answer): boolean => "code" in body && body.code === "trade_busy";

function refusal(code: ProblemCode, trade?: string): Answer {
  const body = problem(code, undefined, trade === undefined ? {} : { trade });
  return { status: body.status, body };
}

/** Starts one on a free port; it ends with the test. */
export async function fakeInstitution(t: Pick<TestContext, "after">): Promise<FakeInstitution> {
  const fake = new Institution();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const path = request.url ?? "";
      if (request.headers.authorization !== "Bearer ks_test")
        send(response, refusal("not_authenticated"), false);
      else if (request.method !== "POST") fake.read(response, path);
      else fake.change(response, path, String(request.headers["idempotency-key"]), body);
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
