/**
 * The pages of somebody who brings goods or accepts them, on a bad line: what they press is written down and sent when it can
 * be, what they have seen can be read meanwhile, and both are locked away when they sign out. Without this script the pages are
 * whole.
 */
import { type Act, enqueue, onChange, sendAll, type Tried } from "./queue.ts";
import { mark, part, showActs, showSeen } from "./round-parts.ts";
import { keepFiles } from "./files.ts";
import { tryCode } from "./parcel-code.ts";
import { learn, markOf } from "./seen.ts";
import {
  cupboardOf,
  dropAct,
  forgetActs,
  keptMark,
  lock,
  now,
  openVault,
  unlock,
  type Vault,
  waitingActs,
} from "./vault.ts";

const forms = /^\/(trades|gifts)\/([0-9]{14})\/([a-z-]+)$/;
/** Milliseconds until what waits is tried again, and at most. */
const [firstWait, longestWait] = [2000, 60_000];
/** How many trades of a list are made readable: more than anybody brings in a day. */
const ahead = 60;

const { body } = document;
const cupboard = cupboardOf(location.pathname);
/** Which acts may wait, and for how long they go without asking: all, and for any time, of those who bring goods. */
const { acts: acceptors, lasts, key: keyAt = "/round/key" } = part("round")?.dataset ?? {};
const brings = acceptors === undefined;
let vault: Vault | undefined;
/** Until the device knows whose it is. What is pressed before waits for that. */
let known: Promise<void> = Promise.resolve();
let wait = firstWait;
let timer: ReturnType<typeof setTimeout> | undefined;
let leaving = false;

/** The key of whoever is signed in, from the server. */
async function keyFor(tag: string): Promise<Vault | undefined> {
  const reply = await fetch(keyAt, { headers: { accept: "text/plain" }, redirect: "error" });
  if (!reply.ok) return undefined;
  const [whose, key = ""] = (await reply.text()).split(" ");
  if (whose !== tag) return undefined;
  return unlock(
    cupboard,
    tag,
    Uint8Array.from(atob(key), (character) => character.charCodeAt(0)),
  );
}

async function draw(): Promise<void> {
  const acts = vault === undefined ? [] : await waitingActs<Act>(vault);
  showActs(vault, acts, () => void again());
  mark(acts);
}

/** Whether somebody is about to write, elsewhere than in what has just been sent. */
function isBusy(sent: readonly string[]): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "main input, main textarea",
  );
  return [...fields].some(
    (field) => field.value !== field.defaultValue && !sent.includes(field.form?.getAttribute("action") ?? ""),
  );
}

/** Sends what waits, and again later while the line is bad. */
async function go(): Promise<Map<number, Tried>> {
  clearTimeout(timer);
  const results = await sendAll(cupboard);
  const hows = [...results.values()].map(({ how }) => how);
  if (hows.includes("signed-out")) signedOut();
  else await draw();
  const isWaiting = hows.includes("waiting");
  wait = isWaiting ? Math.min(wait * 2, longestWait) : firstWait;
  if (isWaiting) {
    timer = setTimeout(() => void again(), wait);
    await askToBeWoken().catch(() => undefined);
  }
  return results;
}

/** What was sent while somebody looked on is shown to them, unless they are about to write. */
async function again(): Promise<void> {
  const done = [...(await go()).values()].filter((tried) => tried.how === "done");
  if (done.length === 0 || isBusy(done.map(({ form }) => form))) return;
  if (location.pathname === "/trades") return location.reload();
  const here = done.findLast(({ to }) => new URL(to, location.href).pathname === location.pathname);
  if (here !== undefined) location.assign(here.to);
}

async function askToBeWoken(): Promise<void> {
  const registration = (await navigator.serviceWorker.ready) as ServiceWorkerRegistration & {
    sync?: { register(tag: string): Promise<void> };
  };
  await registration.sync?.register("kenshu-round");
}

