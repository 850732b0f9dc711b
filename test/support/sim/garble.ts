/** Answers that cannot be right: from a server that is overloaded, broken, or has mixed up whom it answers. */
import type { Ground } from "./process.ts";

export interface Spoilable {
  status: number;
  reservation?: Record<string, unknown>;
  transfer?: Record<string, unknown>;
  collection?: Record<string, unknown>;
  problem?: Record<string, unknown>;
}

const spoil: ((outcome: Spoilable) => unknown)[] = [
  () => ({ status: 503, problem: { code: "unavailable" } }),
  () => ({ status: 500, problem: { code: "internal_error" } }),
  () => ({ status: 429, problem: { code: "no_such_code" } }),
  () => ({ status: 400 }),
  () => null,
  () => "ok",
  () => ({ status: 200 }),
  () => ({ status: "200", reservation: {} }),
  () => ({ status: 200, reservation: { id: "another", amount: 1, settled: 1, released: 0, refunded: 0 } }),
  ({ status, reservation }) => ({ status, reservation: { ...reservation, id: "another" } }),
  ({ status, reservation }) => ({ status, reservation: { ...reservation, settled: -1 } }),
  ({ status, reservation }) => ({ status, reservation: { ...reservation, released: 1e300 } }),
  ({ status, reservation }) => ({ status, reservation: { ...reservation, state: "gone" } }),
  ({ status, transfer }) => ({ status, transfer: { ...transfer, amount: 1e300 } }),
  ({ transfer }) => ({ status: 201, transfer: { ...transfer, id: "another" } }),
];

/** The same reply with one of its outcomes spoilt, or cut short. A refusal spoilt like an effect stays one. */
export function garble(
  { time: { chance }, network }: Ground,
  reply: string,
  ways: readonly ((outcome: Spoilable) => unknown)[] = spoil,
): string {
  network.count("garbled");
  const { outcomes } = JSON.parse(reply) as { outcomes: Spoilable[] };
  if (chance.percent(10)) return JSON.stringify({ outcomes: outcomes.slice(1) });
  const place = chance.int(0, outcomes.length - 1);
  const spoilt = outcomes.map((outcome, index) => (index === place ? chance.pick(ways)(outcome) : outcome));
  return JSON.stringify({ outcomes: spoilt });
}
