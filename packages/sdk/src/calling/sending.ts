/** One way to change something, one way to read, on which all calls stand. */
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
import {
  type Answer,
  type BatchOptions,
  type CallOptions,
  type KenshuOptions,
  type Outcome,
  type PageOptions,
  ReadFailure,
  type TradeOutcome,
} from "./outcomes.ts";
import type { MoveName, Page, TradeView } from "../wire/wire.ts";

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
export function reader<View>(field: string): (reply: unknown) => View | undefined {
  return (reply) => (isRecord(reply) && typeof reply[field] === "string" ? (reply as View) : undefined);
}

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

/** A part of a path. Dots alone would lead to another path, however they are written, so an address takes none. */
export function segment(text: string): string {
  if (/^\.{0,2}$/.test(text)) throw new TypeError(`"${text}" is the id of nothing.`);
  return encodeURIComponent(text);
}

/** What is asked for, as it stands in an address. Data with keys of its own stands by them, as in `metadata[key]`. */
function queryOf(asked: object): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked) as [string, unknown][]) {
    if (isRecord(value))
      for (const [key, each] of Object.entries(value)) query.set(`${name}[${key}]`, String(each));
    else if (["string", "number", "boolean"].includes(typeof value)) query.set(name, String(value));
  }
  return query;
}

/** A path with what is asked for behind it. */
export function pathWith(path: string, asked: object): string {
  const query = queryOf(asked);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** One of the calls that move a trade, before its body has a type. */
type Move = (number: string, body?: object, options?: CallOptions) => Promise<TradeOutcome>;

export class Client {
  readonly #around: Surroundings;
  readonly #newKey: () => string;

  constructor(options: KenshuOptions) {
    this.#around = surroundings(options);
    this.#newKey = options.newKey ?? randomKey;
  }

  async change<Value, Named extends object>(
    request: {
      method?: "POST" | "PUT" | "DELETE";
      path: string;
      body?: object;
      read: Request<Value>["read"];
      named: (value: Value) => Named;
    },
    options: CallOptions = {},
  ): Promise<Outcome<Named>> {
    const key = options.key ?? this.#newKey();
    if (!/^[\x21-\x7e]{1,255}$/.test(key))
      throw new RangeError("A key is 1 to 255 visible ASCII characters.");
    const body = request.body === undefined ? {} : { body: serialise(request.body) };
    await options.onKey?.(key);
    const { method = "POST", path, read } = request;
    const result = await call(this.#around, {
      method,
      path,
      ...body,
      key,
      read,
      signal: options.signal,
      doubt: doubtOf(options.sentBefore),
    });
    return outcomeOf(result, key, request.named);
  }

  async read<Value, Named extends object>(
    request: Pick<Request<Value>, "path" | "read" | "file"> & { named: (value: Value) => Named },
    signal?: AbortSignal,
  ): Promise<Answer<Named>> {
    const { named, ...asked } = request;
    return answerOf(await call(this.#around, { ...asked, method: "GET", signal }), named);
  }

  /** A call that answers with a trade, which can be looked at again as it stands later. */
  async changeTrade(
    request: { path: string; body: object },
    options: CallOptions | undefined,
  ): Promise<TradeOutcome> {
    return this.withCurrent(await this.change({ ...request, read: readTrade, named: asTrade }, options));
  }

  withCurrent(outcome: Outcome<{ trade: TradeView }>): TradeOutcome {
    if (outcome.outcome !== "done") return outcome;
    const { number } = outcome.trade;
    // Not among what is written out: an outcome is the answer that came.
    return Object.defineProperty(outcome, "current", { value: () => this.trade(number) }) as TradeOutcome;
  }

  async trade(number: string, signal?: AbortSignal): Promise<Answer<{ trade: TradeView }>> {
    return this.read({ path: `/v1/trades/${segment(number)}`, read: readTrade, named: asTrade }, signal);
  }

  async page<Item>(path: string, options: PageOptions = {}): Promise<Answer<Page<Item>>> {
    return this.read({ path: pathWith(path, options), read: readPage<Item>, named: (page) => page });
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
      return this.changeTrade({ path, body }, options);
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
    return results.map((result, index) =>
      this.withCurrent(outcomeOf(result, keyed[index]?.key ?? "", asTrade)),
    );
  }
}
