/** Consents as the server that holds them sees them, and the codes by which it comes to them. */
import { type Asking, type Bench, type Rule, rulesOf } from "./workbench.ts";
import { holds, same } from "./expectations.ts";
import { move, refused, reserve, shows, toldOf, wishOf } from "./steps.ts";

const tellsConsent: Rule["check"] = async (bench) => {
  const { grounds } = bench;
  for (const [id, purpose] of [
    [grounds.peer.pay, "pay"],
    [grounds.peer.receive, "receive"],
  ] as const) {
    const { json } = await bench.ask("GET", `/v1/consents/${id}`);
    const seen = [json["consent"], json["purpose"], json["currency"], json["good"]];
    same("consent, purpose, currency, good", seen, [id, purpose, grounds.currency, true]);
  }
};

const othersConsent: Rule["check"] = async (bench) => {
  refused(
    "another server's consent",
    await bench.ask("GET", `/v1/consents/${bench.grounds.other.pay}`),
    "not_found",
  );
};

const noCode: Rule["check"] = async (bench) => {
  for (const way of ["exchange", "voucher"]) {
    const heard = await bench.ask("POST", `/v1/consents/${way}`, {
      id: bench.newId(),
      code: "kc_not_a_code_at_all",
    });
    refused(`a code that was never made (${way})`, heard, "not_found", "method_not_usable");
  }
};

/** A shop agrees to be paid, and so makes a code for this server. */
async function agreed(bench: Bench): Promise<{ id: string; code: string }> {
  const { currency, shop } = bench.grounds;
  const wish = { peer: shop?.peer, purpose: "receive", currency };
  const headers = { authorization: `Bearer ${shop?.key ?? ""}`, "content-type": "application/json" };
  const body = Buffer.from(JSON.stringify(wish));
  const { status, json } = await bench.send({ method: "POST", path: "/v1/consents", headers, body });
  holds("201 for a shop's consent", status === 201, toldOf({ status, json }));
  bench.known.add(String(json["id"]));
  return { id: String(json["id"]), code: String(json["code"]) };
}

const exchange = (bench: Bench, body: object, asking: Asking = {}) =>
  bench.ask("POST", "/v1/consents/exchange", body, asking);

const codeOnce: Rule["check"] = async (bench) => {
  const { id, code } = await agreed(bench);
  const asked = { id: bench.newId(), code };
  const first = await exchange(bench, asked);
  same("the consent", [first.status, first.json["consent"]], [200, id]);
  const repeated = await exchange(bench, asked);
  same("the same request again", [repeated.status, repeated.text], [200, first.text]);
  refused("the code in another request", await exchange(bench, { id: bench.newId(), code }), "not_found");
};

const codeForOne: Rule["check"] = async (bench) => {
  const { code } = await agreed(bench);
  refused("another server's code", await exchange(bench, { code }, { as: bench.other }), "not_found");
  same("status for the server that it is for", (await exchange(bench, { code })).status, 200);
};

const codeAtOnce: Rule["check"] = async (bench) => {
  const { code } = await agreed(bench);
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => exchange(bench, { id: bench.newId(), code })),
  );
  same(
    "a code that is given up five times at once",
    answers.filter(({ status }) => status === 200).length,
    1,
  );
};

const revoked: Rule["check"] = async (bench) => {
  const { id: payee, code } = await agreed(bench);
  await exchange(bench, { code });
  const running = await reserve(bench, { payee });
  const headers = {
    authorization: `Bearer ${bench.grounds.shop?.key ?? ""}`,
    "content-type": "application/json",
  };
  const path = `/v1/consents/${payee}/revoke`;
  const { status } = await bench.send({ method: "POST", path, headers, body: Buffer.from("{}") });
  holds("204 for taking a consent back", status === 204 || status === 200, status);
  const wish = wishOf(bench, { payee });
  refused("something new under it", await bench.ask("POST", "/v1/reservations", wish), "consent_not_valid");
  same("good", (await bench.ask("GET", `/v1/consents/${payee}`)).json["good"], false);
  shows("what runs", await move(bench, running, "settle", { amount: 600 }), "held 400/600/0");
  shows("what runs", await move(bench, running, "refund"), "held 400/600/0 refunded 600");
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
