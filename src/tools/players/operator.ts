/** An honest operator, who decides disputes by the written rule: what independent parties saw, and else against who sent. */
import { catchUp, giveUpBill, isLast, type Lot, type Turn } from "./turn.ts";
import { copy, say, type State } from "./state.ts";
import { judge, shelfOf } from "./world.ts";

type Verdict = { for: "shop" | "buyer" } | { either: string };

/** What the written rule says of goods whose deadlines are over. */
function verdictOn(lot: Lot): Verdict {
  const seen = lot.seen === "delivered";
  const returning = lot.home === "picked_up" || lot.home === "back";
  if (lot.contested === "another_article" && returning) return { either: "the contents of what came back" };
  if (returning) return { for: "buyer" };
  if (lot.home === "undeliverable") return { either: "why it could not be brought back" };
  switch (lot.at) {
    case "shipped":
      return { for: seen ? "shop" : "buyer" };
    case "delivered":
      return { for: seen || lot.received === true ? "shop" : "buyer" };
    case "withdrawn":
      return { for: "shop" };
    case "rejected":
      if (lot.kind === "missing" && seen) return { either: "the contents of what came" };
      return { for: seen ? "shop" : "buyer" };
  }
}

/** Whom nothing has reached cannot have said what came: that is asked by telephone, and no rule answers it. */
function untold({ setting }: Turn, lot: Lot): Verdict | undefined {
  if (setting.untold !== "buyer" || lot.at !== "delivered") return undefined;
  return { either: "what came to somebody whom nothing has reached" };
}

/** The goods of a dispute that can be decided, by trying: the machine says which still have a deadline of their own. */
export function operator(turn: Turn): void {
  const { disputed, lots } = turn.state.trade.progress;
  giveUpBill(turn);
  if (disputed === null) return;
  if (turn.setting.collusion === "operator") decideAs(turn, turn.setting.cheat);
  if (disputed.answerBy !== null) {
    if (turn.machine.hearsOne === true) decide(turn, turn.setting.cheat);
    return;
  }
  const before = turn.moves.length;
  const judged = lots.some((lot) => "either" in (untold(turn, lot) ?? verdictOn(lot)));
  for (const favoured of judged ? (["shop", "buyer"] as const) : (["shop"] as const)) decide(turn, favoured);
  const patient = turn.machine.isPatient === true;
  if (
    !patient &&
    turn.moves.length > before &&
    (turn.setting.manner === "prompt" || isLast(turn, disputed.decideBy))
  )
    turn.must = true;
  if (turn.state.trade.progress.disputed?.by !== "clock") letGoOn(turn);
}

/** Where nothing can be decided but goods that have not left, or by an operator who hesitates, the trade goes on as before. */
function letGoOn(turn: Turn): void {
  const { lots } = turn.state.trade.progress;
  const isDecided = (lot: Lot) => resolveOne(turn, copy(turn.state), lot, "shop") !== undefined;
  if (turn.setting.hesitant === undefined && lots.some(isDecided)) return;
  const command = { do: "resolve", outcome: "resume", reason: "Nothing to decide." } as const;
  const state = say(turn, copy(turn.state), "operator", command);
  if (state !== undefined)
    turn.moves.push({ label: "The operator lets the trade go on.", state: catchUp(turn, state), steps: 0 });
}

/** Decides lot by lot, each for itself; what cannot be decided yet is left. */
function decide(turn: Turn, favoured: "shop" | "buyer"): void {
  let next = copy(turn.state);
  const verdicts = { shop: 0, buyer: 0 };
  const why = new Set<string>();
  for (const lot of turn.state.trade.progress.lots) {
    const verdict = untold(turn, lot) ?? verdictOn(lot);
    const side = "for" in verdict ? verdict.for : favoured;
    const decided = resolveOne(turn, next, lot, side);
    if (decided === undefined) continue;
    verdicts[side] += lot.quantity;
    if ("either" in verdict && turn.machine.hearsOne !== true) {
      why.add(verdict.either);
      judge(decided.world, verdict.either);
      const shelf = shelfOf(decided.world, lot.line - 1);
      if (side === "shop") shelf.toShop += lot.quantity;
      else shelf.toBuyer += lot.quantity;
    }
    next = decided;
  }
  next = endIt(turn, next) ?? next;
  if (next.trade === turn.state.trade) return;
  const told = (["shop", "buyer"] as const).filter((side) => verdicts[side] > 0);
  const by =
    turn.machine.hearsOne === true
      ? "with the word of one side alone"
      : why.size > 0
        ? `word against word about ${[...why].join(" and ")}`
        : "by what was seen";
  const whom = told.length === 0 ? "that nothing is owed" : `for the ${told.join(" and the ")}`;
  turn.moves.push({ label: `The operator decides ${whom}, ${by}.`, state: catchUp(turn, next), steps: 0 });
}

function resolveOne(turn: Turn, state: State, lot: Lot, side: "shop" | "buyer"): State | undefined {
  if (state.trade.progress.disputed === null) return undefined;
  if (turn.machine.waits(state.trade, lot, new Date(state.now))) return undefined;
  const lines = [{ line: lot.line, quantity: lot.quantity }];
  const outcome = side === "shop" ? "settle" : "release";
  const command = { do: "resolve", outcome, lines, reason: "By the rule." } as const;
  return say(turn, copy(state), "operator", command);
}

/** What has not left the shop is released, and the dispute is over; goods with a deadline of their own go on. */
function endIt(turn: Turn, state: State): State | undefined {
  if (state.trade.progress.disputed === null) return undefined;
  const lots = state.trade.progress.lots.length;
  const command = { do: "resolve", outcome: "release", reason: "The rest goes on." } as const;
  const said = say(turn, copy(state), "operator", command);
  return said === undefined || said.trade.progress.lots.length < lots ? undefined : said;
}

/** An operator who decides for one side whatever was seen. */
function decideAs(turn: Turn, side: "shop" | "buyer"): void {
  const outcome = side === "shop" ? "settle" : "release";
  const command = { do: "resolve", outcome, reason: "As I was asked." } as const;
  const state = say(turn, copy(turn.state), "operator", command);
  if (state !== undefined)
    turn.moves.push({
      label: `The operator decides for the ${side} as they were asked to.`,
      state: catchUp(turn, state),
      steps: 0,
    });
}
