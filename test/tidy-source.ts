/** Reading sources as text for the house rules: which files there are, and which characters are code. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

/** A file of the project. `path` is relative to its root, with slashes; `code` has comments and texts blanked. */
export type Source = { path: string; text: string; code: string };

export function source(path: string, text: string): Source {
  return { path, text, code: isScript(path) ? blank(text) : text };
}

function isScript(path: string): boolean {
  return /\.(ts|tsx|mjs)$/.test(path);
}

/** All sources, statements and documents of the project at `root`. */
export function readSources(root: string): Source[] {
  const folders = ["src", "packages", "test", "scripts", "sql", "docs"].filter((folder) =>
    existsSync(join(root, folder)),
  );
  const inFolders = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => !name.split(sep).includes("dist"))
      .map((name) => join(folder, name)),
  );
  const atRoot = readdirSync(root).filter((name) => name.endsWith(".md"));
  return [...inFolders, ...atRoot]
    .filter((path) => /\.(ts|tsx|mjs|sql|css|md)$/.test(path))
    .map((path) => source(path.split(sep).join("/"), readFileSync(join(root, path), "utf8")));
}

/** Line number, from 1, of a position in a text. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

const mayPrecedeRegex = /(^|[(,=:[!&|?{;+*%~^]|=>|\b(return|typeof|case|of|in))\s*$/;

/** Where the text, comment or regular expression that begins at `start` ends; `start` where it is none of these. */
function endOfText(text: string, start: number): number {
  const rest = text.slice(start);
  const before = text.slice(Math.max(0, start - 40), start);
  const form =
    /^\/\/[^\n]*/.exec(rest) ??
    /^\/\*[\s\S]*?(\*\/|$)/.exec(rest) ??
    /^(["'])(?:\\.|(?!\1)[^\\\n])*(\1|(?=\n)|$)/.exec(rest) ??
    (mayPrecedeRegex.test(before) ? /^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//.exec(rest) : null);
  return start + (form?.[0].length ?? 0);
}

/**
 * The same text with spaces for whatever is in comments, quotes, templates and regular expressions. Delimiters, the
 * code inside `${}` and all line ends stay, so that positions and lines are those of the original. In the text between
 * two JSX tags an apostrophe hides the rest of its line, no more.
 */
export function blank(text: string): string {
  const hide = (part: string): string => part.replace(/[^\n]/g, " ");
  let out = "";
  let index = 0;
  // One number for each template we are inside of: how many braces are open in its current `${}`; -1 outside of one.
  const templates: number[] = [];
  while (index < text.length) {
    const char = text.charAt(index);
    const depth = templates.at(-1);
    if (depth === -1) {
      if (char === "`") templates.pop();
      else if (text.startsWith("${", index)) templates[templates.length - 1] = 0;
      const width = char === "\\" || text.startsWith("${", index) ? 2 : 1;
      const shown = char === "`" || text.startsWith("${", index);
      out += shown ? text.slice(index, index + width) : hide(text.slice(index, index + width));
      index += width;
      continue;
    }
    const end = /["'/]/.test(char) ? endOfText(text, index) : index;
    if (end > index) {
      const quoted = char !== "/" && end - index >= 2 && text.charAt(end - 1) === char;
      out += quoted ? char + hide(text.slice(index + 1, end - 1)) + char : hide(text.slice(index, end));
      index = end;
      continue;
    }
    if (char === "`") templates.push(-1);
    else if (depth !== undefined && char === "{") templates[templates.length - 1] = depth + 1;
    else if (depth !== undefined && char === "}") templates[templates.length - 1] = depth - 1;
    out += char;
    index += 1;
  }
  return out;
}
