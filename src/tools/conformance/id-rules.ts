/** Each instruction once: repetitions, batches, consents by code, lists and sums. */
import type { Workbench } from "./workbench.ts";
import { type Heard, holds, same } from "./message.ts";
import {
  batch,
  itemsOf,
  move,
  refused,
  reserve,
  stands,
  summaryOf,
  usual,
  wishOf,
  type Rule,
  rulesOf,
} from "./steps.ts";

const again: Rule["check"] = async (workbench) => {
  const wish = wishOf(workbench);
  const id = String(wish["id"]);
  workbench.made.add(id);
  const first = await workbench.ask("POST", "/v1/reservations", wish);
  same("the same reserve again", (await workbench.ask("POST", "/v1/reservations", wish)).text, first.text);
  for (const [does, body, expected] of [
    ["settle", { amount: 300 }, "held 700/300/0"],
    ["release", { amount: 200 }, "held 500/300/200"],
    ["refund", { amount: 100 }, "held 500/300/200 refunded 100"],
  ] as const) {
    const asked = { id: workbench.newId(), ...body };
    const one = await move(workbench, id, does, asked);
    const two = await move(workbench, id, does, asked);
    same(`the same ${does} again`, [two.status, two.text], [one.status, one.text]);
    await stands(workbench, id, expected);
  }
};

/** An answer is of its time: what has happened since does not change it. */
const asItWas: Rule["check"] = async (workbench) => {
  const wish = wishOf(workbench);
  const id = String(wish["id"]);
  const first = await workbench.ask("POST", "/v1/reservations", wish);
  await move(workbench, id, "release");
  const later = await workbench.ask("POST", "/v1/reservations", wish);
  same("the first answer, after a release", [later.status, later.text], [first.status, first.text]);
  await stands(workbench, id, `released 0/0/${usual}`);
};

const atOnce: Rule["check"] = async (workbench) => {
  const wish = wishOf(workbench);
  workbench.made.add(String(wish["id"]));
  const ten = (ask: () => Promise<Heard>) => Promise.all(Array.from({ length: 10 }, ask));
  const made = await ten(() => workbench.ask("POST", "/v1/reservations", wish));
  same("different answers to ten copies of a reserve", new Set(made.map(({ text }) => text)).size, 1);
  const asked = { id: workbench.newId(), amount: 100 };
  const paid = await ten(() => move(workbench, String(wish["id"]), "settle", asked));
  same("different answers to ten copies of a settle", new Set(paid.map(({ text }) => text)).size, 1);
  await stands(workbench, String(wish["id"]), `held ${usual - 100}/100/0`);
};

const transferAgain: Rule["check"] = async (workbench) => {
  const { own, receive } = workbench.config.peer;
  const { currency } = workbench.config;
  const of = { from: own.pay, to: receive, amount: 1, currency, tradeNumber: workbench.newTrade() };
  const asked = { do: "transfer", id: workbench.newId(), ...of };
  const [first, second] = await batch(workbench, [asked, asked]);
  same("the same transfer again", second?.json, first?.json);
  same("replayed", [first?.replayed, second?.replayed], [false, true]);
};

/** A refusal is an answer too: it is kept, whatever has changed since. */
const refusalKept: Rule["check"] = async (workbench) => {
  const id = workbench.newId();
  const asked = { id: workbench.newId() };
  const first = await move(workbench, id, "settle", asked);
  refused("settle of what is not there yet", first, "not_found");
  await reserve(workbench, { id });
  const later = await move(workbench, id, "settle", asked);
  same("the same settle again", [later.status, later.text], [first.status, first.text]);
  await stands(workbench, id, `held ${usual}/0/0`);
};

const otherContent: Rule["check"] = async (workbench) => {
  const wish = wishOf(workbench);
  const id = String(wish["id"]);
  workbench.made.add(id);
  await workbench.ask("POST", "/v1/reservations", wish);
  const more = await workbench.ask("POST", "/v1/reservations", { ...wish, amount: usual + 1 });
  refused("the same id with another amount", more, "command_id_reused");
  const settle = { id: workbench.newId(), amount: 100 };
  await move(workbench, id, "settle", settle);
  refused(
    "the same id with another amount",
    await move(workbench, id, "settle", { ...settle, amount: 101 }),
    "command_id_reused",
  );
  refused("the same id for another thing", await move(workbench, id, "release", settle), "command_id_reused");
  const elsewhere = await reserve(workbench);
  refused(
    "the same id for another reservation",
    await move(workbench, elsewhere, "settle", settle),
    "command_id_reused",
  );
  await stands(workbench, id, `held ${usual - 100}/100/0`);
  await stands(workbench, elsewhere, `held ${usual}/0/0`);
};

