/** The search: all states that a setting can come to, breadth first, each met once. */
import {
  carry,
  cheatingBuyer,
  cheatingShop,
  firstState,
  honestBuyer,
  honestShop,
  isHeld,
  keyOf,
  type Machine,
  moveClock,
  operator,
  type Setting,
  type State,
  type Turn,
} from "../players/players.ts";
import { type Endless, Edges, endlessIn } from "./endless.ts";
import { beyondTerms, isOver, type Loss, lossOf, overlookedIn } from "./verdict.ts";

export interface Finding extends Loss {
  story: string[];
}

export interface Result {
  setting: Setting;
  states: number;
  /** True where there were more states than were allowed. */
  cut: boolean;
  /** The shortest story of each kind, those in which a cheat wins first. */
  findings: Finding[];
  /** A story in which money stays frozen for ever, if there is one. */
  endless: string[] | undefined;
  /** The longest time that money was frozen, in days, and how that came. */
  longestDays: number;
  longest: string[];
}

interface Found {
  parents: number[];
  labels: string[];
  steps: number[];
}

/** How far a search goes. `first`: it ends with the first story in which a cheat wins. */
export interface Limits {
  most: number;
  first?: true;
}

export function search(setting: Setting, machine: Machine, limits: Limits): Result {
  const ids = new Map<string, number>();
  const found: Found = { parents: [], labels: [], steps: [] };
  const edges = new Edges();
  const held: boolean[] = [];
  const waiting: (State | undefined)[] = [];
  const losses = new Map<string, Loss & { id: number }>();
  const meet = (state: State, parent: number, label: string, steps: number): number => {
    const key = keyOf(state, setting);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = waiting.length;
    ids.set(key, id);
    waiting.push(state);
    found.parents.push(parent);
    found.labels.push(label);
    found.steps.push(steps);
    held.push(isHeld(state));
    return id;
  };
  meet(firstState(setting, machine), -1, "", 0);
  let cut = false;
  for (let id = 0; id < waiting.length; id++) {
    const state = waiting[id];
    if (state === undefined) continue;
    waiting[id] = undefined;
    if (waiting.length > limits.most) {
      cut = true;
      break;
    }
    const over = isOver(state);
    const loss = over ? lossOf(state, setting) : undefined;
    if (loss !== undefined) noteLoss(losses, loss, id);
    const beyond = beyondTerms(state, setting);
    if (beyond !== undefined) noteLoss(losses, beyond, id);
    // Where a rule is switched off, only what somebody wins by it is looked for.
    if (limits.first !== true && overlookedIn(state, setting, machine.waits))
      noteLoss(losses, { what: "what silence says is left to an operator", why: "hard" }, id);
    if (limits.first === true && [...losses.values()].some(({ why }) => why === "hard")) break;
    edges.begin(id);
    if (over) continue;
    for (const { label, state: next, steps, stuck } of movesOf(setting, machine, state)) {
      if (stuck !== undefined) {
        noteLoss(losses, { what: `${label} ${stuck}`, why: "hard" }, id);
        continue;
      }
      const to = meet(next, id, label, steps);
      if (to !== id || steps > 0) edges.add(to, steps, label);
    }
  }
  const won = [...losses.values()].some(({ why }) => why === "hard");
  const ends = cut || (won && limits.first === true) ? undefined : endlessIn(edges, held);
  return resultOf(setting, { found, edges }, losses, ends, cut);
}

function noteLoss(losses: Map<string, Loss & { id: number }>, loss: Loss, id: number): void {
  const kind = `${loss.why}: ${loss.what.replace(/\d+/g, "some")}`;
  if (!losses.has(kind)) losses.set(kind, { ...loss, id });
}

/** All that can happen next. Those who are honest and prompt come before the cheat and the clock. */
function movesOf(setting: Setting, machine: Machine, state: State): Turn["moves"] {
  const turn: Turn = { setting, machine, state, moves: [], must: false };
  if (setting.cheat === "buyer") honestShop(turn);
  else honestBuyer(turn);
  operator(turn);
  const honestFirst = turn.must && setting.manner === "prompt";
  carry(turn);
  if (!honestFirst) {
    if (setting.cheat === "buyer") cheatingBuyer(turn);
    else cheatingShop(turn);
  }
  if (!turn.must) moveClock(turn);
  return turn.moves;
}

function resultOf(
  setting: Setting,
  { found, edges }: { found: Found; edges: Edges },
  losses: ReadonlyMap<string, Loss & { id: number }>,
  ends: Endless | undefined,
  cut: boolean,
): Result {
  const findings = [...losses.values()].map(({ id, what, why }) => ({
    what,
    why,
    story: storyOf(setting, found, id),
  }));
  const rank = ({ why, story }: Finding) => (why === "hard" ? 0 : 1000) + story.length;
  findings.sort((left, right) => rank(left) - rank(right));
  const endless = ends?.endless;
  return {
    setting,
    states: found.parents.length,
    cut,
    findings,
    endless:
      endless === undefined
        ? undefined
        : [
            ...storyOf(setting, found, endless.at),
            ...endless.circle.map((edge) => `again and again: ${edges.labelOf(edge)}`),
          ],
    longestDays: (ends?.longest ?? 0) * setting.stepDays,
    longest: ends === undefined ? [] : storyOf(setting, found, ends.longestEnd),
  };
}

/** The sentences that lead to a state, each with its day. */
function storyOf(setting: Setting, { parents, labels, steps }: Found, id: number): string[] {
  const path: number[] = [];
  for (let at = id; at > 0; at = parents[at] ?? 0) path.push(at);
  let day = 0;
  return path.reverse().flatMap((at) => {
    day += (steps[at] ?? 0) * setting.stepDays;
    const label = labels[at] ?? "";
    return label === "" ? [] : [`Day ${day}: ${label}`];
  });
}
