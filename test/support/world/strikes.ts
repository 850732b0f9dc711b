/** What happens to servers on bad days: they are killed, cut off from their databases, held up, and their clocks are moved. */
import { setTimeout as pause } from "node:timers/promises";
import type { Chance } from "../sim/chance.ts";
import { networkFaults } from "../wire/fault-proxy.ts";
import { bearer, request } from "../wire/http.ts";
import type { Side } from "./sides.ts";
import { until } from "./world.ts";

const sometimes = networkFaults.filter((fault) => fault !== "black hole");
/** In a black hole a call stays for as long as its caller has patience, so there are fewer of them. */
export const faultsOfServers = [...networkFaults, ...sometimes];
/** Requests of shops and clerks are not signed: what would corrupt them is kept away by TLS, and by nothing here. */
export const faultsOfCallers = [...faultsOfServers, ...sometimes].filter(
  (fault) => !fault.includes("corrupted"),
);

/** Something that can be struck: a server, with the key of who moves its clock. */
export interface Struck {
  name: string;
  side: Side;
  adminKey: string;
}

/** Moves a server's clock; where nobody answers, it is tried again at another time. */
export async function moveClock({ side, adminKey }: Omit<Struck, "name">, by: string): Promise<boolean> {
  const headers = { ...bearer(adminKey), "idempotency-key": `clock-${performance.now()}` };
  const url = `${side.line.url}/v1/test-clock/advance`;
  const moved = await request(url, "POST", headers, { by }).catch(() => undefined);
  return moved?.status === 200;
}

/** One of the things that happen to a server; what it was. */
async function strike(chance: Chance, struck: Struck, steps: readonly string[]): Promise<string> {
  const { process, store } = struck.side;
  switch (chance.pick(["kill", "kill", "kill", "cut", "stall", "clock"])) {
    case "kill":
      await process.kill();
      await pause(chance.int(0, 300));
      await process.start();
      return `${struck.name} killed`;
    case "cut":
      await store.close();
      await pause(chance.int(10, 800));
      await store.open();
      return "database cut off";
    case "stall":
      store.stop();
      await pause(chance.int(10, 1_500));
      store.flow();
      return "database stalled";
    default:
      return (await moveClock(struck, chance.pick([...steps]))) ? "clock moved" : "clock not moved";
  }
}

/** Strikes so many times, after some more answers each time, and tells how often what happened. */
export async function strikeOn(
  chance: Chance,
  servers: readonly Struck[],
  {
    rounds,
    between: [least, most],
    answered,
    clock,
  }: { rounds: number; between: [number, number]; answered: () => number; clock: readonly string[] },
): Promise<Map<string, number>> {
  const often = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    const wanted = answered() + chance.int(least, most);
    await until("more answers", () => answered() >= wanted);
    const what = await strike(chance, chance.pick([...servers]), clock);
    often.set(what, (often.get(what) ?? 0) + 1);
  }
  return often;
}
