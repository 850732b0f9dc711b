/** A buyer with a browser: signs in, has trades to look at, and loads their pages one after another. */
import { type Browser, openBrowser, post } from "./browser.ts";

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
  const browser = await openBrowser(place.url, place.member);
  const pages = await pagesOf(place);
  const read = (turn: number) => {
    const page = pages[turn % pages.length];
    if (page === undefined) throw new Error("There is nothing to read.");
    return readPage(browser, page);
  };
  return { read, close: () => browser.close() };
}

/** Loads a page, and answers what was wrong with it. */
export async function readPage(browser: Browser, page: ShownPage): Promise<string | undefined> {
  try {
    const { status, text } = await browser.load(page.path);
    return wrongWith(status, text, page);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wrongWith(status: number | undefined, text: string, { path, holds }: ShownPage): string | undefined {
  if (status !== 200) return String(status);
  return text.includes(holds) ? undefined : `no ${holds} at ${path}`;
}
