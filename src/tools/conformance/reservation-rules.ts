/** What becomes of money: each instruction to the unit, and where it stops. */
import type { Workbench } from "./workbench.ts";
import {
  batch,
  move,
  neverMade,
  read,
  refused,
  refuses,
  reserve,
  shows,
  stands,
  usual,
  wishOf,
  type Rule,
  rulesOf,
} from "./steps.ts";
import { same } from "./message.ts";

const someone = "00000000-0000-4000-8000-00000000beef";

/** Makes a reservation, does one thing to it, and looks how it stands, in the answer and afterwards. */
const becomes = (does: string, body: object | ((workbench: Workbench) => object), expected: string) => {
  return async (workbench: Workbench): Promise<void> => {
    const id = await reserve(workbench);
    const heard = await move(workbench, id, does, typeof body === "function" ? body(workbench) : body);
    shows(`the answer to ${does}`, heard, expected);
    await stands(workbench, id, expected);
  };
};

const freezes: Rule["check"] = async (workbench) => {
  const wish = wishOf(workbench);
  const heard = await workbench.ask("POST", "/v1/reservations", wish);
  workbench.made.add(String(wish["id"]));
  same("status", heard.status, 201);
  const { id, tradeNumber, amount, currency, until } = wish;
  const expected = {
    id,
    tradeNumber,
    state: "held",
    currency,
    amount,
    settled: 0,
    released: 0,
    refunded: 0,
    until,
  };
  for (const [name, value] of Object.entries(expected)) same(name, heard.json[name], value);
};

const tells: Rule["check"] = async (workbench) => {
  const wish = wishOf(workbench);
  const made = await workbench.ask("POST", "/v1/reservations", wish);
  workbench.made.add(String(wish["id"]));
  const heard = await read(workbench, String(wish["id"]));
  same("status", heard.status, 200);
  same("what GET tells", heard.json, made.json);
};

const inSteps: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  const steps = [
    ["settle", { amount: 300 }, "held 700/300/0"],
    ["release", { amount: 200 }, "held 500/300/200"],
    ["settle", { amount: 100 }, "held 400/400/200"],
    ["settle", {}, "settled 0/800/200"],
    ["refund", { amount: 50 }, "settled 0/800/200 refunded 50"],
  ] as const;
  for (const [does, body, expected] of steps) shows(does, await move(workbench, id, does, body), expected);
  await stands(workbench, id, "settled 0/800/200 refunded 50");
};

const paysOut: Rule["check"] = async (workbench) => {
  const { receive, own } = workbench.config.peer;
  const id = await reserve(workbench);
  const splits = [
    { account: receive, amount: 570 },
    { account: own.receive, amount: 30 },
  ];
  shows("settle", await move(workbench, id, "settle", { amount: 600, splits }), "held 400/600/0");
  const sources = [
    { account: receive, amount: 40 },
    { account: own.receive, amount: 10 },
  ];
  shows("refund", await move(workbench, id, "refund", { amount: 50, sources }), "held 400/600/0 refunded 50");
};

const moves: Rule["check"] = async (workbench) => {
  const { own, receive } = workbench.config.peer;
  // What is moved was paid in before, so that the own account never runs dry.
  const paid = await reserve(workbench);
  const splits = [
    { account: receive, amount: usual - 20 },
    { account: own.receive, amount: 20 },
  ];
  shows("settle", await move(workbench, paid, "settle", { splits }), `settled 0/${usual}/0`);
  const { currency } = workbench.config;
  const id = workbench.newId();
  const tradeNumber = workbench.newTrade();
  const asked = { do: "transfer", id, from: own.pay, to: receive, amount: 20, currency, tradeNumber };
  const [outcome] = await batch(workbench, [asked]);
  same("status of the transfer", outcome?.status, 201);
  for (const [name, value] of Object.entries({ id, tradeNumber, currency, amount: 20 }))
    same(name, outcome?.json[name], value);
};

const replaces: Rule["check"] = async (workbench) => {
  const tradeNumber = workbench.newTrade();
  const old = await reserve(workbench, { tradeNumber });
  await reserve(workbench, { tradeNumber, amount: 700, replaces: old });
  await stands(workbench, old, `released 0/0/${usual}`);
};

