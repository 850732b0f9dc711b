/**
 * A small institution in memory that speaks as docs/between-parties.md says, and can be made wrong in one point: what the
 * suite for institutions has to find.
 */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { ConformanceConfig } from "../../../src/tools/conformance/conformance.ts";
import { makeCheck } from "../../../src/edge/http/http.ts";
import { parseJson } from "../../../src/edge/http/body.ts";
import { type Problem, problem, Refusal } from "../../../src/core/protocol/protocol.ts";
import { type Instruction, instructionSchemas } from "../../../src/core/protocol/schemas.ts";
import {
  readClaim,
  replyMessage,
  requestMessage,
  signMessage,
  untimely,
} from "../../../src/edge/signing/message.ts";
import { publishedKey, readKeySet } from "../../../src/edge/signing/signing.ts";
import { uuidv7 } from "../../../src/storage/database/database.ts";
import { freePort } from "../world/free-port.ts";
import { challengeOf, type Consent, WrongBooks } from "./wrong-books.ts";
import { type Answer, inOrder, WrongCollections } from "./wrong-collections.ts";
import type { Fault } from "./wrong-faults.ts";

type Fields = Record<string, string | undefined>;

const newKey = (): KeyObject => generateKeyPairSync("ed25519").privateKey;
const refusal = (told: Problem): Answer => ({ status: told.status, text: JSON.stringify(told) });
const ok = (body: object, status = 200): Answer => ({ status, text: JSON.stringify(body) });
const checks = new Map(
  Object.entries(instructionSchemas).map(([word, schema]) => [word, makeCheck(schema, "instruction")]),
);

class WrongInstitution {
  readonly books: WrongBooks;
  readonly collections: WrongCollections;
  readonly codes = new Map<string, { id: string; challenge: unknown }>();
  /** The content of what waits for its owner, by sender and id. */
  readonly waiting = new Map<string, string>();
  private readonly answers = new Map<string, Answer & { content: string }>();
  private readonly nonces = new Set<string>();
  private readonly keys = new Map<string, ReadonlyMap<string, KeyObject>>();
  readonly key = newKey();
  readonly url: string;
  readonly peers: readonly string[];
  readonly wrong: (fault: Fault) => boolean;

  constructor(url: string, peers: readonly string[], wrong: (fault: Fault) => boolean) {
    this.url = url;
    this.peers = peers;
    this.wrong = wrong;
    this.books = new WrongBooks(wrong);
    this.collections = new WrongCollections(wrong, this.books.consents);
  }

  /** The key that a keyid names, and the address of its server. */
  private async find(keyid: string): Promise<{ peer: string; key: KeyObject } | undefined> {
    const [peer = "", kid = ""] = keyid.split("#");
    if (!this.peers.includes(peer)) return undefined;
    const trusted = this.wrong("a server's key is good for another") ? this.peers : [peer];
    for (const from of trusted) {
      const known = this.keys.get(from);
      if (known === undefined || (!known.has(kid) && !this.wrong("new keys are never looked for"))) {
        const answer = await fetch(`${from}/.well-known/jwks.json`);
        this.keys.set(from, readKeySet(await answer.text()) ?? new Map());
      }
      const key = this.keys.get(from)?.get(kid);
      if (key !== undefined) return { peer, key };
    }
    return undefined;
  }

  /** Who has signed a request; a sentence where nobody has. */
  async admit(
    method: string,
    path: string,
    fields: Fields,
    body: Buffer,
  ): Promise<{ peer: string } | string> {
    const [first = ""] = this.peers;
    if (fields["signature"] === undefined && this.wrong("unsigned requests are obeyed"))
      return { peer: first };
    const message = requestMessage(method, `${this.url}${path}`, fields, body);
    const claim = readClaim(message);
    if (
      typeof claim === "string" &&
      claim.includes("does not cover") &&
      this.wrong("signatures need not cover everything")
    )
      return { peer: first };
    if (
      typeof claim === "string" &&
      claim.includes("expires") &&
      this.wrong("signatures hold as long as the sender likes")
    )
      return { peer: first };
    if (typeof claim === "string") return claim;
    const found = await this.find(claim.keyid);
    if (found === undefined) return "keyid names no key.";
    if (!claim.isSignedBy(found.key) && !this.wrong("signatures are not verified"))
      return "The signature is wrong.";
    const late = untimely(claim, Date.now() / 1000);
    if (late !== undefined && !this.wrong("expired requests are obeyed")) return late;
    if (this.nonces.has(claim.nonce) && !this.wrong("replays are obeyed")) return "It came before.";
    this.nonces.add(claim.nonce);
    return { peer: found.peer };
  }

