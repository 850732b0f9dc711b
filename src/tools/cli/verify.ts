/** `kenshu verify`: checks a receipt offline, against keys that its reader has from elsewhere. */
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { verifyReceipt } from "@kenshu/sdk";
import { UsageError } from "./help.ts";

type Say = (line: string) => void;

export async function verifyCommand(args: string[], say: Say): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      key: { type: "string", multiple: true, default: [] },
      witness: { type: "string", multiple: true, default: [] },
    },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UsageError("Say which receipt: kenshu verify FILE --key KEY.");
  if (values.key.length === 0)
    throw new UsageError("Say by which key the log has to have signed: --key KEY.");
  const keys = { log: values.key.map(keyIn), witnesses: values.witness.map(keyIn) };
  const verdict = await verifyReceipt(readReceipt(file), keys).catch((error: unknown) => {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  });
  if (!verdict.verified) {
    say(`NOT PROVEN: ${verdict.reason}.`);
    process.exitCode = 1;
    return;
  }
  say(`Trade ${verdict.trade}, by the log ${verdict.origins.join(" and ")}`);
  for (const { seq, type, at, actor, data } of verdict.events)
    say(
      `${seq} ${at} ${type} by ${actor.role}${actor.id === null ? "" : ` ${actor.id}`} ${JSON.stringify(data)}`,
    );
  if (!verdict.whole) say("These are not all events from the first to the last.");
  say(
    verdict.witnesses.length === 0
      ? "Proven by the log alone."
      : `Proven, and witnessed by ${verdict.witnesses.join(", ")}.`,
  );
}

function readReceipt(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** A key itself, or the file that it stands in. */
function keyIn(source: string): string {
  return existsSync(source) ? readFileSync(source, "utf8").trim() : source;
}
