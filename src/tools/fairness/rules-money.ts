/** The rules about money of the shop and of the server, each of which can be switched off. */
import { isRefused } from "../../core/protocol/protocol.ts";
import { altered, type Rule } from "./altered.ts";
import { givenUp, inDebt, paidEarly, shopCheats } from "./settings.ts";

const cooling = { ...shopCheats, name: "the shop cheats, with cooling-off", coolingOff: "return" } as const;

export const moneys: Rule[] = [
  {
    name: "what was given up comes first",
    says: "What comes back to a line of which a debt was given up is less of a loss, and not the buyer's.",
    off: (machine) => ({ ...machine, keepsRefunds: true }),
    where: [givenUp],
  },
  {
    name: "the payout lock",
    says: "What is settled stays on the shop's account until cooling-off and the way back are over.",
    off: (machine) => ({ ...machine, paysOutEarly: true }),
    where: [cooling],
  },
  {
    name: "a refund waits",
    says: "A refund that the shop's account does not hold stands as due.",
    off: (machine) =>
      altered(machine, (asked) => ({ ...asked, act: { ...asked.act, payeeShort: undefined } })),
    where: [{ ...shopCheats, name: "two of a line, the shop cheats", lines: [2], most: 3 }],
  },
  {
    name: "what goes to the server waits",
    says: "What would repay the server stays frozen until the buyer can give nothing back any more.",
    off: (machine) => ({
      ...machine,
      decide: (trade, command, act) => {
        const result = machine.decide(trade, command, act);
        if (isRefused(result) || result.next.paymentDate === null || trade.paymentDate !== null)
          return result;
        const { coolingOffUntil } = result.next;
        const due = { ...result.next, paymentDate: act.now, coolingOffUntil: null };
        const paid = machine.decide(due, { do: "pay" }, { ...act, role: "clock" });
        if (isRefused(paid)) return result;
        return {
          next: { ...paid.next, paymentDate: null, coolingOffUntil },
          effects: [...result.effects, ...paid.effects],
          events: [...result.events, ...paid.events],
        };
      },
    }),
    where: [paidEarly, inDebt],
  },
  {
    name: "recourse",
    says: "What does not come back of an advance, the shop owes.",
    off: (machine) => ({
      ...machine,
      decide: (trade, command, act) => {
        const result = machine.decide(trade, command, act);
        if (isRefused(result)) return result;
        const isOwed = (effect: (typeof result.effects)[number]) =>
          effect.do === "use advance" && effect.change === "owed";
        return { ...result, effects: result.effects.filter((effect) => !isOwed(effect)) };
      },
    }),
    where: [paidEarly],
  },
  {
    name: "seen before it is bought",
    says: "Nothing is paid early before an independent party, or the buyer, has seen the goods.",
    off: (machine) =>
      altered(machine, (asked) =>
        asked.command.do === "advance" ? { ...asked, command: { ...asked.command, of: "all" } } : asked,
      ),
    where: [paidEarly],
  },
  {
    name: "paid early once",
    says: "The shop is paid early for a trade once.",
    off: (machine) =>
      altered(machine, (asked) => {
        if (asked.command.do !== "advance") return asked;
        const { advance: _, ...progress } = asked.trade.progress;
        return { ...asked, trade: { ...asked.trade, progress } };
      }),
    where: [{ ...paidEarly, name: "the shop may have more early", advance: 300 }],
  },
  {
    name: "the limit of advances",
    says: "What a shop has had early and owes together stays below a limit.",
    off: (machine) => ({ ...machine, lendsWithoutLimit: true }),
    where: [{ ...inDebt, name: "the shop owes the server, and would be paid early", advance: 150 }],
  },
];