const otherOrder: Rule["check"] = async (workbench) => {
  const wish = wishOf(workbench);
  workbench.made.add(String(wish["id"]));
  const first = await workbench.ask("POST", "/v1/reservations", wish);
  const turned = Object.fromEntries(Object.entries(wish).toReversed());
  same(
    "the same fields in another order",
    (await workbench.ask("POST", "/v1/reservations", turned)).text,
    first.text,
  );
};

const acrossCalls: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  const asked = { id: workbench.newId(), amount: 400 };
  const first = await move(workbench, id, "settle", asked);
  const [outcome] = await batch(workbench, [{ do: "settle", reservation: id, ...asked }]);
  same("the same settle in a batch", outcome?.json, first.json);
  same("replayed", outcome?.replayed, true);
  await stands(workbench, id, "held 600/400/0");
};

/** Ids are each sender's own: another server's answer is not given away. */
const perSender: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  const asked = { id: workbench.newId(), amount: 100 };
  await move(workbench, id, "settle", asked);
  refused(
    "the id of another server's instruction",
    await move(workbench, id, "settle", asked, { as: workbench.other }),
    "not_found",
  );
};

const inOrder: Rule["check"] = async (workbench) => {
  const wish = wishOf(workbench);
  const reservation = String(wish["id"]);
  const of = (does: string, more: object) => ({ do: does, reservation, id: workbench.newId(), ...more });
  const until = workbench.inSeconds(1200);
  const outcomes = await batch(workbench, [
    { do: "reserve", ...wish },
    of("settle", { amount: 600 }),
    of("extend", { until }),
    of("refund", { amount: 100 }),
    of("release", {}),
  ]);
  same("outcomes", outcomes.map(summaryOf), [
    `held ${usual}/0/0`,
    "held 400/600/0",
    "held 400/600/0",
    "held 400/600/0 refunded 100",
    "settled 0/600/400 refunded 100",
  ]);
  same(
    "status of reserve and settle",
    outcomes.slice(0, 2).map(({ status }) => status),
    [201, 200],
  );
};

const eachByItself: Rule["check"] = async (workbench) => {
  const [first, second] = [await reserve(workbench), await reserve(workbench)];
  const outcomes = await batch(workbench, [
    { do: "settle", reservation: first, id: workbench.newId(), amount: 100 },
    { do: "settle", reservation: first, id: workbench.newId(), amount: usual },
    { do: "explode", id: workbench.newId() },
    { do: "settle", reservation: second, id: workbench.newId(), amount: "all" },
    { do: "settle", reservation: workbench.newId(), id: workbench.newId() },
    { do: "settle", reservation: second, id: workbench.newId(), amount: 200 },
  ]);
  const codes = outcomes.map(({ status, json }) => (status < 400 ? status : String(json["code"])));
  same("outcomes", codes, [200, "amount_exceeds_hold", "invalid_field", "invalid_field", "not_found", 200]);
  await stands(workbench, first, `held ${usual - 100}/100/0`);
  await stands(workbench, second, `held ${usual - 200}/200/0`);
};

const twiceInOne: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  const asked = { do: "settle", reservation: id, id: workbench.newId(), amount: 100 };
  const [first, second, third] = await batch(workbench, [asked, asked, { ...asked, amount: 200 }]);
  same("the same instruction again in one batch", second?.json, first?.json);
  if (third !== undefined) refused("its id with other content", third, "command_id_reused");
  await stands(workbench, id, `held ${usual - 100}/100/0`);
};

const pages: Rule["check"] = async (workbench) => {
  const made = [await reserve(workbench), await reserve(workbench), await reserve(workbench)];
  const seen: unknown[] = [];
  let after = "";
  for (const _ of made) {
    const { json } = await workbench.ask("GET", `/v1/reservations?limit=1${after}`);
    seen.push(...itemsOf(json).map(({ id }) => id));
    after = `&after=${String(json["next"])}`;
  }
  same("three pages of one, newest first", seen, made.toReversed());
};

