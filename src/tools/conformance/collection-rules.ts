/** What is due under trade numbers, and who paid it: the word of servers, and that of those who take the money. */
import { Broken, type Heard, holds, same, written } from "./message.ts";
import { itemsOf, refused, rulesOf, type Rule, usual } from "./steps.ts";
import { type Asking, plainOf, type Workbench } from "./workbench.ts";

type Told = Record<string, unknown>;
type Answer = Pick<Heard, "status" | "json"> & { replayed: boolean };

/** An amount as it would be said to be due, for the payee of the first server. */
function dueOf(workbench: Workbench, change: object = {}): Told {
  const { peer, currency } = workbench.config;
  return {
    do: "due",
    id: workbench.newId(),
    tradeNumber: workbench.newTrade(),
    version: 1,
    payee: peer.receive,
    currency,
    amount: usual,
    payBy: workbench.inSeconds(600),
    ...change,
  };
}

/** Sends instructions together. Throws Broken where there is not one outcome for each. */
async function tell(
  workbench: Workbench,
  instructions: readonly object[],
  asking: Asking = {},
): Promise<Answer[]> {
  const heard = await workbench.ask("POST", "/v1/collections/batch", { instructions }, asking);
  const { outcomes } = heard.json;
  if (heard.status !== 200 || !Array.isArray(outcomes))
    throw new Broken(`expected 200 with outcomes, saw ${heard.status} ${written(heard.json)}`);
  same("outcomes", outcomes.length, instructions.length);
  return (outcomes as Told[]).map(({ status, replayed, collection, problem }) => ({
    status: Number(status),
    json: Object(collection ?? problem ?? {}) as Told,
    replayed: replayed === true,
  }));
}

async function tellOne(workbench: Workbench, instruction: object, asking: Asking = {}): Promise<Answer> {
  const [answer] = await tell(workbench, [instruction], asking);
  return answer ?? { status: 0, json: {}, replayed: false };
}

/** `open 1000/1000` is what is left of what is due in all; behind it what was given back. */
function summaryOf({ status, json }: Pick<Heard, "status" | "json">): string {
  if (typeof json["state"] !== "string") return `${status} ${written(json["code"] ?? json)}`;
  const { state, due, amount, refunded } = json;
  const back = Number(refunded) > 0 ? ` refunded ${written(refunded)}` : "";
  return `${state} ${written(due)}/${written(amount)}${back}`;
}

const shows = (what: string, heard: Pick<Heard, "status" | "json">, expected: string): void =>
  same(what, summaryOf(heard), expected);

const read = (workbench: Workbench, number: unknown, asking: Asking = {}): Promise<Heard> =>
  workbench.ask("GET", `/v1/collections/${String(number)}`, undefined, asking);

const stands = async (workbench: Workbench, number: unknown, expected: string): Promise<void> =>
  shows("the collection afterwards", await read(workbench, number), expected);

/** Something due, as it was told. */
async function opened(workbench: Workbench, change: object = {}): Promise<Told> {
  const told = dueOf(workbench, change);
  const answer = await tellOne(workbench, told);
  shows("what is due", answer, `open ${usual}/${usual}`);
  return told;
}

const next = (workbench: Workbench, told: Told, version: number, change: object): Told => ({
  ...told,
  id: workbench.newId(),
  version,
  ...change,
});

/** Whoever takes money says so, with its key. */
function pay(workbench: Workbench, number: unknown, amount: number, change: object = {}): Promise<Heard> {
  const { key = "", channel = "" } = workbench.config.collector ?? {};
  const { currency } = workbench.config;
  const body = { id: workbench.newId(), amount, currency, channel, reference: "conformance", ...change };
  const path = `/v1/collections/${String(number)}/payments`;
  return workbench.send(plainOf("POST", path, body, { authorization: `Bearer ${key}` }));
}

const taken = (what: string, { status, json }: Heard, state = "taken"): void =>
  holds(`${what}: 201 with ${state}`, status === 201 && json["state"] === state, json);

const isTold: Rule["check"] = async (workbench) => {
  const { tradeNumber } = await opened(workbench);
  await stands(workbench, tradeNumber, `open ${usual}/${usual}`);
  const theirs = await read(workbench, tradeNumber, { as: workbench.other });
  refused("another server's collection", theirs, "not_found");
};

