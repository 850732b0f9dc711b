/** What becomes of money: each instruction to the unit, and where it stops. */
import { type Bench, eventually, type Rule, rulesOf } from "./workbench.ts";
import { holds, same } from "./expectations.ts";
import {
  batch,
  move,
  neverMade,
  read,
  refused,
  reserve,
  shows,
  stands,
  toldOf,
  usual,
  wishOf,
} from "./steps.ts";

const day = 86_400;
const someone = "00000000-0000-4000-8000-00000000beef";

/** Makes a reservation, does one thing to it, and looks how it stands, in the answer and afterwards. */
const becomes = (does: string, body: object | ((bench: Bench) => object), expected: string) => {
  return async (bench: Bench): Promise<void> => {
    const id = await reserve(bench);
    const heard = await move(bench, id, does, typeof body === "function" ? body(bench) : body);
    shows(`the answer to ${does}`, heard, expected);
    await stands(bench, id, expected);
  };
};

/** Makes a reservation, does what is asked first, then what has to be refused without leaving a trace. */
const refuses = (
  first: readonly (readonly [does: string, body: object])[],
  [does, body]: readonly [string, object | ((bench: Bench) => object)],
  codes: readonly string[],
) => {
  return async (bench: Bench): Promise<void> => {
    const id = await reserve(bench);
    for (const [before, how] of first) {
      const heard = await move(bench, id, before, how);
      holds(`200 for ${before}`, heard.status === 200, toldOf(heard));
    }
    const before = toldOf(await read(bench, id));
    refused(does, await move(bench, id, does, typeof body === "function" ? body(bench) : body), ...codes);
    await stands(bench, id, before);
  };
};

