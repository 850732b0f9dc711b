/**
 * Stands between the browser and the server on the device of somebody who brings goods or accepts them: keeps what they see,
 * shows it where there is no line, and sends what waits. It decides nothing: a page comes from the server wherever the server
 * answers.
 */
import { fileOf, noLinePage } from "./files.ts";
import { sendAll } from "./queue.ts";
import { learn } from "./seen.ts";
import { cupboards, keptPage, lock } from "./vault.ts";

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  request: Request;
  respondWith(reply: Promise<Response>): void;
}
interface Syncing extends Lasting {
  tag: string;
}

/** What a worker of this kind has; the types of the pages know windows only. */
interface Scope {
  location: Location;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(name: "install" | "activate", hear: (event: Lasting) => void): void;
  addEventListener(name: "fetch", hear: (event: Fetching) => void): void;
  addEventListener(name: "sync", hear: (event: Syncing) => void): void;
}

const scope = globalThis as unknown as Scope;
/** Milliseconds after which a page that was seen before is shown instead of one that does not come. */
const patience = 6000;

/** The page as it was seen, with when that was. */
async function seen(path: string): Promise<Response | undefined> {
  const found = await keptPage(path).catch(() => undefined);
  if (found === undefined) return undefined;
  const { page, at } = found;
  return new Response(page.html.replace("<body", `<body data-seen="${at}"`), { headers: page.headers });
}

async function orSeen(path: string): Promise<Response> {
  return (await seen(path)) ?? (await noLinePage()) ?? Response.error();
}

const later = (milliseconds: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));

/** From the server; where it is not reached, or not in time, as it was seen. */
async function shown(event: Fetching, path: string): Promise<Response> {
  const asked = fetch(event.request).then(
    (reply) => {
      if (reply.type === "basic") event.waitUntil(learn(path, reply.clone()).catch(() => undefined));
      return reply;
    },
    () => undefined,
  );
  const early = await Promise.race([asked, later(patience)]);
  if (early !== undefined) return early;
  const instead = await seen(path);
  return instead ?? (await asked) ?? orSeen(path);
}

scope.addEventListener("install", (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== scope.location.origin) return;
  if (request.method === "POST" && pathname === "/signout") return event.waitUntil(lock("round"));
  if (request.method !== "GET") return;
  if (pathname.startsWith("/assets/")) return event.respondWith(fileOf(request));
  if (request.mode === "navigate") return event.respondWith(shown(event, pathname));
});
// The browser says so when the line is back, also where no window is open.
scope.addEventListener("sync", (event) => {
  if (event.tag === "kenshu-round") event.waitUntil(Promise.all(cupboards.map(sendAll)));
});
