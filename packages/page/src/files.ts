/** Files that pages are made of, on the device. Their addresses change with them, so one that is here is the right one. */

const cacheName = "kenshu-files";
/** A few versions of each. */
const most = 24;
/** What is shown in place of a page that is not on the device. */
export const noLine = "/no-line";

async function keep(cache: Cache, file: Request | string, reply: Response): Promise<void> {
  await cache.put(file, reply);
  const all = await cache.keys();
  for (const old of all.slice(0, Math.max(0, all.length - most))) await cache.delete(old);
}

/** A file from the device, or from the server, and then it is on the device. */
export async function fileOf(file: Request | string): Promise<Response> {
  const cache = await caches.open(cacheName);
  const found = await cache.match(file);
  if (found !== undefined) return found;
  const reply = await fetch(file);
  if (reply.ok) await keep(cache, file, reply.clone());
  return reply;
}

/** Has these files on the device, and the page for want of another as it is now. */
export async function keepFiles(addresses: readonly string[]): Promise<void> {
  for (const address of addresses) await fileOf(address);
  const cache = await caches.open(cacheName);
  const reply = await fetch(noLine);
  if (reply.ok) await keep(cache, noLine, reply);
}

export const noLinePage = (): Promise<Response | undefined> => caches.match(noLine);
