/**
 * The rules, each of which can be switched off: what the machine is told, or what it answers, is altered around it, so that
 * there is no second machine. A rule that nobody wins without is there for comfort, or to save time. Here those of the goods.
 */
import type { Lot } from "../../core/trade/trade.ts";
import { isRefused } from "../../core/protocol/protocol.ts";
import { altered, type Rule, same, undelivered, without, withLots } from "./altered.ts";
import { moneys } from "./rules-money.ts";
import { times } from "./rules-times.ts";
import { absentBuyer, buyerCheats, bySmallParcels, shopCheats } from "./settings.ts";

const evidence = new Set(["ship", "deliver", "send-back", "return"]);

function uncontested(lot: Lot): Lot {
  const { contested: _, ...rest } = lot;
  return rest;
}

function unreceived(lot: Lot): Lot {
  const { received: _, ...rest } = lot;
  return rest;
}

const wayOut: Rule[] = [
  {
    name: "shipped goods stay",
    says: "The buyer does not cancel what has left the shop.",
    off: (machine) =>
      altered(machine, (asked) =>
        asked.command.do === "cancel" ? { ...asked, act: { ...asked.act, role: "shop" } } : asked,
      ),
    where: [buyerCheats],
  },
  {
    name: "the shop's word",
    says: "Silence counts after an independent party's word, or the buyer's, and not after the shop's.",
    off: (machine) =>
      altered(
        machine,
        (asked) => ({
          ...asked,
          trade: {
            ...asked.trade,
            terms: {
              ...asked.trade.terms,
              acceptance: { ...asked.trade.terms.acceptance, shopWord: true },
            },
          },
        }),
        (next, { trade }) => {
          if (next.state !== "proposed" && trade.state !== "proposed") next.terms = trade.terms;
        },
      ),
    where: [absentBuyer],
  },
  {
    name: "what was seen is kept",
    says: "What an independent party saw is taken in a dispute and after a rejection, too.",
    off: (machine) =>
      altered(machine, (asked) => {
        const closed = asked.trade.state === "disputed" || asked.trade.state === "rejected";
        return asked.act.role === "carrier" && closed && evidence.has(asked.command.do) ? undefined : asked;
      }),
    where: [buyerCheats, shopCheats],
  },
  {
    name: "never came, and came",
    says: "A delivery that is seen after the buyer has said never came makes the goods undecided again.",
    off: (machine) =>
      altered(machine, (asked) => {
        const { lots } = asked.trade.progress;
        const denied = lots.some(({ kind }) => kind === "never_came");
        return asked.command.do === "deliver" && asked.act.role === "carrier" && denied ? undefined : asked;
      }),
    where: [
      {
        ...buyerCheats,
        name: "the shop says nothing",
        manner: "absent",
        lasts: { ...buyerCheats.lasts, deliver: 1, transit: 2 },
      },
    ],
    comfort: true,
  },
  {
    name: "a parcel is named",
    says: "A report of a parcel means that parcel, and not the next goods of the line.",
    off: (machine) =>
      altered(machine, (asked) => {
        const { command, act } = asked;
        if (act.role !== "carrier" || (command.do !== "return" && command.do !== "send-back")) return asked;
        const { tracking: _, ...counted } = command;
        return { ...asked, command: { ...counted, lines: [{ line: 1, quantity: 1 }] } };
      }),
    where: [bySmallParcels],
  },
  {
    name: "final gives nothing away",
    says: "Final releases what never left the shop, and nothing else.",
    off: (machine) => ({
      ...machine,
      decide: (trade, command, act) => {
        const result = machine.decide(trade, command, act);
        if (isRefused(result) || command.do !== "accept" || command.final !== true) return result;
        const rest = machine.decide(result.next, { do: "cancel" }, { ...act, role: "shop" });
        return isRefused(rest) ? result : rest;
      },
    }),
    where: [bySmallParcels],
  },
  {
    name: "the end of the reservation",
    says: "At the end of the reservation what has left the shop becomes a dispute.",
    off: (machine) => ({
      ...machine,
      decide: (trade, command, act) => {
        const over = trade.reservedUntil !== null && trade.reservedUntil <= act.now;
        if (command.do !== "expire" || !over || trade.state === "disputed")
          return machine.decide(trade, command, act);
        return machine.decide(trade, { do: "cancel" }, { ...act, role: "shop" });
      },
    }),
    where: [
      { ...buyerCheats, name: "nothing is accepted by silence", lasts: { ...buyerCheats.lasts, auto: null } },
    ],
  },
  {
    name: "prolongation",
    says: "Goods on a way keep the money frozen until their own deadlines are over.",
    off: (machine) =>
      altered(machine, same, (next, { trade, command }) => {
        if (
          command.do !== "extend" &&
          command.do !== "reserve" &&
          trade.reservedUntil !== null &&
          next.reservedUntil !== null
        )
          next.reservedUntil = trade.reservedUntil;
      }),
    where: [buyerCheats, shopCheats],
    comfort: true,
  },
];

