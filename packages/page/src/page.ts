/**
 * What pages do in a browser that runs scripts. Every page is whole without it: it only tells the server which clock the
 * reader lives by, and shows a trade as it stands while it is looked at.
 */

/** For how long a browser remembers the zone, in seconds. */
const year = 365 * 24 * 3600;

/** Times are told on the reader's own clock from the next page on. */
function tellZone(): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone === undefined || zone === "") return;
  const cookie = `zone=${encodeURIComponent(zone)}`;
  if (document.cookie.split("; ").includes(cookie)) return;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${cookie}; Path=/; Max-Age=${year}; SameSite=Lax${secure}`;
}

/** Whether somebody has begun to fill in a form of this part of the page, or stands in one. */
function isBusy(part: HTMLElement): boolean {
  if (document.activeElement?.closest("form") != null && part.contains(document.activeElement)) return true;
  return [...part.querySelectorAll("input, textarea, select")].some((field) => {
    if (field instanceof HTMLInputElement)
      return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
    return field instanceof HTMLTextAreaElement && field.value !== field.defaultValue;
  });
}

/** Brings the page up to date; what was typed stays, and the reader is told that there is news instead. */
async function refresh(main: HTMLElement): Promise<void> {
  const news = document.getElementById("news");
  // The answer to a form stands at the form's address, from which nothing can be read again.
  const isAnswer = `${location.pathname}/live` !== main.dataset["live"];
  if (isAnswer || isBusy(main)) {
    if (news !== null) news.hidden = false;
    return;
  }
  const reply = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "error" });
  if (!reply.ok) return;
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const fresh = page.getElementById(main.id);
  if (fresh === null || isBusy(main)) return;
  const open = [...main.querySelectorAll("details[open][id]")].map(({ id }) => id);
  main.replaceChildren(...fresh.childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  document.title = page.title;
}

/** Listens, while the page is in sight, for what happens to the trade it shows. */
function follow(main: HTMLElement, address: string): void {
  let stream: EventSource | undefined;
  let seen: string | undefined;
  const listen = (): void => {
    if (document.hidden) {
      stream?.close();
      stream = undefined;
      return;
    }
    if (stream !== undefined) return;
    stream = new EventSource(address);
    stream.addEventListener("state", ({ data }: MessageEvent<string>) => {
      const before = seen ?? main.dataset["state"];
      seen = data;
      if (before !== data) refresh(main).catch(() => undefined);
    });
  };
  document.addEventListener("visibilitychange", listen);
  listen();
}

/** A link is passed on by the device's own ways, or, where it has none for pages, copied. */
async function share(button: HTMLElement, url: string): Promise<void> {
  const { text = "", shared = "" } = button.dataset;
  if (typeof navigator.share === "function") return navigator.share({ text, url });
  await navigator.clipboard.writeText(url);
  button.textContent = shared;
}

// On the whole document, since the parts of a page change while it is open. Who thinks better of it has shared nothing.
document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-share]") : null;
  const url = button?.dataset["share"];
  if (button != null && url !== undefined) share(button, url).catch(() => undefined);
});
document.documentElement.classList.add("scripts");

/** What an address begins with, by its postcode. What somebody has typed stays; what was filled in before gives way. */
async function fillAddress(input: HTMLInputElement, part: HTMLElement): Promise<void> {
  const digits = input.value.normalize("NFKC").replaceAll(/[^0-9]/g, "");
  const field = document.getElementById(part.dataset["postcode"] ?? "");
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  const said = part.querySelector<HTMLElement>("[data-unknown]");
  const tell = (words: string | undefined) => {
    if (said !== null) said.textContent = words ?? "";
  };
  tell(undefined);
  if (digits.length !== 7) return;
  const reply = await fetch(`/postcodes/${digits}`, { redirect: "error" });
  if (reply.status === 404) tell(said?.dataset["unknown"]);
  if (!reply.ok) return;
  const { address: found } = (await reply.json()) as { address: string };
  const before = field.dataset["filled"] ?? "";
  const isTyped = before === "" ? field.value !== field.defaultValue : !field.value.startsWith(before);
  if (isTyped) return;
  field.value = before === "" ? found : found + field.value.slice(before.length);
  field.dataset["filled"] = found;
}

for (const part of document.querySelectorAll<HTMLElement>("[data-postcode]")) {
  part.querySelector("button[name=fill]")?.remove();
  part.querySelector("input")?.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement) fillAddress(target, part).catch(() => undefined);
  });
}

tellZone();
// What only some pages do comes with them.
for (const { dataset } of document.querySelectorAll<HTMLElement>("[data-module]")) {
  const script = document.createElement("script");
  script.type = "module";
  script.src = dataset["module"] ?? "";
  document.head.append(script);
}
const main = document.querySelector("main");
const address = main?.dataset["live"];
if (main != null && address !== undefined) follow(main, address);
