/** Whose money may be used: consents, their limits, and what another server must not see. */
import type { Workbench } from "./workbench.ts";
import {
  batch,
  itemsOf,
  move,
  neverMade,
  read,
  refused,
  reserve,
  shows,
  stands,
  summaryOf,
  usual,
  wishOf,
  type Rule,
  rulesOf,
} from "./steps.ts";
import { holds, same } from "./message.ts";

const someone = "00000000-0000-4000-8000-00000000beef";

const day = 86_400;

/** A reservation that the consents do not allow. */
const notAllowed =
  (change: (config: Workbench["config"]) => object, ...codes: string[]) =>
  async (workbench: Workbench) => {
    const wish = wishOf(workbench, change(workbench.config));
    refused("this reservation", await workbench.ask("POST", "/v1/reservations", wish), ...codes);
    await neverMade(workbench, String(wish["id"]));
  };

const transferNotAllowed =
  (change: (config: Workbench["config"]) => object, ...codes: string[]) =>
  async (workbench: Workbench): Promise<void> => {
    const { own, receive } = workbench.config.peer;
    const { currency } = workbench.config;
    const asked = { do: "transfer", id: workbench.newId(), from: own.pay, to: receive, amount: 1, currency };
    const [outcome] = await batch(workbench, [
      { ...asked, tradeNumber: workbench.newTrade(), ...change(workbench.config) },
    ]);
    if (outcome !== undefined) refused("this transfer", outcome, ...codes);
  };

/** Shares may only be the payee's and those of the server's own accounts. */
const shareNotAllowed = (name: "splits" | "sources") => async (workbench: Workbench) => {
  const { peer, other, small } = workbench.config;
  const id = await reserve(workbench);
  if (name === "sources") await move(workbench, id, "settle", {});
  const before = summaryOf(await read(workbench, id));
  for (const account of [small.pay, peer.own.pay, other.receive, someone]) {
    const heard = await move(workbench, id, name === "splits" ? "settle" : "refund", {
      amount: 100,
      [name]: [{ account, amount: 100 }],
    });
    refused(`a share of ${account}`, heard, "consent_not_valid");
  }
  await stands(workbench, id, before);
};

const othersReservation: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  const as = workbench.other;
  refused("GET", await read(workbench, id, { as }), "not_found");
  for (const [does, body] of [
    ["settle", {}],
    ["release", {}],
    ["refund", {}],
    ["extend", { until: workbench.inSeconds(900) }],
  ] as const)
    refused(`${does} by another server`, await move(workbench, id, does, body, { as }), "not_found");
  const [outcome] = await batch(workbench, [{ do: "release", reservation: id, id: workbench.newId() }], {
    as,
  });
  if (outcome !== undefined) refused("release in a batch by another server", outcome, "not_found");
  await stands(workbench, id, `held ${usual}/0/0`);
};

const othersReplace: Rule["check"] = async (workbench) => {
  const tradeNumber = workbench.newTrade();
  const id = await reserve(workbench, { tradeNumber });
  const { pay, receive } = workbench.config.other;
  const wish = wishOf(workbench, { tradeNumber, account: pay, payee: receive, replaces: id });
  refused(
    "`replaces` by another server",
    await workbench.ask("POST", "/v1/reservations", wish, { as: workbench.other }),
    "not_found",
  );
  await stands(workbench, id, `held ${usual}/0/0`);
};

const othersList: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  const { pay, receive } = workbench.config.other;
  const theirs = await reserve(workbench, { account: pay, payee: receive }, { as: workbench.other });
  try {
    const seen = await workbench.ask("GET", "/v1/reservations?limit=100", undefined, { as: workbench.other });
    const ids = itemsOf(seen.json).map((item) => item["id"]);
    holds("its own reservations only, newest first", ids[0] === theirs && !ids.includes(id), ids.slice(0, 5));
  } finally {
    await move(workbench, theirs, "release", {}, { as: workbench.other });
  }
};

const othersTotals: Rule["check"] = async (workbench) => {
  const ask = async () =>
    (await workbench.ask("GET", "/v1/reservations/totals", undefined, { as: workbench.other })).json;
  const before = await ask();
  await reserve(workbench);
  same("another server's totals", await ask(), before);
};

