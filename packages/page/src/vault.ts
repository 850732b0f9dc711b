/**
 * What lies on the device of somebody who brings goods or accepts them: pages that they have seen, and acts that are not sent
 * yet. All of it is sealed under a key that the server tells to them alone, and that leaves the device when they sign out
 * (docs/security.md, On a device).
 */

/** Of whoever is signed in here, and of whoever has opened the link of a present: neither opens or locks the other's. */
export const cupboards = ["round", "gift"] as const;
export type Cupboard = (typeof cupboards)[number];

/** Where that lies which is seen and pressed under this path. */
export const cupboardOf = (path: string): Cupboard => (/^\/gifts?(\/|$)/.test(path) ? "gift" : "round");

/** For how long, in milliseconds, pages can be read, and the key stays, after the server has last known its owner. */
const pagesLast = 24 * 3_600_000;
/** For how long, in milliseconds, acts wait for their owner. */
const actsLast = 7 * 24 * 3_600_000;
/** More than a day's round. */
const pagesMost = 200;

/** The milliseconds of this device's clock, which decides nothing but what is thrown away here. */
export const now = (): number => new Date().getTime();

/** A key for an act that has none of its own yet. */
export const freshKey = (): string => crypto.randomUUID();

/** The device of somebody who is signed in, as far as it knows. */
export interface Vault {
  cupboard: Cupboard;
  tag: string;
  key: CryptoKey;
}

interface KeptKey extends Omit<Vault, "cupboard"> {
  until: number;
}

interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

interface KeptPage extends Sealed {
  path: string;
  tag: string;
  at: number;
  /** What it shows, in a word. */
  mark: string;
}

interface KeptAct extends Sealed {
  id?: number;
  tag: string;
  at: number;
}

export interface Page {
  html: string;
  /** The headers with which it came, as far as they matter to a reader. */
  headers: Record<string, string>;
}

function asked<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The device keeps nothing."));
  });
}

const opened = new Map<Cupboard, Promise<IDBDatabase>>();

