/** The calls on top of one way to change and one way to read. */
import {
  type BatchCommand,
  call,
  isRecord,
  longestBatch,
  pause,
  type Request,
  type Result,
  type Retry,
  sendBatch,
  type Surroundings,
} from "./calls.ts";
import type { LogView } from "./checkpoints.ts";
import {
  type Answer,
  type BatchOptions,
  type CallOptions,
  type Kenshu,
  type KenshuOptions,
  type Outcome,
  type PageOptions,
  ReadFailure,
  type TradeOutcome,
} from "./kenshu.ts";
import type { Receipt } from "./receipts.ts";
import type {
  AccountView,
  EntryView,
  MandateView,
  MemberView,
  MethodView,
  Page,
  ProfileChangeView,
  ServerView,
} from "./wire-members.ts";
import type { MoveName } from "./wire-moves.ts";
import type { TradeEventView, TradeView } from "./wire-trades.ts";

const usualRetry: Retry = { attempts: 5, budgetMs: 30_000, firstPauseMs: 200, longestPauseMs: 5_000 };

/** 128 random bits. `crypto.randomUUID` would do, but browsers have it on secure origins only. */
function randomKey(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function randomFraction(): number {
  const [word = 0] = globalThis.crypto.getRandomValues(new Uint32Array(1));
  return word / 2 ** 32;
}

function surroundings(options: KenshuOptions): Surroundings {
  const headers = { ...options.headers };
  if (options.key !== undefined) headers["authorization"] = `Bearer ${options.key}`;
  return {
    url: options.url.replace(/\/+$/, ""),
    // Browsers want `fetch` called on the window it belongs to.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    headers,
    credentials: options.credentials ?? "same-origin",
    timeoutMs: options.timeoutMs ?? 10_000,
    retry: { ...usualRetry, ...options.retry },
    random: options.random ?? randomFraction,
    monotonic: () => globalThis.performance.now(),
    pause: options.pause ?? pause,
  };
}

function serialise(body: object): string {
  return JSON.stringify(body, (_, value: unknown) => {
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      throw new RangeError(`${value} cannot stand in a message: amounts are integers of minor units`);
    }
    return value;
  });
}

/** A record whose named field is a text: enough to tell a view from garbage, open to fields of newer servers. */
function reader<View>(field: string): (reply: unknown) => View | undefined {
  return (reply) => (isRecord(reply) && typeof reply[field] === "string" ? (reply as View) : undefined);
}

const readReceipt = reader<Receipt>("format");
const readServer = reader<ServerView>("timeZone");
const readLog = reader<LogView>("note");
const readMember = reader<MemberView>("number");
const readMethod = reader<MethodView>("id");
const readMandate = reader<MandateView>("id");
const readAccount = reader<AccountView>("id");

function readTrade(reply: unknown): TradeView | undefined {
  if (!isRecord(reply) || typeof reply["number"] !== "string" || typeof reply["state"] !== "string")
    return undefined;
  return reply as unknown as TradeView;
}

function readPage<Item>(reply: unknown): Page<Item> | undefined {
  if (!isRecord(reply) || !Array.isArray(reply["items"])) return undefined;
  const next = reply["next"];
  return next === null || typeof next === "string" ? { items: reply["items"] as Item[], next } : undefined;
}

function answerOf<Value, Named extends object>(
  result: Result<Value>,
  named: (value: Value) => Named,
): Answer<Named> {
  if (result.verdict === "done") return { outcome: "done", status: result.status, ...named(result.value) };
  if (result.verdict === "refused") return { outcome: "refused", problem: result.problem };
  return { outcome: "unknown", reason: result.reason };
}

function outcomeOf<Value, Named extends object>(
  result: Result<Value>,
  key: string,
  named: (value: Value) => Named,
): Outcome<Named> {
  if (result.verdict === "done") {
    return { outcome: "done", status: result.status, replayed: result.replayed, ...named(result.value) };
  }
  if (result.verdict === "refused") return { outcome: "refused", problem: result.problem };
  return { outcome: "unknown", key, reason: result.reason };
}

function doubtOf(sentBefore: boolean | undefined): string | undefined {
  return sentBefore === true ? "an earlier call with this key was not answered" : undefined;
}

const asTrade = (trade: TradeView): { trade: TradeView } => ({ trade });

function segment(text: string): string {
  return encodeURIComponent(text);
}

/** One of the calls that move a trade, before its body has a type. */
type Move = (number: string, body?: object, options?: CallOptions) => Promise<TradeOutcome>;

class Client {
  readonly #around: Surroundings;
  readonly #newKey: () => string;

  constructor(options: KenshuOptions) {
    this.#around = surroundings(options);
    this.#newKey = options.newKey ?? randomKey;
  }

