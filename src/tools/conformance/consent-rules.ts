/** Consents as the server that holds them sees them, and the codes by which it comes to them. */
import { createHash } from "node:crypto";
import type { Asking, Workbench } from "./workbench.ts";
import {
  batch,
  move,
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

const tellsConsent: Rule["check"] = async (workbench) => {
  const { config } = workbench;
  for (const [id, purpose] of [
    [config.peer.pay, "pay"],
    [config.peer.receive, "receive"],
  ] as const) {
    const { json } = await workbench.ask("GET", `/v1/consents/${id}`);
    const seen = [json["consent"], json["purpose"], json["currency"], json["good"]];
    same("consent, purpose, currency, good", seen, [id, purpose, config.currency, true]);
  }
};

const othersConsent: Rule["check"] = async (workbench) => {
  refused(
    "another server's consent",
    await workbench.ask("GET", `/v1/consents/${workbench.config.other.pay}`),
    "not_found",
  );
};

const noCode: Rule["check"] = async (workbench) => {
  for (const way of ["exchange", "voucher"]) {
    const heard = await workbench.ask("POST", `/v1/consents/${way}`, {
      id: workbench.newId(),
      code: "kc_not_a_code_at_all",
    });
    refused(`a code that was never made (${way})`, heard, "not_found", "method_not_usable");
  }
};

/** A shop agrees to be paid, and so makes a code for this server. */
async function agreed(workbench: Workbench, more: object = {}): Promise<{ id: string; code: string }> {
  const { currency, shop } = workbench.config;
  const wish = { peer: shop?.peer, purpose: "receive", currency, ...more };
  const headers = { authorization: `Bearer ${shop?.key ?? ""}`, "content-type": "application/json" };
  const body = Buffer.from(JSON.stringify(wish));
  const { status, json } = await workbench.send({ method: "POST", path: "/v1/consents", headers, body });
  holds("201 for a shop's consent", status === 201, summaryOf({ status, json }));
  workbench.known.add(String(json["id"]));
  return { id: String(json["id"]), code: String(json["code"]) };
}

const exchange = (workbench: Workbench, body: object, asking: Asking = {}) =>
  workbench.ask("POST", "/v1/consents/exchange", body, asking);

const codeOnce: Rule["check"] = async (workbench) => {
  const { id, code } = await agreed(workbench);
  const asked = { id: workbench.newId(), code };
  const first = await exchange(workbench, asked);
  same("the consent", [first.status, first.json["consent"]], [200, id]);
  const repeated = await exchange(workbench, asked);
  same("the same request again", [repeated.status, repeated.text], [200, first.text]);
  refused(
    "the code in another request",
    await exchange(workbench, { id: workbench.newId(), code }),
    "not_found",
  );
};

const codeUnderId: Rule["check"] = async (workbench) => {
  const [first, second] = [await agreed(workbench), await agreed(workbench)];
  const id = workbench.newId();
  same("status", (await exchange(workbench, { id, code: first.code })).status, 200);
  refused(
    "another code under the same id",
    await exchange(workbench, { id, code: second.code }),
    "command_id_reused",
  );
  same("status of that code afterwards", (await exchange(workbench, { code: second.code })).status, 200);
};

const codeForOne: Rule["check"] = async (workbench) => {
  const { code } = await agreed(workbench);
  refused("another server's code", await exchange(workbench, { code }, { as: workbench.other }), "not_found");
  same("status for the server that it is for", (await exchange(workbench, { code })).status, 200);
};

const codeChallenge: Rule["check"] = async (workbench) => {
  const verifier = `${workbench.newId()}-${workbench.newId()}`;
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const { id, code } = await agreed(workbench, { challenge });
  refused("a code without its verifier", await exchange(workbench, { code }), "not_found");
  const other = { code, verifier: `${verifier}.` };
  refused("a code with another verifier", await exchange(workbench, other), "not_found");
  const { status, json } = await exchange(workbench, { code, verifier });
  same("the consent", [status, json["consent"]], [200, id]);
  const plain = await agreed(workbench);
  const shown = await exchange(workbench, { code: plain.code, verifier });
  refused("a verifier for a code without a challenge", shown, "not_found");
};

const codeAtOnce: Rule["check"] = async (workbench) => {
  const { code } = await agreed(workbench);
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => exchange(workbench, { id: workbench.newId(), code })),
  );
  same(
    "a code that is given up five times at once",
    answers.filter(({ status }) => status === 200).length,
    1,
  );
};

