/**
 * The SDK has the types of the messages for itself, so that it needs no package. Here the compiler proves that they are
 * the servers' types, both ways: a field, a code or a word that only one side has makes a line of this file an error.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type * as sdk from "@kenshu/sdk";
import type * as server from "../src/core/protocol/protocol.ts";
import type * as bodies from "../src/core/protocol/schemas.ts";

/** The checkout, seen from what the compiler made of this file in dist/. */
const root = new URL("../../", import.meta.url);

/** The same type with intersections and interfaces resolved, all the way down, so that only what it holds counts. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { [Name in keyof T]: Plain<T[Name]> }
    : T;

/**
 * Whether two types are one. Being assignable both ways would not do: a type without an optional field takes one that
 * has it, and the other way round.
 */
type Same<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2
    ? [A, B] extends [B, A]
      ? true
      : false
    : false;

/** Compiles where the argument is what the comparison comes to; running it does nothing. */
function same<A, B>(answer: Same<A, B>): boolean {
  return answer;
}

type View = { id: string; note?: string; state: "open" | "shut"; lines: { line: number }[] };

test("the comparison sees whatever differs", () => {
  const answers = [
    same<View, { id: string; state: "open" | "shut"; lines: { line: number }[] }>(false),
    same<View, { id: string; note: string; state: "open" | "shut"; lines: { line: number }[] }>(false),
    same<View, { id: string; note?: string; state: "open"; lines: { line: number }[] }>(false),
    same<View, { id: string; note?: string; state: "open" | "shut"; lines: { line: string }[] }>(false),
    same<View, { id: string; note?: string; state: "open" | "shut"; lines: { line?: number }[] }>(false),
    same<View, { id: string; note?: string | null; state: "open" | "shut"; lines: { line: number }[] }>(
      false,
    ),
    same<"a" | "b", "a">(false),
    same<"a", string>(false),
  ];
  assert.ok(answers.every((answer) => !answer));
  assert.ok(
    same<View, { id: string } & Omit<View, "id">>(true),
    "and what is only written differently is one",
  );
});

test("what servers show and say no with is what the SDK takes them to", () => {
  const answers = [
    same<sdk.Problem, server.Problem>(true),
    same<sdk.ProblemCode, server.ProblemCode>(true),
    same<sdk.FieldError, server.FieldError>(true),
    same<sdk.TradeView, server.TradeView>(true),
    same<sdk.TradeLineView, server.TradeLineView>(true),
    same<sdk.LineKind, server.LineKind>(true),
    same<sdk.TradeState, server.TradeState>(true),
    same<sdk.TradeEventView, server.TradeEventView>(true),
    same<sdk.FedEventView, server.FedEventView>(true),
    same<sdk.TradeEventType, server.TradeEventType>(true),
    same<sdk.PaymentTerms, server.PaymentTerms>(true),
    same<sdk.AcceptanceTerms, server.AcceptanceTerms>(true),
    same<sdk.AcceptorRole, server.AcceptorRole>(true),
    same<sdk.ActorRole, server.ActorRole>(true),
    same<sdk.Topology, server.Topology>(true),
    same<sdk.OperatorAct["channel"], server.OperatorChannel>(true),
  ];
  assert.ok(answers.every(Boolean));
});

test("what the SDK sends is what servers take", () => {
  const answers = [
    same<sdk.Propose, bodies.Propose>(true),
    same<sdk.Approve, bodies.Approve>(true),
    same<sdk.Revise, bodies.Revise>(true),
    same<sdk.Ship, bodies.MoveBodies["ship"]>(true),
    same<sdk.Deliver, bodies.MoveBodies["deliver"]>(true),
    same<sdk.SendBack, bodies.MoveBodies["send-back"]>(true),
    same<sdk.Withdraw, bodies.MoveBodies["withdraw"]>(true),
    same<sdk.AnswerDispute, bodies.AnswerDispute>(true),
    same<sdk.Offer, bodies.Offer>(true),
    same<sdk.AcceptOffer, bodies.AcceptOffer>(true),
    same<sdk.AtDoor, bodies.MoveBodies["at-door"]>(true),
    same<sdk.Accept, bodies.MoveBodies["accept"]>(true),
    same<sdk.Reject, bodies.MoveBodies["reject"]>(true),
    same<sdk.Return, bodies.MoveBodies["return"]>(true),
    same<sdk.Dispute, bodies.MoveBodies["dispute"]>(true),
    same<sdk.Resolve, bodies.MoveBodies["resolve"]>(true),
    same<sdk.Cancel, bodies.MoveBodies["cancel"]>(true),
    same<sdk.Extend, bodies.Extend>(true),
    same<sdk.Refund, bodies.MoveBodies["refund"]>(true),
    same<sdk.MoveName, bodies.MoveName>(true),
    same<sdk.MoveBody, Exclude<bodies.MoveBody, { do: bodies.GuaranteeMoveName }>>(true),
    same<sdk.Destination, bodies.Destination>(true),
    same<sdk.Application, bodies.Application>(true),
    same<sdk.MethodTerms["kind"], bodies.MethodKind>(true),
    same<sdk.MandateTerms, bodies.MandateTerms>(true),
  ];
  assert.ok(answers.every(Boolean));
});

test("the SDK reckons money by the servers' own lines", () => {
  const [copy, original] = ["packages/sdk/src", "src/core/money"].map((room) =>
    readFileSync(new URL(`${room}/amounts.ts`, root), "utf8"),
  );
  assert.equal(copy, original, "copy src/core/money/amounts.ts to packages/sdk/src");
});
