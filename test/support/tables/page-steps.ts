/** A page that can be followed: its files, commands, statements and calls, in their order, with what answers tell. */
import assert from "node:assert/strict";

export interface Call {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  status: number;
  /** Fields and body of the answer, as far as they are shown. */
  told: { headers: Record<string, string>; body: unknown };
}

export type Step =
  | { kind: "file"; name: string; text: string }
  | { kind: "sql"; text: string }
  | { kind: "commands"; text: string; said: string | undefined }
  | { kind: "call"; text: string };

/** The steps of a chapter. What stands in blocks of other kinds is for readers. */
export function stepsOf(chapter: string): Step[] {
  const blocks = [...chapter.matchAll(/(?:^`([a-z]+\.json)`[^\n]*:\n\n)?^```([a-z]+)\n(.*?)\n```$/gms)];
  const steps: Step[] = [];
  for (const [, name, language = "", text = ""] of blocks) {
    const last = steps.at(-1);
    if (language === "json" && name !== undefined) steps.push({ kind: "file", name, text });
    else if (language === "sql") steps.push({ kind: "sql", text });
    else if (language === "sh") steps.push({ kind: "commands", text, said: undefined });
    else if (language === "text" && last?.kind === "commands") last.said = text;
    else if (language === "http") steps.push({ kind: "call", text });
    else assert.equal(language, "caddy", `a block that nobody follows: ${text}`);
  }
  return steps;
}

const header = /^([A-Z][A-Za-z-]*): (.*)$/;

function partOf(lines: readonly string[]): { headers: Record<string, string>; body: string | undefined } {
  const fields = lines.flatMap((line) => {
    const [, name = "", value = ""] = header.exec(line) ?? [];
    return name === "" ? [] : [[name, value] as const];
  });
  const body = lines.filter((line) => !header.test(line)).join("\n");
  return { headers: Object.fromEntries(fields), body: body === "" ? undefined : body };
}

/** A call as it is shown, with everything put in that is known. */
export function callOf(text: string): Call {
  const [asked = "", answered = ""] = text.split("\n\n");
  const [first = "", ...rest] = asked.split("\n");
  const [method = "", url = ""] = first.split(/ (.*)/);
  const [status = "", ...shown] = answered.split("\n");
  const told = partOf(shown);
  const body: unknown = told.body === undefined ? undefined : JSON.parse(told.body);
  return { method, url, ...partOf(rest), status: Number(status), told: { headers: told.headers, body } };
}

/** What the page has told so far, by the words in braces. */
export class Told {
  readonly values = new Map<string, string>();

  /** The text with everything put in that has been told; what is not told yet stays as it is. */
  fill(text: string): string {
    return text.replaceAll(/\{([a-z][a-z ]*)\}/g, (braces, name: string) => this.values.get(name) ?? braces);
  }

  /** Whether `actual` is what is shown, and what it tells where braces stand. */
  learn(shown: string, actual: string, of: string): void {
    const names: string[] = [];
    const pattern = shown
      .split(/(\{[a-z][a-z ]*\})/)
      .map((part, index) => {
        if (index % 2 === 0) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
        names.push(part.slice(1, -1));
        return "(\\S+?)";
      })
      .join("");
    const found = new RegExp(`^${pattern}$`).exec(actual);
    assert.ok(found !== null, `${of}\nshown:  ${shown}\nactual: ${actual}`);
    for (const [index, name] of names.entries()) this.values.set(name, found[index + 1] ?? "");
  }

  /** The same for a body: it has at least what is shown of it. */
  learnBody(shown: unknown, actual: unknown, of: string): void {
    if (typeof shown === "string") return this.learn(shown, String(actual), of);
    if (typeof shown !== "object" || shown === null) return assert.deepEqual(actual, shown, of);
    for (const [name, value] of Object.entries(shown)) {
      const inner = typeof actual === "object" && actual !== null ? Reflect.get(actual, name) : undefined;
      this.learnBody(value, inner, `${of} (${name})`);
    }
  }
}
