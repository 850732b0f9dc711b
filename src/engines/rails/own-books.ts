/** Money in the server's own books: trade and money commit in one transaction. */
import { uuidv7 } from "../../storage/database/database.ts";
import { type Books, type Command, openBooks, writeBooks } from "../../storage/ledger/ledger.ts";
import type { MoneyEffect, OpenRail, Rail } from "./rail.ts";
import { problemOfLedger } from "../engine/engine.ts";

export function ownBooks(): Rail {
  return {
    takesPrivate: false,
    open: async (client, sought) => openOnBooks(await openBooks(client, sought), uuidv7),
  };
}

/** The rail open on books that are open. */
export function openOnBooks(books: Books, newId: () => string): OpenRail {
  return {
    post(_trade, effects, now) {
      const mark = books.mark();
      for (const effect of effects) {
        // A hold in the server's own books does not name its payee; only the trade does.
        if (effect.do === "assign") continue;
        const posted = books.post(commandOf(effect, newId), now);
        if (!("refused" in posted)) continue;
        books.rollback(mark);
        return { how: "refused", code: problemOfLedger[posted.refused] };
      }
      return { how: "done" };
    },
    write: (client) => writeBooks(client, books),
    asked: [],
  };
}

function commandOf(effect: Exclude<MoneyEffect, { do: "assign" }>, newId: () => string): Command {
  if (effect.do !== "reserve") return { ...effect, id: newId() };
  const { account, currency, amount, until } = effect;
  return { do: "hold", id: effect.hold, account, currency, amount, until };
}