async function limitsOf(workbench: Workbench): Promise<{ trade: number; month: number }> {
  const { json } = await workbench.ask("GET", `/v1/consents/${workbench.config.limited}`);
  const [trade, month] = [json["limitPerTrade"], json["limitPerMonth"]];
  if (typeof trade === "number" && typeof month === "number" && trade <= month && month < 2 * trade)
    return { trade, month };
  holds("the limited consent to have a limit for a month of less than two trades", false, json);
  return { trade: 0, month: 0 };
}

const tradeLimit: Rule["check"] = async (workbench) => {
  const { trade } = await limitsOf(workbench);
  const wish = wishOf(workbench, { account: workbench.config.limited, amount: trade + 1 });
  refused(
    "more than the limit for a trade",
    await workbench.ask("POST", "/v1/reservations", wish),
    "consent_limit_exceeded",
  );
  const id = await reserve(workbench, { account: workbench.config.limited, amount: trade });
  await move(workbench, id, "release");
};

const monthLimit: Rule["check"] = async (workbench) => {
  const { trade, month } = await limitsOf(workbench);
  const account = workbench.config.limited;
  const first = await reserve(workbench, { account, amount: trade });
  const over = wishOf(workbench, { account, amount: month - trade + 1 });
  refused(
    "more than the limit for a month",
    await workbench.ask("POST", "/v1/reservations", over),
    "consent_limit_exceeded",
  );
  const rest = await reserve(workbench, { account, amount: month - trade });
  await move(workbench, first, "release");
  // What was given back within the month counts no longer.
  const again = await reserve(workbench, { account, amount: trade });
  for (const id of [rest, again]) await move(workbench, id, "release");
};

const limitAtOnce: Rule["check"] = async (workbench) => {
  const { trade } = await limitsOf(workbench);
  const wishes = Array.from({ length: 10 }, () =>
    wishOf(workbench, { account: workbench.config.limited, amount: trade }),
  );
  const answers = await Promise.all(wishes.map((wish) => workbench.ask("POST", "/v1/reservations", wish)));
  const done = wishes.filter((_, index) => answers[index]?.status === 201).map(({ id }) => String(id));
  for (const id of done) await move(workbench, id, "release");
  same("reservations that fit into the month, of ten at once", done.length, 1);
};

const frozenOnce: Rule["check"] = async (workbench) => {
  const { pay: account, available } = workbench.config.small;
  const short = ["insufficient_funds", "credit_limit_exceeded"];
  const all = await reserve(workbench, { account, amount: available });
  const more = () => workbench.ask("POST", "/v1/reservations", wishOf(workbench, { account, amount: 1 }));
  refused("more than the account holds", await more(), ...short);
  await move(workbench, all, "release");
  const again = await reserve(workbench, { account, amount: available });
  shows(
    "settle",
    await move(workbench, again, "settle", { final: true, amount: 1 }),
    `settled 0/1/${available - 1}`,
  );
  const over = wishOf(workbench, { account, amount: available });
  refused("what has been paid", await workbench.ask("POST", "/v1/reservations", over), ...short);
  shows("refund", await move(workbench, again, "refund"), `settled 0/1/${available - 1} refunded 1`);
  const back = await reserve(workbench, { account, amount: available });
  await move(workbench, back, "release");
};

const frozenAtOnce: Rule["check"] = async (workbench) => {
  const { pay: account, available } = workbench.config.small;
  const amount = Math.floor(available / 2) + 1;
  const wishes = Array.from({ length: 10 }, () => wishOf(workbench, { account, amount }));
  const answers = await Promise.all(wishes.map((wish) => workbench.ask("POST", "/v1/reservations", wish)));
  const done = wishes.filter((_, index) => answers[index]?.status === 201).map(({ id }) => String(id));
  for (const id of done) await move(workbench, id, "release");
  same("reservations of more than half the money, of ten at once", done.length, 1);
};

const paidAtOnce: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => move(workbench, id, "settle", { amount: 300 })),
  );
  same(
    "payments of 300 out of 1000, of ten at once",
    answers.filter(({ status }) => status === 200).length,
    3,
  );
  await stands(workbench, id, "held 100/900/0");
};

