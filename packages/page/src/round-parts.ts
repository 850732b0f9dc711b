/** What a device shows of what waits on it. Every word comes with the page, in the language of its reader. */
import { actName, meanStill, takeBack, type WaitingAct } from "./queue.ts";
import type { Vault } from "./vault.ts";

export const part = (id: string): HTMLElement | null => document.getElementById(id);

const timeOf = (at: number): string =>
  new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(
    at,
  );

/** A part that the page has brought along, to be shown as often as it is needed. */
function copyOf(name: string): HTMLElement | undefined {
  const template = part(`round-${name}`);
  if (!(template instanceof HTMLTemplateElement)) return undefined;
  const copy = template.content.firstElementChild?.cloneNode(true);
  return copy instanceof HTMLElement ? copy : undefined;
}

function fill(element: HTMLElement, name: string, text: string): void {
  const place = element.querySelector<HTMLElement>(`[data-part="${name}"]`);
  if (place !== null) place.textContent = text;
}

function leaveOnly(element: HTMLElement, name: string, shown: readonly string[]): void {
  for (const each of element.querySelectorAll<HTMLElement>(`[data-${name}]`))
    if (!shown.includes(each.dataset[name] ?? "")) each.remove();
}

/** What the server has said no with, in its own words. */
function wordsIn(answer: string): HTMLParagraphElement[] {
  const page = new DOMParser().parseFromString(answer, "text/html");
  const said = page.querySelector("#mistakes, #refused") ?? page.querySelector("#sure, main .notice");
  const words = said?.id === "sure" ? [said] : (said?.querySelectorAll("h2, p:not(.small), li") ?? []);
  return [...words].map(({ textContent }) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = textContent;
    return paragraph;
  });
}

/** After so many tries without an answer whoever brings goods may stop them: their trade does not wait for ever. */
const triesMost = 4;

const mayStop = ({ lasts, unanswered = 0 }: WaitingAct): boolean =>
  lasts !== undefined || unanswered >= triesMost;

/** How one act stands, after those of the same trade before it. */
function standingOf(act: WaitingAct, held: boolean): string {
  if (act.state !== "waiting") return act.state;
  if (held) return "held";
  if (act.tried && mayStop(act)) return "tried";
  return act.fields.some(([name]) => name === "code") ? "code" : "waiting";
}

/** What can be pressed at it. What may have arrived cannot be held back any more: it can only be left at that. */
function pressesOf(act: WaitingAct): readonly string[] {
  if (act.state === "stale") return ["again", act.tried ? "stop" : "drop"];
  if (act.state !== "waiting") return ["read"];
  if (!act.tried) return ["drop"];
  return mayStop(act) ? ["stop"] : [];
}

function itemOf(vault: Vault, act: WaitingAct, held: boolean, changed: () => void): HTMLElement | undefined {
  const item = copyOf("act");
  if (item === undefined) return undefined;
  const standing = standingOf(act, held);
  item.dataset["act"] = actName(act);
  item.dataset["standing"] = standing;
  fill(item, "label", act.label);
  fill(item, "at", timeOf(act.at));
  const link = item.querySelector("a");
  if (link !== null) link.href = act.to.slice(0, act.to.lastIndexOf("/"));
  fill(item, "number", act.trade.replaceAll(/(.{4})(?=.)/g, "$1\u00a0"));
  leaveOnly(item, "word", [standing]);
  leaveOnly(item, "press", pressesOf(act));
  if (act.answer !== undefined) item.querySelector('[data-part="answer"]')?.append(...wordsIn(act.answer));
  for (const press of item.querySelectorAll<HTMLElement>("[data-press]")) {
    const button = press.querySelector("button");
    button?.addEventListener("click", () => {
      button.disabled = true;
      const work = press.dataset["press"] === "again" ? meanStill : takeBack;
      void work(vault, act).then(changed);
    });
  }
  return item;
}

/** Shows what waits, in the order in which it is sent. */
export function showActs(vault: Vault | undefined, acts: readonly WaitingAct[], changed: () => void): void {
  const [section, list] = [part("round"), part("round-acts")];
  if (section === null || list === null) return;
  section.hidden = acts.length === 0;
  const stopped = new Set<string>();
  const items: HTMLElement[] = [];
  if (vault === undefined) return list.replaceChildren();
  for (const act of acts) {
    const item = itemOf(vault, act, stopped.has(act.trade), changed);
    if (item !== undefined) items.push(item);
    if (act.state !== "waiting") stopped.add(act.trade);
  }
  list.replaceChildren(...items);
}

/** Says at each form and each trade of a list that something of it has not been sent, and offers the camera at fields. */
export function mark(acts: readonly WaitingAct[]): void {
  for (const old of document.querySelectorAll(".round-mark")) old.remove();
  for (const { to, trade } of acts) {
    const places = [
      document.querySelector(`main form[action="${to}"]`),
      document.querySelector(`#trade-${trade} .kicker`),
    ];
    for (const place of places) {
      const badge = place?.querySelector(".round-mark") === null ? copyOf("mark") : undefined;
      if (badge !== undefined) place?.append(badge);
    }
  }
  const fields = document.querySelectorAll<HTMLInputElement>(
    'main input[name="parcel"]:not([type="hidden"]):not([type="radio"]), main input[name="code"], #find-form input',
  );
  for (const field of fields) {
    if (field.parentElement?.querySelector(".round-scan") != null) continue;
    const link = copyOf("scan");
    if (!(link instanceof HTMLAnchorElement)) return;
    const trade = /^\/trades\/([0-9]{14})/.exec(location.pathname)?.[1];
    link.href = trade === undefined ? "/scan" : `/scan?trade=${trade}&into=${field.id}`;
    field.after(link);
  }
  fillScanned();
}

/** What the camera has read goes into the field for which it was asked. */
function fillScanned(): void {
  const { into, text } = JSON.parse(sessionStorage.getItem("kenshu-scan") ?? "{}") as {
    into?: string;
    text?: string;
  };
  const field = into === undefined ? null : part(into);
  if (!(field instanceof HTMLInputElement) || text === undefined) return;
  sessionStorage.removeItem("kenshu-scan");
  field.closest("details")?.setAttribute("open", "");
  field.value = text;
  field.focus();
}

/** Says that the page is as it was seen, and when that was. */
export function showSeen(at: number): void {
  const notice = part("round-seen");
  if (notice === null) return;
  fill(notice, "at", timeOf(at));
  notice.hidden = false;
}