const listed: Rule["check"] = async (workbench) => {
  const { tradeNumber } = await opened(workbench);
  const seen = async (as: Workbench["peer"]) => {
    const { json } = await workbench.ask("GET", "/v1/collections?limit=1", undefined, { as });
    return itemsOf(json).some((each) => each["tradeNumber"] === tradeNumber);
  };
  holds("the newest collection first in its server's list", await seen(workbench.peer), "another");
  holds("nothing of it in another server's list", !(await seen(workbench.other)), "it");
};

const versions: Rule["check"] = async (workbench) => {
  const told = await opened(workbench, { version: 5 });
  for (const version of [5, 4])
    shows(
      `version ${version} again`,
      await tellOne(workbench, next(workbench, told, version, { amount: 7 })),
      `open ${usual}/${usual}`,
    );
  shows("the next", await tellOne(workbench, next(workbench, told, 6, { amount: 700 })), "open 700/700");
  shows("withdrawn", await tellOne(workbench, next(workbench, told, 7, { amount: 0 })), "withdrawn 0/0");
  await stands(workbench, told["tradeNumber"], "withdrawn 0/0");
};

const othersNumber: Rule["check"] = async (workbench) => {
  const told = await opened(workbench);
  const { other } = workbench;
  const theirs = next(workbench, told, 2, { payee: workbench.config.other.receive });
  refused("another server's number", await tellOne(workbench, theirs, { as: other }), "already_exists");
  const heard = { do: "heard", id: workbench.newId(), tradeNumber: told["tradeNumber"], paid: 1 };
  refused("heard of another's", await tellOne(workbench, heard, { as: other }), "not_found");
  await stands(workbench, told["tradeNumber"], `open ${usual}/${usual}`);
};

const notDue =
  (change: (workbench: Workbench) => object, code: string): Rule["check"] =>
  async (workbench) => {
    const told = dueOf(workbench, change(workbench));
    refused("such a due", await tellOne(workbench, told), code);
    if (code !== "wrong_check_digit")
      refused("a due that was refused", await read(workbench, told["tradeNumber"]), "not_found");
  };

/** The number with its last digit, which is the check digit, changed. */
const miscounted = (number: string): string => `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`;

const once: Rule["check"] = async (workbench) => {
  const told = await opened(workbench);
  const again = await tellOne(workbench, told);
  holds("the first answer again", again.replayed, again.json);
  refused("the id for other content", await tellOne(workbench, { ...told, amount: 7 }), "command_id_reused");
  const ids = [
    dueOf(workbench),
    dueOf(workbench, { payee: workbench.newId() }),
    { do: "undo" },
    dueOf(workbench),
  ];
  const answers = await tell(workbench, ids);
  same("outcomes", answers.map(({ status }) => status < 300).join(), "true,false,false,true");
};

const paid: Rule["check"] = async (workbench) => {
  const { tradeNumber } = await opened(workbench);
  refused("too little", await pay(workbench, tradeNumber, usual - 1), "amount_mismatch");
  refused("too much", await pay(workbench, tradeNumber, usual + 1), "amount_mismatch");
  const { otherCurrency } = workbench.config;
  const foreign = await pay(workbench, tradeNumber, usual, { currency: otherCurrency });
  refused("another currency", foreign, "currency_mismatch");
  refused(
    "a wrong check digit",
    await pay(workbench, miscounted(String(tradeNumber)), usual),
    "wrong_check_digit",
  );
  refused(
    "a number of which nobody has told",
    await pay(workbench, workbench.newTrade(), usual),
    "not_found",
  );
  await stands(workbench, tradeNumber, `open ${usual}/${usual}`);
  taken("what is due", await pay(workbench, tradeNumber, usual));
  await stands(workbench, tradeNumber, `paid 0/${usual}`);
};

const paidOnce: Rule["check"] = async (workbench) => {
  const { tradeNumber } = await opened(workbench);
  const id = workbench.newId();
  taken("what is due", await pay(workbench, tradeNumber, usual, { id }));
  taken("the same again", await pay(workbench, tradeNumber, usual, { id }));
  refused("its id for other content", await pay(workbench, tradeNumber, 7, { id }), "command_id_reused");
  refused("a second payment", await pay(workbench, tradeNumber, usual), "nothing_due");
  taken("one that is in the till", await pay(workbench, tradeNumber, usual, { taken: true }), "kept");
  await stands(workbench, tradeNumber, `paid 0/${usual}`);
};

const paidTooLate: Rule["check"] = async (workbench) => {
  const told = await opened(workbench);
  shows("withdrawn", await tellOne(workbench, next(workbench, told, 2, { amount: 0 })), "withdrawn 0/0");
  refused("a payment", await pay(workbench, told["tradeNumber"], usual), "nothing_due");
  taken("one in the till", await pay(workbench, told["tradeNumber"], usual, { taken: true }), "kept");
  await stands(workbench, told["tradeNumber"], "withdrawn 0/0");
};