  /** The fields that sign a reply. */
  sign({ status, text }: Answer, type: string, requestSignature: string): Record<string, string> {
    if (this.wrong("replies are not signed") || (status >= 400 && this.wrong("refusals are not signed")))
      return {};
    const other = this.wrong("replies are bound to another request");
    const message = replyMessage(
      status,
      other ? `sig=:${"A".repeat(86)}==:` : requestSignature,
      { "content-type": type },
      Buffer.from(text),
    );
    const bound = !this.wrong("replies are bound to no request");
    const derived = bound ? message.derived : message.derived.filter(([name]) => !name.includes("req"));
    const key = this.wrong("replies are signed with a key that is not published") ? newKey() : this.key;
    const now = Date.now() / 1000 - (this.wrong("replies are of yesterday") ? 86_400 : 0);
    const keyid = `${this.url}#${publishedKey(key).kid}`;
    return signMessage({ ...message, derived }, { keyid, key, now });
  }

  /** Answers an instruction, once. */
  private async once(peer: string, asked: Record<string, unknown>): Promise<Answer> {
    const refused = this.check(asked);
    if (refused !== undefined) return refusal(refused);
    const name = this.wrong("ids are everybody's") ? String(asked["id"]) : `${peer} ${String(asked["id"])}`;
    const content = JSON.stringify(this.wrong("the order of fields counts") ? asked : inOrder(asked));
    const before = this.answers.get(name);
    const again = this.wrong("what is repeated is done again") && asked["do"] !== "reserve";
    if (before !== undefined && !again) {
      if (before.content !== content && !this.wrong("ids are everybody's")) {
        if (!this.wrong("an id may be used for other content")) return refusal(problem("command_id_reused"));
      } else {
        const now = this.books.reservations.get(String(asked["reservation"] ?? asked["id"]));
        const stale = now === undefined || !this.wrong("a repetition tells how things stand now");
        return stale ? { ...before, replayed: true } : ok(this.books.view(now), before.status);
      }
    }
    const known = this.waiting.get(name) ?? content;
    if (known !== content && !this.wrong("what waits may be asked with other content"))
      return refusal(problem("command_id_reused"));
    const result = await this.books.obey(peer, asked as Instruction);
    const answer = "refused" in result ? refusal(problem(result.refused)) : ok(result.body, result.status);
    // Of what waits nothing is kept but what was asked.
    const waits = "refused" in result && result.refused === "confirmation_awaited";
    if (waits) this.waiting.set(name, content);
    else if (answer.status < 400 || !this.wrong("refusals are not kept"))
      this.answers.set(name, { ...answer, content });
    return answer;
  }

  private check(asked: Record<string, unknown>): Problem | undefined {
    if (this.wrong("fractions are taken") && typeof asked["amount"] === "number")
      asked["amount"] = Math.floor(asked["amount"]);
    if (this.wrong("zero is taken") && asked["amount"] === 0) asked["amount"] = 1;
    if (this.wrong("unknown fields are taken")) delete asked["more"];
    if ("more" in asked && this.wrong("bad input makes it fail")) return problem("internal_error");
    return (
      checks.get(String(asked["do"]))?.(asked) ??
      (checks.has(String(asked["do"])) ? undefined : problem("invalid_field"))
    );
  }

  private async batch(peer: string, { instructions }: Record<string, unknown>): Promise<Answer> {
    const most = this.wrong("a batch may have any length") ? Infinity : 1000;
    if (!Array.isArray(instructions) || instructions.length < 1 || instructions.length > most)
      return refusal(problem("invalid_field"));
    const items = instructions.map((each) => ({ ...Object(each) }) as Record<string, unknown>);
    const odd = items.some((each) => each["do"] === undefined || each["id"] === undefined);
    if (odd && this.wrong("an item that is no instruction refuses its batch"))
      return refusal(problem("invalid_field"));
    const outcomes: string[] = [];
    let ended = false;
    for (const asked of items) {
      const outcome: Answer = ended ? refusal(problem("unavailable")) : await this.once(peer, asked);
      const { status, text, replayed = false } = outcome;
      const kind = status >= 400 ? "problem" : asked["do"] === "transfer" ? "transfer" : "reservation";
      outcomes.push(`{"status":${status},${replayed ? '"replayed":true,' : ""}"${kind}":${text}}`);
      ended ||= status >= 400 && this.wrong("one refusal ends the batch");
    }
    if (this.wrong("outcomes come in another order")) outcomes.reverse();
    return { status: 200, text: `{"outcomes":[${outcomes.join()}]}` };
  }

