/** The law of `tables.ts` applied to sources: where statements stand, and which tables they touch. */
import { type Expression, Visitor } from "oxc-parser";
import { roomOf } from "./import-rules.ts";
import { type Finding, isProduct, isScript, lineAt, parsed, type Source } from "./sources.ts";
import type { Guest } from "./table-guests.ts";

/** `tagged`: it is given to `sql`, to `rawSql` or to a connection, wherever it stands. */
type Statement = { line: number; text: string; tagged: boolean };

const isStore = (path: string): boolean => /\/([\w-]+-)?store\.ts$/.test(path);
/** The pool, migrations, the server that comes along: what PostgreSQL itself is asked is no room's data. */
const isDatabase = (path: string): boolean => /^storage\/(database|embedded)$/.test(roomOf(path) ?? "");
const commands = /^(query|execute|rawSql)$/;

/** Every text of a file that can be a statement or a part of one. What is put in between stands as `$`. */
function textsOf(file: Source): Statement[] {
  if (!/sql|query|execute/i.test(file.text) && !isStore(file.path)) return [];
  const given = new Set<number>();
  const found: (Statement & { start: number })[] = [];
  const add = (start: number, text: string): void => {
    found.push({ start, line: lineAt(file.text, start), text, tagged: false });
  };
  const isGiven = (one: Expression | undefined): void => {
    if (one?.type === "TemplateLiteral" || one?.type === "Literal") given.add(one.start);
  };
  new Visitor({
    TaggedTemplateExpression({ tag, quasi }) {
      if (tag.type === "Identifier" && tag.name === "sql") given.add(quasi.start);
    },
    CallExpression({ callee, arguments: [first] }) {
      const name =
        callee.type === "Identifier"
          ? callee.name
          : callee.type === "MemberExpression" && callee.property.type === "Identifier"
            ? callee.property.name
            : "";
      if (commands.test(name) && first?.type !== "SpreadElement") isGiven(first);
    },
    TemplateLiteral({ start, quasis }) {
      add(start, quasis.map(({ value }) => value.cooked ?? "").join(" $ "));
    },
    Literal({ start, value }) {
      if (typeof value === "string") add(start, value);
    },
  }).visit(parsed(file).program);
  return found.map(({ start, ...one }) => ({ ...one, tagged: given.has(start) }));
}

/** The tables that the migrations make. */
export function tablesOf(files: readonly Source[]): string[] {
  return files
    .filter(({ path }) => /^sql\/.*\.sql$/.test(path))
    .flatMap(({ text }) => [...text.matchAll(/^create (?:unlogged )?table (\w+)/gim)])
    .flatMap(([, name]) => name ?? []);
}

const name = "[a-z_][a-z0-9_]*";
const word = new RegExp(
  String.raw`\b(?:from|join|into|update|using|table|truncate|analyze)\s+(?:only\s+)?(${name}(?:(?:\s+(?:as\s+)?${name})?\s*,\s*${name})*)`,
  "gi",
);

/** The tables that stand in a statement where a table can stand. */
export function touched(text: string, tables: ReadonlySet<string>): string[] {
  const plain = text.replace(/--[^\n]*/g, "");
  const places = [...plain.matchAll(word)].flatMap(([, list = ""]) =>
    list.split(",").map((one) => one.trim()),
  );
  const names = places.map((one) => one.split(/\s+/)[0]?.toLowerCase() ?? "");
  return [...new Set(names)].filter((one) => tables.has(one));
}

/** Statements outside of the files that are there for them. */
export function statements(files: readonly Source[]): Finding[] {
  return files
    .filter(({ path }) => isProduct(path) && isScript(path) && !isStore(path) && !isDatabase(path))
    .flatMap((file) =>
      textsOf(file)
        .filter(({ tagged }) => tagged)
        .map(({ line }) => {
          const message = "statements are written in store.ts or *-store.ts";
          return { path: file.path, line, rule: "sql", message };
        }),
    );
}

export type TableLaw = { owners: Readonly<Record<string, readonly string[]>>; guests: readonly Guest[] };

/** Touches that the law does not know, and what it says of tables and touches that are not there. */
export function tableLaw(files: readonly Source[], { owners, guests }: TableLaw): Finding[] {
  const tables = new Set(tablesOf(files));
  const ownerOf = new Map(
    Object.entries(owners).flatMap(([room, own]) => own.map((one) => [one, room] as const)),
  );
  const wrong = (message: string): Finding => ({
    path: "test/tidy/tables.ts",
    line: 0,
    rule: "tables",
    message,
  });
  const touches = files
    .filter(({ path }) => isProduct(path) && isScript(path))
    .flatMap((file) =>
      textsOf(file)
        .filter(({ tagged }) => tagged || isStore(file.path) || isDatabase(file.path))
        .flatMap(({ line, text }) =>
          touched(text, tables).map((table) => ({
            path: file.path,
            room: roomOf(file.path) ?? "",
            line,
            table,
          })),
        ),
    );
  const isThere = (room: string, table: string): boolean =>
    touches.some((one) => one.room === room && one.table === table);
  const mayTouch = (room: string, table: string): boolean =>
    ownerOf.get(table) === room || guests.some((one) => one.room === room && one.tables.includes(table));
  const owned = Object.values(owners).flat();
  return [
    ...(touches.length === 0 ? [wrong("no statement was seen")] : []),
    ...[...tables].filter((one) => !ownerOf.has(one)).map((one) => wrong(`${one} has no owner`)),
    ...owned.filter((one) => !tables.has(one)).map((one) => wrong(`there is no table ${one}`)),
    ...owned
      .filter((one, at) => owned.indexOf(one) !== at)
      .map((one) => wrong(`${one} has two owners, of which there can be one`)),
    ...[...ownerOf]
      .filter(([table, room]) => tables.has(table) && !isThere(room, table))
      .map(([table, room]) => wrong(`${room} owns ${table} and does nothing with it`)),
    ...guests.flatMap(({ room, tables: some }) =>
      some
        .filter((table) => ownerOf.get(table) === room || !isThere(room, table))
        .map((table) => wrong(`${room} needs no leave to touch ${table}`)),
    ),
    ...touches
      .filter(({ room, table }) => !mayTouch(room, table))
      .map(({ path, line, room, table }) => {
        const message = `${room} touches ${table}, which belongs to ${ownerOf.get(table) ?? "nobody"}: ask its owner`;
        return { path, line, rule: "tables", message };
      }),
  ];
}