  async change<Value, Named extends object>(
    request: { path: string; body: object; read: Request<Value>["read"]; named: (value: Value) => Named },
    options: CallOptions = {},
  ): Promise<Outcome<Named>> {
    const key = options.key ?? this.#newKey();
    if (!/^[\x21-\x7e]{1,255}$/.test(key))
      throw new RangeError("A key is 1 to 255 visible ASCII characters.");
    const body = serialise(request.body);
    await options.onKey?.(key);
    const { path, read } = request;
    const result = await call(this.#around, {
      method: "POST",
      path,
      body,
      key,
      read,
      signal: options.signal,
      doubt: doubtOf(options.sentBefore),
    });
    return outcomeOf(result, key, request.named);
  }

  async read<Value, Named extends object>(
    request: { path: string; read: Request<Value>["read"]; named: (value: Value) => Named },
    signal?: AbortSignal,
  ): Promise<Answer<Named>> {
    const { path, read } = request;
    return answerOf(await call(this.#around, { method: "GET", path, read, signal }), request.named);
  }

  async page<Item>(path: string, options: PageOptions = {}): Promise<Answer<Page<Item>>> {
    const query = new URLSearchParams();
    if (options.limit !== undefined) query.set("limit", String(options.limit));
    if (options.after !== undefined) query.set("after", options.after);
    const full = query.size === 0 ? path : `${path}?${query.toString()}`;
    return this.read({ path: full, read: readPage<Item>, named: (page) => page });
  }

  async *all<Item>(path: string, options: PageOptions = {}): AsyncGenerator<Item, void> {
    let after = options.after;
    do {
      const page = await this.page<Item>(path, { ...options, ...(after === undefined ? {} : { after }) });
      if (page.outcome === "refused") throw new ReadFailure(page.problem.detail, page.problem);
      if (page.outcome === "unknown") throw new ReadFailure(page.reason, undefined);
      yield* page.items;
      after = page.next ?? undefined;
    } while (after !== undefined);
  }

  move(name: MoveName): Move {
    return async (number, body = {}, options) => {
      const path = `/v1/trades/${segment(number)}/${name}`;
      return this.change({ path, body, read: readTrade, named: asTrade }, options);
    };
  }

  async batch(commands: readonly BatchCommand[], options: BatchOptions = {}): Promise<TradeOutcome[]> {
    if (commands.length === 0) return [];
    if (commands.length > longestBatch) throw new RangeError(`A batch takes up to ${longestBatch} commands.`);
    const keyed = commands.map((command) => ({ ...command, key: command.key ?? this.#newKey() }));
    serialise(keyed);
    await options.onKeys?.(keyed.map(({ key }) => key));
    const patience = { signal: options.signal, doubt: doubtOf(options.sentBefore) };
    const results = await sendBatch(this.#around, keyed, patience, readTrade);
    return results.map((result, index) => outcomeOf(result, keyed[index]?.key ?? "", asTrade));
  }
}

function membersOf(client: Client): Kenshu["members"] {
  const at = (number: string, rest = ""): string => `/v1/members/${segment(number)}${rest}`;
  return {
    apply: async (application, options) =>
      client.change(
        { path: "/v1/members", body: application, read: readMember, named: (member) => ({ member }) },
        options,
      ),
    get: async (number) =>
      client.read({ path: at(number), read: readMember, named: (member) => ({ member }) }),
    addMethod: async (number, method, options) =>
      client.change(
        {
          path: at(number, "/methods"),
          body: method,
          read: readMethod,
          named: (added) => ({ method: added }),
        },
        options,
      ),
    addMandate: async (number, terms, options) =>
      client.change(
        { path: at(number, "/mandates"), body: terms, read: readMandate, named: (mandate) => ({ mandate }) },
        options,
      ),
    changes: (number, options) => client.all<ProfileChangeView>(at(number, "/changes"), options),
  };
}

/** Makes a client of one server. Nothing is sent before the first call. */
export function kenshu(options: KenshuOptions): Kenshu {
  const client = new Client(options);
  return {
    propose: async (trade, callOptions) =>
      client.change({ path: "/v1/trades", body: trade, read: readTrade, named: asTrade }, callOptions),
    approve: client.move("approve"),
    revise: client.move("revise"),
    ship: client.move("ship"),
    deliver: client.move("deliver"),
    accept: client.move("accept"),
    reject: client.move("reject"),
    sendBack: client.move("send-back"),
    return: client.move("return"),
    withdraw: client.move("withdraw"),
    dispute: client.move("dispute"),
    answer: client.move("answer"),
    offer: client.move("offer"),
    acceptOffer: client.move("offer/accept"),
    resolve: client.move("resolve"),
    cancel: client.move("cancel"),
    extend: client.move("extend"),
    refund: client.move("refund"),
    get: async (number, { signal } = {}) =>
      client.read({ path: `/v1/trades/${segment(number)}`, read: readTrade, named: asTrade }, signal),
    page: async (pageOptions) => client.page<TradeView>("/v1/trades", pageOptions),
    list: (pageOptions) => client.all<TradeView>("/v1/trades", pageOptions),
    events: (number, pageOptions) =>
      client.all<TradeEventView>(`/v1/trades/${segment(number)}/events`, pageOptions),
    receipt: async (number, { event, signal } = {}) => {
      const query = event === undefined ? "" : `?event=${event}`;
      const path = `/v1/trades/${segment(number)}/receipt${query}`;
      return client.read({ path, read: readReceipt, named: (receipt) => ({ receipt }) }, signal);
    },
    server: async ({ signal } = {}) =>
      client.read({ path: "/v1/server", read: readServer, named: (server) => ({ server }) }, signal),
    log: async ({ since = 0, signal } = {}) =>
      client.read({ path: `/v1/log?since=${since}`, read: readLog, named: (state) => ({ state }) }, signal),
    batch: async (commands, batchOptions) => client.batch(commands, batchOptions),
    members: membersOf(client),
    accounts: {
      get: async (id) =>
        client.read({
          path: `/v1/accounts/${segment(id)}`,
          read: readAccount,
          named: (account) => ({ account }),
        }),
      entries: (id, pageOptions) => client.all<EntryView>(`/v1/accounts/${segment(id)}/entries`, pageOptions),
    },
  };
}
