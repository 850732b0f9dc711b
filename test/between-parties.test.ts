/** The messages that docs/between-parties.md shows are such as servers take and answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TSchema } from "typebox";
import { makeCheck } from "../src/edge/http/http.ts";
import { dammValid, problem, type ProblemCode, problemCodes } from "../src/core/protocol/protocol.ts";
import {
  collectionInstructionSchemas,
  collectionInstructionsSchema,
  collectionPaidSchema,
  collectionPaymentSchema,
  collectionSchema,
  exchangeSchema,
  consentSchema,
  instructionSchemas,
  instructionsSchema,
  type ReservationMove,
  reservationMoves,
  reserveSchema,
} from "../src/core/protocol/schemas.ts";
import { readDocument, tableUnder } from "./support/tables/markdown.ts";

type Json = Record<string, unknown>;

const document = readDocument("between-parties.md");
const payments = document.slice(document.indexOf("## Payments: how a consent comes about"));
const examples = [
  ...payments.matchAll(/^```http\n(GET|POST) (\S+)\n(?:(\{.*\})\n)?\n(\d+)\n(\{.*\})\n```$/gm),
].map(([, method, path = "", sent, status, answered = ""]) => ({
  method,
  path,
  status: Number(status),
  sent: sent === undefined ? undefined : (JSON.parse(sent) as Json),
  answered: JSON.parse(answered) as Json,
}));

const bodies: Record<string, TSchema> = {
  "/v1/consents": consentSchema,
  "/v1/consents/exchange": exchangeSchema,
  "/v1/reservations": reserveSchema,
  "/v1/reservations/batch": instructionsSchema,
  "/v1/collections/batch": collectionInstructionsSchema,
  "/v1/collections/10000000000019/payments": collectionPaymentSchema,
};
const fields: Record<string, readonly string[]> = {
  reservation: [
    "id",
    "tradeNumber",
    "state",
    "currency",
    "amount",
    "settled",
    "released",
    "refunded",
    "until",
  ],
  transfer: ["id", "tradeNumber", "currency", "amount"],
  consent: ["consent", "purpose", "kind", "currency", "limitPerTrade", "limitPerMonth", "until", "good"],
  total: ["currency", "frozen", "settled", "released", "refunded"],
};

const moveOf = (path: string): ReservationMove | undefined =>
  (Object.keys(reservationMoves) as ReservationMove[]).find((move) => path.endsWith(`/${move}`));

function isReservation(view: Json): void {
  assert.deepEqual(Object.keys(view), fields["reservation"]);
  const [amount, settled, released, refunded] = ["amount", "settled", "released", "refunded"].map((name) =>
    Number(view[name]),
  );
  assert.ok(Number(amount) >= Number(settled) + Number(released) && Number(refunded) <= Number(settled));
  assert.equal(view["state"] === "held", amount !== Number(settled) + Number(released));
  assert.ok(dammValid(String(view["tradeNumber"])), String(view["tradeNumber"]));
}

for (const { method, path, sent, status, answered } of examples) {
  test(`${method} ${path} is as it is shown`, () => {
    const move = moveOf(path);
    const schema = move === undefined ? bodies[path] : reservationMoves[move];
    assert.equal(schema === undefined, sent === undefined || method === "GET");
    if (schema !== undefined && method === "POST") assert.equal(makeCheck(schema, "body")(sent), undefined);
    if (path.endsWith("/batch")) return;
    if (path.endsWith("/payments")) {
      assert.deepEqual(Object.keys(answered), Object.keys(collectionPaidSchema.properties));
      return assert.equal(status, 201);
    }
    if (status >= 400) {
      const { code, detail } = answered as { code: ProblemCode; detail: string };
      return assert.deepEqual(answered, problem(code, detail));
    }
    assert.equal(
      status,
      path === "/v1/consents" || (path === "/v1/reservations" && method === "POST") ? 201 : 200,
    );
    const { items } = answered as { items?: Json[] };
    if (path.endsWith("/exchange")) assert.deepEqual(Object.keys(answered), fields["consent"]);
    else if (path.endsWith("/totals"))
      for (const item of items ?? []) assert.deepEqual(Object.keys(item), fields["total"]);
    else if (path !== "/v1/consents") for (const view of items ?? [answered]) isReservation(view);
  });
}

test("each instruction of the batch and each of its outcomes is as it is shown", () => {
  const shown = examples.find(({ path }) => path === "/v1/reservations/batch");
  const instructions = (shown?.sent?.["instructions"] ?? []) as (Json & {
    do: keyof typeof instructionSchemas;
  })[];
  const outcomes = (shown?.answered["outcomes"] ?? []) as Record<string, Json>[];
  assert.deepEqual([instructions.length, outcomes.length], [4, 4]);
  for (const instruction of instructions)
    assert.equal(makeCheck(instructionSchemas[instruction.do], "body")(instruction), undefined);
  for (const { reservation, transfer, problem: told } of outcomes) {
    if (reservation !== undefined) isReservation(reservation);
    if (transfer !== undefined) assert.deepEqual(Object.keys(transfer), fields["transfer"]);
    if (told !== undefined) assert.deepEqual(told, problem(told["code"] as ProblemCode));
  }
});

test("so is each instruction about what is due, and what comes of it", () => {
  const shown = examples.find(({ path }) => path === "/v1/collections/batch");
  const instructions = (shown?.sent?.["instructions"] ?? []) as (Json & {
    do: keyof typeof collectionInstructionSchemas;
  })[];
  assert.deepEqual(
    instructions.map((each) => each.do).toSorted(),
    Object.keys(collectionInstructionSchemas).toSorted(),
  );
  for (const instruction of instructions) {
    assert.equal(makeCheck(collectionInstructionSchemas[instruction.do], "body")(instruction), undefined);
    assert.ok(dammValid(String(instruction["tradeNumber"])), String(instruction["tradeNumber"]));
  }
  for (const { collection, problem: told } of (shown?.answered["outcomes"] ?? []) as Record<string, Json>[]) {
    if (told !== undefined) assert.deepEqual(told, problem(told["code"] as ProblemCode));
    else
      assert.deepEqual(
        Object.keys(collectionSchema.properties).filter(
          (name) => !["reference", "kept", "taken"].includes(name),
        ),
        Object.keys(collection ?? {}),
      );
  }
});

test("every call for servers has an example, and every refusal is one of the registry", () => {
  const shown = examples.map(({ path }) => moveOf(path) ?? path);
  const expected = [...Object.keys(bodies), ...Object.keys(reservationMoves), "/v1/reservations/totals"];
  assert.deepEqual(
    expected.filter((path) => !shown.includes(path)),
    [],
  );
  const codes = tableUnder(document, "Bodies and refusals").flatMap(([named = ""]) => named.split(", "));
  assert.ok(codes.length > 15);
  assert.deepEqual(
    codes.filter((code) => !problemCodes.some((known) => known === code)),
    [],
  );
  const words = tableUnder(document, "Payments: instructions").map(([word = ""]) => word);
  assert.deepEqual(words.toSorted(), Object.keys(instructionSchemas).toSorted());
});