const revoked: Rule["check"] = async (workbench) => {
  const { id: payee, code } = await agreed(workbench);
  await exchange(workbench, { code });
  const running = await reserve(workbench, { payee });
  const headers = {
    authorization: `Bearer ${workbench.config.shop?.key ?? ""}`,
    "content-type": "application/json",
  };
  const path = `/v1/consents/${payee}/revoke`;
  const { status } = await workbench.send({ method: "POST", path, headers, body: Buffer.from("{}") });
  holds("204 for taking a consent back", status === 204 || status === 200, status);
  const wish = wishOf(workbench, { payee });
  refused(
    "something new under it",
    await workbench.ask("POST", "/v1/reservations", wish),
    "consent_not_valid",
  );
  same("good", (await workbench.ask("GET", `/v1/consents/${payee}`)).json["good"], false);
  const payableFrom = workbench.inSeconds(30 * 86_400);
  shows(
    "what runs",
    await move(workbench, running, "settle", { amount: 600, payableFrom }),
    "held 400/600/0",
  );
  shows("what runs", await move(workbench, running, "settle", { amount: 400 }), "settled 0/1000/0");
  refused(
    "more than is kept back",
    await move(workbench, running, "refund", { amount: 601 }),
    "payee_insufficient_funds",
  );
  const back = await move(workbench, running, "refund", { amount: 600 });
  shows("what is kept back", back, "settled 0/1000/0 refunded 600");
};

const ownPayee: Rule["check"] = async (workbench) => {
  const { own, receive } = workbench.config.peer;
  const wish = wishOf(workbench, { payee: own.receive });
  refused("itself", await workbench.ask("POST", "/v1/reservations", wish), "consent_not_valid");
  const id = await reserve(workbench, { payee: receive });
  refused("assign", await move(workbench, id, "assign", { payee: own.receive }), "consent_not_valid");
};

const agreedFee: Rule["check"] = async (workbench) => {
  const { id: payee, code } = await agreed(workbench, { fee: { fixed: 10, basisPoints: 250 } });
  await exchange(workbench, { code });
  const tradeNumber = workbench.newTrade();
  const id = await reserve(workbench, { payee, tradeNumber });
  const { receive } = workbench.config.peer.own;
  const settle = (amount: number, fee: number, of = id) =>
    move(workbench, of, "settle", {
      amount,
      splits: [
        { account: payee, amount: amount - fee },
        { account: receive, amount: fee },
      ],
    });
  refused("more than the fee", await settle(400, 21), "consent_not_valid");
  shows("the fee", await settle(400, 20), "held 600/400/0");
  refused("the fixed part again", await settle(200, 6), "consent_not_valid");
  shows("the rest", await settle(600, 15), "settled 0/1000/0");
  const more = await reserve(workbench, { payee, tradeNumber });
  refused("the fixed part by another reservation", await settle(400, 11, more), "consent_not_valid");
  shows("the part of what it pays", await settle(400, 10, more), "held 600/400/0");
};

const agreedAgain: Rule["check"] = async (workbench) => {
  const fee = { fixed: 10, basisPoints: 250 };
  const [old, anew] = [await agreed(workbench, { fee }), await agreed(workbench, { fee })];
  for (const { code } of [old, anew]) await exchange(workbench, { code });
  const { currency, peer } = workbench.config;
  const { pay, receive } = peer.own;
  const tradeNumber = workbench.newTrade();
  const early = { do: "transfer", id: workbench.newId(), from: pay, to: old.id, amount: 100, currency };
  const [paid] = await batch(workbench, [{ ...early, tradeNumber }]);
  same("status of a payment of its own money", paid?.status, 201);
  const id = await reserve(workbench, { payee: anew.id, tradeNumber });
  const settle = (amount: number, share: number, payee = anew.id) =>
    move(workbench, id, "settle", {
      amount,
      splits: [
        { account: payee, amount: amount - share },
        { account: receive, amount: share },
      ],
    });
  refused("more than the fee and what it has paid", await settle(400, 121), "consent_not_valid");
  shows("what it has paid under the other consent", await settle(400, 120), "held 600/400/0");
  refused("the same once more", await settle(600, 16), "consent_not_valid");
  shows("the payee by the other consent", await settle(600, 15, old.id), "settled 0/1000/0");
};

const otherPayee: Rule["check"] = async (workbench) => {
  const { id: payee, code } = await agreed(workbench);
  await exchange(workbench, { code });
  const id = await reserve(workbench);
  shows("assign", await move(workbench, id, "assign", { payee }), `held ${usual}/0/0`);
  const splits = [{ account: payee, amount: 500 }];
  const paid = await move(workbench, id, "settle", { amount: 500, splits });
  shows("settle to the new payee", paid, "held 500/500/0");
  refused("assign after a payment", await move(workbench, id, "assign", { payee }), "hold_ended");
  const ended = await reserve(workbench);
  await move(workbench, ended, "release");
  refused("assign after the end", await move(workbench, ended, "assign", { payee }), "hold_ended");
};