  private list(peer: string, query: URLSearchParams): Answer {
    const limit = Number(query.get("limit") ?? 50);
    const fits = Number.isInteger(limit) && limit >= 1 && limit <= 100;
    if (!fits && !this.wrong("any limit of a page is taken")) return refusal(problem("invalid_field"));
    const owner = this.wrong("the list is everybody's") ? undefined : peer;
    const all = [...this.books.reservations.values()]
      .toReversed()
      .filter((each) => owner === undefined || each.peer === owner);
    const own = all.filter(({ state }) => query.get("state") === null || query.get("state") === state);
    const from = query.has("after") ? own.findIndex(({ id }) => id === query.get("after")) + 1 : 0;
    const shown = own.slice(from, from + limit);
    const next = from + shown.length < own.length ? (shown.at(-1)?.id ?? null) : null;
    return ok({ items: shown.map((each) => this.books.view(each)), next });
  }

  private totals(peer: string): Answer {
    const sum = { currency: "JPY", frozen: 0, settled: 0, released: 0, refunded: 0 };
    for (const each of this.books.reservations.values()) {
      if (each.peer !== peer && !this.wrong("the totals are everybody's")) continue;
      sum.frozen += each.amount - each.settled - each.released;
      sum.settled += each.settled;
      sum.released += each.released;
      sum.refunded += this.wrong("the totals forget what was refunded") ? 0 : each.refunded;
    }
    return ok({ items: [sum] });
  }

  private consent(peer: string, id: string): Answer {
    const found = this.books.consents.get(id);
    if (found?.peer !== peer) return refusal(problem("not_found"));
    const { purpose, currency, limitPerTrade, limitPerMonth, revoked } = found;
    const limits = { limitPerTrade, limitPerMonth, until: null, good: !revoked };
    return ok({ consent: id, purpose, kind: "deposit", currency, ...limits });
  }

  private exchange(peer: string, body: Record<string, unknown>): Answer {
    const name = `${peer} ${String(body["id"])}`;
    const before = this.answers.get(name);
    const code = String(body["code"]);
    if (before?.content === code) return before;
    if (before !== undefined && !this.wrong("an id may give up another code"))
      return refusal(problem("command_id_reused"));
    const { id = "", challenge } = this.codes.get(code) ?? {};
    const { verifier } = body;
    const shown = typeof verifier === "string" ? challengeOf(verifier) : undefined;
    if (challenge !== shown && !this.wrong("challenges are not looked at"))
      return refusal(problem("not_found"));
    const owner = this.wrong("codes are anybody's") ? this.books.consents.get(id)?.peer : peer;
    const answer = this.consent(owner ?? peer, id);
    if (answer.status < 400 && !this.wrong("codes are good for ever")) this.codes.delete(code);
    if (answer.status < 400 && body["id"] !== undefined) this.answers.set(name, { ...answer, content: code });
    return answer;
  }

  /** What a shop asks, with its key. */
  shop(path: string, wish: Record<string, unknown>): Answer {
    const revoked = /^\/v1\/consents\/([^/]+)\/revoke$/.exec(path)?.[1];
    const found = this.books.consents.get(revoked ?? "");
    if (found !== undefined) {
      found.revoked = true;
      return ok({});
    }
    const fee = (wish["fee"] ?? null) as Consent["fee"];
    const id = this.agree({ peer: String(wish["peer"]), purpose: "receive", account: "shop", fee });
    const code = `code-${id}`;
    this.codes.set(code, { id, challenge: wish["challenge"] });
    return ok({ id, code }, 201);
  }

  agree(consent: Pick<Consent, "peer" | "purpose" | "account"> & Partial<Consent>): string {
    const id = uuidv7();
    const plain = {
      own: false,
      currency: "JPY",
      limitPerTrade: null,
      limitPerMonth: null,
      confirmAbove: null,
      spent: 0,
      revoked: false,
      fee: null,
    };
    this.books.consents.set(id, { ...plain, ...consent, id });
    return id;
  }