const replacesOwnTrade: Rule["check"] = async (workbench) => {
  const old = await reserve(workbench);
  const wish = wishOf(workbench, { replaces: old });
  refused("replaces of another trade", await workbench.ask("POST", "/v1/reservations", wish), "not_found");
  await stands(workbench, old, `held ${usual}/0/0`);
  await neverMade(workbench, String(wish["id"]));
};

const replacesEnded: Rule["check"] = async (workbench) => {
  const tradeNumber = workbench.newTrade();
  const old = await reserve(workbench, { tradeNumber });
  await move(workbench, old, "release");
  await reserve(workbench, { tradeNumber, amount: 700, replaces: old });
  await stands(workbench, old, `released 0/0/${usual}`);
};

/** An account of the server's own is named by the consent to receive, whether money comes or goes. */
const ownShares: Rule["check"] = async (workbench) => {
  const { receive, own } = workbench.config.peer;
  const id = await reserve(workbench);
  const shares = (account: string) => [
    { account: receive, amount: 90 },
    { account, amount: 10 },
  ];
  const pays = (account: string) => move(workbench, id, "settle", { amount: 100, splits: shares(account) });
  const returns = (account: string) =>
    move(workbench, id, "refund", { amount: 100, sources: shares(account) });
  refused("the consent to pay in splits", await pays(own.pay), "consent_not_valid");
  shows("the consent to receive in splits", await pays(own.receive), "held 900/100/0");
  refused("the consent to pay in sources", await returns(own.pay), "consent_not_valid");
  shows("the consent to receive in sources", await returns(own.receive), "held 900/100/0 refunded 100");
};

const replacesUnpaid: Rule["check"] = async (workbench) => {
  const tradeNumber = workbench.newTrade();
  const old = await reserve(workbench, { tradeNumber });
  await move(workbench, old, "settle", { amount: 1 });
  const wish = wishOf(workbench, { tradeNumber, replaces: old });
  refused(
    "replaces of what was paid from",
    await workbench.ask("POST", "/v1/reservations", wish),
    "hold_ended",
  );
  await stands(workbench, old, `held ${usual - 1}/1/0`);
};

/** The payee named last is paid; the payee before is paid nothing. */
const consentedPayee: Rule["check"] = async (workbench) => {
  const { peer, other } = workbench.config;
  const id = await reserve(workbench);
  for (const payee of [someone, peer.pay, other.receive])
    refused(`assign to ${payee}`, await move(workbench, id, "assign", { payee }), "consent_not_valid");
  await stands(workbench, id, `held ${usual}/0/0`);
};

const some = "amount_exceeds_hold";
const settled = ["settle", {}] as const;
const released = ["release", {}] as const;
const half = ["settle", { amount: 500 }] as const;
const splitsOf =
  (...amounts: number[]) =>
  (workbench: Workbench) => ({
    amount: 600,
    splits: amounts.map((amount, index) => ({
      account: index === 0 ? workbench.config.peer.receive : workbench.config.peer.own.receive,
      amount,
    })),
  });

