/** Consents as the server that holds them sees them, and the codes by which it comes to them. */
import type { Asking, Workbench } from "./workbench.ts";
import { holds, same } from "./expectation.ts";
import { type Rule, rulesOf } from "./rule.ts";
import { move, refused, reserve, shows, summaryOf, wishOf } from "./steps.ts";

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
async function agreed(workbench: Workbench): Promise<{ id: string; code: string }> {
  const { currency, shop } = workbench.config;
  const wish = { peer: shop?.peer, purpose: "receive", currency };
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

const codeForOne: Rule["check"] = async (workbench) => {
  const { code } = await agreed(workbench);
  refused("another server's code", await exchange(workbench, { code }, { as: workbench.other }), "not_found");
  same("status for the server that it is for", (await exchange(workbench, { code })).status, 200);
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
  shows("what runs", await move(workbench, running, "settle", { amount: 600 }), "held 400/600/0");
  shows("what runs", await move(workbench, running, "refund"), "held 400/600/0 refunded 600");
};

const consents = rulesOf("Payments: how a consent comes about", [
  ["consent.tells", "A server is told of a consent that it holds", tellsConsent],
  ["consent.others", "Another server's consent is not there", othersConsent],
  ["consent.no-code", "A code that was never made is refused", noCode],
]);

const codes = rulesOf("Payments: how a consent comes about", [
  ["code.once", "A code is good once; the same request again gets the same answer", codeOnce],
  ["code.one-server", "A code is good for the server that it was made for", codeForOne],
  ["code.at-once", "A code is good once among requests that come together", codeAtOnce],
  ["consent.revoked", "A consent that was taken back begins nothing new, and what runs goes on", revoked],
]).map((rule): Rule => ({ ...rule, needs: "shop" }));

export const consentRules: readonly Rule[] = [...consents, ...codes];
