/** What operators say of a break: one explains it, two close it. Nobody's word makes a difference go away. */
import { refuse } from "../../core/protocol/protocol.ts";
import { type Client, readClock } from "../../storage/database/database.ts";
import { type Break, insertWords, lockBreak, readBreak, setBreakState } from "./break-store.ts";

export interface Saying {
  id: string;
  /** The version that was looked at. */
  version: number;
  reason: string;
  operator: string;
  confirmedBy: string | null;
}

/** Explains a break that is not closed; it stays among those that wait, and the alarm about it stays on. */
export const explainBreak = (client: Client, saying: Saying): Promise<Break> =>
  say(client, saying, "explained");

/** Closes a break, whether it is explained or not. */
export const closeBreak = (client: Client, saying: Saying): Promise<Break> => say(client, saying, "closed");

async function say(client: Client, saying: Saying, word: "explained" | "closed"): Promise<Break> {
  const { id, version, reason, operator, confirmedBy } = saying;
  const found = (await lockBreak(client, id)) ?? refuse("not_found");
  if (found.version !== version) return refuse("break_changed");
  if (found.state === "closed") return refuse("break_changed", "It is closed.");
  const { here, there, difference } = found;
  const at = await readClock(client);
  await setBreakState(client, id, word);
  await insertWords(client, [
    { break: id, word, version, here, there, difference, reason, operator, confirmedBy, at },
  ]);
  return (await readBreak(client, id)) ?? refuse("not_found");
}
