/** What a rule is, and what rules do over and over: make a reservation, do something with it, look at what came of it. */
import type { Asking, Workbench } from "./workbench.ts";
import { Broken, type Heard, holds, same, written } from "./message.ts";

/** One thing that docs/between-parties.md demands of an institution, and how to find out. */
export interface Rule {
  /** Stays the same from version to version: what stands in other programs' lists. */
  name: string;
  /** The heading under which docs/between-parties.md says so. */
  section: string;
  says: string;
  /** Throws Broken where the rule is not kept. */
  check: (workbench: Workbench) => Promise<void>;
  /** What the configuration has to hold for it, beside what all rules need. */
  needs?: "shop" | "confirming" | "collector" | "collecting";
}

/** Writes the rules of one section as lines: its name, what it says, how to find out. */
export function rulesOf(
  section: string,
  lines: readonly (readonly [name: string, says: string, check: Rule["check"]])[],
): Rule[] {
  return lines.map(([name, says, check]) => ({ name, section, says, check }));
}

/** What is reserved where nothing else is said, in minor units. */
export const usual = 1000;
const minutes = 60;

/** A reservation as it would be asked for. Money is back in ten minutes, even if a run is broken off. */
export function wishOf(workbench: Workbench, change: object = {}): Record<string, unknown> {
  const { peer, currency } = workbench.config;
  return {
    id: workbench.newId(),
    tradeNumber: workbench.newTrade(),
    account: peer.pay,
    payee: peer.receive,
    amount: usual,
    currency,
    until: workbench.inSeconds(10 * minutes),
    ...change,
  };
}

/** Reserves, and answers the id. Throws Broken where that is refused. */
export async function reserve(
  workbench: Workbench,
  change: object = {},
  asking: Asking = {},
): Promise<string> {
  const wish = wishOf(workbench, change);
  const id = String(wish["id"]);
  const heard = await workbench.ask("POST", "/v1/reservations", wish, asking);
  if (heard.status !== 201) throw new Broken(`expected 201 for a reservation, saw ${summaryOf(heard)}`);
  if (asking.as === undefined) workbench.made.add(id);
  return id;
}

/** Does something with a reservation. */
export function move(
  workbench: Workbench,
  id: string,
  does: string,
  body: object = {},
  asking: Asking = {},
): Promise<Heard> {
  return workbench.ask("POST", `/v1/reservations/${id}/${does}`, { id: workbench.newId(), ...body }, asking);
}

export function read(workbench: Workbench, id: string, asking: Asking = {}): Promise<Heard> {
  return workbench.ask("GET", `/v1/reservations/${id}`, undefined, asking);
}

export interface Outcome {
  status: number;
  json: Record<string, unknown>;
  replayed: boolean;
}

/** Sends instructions together, and answers the outcomes. Throws Broken where there is not one for each. */
export async function batch(
  workbench: Workbench,
  instructions: readonly object[],
  asking: Asking = {},
): Promise<Outcome[]> {
  const heard = await workbench.ask("POST", "/v1/reservations/batch", { instructions }, asking);
  const { outcomes } = heard.json;
  if (heard.status !== 200 || !Array.isArray(outcomes))
    throw new Broken(`expected 200 with outcomes, saw ${summaryOf(heard)}`);
  same("outcomes", outcomes.length, instructions.length);
  return (outcomes as Record<string, unknown>[]).map(
    ({ status, replayed, reservation, transfer, problem }) => ({
      status: Number(status),
      json: Object(reservation ?? transfer ?? problem ?? {}) as Record<string, unknown>,
      replayed: replayed === true,
    }),
  );
}

/** An answer in a few words: `held 300/700/0` is frozen, settled, released; or the status and code of a refusal. */
export function summaryOf({ status, json }: Pick<Heard, "status" | "json">): string {
  if (typeof json["state"] !== "string") return `${status} ${written(json["code"] ?? json)}`;
  const { state, amount, settled, released, refunded } = json;
  const frozen = Number(amount) - Number(settled) - Number(released);
  const back = Number(refunded) > 0 ? ` refunded ${written(refunded)}` : "";
  return `${state} ${frozen}/${written(settled)}/${written(released)}${back}`;
}

/** Throws Broken unless an answer shows a reservation like this, as {@link summaryOf} writes it. */
export function shows(what: string, heard: Pick<Heard, "status" | "json">, expected: string): void {
  same(what, summaryOf(heard), expected);
}

/** Throws Broken unless a reservation stands like this when it is asked about. */
export async function stands(workbench: Workbench, id: string, expected: string): Promise<void> {
  shows("the reservation afterwards", await read(workbench, id), expected);
}

/** Throws Broken unless an answer is a refusal with one of these codes. */
export function refused(what: string, heard: Pick<Heard, "status" | "json">, ...codes: string[]): void {
  const code = heard.json["code"];
  holds(
    `${codes.join(" or ")} for ${what}`,
    heard.status >= 400 && codes.includes(String(code)),
    summaryOf(heard),
  );
}

/** Throws Broken unless a reservation that was refused is not there. */
export async function neverMade(workbench: Workbench, id: string): Promise<void> {
  refused("a reservation that was refused", await read(workbench, id), "not_found");
}

/** The items of a list. */
export const itemsOf = (json: Record<string, unknown>): Record<string, unknown>[] =>
  Array.isArray(json["items"]) ? (json["items"] as Record<string, unknown>[]) : [];

/** Makes a reservation, does what is asked first, then what has to be refused without leaving a trace. */
export const refuses = (
  first: readonly (readonly [does: string, body: object])[],
  [does, body]: readonly [string, object | ((workbench: Workbench) => object)],
  codes: readonly string[],
) => {
  return async (workbench: Workbench): Promise<void> => {
    const id = await reserve(workbench);
    for (const [before, how] of first) {
      const heard = await move(workbench, id, before, how);
      holds(`200 for ${before}`, heard.status === 200, summaryOf(heard));
    }
    const before = summaryOf(await read(workbench, id));
    refused(
      does,
      await move(workbench, id, does, typeof body === "function" ? body(workbench) : body),
      ...codes,
    );
    await stands(workbench, id, before);
  };
};
