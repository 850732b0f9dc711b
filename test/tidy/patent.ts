/** The rows of docs/patent.md, and what is wrong with them: each names what is there, and tests that are there. */
import { isTest, type Source } from "./sources.ts";

/** What a paragraph or a claim of the patent says, where that is in this project, and which tests show it. */
export interface Row {
  /** `0014`, or `Claim 1`. */
  name: string;
  cells: readonly string[];
}

/** What rows may name. */
export interface Ground {
  /** Whether there is such a file, or a folder, whose name ends with a slash. */
  isPath: (path: string) => boolean;
  /** Whether a server answers there: a method and an address, `{…}` for what differs; pages also without a method. */
  isAddress: (address: string) => boolean;
  /** The names of the tests of a file, as they are written; undefined where it is none. */
  titlesOf: (path: string) => readonly string[] | undefined;
}

const paragraphs = Array.from({ length: 95 - 14 + 1 }, (_, index) => String(index + 14).padStart(4, "0"));
/** What has a row, in the order of the page. */
export const expected: readonly string[] = [1, 2, 3, 4, 5, 6]
  .map((claim) => `Claim ${claim}`)
  .concat(paragraphs);

/** How a cell begins to say that something is not there. */
const lacking = "Not built: ";
const nothing = "nothing yet";

function rowOf(line: string): Row | undefined {
  const [name, ...cells] = line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
  return name !== undefined && /^(?:[0-9]{4}|Claim [0-9]+)$/.test(name) ? { name, cells } : undefined;
}

/** The rows of the page, in its order. What is no row of a paragraph or a claim is passed over. */
export function rowsOf(page: string): Row[] {
  return page.split("\n").flatMap((line) => rowOf(line) ?? []);
}

/** Rows of which something is not built. */
export function unbuilt(page: string): string[] {
  return rowsOf(page)
    .filter(({ cells: [, where = ""] }) => where.includes(lacking))
    .map(({ name }) => name);
}

/** What is wrong with the page, in sentences that begin with the row. */
export function wrongs(page: string, ground: Ground): string[] {
  const rows = rowsOf(page);
  const names = rows.map(({ name }) => name);
  const counted = expected.flatMap((name) => {
    const count = names.filter((each) => each === name).length;
    return count === 1 ? [] : [`${name} has ${count} rows`];
  });
  const strange = names.filter((name) => !expected.includes(name)).map((name) => `${name} has no row here`);
  const order = [...counted, ...strange];
  if (order.length === 0 && names.join() !== expected.join()) order.push("The rows are not in their order");
  const around = page.split("\n").filter((line) => rowOf(line) === undefined);
  const beside = wrongMarks(marksIn(around.join("\n")), ground).map((each) => `Beside the rows: ${each}`);
  return [...order, ...beside, ...rows.flatMap((row) => wrongCells(row, ground))];
}

function wrongCells({ name, cells }: Row, ground: Ground): string[] {
  if (cells.length !== 3) return [`${name} has ${cells.length + 1} cells and not four`];
  if (cells.includes("")) return [`${name} has an empty cell`];
  const [, where = "", shown = ""] = cells;
  const wrong = [...wrongPlaces(where, ground)];
  if (!(shown === nothing && where.startsWith(lacking))) wrong.push(...wrongTests(shown, ground));
  return wrong.map((each) => `${name}: ${each}`);
}

/** The files, calls and pages that stand in code marks. */
function marksIn(text: string): { paths: string[]; addresses: string[] } {
  const marked = [...text.matchAll(/`([^`]+)`/g)].map(([, mark = ""]) => mark);
  return {
    paths: marked.filter((mark) => /^[A-Za-z][^ ]*(?:\/|\.(?:md|sql|tsx?))$/.test(mark)),
    addresses: marked.filter((mark) => /^(?:[A-Z]+ )?\//.test(mark)),
  };
}

function wrongMarks(
  { paths, addresses }: ReturnType<typeof marksIn>,
  { isPath, isAddress }: Ground,
): string[] {
  return [
    ...paths.filter((path) => !isPath(path)).map((path) => `there is no ${path}`),
    ...addresses.filter((address) => !isAddress(address)).map((address) => `nobody answers at ${address}`),
  ];
}

function wrongPlaces(where: string, ground: Ground): string[] {
  const marks = marksIn(where);
  const wrong = wrongMarks(marks, ground);
  if (/not built/i.test(where.replaceAll(lacking, "")))
    wrong.push(`what is missing begins with "${lacking}"`);
  if (marks.paths.length + marks.addresses.length === 0 && !where.startsWith(lacking))
    wrong.push("neither a file nor a call is named");
  return wrong;
}

const named = /`([^`]+)`((?:,? "[^"]+")+)/g;

function wrongTests(shown: string, { titlesOf }: Ground): string[] {
  const rest = shown.replaceAll(named, "").replaceAll(/[;\s]/g, "");
  const wrong = rest === "" ? [] : [`"${rest}" is neither a file of tests nor a part of a name in quotes`];
  for (const [, path = "", parts = ""] of shown.matchAll(named)) {
    const titles = titlesOf(path);
    if (titles === undefined) {
      wrong.push(`${path} is no file of tests`);
      continue;
    }
    for (const [, part = ""] of parts.matchAll(/"([^"]+)"/g)) {
      const count = titles.filter((title) => title.includes(part)).length;
      if (count !== 1) wrong.push(`"${part}" is in ${count} names of ${path}`);
    }
  }
  return wrong;
}

/** The ground that these files are, where servers answer at `known` addresses and at those of routes in the files. */
export function groundOf(files: readonly Source[], known: readonly string[]): Ground {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const served = files
    .filter(({ path }) => /^src\/(edge|servers)\//.test(path) && !isTest(path))
    .flatMap(routesIn);
  const answered = [...known, ...served].map((address) => bare(address));
  return {
    isPath: (path) =>
      byPath.has(path) || (path.endsWith("/") && files.some((file) => file.path.startsWith(path))),
    isAddress: (asked) => {
      const sought = bare(asked);
      return answered.some((address) => address === sought || address.endsWith(` ${sought}`));
    },
    titlesOf: (path) => {
      const file = byPath.get(path);
      return file === undefined || !/\.test\.tsx?$/.test(path) ? undefined : titlesIn(file);
    },
  };
}

/** An address without the names of what differs in it. */
const bare = (address: string): string => address.replaceAll(/\{[^}]*\}|:[A-Za-z]+/g, "{}");

/** Where the routes of a file answer. A word that is put into an address is one of those that stand in the file. */
function routesIn({ text }: Source): string[] {
  const routes = [...text.matchAll(/\.(get|post|put|delete)\(\s*(["`])(\/.*?)\2/g)];
  const words = new Set(
    [...text.matchAll(/["`]([a-z][a-z/-]*)["`]|^ +"?([a-z][a-z/-]*)"?: \{/gm)].map(
      ([, quoted, key]) => quoted ?? key ?? "",
    ),
  );
  return routes.flatMap(([, method = "", , address = ""]) => {
    const call = `${method.toUpperCase()} ${address}`;
    return call.includes("${") ? [...words].map((word) => call.replaceAll(/\$\{.*?\}/g, word)) : [call];
  });
}

function titlesIn({ text }: Source): string[] {
  const titles = text.matchAll(/\btest\(\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g);
  return [...titles].map(([, plain, template]) => plain ?? template ?? "");
}