const freezes: Rule["check"] = async (bench) => {
  const wish = wishOf(bench);
  const heard = await bench.ask("POST", "/v1/reservations", wish);
  bench.made.add(String(wish["id"]));
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

const tells: Rule["check"] = async (bench) => {
  const wish = wishOf(bench);
  const made = await bench.ask("POST", "/v1/reservations", wish);
  bench.made.add(String(wish["id"]));
  const heard = await read(bench, String(wish["id"]));
  same("status", heard.status, 200);
  same("what GET tells", heard.json, made.json);
};

const inSteps: Rule["check"] = async (bench) => {
  const id = await reserve(bench);
  const steps = [
    ["settle", { amount: 300 }, "held 700/300/0"],
    ["release", { amount: 200 }, "held 500/300/200"],
    ["settle", { amount: 100 }, "held 400/400/200"],
    ["settle", {}, "settled 0/800/200"],
    ["refund", { amount: 50 }, "settled 0/800/200 refunded 50"],
  ] as const;
  for (const [does, body, expected] of steps) shows(does, await move(bench, id, does, body), expected);
  await stands(bench, id, "settled 0/800/200 refunded 50");
};

const movesEnd: Rule["check"] = async (bench) => {
  const until = bench.inSeconds(day);
  const id = await reserve(bench);
  same("until after settle", (await move(bench, id, "settle", { amount: 1, until })).json["until"], until);
  const later = bench.inSeconds(2 * day);
  same("until after extend", (await move(bench, id, "extend", { until: later })).json["until"], later);
  same("until afterwards", (await read(bench, id)).json["until"], later);
};

const paysOut: Rule["check"] = async (bench) => {
  const { receive, own } = bench.grounds.peer;
  const id = await reserve(bench);
  const splits = [
    { account: receive, amount: 570 },
    { account: own.receive, amount: 30 },
  ];
  shows("settle", await move(bench, id, "settle", { amount: 600, splits }), "held 400/600/0");
  const sources = [
    { account: receive, amount: 40 },
    { account: own.receive, amount: 10 },
  ];
  shows("refund", await move(bench, id, "refund", { amount: 50, sources }), "held 400/600/0 refunded 50");
};

const moves: Rule["check"] = async (bench) => {
  const { own, receive } = bench.grounds.peer;
  // What is moved was paid in before, so that the own account never runs dry.
  const paid = await reserve(bench);
  const splits = [
    { account: receive, amount: usual - 20 },
    { account: own.receive, amount: 20 },
  ];
  shows("settle", await move(bench, paid, "settle", { splits }), `settled 0/${usual}/0`);
  const { currency } = bench.grounds;
  const id = bench.newId();
  const tradeNumber = bench.newTrade();
  const asked = { do: "transfer", id, from: own.pay, to: receive, amount: 20, currency, tradeNumber };
  const [outcome] = await batch(bench, [asked]);
  same("status of the transfer", outcome?.status, 201);
  for (const [name, value] of Object.entries({ id, tradeNumber, currency, amount: 20 }))
    same(name, outcome?.json[name], value);
};

const replaces: Rule["check"] = async (bench) => {
  const tradeNumber = bench.newTrade();
  const old = await reserve(bench, { tradeNumber });
  await reserve(bench, { tradeNumber, amount: 700, replaces: old });
  await stands(bench, old, `released 0/0/${usual}`);
};

const replacesOwnTrade: Rule["check"] = async (bench) => {
  const old = await reserve(bench);
  const wish = wishOf(bench, { replaces: old });
  refused("replaces of another trade", await bench.ask("POST", "/v1/reservations", wish), "not_found");
  await stands(bench, old, `held ${usual}/0/0`);
  await neverMade(bench, String(wish["id"]));
};

const replacesUnpaid: Rule["check"] = async (bench) => {
  const tradeNumber = bench.newTrade();
  const old = await reserve(bench, { tradeNumber });
  await move(bench, old, "settle", { amount: 1 });
  const wish = wishOf(bench, { tradeNumber, replaces: old });
  refused("replaces of what was paid from", await bench.ask("POST", "/v1/reservations", wish), "hold_ended");
  await stands(bench, old, `held ${usual - 1}/1/0`);
};

const runsOut: Rule["check"] = async (bench) => {
  const until = bench.inSeconds(3);
  const [unpaid, paid] = [await reserve(bench, { until }), await reserve(bench, { until })];
  shows("settle", await move(bench, paid, "settle", { amount: 300 }), "held 700/300/0");
  await eventually(bench, 15, "two reservations given back, as expired and as settled", async () => {
    const told = [toldOf(await read(bench, unpaid)), toldOf(await read(bench, paid))].join(", ");
    return [told === `expired 0/0/${usual}, settled 0/300/700`, told] as const;
  });
  refused("settle after the end", await move(bench, unpaid, "settle", { amount: 1 }), "hold_ended");
  refused(
    "extend after the end",
    await move(bench, unpaid, "extend", { until: bench.inSeconds(day) }),
    "hold_ended",
  );
  shows("refund after the end", await move(bench, paid, "refund"), "settled 0/300/700 refunded 300");
};

/** Whoever is named the payee is the one who is paid, and the one before is nobody any more. */
const otherPayee: Rule["check"] = async (bench) => {
  const { receive, own } = bench.grounds.peer;
  const id = await reserve(bench, { payee: own.receive });
  shows("assign", await move(bench, id, "assign", { payee: receive }), `held ${usual}/0/0`);
  const splits = [{ account: receive, amount: 500 }];
  shows(
    "settle to the new payee",
    await move(bench, id, "settle", { amount: 500, splits }),
    "held 500/500/0",
  );
  refused("assign after a payment", await move(bench, id, "assign", { payee: own.receive }), "hold_ended");
  const ended = await reserve(bench);
  await move(bench, ended, "release");
  refused("assign after the end", await move(bench, ended, "assign", { payee: own.receive }), "hold_ended");
};

const consentedPayee: Rule["check"] = async (bench) => {
  const { peer, other } = bench.grounds;
  const id = await reserve(bench);
  for (const payee of [someone, peer.pay, other.receive])
    refused(`assign to ${payee}`, await move(bench, id, "assign", { payee }), "consent_not_valid");
  await stands(bench, id, `held ${usual}/0/0`);
};

const whenReserved = (seconds: number) => async (bench: Bench) => {
  const wish = wishOf(bench, { until: bench.inSeconds(seconds) });
  refused("this end", await bench.ask("POST", "/v1/reservations", wish), "date_out_of_range");
  await neverMade(bench, String(wish["id"]));
};

const some = "amount_exceeds_hold";
const settled = ["settle", {}] as const;
const released = ["release", {}] as const;
const half = ["settle", { amount: 500 }] as const;
const splitsOf =
  (...amounts: number[]) =>
  (bench: Bench) => ({
    amount: 600,
    splits: amounts.map((amount, at) => ({
      account: at === 0 ? bench.grounds.peer.receive : bench.grounds.peer.own.receive,
      amount,
    })),
  });

const money = rulesOf("Payments: instructions", [
  ["reserve.freezes", "A reservation freezes its amount and says so", freezes],
  ["reserve.tells", "GET tells of a reservation what the answer told", tells],
  ["reserve.replaces", "`replaces` gives the older reservation back in the same step", replaces],
  ["reserve.replaces-same-trade", "`replaces` is for a reservation of the same trade", replacesOwnTrade],
  ["reserve.replaces-unpaid", "`replaces` is for what has not been paid from", replacesUnpaid],
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
    async (bench) => {
      const id = await reserve(bench);
      await move(bench, id, "settle", { amount: 600 });
      shows("release", await move(bench, id, "release"), "settled 0/600/400");
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
  ["extend.moves", "settle and extend move the end of a reservation", movesEnd],
  [
    "extend.earlier",
    "The end cannot be moved to before it",
    refuses([], ["extend", (bench) => ({ until: bench.inSeconds(60) })], ["date_out_of_range"]),
  ],
  [
    "extend.ended",
    "What has ended is not extended",
    refuses([settled], ["extend", (bench) => ({ until: bench.inSeconds(day) })], ["hold_ended"]),
  ],
  [
    "refund.part",
    "refund gives back a part of what was paid",
    async (bench) => {
      const id = await reserve(bench);
      await move(bench, id, "settle", { amount: 600 });
      shows("refund", await move(bench, id, "refund", { amount: 250 }), "held 400/600/0 refunded 250");
      shows("refund of the rest", await move(bench, id, "refund"), "held 400/600/0 refunded 600");
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
  ["assign.payee", "assign names another payee, while nothing has been paid", otherPayee],
  ["assign.consent", "assign names one who agreed to receive", consentedPayee],
  ["transfer.moves", "transfer moves money of the server's own", moves],
  ["reservation.in-steps", "A reservation can be paid and given back in many steps, to the unit", inSteps],
  [
    "reservation.unknown",
    "A reservation that nobody made is not there",
    async (bench) => {
      refused("GET", await read(bench, someone), "not_found");
      for (const does of ["settle", "release", "refund"])
        refused(does, await move(bench, someone, does), "not_found");
    },
  ],
]);

const time = rulesOf("Time", [
  ["until.past", "Nothing is frozen until a moment that has passed", whenReserved(-60)],
  ["until.far", "Nothing is frozen for more than two years", whenReserved(800 * day)],
  [
    "until.far-extend",
    "Nor is anything extended beyond two years",
    refuses([], ["extend", (bench) => ({ until: bench.inSeconds(800 * day) })], ["date_out_of_range"]),
  ],
  ["until.expires", "A reservation that runs out is given back, and what was paid stays paid", runsOut],
]);

export const reservationRules: readonly Rule[] = [...money, ...time];
