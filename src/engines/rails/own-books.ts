/** Money in the server's own books: trade and money commit in one transaction. */
import { uuidv7 } from "../../storage/database/database.ts";
import {
  type Books,
  type Command,
  openBooks,
  type PayoutLock,
  writeBooks,
  writePayoutLocks,
} from "../../storage/ledger/ledger.ts";
import { isSameKept, keptBack, paidInto } from "../../core/trade/trade.ts";
import { type MoneyEffect, type OpenRail, ownPlace, type Rail } from "./rail.ts";
import { problemOfLedger } from "../engine/engine.ts";

export function ownBooks(): Rail {
  return {
    takesPrivate: false,
    placeOf: async () => ownPlace,
    open: async (client, sought) => openOnBooks(await openBooks(client, sought), uuidv7),
  };
}

/** The rail open on books that are open. */
export function openOnBooks(books: Books, newId: () => string): OpenRail {
  const kept = new Map<string, PayoutLock | undefined>();
  return {
    post(trade, effects, now, next) {
      const mark = books.mark();
      for (const effect of effects) {
        // A hold in the server's own books does not name its payee; only the trade does.
        if (effect.do === "assign") continue;
        const posted = books.post(commandOf(effect, newId), now);
        if (!("refused" in posted)) continue;
        books.rollback(mark);
        return { how: "refused", code: problemOfLedger[posted.refused] };
      }
      if (next.hold !== null && !isSameKept(keptBack(trade), keptBack(next))) {
        const { hold } = next;
        const back = keptBack(next);
        kept.set(hold, back && { hold, account: paidInto(next), peer: null, ...back });
      }
      return { how: "done" };
    },
    // Nothing waits here.
    follow: () => undefined,
    placeOf: () => ownPlace,
    inUse: (id) => {
      const account = books.accounts.get(id);
      return account === undefined ? 0n : account.held - account.posted;
    },
    write: (client) => {
      const locks = [...kept.values()].filter((lock) => lock !== undefined);
      const over = [...kept].flatMap(([hold, lock]) => (lock === undefined ? [hold] : []));
      return [...writeBooks(client, books), ...writePayoutLocks(client, locks, over)];
    },
    entries: books.entries,
    asked: [],
  };
}

function commandOf(effect: Exclude<MoneyEffect, { do: "assign" }>, newId: () => string): Command {
  if (effect.do === "reimburse") throw new Error("What a collector has taken is not in these books.");
  if (effect.do === "free") return { id: newId(), ...effect, do: "release" };
  if (effect.do !== "reserve") return { id: newId(), ...effect };
  const { account, currency, amount, until } = effect;
  return { do: "hold", id: effect.hold, account, currency, amount, until };
}
