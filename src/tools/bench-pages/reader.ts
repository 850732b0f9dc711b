/** A buyer with a browser: signs in, has trades to look at, and loads their pages one after another. */
import { Agent, get, type IncomingMessage } from "node:http";

/** Where, and who reads. */
interface ReaderPlace {
  url: string;
  member: { email: string; password: string; number: string; mandate: string; currency: string };
  shopKey: string;
}

export interface Reader {
  /** Loads the page whose turn it is; answers what was wrong with it, or undefined. */
  read(turn: number): Promise<string | undefined>;
  close(): void;
}

/** So many trades of each kind have pages, so that one page is not all that is read. */
const tradesOfAKind = 20;

interface ShownPage {
  path: string;
  /** What stands on it and on no page of an error. */
  holds: string;
}

async function post(url: string, headers: Record<string, string>, body: object): Promise<Response> {
  const reply = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`${url} was answered with ${reply.status}: ${await reply.text()}`);
  return reply;
}

/** Proposes a trade to the reader, and answers its number. */
async function propose(
  { url, shopKey, member }: ReaderPlace,
  turn: number,
  reserved: boolean,
): Promise<string> {
  const { number, mandate, currency } = member;
  const key = `pages-${reserved ? "reserved" : "proposed"}-${turn}`;
  const reply = await post(
    `${url}/v1/trades`,
    { authorization: `Bearer ${shopKey}`, "idempotency-key": key },
    {
      buyer: { member: number },
      currency,
      lines: [{ name: "Tea set", quantity: 3, unitAmount: 400 }],
      ...(reserved ? { approval: { mandate } } : {}),
    },
  );
  const trade = (await reply.json()) as { number: string };
  return trade.number;
}

/** Their list, trades that run, and trades that wait for their approval, in turns. */
async function pagesOf(place: ReaderPlace): Promise<ShownPage[]> {
  const pages: ShownPage[] = [];
  for (let turn = 0; turn < tradesOfAKind; turn += 1) {
    const running = await propose(place, turn, true);
    const waiting = await propose(place, turn, false);
    pages.push(
      { path: "/trades", holds: 'id="trade-' },
      { path: `/trades/${running}`, holds: 'data-part="frozen"' },
      { path: `/trades/${waiting}/approve`, holds: 'id="approve-form"' },
    );
  }
  return pages;
}

/** Signs the buyer in and makes what they read. */
export async function openReader(place: ReaderPlace): Promise<Reader> {
  const { url, member } = place;
  const { email, password } = member;
  const entered = await post(`${url}/v1/sessions`, {}, { email, password });
  const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
  const pages = await pagesOf(place);
  const agent = new Agent({ keepAlive: true });
  const read = (turn: number) =>
    new Promise<string | undefined>((done) => {
      const page = pages[turn % pages.length];
      if (page === undefined) throw new Error("There is nothing to read.");
      const request = get(
        new URL(page.path, url),
        { agent, headers: { cookie, accept: "text/html" } },
        (reply) => whole(reply, (text) => done(wrongWith(reply.statusCode, text, page))),
      );
      request.once("error", (error) => done(error.message));
    });
  return { read, close: () => agent.destroy() };
}

function whole(reply: IncomingMessage, then: (text: string) => void): void {
  const chunks: Buffer[] = [];
  reply.on("data", (chunk: Buffer) => chunks.push(chunk));
  reply.once("end", () => then(Buffer.concat(chunks).toString()));
}

function wrongWith(status: number | undefined, text: string, { path, holds }: ShownPage): string | undefined {
  if (status !== 200) return String(status);
  return text.includes(holds) ? undefined : `no ${holds} at ${path}`;
}
