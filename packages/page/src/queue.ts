/**
 * Acts that wait on a device: each is written down before it is tried, and sent until the server has answered it, once by
 * its key, in the order in which they were pressed. What the server refuses waits for whoever pressed it to read why.
 */
import {
  addAct,
  changeAct,
  type Cupboard,
  dropAct,
  freshKey,
  lock,
  now,
  openVault,
  type Vault,
  waitingActs,
} from "./vault.ts";

/** What somebody has pressed. */
export interface Act {
  /** The number of the trade, and the address of the form. */
  trade: string;
  to: string;
  fields: [name: string, value: string][];
  /** What the button said. */
  label: string;
  /** The version of the trade that was seen. */
  seen: string;
  /** When it was pressed, by the clock of the device. */
  at: number;
  /** For so long, in milliseconds, it is sent without asking again; for any time where that is left out. */
  lasts?: number;
  /** It may have arrived already. */
  tried: boolean;
  /** How often no answer to it has come. */
  unanswered?: number;
  /** `stale`: it is to be asked once more whether it is still meant. */
  state: "waiting" | "refused" | "late" | "stale";
  /** The page with which it was refused. */
  answer?: string;
}

export type WaitingAct = Act & { id: number };

/** What a try came to. */
export type Tried =
  | { how: "done"; to: string; form: string }
  | { how: "refused"; answer: string }
  | { how: "waiting" }
  /** It is not sent before somebody has said something to it. */
  | { how: "held" }
  /** The server does not know the owner any more, and so nobody here may read on. */
  | { how: "signed-out" };

/** Everything that waits takes turns, in all windows and in the worker. */
const turn = "kenshu-round";
/** Tells the other windows that something has changed. */
const channel = new BroadcastChannel("kenshu-round");
/** Milliseconds after which an answer is not waited for any more. */
const patience = 20_000;
/** For so long, in milliseconds, a report from the door is true. */
const atDoorLasts = 10 * 60_000;

export const onChange = (hear: () => void): void => channel.addEventListener("message", hear);
const tellChange = (): void => channel.postMessage("changed");

export const actName = ({ to }: Pick<Act, "to">): string => to.split("/").at(-1) ?? "";

const textOf = ({ fields }: Pick<Act, "fields">): string =>
  fields
    .filter(([name]) => name !== "key")
    .map(([name, value]) => `${name}=${value}`)
    .join("&");

/** Puts an act behind the others. One that waits already is not put there again. */
export async function enqueue(vault: Vault, act: Act): Promise<number> {
  const waiting = await waitingActs<Act>(vault);
  const same = waiting.find(
    ({ to, state, ...other }) => to === act.to && state === "waiting" && textOf(other) === textOf(act),
  );
  if (same !== undefined) return same.id;
  const keyOf = ({ fields }: Pick<Act, "fields">) => fields.find(([name]) => name === "key")?.[1];
  // A page that was kept is pressed more than once, and another act has a key of its own.
  const isUsed = waiting.some((other) => keyOf(other) === keyOf(act));
  const fields = act.fields.map(([name, value]): [string, string] =>
    name === "key" && isUsed ? [name, freshKey()] : [name, value],
  );
  const id = await addAct(vault, { ...act, fields });
  tellChange();
  return id;
}

/**
 * Whether that is a no to what was asked. Too many requests at once, a trade of which another step still waits, or a server that
 * cannot, is none; too many wrong codes is one, and its page says so.
 */
function isAnswer({ status, ok }: Response, page: string): boolean {
  if (ok || status >= 500 || page.includes('data-code="trade_busy"')) return false;
  return status !== 429 || page.includes('id="refused"');
}

