/** `kenshu bench`: how fast this machine trades, against how fast its PostgreSQL is. */
import { help, readOptions } from "./options.ts";
import { openBaseline } from "./tpcb.ts";
import { startWorld } from "./world.ts";

/** Measures what the arguments ask for and says it. */
export async function benchCommand(args: string[], say: (line: string) => void): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) return say(help);
  const world = await startWorld(options.dir);
  try {
    const baseline = await openBaseline(world.databaseUrl);
    say(`TPC-B through ${baseline.by}: ${Math.round(await baseline.measure(options.seconds))} a second`);
    await baseline.close();
  } finally {
    await world.close();
  }
}
