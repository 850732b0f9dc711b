/** The files that `kenshu start` leaves in the data folder: for their owner only, and an edited configuration is not lost. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";

export function writeSecret(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

/**
 * Writes a configuration. Fields that somebody has edited since it was last written stay as they are, all others are of this
 * start, such as the address of the database. Answers the names of the edited ones. What was written last stands beside it.
 */
export function writeConfig(file: string, config: object): string[] {
  const mark = `${file}.written`;
  const isKnown = existsSync(file) && existsSync(mark);
  const [last, now] = isKnown ? [fieldsIn(mark), fieldsIn(file)] : [{}, {}];
  const text = (value: unknown) => JSON.stringify(value);
  const names = Object.keys({ ...last, ...now });
  const edited = names.filter((name) => text(last[name]) !== text(now[name]));
  const kept = Object.fromEntries(edited.map((name) => [name, now[name]]));
  writeSecret(mark, config);
  // A field that was taken away is undefined here, and so not written.
  writeSecret(file, { ...config, ...kept });
  return edited;
}

function fieldsIn(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${file} cannot be read; mend it, or remove it to have it written anew.`, {
      cause: error,
    });
  }
}
