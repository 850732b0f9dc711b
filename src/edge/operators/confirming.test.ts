/** How acts are declared, and that one is confirmed and done, or neither. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startGuarded } from "../../../test/support/world/two-operators.ts";
import { digestOf } from "../../engines/engine/engine.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import { openConfirming } from "./operators.ts";

const { database } = await startGuarded({ after });
const rules = { fourEyes: { JPY: 100n }, requireProof: false, lookupsPerDay: 5 } as const;
const operators = await database.query<{ id: string }>({
  text: "select id from operators order by id",
  values: [],
});
const [first, second] = operators.map(({ id }) => id);
assert.ok(first !== undefined && second !== undefined);

test("nobody says in another way how an act is done: a call and a page may say the same", () => {
  const confirming = openConfirming(database, rules);
  const perform = () => Promise.resolve({ status: 200, body: {} });
  confirming.act("independence.give", perform);
  confirming.act("independence.give", perform);
  const other = () => Promise.resolve({ status: 200, body: {} });
  assert.throws(
    () => confirming.act("independence.give", other),
    /in two ways how independence.give is done/,
  );
  const doer = { perform: () => assert.fail(), changed: () => assert.fail() };
  assert.throws(() => confirming.doneBy(["independence.give"], doer), /in two ways/);
});

test("an act whose doing fails is not confirmed: it waits on, and is done once it can be", async () => {
  const confirming = openConfirming(database, rules);
  let fault: Error | undefined = new Error("a fault");
  const doneFor: (string | null)[] = [];
  const ask = confirming.act<{ what: string }>("independence.give", (_client, _args, { confirmedBy }) => {
    if (fault !== undefined) throw fault;
    doneFor.push(confirmedBy);
    return Promise.resolve({ status: 200, body: { what: "done" } });
  });
  const asking = { operator: first, key: uuidv7(), digest: digestOf("x"), subject: "JPY" };
  const waiting = await ask(asking, { what: "a thing" });
  assert.ok(waiting.how === "refused");
  const id = String(waiting.problem.value.act);
  await assert.rejects(confirming.confirm(second, id), /a fault/);
  assert.equal((await confirming.read(id))?.confirmedBy, null);
  assert.ok((await confirming.waiting(200)).some((act) => act.id === id));
  fault = undefined;
  const outcomes = await Promise.all([confirming.confirm(second, id), confirming.confirm(second, id)]);
  assert.deepEqual(
    outcomes.map(({ how }) => how),
    ["done", "done"],
  );
  assert.deepEqual(doneFor, [second], "once, under both names");
  assert.equal((await confirming.read(id))?.confirmedBy, second);
});
