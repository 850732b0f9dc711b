/** How a rule says that it was broken. */
/** A rule was not kept: what was expected, and what was seen instead. */
export class Broken extends Error {
  override readonly name = "Broken";
}

/** Throws Broken where what was seen is not what was expected; both are compared as they are written. */
export function same(what: string, seen: unknown, expected: unknown): void {
  const [left, right] = [written(seen), written(expected)];
  if (left !== right) throw new Broken(`${what}: expected ${right}, saw ${left}`);
}

/** Throws Broken unless something holds. */
export function holds(what: string, is: boolean, seen: unknown): void {
  if (!is) throw new Broken(`expected ${what}, saw ${written(seen)}`);
}

/** A value in one line, short enough for a terminal. */
export function written(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  const line = text.replaceAll(/[^ -~]/g, "?");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
