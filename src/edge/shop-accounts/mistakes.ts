/** What is wrong in a form about an account, at the field where it can be put right. */
import type { Problem } from "../../core/protocol/protocol.ts";
import { attemptOf, type Fields } from "../pages/pages.ts";
import type { Attempt } from "../parts/parts.ts";
import type { AccountAct } from "../shop-account-views/shop-account-views.ts";
import { say, type Sentence } from "../words/words.ts";

/** Fields of calls that a form has under another name. */
const names: Readonly<Record<string, string>> = { on: "day" };

/** What was typed, under the names that the fields of the page have; a secret is typed anew. */
function typedIn(act: AccountAct, fields: Fields): Record<string, string> {
  const { values } = attemptOf(fields, {});
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${act}-${name}`, value]));
}

export function wrongIn(
  act: AccountAct,
  fields: Fields,
  wrong: { errors: Record<string, Sentence> } | { problem: Problem },
): Attempt {
  const values = typedIn(act, fields);
  const at = (errors: Record<string, Sentence>): Attempt => {
    const named = Object.entries(errors).map(([name, message]) => [`${act}-${name}`, message] as const);
    return { ...attemptOf({}, { errors: Object.fromEntries(named) }), values };
  };
  if ("errors" in wrong) return at(wrong.errors);
  const { problem } = wrong;
  if (problem.code === "password_wrong") return at({ password: say("shopAccount.wrongPassword") });
  const found = (problem.errors ?? []).map(({ pointer, message }) => {
    const part = pointer.split("/").at(-1) ?? "";
    return [names[part] ?? part, say("mistake.other", { message })] as const;
  });
  return found.length > 0 && found.every(([name]) => name in fields)
    ? at(Object.fromEntries(found))
    : { ...attemptOf({}, { problem }), values };
}
