/** A shop that cheats: says and does whatever the table lets a shop do, at any time. */
import { endOfReservation, totalOf, unshippedGoods } from "../../core/trade/trade.ts";
import { pieceOf, stepMs } from "./setting.ts";
import { balanceOf, earlyTerms, payableOf } from "./money.ts";
import { reserveOf } from "./state.ts";
import { pickedUp } from "./carrier.ts";
import { add, isLast, one, type Said, tell, type Turn } from "./turn.ts";
import { putOrder, wish } from "./wishes.ts";
import { send, shelfOf, type World } from "./world.ts";

export function cheatingShop(turn: Turn): void {
  const { setting, state } = turn;
  const { trade, world } = state;
  if (setting.most !== undefined && world.moves >= setting.most) return;
  if (trade.progress.disputed?.asked.includes("shop") === true)
    cheat(turn, "answers", { do: "answer", statement: "Not so." });
  cheat(turn, "opens a dispute", { do: "dispute", reason: "No." });
  cheat(turn, "gives all up", { do: "cancel" });
  setting.lines.forEach((_, line) => {
    speak(turn, line);
    sendSomething(turn, line);
    if (setting.collusion === "carrier") collude(turn, line);
  });
  if (trade.progress.guarantee !== undefined) {
    cheat(turn, "claims", { do: "claim" });
    cheat(turn, "frees what was collected", { do: "release" });
  }
  askForTime(turn);
  moveMoney(turn);
  takeMoneyAway(turn);
  if (setting.mandate !== undefined) reviseToTheSame(turn);
  if (setting.offers !== undefined) offer(turn);
  if (setting.wishes !== undefined) wish(turn, "THE SHOP", (next) => counted(turn, next));
  if (setting.earmark !== undefined) putOrder(turn, "THE SHOP", (next) => counted(turn, next));
}

/** Where the cheat has only so many moves, this was one. */
function counted({ setting }: Turn, world: World): void {
  if (setting.most !== undefined) world.moves++;
}

function cheat(turn: Turn, label: string, command: Said["command"], change?: (world: World) => void): void {
  if (turn.setting.most === undefined && change === undefined) {
    tell(turn, `THE SHOP ${label}.`, "shop", command);
    return;
  }
  add(turn, `THE SHOP ${label}.`, (world) => {
    if (turn.setting.most !== undefined) world.moves++;
    change?.(world);
    return [{ role: "shop", command }];
  });
}

function speak(turn: Turn, line: number): void {
  const { setting, state } = turn;
  const piece = pieceOf(line);
  const lines = one(line);
  const reason = "No.";
  cheat(turn, `says that ${piece} is on its way (nothing was sent)`, { do: "ship", lines });
  cheat(turn, `says that ${piece} is there`, { do: "deliver", lines });
  cheat(turn, `gives ${piece} up`, { do: "cancel", lines });
  if (setting.acceptance?.by.includes("shop") === true) {
    cheat(turn, `accepts ${piece} itself`, { do: "accept", lines });
    cheat(turn, `rejects ${piece} itself`, { do: "reject", lines, reason });
  }
  if (unshippedGoods(state.trade).length > 0)
    add(turn, `THE SHOP says that ${piece} is on its way, with a number that no carrier knows.`, (world) => {
      if (setting.most !== undefined) world.moves++;
      const number = `none-${++world.numbers}`;
      return [{ role: "shop", command: { do: "ship", lines, tracking: { number } } }];
    });
  if (!state.trade.progress.lots.some(({ at }) => at === "rejected" || at === "withdrawn")) return;
  cheat(turn, `says that ${piece} is back`, { do: "return", lines });
  cheat(turn, `contests: ${piece} is not back`, {
    do: "dispute",
    contest: "not_back",
    reason,
    lines,
  });
  cheat(turn, `contests: ${piece} is another`, {
    do: "dispute",
    contest: "another_article",
    reason,
    lines,
  });
}

