/** The rules about time, silence and disputes, each of which can be switched off. */
import type { Trade } from "../../core/trade/trade.ts";
import { altered, type Asked, type Rule, without, withLots } from "./altered.ts";
import {
  absentBuyer,
  buyerCheats,
  atTheLastHour,
  hesitant,
  shopCheats,
  threeInSilence,
  wishing,
} from "./settings.ts";

/** As if all who were asked in a dispute had answered. */
function answered(trade: Trade): Trade {
  const { progress } = trade;
  const { disputed } = progress;
  if (disputed === null) return trade;
  return { ...trade, progress: { ...progress, disputed: { ...disputed, answerBy: null } } };
}

/** As if nobody had been silent until the end of the time to answer. */
function heard(trade: Trade): Trade {
  const { progress } = trade;
  const { disputed } = progress;
  if (disputed === null) return trade;
  return { ...trade, progress: { ...progress, disputed: { ...disputed, silent: [] } } };
}

/** As if some of the disputes that are opened once had not been. */
function forgetting(asked: Asked, isForgotten: (opened: string) => boolean): Asked {
  const { disputesOf = [], ...progress } = asked.trade.progress;
  const kept = disputesOf.filter((opened) => !isForgotten(opened));
  return { ...asked, trade: { ...asked.trade, progress: { ...progress, disputesOf: kept } } };
}

export const times: Rule[] = [
  {
    name: "the shop asks for time",
    says: "The shop does not keep the money frozen for longer than the buyer agreed to.",
    off: (machine) =>
      altered(
        machine,
        (asked) =>
          asked.command.do === "extend"
            ? { ...asked, trade: { ...asked.trade, terms: { ...asked.trade.terms, reserveFor: "P360D" } } }
            : asked,
        (next, { trade, command }) => {
          if (command.do === "extend") next.terms = trade.terms;
        },
      ),
    where: [shopCheats],
  },
  {
    name: "a revision freezes no longer",
    says: "A revision of which the buyer was not asked does not move the end of the reservation.",
    off: (machine) => ({ ...machine, freezesAnew: true }),
    where: [{ ...shopCheats, name: "the shop cheats under a mandate", mandate: true, most: 4 }],
  },
  {
    name: "a wish moves no deadline",
    says: "While the shop would like other terms, the reservation ends when it would have ended.",
    off: (machine) =>
      altered(
        machine,
        (asked) => asked,
        (next, { command, act }) => {
          if (command.do === "revise" && command.asks === true)
            next.reservedUntil = new Date(act.now.getTime() + 21 * 86_400_000);
        },
      ),
    where: [wishing],
  },
  {
    name: "one dispute a side",
    says: "Each side opens one dispute of its own.",
    off: (machine) => altered(machine, (asked) => forgetting(asked, (opened) => opened !== "late")),
    where: [hesitant],
  },
  {
    name: "late once",
    says: "The buyer's cancel of what is late opens a dispute once.",
    off: (machine) => altered(machine, (asked) => forgetting(asked, (opened) => opened === "late")),
    where: [hesitant],
  },
  {
    name: "answerBy",
    says: "Who is asked in a dispute answers by a deadline.",
    off: without("not-answered"),
    where: [shopCheats, buyerCheats],
  },
  {
    name: "decideBy",
    says: "An operator decides by a deadline.",
    off: (machine) => ({ ...without("not-decided")(machine), isPatient: true }),
    where: [shopCheats],
  },
  {
    name: "both are heard",
    says: "An operator decides nothing against a side that can still answer.",
    off: (machine) => ({
      ...altered(
        machine,
        (asked) => (asked.command.do === "resolve" ? { ...asked, trade: answered(asked.trade) } : asked),
        (next, { trade, command }) => {
          const [open, before] = [next.progress.disputed, trade.progress.disputed];
          if (command.do === "resolve" && open !== null && before !== null)
            next.progress.disputed = { ...open, answerBy: before.answerBy };
        },
      ),
      hearsOne: true,
    }),
    where: [shopCheats],
  },
  {
    name: "deadlines before verdicts",
    says: "Nothing is decided while a deadline of the goods still runs.",
    off: (machine) => ({
      ...altered(
        machine,
        (asked) => {
          if (asked.command.do !== "resolve") return asked;
          const { disputed } = asked.trade.progress;
          const open = disputed === null ? null : { ...disputed };
          if (open !== null) delete open.lookBy;
          const progress = { ...asked.trade.progress, clocks: {}, disputed: open };
          return { ...asked, trade: { ...asked.trade, progress } };
        },
        (next, { trade, command }) => {
          if (command.do === "resolve" && next.progress.lots.length > 0)
            next.progress.clocks = { ...trade.progress.clocks, ...next.progress.clocks };
        },
      ),
      waits: () => false,
    }),
    where: [shopCheats, buyerCheats],
  },
  {
    name: "silence of the buyer",
    says: "The buyer's silence in a dispute pays only for what was seen delivered.",
    off: (machine) =>
      altered(machine, (asked) =>
        asked.command.do === "not-answered"
          ? {
              ...asked,
              trade: withLots(asked.trade, (lot) =>
                lot.at === "shipped" ? { ...lot, at: "delivered", seen: "delivered" } : lot,
              ),
            }
          : asked,
      ),
    where: [absentBuyer],
  },
  {
    name: "silence of the shop",
    says: "The shop's silence in a dispute gives back what was not seen delivered.",
    off: (machine) =>
      altered(machine, (asked) => ({
        ...asked,
        act: { ...asked.act, told: { buyer: new Date(0), ...asked.act.told, shop: null } },
      })),
    where: [shopCheats, buyerCheats],
    comfort: true,
  },
  {
    name: "silence, later",
    says: "Of goods that may still come or be looked at, silence says in a dispute what it says when that time is over.",
    off: (machine) => ({ ...machine, nextDeadline: (trade) => machine.nextDeadline(heard(trade)) }),
    where: [absentBuyer],
    comfort: true,
  },
  {
    name: "who was told",
    says: "Silence does not count against somebody whom nothing has reached.",
    off: (machine) => altered(machine, (asked) => ({ ...asked, act: { ...asked.act, told: undefined } })),
    where: [threeInSilence],
  },
  {
    name: "told in time",
    says: "Silence counts a day after somebody was told, and a deadline waits for that once.",
    comfort: true,
    off: (machine) => altered(machine, (asked) => ({ ...asked, act: { ...asked.act, told: undefined } })),
    where: [atTheLastHour],
  },
  {
    name: "the least time to accept",
    says: "A buyer has some days to look at goods.",
    without: (setting) => ({ ...setting, lasts: { ...setting.lasts, auto: 0 } }),
    where: [shopCheats],
  },
  {
    name: "the least time to deliver",
    says: "The time to deliver is longer than the carrier's longest way.",
    without: (setting) => ({ ...setting, lasts: { ...setting.lasts, deliver: 1, transit: 3 } }),
    where: [buyerCheats],
  },
];