const wayBack: Rule[] = [
  {
    name: "silence about what is back",
    says: "The shop's silence confirms what came back.",
    off: without("not-inspected"),
    where: [{ ...shopCheats, name: "the shop cheats, with cooling-off", coolingOff: "return" }],
  },
  {
    name: "contests",
    says: "The shop contests what did not come back, or not as it was.",
    off: (machine) =>
      altered(machine, (asked) =>
        asked.command.do === "dispute" && asked.command.contest !== undefined ? undefined : asked,
      ),
    where: [buyerCheats],
  },
  {
    name: "contests stand",
    says: "What is contested is not confirmed by silence, but comes back as a dispute.",
    off: (machine) =>
      altered(machine, (asked) =>
        asked.command.do === "not-inspected"
          ? { ...asked, trade: withLots(asked.trade, uncontested) }
          : asked,
      ),
    where: [buyerCheats, bySmallParcels],
  },
  {
    name: "not sent back",
    says: "What is rejected and not sent back in time becomes a dispute.",
    off: without("not-sent-back"),
    where: [
      buyerCheats,
      { ...buyerCheats, name: "the buyer cheats, with cooling-off", coolingOff: "return", most: 4 },
    ],
  },
  {
    name: "reports give time",
    says: "Each report of the way back gives the time to look at goods its full length again.",
    off: (machine) =>
      altered(machine, same, (next, { trade, command, act }) => {
        const { inspectBy } = trade.progress.clocks;
        const reports = command.do === "return" || command.do === "send-back";
        if (
          act.role === "carrier" &&
          reports &&
          inspectBy !== undefined &&
          next.progress.clocks.inspectBy !== undefined
        )
          next.progress.clocks.inspectBy = inspectBy;
      }),
    where: [buyerCheats],
  },
  {
    name: "a denied delivery",
    says: "Silence of the shop does not release what was seen delivered and is denied.",
    off: (machine) =>
      altered(
        machine,
        (asked) =>
          asked.command.do === "not-inspected"
            ? { ...asked, trade: withLots(asked.trade, undelivered) }
            : asked,
        (next, { trade, command }) => {
          // What it does not release has been seen all the same.
          if (command.do === "not-inspected" && next.progress.disputed !== null)
            next.progress.lots = trade.progress.lots;
        },
      ),
    where: [buyerCheats],
    comfort: true,
  },
  {
    name: "never came, in time",
    says: "Never came is said after the time to deliver, or after somebody said that it came.",
    off: (machine) =>
      altered(machine, (asked) => {
        if (asked.command.do !== "reject" || asked.command.kind !== "never_came") return asked;
        const claimed = (lot: Lot): Lot => (lot.at === "shipped" ? { ...lot, claimed: true } : lot);
        return { ...asked, trade: withLots(asked.trade, claimed) };
      }),
    where: [buyerCheats],
    comfort: true,
  },
  {
    name: "received is received",
    says: "Who has said received does not say never came.",
    off: (machine) =>
      altered(machine, (asked) =>
        asked.command.do === "reject" ? { ...asked, trade: withLots(asked.trade, unreceived) } : asked,
      ),
    where: [buyerCheats],
    comfort: true,
  },
  {
    name: "withdrawn goods go back",
    says: "The money for withdrawn goods comes back after the goods.",
    off: (machine) =>
      altered(
        machine,
        (asked) =>
          asked.command.do === "withdraw" && asked.trade.terms.coolingOff !== null
            ? {
                ...asked,
                trade: {
                  ...asked.trade,
                  terms: {
                    ...asked.trade.terms,
                    coolingOff: { ...asked.trade.terms.coolingOff, goods: "keep" },
                  },
                },
              }
            : asked,
        (next, { trade, command }) => {
          if (command.do === "withdraw") next.terms = trade.terms;
        },
      ),
    where: [{ ...buyerCheats, name: "the buyer cheats, with cooling-off", coolingOff: "return", most: 4 }],
  },
  {
    name: "withdrawn once",
    says: "A piece is withdrawn once.",
    off: (machine) =>
      altered(machine, (asked) => {
        if (asked.command.do !== "withdraw") return asked;
        const lines = asked.trade.progress.lines.map((line) => ({ ...line, withdrawn: 0 }));
        return { ...asked, trade: { ...asked.trade, progress: { ...asked.trade.progress, lines } } };
      }),
    where: [{ ...buyerCheats, name: "the buyer cheats, with cooling-off", coolingOff: "return", most: 4 }],
    comfort: true,
  },
];

export const rules: readonly Rule[] = [...wayOut, ...wayBack, ...moneys, ...times];