const paidStands: Rule["check"] = async (workbench) => {
  const told = await opened(workbench);
  taken("what is due", await pay(workbench, told["tradeNumber"], usual));
  const less = await tellOne(workbench, next(workbench, told, 2, { amount: 100 }));
  shows("less than was paid", less, `paid 0/${usual}`);
  const more = await tellOne(workbench, next(workbench, told, 3, { amount: usual + 500 }));
  shows("more than was paid", more, `open 500/${usual + 500}`);
  taken("the rest", await pay(workbench, told["tradeNumber"], 500));
  await stands(workbench, told["tradeNumber"], `paid 0/${usual + 500}`);
};

const news: Rule["check"] = async (workbench) => {
  const { tradeNumber } = await opened(workbench);
  const isNews = async () => {
    const { json } = await workbench.ask("GET", "/v1/collections?unheard=true&limit=100");
    return itemsOf(json).some((each) => each["tradeNumber"] === tradeNumber);
  };
  holds("no news before it is paid", !(await isNews()), "news");
  taken("what is due", await pay(workbench, tradeNumber, usual));
  holds("news that it is paid", await isNews(), "none");
  const heard = (sum: number) => ({ do: "heard", id: workbench.newId(), tradeNumber, paid: sum });
  refused(
    "heard of more than was paid",
    await tellOne(workbench, heard(usual + 1)),
    "amount_exceeds_settled",
  );
  shows("heard of a part", await tellOne(workbench, heard(usual - 1)), `paid 0/${usual}`);
  holds("news of the rest", await isNews(), "none");
  shows("heard of all", await tellOne(workbench, heard(usual)), `paid 0/${usual}`);
  holds("no news any more", !(await isNews()), "news");
};

const givenBack: Rule["check"] = async (workbench) => {
  const { tradeNumber, payee } = await opened(workbench);
  const back = (total: number, amount = total, account = payee) => ({
    do: "reimburse",
    id: workbench.newId(),
    tradeNumber,
    total,
    sources: [{ account, amount }],
  });
  refused("what nobody paid", await tellOne(workbench, back(1)), "amount_exceeds_settled");
  taken("what is due", await pay(workbench, tradeNumber, usual));
  refused("more than was paid", await tellOne(workbench, back(usual + 1)), "amount_exceeds_settled");
  refused("sources that do not add up", await tellOne(workbench, back(300, 299)), "amount_mismatch");
  const stranger = back(300, 300, workbench.config.other.receive);
  refused("somebody else's money", await tellOne(workbench, stranger), "consent_not_valid");
  const stood = `paid 0/${usual} refunded 300`;
  shows("a part", await tellOne(workbench, back(300)), stood);
  shows("the same total", await tellOne(workbench, back(300)), stood);
  shows("a lower total", await tellOne(workbench, back(200)), stood);
  await stands(workbench, tradeNumber, stood);
};

const atOnce: Rule["check"] = async (workbench) => {
  const { tradeNumber } = await opened(workbench);
  const answers = await Promise.all(Array.from({ length: 8 }, () => pay(workbench, tradeNumber, usual)));
  const codes = answers.map(({ status, json }) => (status === 201 ? "taken" : String(json["code"])));
  same("payments that come together", codes.toSorted().join(), `${"nothing_due,".repeat(7)}taken`);
};

const race: Rule["check"] = async (workbench) => {
  for (let round = 0; round < 5; round += 1) {
    const told = await opened(workbench);
    const [payment, withdrawal] = await Promise.all([
      pay(workbench, told["tradeNumber"], usual),
      tellOne(workbench, next(workbench, told, 2, { amount: 0 })),
    ]);
    const end = payment.status === 201 ? `paid 0/${usual}` : "withdrawn 0/0";
    if (payment.status !== 201) refused("a payment after the withdrawal", payment, "nothing_due");
    shows("the withdrawal", withdrawal, end);
    await stands(workbench, told["tradeNumber"], end);
  }
};

/** What somebody at the door has taken, by their consent, with the due itself. */
const takenAtDoor = (workbench: Workbench, amount: number, change: object = {}): Told => {
  const { consent = "" } = workbench.config.collecting ?? {};
  return dueOf(workbench, { taken: { consent, amount }, ...change });
};

