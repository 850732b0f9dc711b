/** An honest buyer: accepts what is right, rejects what is wrong and sends it back, and answers when asked. */
import { pieceOf } from "./setting.ts";
import { add, duePayment, inLots, isLast, knows, type Lot, one, payBill, tell, type Turn } from "./turn.ts";
import { pickedUp } from "./carrier.ts";
import { answerWish } from "./wishes.ts";
import { send, shelfOf, type World } from "./world.ts";

const isUndecided = (lot: Lot): boolean => lot.at === "shipped" || lot.at === "delivered";
const awaitsSending = (lot: Lot): boolean =>
  lot.home === undefined && (lot.at === "withdrawn" || (lot.at === "rejected" && lot.kind === "wrong"));

export function honestBuyer(turn: Turn): void {
  const { setting, state } = turn;
  if (setting.manner === "absent" || state.world.silent || !knows(turn, "buyer")) return;
  if (setting.manner === "fading" && (state.trade.frozen > 0n || state.trade.progress.lots.length > 0))
    add(turn, "The buyer falls silent for good.", (world) => {
      world.silent = true;
      return [];
    });
  const before = turn.moves.length;
  setting.lines.forEach((_, line) => look(turn, line));
  const hasSeen = turn.moves.length === before;
  const { disputed } = state.trade.progress;
  if (disputed?.asked.includes("buyer") === true && disputed.answerBy !== null) {
    due(turn, disputed.answerBy);
    // Who is asked looks first at what has come.
    if (hasSeen)
      tell(turn, "The buyer answers.", "buyer", { do: "answer", statement: "This is how it was." });
  }
  if (hasSeen) payDue(turn);
  payBill(turn, "The buyer");
  if (setting.wishes !== undefined) answerWish(turn, "The buyer");
  setting.lines.forEach((_, line) => {
    sendBack(turn, line);
    askForLate(turn, line);
    changeMind(turn, line);
  });
}

/** Pays at a collector what is accepted, once there is nothing to look at any more. */
function payDue(turn: Turn): void {
  const payment = duePayment(turn.state);
  if (payment === undefined) return;
  if (tell(turn, "The buyer pays what is due at a collector.", payment.role, payment.command))
    due(turn, turn.state.trade.progress.guarantee?.payBy);
}

/** A prompt buyer acts now, another at the last moment. */
function due(turn: Turn, at: Date | string | null | undefined): void {
  if (turn.setting.manner === "prompt" || isLast(turn, at)) turn.must = true;
}

/** Until when what has come is not decided about. */
function lookBy({ state }: Turn): Date | string | null | undefined {
  const { disputed } = state.trade.progress;
  return disputed === null ? state.trade.acceptBy : disputed.lookBy;
}

/** Looks at what has come, and says what it is. */
function look(turn: Turn, line: number): void {
  const { state } = turn;
  const { world } = state;
  const shelf = shelfOf(world, line);
  const goods = shelf.buyer - shelf.kept - shelf.sending;
  const bricks = shelf.bricks - shelf.bricksSending;
  const delivered = inLots(state, line, ({ at }) => at === "delivered");
  const until = lookBy(turn);
  if (goods > 0 && inLots(state, line, isUndecided) > 0) {
    const taken = add(turn, `The buyer accepts ${pieceOf(line)}.`, (next) => {
      shelfOf(next, line).kept++;
      return [{ role: "buyer", command: { do: "accept", lines: one(line) } }];
    });
    if (taken && delivered > 0) due(turn, until);
  }
  if (bricks > 0) rejectBrick(turn, line, delivered > 0);
  const denied =
    delivered - inLots(state, line, ({ at, received }) => at === "delivered" && received === true);
  if (denied > 0 && delivered > goods + bricks) {
    const kind = world.shelves.some(({ seen }) => seen > 0) ? "missing" : "never_came";
    const how = kind === "missing" ? "was not in what came" : "never came";
    const said = tell(turn, `The buyer says that ${pieceOf(line)} ${how}.`, "buyer", {
      do: "reject",
      kind,
      lines: one(line),
      reason: "It is not here.",
    });
    if (said) due(turn, until);
  }
}

function rejectBrick(turn: Turn, line: number, delivered: boolean): void {
  const { trade } = turn.state;
  const note = (world: World) => shelfOf(world, line).bricksSending++;
  if (inLots(turn.state, line, isUndecided) > 0) {
    const taken = add(turn, "The buyer finds a brick and rejects it.", (world) => {
      note(world);
      return [
        { role: "buyer", command: { do: "reject", kind: "wrong", lines: one(line), reason: "A brick." } },
      ];
    });
    if (taken && delivered) due(turn, lookBy(turn));
    return;
  }
  const taken = add(turn, "The buyer takes back what silence said of a brick.", (world) => {
    note(world);
    return [{ role: "buyer", command: { do: "withdraw", lines: one(line), reason: "A brick." } }];
  });
  if (taken) due(turn, trade.progress.silent?.until);
}

/** Sends back what was rejected or withdrawn. */
function sendBack(turn: Turn, line: number): void {
  const { setting, state } = turn;
  const shelf = shelfOf(state.world, line);
  if (inLots(state, line, awaitsSending) === 0) return;
  for (const what of ["brick", "good"] as const) {
    if ((what === "brick" ? shelf.bricksSending : shelf.sending) === 0) continue;
    const name = what === "brick" ? "the brick" : pieceOf(line);
    const tracked = setting.trackedBack;
    const sent = add(turn, `The buyer sends ${name} back${tracked ? " by the carrier" : ""}.`, (world) => {
      const from = shelfOf(world, line);
      if (what === "brick") {
        from.bricks--;
        from.bricksSending--;
      } else {
        from.buyer--;
        from.sending--;
      }
      const parcel = send(world, { line, what, to: "shop", left: setting.lasts.transit }, tracked);
      const tracking = parcel.number === undefined ? {} : { tracking: { number: parcel.number } };
      return [
        { role: "buyer", command: { do: "send-back", lines: one(line), ...tracking } },
        ...pickedUp(parcel),
      ];
    });
    if (sent) due(turn, state.trade.progress.clocks.returnBy);
  }
}

/** What should have come and has not: the buyer says so. */
function askForLate(turn: Turn, line: number): void {
  const { setting, state } = turn;
  const { trade, world, now } = state;
  const { deliverBy } = trade.progress.clocks;
  if (deliverBy === undefined || Date.parse(deliverBy) > now) return;
  const shelf = shelfOf(world, line);
  const come = shelf.buyer - shelf.kept - shelf.sending + shelf.bricks - shelf.bricksSending;
  if (inLots(state, line, ({ at }) => at === "shipped") <= come) return;
  const said = [
    tell(turn, "The buyer cancels what has not come: a dispute.", "buyer", { do: "cancel" }),
    tell(turn, `The buyer says that ${pieceOf(line)} never came.`, "buyer", {
      do: "reject",
      kind: "never_came",
      lines: one(line),
      reason: "It never came.",
    }),
  ];
  if (said.includes(true) && setting.manner === "prompt") turn.must = true;
}

/** Changes their mind within cooling-off. */
function changeMind(turn: Turn, line: number): void {
  const { setting, state } = turn;
  if (setting.coolingOff === undefined || shelfOf(state.world, line).kept === 0) return;
  add(turn, `The buyer withdraws from ${pieceOf(line)}.`, (world) => {
    const shelf = shelfOf(world, line);
    if (setting.coolingOff === "return") {
      shelf.kept--;
      shelf.sending++;
    }
    return [{ role: "buyer", command: { do: "withdraw", lines: one(line), reason: "A change of mind." } }];
  });
}
