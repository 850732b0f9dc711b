/**
 * An institution that somebody else has written, from docs/between-parties.md alone: it uses nothing of this project, and
 * of that page only what a first day needs. Its people are known to it by keys that it has given them.
 */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  randomUUID,
  sign,
  verify,
} from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

interface Consent {
  account: string;
  purpose: "pay" | "receive";
}
interface Reservation {
  id: string;
  tradeNumber: string;
  state: string;
  currency: string;
  amount: number;
  settled: number;
  released: number;
  refunded: number;
  until: string;
}
interface Instruction extends Partial<Omit<Reservation, "id">> {
  do: string;
  id: string;
  reservation?: string;
  account?: string;
  payee?: string;
  release?: number;
  splits?: { account: string; amount: number }[];
}
type Body = Record<string, unknown>;
type Call = (body: Body, path: string) => Body | undefined;

export interface OtherOptions {
  /** The server that it serves. */
  peer: { id: string; url: string };
  url: string;
  port: number;
  /** Its people: what each has, and what it calls such an account. */
  owners: Record<string, { kind: string; balance: number }>;
  /** The consent by which the peer's own account is paid. */
  own: string;
}

const currency = "JPY";
const refused = (status: number, code: string): Body => ({ status, problem: { status, code } });

/** Who has what, who has agreed to what, and what is frozen. */
class Books {
  readonly balances = new Map<string, number>();
  private readonly consents = new Map<string, Consent>();
  private readonly codes = new Map<string, { id: string; challenge: string | undefined }>();
  private readonly reservations = new Map<string, { view: Reservation; payer: string; payee: string }>();
  private readonly answers = new Map<string, Body>();
  private readonly owners: OtherOptions["owners"];

  constructor({ owners, own }: OtherOptions) {
    this.owners = owners;
    for (const [who, { balance }] of Object.entries(owners)) this.balances.set(who, balance);
    this.balances.set(own, 0);
    this.consents.set(own, { account: own, purpose: "receive" });
  }

  knows(who: string): boolean {
    return Object.hasOwn(this.owners, who);
  }

  agree(account: string, purpose: Consent["purpose"], challenge?: string): { id: string; code: string } {
    const [id, code] = [randomUUID(), `kc_${randomUUID()}`];
    this.consents.set(id, { account, purpose });
    this.codes.set(code, { id, challenge });
    return { id, code };
  }

  readonly calls: Readonly<Record<string, Call>> = {
    "POST /v1/consents/exchange": ({ id, code, verifier }) =>
      this.once(String(id), () => {
        const made = this.codes.get(String(code));
        const shown =
          typeof verifier === "string"
            ? createHash("sha256").update(verifier).digest("base64url")
            : undefined;
        return made?.challenge === shown ? this.consentView(made?.id ?? "") : undefined;
      }),
    "GET /v1/consents/": (_, path) => this.consentView(path.slice("/v1/consents/".length)),
    "POST /v1/reservations/batch": ({ instructions }) => ({
      outcomes: (instructions as Instruction[]).map((asked) => this.once(asked.id, () => this.obey(asked))),
    }),
    "GET /v1/reservations": (_, path) => ({ items: this.list(/state=([a-z]+)/.exec(path)?.[1]), next: null }),
    "GET /v1/reservations/totals": () => {
      const all = this.list(undefined);
      const sum = (of: "amount" | "settled" | "released" | "refunded") =>
        all.reduce((total, view) => total + view[of], 0);
      const [settled, released, refunds] = [sum("settled"), sum("released"), sum("refunded")];
      const frozen = sum("amount") - settled - released;
      return { items: [{ currency, frozen, settled, released, refunded: refunds }] };
    },
  };

  private list(state: string | undefined): Reservation[] {
    const all = [...this.reservations.values()].map(({ view }) => view);
    return state === undefined ? all : all.filter((view) => view.state === state);
  }

  private once(key: string, work: () => Body | undefined): Body | undefined {
    const answer = this.answers.get(key) ?? work();
    if (answer !== undefined) this.answers.set(key, answer);
    return answer;
  }

  private consentView(id: string): Body | undefined {
    const consent = this.consents.get(id);
    if (consent === undefined) return undefined;
    const { purpose, account } = consent;
    const kind = this.owners[account]?.kind ?? "fee";
    const unlimited = { limitPerTrade: null, limitPerMonth: null, until: null };
    return { consent: id, purpose, kind, currency, ...unlimited, good: true };
  }

  private move(account: string, amount: number): void {
    this.balances.set(account, (this.balances.get(account) ?? 0) + amount);
  }

  private obey(asked: Instruction): Body {
    if (asked.do === "reserve") return this.reserve(asked);
    const held = this.reservations.get(asked.reservation ?? "");
    if (held === undefined) return refused(404, "not_found");
    const { view, payer, payee } = held;
    const frozen = view.amount - view.settled - view.released;
    const pays = asked.do === "settle" ? (asked.amount ?? frozen) : 0;
    const back = asked.do === "release" ? (asked.amount ?? frozen) : (asked.release ?? 0);
    if (pays + back > frozen) return refused(409, "amount_exceeds_hold");
    const shares = asked.splits ?? [{ account: "", amount: pays }];
    for (const { account, amount } of pays === 0 ? [] : shares)
      this.move(this.consents.get(account)?.account ?? payee, amount);
    this.move(payer, back);
    view.settled += pays;
    view.released += back;
    view.until = asked.until ?? view.until;
    if (pays + back === frozen) view.state = view.settled > 0 ? "settled" : "released";
    return { status: 200, reservation: { ...view } };
  }

