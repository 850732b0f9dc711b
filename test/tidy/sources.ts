/** The project's files for the house rules, and what a parser knows of them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type ParseResult, parseSync } from "oxc-parser";

/** A file of the project. `path` is relative to its root, with slashes. */
export type Source = { path: string; text: string };

/** `line` is 0 where the finding is about the file as a whole. */
export type Finding = { path: string; line: number; rule: string; message: string };

/** The folder of this project; the tests run from `dist/test/tidy`. */
export const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** All sources, statements and documents of the project. */
export function readSources(): Source[] {
  const folders = ["src", "packages", "test", "scripts", "sql", "docs"].filter((folder) =>
    existsSync(join(root, folder)),
  );
  const inFolders = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const atRoot = readdirSync(root).filter((name) => name.endsWith(".md"));
  return [...inFolders, ...atRoot]
    .map((path) => ({ real: join(root, path), path: path.split(sep).join("/") }))
    .filter(
      ({ path }) => /\.(ts|tsx|mjs|sql|css|md)$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path),
    )
    .map(({ real, path }) => ({ path, text: readFileSync(real, "utf8") }));
}

export const isScript = (path: string): boolean => /\.(ts|tsx|mjs)$/.test(path);
export const isTest = (path: string): boolean => /^test\/|\.test\.tsx?$/.test(path);
/** What runs at somebody's, in the wings or as a package: no tests. */
export const isProduct = (path: string): boolean => /^(src|packages)\//.test(path) && !isTest(path);

const known = new WeakMap<Source, ParseResult>();

/** The syntax of a script. What the parser cannot read is an error, and never a file without findings. */
export function parsed(file: Source): ParseResult {
  const before = known.get(file);
  if (before !== undefined) return before;
  const result = parseSync(file.path, file.text);
  const [error] = result.errors;
  if (error !== undefined) throw new Error(`${file.path}: ${error.message}`);
  known.set(file, result);
  return result;
}

/** Line number, from 1, of a position in a text. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
