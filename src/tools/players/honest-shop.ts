/** An honest shop: ships what was ordered, looks at what comes back, contests what is not so, and answers when asked. */
import { unshippedGoods } from "../../core/trade/trade.ts";
import { pieceOf } from "./setting.ts";
import { add, inLots, isLast, knows, one, type Said, tell, type Turn } from "./turn.ts";
import { earlyTerms } from "./money.ts";
import { pickedUp } from "./carrier.ts";
import { putOrder, wish } from "./wishes.ts";
import { type Parcel, replaceParcel, send, shelfOf } from "./world.ts";

export function honestShop(turn: Turn): void {
  const { setting, state } = turn;
  if (setting.earmark !== undefined && putOrder(turn, "The shop")) turn.must = true;
  setting.lines.forEach((_, line) => shipOne(turn, line));
  if (
    setting.advance !== undefined &&
    tell(turn, "The shop is paid early.", "shop", { do: "advance", ...earlyTerms(setting) })
  )
    turn.must = true;
  if (setting.manner === "absent" || state.world.silent || !knows(turn, "shop")) return;
  if (setting.wishes !== undefined) wish(turn, "The shop");
  endGuarantee(turn);
  const before = turn.moves.length;
  for (const parcel of state.world.parcels) if (parcel.arrived) inspect(turn, parcel);
  const hasSeen = turn.moves.length === before;
  const { disputed } = state.trade.progress;
  if (disputed?.asked.includes("shop") === true && disputed.answerBy !== null) {
    due(turn, disputed.answerBy);
    // Who is asked looks first at what has come.
    if (hasSeen) tell(turn, "The shop answers.", "shop", { do: "answer", statement: "This is how it was." });
  }
  setting.lines.forEach((_, line) => {
    contestUnsent(turn, line);
    answerMissing(turn, line);
    giveUpLost(turn, line);
  });
}

/** Frees what a collector has paid it, and claims what nobody has paid in time. */
function endGuarantee(turn: Turn): void {
  if (turn.state.trade.progress.guarantee === undefined) return;
  const done = [
    tell(turn, "The shop frees what it was paid.", "shop", { do: "release" }),
    tell(turn, "The shop claims what nobody has paid.", "shop", { do: "claim" }),
  ];
  if (done.includes(true) && turn.setting.manner === "prompt") turn.must = true;
}

function due(turn: Turn, at: Date | string | null | undefined): void {
  if (turn.setting.manner === "prompt" || isLast(turn, at)) turn.must = true;
}

function shipOne(turn: Turn, line: number): void {
  const { setting, state } = turn;
  const { trade, world } = state;
  if (trade.state !== "reserved" && trade.state !== "delivered") return;
  if (shelfOf(world, line).shop === 0 || world.silent) return;
  if (!unshippedGoods(trade).some((goods) => goods.line === line + 1)) return;
  const tracked = setting.trackedOut;
  const sent = add(turn, `The shop sends ${pieceOf(line)}${tracked ? " by the carrier" : ""}.`, (next) => {
    shelfOf(next, line).shop--;
    const parcel = send(next, { line, what: "good", to: "buyer", left: setting.lasts.transit }, tracked);
    const tracking = parcel.number === undefined ? {} : { tracking: { number: parcel.number } };
    return [{ role: "shop", command: { do: "ship", lines: one(line), ...tracking } }, ...pickedUp(parcel)];
  });
  if (sent && (setting.manner === "prompt" || setting.manner === "absent")) turn.must = true;
}

/** Looks at a parcel that has come back: confirms what is right, contests what is not. */
function inspect(turn: Turn, parcel: Parcel): void {
  const { number } = parcel;
  // The machine may take it for goods of another line, of which nobody has said with what they came.
  const known = turn.state.trade.progress.lots.find(({ back }) => back !== undefined && back === number);
  const line = known === undefined ? parcel.line : known.line - 1;
  const what = line === parcel.line ? parcel.what : "another article";
  const lines = one(line);
  const words: Said[] = [undefined, number].map((each) => {
    const tracking = each === undefined ? {} : { tracking: { number: each } };
    return {
      role: "shop",
      command:
        what === "good"
          ? { do: "return", lines, ...tracking }
          : { do: "dispute", reason: "Another article.", contest: "another_article", lines, ...tracking },
    };
  });
  const label =
    what === "good"
      ? `The shop confirms that ${pieceOf(line)} is back.`
      : "The shop contests: it is another article.";
  // With the number where the machine knows it; a parcel of which nobody has spoken is named by its goods.
  const taken = words.reverse().some((said) =>
    add(turn, label, (world) => {
      replaceParcel(world, parcel);
      if (parcel.what === "good") shelfOf(world, parcel.line).shop++;
      return [said];
    }),
  );
  if (taken) due(turn, turn.state.trade.progress.clocks.inspectBy);
}

/** Said to be sent back, by whomever, and nothing has come: contested at the last moment. */
function contestUnsent(turn: Turn, line: number): void {
  const { trade, world } = turn.state;
  const { inspectBy } = trade.progress.clocks;
  if (!isLast(turn, inspectBy)) return;
  const here = world.parcels.filter((parcel) => parcel.line === line && parcel.to === "shop");
  for (const lot of trade.progress.lots) {
    if (lot.line !== line + 1 || lot.home === undefined || lot.contested !== undefined) continue;
    if (lot.home === "undeliverable") continue;
    if (here.some(({ number, arrived }) => number === lot.back || arrived)) continue;
    const tracking = lot.back === undefined ? {} : { tracking: { number: lot.back } };
    const said = tell(turn, `The shop contests: ${pieceOf(line)} is not back.`, "shop", {
      do: "dispute",
      reason: "It is not back.",
      contest: "not_back",
      lines: one(line),
      ...tracking,
    });
    if (said) turn.must = true;
    return;
  }
}

/** The buyer says that goods are missing or never came. */
function answerMissing(turn: Turn, line: number): void {
  const { trade, world } = turn.state;
  const open = inLots(
    turn.state,
    line,
    ({ at, kind, contested }) => at === "rejected" && kind !== "wrong" && contested === undefined,
  );
  if (open === 0) return;
  const { lost } = shelfOf(world, line);
  const said =
    lost > 0
      ? tell(turn, `The shop agrees that ${pieceOf(line)} is lost.`, "shop", {
          do: "return",
          lines: one(line),
        })
      : tell(turn, `The shop contests: ${pieceOf(line)} was sent.`, "shop", {
          do: "dispute",
          reason: "It was sent.",
          contest: "no_right",
          lines: one(line),
        });
  if (said) due(turn, trade.progress.clocks.inspectBy);
}

function giveUpLost(turn: Turn, line: number): void {
  const { state } = turn;
  if (shelfOf(state.world, line).lost === 0 || inLots(state, line, ({ at }) => at === "shipped") === 0)
    return;
  const { deliverBy } = state.trade.progress.clocks;
  if (deliverBy === undefined || Date.parse(deliverBy) > state.now) return;
  tell(turn, `The shop gives ${pieceOf(line)} up as lost.`, "shop", { do: "cancel", lines: one(line) });
}