const byState: Rule["check"] = async (workbench) => {
  const [held, gone] = [await reserve(workbench), await reserve(workbench)];
  await move(workbench, gone, "release");
  for (const [state, id, other] of [
    ["held", held, gone],
    ["released", gone, held],
  ] as const) {
    const items = itemsOf((await workbench.ask("GET", `/v1/reservations?state=${state}&limit=100`)).json);
    const ids = items.map((item) => item["id"]);
    holds(
      `${state} reservations only`,
      ids.includes(id) && !ids.includes(other) && items.every((item) => item["state"] === state),
      ids.slice(0, 5),
    );
  }
};

interface Sum {
  frozen: number;
  settled: number;
  released: number;
  refunded: number;
}

async function totalsOf(workbench: Workbench): Promise<Sum> {
  const { json } = await workbench.ask("GET", "/v1/reservations/totals");
  const found = itemsOf(json).find(({ currency }) => currency === workbench.config.currency) ?? {};
  const of = (name: string) => Number(found[name] ?? 0);
  return { frozen: of("frozen"), settled: of("settled"), released: of("released"), refunded: of("refunded") };
}

const follows: Rule["check"] = async (workbench) => {
  const before = await totalsOf(workbench);
  const id = await reserve(workbench);
  await move(workbench, id, "settle", { amount: 500, release: 200 });
  await move(workbench, id, "refund", { amount: 100 });
  const { frozen, settled, released, refunded } = await totalsOf(workbench);
  const grown = [
    frozen - before.frozen,
    settled - before.settled,
    released - before.released,
    refunded - before.refunded,
  ];
  same("frozen, settled, released, refunded more than before", grown, [300, 500, 200, 100]);
};

const mostPages = 500;

/** Every reservation that there is, added up, is what the totals say. */
const agrees: Rule["check"] = async (workbench) => {
  const sum: Sum = { frozen: 0, settled: 0, released: 0, refunded: 0 };
  let after = "";
  for (let page = 0; page < mostPages; page += 1) {
    const { json } = await workbench.ask("GET", `/v1/reservations?limit=100${after}`);
    for (const item of itemsOf(json).filter(({ currency }) => currency === workbench.config.currency)) {
      const [amount, settled, released] = [
        Number(item["amount"]),
        Number(item["settled"]),
        Number(item["released"]),
      ];
      sum.frozen += amount - settled - released;
      sum.settled += settled;
      sum.released += released;
      sum.refunded += Number(item["refunded"]);
    }
    if (typeof json["next"] !== "string") {
      same("totals and the sum of the list", await totalsOf(workbench), sum);
      return;
    }
    after = `&after=${json["next"]}`;
  }
  holds(`the list to end within ${mostPages} pages`, false, "more");
};

const repetitions = rulesOf("Ids and repetitions", [
  ["id.again", "The same instruction again gets the same answer, byte for byte, and does nothing", again],
  ["id.as-it-was", "It gets the first answer, whatever has happened since", asItWas],
  ["id.at-once", "Of ten copies that come together one is done, and all get its answer", atOnce],
  ["id.transfer", "A transfer is made once", transferAgain],
  ["id.refusal-kept", "A refusal is kept as well", refusalKept],
  ["id.other-content", "The same id with other content is refused, and nothing is done", otherContent],
  ["id.other-order", "The same fields in another order are the same content", otherOrder],
  ["id.across-calls", "An instruction is the same by its own call and in a batch", acrossCalls],
  ["id.per-sender", "One server's ids mean nothing for another's", perSender],
]);

const batches = rulesOf("Batches", [
  ["batch.order", "Instructions are done, and answered, in their order", inOrder],
  ["batch.each", "Each is decided by itself: one refused leaves its neighbours alone", eachByItself],
  ["batch.twice", "An instruction that is in a batch twice is done once", twiceInOne],
]);

const lists = rulesOf("Lists and sums", [
  ["list.pages", "The list is newest first, page by page", pages],
  ["list.state", "The list can be had by state", byState],
  ["totals.follow", "The totals follow each step to the unit", follows],
  ["totals.agree", "The totals are the sum of the list", agrees],
]);

export const idRules: readonly Rule[] = [...repetitions, ...batches, ...lists];