function signedOut(): void {
  vault = undefined;
  const link = part("round-to-signin");
  // Who has come by a link comes by it again.
  if (link instanceof HTMLAnchorElement) link.href = `/signin?next=${location.pathname}`;
  show("round-signin");
}

function show(id: string): void {
  const notice = part(id);
  if (notice === null) return;
  notice.hidden = false;
  notice.scrollIntoView({ block: "center" });
}

/** The page with which the server has refused, in place of the one on which it was pressed. */
function showAnswer(answer: string): void {
  const page = new DOMParser().parseFromString(answer, "text/html");
  const [fresh, main] = [page.querySelector("main"), document.querySelector("main")];
  if (fresh === null || main === null) return;
  main.replaceChildren(...fresh.childNodes);
  main.className = fresh.className;
  main.dataset["state"] = fresh.dataset["state"] ?? "";
  document.title = page.title;
  main.focus();
  scrollTo(0, 0);
}

/** What was pressed, as it is written down. */
function actOf(form: HTMLFormElement, button: HTMLElement | null): Act {
  const { pathname: to } = new URL(form.action);
  const [, , trade = ""] = forms.exec(to) ?? [];
  const fields = [...new FormData(form, button)].flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[name, value]] : [],
  );
  const seen = /^[0-9]+/.exec(document.querySelector("main")?.dataset["state"] ?? "")?.[0] ?? "";
  const label = button?.textContent?.trim() ?? "";
  const act: Act = { trade, to, fields, label, seen, at: now(), tried: false, state: "waiting" };
  return lasts === undefined ? act : { ...act, lasts: Number(lasts) };
}

const hasFiles = (form: HTMLFormElement): boolean =>
  [...form.querySelectorAll<HTMLInputElement>('input[type="file"]')].some(
    ({ files }) => (files?.length ?? 0) > 0,
  );

/** Whether what this form says may wait. Photos do not, and neither does what moves money by what the reader cannot see. */
function mayWait(form: HTMLFormElement, act: string): boolean {
  return (brings || acceptors.split(" ").includes(act)) && !hasFiles(form);
}

/** Writes down what was pressed, and tries to send it at once; answers false where nothing can be written down. */
async function press(owner: Vault, form: HTMLFormElement, button: HTMLElement | null): Promise<boolean> {
  const id = await enqueue(owner, actOf(form, button)).catch(() => undefined);
  if (id === undefined) return false;
  // What is written down is sent from there and nowhere else: the page is only shown how that stands.
  await sendPressed(owner, id).catch(() => location.reload());
  return true;
}

async function sendPressed(owner: Vault, id: number): Promise<void> {
  const tried = (await go()).get(id);
  if (tried?.how === "done") return location.assign(tried.to);
  if (tried?.how === "signed-out") return;
  const left = (await waitingActs<Act>(owner)).find((one) => one.id === id);
  // Somebody else on this device has sent it meanwhile.
  if (left === undefined) return location.reload();
  if (tried?.how === "refused") {
    await dropAct(owner, id);
    await draw();
    return showAnswer(tried.answer);
  }
  part("round")?.scrollIntoView({ block: "start" });
  part("round-title")?.focus();
}

/** Locks everything away, and goes on to sign out; once more asked where something has not been sent. */
async function leave(form: HTMLFormElement): Promise<void> {
  const waiting = vault === undefined ? 0 : (await waitingActs<Act>(vault)).length;
  const notice = part("round-leave");
  if (waiting > 0 && !leaving && notice !== null) {
    notice.hidden = false;
    notice.scrollIntoView({ block: "center" });
    part("round-leave-anyway")?.focus();
    return;
  }
  await lock(cupboard);
  form.submit();
}

/** Writes down what was pressed; where nothing can be written down, it is sent as without a script. */
function onPress(form: HTMLFormElement, submitter: HTMLElement | null): void {
  known
    .catch(() => undefined)
    .then(async () => vault !== undefined && press(vault, form, submitter))
    .then((isWritten) => (isWritten ? undefined : form.submit()))
    .catch(() => undefined);
}

