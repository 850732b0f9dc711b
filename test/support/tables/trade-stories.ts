/** Lives of a trade of ten tea sets at 100 each, step by step: who does what, and what the trade comes to. */
import type { MoveBody, Propose } from "../../../src/core/protocol/schemas.ts";

const some = (quantity: number) => [{ line: 1, quantity }];
export type Who = "buyer" | "shop" | "carrier" | "operator";
type Line = [who: Who, body: MoveBody, comesTo: string];

export const accept = (quantity: number, final = false): MoveBody => ({
  do: "accept",
  lines: some(quantity),
  final,
});
const reject = (quantity: number): MoveBody => ({ do: "reject", lines: some(quantity), reason: "broken" });
const answer: MoveBody = { do: "answer", statement: "it was otherwise" };
export const dispute: MoveBody = { do: "dispute", reason: "not what I asked for" };
const resolve = (outcome: "settle" | "release" | "resume"): MoveBody => ({
  do: "resolve",
  outcome,
  reason: "seen",
});
const kOfN: Partial<Propose> = { acceptance: { by: ["buyer", "carrier"], need: "all" } };

export const stories: [name: string, more: Partial<Propose>, lines: Line[], balance: string, shop: bigint][] =
  [
    [
      "part by part",
      {},
      [
        ["shop", { do: "deliver" }, "reserved 1000/0/0"],
        ["buyer", accept(7), "delivered 300/700/0"],
        ["buyer", accept(3), "settled 0/1000/0"],
      ],
      "9000 held 0",
      900n,
    ],
    ["seven, and no more", {}, [["buyer", accept(7, true), "settled 0/700/300"]], "9300 held 0", 630n],
    [
      "two must agree",
      kOfN,
      [
        ["carrier", accept(10), "delivered 1000/0/0"],
        ["buyer", accept(6), "delivered 400/600/0"],
        ["buyer", reject(4), "rejected 400/600/0"],
      ],
      "9400 held 400",
      540n,
    ],
    [
      "rejected and back",
      {},
      [
        ["buyer", reject(10), "rejected 1000/0/0"],
        ["carrier", { do: "return", lines: some(4) }, "rejected 1000/0/0"],
        ["shop", { do: "return" }, "rejected 0/0/1000"],
        ["shop", { do: "return" }, "nothing_to_return"],
      ],
      "10000 held 0",
      0n,
    ],
    [
      "rejected in part, the rest given up",
      {},
      [
        ["buyer", reject(4), "delivered 1000/0/0"],
        ["shop", { do: "cancel" }, "rejected 0/0/1000"],
      ],
      "10000 held 0",
      0n,
    ],
    [
      "a dispute for the shop",
      {},
      [
        ["buyer", dispute, "disputed 1000/0/0"],
        ["shop", resolve("settle"), "not_allowed"],
        ["operator", resolve("settle"), "settled 0/1000/0"],
      ],
      "9000 held 0",
      900n,
    ],
    [
      "a dispute for the buyer",
      {},
      [
        ["shop", dispute, "disputed 1000/0/0"],
        ["operator", resolve("release"), "cancelled 0/0/1000"],
      ],
      "10000 held 0",
      0n,
    ],
    [
      "a dispute divided",
      {},
      [
        ["shop", dispute, "disputed 1000/0/0"],
        ["operator", resolve("settle"), "still_running"],
        ["buyer", answer, "disputed 1000/0/0"],
        ["operator", { do: "resolve", outcome: "split", amount: 250, reason: "seen" }, "settled 0/250/750"],
      ],
      "9750 held 0",
      225n,
    ],
    [
      "a dispute for nothing",
      {},
      [
        ["shop", dispute, "disputed 1000/0/0"],
        ["buyer", accept(1), "disputed 900/100/0"],
        ["operator", resolve("resume"), "delivered 900/100/0"],
      ],
      "9900 held 900",
      90n,
    ],
    [
      "changed my mind",
      { coolingOff: { for: "P14D", goods: "keep" } },
      [
        ["buyer", accept(10), "settled 0/1000/0"],
        ["buyer", { do: "refund", amount: 1000, reason: "no" }, "not_allowed"],
        ["buyer", { do: "withdraw", reason: "no" }, "settled 0/1000/0 back 1000"],
        ["buyer", { do: "withdraw", reason: "no" }, "already_withdrawn"],
      ],
      "10000 held 0",
      0n,
    ],
  ];
