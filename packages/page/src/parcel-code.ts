/**
 * The code of a present's parcel, typed where there is no line: nobody can say whether it is right, so what its owner may do with
 * it is shown, and each act takes the code along.
 */

/** Milliseconds until the server is taken for out of reach. */
const patience = 6000;

const isCode = (typed: string): boolean =>
  /^[0-9]{8}$/.test(typed.normalize("NFKC").replaceAll(/[\s-]/g, ""));

/** Shows the acts that the page has brought along, each with the code that was typed. */
function showActs(form: HTMLFormElement, code: string): void {
  const template = document.getElementById("round-unproven");
  if (!(template instanceof HTMLTemplateElement)) return;
  const acts = template.content.cloneNode(true);
  form.closest("section")?.replaceWith(acts);
  for (const field of document.querySelectorAll<HTMLInputElement>('main input[name="giftCode"]')) {
    field.value = code;
    const whole = field.closest<HTMLElement>(".field");
    // What cannot be a code is left to be seen.
    if (whole !== null) whole.hidden = isCode(code);
  }
  document.getElementById("acts")?.scrollIntoView({ block: "start" });
}

/** Tries the code at the server; `refused` is handed the page with which it said no. */
export async function tryCode(form: HTMLFormElement, refused: (page: string) => void): Promise<void> {
  const fields = new FormData(form);
  const said = new URLSearchParams();
  for (const [name, value] of fields) if (typeof value === "string") said.set(name, value);
  let reply: Response;
  let page: string;
  try {
    reply = await fetch(form.action, {
      method: "POST",
      headers: { accept: "text/html", "content-type": "application/x-www-form-urlencoded" },
      body: said.toString(),
      signal: AbortSignal.timeout(patience),
    });
    page = await reply.text();
  } catch {
    return showActs(form, said.get("giftCode") ?? "");
  }
  if (reply.ok && reply.redirected) return location.assign(reply.url);
  refused(page);
}