async function send(vault: Vault, act: WaitingAct): Promise<Tried & { version?: string | undefined }> {
  let reply: Response;
  try {
    reply = await fetch(act.to, {
      method: "POST",
      headers: {
        accept: "text/html",
        "content-type": "application/x-www-form-urlencoded",
        "kenshu-round": vault.tag,
        "kenshu-seen": act.seen,
      },
      body: new URLSearchParams(act.fields).toString(),
      signal: AbortSignal.timeout(patience),
    });
    const answer = await reply.text();
    const { pathname, search, searchParams } = new URL(reply.url);
    const isElsewhere = reply.redirected && (pathname.startsWith("/signin") || pathname === "/gift");
    if (reply.status === 401 || isElsewhere) return { how: "signed-out" };
    if (reply.ok && reply.redirected) {
      const shown = /<main[^>]* data-state="([^"]*)"/.exec(answer)?.[1];
      // Of what is done only where nothing else has moved the trade the server says what it has made of it.
      const version =
        searchParams.get("version") ?? (Number(shown) === Number(act.seen) + 1 ? shown : undefined);
      return { how: "done", to: `${pathname}${search}`, form: act.to, version };
    }
    return isAnswer(reply, answer) ? { how: "refused", answer } : { how: "waiting" };
  } catch {
    return { how: "waiting" };
  }
}

/** What was pressed on the same page saw the same version, which the first of it has moved. */
async function follow(vault: Vault, done: WaitingAct, version: string | undefined): Promise<void> {
  if (version === undefined) return;
  for (const act of await waitingActs<Act>(vault))
    if (act.trade === done.trade && act.seen === done.seen && !act.tried)
      await changeAct(vault, { ...act, seen: version });
}

/** Why it is too late to send it as it was pressed. A clock that was set back says nothing, and counts as too late as well. */
function tooLate(act: Act): "late" | "stale" | undefined {
  const age = now() - act.at;
  if (actName(act) === "at-door" && age >= atDoorLasts) return "late";
  return act.lasts !== undefined && (age >= act.lasts || age < -act.lasts) ? "stale" : undefined;
}

/** It is still meant, and sent as if it were pressed now. */
export async function meanStill(vault: Vault, act: WaitingAct): Promise<void> {
  await changeAct(vault, { ...act, at: now(), state: "waiting" });
  tellChange();
}

/**
 * Takes back what waits. Not while it is being sent; and where it was sent since somebody saw it, they are first to read that it
 * may have arrived.
 */
export async function takeBack(vault: Vault, seen: WaitingAct): Promise<void> {
  await navigator.locks.request(turn, async () => {
    const act = (await waitingActs<Act>(vault)).find(({ id }) => id === seen.id);
    if (act !== undefined && act.tried === seen.tried) await dropAct(vault, act.id);
  });
  tellChange();
}

async function tryOne(vault: Vault, id: number): Promise<Tried> {
  // As it is now: what was sent before it may have changed what it has seen.
  const act = (await waitingActs<Act>(vault)).find((one) => one.id === id);
  if (act === undefined) return { how: "waiting" };
  const late = tooLate(act);
  if (late !== undefined) {
    await changeAct(vault, { ...act, state: late });
    return { how: "held" };
  }
  if (!act.tried && !(await changeAct(vault, { ...act, tried: true }))) return { how: "waiting" };
  const { version, ...tried } = await send(vault, act);
  if (tried.how === "done") {
    await dropAct(vault, id);
    await follow(vault, act, version);
  } else if (tried.how === "refused") {
    await changeAct(vault, { ...act, tried: true, state: "refused", answer: tried.answer });
  } else if (tried.how === "signed-out") {
    await lock(vault.cupboard);
  } else {
    await changeAct(vault, { ...act, tried: true, unanswered: (act.unanswered ?? 0) + 1 });
  }
  return tried;
}

/** Sends what waits, trade by trade in order; answers what became of each. */
export async function sendAll(cupboard: Cupboard): Promise<Map<number, Tried>> {
  return navigator.locks.request(turn, async () => {
    const results = new Map<number, Tried>();
    const vault = await openVault(cupboard);
    if (vault === undefined) return results;
    const stopped = new Set<string>();
    // What was not tried can still be taken back.
    if (!navigator.onLine) {
      for (const { id, state } of await waitingActs<Act>(vault))
        if (state === "waiting") results.set(id, { how: "waiting" });
      return results;
    }
    for (const { id, trade, state } of await waitingActs<Act>(vault)) {
      if (state !== "waiting") stopped.add(trade);
      if (stopped.has(trade)) continue;
      const tried = await tryOne(vault, id);
      results.set(id, tried);
      if (tried.how === "signed-out") break;
      if (tried.how !== "done") stopped.add(trade);
    }
    if (results.size > 0) tellChange();
    return results;
  });
}
