/**
 * What those who send, carry, receive and judge goods do next: mostly what is honest, and in some lives one of them cheats: a
 * buyer keeps what they should send back, a shop says that things came which it never sent, a side says nothing.
 */
import type { MoveBody } from "../../../src/core/protocol/schemas.ts";
import type { Lot, Trade } from "../../../src/core/trade/trade.ts";
import type { Chance } from "./chance.ts";

export const cheats = [
  "nobody",
  "a buyer keeps",
  "a shop invents",
  "a silent buyer",
  "a silent shop",
] as const;
export type Cheat = (typeof cheats)[number];

export type Walker = "shop" | "buyer" | "operator" | "carrier";
export type WayWish = [who: Walker, body: MoveBody];

export class Ways {
  private readonly chance: Chance;
  private readonly cheat: Cheat;

  constructor(chance: Chance, cheat: Cheat) {
    this.chance = chance;
    this.cheat = cheat;
  }

  /** The next that somebody does about the goods of a trade; undefined where nobody who would is left. */
  next(trade: Trade): WayWish | undefined {
    const { lots, disputed, offer } = trade.progress;
    const wishes: WayWish[] = [];
    // What is under way goes on, or it would never come back.
    const isUnder = lots.length > 0 && this.chance.percent(75);
    if (offer !== undefined && this.chance.percent(50))
      return this.choose(trade, [
        [offer.by === "shop" ? "buyer" : "shop", { do: "offer/accept", version: offer.version }],
      ]);
    if (disputed !== null && this.chance.percent(50)) return this.choose(trade, this.ofDispute(trade));
    if (!isUnder && trade.frozen > 0n && trade.state !== "accepted") wishes.push(...this.sending(trade));
    for (const lot of lots) wishes.push(...this.ofLot(trade, lot));
    if (!isUnder && trade.settled > trade.refunded) wishes.push(...this.afterwards(trade));
    if (disputed !== null) wishes.push(...this.ofDispute(trade));
    if (offer === undefined && lots.length > 0) wishes.push(...this.offers(trade));
    return this.choose(trade, wishes);
  }

  private choose({ carrier }: Trade, wishes: WayWish[]): WayWish | undefined {
    const possible = wishes.filter(([who]) => this.speaks(who) && (who !== "carrier" || carrier !== null));
    return possible.length === 0 ? undefined : this.chance.pick(possible);
  }

  private speaks(who: Walker): boolean {
    return (
      !(this.cheat === "a silent buyer" && who === "buyer") &&
      !(this.cheat === "a silent shop" && who === "shop")
    );
  }

  private sending({ terms }: Trade): WayWish[] {
    const { chance } = this;
    const lines = [{ line: chance.int(1, terms.lines.length), quantity: chance.int(1, 2) }];
    const some = chance.percent(50) ? {} : { lines };
    const parcel = { number: chance.pick(["P", "Q"]) };
    if (this.cheat === "a shop invents") return [["shop", { do: "deliver", ...some }]];
    return [
      ["shop", { do: "ship", ...some, tracking: parcel }],
      ["shop", { do: "ship", lines, tracking: parcel }],
      ["carrier", { do: "ship", lines, tracking: parcel }],
      ["shop", { do: "deliver", ...some }],
    ];
  }

  private ofLot(trade: Trade, { line, quantity, at, parcel, back, home, kind }: Lot): WayWish[] {
    const lines = [{ line, quantity }];
    const tracking = parcel === undefined ? {} : { tracking: { number: parcel } };
    const reason = "not as agreed";
    const here: WayWish[] = [
      ["buyer", { do: "accept", lines }],
      ["buyer", { do: "reject", lines, reason, kind: "wrong" }],
      ["buyer", { do: "reject", lines, reason, kind: "missing" }],
      ["buyer", { do: "reject", lines, reason, kind: "never_came" }],
    ];
    if (at === "delivered") return here;
    if (at === "shipped")
      return [
        ...here,
        ["carrier", { do: "ship", ...tracking }],
        ["carrier", { do: "deliver", lines, ...tracking }],
        ["carrier", { do: "deliver", ...tracking }],
        ["carrier", { do: "send-back", lines, ...tracking }],
        ["buyer", { do: "deliver", lines }],
        ["buyer", { do: "cancel" }],
        ["shop", { do: "cancel", lines }],
      ];
    const home_ = back === undefined ? {} : { tracking: { number: back } };
    const looks: WayWish[] = [
      ["shop", { do: "return", lines }],
      ["shop", { do: "dispute", reason, contest: this.chance.pick(["not_back", "used"] as const), lines }],
      ["shop", { do: "return", lines, deduct: { amount: this.chance.int(1, 9), reason } }],
    ];
    if (kind === "missing" || kind === "never_came") return looks;
    if (home !== undefined && trade.terms.private !== true)
      return [...looks, ["carrier", { do: "send-back", ...home_ }], ["carrier", { do: "return", ...home_ }]];
    if (home !== undefined) return [["shop", { do: "return", lines }]];
    if (this.cheat === "a buyer keeps") return looks.slice(0, 2);
    return [
      ["buyer", { do: "send-back", lines, tracking: { number: this.chance.pick(["R", "S"]) } }],
      ["carrier", { do: "return", lines }],
      ["shop", { do: "return", lines }],
    ];
  }

  private afterwards({ terms }: Trade): WayWish[] {
    const line = this.chance.int(1, terms.lines.length);
    const some = this.chance.percent(50) ? {} : { lines: [{ line, quantity: 1 }] };
    return [["buyer", { do: "withdraw", reason: "changed my mind", ...some }]];
  }

  private ofDispute({ progress }: Trade): WayWish[] {
    const asked = progress.disputed?.asked ?? [];
    const answers = asked.map((side): WayWish => [side, { do: "answer", statement: "it was otherwise" }]);
    const outcome = this.chance.pick(["settle", "release", "return", "resume", "resume"] as const);
    return [...answers, ...answers, ["operator", { do: "resolve", outcome, reason: "looked" }]];
  }

  private offers(trade: Trade): WayWish[] {
    if (trade.terms.private === true) return [];
    const accepted = trade.progress.lines.reduce(
      (sum, line, index) => sum + line.accepted * (trade.terms.lines[index]?.unitAmount ?? 0),
      trade.progress.divided,
    );
    const open = Number(trade.frozen) - (accepted - Number(trade.settled));
    const pay = this.chance.int(0, Math.max(0, open));
    return [[this.chance.pick(["shop", "buyer"] as const), { do: "offer", release: open - pay, pay }]];
  }
}
