import assert from "node:assert/strict";
import { test } from "node:test";
import { CommitUnknownError } from "../../storage/database/database.ts";
import { problemOf } from "./problems.ts";

test("a commit that was lost leaves an outcome to find out, and none to who only reads", () => {
  const lost = new CommitUnknownError(new Error("the connection broke"));
  const codes = ["POST", "PUT", "GET", "HEAD"].map((method) => problemOf(lost, method)?.code);
  assert.deepEqual(codes, ["outcome_unknown", "outcome_unknown", "unavailable", "unavailable"]);
});