/** A reservation of 1,000 of which everything is asked for, and waits for whom the account belongs to. */
async function awaited(workbench: Workbench) {
  const { pay, above } = workbench.config.confirming ?? { pay: "", above: 0 };
  const tradeNumber = workbench.newTrade();
  const id = await reserve(workbench, { account: pay, tradeNumber });
  const asked = { id: workbench.newId(), amount: above + 1 };
  refused("more than the sum", await move(workbench, id, "settle", asked), "confirmation_awaited");
  return { id, tradeNumber, pay, above, asked };
}

const confirmWaits: Rule["check"] = async (workbench) => {
  const { id, asked } = await awaited(workbench);
  for (const _ of [1, 2])
    refused("the same again", await move(workbench, id, "settle", asked), "confirmation_awaited");
  await stands(workbench, id, `held ${usual}/0/0`);
};

const confirmContent: Rule["check"] = async (workbench) => {
  const { id, asked } = await awaited(workbench);
  const other = await move(workbench, id, "settle", { ...asked, amount: asked.amount + 1 });
  refused("another amount under an id that waits", other, "command_id_reused");
  const elsewhere = await reserve(workbench);
  refused(
    "its id elsewhere",
    await move(workbench, elsewhere, "settle", { ...asked, amount: 1 }),
    "command_id_reused",
  );
  await stands(workbench, elsewhere, `held ${usual}/0/0`);
};

const confirmBeside: Rule["check"] = async (workbench) => {
  const { id, asked, above } = await awaited(workbench);
  const other = await reserve(workbench);
  const of = (does: string, more: object) => ({ do: does, reservation: id, id: workbench.newId(), ...more });
  const outcomes = await batch(workbench, [
    of("settle", asked),
    of("settle", { reservation: other, amount: 100 }),
    of("settle", { amount: above }),
    of("refund", { amount: 1 }),
    of("release", {}),
  ]);
  same("outcomes", outcomes.map(summaryOf), [
    "409 confirmation_awaited",
    `held ${usual - 100}/100/0`,
    `held ${usual - above}/${above}/0`,
    `held ${usual - above}/${above}/0 refunded 1`,
    `settled 0/${above}/${usual - above} refunded 1`,
  ]);
};

const confirmSlices: Rule["check"] = async (workbench) => {
  const { above, pay } = workbench.config.confirming ?? { pay: "", above: 0 };
  const tradeNumber = workbench.newTrade();
  const [first, second] = [
    await reserve(workbench, { account: pay, tradeNumber }),
    await reserve(workbench, { account: pay, tradeNumber }),
  ];
  shows(
    "the sum itself",
    await move(workbench, first, "settle", { amount: above }),
    `held ${usual - above}/${above}/0`,
  );
  for (const id of [first, second])
    refused("a unit more", await move(workbench, id, "settle", { amount: 1 }), "confirmation_awaited");
};

const consents = rulesOf("Payments: how a consent comes about", [
  ["consent.tells", "A server is told of a consent that it holds", tellsConsent],
  ["consent.others", "Another server's consent is not there", othersConsent],
  ["consent.no-code", "A code that was never made is refused", noCode],
]);

const payees = rulesOf("Payments: who may ask for what", [
  ["consent.own-payee", "A server is no payee of what it reserves", ownPayee],
]);

const codes = rulesOf("Payments: how a consent comes about", [
  ["code.once", "A code is good once; the same request again gets the same answer", codeOnce],
  ["code.other-content", "Another code under an id that was used is refused, and stays good", codeUnderId],
  ["code.one-server", "A code is good for the server that it was made for", codeForOne],
  [
    "code.challenge",
    "A code made with a challenge is given up for its verifier, and no other is",
    codeChallenge,
  ],
  ["code.at-once", "A code is good once among requests that come together", codeAtOnce],
  [
    "consent.revoked",
    "A consent that was taken back begins nothing new, what runs goes on, and no more than what is kept back is given back",
    revoked,
  ],
  ["consent.fee", "A server keeps the fee that the shop agreed to, and no more", agreedFee],
  [
    "consent.again",
    "A shop that agrees once more for its account is the same payee, and what a server has paid it counts, once",
    agreedAgain,
  ],
]).map((rule): Rule => ({ ...rule, needs: "shop" }));

const confirmed = rulesOf("A payment that its account's owner confirms", [
  [
    "confirm.waits",
    "What is above the sum waits for the owner, and the same again is told the same",
    confirmWaits,
  ],
  ["confirm.content", "Another content under an id that waits is refused", confirmContent],
  ["confirm.beside", "What waits holds up nothing beside it", confirmBeside],
  ["confirm.slices", "Slices of a trade, and a second reservation of it, come no further", confirmSlices],
]).map((rule): Rule => ({ ...rule, needs: "confirming" }));

const assigning = rulesOf("Payments: instructions", [
  ["assign.payee", "assign names another payee, while nothing has been paid", otherPayee],
]).map((rule): Rule => ({ ...rule, needs: "shop" }));

export const consentRules: readonly Rule[] = [...consents, ...codes, ...payees, ...assigning, ...confirmed];