/** Really sends a parcel, with the goods or with a brick, and says so, or not. */
function sendSomething(turn: Turn, line: number): void {
  const { setting, state } = turn;
  if (shelfOf(state.world, line).shop === 0 || state.trade.frozen === 0n) return;
  for (const what of ["good", "brick"] as const) {
    const name = what === "good" ? pieceOf(line) : "A BRICK";
    for (const tracked of [true, false]) {
      for (const says of [true, false]) {
        if (!tracked && !says) continue;
        const how = `${tracked ? "by the carrier" : "without a carrier who reports"}${says ? "" : " and says nothing"}`;
        add(turn, `THE SHOP sends ${name} ${how}.`, (world) => {
          if (setting.most !== undefined) world.moves++;
          // A brick goes in the place of a piece, which stays at the shop for good: one parcel a piece.
          shelfOf(world, line).shop--;
          const parcel = send(world, { line, what, to: "buyer", left: setting.lasts.transit }, tracked);
          const tracking = parcel.number === undefined ? {} : { tracking: { number: parcel.number } };
          const said: Said[] = says
            ? [{ role: "shop", command: { do: "ship", lines: one(line), ...tracking } }]
            : [];
          return [...said, ...pickedUp(parcel, says)];
        });
      }
    }
  }
}

/** A carrier that is the shop's friend says what the shop asks for. */
function collude(turn: Turn, line: number): void {
  add(turn, `THE SHOP lets the carrier say that ${pieceOf(line)} has come (nothing was sent).`, (world) => {
    if (turn.setting.most !== undefined) world.moves++;
    return [{ role: "carrier", command: { do: "deliver", lines: one(line) } }];
  });
}

function askForTime(turn: Turn): void {
  const { trade } = turn.state;
  if (trade.frozen === 0n || trade.progress.extensionAsked !== undefined) return;
  const current = trade.acceptBy ?? endOfReservation(trade);
  // At the last moment: to ask before that shows nothing new.
  if (current === null || !isLast(turn, current)) return;
  const until = new Date(current.getTime() + stepMs(turn.setting));
  cheat(turn, "would keep the money frozen for longer", { do: "extend", until: until.toISOString() });
}

/** What it has been paid leaves the shop's account as soon as it may. */
function takeMoneyAway(turn: Turn): void {
  const { trade, world, now } = turn.state;
  const balance = balanceOf(world.books);
  const payable = turn.machine.paysOutEarly === true ? balance : payableOf(trade, world.books, now);
  if (payable <= 0) return;
  add(turn, "THE SHOP takes its money away.", (next) => {
    const { accounts } = next.books;
    next.books = { ...next.books, accounts: { ...accounts, shop: balance - payable } };
    return [];
  });
}

/** Gives back what it was paid, by goods, in part, or whole; and lets the server pay it early. */
function moveMoney(turn: Turn): void {
  const { setting, state } = turn;
  const { settled, refunded } = state.trade;
  const reason = "Sorry.";
  if (settled > 0n) {
    setting.lines.forEach((_, line) =>
      cheat(turn, `refunds ${pieceOf(line)}`, { do: "refund", lines: one(line), reason }),
    );
    if (refunded === 0n)
      cheat(turn, "refunds a part", { do: "refund", amount: Number(settled / 2n), reason });
    cheat(turn, "refunds all", { do: "refund", total: Number(settled), reason });
  }
  if (setting.advance !== undefined) cheat(turn, "is paid early", { do: "advance", ...earlyTerms(setting) });
}

function reviseToTheSame(turn: Turn): void {
  const { trade } = turn.state;
  const notAfter = endOfReservation(trade) ?? undefined;
  add(turn, "THE SHOP revises to the same, and the mandate freezes the money again.", () => [
    { role: "shop", command: { do: "revise" } },
    {
      role: "shop",
      command: reserveOf(turn.setting, turn.machine.freezesAnew === true ? undefined : notAfter),
    },
  ]);
}

function offer(turn: Turn): void {
  const { trade } = turn.state;
  const made = trade.progress.offer;
  if (made?.by === "buyer") cheat(turn, "takes the offer", { do: "offer/accept", version: made.version });
  const pay = Number(totalOf(trade.terms.lines));
  if (made === undefined && BigInt(pay) === trade.frozen)
    cheat(turn, "offers to be paid for all", { do: "offer", release: 0, pay });
  for (const lot of trade.progress.lots) {
    if (lot.home === undefined) continue;
    cheat(turn, `has ${pieceOf(lot.line - 1)} back and would keep a part of its price`, {
      do: "return",
      lines: one(lot.line - 1),
      deduct: { amount: 1, reason: "Used." },
    });
    break;
  }
}
