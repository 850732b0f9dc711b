/** Decides whether a signed request is taken: by its key, its time, and whether it was received before. */
import { coalesce, type Database } from "../../storage/database/database.ts";
import { problem, type Problem } from "../../core/protocol/protocol.ts";
import { type Message, readClaim, untimely } from "./message.ts";
import type { Peer, Peers } from "./peers.ts";
import * as store from "./store.ts";

type TakenNonce = store.KeyStanding & { fresh: boolean };

/** Takes nonces for requests that come together in one statement. Each use is an object of its own. */
function nonceTaker(database: Database): (use: store.NonceUse) => Promise<TakenNonce | undefined> {
  return coalesce(async (uses: store.NonceUse[]) => {
    const first = new Map(uses.toReversed().map((use) => [`${use.peer} ${use.nonce}`, use]));
    const asked = [...first.values()];
    const rows = await store.takeNonces(database, asked);
    const answers = new Map(asked.map((use, index) => [use, rows[index]]));
    const taken = new Map<store.NonceUse, TakenNonce>();
    for (const use of uses) {
      const own = answers.get(use);
      const other = answers.get(first.get(`${use.peer} ${use.nonce}`) ?? use);
      // The same message twice in one statement: one of them is the replay.
      const answer = own ?? (other && { ...other, fresh: false });
      if (answer !== undefined) taken.set(use, answer);
    }
    return taken;
  });
}

const invalid = (detail: string): Problem => problem("signature_invalid", detail);

/** Makes the check of signed requests: it answers the sender, or a problem whose detail names the broken rule. */
export function admission(
  database: Database,
  peers: Peers,
): (message: Message) => Promise<{ peer: Peer } | { refused: Problem }> {
  const take = nonceTaker(database);
  return async (message) => {
    const claim = readClaim(message);
    if (typeof claim === "string") return { refused: invalid(claim) };
    const found = await peers.find(claim.keyid);
    if (found === "unreachable") {
      return { refused: problem("unavailable", "The key set of the sender could not be read.") };
    }
    if (found === "unknown peer") return { refused: invalid("keyid names no server that is known here.") };
    if (found === "unknown key") return { refused: invalid("keyid names a key that is not published.") };
    const { peer, kid, key } = found;
    if (!claim.isSignedBy(key)) return { refused: invalid("The signature is not that of the key.") };
    const { nonce, expires } = claim;
    const taken = await take({ peer: peer.id, kid, nonce, expires });
    if (taken === undefined) throw new Error("The database did not say whether a nonce was seen.");
    if (taken.revoked) return { refused: invalid("The key has been revoked here.") };
    const late = untimely(claim, taken.now.getTime() / 1000);
    if (late !== undefined) return { refused: invalid(late) };
    return taken.fresh ? { peer } : { refused: invalid("The message was received before.") };
  };
}
