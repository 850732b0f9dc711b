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
  kind: string;
}
interface Reservation {
  view: {
    id: string;
    tradeNumber: string;
    state: string;
    currency: string;
    amount: number;
    settled: number;
    released: number;
    refunded: number;
    until: string;
  };
  payer: string;
  payee: string;
}
interface Instruction {
  do: string;
  id: string;
  reservation?: string;
  tradeNumber?: string;
  account?: string;
  payee?: string;
  amount?: number;
  currency?: string;
  until?: string;
  release?: number;
  splits?: { account: string; amount: number }[];
}
type Body = Record<string, unknown>;

export interface Other {
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
const hashOf = (bytes: Buffer): string => `sha-256=:${createHash("sha256").update(bytes).digest("base64")}:`;
const field = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? "");

export async function startOther(
  options: Other,
): Promise<{ balances: Map<string, number>; stop: () => Promise<void> }> {
  const { peer, url, owners, own } = options;
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const jwk = { ...publicKey.export({ format: "jwk" }), use: "sig", kid: "one" };
  const balances = new Map([...Object.entries(owners).map(([who, { balance }]) => [who, balance] as const), [own, 0]]);
  const consents = new Map<string, Consent>([[own, { account: own, purpose: "receive", kind: "fee" }]]);
  const codes = new Map<string, string>();
  const answers = new Map<string, Body>();
  const reservations = new Map<string, Reservation>();
  const move = (account: string, amount: number): void =>
    void balances.set(account, (balances.get(account) ?? 0) + amount);

  const agree = (who: string, purpose: Consent["purpose"]): { id: string; code: string } => {
    const [id, code] = [randomUUID(), `kc_${randomUUID()}`];
    consents.set(id, { account: who, purpose, kind: owners[who]?.kind ?? "" });
    codes.set(code, id);
    return { id, code };
  };
  const consentView = (id: string): Body | undefined => {
    const consent = consents.get(id);
    const unlimited = { limitPerTrade: null, limitPerMonth: null, until: null };
    return consent && { consent: id, purpose: consent.purpose, kind: consent.kind, currency, ...unlimited, good: true };
  };
  const obey = (asked: Instruction): Body => {
    const refused = (status: number, code: string): Body => ({ status, problem: { status, code } });
    if (asked.do === "reserve") {
      const { id, tradeNumber = "", account = "", payee = "", amount = 0, until = "" } = asked;
      const [from, to] = [consents.get(account), consents.get(payee)];
      if (from?.purpose !== "pay" || to?.purpose !== "receive") return refused(402, "consent_not_valid");
      if ((balances.get(from.account) ?? 0) < amount) return refused(402, "insufficient_funds");
      move(from.account, -amount);
      const sums = { amount, settled: 0, released: 0, refunded: 0 };
      const view = { id, tradeNumber, state: "held", currency, ...sums, until };
      reservations.set(id, { view, payer: from.account, payee: to.account });
      return { status: 201, reservation: { ...view } };
    }
    const held = reservations.get(asked.reservation ?? "");
    if (held === undefined) return refused(404, "not_found");
    const { view, payer, payee } = held;
    const frozen = view.amount - view.settled - view.released;
    const pays = asked.do === "settle" ? (asked.amount ?? frozen) : 0;
    const back = asked.do === "release" ? (asked.amount ?? frozen) : (asked.release ?? 0);
    if (pays + back > frozen) return refused(409, "amount_exceeds_hold");
    for (const share of pays === 0 ? [] : (asked.splits ?? [{ account: "", amount: pays }]))
      move(consents.get(share.account)?.account ?? payee, share.amount);
    move(payer, back);
    view.settled += pays;
    view.released += back;
    view.until = asked.until ?? view.until;
    if (pays + back === frozen) view.state = view.settled > 0 ? "settled" : "released";
    return { status: 200, reservation: { ...view } };
  };
  const once = (key: string, work: () => Body | undefined): Body | undefined => {
    const answer = answers.get(key) ?? work();
    if (answer !== undefined) answers.set(key, answer);
    return answer;
  };
  const calls: Record<string, (body: Body, path: string) => Body | undefined> = {
    "POST /v1/consents/exchange": ({ id, code }) => once(String(id), () => consentView(codes.get(String(code)) ?? "")),
    "GET /v1/consents/": (_, path) => consentView(path.split("/").at(-1) ?? ""),
    "POST /v1/reservations/batch": ({ instructions }) => ({
      outcomes: (instructions as Instruction[]).map((asked) => once(asked.id, () => obey(asked))),
    }),
    "GET /v1/reservations/totals": () => {
      const sum = (of: "settled" | "released" | "refunded" | "amount") =>
        [...reservations.values()].reduce((all, { view }) => all + view[of], 0);
      const [settled, released, refunded] = [sum("settled"), sum("released"), sum("refunded")];
      return { items: [{ currency, frozen: sum("amount") - settled - released, settled, released, refunded }] };
    },
    "GET /v1/reservations": () => ({ items: [...reservations.values()].map(({ view }) => view), next: null }),
  };

  /** What the peer has signed, or undefined where it has not: RFC 9421 as the page has it. */
  async function signedBy(request: IncomingMessage, bytes: Buffer): Promise<boolean> {
    const input = /^sig=(\((.*?)\);.*)$/.exec(field(request, "signature-input"));
    const signature = /^sig=:(.*):$/.exec(field(request, "signature"))?.[1] ?? "";
    const kid = new RegExp(`;keyid="${peer.url}#([^"]+)"`).exec(input?.[1] ?? "")?.[1];
    if (input === null || kid === undefined || field(request, "content-digest") !== hashOf(bytes)) return false;
    const special: Record<string, string> = {
      "@method": request.method ?? "",
      "@target-uri": `${url}${request.url ?? ""}`,
    };
    const covered = (input[2] ?? "").split(" ").map((name) => name.replaceAll('"', ""));
    if (!["@method", "@target-uri", "content-digest"].every((name) => covered.includes(name))) return false;
    const lines = covered.map((name) => `"${name}": ${special[name] ?? field(request, name)}`);
    const base = [...lines, `"@signature-params": ${input[1]}`].join("\n");
    const set = (await (await fetch(`${peer.url}/.well-known/jwks.json`)).json()) as { keys: (JsonWebKey & { kid: string })[] };
    const key = set.keys.find((each) => each.kid === kid);
    if (key === undefined) return false;
    return verify(null, Buffer.from(base), createPublicKey({ key, format: "jwk" }), Buffer.from(signature, "base64"));
  }

  function reply(request: IncomingMessage, response: ServerResponse, status: number, body: Body): void {
    const bytes = Buffer.from(JSON.stringify(body));
    const type = status < 400 ? "application/json" : "application/problem+json";
    const now = Math.floor(Date.now() / 1000);
    const params = `("@status" "signature";req "content-digest" "content-type");created=${now};expires=${now + 60};keyid="${url}#one";alg="ed25519";tag="kenshu"`;
    const base = `"@status": ${status}\n"signature";req: ${field(request, "signature")}\n"content-digest": ${hashOf(bytes)}\n"content-type": ${type}\n"@signature-params": ${params}`;
    response.writeHead(status, {
      "content-type": type,
      "content-digest": hashOf(bytes),
      "signature-input": `sig=${params}`,
      signature: `sig=:${sign(null, Buffer.from(base), privateKey).toString("base64")}:`,
    });
    response.end(bytes);
  }

  /** What its own people do there: they agree, over its API or on its page. */
  function own0(request: IncomingMessage, response: ServerResponse, path: string, body: Body): boolean {
    const who = field(request, "authorization").replace("Bearer ", "");
    if (path === "/.well-known/jwks.json") response.end(JSON.stringify({ keys: [jwk] }));
    else if (path === "/v1/consents" && who in owners) {
      response.writeHead(201, { "content-type": "application/json" });
      response.end(JSON.stringify(agree(who, body["purpose"] === "receive" ? "receive" : "pay")));
    } else if (path === "/tie" && who in owners) {
      const state = new URL(request.url ?? "", url).searchParams.get("state") ?? "";
      const back = `${peer.url}/ties/return?state=${state}&code=${agree(who, "pay").code}`;
      response.writeHead(303, { location: back }).end();
    } else return false;
    return true;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const [path = ""] = (request.url ?? "").split("?");
    const body = bytes.length === 0 ? {} : (JSON.parse(bytes.toString()) as Body);
    if (own0(request, response, path, body)) return;
    if (!(await signedBy(request, bytes))) {
      response.writeHead(401, { "content-type": "application/problem+json" });
      response.end(JSON.stringify({ status: 401, code: "signature_invalid" }));
      return;
    }
    const asked = `${request.method} ${path}`;
    const call = calls[asked] ?? calls[asked.replace(/[^/]+$/, "")];
    const answer = call?.(body, path);
    if (answer === undefined) reply(request, response, 404, { status: 404, code: "not_found" });
    else reply(request, response, 200, answer);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port, "127.0.0.1", resolve));
  return {
    balances,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