function listen(): void {
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    const { pathname } = new URL(form.action);
    const [, place, , act = ""] = forms.exec(pathname) ?? [];
    if (pathname === "/signout") {
      event.preventDefault();
      leave(form).catch(() => form.submit());
    } else if (place === "gifts" && act === "code") {
      if (navigator.onLine && body.dataset["seen"] === undefined) return;
      event.preventDefault();
      tryCode(form, showAnswer)
        .then(draw)
        .catch(() => undefined);
    } else if (act !== "" && mayWait(form, act)) {
      event.preventDefault();
      onPress(form, submitter);
    } else if (act !== "" && hasFiles(form) && !navigator.onLine) {
      event.preventDefault();
      show("round-photos");
    }
  });
  part("round-send")?.addEventListener("click", () => void again());
  part("round-leave-anyway")?.addEventListener("click", () => {
    leaving = true;
    document.querySelector<HTMLFormElement>('form[action="/signout"]')?.requestSubmit();
  });
  addEventListener("online", () => void again());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void again();
  });
  onChange(() => void draw());
  const main = document.querySelector("main");
  if (main !== null) new MutationObserver(() => void draw()).observe(main, { childList: true });
}

/** Has pages kept before they are opened: the list, and on it what is to be brought. */
async function readAhead(): Promise<void> {
  const isDone = new URLSearchParams(location.search).has("done");
  const cards = [...document.querySelectorAll<HTMLAnchorElement>("#todo ~ ul a.card")].slice(0, ahead);
  const { lang } = document.documentElement;
  const here = document.querySelector("main")?.dataset["state"];
  const round = [
    { path: "/trades", version: undefined, anew: isDone },
    { path: "/scan", version: undefined, anew: false },
    ...cards.map(({ pathname, dataset }) => ({ path: pathname, version: dataset["state"], anew: false })),
  ];
  // The answer to a form stands at the form's address, from which nothing can be read.
  const path = /^\/(trades|gifts)\/[0-9]{14}/.exec(location.pathname)?.[0] ?? location.pathname;
  const wanted = [{ path, version: here, anew: isDone }, ...(brings ? round : [])];
  for (const { path: one, version, anew } of wanted) {
    if (!anew && (await keptMark(one)) === markOf(lang, version)) continue;
    await learn(one, await fetch(one, { headers: { accept: "text/html" }, redirect: "error" }));
  }
}

/** Puts a worker before the server, and gives it what these pages are made of. */
async function station(): Promise<void> {
  await navigator.serviceWorker.register("/round.js");
  const linked = [...document.querySelectorAll<HTMLElement>("link[href], script[src]")].flatMap(
    (element) => element.getAttribute("href") ?? element.getAttribute("src") ?? [],
  );
  const named = (part("round")?.dataset["files"] ?? "").split(" ");
  await keepFiles([...linked, ...named].filter((file) => file.startsWith("/assets/")));
}

async function begin(tag: string): Promise<void> {
  const { seen } = body.dataset;
  listen();
  known = (async () => {
    vault = await openVault(cupboard);
    // A page from the server says who is signed in now; one that was kept is shown to its owner only.
    if (vault?.tag !== tag) vault = seen === undefined ? await keyFor(tag) : undefined;
  })();
  if (seen !== undefined) showSeen(Number(seen));
  await known;
  if (vault === undefined) return;
  await forgetActs(cupboard);
  await draw();
  await again();
  if (seen !== undefined) return;
  await station();
  await readAhead();
  body.dataset["roundAhead"] = "yes";
}

const canWait = "serviceWorker" in navigator && "locks" in navigator && "subtle" in crypto;
const tag = body.dataset["round"];
if (canWait && tag !== undefined) begin(tag).catch(() => undefined);
