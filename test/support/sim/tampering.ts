/** What planted faults make of instructions on their way to an institution. */
import type { Instruction } from "../../../src/core/protocol/schemas.ts";
import type { Ground } from "./process.ts";

/** The instruction as it is sent. */
export function tampered(body: Instruction, { mutant, newId }: Ground): Instruction {
  if (mutant === "a new id at each try") return { ...body, id: newId() };
  if (mutant === "what comes back goes to the shop") return withShopsShare(body);
  if (mutant === "a private settlement pays one piece more") return withOneMore(body);
  return body;
}

function withOneMore(body: Instruction): Instruction {
  if (body.do !== "settle" || body.goods === undefined) return body;
  const [first = 0, ...rest] = body.goods.accepted;
  return { ...body, goods: { ...body.goods, accepted: [first + 1, ...rest] } };
}

function withShopsShare(body: Instruction): Instruction {
  if (body.do !== "settle" || body.splits === undefined) return body;
  const [first, ...rest] = body.splits;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return body;
  const splits = [{ ...first, amount: first.amount + last.amount }, ...rest.slice(0, -1)];
  return { ...body, splits };
}
