/** The forms of a page as a browser without scripts has them: what they hold, what a person may put in, what is sent. */
import assert from "node:assert/strict";

/** What one can type, tick or choose. */
interface Control {
  kind: string;
  name: string;
  value: string;
  checked: boolean;
  required: boolean;
  min: string | undefined;
  max: string | undefined;
  maxLength: number | undefined;
}

export interface PageForm {
  id: string;
  action: string;
  /** The id of its button. */
  button: string;
  controls: readonly Control[];
}

export type Fields = Record<string, string>;

/** A text of the page without its escapes. */
const plainText = (html: string): string =>
  html
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

/** What a page says, without its marks. */
export const saidBy = (html: string): string =>
  plainText(html.replaceAll(/<[^>]+>/g, " "))
    .replaceAll(/\s+/g, " ")
    .trim();

function attributesOf(tag: string): Map<string, string> {
  const found = [...tag.matchAll(/\s([a-zA-Z-]+)(?:="([^"]*)")?/g)];
  return new Map(found.map(([, name = "", value = ""]) => [name.toLowerCase(), plainText(value)]));
}

function controlOf(tag: string, within: string): Control {
  const of = attributesOf(tag);
  const length = of.get("maxlength");
  const kind = tag.startsWith("<textarea") ? "textarea" : (of.get("type") ?? "text");
  return {
    kind,
    name: of.get("name") ?? "",
    value: kind === "textarea" ? plainText(within) : (of.get("value") ?? ""),
    checked: of.has("checked"),
    required: of.has("required"),
    min: of.get("min"),
    max: of.get("max"),
    maxLength: length === undefined ? undefined : Number(length),
  };
}

/** All forms of a page that post. */
export function formsIn(html: string): PageForm[] {
  return [...html.matchAll(/<form method="post" action="([^"]+)" id="([^"]+)"[^>]*>(.*?)<\/form>/gs)].map(
    ([, action = "", id = "", within = ""]) => ({
      id,
      action: plainText(action),
      button: /<button type="submit"[^>]* id="([^"]+)"/.exec(within)?.[1] ?? "",
      controls: [...within.matchAll(/<(?:input|textarea)\b[^>]*>(?:([^<]*)<\/textarea>)?/g)].map(
        ([tag, text = ""]) => controlOf(tag, text),
      ),
    }),
  );
}

const isChoice = ({ kind }: Control): boolean => kind === "radio" || kind === "checkbox";

/** Puts words into a form; one for which it has no control is a mistake of the test, or of the page. */
export function filledIn(form: PageForm, words: Fields): Fields {
  const sent: Fields = {};
  for (const control of form.controls) {
    const { name, value } = control;
    const word = words[name];
    if (isChoice(control)) {
      if (word === undefined ? control.checked : word === value) sent[name] = value;
    } else sent[name] = control.kind === "hidden" ? value : (word ?? value);
  }
  for (const name of Object.keys(words))
    assert.ok(
      form.controls.some((each) => each.name === name && each.kind !== "hidden"),
      `${form.id} has something to put ${name} into`,
    );
  return sent;
}

function mistakeOf({ kind, name, required, min, max, maxLength }: Control, sent: Fields): string | undefined {
  const word = sent[name] ?? "";
  if (kind === "radio")
    return required && sent[name] === undefined ? `nothing of ${name} is chosen` : undefined;
  if (required && word === "") return `${name} is left empty`;
  if (word === "") return undefined;
  if (maxLength !== undefined && word.length > maxLength) return `${name} is too long`;
  if (kind === "number" && !/^-?[0-9]+$/.test(word)) return `${name} is no number`;
  const [value, least, most] = kind === "number" ? [word, min, max].map(Number) : [word, min, max];
  if (value === undefined || (kind !== "number" && kind !== "date")) return undefined;
  if (least !== undefined && !Number.isNaN(least) && value < least) return `${name} is below ${least}`;
  if (most !== undefined && !Number.isNaN(most) && value > most) return `${name} is above ${most}`;
  return undefined;
}

/** What a browser says instead of sending a form; undefined where it sends it. */
export function heldBack(form: PageForm, sent: Fields): string | undefined {
  return form.controls.map((control) => mistakeOf(control, sent)).find((mistake) => mistake !== undefined);
}