  private reserve({
    id,
    tradeNumber = "",
    account = "",
    payee = "",
    amount = 0,
    until = "",
  }: Instruction): Body {
    const [from, to] = [this.consents.get(account), this.consents.get(payee)];
    if (from?.purpose !== "pay" || to?.purpose !== "receive") return refused(402, "consent_not_valid");
    if ((this.balances.get(from.account) ?? 0) < amount) return refused(402, "insufficient_funds");
    this.move(from.account, -amount);
    const sums = { amount, settled: 0, released: 0, refunded: 0 };
    const view = { id, tradeNumber, state: "held", currency, ...sums, until };
    this.reservations.set(id, { view, payer: from.account, payee: to.account });
    return { status: 201, reservation: { ...view } };
  }
}

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const ownKeys = { keys: [{ ...publicKey.export({ format: "jwk" }), use: "sig", kid: "one" }] };
const hashOf = (bytes: Buffer): string => `sha-256=:${createHash("sha256").update(bytes).digest("base64")}:`;
const field = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? "");

/** Whether the peer has signed this request: RFC 9421, as the page has it. */
async function isSigned(
  request: IncomingMessage,
  bytes: Buffer,
  { peer, url }: OtherOptions,
): Promise<boolean> {
  const [, params = "", names = ""] = /^sig=(\((.*?)\);.*)$/.exec(field(request, "signature-input")) ?? [];
  const signature = /^sig=:(.*):$/.exec(field(request, "signature"))?.[1] ?? "";
  const [sender, kid] = /;keyid="([^"]+)"/.exec(params)?.[1]?.split("#") ?? [];
  if (sender !== peer.url || field(request, "content-digest") !== hashOf(bytes)) return false;
  const covered = names.split(" ").map((name) => name.replaceAll('"', ""));
  if (!["@method", "@target-uri", "content-digest"].every((name) => covered.includes(name))) return false;
  const told = { "@method": request.method, "@target-uri": `${url}${request.url}` } as Record<string, string>;
  const lines = covered.map((name) => `"${name}": ${told[name] ?? field(request, name)}`);
  const base = [...lines, `"@signature-params": ${params}`].join("\n");
  const answer = await fetch(`${peer.url}/.well-known/jwks.json`);
  const { keys } = (await answer.json()) as { keys: (JsonWebKey & { kid: string })[] };
  const key = keys.find((each) => each.kid === kid && !("kenshu_use" in each));
  if (key === undefined) return false;
  const theirs = createPublicKey({ key, format: "jwk" });
  return verify(null, Buffer.from(base), theirs, Buffer.from(signature, "base64"));
}

function replySigned(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, url }: { status: number; body: Body; url: string },
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  const type = status < 400 ? "application/json" : "application/problem+json";
  const now = Math.floor(Date.now() / 1000);
  const lasts = `created=${now};expires=${now + 60}`;
  const covered = `("@status" "signature";req "content-digest" "content-type")`;
  const params = `${covered};${lasts};keyid="${url}#one";alg="ed25519";tag="kenshu"`;
  const base = [
    `"@status": ${status}`,
    `"signature";req: ${field(request, "signature")}`,
    `"content-digest": ${hashOf(bytes)}`,
    `"content-type": ${type}`,
    `"@signature-params": ${params}`,
  ].join("\n");
  response.writeHead(status, {
    "content-type": type,
    "content-digest": hashOf(bytes),
    "signature-input": `sig=${params}`,
    signature: `sig=:${sign(null, Buffer.from(base), privateKey).toString("base64")}:`,
  });
  response.end(bytes);
}

/** What its own people do there: they agree, over its API or on its page. False where it is somebody else who calls. */
function servesOwn(
  request: IncomingMessage,
  response: ServerResponse,
  books: Books,
  { body, peer }: { body: Body; peer: string },
): boolean {
  const [path, query] = (request.url ?? "").split("?");
  const who = field(request, "authorization").replace("Bearer ", "");
  if (path === "/.well-known/jwks.json") response.end(JSON.stringify(ownKeys));
  else if (path === "/v1/consents" && books.knows(who)) {
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify(books.agree(who, body["purpose"] === "receive" ? "receive" : "pay")));
  } else if (path === "/tie" && books.knows(who)) {
    const asked = new URLSearchParams(query);
    const { code } = books.agree(who, "pay", asked.get("challenge") ?? undefined);
    const back = `${peer}/ties/return?state=${asked.get("state") ?? ""}&code=${code}`;
    response.writeHead(303, { location: back }).end();
  } else return false;
  return true;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  books: Books,
  options: OtherOptions,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const body = bytes.length === 0 ? {} : (JSON.parse(bytes.toString()) as Body);
  if (servesOwn(request, response, books, { body, peer: options.peer.url })) return;
  if (!(await isSigned(request, bytes, options))) {
    response.writeHead(401, { "content-type": "application/problem+json" });
    response.end(JSON.stringify({ status: 401, code: "signature_invalid" }));
    return;
  }
  const asked = `${request.method} ${(request.url ?? "").split("?")[0]}`;
  const call = books.calls[asked] ?? books.calls[asked.replace(/[^/]+$/, "")];
  const answer = call?.(body, request.url ?? "");
  const told =
    answer === undefined
      ? { status: 404, body: { status: 404, code: "not_found" } }
      : { status: 200, body: answer };
  replySigned(request, response, { ...told, url: options.url });
}

/** Starts it; `balances` is what its people have, and the peer under the id of its consent. */
export async function startOther(
  options: OtherOptions,
): Promise<{ balances: ReadonlyMap<string, number>; stop: () => Promise<void> }> {
  const books = new Books(options);
  const server = createServer((request, response) => {
    serve(request, response, books, options).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port, "127.0.0.1", resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { balances: books.balances, stop };
}
