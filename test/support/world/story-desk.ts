/** Where somebody acts in a story: a page, and what can be pressed on it. */
import assert from "node:assert/strict";
import { randomToken } from "../../../src/storage/database/database.ts";
import { all, type Press } from "../tables/goods-presses.ts";
import { type Fields, filledIn, heldBack, type PageForm, saidBy } from "../wire/forms.ts";
import type { Json } from "../wire/http.ts";
import type { WebPage, WebPerson } from "./web-person.ts";

export interface Desk {
  person: WebPerson;
  path: string;
  /** How each call is made here: of several ways the first that the page offers. */
  presses: Record<string, (body: Json) => Press[][]>;
  /** Where the form of an act goes, also where the page does not hold it. */
  actionOf: (act: string) => string;
  /** What is shown with every act by those who hold a link only. */
  proof?: Fields;
}

/** A page once it waits for no other server. */
export async function restingPage({ person, path }: Pick<Desk, "person" | "path">): Promise<WebPage> {
  for (let look = 0; look < 2000; look += 1) {
    const page = await person.open(path);
    if (!/id="(?:pending|waiting)"/.test(page.html)) return page;
  }
  return assert.fail(`${path} waits for ever`);
}

const isTyped = (name: string) => name.startsWith("quantity-") || name === "parcel";

/** What is put into a form for a press; undefined where the form does not offer it. */
function wordsFor(form: PageForm, { words, hidden = {}, whole }: Press, proof: Fields): Fields | undefined {
  if (whole === true && form.controls.some(({ kind }) => kind === "number")) return undefined;
  const said: Fields = {};
  for (const [name, word] of Object.entries({ ...words, ...proof })) {
    const controls = form.controls.filter((control) => control.name === name && control.kind !== "hidden");
    const [control] = controls;
    if (control === undefined) {
      // One piece is no question, nor is one parcel.
      if (isTyped(name) || name in proof) continue;
      return undefined;
    }
    if (control.kind === "radio" && !controls.some(({ value }) => value === word)) return undefined;
    said[name] = word === all ? (control.max ?? "") : word;
  }
  const stands = Object.entries(hidden).every(([name, word]) =>
    form.controls.some((each) => each.kind === "hidden" && each.name === name && each.value === word),
  );
  return stands && heldBack(form, filledIn(form, said)) === undefined ? said : undefined;
}

/** The form of a page that offers a press, with what is put into it. */
function offeredOn(page: WebPage, press: Press, proof: Fields = {}) {
  const form = page.forms.find(({ id }) => id === press.form);
  const words = form && wordsFor(form, press, proof);
  return form === undefined || words === undefined ? undefined : { form, words };
}

/** The code of the refusal that a page tells; `mistakes` where it is about what was typed. */
export function refusalOn({ html }: WebPage): string | undefined {
  const code = /data-code="(\w+)"/.exec(html) ?? /^\{.*"code":"(\w+)"/s.exec(html);
  return code?.[1] ?? (html.includes('id="mistakes"') ? "mistakes" : undefined);
}

/**
 * Presses what stands on the page, once more where it asks. Answers false where it is not there; what is there and is not
 * taken fails.
 */
export async function press(desk: Desk, presses: readonly Press[]): Promise<boolean> {
  const { person, proof } = desk;
  let done = 0;
  for (const each of presses) {
    const found = offeredOn(await restingPage(desk), each, proof);
    if (found === undefined && each.optional === true) continue;
    if (found === undefined) {
      assert.equal(done, 0, `${each.form} is offered after the press before it`);
      return false;
    }
    done += 1;
    let answer = await person.press(found.form, found.words);
    const sure = answer.html.includes('id="sure"') ? offeredOn(answer, each, proof) : undefined;
    if (sure !== undefined) answer = await person.press(sure.form, sure.words);
    const asked = answer.forms.find(({ id }) => id === "ask-form");
    if (asked !== undefined) answer = await person.press(asked);
    assert.equal(refusalOn(answer), undefined, `${each.form} was offered: ${saidBy(answer.html)}`);
  }
  return done > 0;
}

/** Sends what the page does not offer all the same. Answers the code with which it is refused; it fails where it is taken. */
export async function makeUp(desk: Desk, { act, words, hidden }: Press): Promise<string> {
  const { person, actionOf, proof } = desk;
  const typed = Object.fromEntries(
    Object.entries(words).map(([name, word]) => [name, word === all ? "5" : word]),
  );
  // Calling off is asked once more, and by the shop's staff all that moves money, which whoever makes it up has answered.
  const sure = act === "cancel" || actionOf(act).startsWith("/staff/") ? { sure: "yes" } : {};
  const said = { ...typed, ...hidden, ...proof, ...sure, key: randomToken(24) };
  const answer = await person.post(actionOf(act), said);
  return refusalOn(answer) ?? assert.fail(`${act} is not offered, and was taken: ${saidBy(answer.html)}`);
}