const became = (what: string, { json }: Answer, state: string, code?: string): void => {
  const said = Object(json["taken"]) as Told;
  same(what, `${written(said["state"])} ${written(said["code"])}`, `${written(state)} ${written(code)}`);
};

const atDoor: Rule["check"] = async (workbench) => {
  const word = takenAtDoor(workbench, usual);
  const answer = await tellOne(workbench, word);
  shows("what was taken at the door", answer, `paid 0/${usual}`);
  became("what became of it", answer, "taken");
  holds("the first answer again", (await tellOne(workbench, word)).replayed, word);
  await stands(workbench, word["tradeNumber"], `paid 0/${usual}`);
  const again = await tellOne(workbench, next(workbench, word, 2, {}));
  became("what was paid before", again, "refused", "nothing_due");
};

const exactlyAtDoor: Rule["check"] = async (workbench) => {
  for (const amount of [usual - 1, usual + 1]) {
    const word = takenAtDoor(workbench, amount);
    const answer = await tellOne(workbench, word);
    became("another sum than is due", answer, "refused", "amount_mismatch");
    await stands(workbench, word["tradeNumber"], `open ${usual}/${usual}`);
  }
};

const byLeave: Rule["check"] = async (workbench) => {
  const { other, peer, collecting } = workbench.config;
  const stranger = takenAtDoor(workbench, usual, { payee: other.receive });
  const theirs = await tellOne(workbench, stranger, { as: workbench.other });
  became("by another server's consent", theirs, "refused", "consent_not_valid");
  const taken = { consent: peer.receive, amount: usual };
  const wrong = await tellOne(workbench, takenAtDoor(workbench, usual, { taken }));
  became("by a consent for something else", wrong, "refused", "consent_not_valid");
  const beyond = (collecting?.perDay ?? 0) + 1;
  const word = takenAtDoor(workbench, beyond, { amount: beyond });
  became("more than is let on a day", await tellOne(workbench, word), "refused", "consent_limit_exceeded");
  await stands(workbench, word["tradeNumber"], `open ${beyond}/${beyond}`);
};

const section = "Collections: what is due, and who paid it";

const told = rulesOf(section, [
  ["due.told", "What is due is told, and read by the server that told it, by no other", isTold],
  ["due.listed", "Each server's list holds its own, the newest first", listed],
  ["due.version", "Only a later version changes what is due", versions],
  ["due.other-server", "A number is that of the server that named it first", othersNumber],
  [
    "due.consent",
    "Money is due to those only who agreed to receive it by this server",
    notDue(({ config }) => ({ payee: config.other.receive }), "consent_not_valid"),
  ],
  [
    "due.own-payee",
    "A server is no payee itself",
    notDue(({ config }) => ({ payee: config.peer.own.receive }), "consent_not_valid"),
  ],
  [
    "due.currency",
    "It is due in the currency of the account",
    notDue(({ config }) => ({ currency: config.otherCurrency }), "currency_mismatch"),
  ],
  [
    "due.check-digit",
    "A number with a wrong check digit is none",
    notDue((workbench) => ({ tradeNumber: miscounted(workbench.newTrade()) }), "wrong_check_digit"),
  ],
  ["due.once", "An instruction is done once for its id, and a refused one leaves its neighbours alone", once],
]);

const paying = rulesOf(section, [
  ["due.paid", "Exactly what is due is taken, under its number, in its currency", paid],
  ["due.paid-once", "It is paid once; what is in the till all the same is kept for return", paidOnce],
  ["due.withdrawn", "What was withdrawn is not taken", paidTooLate],
  ["due.paid-stands", "What was paid stands, whatever is due later", paidStands],
  ["due.news", "What was paid is news until its server has heard of it", news],
  ["due.reimburse", "What was paid goes back from those who had it, up to what was paid, once", givenBack],
  ["due.at-once", "Of payments that come together, one is taken", atOnce],
  ["due.race", "Of a payment and a withdrawal that meet, one wins, and both are told so", race],
]).map((rule): Rule => ({ ...rule, needs: "collector" }));

const taking = rulesOf(section, [
  ["due.taken", "What was taken at the door is booked with what is due, once", atDoor],
  [
    "due.taken-exact",
    "Of any other sum than is left to pay nothing is booked, and the due stands",
    exactlyAtDoor,
  ],
  ["due.taken-leave", "Nobody owes what a server says but by their leave, up to so much a day", byLeave],
]).map((rule): Rule => ({ ...rule, needs: "collecting" }));

export const collectionRules: readonly Rule[] = [...told, ...paying, ...taking];
