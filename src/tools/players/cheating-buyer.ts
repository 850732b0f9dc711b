/** A buyer who cheats: says and does whatever the table lets a buyer do, at any time. */
import { totalOf } from "../../core/trade/trade.ts";
import { pieceOf } from "./setting.ts";
import { pickedUp } from "./carrier.ts";
import { add, duePayment, inLots, type Lot, one, payBill, type Said, tell, type Turn } from "./turn.ts";
import { answerWish } from "./wishes.ts";
import { send, shelfOf, type World } from "./world.ts";

const maySendBack = ({ at }: Lot): boolean => at === "rejected" || at === "withdrawn" || at === "shipped";

export function cheatingBuyer(turn: Turn): void {
  const { setting, state } = turn;
  const { trade } = state;
  if (setting.most !== undefined && state.world.moves >= setting.most) return;
  if (trade.progress.disputed?.asked.includes("buyer") === true)
    cheat(turn, "answers", { do: "answer", statement: "Not so." });
  cheat(turn, "opens a dispute", { do: "dispute", reason: "No." });
  cheat(turn, "cancels", { do: "cancel" });
  setting.lines.forEach((_, line) => speak(turn, line));
  setting.lines.forEach((_, line) => sendSomething(turn, line));
  if (setting.collusion === "carrier") setting.lines.forEach((_, line) => collude(turn, line));
  payDue(turn);
  payBill(turn, "THE BUYER", (world) => {
    if (setting.most !== undefined) world.moves++;
  });
  extend(turn);
  if (setting.offers !== undefined) offer(turn);
  if (setting.wishes !== undefined)
    answerWish(turn, "THE BUYER", (world) => {
      if (setting.most !== undefined) world.moves++;
    });
}

/** Something that the cheat says; it counts as a move of theirs. */
function cheat(turn: Turn, label: string, command: Said["command"], change?: (world: World) => void): void {
  if (turn.setting.most === undefined && change === undefined) {
    tell(turn, `THE BUYER ${label}.`, "buyer", command);
    return;
  }
  add(turn, `THE BUYER ${label}.`, (world) => {
    if (turn.setting.most !== undefined) world.moves++;
    change?.(world);
    return [{ role: "buyer", command }];
  });
}

function speak(turn: Turn, line: number): void {
  const piece = pieceOf(line);
  const lines = one(line);
  const reason = "No.";
  cheat(turn, `cancels ${piece}`, { do: "cancel", lines });
  cheat(turn, `accepts ${piece}`, { do: "accept", lines });
  cheat(turn, `accepts ${piece}, and no more`, { do: "accept", lines, final: true });
  cheat(turn, `says that ${piece} was received`, { do: "deliver", lines });
  cheat(turn, `rejects ${piece} as wrong`, { do: "reject", lines, reason });
  cheat(turn, `says that ${piece} is missing`, { do: "reject", kind: "missing", lines, reason });
  cheat(turn, `says that ${piece} never came`, { do: "reject", kind: "never_came", lines, reason });
  cheat(turn, `withdraws from ${piece}`, { do: "withdraw", lines, reason });
  cheat(turn, `says that ${piece} was sent back (nothing was)`, { do: "send-back", lines });
  if (turn.state.trade.progress.lots.some((lot) => lot.line === line + 1 && lot.home === undefined))
    add(turn, `THE BUYER says that ${piece} was sent back, with a number that no carrier knows.`, (world) => {
      const number = `none-${++world.numbers}`;
      if (turn.setting.most !== undefined) world.moves++;
      return [{ role: "buyer", command: { do: "send-back", lines, tracking: { number } } }];
    });
}

/** Really sends a parcel, with the goods or with a brick, and says so before, or not. */
function sendSomething(turn: Turn, line: number): void {
  const { setting, state } = turn;
  if (inLots(state, line, maySendBack) === 0 || shelfOf(state.world, line).buyer === 0) return;
  // More parcels than pieces show nothing new.
  const back = state.world.parcels.filter((parcel) => parcel.line === line && parcel.to === "shop");
  if (back.length >= (setting.lines[line] ?? 0)) return;
  for (const what of ["good", "brick"] as const) {
    const name = what === "good" ? pieceOf(line) : "A BRICK";
    for (const tracked of [true, false]) {
      for (const says of [true, false]) {
        const how = `${tracked ? "by the carrier" : "without a carrier who reports"}${says ? "" : " and says nothing"}`;
        // What nobody follows and nobody speaks of is as if it had not been sent, but for goods.
        if (!tracked && !says && what === "brick") continue;
        add(turn, `THE BUYER sends ${name} back ${how}.`, (world) => {
          if (setting.most !== undefined) world.moves++;
          if (what === "good") shelfOf(world, line).buyer--;
          const parcel = send(world, { line, what, to: "shop", left: setting.lasts.transit }, tracked);
          const tracking = parcel.number === undefined ? {} : { tracking: { number: parcel.number } };
          const said: Said[] = says
            ? [{ role: "buyer", command: { do: "send-back", lines: one(line), ...tracking } }]
            : [];
          return [...said, ...pickedUp(parcel, says)];
        });
      }
    }
  }
}

/** A carrier that is the buyer's friend says what the buyer asks for. */
function collude(turn: Turn, line: number): void {
  if (inLots(turn.state, line, maySendBack) === 0) return;
  for (const [command, said] of [
    [{ do: "send-back", lines: one(line) }, "is on its way back"],
    [{ do: "return", lines: one(line) }, "is back"],
  ] as const)
    add(turn, `THE BUYER lets the carrier say that ${pieceOf(line)} ${said} (nothing was sent).`, (world) => {
      if (turn.setting.most !== undefined) world.moves++;
      return [{ role: "carrier", command }];
    });
}

/** Whoever cheats pays what is due, or does not. */
function payDue(turn: Turn): void {
  const payment = duePayment(turn.state);
  if (payment === undefined) return;
  add(turn, "THE BUYER pays what is due at a collector.", (world) => {
    if (turn.setting.most !== undefined) world.moves++;
    return [payment];
  });
}

function extend(turn: Turn): void {
  const { trade, world } = turn.state;
  if (world.extensions >= 1) return;
  const current = trade.acceptBy ?? trade.reservedUntil;
  if (current === null || trade.frozen === 0n) return;
  const until = new Date(current.getTime() + 14 * 86_400_000);
  cheat(turn, "moves a deadline by 14 days", { do: "extend", until: until.toISOString() }, (next) => {
    next.extensions++;
  });
}

function offer(turn: Turn): void {
  const { trade } = turn.state;
  const made = trade.progress.offer;
  if (made?.by === "shop") cheat(turn, "takes the offer", { do: "offer/accept", version: made.version });
  const release = Number(totalOf(trade.terms.lines));
  if (made === undefined && BigInt(release) === trade.frozen)
    tell(turn, "THE BUYER offers to have all back.", "buyer", { do: "offer", release, pay: 0 });
}
