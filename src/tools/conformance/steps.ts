/** What the rules do over and over: make a reservation, do something with it, look at what came of it. */
import type { Asking, Bench } from "./workbench.ts";
import type { Heard } from "./message.ts";
import { Broken, holds, same, written } from "./expectations.ts";

/** What is reserved where nothing else is said, in minor units. */
export const usual = 1000;
const minutes = 60;

/** A reservation as it would be asked for. Money is back in ten minutes, even if a run is broken off. */
export function wishOf(bench: Bench, change: object = {}): Record<string, unknown> {
  const { peer, currency } = bench.grounds;
  return {
    ...{ id: bench.newId(), tradeNumber: bench.newTrade(), account: peer.pay, payee: peer.receive },
    ...{ amount: usual, currency, until: bench.inSeconds(10 * minutes), ...change },
  };
}

/** Reserves, and answers the id. Throws Broken where that is refused. */
export async function reserve(bench: Bench, change: object = {}, asking: Asking = {}): Promise<string> {
  const wish = wishOf(bench, change);
  const id = String(wish["id"]);
  const heard = await bench.ask("POST", "/v1/reservations", wish, asking);
  if (heard.status !== 201) throw new Broken(`expected 201 for a reservation, saw ${toldOf(heard)}`);
  if (asking.as === undefined) bench.made.add(id);
  return id;
}

/** Does something with a reservation. */
export function move(
  bench: Bench,
  id: string,
  does: string,
  body: object = {},
  asking: Asking = {},
): Promise<Heard> {
  return bench.ask("POST", `/v1/reservations/${id}/${does}`, { id: bench.newId(), ...body }, asking);
}

export function read(bench: Bench, id: string, asking: Asking = {}): Promise<Heard> {
  return bench.ask("GET", `/v1/reservations/${id}`, undefined, asking);
}

export interface Outcome {
  status: number;
  json: Record<string, unknown>;
  replayed: boolean;
}

/** Sends instructions together, and answers the outcomes. Throws Broken where there is not one for each. */
export async function batch(
  bench: Bench,
  instructions: readonly object[],
  asking: Asking = {},
): Promise<Outcome[]> {
  const heard = await bench.ask("POST", "/v1/reservations/batch", { instructions }, asking);
  const { outcomes } = heard.json;
  if (heard.status !== 200 || !Array.isArray(outcomes))
    throw new Broken(`expected 200 with outcomes, saw ${toldOf(heard)}`);
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
export function toldOf({ status, json }: Pick<Heard, "status" | "json">): string {
  if (typeof json["state"] !== "string") return `${status} ${written(json["code"] ?? json)}`;
  const { state, amount, settled, released, refunded } = json;
  const frozen = Number(amount) - Number(settled) - Number(released);
  const back = Number(refunded) > 0 ? ` refunded ${written(refunded)}` : "";
  return `${state} ${frozen}/${written(settled)}/${written(released)}${back}`;
}

/** Throws Broken unless an answer shows a reservation like this, as {@link toldOf} writes it. */
export function shows(what: string, heard: Pick<Heard, "status" | "json">, expected: string): void {
  same(what, toldOf(heard), expected);
}

/** Throws Broken unless a reservation stands like this when it is asked about. */
export async function stands(bench: Bench, id: string, expected: string): Promise<void> {
  shows("the reservation afterwards", await read(bench, id), expected);
}

/** Throws Broken unless an answer is a refusal with one of these codes. */
export function refused(what: string, heard: Pick<Heard, "status" | "json">, ...codes: string[]): void {
  const code = heard.json["code"];
  holds(
    `${codes.join(" or ")} for ${what}`,
    heard.status >= 400 && codes.includes(String(code)),
    toldOf(heard),
  );
}

/** Throws Broken unless a reservation that was refused is not there. */
export async function neverMade(bench: Bench, id: string): Promise<void> {
  refused("a reservation that was refused", await read(bench, id), "not_found");
}

/** The items of a list. */
export const itemsOf = (json: Record<string, unknown>): Record<string, unknown>[] =>
  Array.isArray(json["items"]) ? (json["items"] as Record<string, unknown>[]) : [];
