/** The law of `tidy.ts` applied to sources. Each rule takes the files and answers what is wrong with them. */
import { posix } from "node:path";
import { bans, limits, type Room, rooms, testPackages } from "./tidy.ts";
import { lineAt, type Source } from "./tidy-source.ts";

/** `line` is 0 where the finding is about the file as a whole. */
export type Finding = { path: string; line: number; rule: string; message: string };

type Rule = (files: readonly Source[]) => Finding[];

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
const isScript = (path: string): boolean => /\.(ts|tsx|mjs)$/.test(path);
const roomOf = (path: string): string | undefined =>
  /^packages\/([^/]+)\/src\//.exec(path)?.[1] ?? /^src\/([^/]+\/[^/]+)\//.exec(path)?.[1];
const inWings = (path: string): boolean => /^(src|packages)\//.test(path);

function eachMatch(file: Source, on: "code" | "text", pattern: RegExp): { line: number; match: string }[] {
  return [...file[on].matchAll(new RegExp(pattern, `${pattern.flags}g`))].map((found) => ({
    line: lineAt(file.text, found.index),
    match: found[0].trim(),
  }));
}

type Import = { line: number; target: string; typesOnly: boolean };

/** What a file imports or exports from elsewhere, statically or not. */
export function importsOf(file: Source): Import[] {
  // The quotes are in `code` too, so a word "from" in a comment or a text is not mistaken for an import. Only `import`
  // takes brackets: `from(` is a function that somebody calls, as in Buffer.from("").
  const statement = /\b(?:from\s*|import\s*\(?\s*)(["'])(\s*)\1/g;
  return [...file.code.matchAll(statement)].map((found) => {
    const end = found.index + found[0].length - 1;
    const target = file.text.slice(end - (found[2]?.length ?? 0), end);
    const begun = [...file.code.slice(0, found.index).matchAll(/\b(?:import|export)\b(\s+type\b)?/g)].at(-1);
    const typesOnly = found[0].startsWith("from") && begun?.[1] !== undefined;
    return { line: lineAt(file.text, found.index), target, typesOnly };
  });
}

const doorOf = (room: string): string =>
  room.includes("/") ? `src/${room}/${posix.basename(room)}.ts` : `packages/${room}/src/${room}.ts`;

/** Why a file of a room may not import a target; undefined where it may. */
function forbidden(
  path: string,
  { target, typesOnly }: Import,
  name: string,
  room: Room,
): string | undefined {
  if (target.startsWith("node:")) {
    return room.node || isTest(path)
      ? undefined
      : `${name} runs in a browser too and may not import ${target}`;
  }
  if (!target.startsWith(".")) {
    const allowed = [...room.packages, ...(isTest(path) ? testPackages : [])];
    const known = allowed.some((one) => target === one || target.startsWith(`${one}/`));
    return known ? undefined : `${name} may not import the package ${target}`;
  }
  const to = posix.join(posix.dirname(path), target);
  const other = roomOf(to);
  if (isTest(to)) return "nothing imports a test";
  if (other === undefined) {
    return isTest(path) && to.startsWith("test/") ? undefined : `${to} is not in a room`;
  }
  if (other === name) return undefined;
  if (!room.rooms.includes(other)) return `${name} may not import ${other}`;
  if (rooms[other]?.schemas === true && to === `src/${other}/schemas.ts`) {
    return room.node || typesOnly || isTest(path) ? undefined : `${name} may import only types from ${to}`;
  }
  const isFrontDoor = to === doorOf(other);
  return isFrontDoor ? undefined : `${to} is not the front door of ${other}`;
}

const importLaw: Rule = (files) =>
  files
    .filter((file) => inWings(file.path) && isScript(file.path))
    .flatMap((file) => {
      const name = roomOf(file.path);
      const room = name === undefined ? undefined : rooms[name];
      if (name === undefined || room === undefined) {
        return [
          { path: file.path, line: 0, rule: "rooms", message: "is in no room of the table in test/tidy.ts" },
        ];
      }
      return importsOf(file).flatMap((one) => {
        const message = forbidden(file.path, one, name, room);
        return message === undefined ? [] : [{ path: file.path, line: one.line, rule: "imports", message }];
      });
    });

const shapeOfRooms: Rule = (files) => {
  const inRooms = files.filter((file) => roomOf(file.path) !== undefined);
  const nested = inRooms
    .filter((file) => file.path.split("/").length > 4)
    .map((file) => ({ path: file.path, line: 0, rule: "flat", message: "a room has no folder inside" }));
  const counts = new Map<string, number>();
  for (const { path } of inRooms) {
    const name = roomOf(path);
    if (name !== undefined && !isTest(path)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const crowded = [...counts]
    .filter(([, count]) => count > limits.roomFiles)
    .map(([name, count]) => {
      const message = `has ${count} files; more than ${limits.roomFiles} are two rooms`;
      return { path: `src/${name}`, line: 0, rule: "room-size", message };
    });
  return [...nested, ...crowded];
};

const fileLength: Rule = (files) =>
  files
    .filter((file) => isScript(file.path))
    .map((file) => ({ path: file.path, lines: file.text.trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > limits.fileLines)
    .map(({ path, lines }) => {
      return { path, line: 0, rule: "file-length", message: `${lines} lines; ${limits.fileLines} at most` };
    });

const indentOf = (line: string): number => line.length - line.trimStart().length;
const notAFunction = /^\s*(\}?\s*(else\b|catch\b|finally\b)|(if|for|while|switch|with|do|try)\b)/;
const grouping = /^\s*(describe|suite)\(/;

/** The line on which the head of a function ends at `lines[last]` begins: its own, or further up if it was wrapped. */
function headOf(lines: readonly string[], last: number): number {
  const end = lines[last] ?? "";
  if (!/^\s*\)/.test(end)) return last;
  for (let at = last - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? "";
    if (line.trim() !== "" && indentOf(line) <= indentOf(end)) return at;
  }
  return last;
}

function opensFunction(head: string, end: string): boolean {
  if (notAFunction.test(head) || grouping.test(head)) return false;
  if (/=>\s*([{([]|\(\{)?\s*$/.test(end)) return true;
  if (!/\{\s*$/.test(end)) return false;
  return /\bfunction\b/.test(head) || /^\s*[\w\s#*]*[\w#]+\s*(<[^>]*>)?\(/.test(head);
}

/** Whether a line is past the inside of what began at an indentation. The end of a template is still inside. */
function isDone(line: string, depth: number): boolean {
  return line.trim() !== "" && indentOf(line) <= depth && !line.trimStart().startsWith("`");
}

/**
 * The functions of a file and how many lines each has, its head included. The sources are formatted, so a function goes
 * on until a line that is indented no deeper than the line on which it began.
 */
export function functionsOf(file: Source): { line: number; lines: number }[] {
  const lines = file.code.split("\n");
  return lines.flatMap((end, last) => {
    const first = headOf(lines, last);
    const head = lines[first] ?? "";
    if (end.trim() === "" || !opensFunction(head, end)) return [];
    const depth = indentOf(head);
    const after = lines.findIndex((line, at) => at > last && isDone(line, depth));
    const close = after === -1 ? lines.length - 1 : after;
    const closes = /^\s*[})\]]/.test(lines[close] ?? "");
    return [{ line: first + 1, lines: close - first + (closes ? 1 : 0) }];
  });
}

const functionLength: Rule = (files) =>
  files
    .filter((file) => isScript(file.path))
    .flatMap((file) => functionsOf(file).map((one) => ({ ...one, path: file.path })))
    .filter(({ lines }) => lines > limits.functionLines)
    .map(({ path, line, lines }) => {
      const message = `a function of ${lines} lines; ${limits.functionLines} at most`;
      return { path, line, rule: "function-length", message };
    });

const statements: Rule = (files) =>
  files
    .filter((file) => inWings(file.path) && isScript(file.path) && !isTest(file.path))
    .filter((file) => roomOf(file.path) !== "storage/database" && !/\/([\w-]+-)?store\.ts$/.test(file.path))
    .flatMap((file) =>
      eachMatch(file, "code", /\bsql\s*(<[^>`]*>)?`|\.query\(\s*["'`]/).map(({ line }) => {
        return {
          path: file.path,
          line,
          rule: "sql",
          message: "statements are written in store.ts or *-store.ts",
        };
      }),
    );

const banned: Rule = (files) =>
  bans.flatMap(({ name, on, pattern, where, instead }) =>
    files
      .filter((file) => where(file.path) && (on === "text" || isScript(file.path)))
      .flatMap((file) =>
        eachMatch(file, on, pattern).map(({ line, match }) => {
          return { path: file.path, line, rule: name, message: `\`${match}\`: instead, ${instead}` };
        }),
      ),
  );

const oneTitle: Rule = (files) =>
  files
    .filter((file) => file.path.endsWith(".md"))
    .map((file) => {
      const prose = file.text.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
      return { path: file.path, titles: (prose.match(/^# /gm) ?? []).length };
    })
    .filter(({ titles }) => titles !== 1)
    .map(({ path, titles }) => ({
      path,
      line: 0,
      rule: "title",
      message: `${titles} first-level headings, not one`,
    }));

const rules: readonly Rule[] = [
  importLaw,
  shapeOfRooms,
  fileLength,
  functionLength,
  statements,
  banned,
  oneTitle,
];

/** Everything that is wrong with the files, before exceptions. */
export function findings(files: readonly Source[]): Finding[] {
  return rules.flatMap((rule) => rule(files));
}
