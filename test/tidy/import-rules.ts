/** The law of `rooms.ts` applied to sources: what is imported, whether that is allowed, and whether all of it is used. */
import { posix } from "node:path";
import { Visitor } from "oxc-parser";
import { never, testsMayImport } from "./rooms.ts";
import { type Room, type Rooms, type Wing, wings } from "./wings.ts";
import { type Finding, isScript, isTest, lineAt, parsed, type Source } from "./sources.ts";

type Import = { line: number; target: string; typesOnly: boolean };

/** What a file imports or exports from elsewhere, statically or not, and the types it names by `import("…")`. */
export function importsOf(file: Source): Import[] {
  const { module, program } = parsed(file);
  const found: { start: number; target: string; typesOnly: boolean }[] = [];
  for (const { start, moduleRequest, entries } of module.staticImports) {
    const typesOnly = entries.length > 0 && entries.every(({ isType }) => isType);
    found.push({ start, target: moduleRequest.value, typesOnly });
  }
  for (const { start, entries } of module.staticExports) {
    const [first] = entries.filter((entry) => entry.moduleRequest !== null);
    if (first?.moduleRequest == null) continue;
    found.push({
      start,
      target: first.moduleRequest.value,
      typesOnly: entries.every(({ isType }) => isType),
    });
  }
  for (const { start, moduleRequest } of module.dynamicImports) {
    const text = file.text.slice(moduleRequest.start, moduleRequest.end);
    found.push({ start, target: text.replace(/^["'`](.*)["'`]$/, "$1"), typesOnly: false });
  }
  if (file.text.includes("import(")) {
    const add = (start: number, target: string) => found.push({ start, target, typesOnly: true });
    new Visitor({ TSImportType: (node) => void add(node.start, node.source.value) }).visit(program);
  }
  return found
    .sort((a, b) => a.start - b.start)
    .map(({ start, ...one }) => ({ line: lineAt(file.text, start), ...one }));
}

/** Rooms inside of a package stand one folder deeper: `packages/sdk/wire` is `packages/sdk/src/wire`. */
const folderOf = (room: string): string =>
  room.startsWith("packages/") ? room.replace(/^packages\/[^/]+/, "$&/src") : `src/${room}`;
const doorOf = (room: string): string => `${folderOf(room)}/${posix.basename(room)}.ts`;

/** The room of a file: `storage/ledger`, `packages/sdk`, `packages/sdk/wire`. */
export function roomOf(path: string): string | undefined {
  const [, of, inside] = /^(packages\/[^/]+)\/src\/(?:([^/]+)\/)?/.exec(path) ?? [];
  if (of !== undefined) return inside === undefined ? of : `${of}/${inside}`;
  return /^src\/([^/]+\/[^/]+)\//.exec(path)?.[1];
}
const inWings = (path: string): boolean => /^(src|packages\/[^/]+\/src)\//.test(path) && isScript(path);

function lineOf(table: Rooms, name: string): Room | undefined {
  const [wing = "", ...rest] = name.split("/");
  const room = rest.join("/");
  return (wings as readonly string[]).includes(wing) ? table[wing as Wing][room] : undefined;
}

type Line = { name: string; room: Room; imports: string[] };
const knownLines = new WeakMap<Rooms, Line[]>();

/** Every room of the table with its line. */
export function linesOf(table: Rooms): readonly Line[] {
  const before = knownLines.get(table);
  if (before !== undefined) return before;
  const lines = wings.flatMap((wing) =>
    Object.entries(table[wing]).map(([short, room]) => {
      const imports = wings.flatMap((other) => (room[other] ?? []).map((one) => `${other}/${one}`));
      return { name: `${wing}/${short}`, room, imports };
    }),
  );
  knownLines.set(table, lines);
  return lines;
}

/** The room that an import leads to: by a path, or by the name of a package of ours. */
function placeOf(path: string, target: string): { to: string; other: string | undefined } {
  // Whatever a package offers by a name of its own is a front door of it.
  const own = /^@kenshu\/([^/]+)(?:\/[^/]+)?$/.exec(target)?.[1];
  if (own !== undefined) return { to: doorOf(`packages/${own}`), other: `packages/${own}` };
  const to = posix.join(posix.dirname(path), target);
  return { to, other: roomOf(to) };
}

const isOurs = (target: string): boolean => target.startsWith(".") || target.startsWith("@kenshu/");
const isNamed = (names: readonly string[], target: string): boolean =>
  names.some((one) => target === one || target.startsWith(`${one}/`));

/** Why a file of a room may not import a target; undefined where it may. */
function forbidden(
  table: Rooms,
  path: string,
  { target, typesOnly }: Import,
  name: string,
): string | undefined {
  const room = lineOf(table, name) ?? {};
  const tests = isTest(path);
  if (target.startsWith("node:")) {
    return room.node || tests ? undefined : `${name} may not import ${target}`;
  }
  if (!isOurs(target)) {
    return tests || isNamed(room.npm ?? [], target)
      ? undefined
      : `${name} may not import the package ${target}`;
  }
  const { to, other } = placeOf(path, target);
  if (/\.test\.tsx?$/.test(to)) return "nothing imports a test";
  if (other === undefined) return tests && to.startsWith("test/") ? undefined : `${to} is not in a room`;
  if (other === name) return undefined;
  const line = lineOf(table, other);
  const allowed = linesOf(table).find((one) => one.name === name)?.imports ?? [];
  if (line?.program) return `${other} is a program, which nobody imports`;
  if (!tests && !allowed.includes(other)) return `${name} may not import ${other}`;
  if (line?.secondDoor !== undefined && to === `${folderOf(other)}/${line.secondDoor}.ts`) {
    return room.browser && !typesOnly && !tests ? `${name} may import only types from ${to}` : undefined;
  }
  if (to === doorOf(other)) return undefined;
  return `${to} is not the front door of ${other}${tests ? `: a test may import ${testsMayImport}` : ""}`;
}

/** Imports that the table does not allow, and files that are in no room of it. */
export function importLaw(files: readonly Source[], table: Rooms): Finding[] {
  return files
    .filter(({ path }) => inWings(path))
    .flatMap((file) => {
      const { path } = file;
      const name = roomOf(path);
      if (name === undefined || lineOf(table, name) === undefined) {
        return [
          { path, line: 0, rule: "rooms", message: "is in no room of the table in test/tidy/rooms.ts" },
        ];
      }
      return importsOf(file).flatMap((one) => {
        const message = forbidden(table, path, one, name);
        return message === undefined ? [] : [{ path, line: one.line, rule: "imports", message }];
      });
    });
}

/** What the table allows and no file does; a test of a room does not count. */
export function idleLines(files: readonly Source[], table: Rooms): Finding[] {
  const used = new Map<string, { path: string; target: string }[]>();
  const seen = new Set(files.map(({ path }) => path));
  for (const file of files.filter(({ path }) => inWings(path) && !isTest(path))) {
    const name = roomOf(file.path) ?? "";
    const all = used.get(name) ?? [];
    used.set(name, all);
    all.push(...importsOf(file).map(({ target }) => ({ path: file.path, target })));
  }
  const idle = (message: string): Finding => ({ path: "test/tidy/rooms.ts", line: 0, rule: "idle", message });
  const doors = new Set([...used.values()].flat().map(({ path, target }) => placeOf(path, target).to));
  return linesOf(table).flatMap(({ name, room, imports }) => {
    const own = used.get(name);
    if (own === undefined) return [idle(`${name} has no files`)];
    const reached = new Set(
      own.filter(({ target }) => isOurs(target)).map((one) => placeOf(one.path, one.target).other),
    );
    const second = room.secondDoor === undefined ? undefined : `${folderOf(name)}/${room.secondDoor}.ts`;
    return [
      ...imports.filter((one) => !reached.has(one)).map((one) => idle(`nothing of ${name} imports ${one}`)),
      ...(room.npm ?? [])
        .filter((one) => !own.some(({ target }) => isNamed([one], target)))
        .map((one) => idle(`nothing of ${name} imports the package ${one}`)),
      ...(room.node && !own.some(({ target }) => target.startsWith("node:"))
        ? [idle(`nothing of ${name} imports node:`)]
        : []),
      ...(second !== undefined && !doors.has(second) ? [idle(`nobody goes through ${second}`)] : []),
      ...(seen.has(doorOf(name)) ? [] : [idle(`${name} has no front door ${doorOf(name)}`)]),
    ];
  });
}

/** What is wrong with the table itself: arrows that run up, across servers, to tools, in a circle, or to nothing. */
export function lawOfTable(table: Rooms): Finding[] {
  const lines = linesOf(table);
  const wrong = (message: string): Finding => ({
    path: "test/tidy/rooms.ts",
    line: 0,
    rule: "table",
    message,
  });
  const floor = (name: string): number => wings.findIndex((wing) => name.startsWith(`${wing}/`));
  const arrows = lines.flatMap(({ name, imports }) => imports.map((to) => ({ name, to })));
  const badArrows = arrows.flatMap(({ name, to }) => {
    const ban = never.find(
      (one) => name.startsWith(one.from) && to.startsWith(one.to) && !one.but.includes(to),
    );
    if (lineOf(table, to) === undefined) return [wrong(`${name} imports ${to}, which is in no line`)];
    if (floor(to) > floor(name)) return [wrong(`${name} imports ${to}, which is above it`)];
    return ban === undefined ? [] : [wrong(`${name} imports ${to}: ${ban.why}`)];
  });
  const circles = new Set<string>();
  // Once all that a room imports was climbed it stands on no circle that was not found: no path is walked twice.
  const climbed = new Set<string>();
  const climb = (name: string, path: readonly string[]): void => {
    if (path.includes(name))
      return void circles.add([...path.slice(path.indexOf(name)), name].join(" imports "));
    if (climbed.has(name)) return;
    for (const { to } of arrows.filter((arrow) => arrow.name === name)) climb(to, [...path, name]);
    climbed.add(name);
  };
  for (const { name } of lines) climb(name, []);
  return [...badArrows, ...[...circles].map(wrong)];
}

/** A front door hands on and does nothing itself, so that it tells what a room is and nothing runs for its sake. */
export function frontDoors(files: readonly Source[], table: Rooms): Finding[] {
  const doors = new Set(linesOf(table).flatMap(({ name, room }) => (room.program ? [] : [doorOf(name)])));
  return files
    .filter(({ path }) => doors.has(path))
    .flatMap((file) =>
      parsed(file)
        .program.body.filter(
          (one) =>
            one.type !== "ExportAllDeclaration" &&
            !(one.type === "ExportNamedDeclaration" && one.source !== null),
        )
        .slice(0, 1)
        .map(({ start }) => ({
          path: file.path,
          line: lineAt(file.text, start),
          rule: "front-door",
          message: "a front door has only `export … from`; what it does goes into a file of its own",
        })),
    );
}

/** How many files a room has without being two. */
const roomFiles = 14;

export function shapeOfRooms(files: readonly Source[]): Finding[] {
  const inRooms = files.filter(({ path }) => roomOf(path) !== undefined);
  const nested = inRooms
    .filter(({ path }) => path.slice(folderOf(roomOf(path) ?? "").length + 1).includes("/"))
    .map(({ path }) => ({ path, line: 0, rule: "flat", message: "a room has no folder inside" }));
  const counts = new Map<string, number>();
  for (const { path } of inRooms.filter((file) => !isTest(file.path))) {
    const name = roomOf(path) ?? "";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const crowded = [...counts]
    .filter(([, count]) => count > roomFiles)
    .map(([name, count]) => {
      const message = `has ${count} files; more than ${roomFiles} are two rooms`;
      return { path: folderOf(name), line: 0, rule: "room-size", message };
    });
  return [...nested, ...crowded];
}
