/** What has to be true of codes at the door: each has served once, and only the hand to which it was given. */
import type { Facilitator } from "./facilitator.ts";
import type { Asked } from "./callers.ts";

export function faultsOfDoors({ id, trades, events, doorway }: Facilitator): string[] {
  const faults: string[] = [];
  const served = new Set<string>();
  for (const trade of trades.values()) {
    for (const { types, role, actor, data } of events.get(trade.id) ?? []) {
      if (role !== "carrier" && role !== "provider") continue;
      types.forEach((type, index) => {
        const by = data[index]?.["by"];
        if (type !== "trade.accepted" || by === role) return;
        const { kind, reference = "" } = (data[index]?.["evidence"] ?? {}) as Record<string, string>;
        const window = doorway.opened.get(reference);
        if (kind !== "door_code" || window?.hand !== actor || window?.trade !== trade.number)
          faults.push(`${id}: ${actor} accepted ${trade.number} for ${String(by)} without a code of theirs`);
        if (served.has(reference)) faults.push(`${id}: one code at the door accepted ${trade.number} twice`);
        served.add(reference);
      });
    }
  }
  if (new Set(doorway.spent).size < doorway.spent.length)
    faults.push(`${id}: a code at the door was spent twice`);
  return faults;
}

/** Requests that were told that one and the same code had served them. */
export function faultsOfCodes(asked: readonly Asked[]): string[] {
  const served = new Set<string>();
  return asked.flatMap(({ at, request, outcome }) => {
    if (request.do !== "move" || request.body.do !== "accept" || request.body.code === undefined) return [];
    if (outcome === undefined || outcome.status >= 300) return [];
    const code = `${at.id} ${request.number} ${request.body.code}`;
    if (served.has(code))
      return [`${at.id}: two requests were told that the code for ${request.number} is theirs`];
    served.add(code);
    return [];
  });
}
