/** What a guarantor's rail asks the collecting institution for, and what it does in its own books, one line a step. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  collected,
  given,
  reserve,
  type Step,
  take,
  type Wait,
} from "../../../test/support/tables/trades.ts";
import { withdraw } from "../../../test/support/tables/ways.ts";
import type { Terms } from "../../core/trade/trade.ts";
import { isRefused } from "../../core/protocol/protocol.ts";
import { Books } from "../../storage/ledger/ledger.ts";
import { isOfCollection } from "../outbox/outbox.ts";
import { openOnGuarantee } from "./guarantee.ts";

type Tie = [account: string, institution: string];
const usualTies: Tie[] = [
  ["shop", "bank"],
  ["fee", "bank"],
];

interface Setting {
  terms?: Partial<Terms>;
  ties?: Tie[];
  trusted?: string[];
}

/** The books of a guarantor with one credit line, and the rail on them. */
function railOf({ ties = usualTies, trusted = [] }: Setting) {
  const books = new Books();
  for (const [id, kind, floor] of [
    ["account", "credit", -5000n],
    ["shop", "shop", 0n],
    ["fee", "fee", 0n],
  ] as const)
    books.accounts.set(id, { id, kind, currency: "JPY", posted: 0n, held: 0n, floor, closed: false });
  let ids = 0;
  const known = ties.map(([account, institution]) => ({
    account,
    institution,
    consent: `${account} at ${institution}`,
  }));
  return { books, rail: openOnGuarantee(books, known, () => `id ${(ids += 1)}`, new Set(trusted)) };
}

/** What the last of these steps comes to: how, what was asked since, and what stands in the books. */
function last(setting: Setting, steps: (Step | Wait)[]): string {
  const { books, rail } = railOf(setting);
  let trade = given({ ...collected, ...setting.terms }, []);
  let how = "";
  let asked = 0;
  for (const step of steps) {
    if (!Array.isArray(step)) continue;
    const result = take(trade, step);
    if (isRefused(result)) return assert.fail(result.refused);
    asked = rail.asked.length;
    const effects = result.effects.flatMap((effect) =>
      effect.do === "use mandate" || effect.do === "use advance" ? [] : [effect],
    );
    const posted = rail.post(trade, effects, trade.updatedAt, result.next);
    how = posted.how === "refused" ? posted.code : posted.how;
    if (posted.how === "done") trade = result.next;
  }
  const words = rail.asked.slice(asked).map(({ body, institution }) => {
    assert.ok(isOfCollection(body));
    const amount =
      body.do === "due" ? `${body.amount} v${body.version}` : body.do === "heard" ? body.paid : body.total;
    const fee = body.do === "due" && body.fee !== undefined ? ` fee ${body.fee.amount}` : "";
    const until =
      body.do === "due" && body.payableFrom !== undefined ? ` until ${body.payableFrom.slice(5, 10)}` : "";
    return `${body.do} ${amount}${fee}${until} at ${institution}`;
  });
  const { held = 0n, posted = 0n } = books.accounts.get("account") ?? {};
  return [how, ...words, `${posted} held ${held}`].join("; ");
}

const collect = (total: number): Step => ["collector", { do: "collect", total }];
const claim: Step = ["shop", { do: "claim" }, 10];
const plain = { terms: { coolingOff: null } };
const owing = [reserve, accept()];

const cases: [name: string, setting: Setting, steps: (Step | Wait)[], comes: string][] = [
  ["a reservation is a hold here, and asks nobody", plain, [reserve], "done; 0 held 1000"],
  [
    "a shop that could not be paid is not reserved for",
    { ...plain, ties: [["fee", "bank"]] },
    [reserve],
    "account_not_tied; 0 held 0",
  ],
  [
    "nor one where this server could not have its fee",
    {
      ...plain,
      ties: [
        ["shop", "bank"],
        ["fee", "post"],
      ],
    },
    [reserve],
    "account_not_tied; 0 held 0",
  ],
  [
    "but without a fee",
    {
      ...plain,
      terms: { coolingOff: null, fee: { fixed: 0, basisPoints: 0, roundTo: "shop" } },
      ties: [["shop", "bank"]],
    },
    [reserve],
    "done; 0 held 1000",
  ],
  [
    "what is accepted is due, and nobody waits for that",
    plain,
    owing,
    "done; due 1000 v1 fee 100 at bank; 0 held 1000",
  ],
  [
    "more is told again",
    plain,
    [reserve, accept(4), accept(6)],
    "done; due 1000 v2 fee 100 at bank; 0 held 1000",
  ],
  [
    "where both can be paid at several, it is one of them",
    { ...plain, ties: [["shop", "post"], ["fee", "post"], ["shop", "acme"], ...usualTies] },
    owing,
    "done; due 1000 v1 fee 100 at bank; 0 held 1000",
  ],
  [
    "while the buyer may change their mind, the shop cannot take it out",
    {},
    owing,
    "done; due 1000 v1 fee 100 until 12-06 at bank; 0 held 1000",
  ],
  [
    "unless this server answers for the shop",
    { trusted: ["shop"] },
    owing,
    "done; due 1000 v1 fee 100 at bank; 0 held 1000",
  ],
  [
    "the hold of what is collected goes on, and nothing is asked",
    plain,
    [...owing, collect(1000)],
    "done; 0 held 1000",
  ],
  [
    "and is freed without a word to anybody",
    plain,
    [...owing, collect(1000), ["shop", { do: "release" }]],
    "done; 0 held 0",
  ],
  [
    "a claim asks first, and moves nothing",
    plain,
    [...owing, claim],
    "withdrawing; due 0 v2 at bank; 0 held 1000",
  ],
  [
    "a withdrawal asks first as well",
    {},
    [...owing, withdraw({ q: 3 })],
    "withdrawing; due 700 v2 fee 70 until 12-07 at bank; 0 held 1000",
  ],
  [
    "a refund of what was collected is asked for",
    plain,
    [...owing, collect(1000), ["shop", { do: "refund", amount: 300, reason: "sorry" }]],
    "asked; reimburse 300 at bank; 0 held 1000",
  ],
];

for (const [name, setting, steps, comes] of cases)
  test(name, () => assert.equal(last(setting, steps), comes));

test("after a wait the institution is told what is so, and nothing twice", () => {
  const { rail } = railOf(plain);
  const trade = given({ ...collected, ...plain.terms }, owing);
  trade.progress.guarantee = { ...(trade.progress.guarantee ?? assert.fail()), collector: "bank" };
  rail.follow(trade, trade, trade.updatedAt);
  rail.follow(trade, trade, trade.updatedAt);
  assert.deepEqual(
    rail.asked.map(({ body }) => body.do === "due" && [body.amount, body.version]),
    [[1000, 1]],
  );
});
