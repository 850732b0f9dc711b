/** Documents as tests read them: their tables, by the heading they stand under. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A document by its path, seen from the sources as well as from what the compiler made of them in dist/. */
export function readDocument(name: string, folder = "docs"): string {
  const roots = ["../../../", "../../../../"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const path = roots.map((root) => join(root, folder, name)).find(existsSync);
  return readFileSync(path ?? assert.fail(`${folder}/${name} is missing`), "utf8");
}

/** The body of the first table under a heading, cell by cell, without the head. Code marks are taken off. */
export function tableUnder(document: string, heading: string): string[][] {
  const lines = document.split("\n");
  const from = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === heading);
  assert.ok(from >= 0, `there is no heading "${heading}"`);
  const rest = lines.slice(from + 1);
  const end = rest.findIndex((line) => /^#+ /.test(line));
  const section = end < 0 ? rest : rest.slice(0, end);
  const start = section.findIndex((line) => line.startsWith("|"));
  assert.ok(start >= 0, `there is no table under "${heading}"`);
  const after = section.findIndex((line, index) => index > start && !line.startsWith("|"));
  const table = section.slice(start, after < 0 ? undefined : after);
  return table.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}