/** What the payee sees of it, a peer cannot try; that it is taken, and where it is refused, it can. */
const keepsBack: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  const [soon, later] = [workbench.inSeconds(day), workbench.inSeconds(81 * day)];
  const steps = [
    ["settle", { amount: 300, payableFrom: soon }, "held 700/300/0"],
    ["extend", { payableFrom: later }, "held 700/300/0"],
    ["release", { amount: 100, payableFrom: soon }, "held 600/300/100"],
    ["settle", { payableFrom: later }, "settled 0/900/100"],
    ["extend", { payableFrom: workbench.inSeconds(2 * day) }, "settled 0/900/100"],
    ["refund", { amount: 50, payableFrom: soon }, "settled 0/900/100 refunded 50"],
  ] as const;
  for (const [does, body, expected] of steps) shows(does, await move(workbench, id, does, body), expected);
  await stands(workbench, id, "settled 0/900/100 refunded 50");
};

const keepsNothing: Rule["check"] = async (workbench) => {
  const payableFrom = workbench.inSeconds(day);
  const id = await reserve(workbench);
  refused("payableFrom of nothing", await move(workbench, id, "extend", { payableFrom }), "hold_ended");
  await move(workbench, id, "settle", { amount: 300 });
  await move(workbench, id, "refund", {});
  refused(
    "payableFrom of what went back",
    await move(workbench, id, "extend", { payableFrom }),
    "hold_ended",
  );
  await stands(workbench, id, "held 700/300/0 refunded 300");
};

export const rightsRules: readonly Rule[] = rulesOf("Payments: who may ask for what", [
  [
    "consent.unknown",
    "Nobody pays without a consent",
    notAllowed(() => ({ account: someone }), "consent_not_valid"),
  ],
  [
    "consent.unknown-payee",
    "Nobody is paid without a consent",
    notAllowed(() => ({ payee: someone }), "consent_not_valid"),
  ],
  [
    "consent.other-server",
    "Another server's consent is no consent",
    notAllowed(({ other }) => ({ account: other.pay }), "consent_not_valid"),
  ],
  [
    "consent.other-payee",
    "Nor is another server's consent to receive",
    notAllowed(({ other }) => ({ payee: other.receive }), "consent_not_valid"),
  ],
  [
    "consent.purpose",
    "Who agreed to receive has not agreed to pay",
    notAllowed(({ peer }) => ({ account: peer.receive }), "consent_not_valid"),
  ],
  [
    "consent.purpose-payee",
    "Who agreed to pay has not agreed to receive",
    notAllowed(({ peer }) => ({ payee: peer.pay }), "consent_not_valid"),
  ],
  [
    "consent.currency",
    "A consent is for its currency",
    notAllowed(({ otherCurrency }) => ({ currency: otherCurrency }), "currency_mismatch"),
  ],
  [
    "consent.splits",
    "Shares go to the payee and to the server's own accounts, to nobody else",
    shareNotAllowed("splits"),
  ],
  ["consent.sources", "Refunds come from the same", shareNotAllowed("sources")],
  [
    "transfer.own-only",
    "transfer takes from the server's own account, not from a member's",
    transferNotAllowed(({ peer }) => ({ from: peer.pay }), "consent_not_valid"),
  ],
  [
    "transfer.receiver",
    "transfer goes to one who agreed to receive",
    transferNotAllowed(({ small }) => ({ to: small.pay }), "consent_not_valid"),
  ],
  [
    "transfer.currency",
    "transfer is in the currency of the accounts",
    transferNotAllowed(({ otherCurrency }) => ({ currency: otherCurrency }), "currency_mismatch"),
  ],
  ["other.reservation", "Another server's reservation is not there", othersReservation],
  ["other.replaces", "Nor can it be replaced", othersReplace],
  ["other.list", "Each server's list holds its own reservations only", othersList],
  ["other.totals", "Each server's totals are of its own reservations only", othersTotals],
  ["limit.trade", "No more is reserved than was agreed to for a trade", tradeLimit],
  [
    "limit.month",
    "No more is reserved than was agreed to for a month; what is released counts no longer",
    monthLimit,
  ],
  ["limit.at-once", "The limit holds among requests that come together", limitAtOnce],
  ["payable.kept", "settle, extend and refund say from when the payee can take out what was paid", keepsBack],
  ["payable.unpaid", "What was never paid, or went back whole, is not kept back", keepsNothing],
  ["funds.once", "Money is frozen once, comes back when released, and is gone when paid", frozenOnce],
  ["funds.at-once", "Money is frozen once among requests that come together", frozenAtOnce],
  ["settle.at-once", "No more is paid than was frozen among requests that come together", paidAtOnce],
]);