function open(cupboard: Cupboard): Promise<IDBDatabase> {
  const before = opened.get(cupboard);
  if (before !== undefined) return before;
  const opening = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(`kenshu-${cupboard}`, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys", { keyPath: "tag" });
      request.result.createObjectStore("pages", { keyPath: "path" });
      request.result.createObjectStore("acts", { keyPath: "id", autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The device keeps nothing."));
  });
  opened.set(cupboard, opening);
  return opening;
}

type Store = "keys" | "pages" | "acts";

async function inStore<Value>(
  cupboard: Cupboard,
  name: Store,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Value>,
): Promise<Value> {
  const database = await open(cupboard);
  return asked(work(database.transaction(name, mode).objectStore(name)));
}

async function seal({ key }: Vault, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

async function unseal<Value>({ key }: Vault, { iv, data }: Sealed): Promise<Value | undefined> {
  try {
    const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
    return JSON.parse(new TextDecoder().decode(bytes)) as Value;
  } catch {
    // Sealed under another key: as good as not there.
    return undefined;
  }
}

/** The open vault of this device; undefined where nobody is signed in here, or the server has not known them for a day. */
export async function openVault(cupboard: Cupboard): Promise<Vault | undefined> {
  const [kept] = await inStore<KeptKey[]>(cupboard, "keys", "readonly", (store) => store.getAll());
  if (kept === undefined) return undefined;
  if (kept.until > now()) return { cupboard, tag: kept.tag, key: kept.key };
  await lock(cupboard);
  return undefined;
}

/** The owner has shown themselves to the server: what they wait for can be read again, and nothing of anybody else. */
export async function unlock(
  cupboard: Cupboard,
  tag: string,
  secret: Uint8Array<ArrayBuffer>,
): Promise<Vault> {
  await lock(cupboard);
  const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt", "decrypt"]);
  await inStore(cupboard, "keys", "readwrite", (store) => store.put({ tag, key, until: now() + pagesLast }));
  await forgetActs(cupboard);
  return { cupboard, tag, key };
}

/** The server has known the owner again. Whoever has signed out meanwhile stays so. */
export async function prolong({ cupboard, tag, key }: Vault): Promise<void> {
  const keys = (await open(cupboard)).transaction("keys", "readwrite").objectStore("keys");
  const owner = await asked<KeptKey | undefined>(keys.get(tag));
  if (owner !== undefined) await asked(keys.put({ tag, key, until: now() + pagesLast }));
}

/** Nobody is signed in here any more: what was seen is gone, and what waits to be sent cannot be read. */
export async function lock(cupboard: Cupboard): Promise<void> {
  await inStore(cupboard, "keys", "readwrite", (store) => store.clear());
  await inStore(cupboard, "pages", "readwrite", (store) => store.clear());
}

/** Keeps a page as it was seen. */
export async function keepPage(vault: Vault, path: string, page: Page, mark: string): Promise<void> {
  const sealed = await seal(vault, page);
  const kept: KeptPage = { ...sealed, path, tag: vault.tag, at: now(), mark };
  const work = (await open(vault.cupboard)).transaction(["keys", "pages"], "readwrite");
  // Whoever has signed out meanwhile leaves nothing behind.
  const owner = await asked<KeptKey | undefined>(work.objectStore("keys").get(vault.tag));
  if (owner === undefined) return;
  await asked(work.objectStore("pages").put(kept));
  await forgetPages(vault.cupboard);
}

/** A page as it was seen, and when. */
export async function keptPage(path: string): Promise<{ page: Page; at: number } | undefined> {
  const cupboard = cupboardOf(path);
  const vault = await openVault(cupboard);
  if (vault === undefined) return undefined;
  const kept = await inStore<KeptPage | undefined>(cupboard, "pages", "readonly", (store) => store.get(path));
  if (kept === undefined || kept.tag !== vault.tag || kept.at + pagesLast <= now()) return undefined;
  const page = await unseal<Page>(vault, kept);
  return page && { page, at: kept.at };
}

/** What is kept under this path, in a word; undefined where nothing is, or it will soon be too old. */
export async function keptMark(path: string): Promise<string | undefined> {
  const kept = await inStore<KeptPage | undefined>(cupboardOf(path), "pages", "readonly", (store) =>
    store.get(path),
  );
  return kept === undefined || kept.at + pagesLast / 2 <= now() ? undefined : kept.mark;
}

async function forgetPages(cupboard: Cupboard): Promise<void> {
  const all = await inStore<KeptPage[]>(cupboard, "pages", "readonly", (store) => store.getAll());
  const newest = all.sort((one, other) => other.at - one.at);
  for (const [index, { path, at }] of newest.entries())
    if (index >= pagesMost || at + pagesLast <= now())
      await inStore(cupboard, "pages", "readwrite", (store) => store.delete(path));
}

/** Adds what was pressed, behind what waits already. */
export async function addAct<Act>(vault: Vault, act: Act): Promise<number> {
  const sealed = await seal(vault, act);
  const kept: KeptAct = { ...sealed, tag: vault.tag, at: now() };
  return Number(await inStore(vault.cupboard, "acts", "readwrite", (store) => store.add(kept)));
}

/** What waits, in the order in which it was pressed. */
export async function waitingActs<Act>(vault: Vault): Promise<(Act & { id: number })[]> {
  const all = await inStore<KeptAct[]>(vault.cupboard, "acts", "readonly", (store) => store.getAll());
  const found: (Act & { id: number })[] = [];
  for (const { id = 0, tag, ...sealed } of all) {
    const act = tag === vault.tag ? await unseal<Act>(vault, sealed) : undefined;
    if (act !== undefined) found.push({ ...act, id });
  }
  return found.sort((one, other) => one.id - other.id);
}

/** Changes what is known of an act that waits; answers false where it was taken back meanwhile, and stays so. */
export async function changeAct<Act extends { id: number; at: number }>(
  vault: Vault,
  { id, ...act }: Act,
): Promise<boolean> {
  const sealed = await seal(vault, act);
  const kept: KeptAct = { ...sealed, id, tag: vault.tag, at: act.at };
  const acts = (await open(vault.cupboard)).transaction("acts", "readwrite").objectStore("acts");
  if ((await asked<KeptAct | undefined>(acts.get(id))) === undefined) return false;
  await asked(acts.put(kept));
  return true;
}

export async function dropAct({ cupboard }: Pick<Vault, "cupboard">, id: number): Promise<void> {
  await inStore(cupboard, "acts", "readwrite", (store) => store.delete(id));
}

/** What nobody has come back for is thrown away unread. */
export async function forgetActs(cupboard: Cupboard): Promise<void> {
  const all = await inStore<KeptAct[]>(cupboard, "acts", "readonly", (store) => store.getAll());
  for (const { id = 0, at } of all) if (at + actsLast <= now()) await dropAct({ cupboard }, id);
}