export const reservationRules: readonly Rule[] = rulesOf("Payments: instructions", [
  ["reserve.freezes", "A reservation freezes its amount and says so", freezes],
  ["reserve.tells", "GET tells of a reservation what the answer told", tells],
  ["reserve.replaces", "`replaces` gives the older reservation back in the same step", replaces],
  ["reserve.replaces-same-trade", "`replaces` is for a reservation of the same trade", replacesOwnTrade],
  ["reserve.replaces-unpaid", "`replaces` is for what has not been paid from", replacesUnpaid],
  ["reserve.replaces-ended", "`replaces` of what was given back already is no mistake", replacesEnded],
  ["settle.all", "settle without an amount pays all", becomes("settle", {}, `settled 0/${usual}/0`)],
  [
    "settle.part",
    "settle with an amount keeps the rest frozen",
    becomes("settle", { amount: 700 }, "held 300/700/0"),
  ],
  [
    "settle.final",
    "settle with `final` gives the rest back",
    becomes("settle", { amount: 700, final: true }, "settled 0/700/300"),
  ],
  [
    "settle.release",
    "settle with `release` gives so much back",
    becomes("settle", { amount: 700, release: 200 }, "held 100/700/200"),
  ],
  ["settle.splits", "settle pays shares, refund takes from shares", paysOut],
  ["settle.splits-own", "The server's own account is named by its consent to receive", ownShares],
  [
    "settle.splits-too-much",
    "Shares that come to more than the amount are refused",
    refuses([], ["settle", splitsOf(590, 20)], ["amount_mismatch"]),
  ],
  [
    "settle.splits-too-little",
    "Shares that come to less than the amount are refused",
    refuses([], ["settle", splitsOf(500, 20)], ["amount_mismatch"]),
  ],
  ["settle.over", "More than is frozen cannot be paid", refuses([half], ["settle", { amount: 501 }], [some])],
  [
    "settle.over-release",
    "Paying and giving back more than is frozen does neither",
    refuses([half], ["settle", { amount: 300, release: 201 }], [some]),
  ],
  [
    "settle.release-alone",
    "settle without an amount pays all, and leaves nothing to release",
    refuses([], ["settle", { release: 1 }], [some]),
  ],
  [
    "settle.twice",
    "What is settled is not settled again",
    refuses([settled], ["settle", {}], ["hold_ended"]),
  ],
  [
    "settle.after-release",
    "What was released is not settled",
    refuses([released], ["settle", { amount: 1 }], ["hold_ended"]),
  ],
  [
    "release.all",
    "release without an amount gives all back",
    becomes("release", {}, `released 0/0/${usual}`),
  ],
  [
    "release.part",
    "release with an amount keeps the rest frozen",
    becomes("release", { amount: 400 }, "held 600/0/400"),
  ],
  [
    "release.rest",
    "release after a part was paid ends it as settled",
    async (workbench) => {
      const id = await reserve(workbench);
      await move(workbench, id, "settle", { amount: 600 });
      shows("release", await move(workbench, id, "release"), "settled 0/600/400");
    },
  ],
  [
    "release.over",
    "More than is frozen cannot be given back",
    refuses([half], ["release", { amount: 501 }], [some]),
  ],
  [
    "release.twice",
    "What was given back is not given back again",
    refuses([released], ["release", {}], ["hold_ended"]),
  ],
  [
    "release.after-settle",
    "What was paid is not given back",
    refuses([settled], ["release", {}], ["hold_ended"]),
  ],
  [
    "refund.part",
    "refund gives back a part of what was paid",
    async (workbench) => {
      const id = await reserve(workbench);
      await move(workbench, id, "settle", { amount: 600 });
      shows("refund", await move(workbench, id, "refund", { amount: 250 }), "held 400/600/0 refunded 250");
      shows("refund of the rest", await move(workbench, id, "refund"), "held 400/600/0 refunded 600");
    },
  ],
  [
    "refund.over",
    "No more is given back than was paid",
    refuses([half], ["refund", { amount: 501 }], ["amount_exceeds_settled"]),
  ],
  [
    "refund.again",
    "What was given back is not given back again",
    refuses([half, ["refund", {}]], ["refund", { amount: 1 }], ["amount_exceeds_settled"]),
  ],
  [
    "refund.nothing-paid",
    "Where nothing was paid nothing is refunded",
    refuses([], ["refund", {}], ["amount_exceeds_settled"]),
  ],
  ["assign.consent", "assign names one who agreed to receive", consentedPayee],
  ["transfer.moves", "transfer moves money of the server's own", moves],
  ["reservation.in-steps", "A reservation can be paid and given back in many steps, to the unit", inSteps],
  [
    "reservation.unknown",
    "A reservation that nobody made is not there",
    async (workbench) => {
      refused("GET", await read(workbench, someone), "not_found");
      for (const does of ["settle", "release", "refund"])
        refused(does, await move(workbench, someone, does), "not_found");
    },
  ],
]);
