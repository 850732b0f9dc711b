/** What acts make that is shown once, to whoever asked for it. */

/** What an answer holds that is shown once. */
export function secretIn(
  json: Record<string, unknown>,
): { name: "key" | "code" | "pdf"; value: string } | undefined {
  for (const name of ["key", "code", "pdf"] as const) {
    const value = json[name];
    if (typeof value === "string") return { name, value };
  }
  return undefined;
}