  async answer(peer: string, method: string, path: string, body: Buffer, type: string): Promise<Answer> {
    const { pathname, searchParams } = new URL(path, this.url);
    const most = pathname.endsWith("/batch") ? 4 * 1024 * 1024 : 1024 * 1024;
    if (body.length > most) return refusal(problem("body_too_large"));
    const consent = /^\/v1\/consents\/([0-9a-f-]{36})$/.exec(pathname)?.[1];
    const [, id, does] =
      /^\/v1\/reservations\/([0-9a-f-]{36})(?:\/(settle|release|extend|refund|assign))?$/.exec(pathname) ??
      [];
    if (pathname.startsWith("/v1/collections"))
      return this.collections.answer(
        peer,
        pathname,
        searchParams,
        body.length === 0 ? undefined : parseJson(body),
      );
    if (method === "GET") {
      if (consent !== undefined) return this.consent(peer, consent);
      if (pathname === "/v1/reservations/totals") return this.totals(peer);
      if (pathname === "/v1/reservations") return this.list(peer, searchParams);
      const found = id === undefined ? undefined : this.books.find(peer, id);
      return found === undefined ? refusal(problem("not_found")) : ok(this.books.view(found));
    }
    if (!type.startsWith("application/json")) return refusal(problem("unsupported_media_type"));
    const careless = this.wrong("fractions are taken");
    const asked = careless ? { ...(JSON.parse(body.toString()) as object) } : parseJson(body);
    if (pathname === "/v1/reservations/batch") return this.batch(peer, asked);
    if (pathname === "/v1/reservations") return this.once(peer, { do: "reserve", ...asked });
    if (does !== undefined) return this.once(peer, { do: does, reservation: id, ...asked });
    if (pathname === "/v1/consents/exchange") return this.exchange(peer, asked);
    return refusal(problem("not_found"));
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function handle(
  bank: WrongInstitution,
  request: IncomingMessage,
): Promise<Answer & { fields: Record<string, string> }> {
  const { method = "", url: path = "" } = request;
  const fields = request.headers as Fields;
  const body = await bytesOf(request);
  const json = { "content-type": "application/json" };
  if (path === "/.well-known/jwks.json") return { ...ok({ keys: [publishedKey(bank.key)] }), fields: json };
  if (fields["authorization"] === "Bearer shop") return { ...bank.shop(path, parseJson(body)), fields: json };
  if (fields["authorization"] === "Bearer till") {
    const paid = await bank.collections.pay(path, parseJson(body));
    return { ...paid, fields: json };
  }
  const admitted = await bank.admit(method, path, fields, body);
  const type = (status: number): string => (status >= 400 ? "application/problem+json" : "application/json");
  if (typeof admitted === "string")
    return { ...refusal(problem("signature_invalid", admitted)), fields: { "content-type": type(401) } };
  const answer = await bank
    .answer(admitted.peer, method, path, body, fields["content-type"] ?? "")
    .catch((error: unknown) =>
      refusal(error instanceof Refusal ? error.problem : problem("internal_error", String(error))),
    );
  if (answer.status >= 400 && bank.wrong("refusals have no code")) answer.text = '{"error":"no"}';
  const said = type(answer.status);
  return {
    ...answer,
    fields: { "content-type": said, ...bank.sign(answer, said, fields["signature"] ?? "") },
  };
}

/** Starts it, right or with one fault, and answers what a run needs. */
export async function startWrong(
  t: { after(release: () => Promise<void>): unknown },
  fault?: Fault,
): Promise<{ url: string; config: ConformanceConfig }> {
  const [port, ...others] = await Promise.all([freePort(), freePort(), freePort()]);
  const [url = "", first = "", second = ""] = [port, ...others].map((each) => `http://127.0.0.1:${each}`);
  const bank = new WrongInstitution(url, [first, second], (each) => each === fault);
  const { free } = bank.books;
  for (const [account, amount] of [
    ["rich", 10_000_000],
    ["small", 1000],
    ["own", 10_000],
  ] as const)
    free.set(account, amount);
  const peer = { peer: first, account: "rich" } as const;
  const own = { peer: first, account: "own", own: true } as const;
  const config: ConformanceConfig = {
    currency: "JPY",
    otherCurrency: "USD",
    peer: {
      url: first,
      pay: bank.agree({ ...peer, purpose: "pay" }),
      receive: bank.agree({ ...peer, purpose: "receive", account: "payee" }),
      own: {
        pay: bank.agree({ ...own, purpose: "pay" }),
        receive: bank.agree({ ...own, purpose: "receive" }),
      },
    },
    other: {
      url: second,
      pay: bank.agree({ peer: second, purpose: "pay", account: "rich" }),
      receive: bank.agree({ peer: second, purpose: "receive", account: "shop" }),
    },
    limited: bank.agree({ ...peer, purpose: "pay", limitPerTrade: 2000, limitPerMonth: 3000 }),
    small: { pay: bank.agree({ peer: first, purpose: "pay", account: "small" }), available: 1000 },
    confirming: { pay: bank.agree({ ...peer, purpose: "pay", confirmAbove: 500 }), above: 500 },
    shop: { key: "shop", peer: first },
    collector: { key: "till", channel: "konbini" },
    collecting: { consent: bank.agree({ ...peer, purpose: "collect", limitPerMonth: 9000 }), perDay: 9000 },
  };
  const server = createServer((request, response) => {
    handle(bank, request).then(
      ({ status, text, fields }) => response.writeHead(status, fields).end(text),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url, config };
}
