/** Acts of operators: done at once, or kept until another operator has confirmed exactly them. */
import {
  type OperatorChannel,
  type Problem,
  problem,
  type ProblemCode,
  refuse,
} from "../../core/protocol/protocol.ts";
import {
  type Digest,
  digestOf,
  done,
  type Effect,
  inTransaction,
  notDone,
  once,
  type Outcome,
} from "../../engines/engine/engine.ts";
import { type Client, type Database, uuidv7 } from "../../storage/database/database.ts";
import { insertActNotice } from "../../storage/members/members.ts";
import { lockOperators, type OperatorRow } from "../../storage/parties/parties.ts";
import { type ActName, isSecret, secretActs, takes } from "./acts.ts";
import { sealedIn } from "./sealed.ts";
import { unspoken } from "./speech.ts";
import type { OperatorRules } from "./rules.ts";
import type { Speech } from "./speech.ts";
import {
  confirmAct,
  declineAct,
  enterAct,
  hasLookedAt,
  isKept,
  type KeptAct,
  listActs,
  listConfirmed,
  readAct,
} from "./store.ts";

/** Under whose names something is done. */
export interface Names {
  operator: string;
  /** Null where one operator is enough. */
  confirmedBy: string | null;
}

/** What an act comes to; `tells`: the members or parties who read that it was done. */
type Done = Effect & { tells?: string | readonly string[] | undefined };
export type Perform<Args> = (client: Client, args: Args, names: Names) => Promise<Done>;

/** Who asks, and what the act says of itself. */
export interface Asking {
  operator: string;
  key: string | undefined;
  /** The digest of the request, by which a repetition is known. */
  digest: Digest;
  /** The id or number of what it is done to. */
  subject: string;
  /** How the person in whose name it is done reached the operator. */
  speech?: Speech | undefined;
  currency?: string;
  amount?: bigint;
}

export type Ask<Args> = (asking: Asking, args: Args) => Promise<Outcome<unknown>>;

/** How acts are done that are not done in a transaction of their own, such as moves of trades. */
export interface Doer {
  perform(act: KeptAct, confirmedBy: string): Promise<Outcome<unknown>>;
  /** Why what was asked about is not as it was; undefined where it is. */
  changed(act: KeptAct): Promise<Problem | undefined>;
  /** Confirms and does it in one transaction, so that there is never one without the other; left out where it is done elsewhere. */
  confirmed?(act: KeptAct, confirm: (client: Client) => Promise<string>): Promise<Outcome<unknown>>;
}

export interface Confirming {
  rules: OperatorRules;
  /** Declares how an act is done, which throws where something else was said of it before, and gives the call that does it: at once, or when a second operator has confirmed it. */
  act<Args extends object>(name: ActName, perform: Perform<Args>): Ask<Args>;
  /** Declares how acts are done that are kept by {@link Confirming.keep}. */
  doneBy(names: readonly ActName[], doer: Doer): void;
  /** Keeps an act for a second operator; one that was confirmed before is answered as what it came to. */
  keep(name: ActName, wish: KeepWish): Promise<Outcome<unknown>>;
  /** Does what another operator has asked for, once. `digest`: of what exactly the second operator has seen. */
  confirm(operator: string, id: string, digest?: string): Promise<Outcome<unknown>>;
  /** Does what was confirmed and holds a secret, for whoever asked for it. */
  collect(operator: string, id: string): Promise<Outcome<unknown>>;
  /** Stops an act that waits: one operator is enough, also the one who asked. `reason`: for operators to read. */
  decline(operator: string, id: string, reason?: string): Promise<boolean>;
  /** An act that waits, or was confirmed. */
  read(id: string): Promise<KeptAct | undefined>;
  /** What holds a secret, was asked for by this operator and confirmed within two days. */
  toCollect(operator: string): Promise<KeptAct[]>;
  waiting(limit: number, after?: string): Promise<KeptAct[]>;
  /** Whether an operator has asked under this key for something that was kept. */
  hasKept(operator: string, key: string): Promise<boolean>;
}

export interface KeepWish extends Omit<Asking, "digest" | "speech"> {
  body: Record<string, unknown>;
  version?: number | undefined;
  trade?: bigint;
}

export function openConfirming(database: Database, rules: OperatorRules): Confirming {
  const doers = new Map<ActName, Doer>();
  const said = new Map<ActName, unknown>();
  /** Two that differ would be done as the one of them that came last. `how`: what a page and a call that do the same have in common. */
  const declare = (name: ActName, doer: Doer, how: unknown): void => {
    if (said.has(name) && said.get(name) !== how)
      throw new Error(`It is said in two ways how ${name} is done.`);
    said.set(name, how);
    doers.set(name, doer);
  };
  const doerOf = (name: ActName): Doer => {
    const doer = doers.get(name);
    if (doer === undefined) throw new Error(`Nobody has said how ${name} is done.`);
    return doer;
  };
  const keep = (name: ActName, wish: KeepWish) => keepAct(database, doerOf(name), name, wish);
  return {
    rules,
    keep,
    act: (name, perform) => {
      declare(name, inOneTransaction(database, perform), perform);
      return async (asking, args) => {
        const refused = unspoken(rules, name, asking.speech);
        if (refused !== undefined) return notDone(refused);
        // What is kept has to be what JSON holds of it; so is what is done at once.
        const body = { ...args, ...(asking.speech === undefined ? {} : { operator: asking.speech }) };
        if (rules.fourEyes !== "off" && takes(name) === "two") return keep(name, { ...asking, body });
        const { operator, key, digest } = asking;
        return once(database, { caller: operator, key, digest }, (client) =>
          doneAs(client, name, perform, body, { operator, confirmedBy: null }),
        );
      };
    },
    doneBy: (names, doer) => {
      for (const name of names) declare(name, doer, doer);
    },
    confirm: async (operator, id, digest) => {
      const act = await readAct(database, id);
      if (act === undefined) return notDone(problem("not_found"));
      return confirm(database, doerOf(act.act), operator, act, digest);
    },
    collect: async (operator, id) => {
      const act = await readAct(database, id);
      if (act === undefined || act.operator !== operator) return notDone(problem("not_found"));
      return act.confirmedBy === null ? notDone(waits(act)) : doerOf(act.act).perform(act, act.confirmedBy);
    },
    decline: (operator, id, reason) => declineAct(database, id, operator, reason),
    read: (id) => readAct(database, id),
    toCollect: (operator) => listConfirmed(database, operator, secretActs),
    waiting: (limit, after) => listActs(database, limit, after),
    hasKept: (operator, key) => isKept(database, operator, key),
  };
}

async function doneAs<Args>(
  client: Client,
  name: ActName,
  perform: Perform<Args>,
  body: object,
  names: Names,
): Promise<Effect> {
  const { operator: speech, ...args } = body as { operator?: Speech };
  const { tells = [], ...effect } = await perform(client, args as Args, names);
  const channel: OperatorChannel = speech?.channel ?? "desk";
  for (const person of [tells].flat()) await insertActNotice(client, { person, act: name, channel });
  return effect;
}

function inOneTransaction<Args>(database: Database, perform: Perform<Args>): Doer {
  const confirmed: Doer["confirmed"] = (act, confirm) => {
    const asked = { caller: act.operator, key: act.id, digest: digestOf("act", act.id) };
    return once(database, asked, async (client) => {
      const confirmedBy = await confirm(client);
      if (act.over) refuse("not_found", "The time in which this could be done is over.");
      return doneAs(client, act.act, perform, act.body, { operator: act.operator, confirmedBy });
    });
  };
  return {
    perform: (act, by) => confirmed(act, () => Promise.resolve(by)),
    changed: () => Promise.resolve(undefined),
    confirmed,
  };
}

/** What a confirmation is bound to: what exactly is done, to what, and how that stood. */
function boundTo({
  act,
  subject,
  version,
  body,
}: Pick<KeptAct, "act" | "subject" | "version" | "body">): Buffer {
  return digestOf("act", act, subject, version, body).bytes;
}

async function keepAct(
  database: Database,
  doer: Doer,
  name: ActName,
  wish: KeepWish,
): Promise<Outcome<unknown>> {
  const { operator, key, subject, version = null, trade = null, currency = null, amount = null } = wish;
  // As it will be read back.
  const body = JSON.parse(JSON.stringify(wish.body)) as Record<string, unknown>;
  const bound = { act: name, subject, version, body };
  const digest = boundTo(bound);
  const act = await enterAct(database, {
    ...bound,
    id: uuidv7(),
    operator,
    key,
    digest,
    trade,
    currency,
    amount,
  });
  if (act.act !== name || act.subject !== subject || !sameBody(act, body))
    return notDone(problem("idempotency_key_reused"));
  if (act.digest === null && act.confirmedBy === null)
    return notDone(problem("idempotency_key_reused", "What was asked for under this key is over: ask anew."));
  if (act.declinedBy !== null) return notDone(problem("not_allowed", "An operator has declined this."));
  if (act.confirmedBy !== null) return doer.perform(act, act.confirmedBy);
  return notDone(waits(act));
}

function waits({ id, trade }: Pick<KeptAct, "id" | "trade">): Problem {
  const detail = `A second operator has to confirm this: POST /v1/operator-acts/${id}/confirm.`;
  const concerned = trade === null ? {} : { trade: String(trade) };
  return problem("four_eyes_required", detail, { ...concerned, act: id });
}

const sameBody = (act: KeptAct, body: Record<string, unknown>): boolean =>
  digestOf(act.body).bytes.equals(digestOf(body).bytes);

async function confirm(
  database: Database,
  doer: Doer,
  operator: string,
  act: KeptAct,
  digest: string | undefined,
): Promise<Outcome<unknown>> {
  if (digest !== undefined && digest !== act.digest?.toString("hex"))
    return notDone(problem("trade_changed", "This is not what you have seen: read the act again."));
  const confirmed = (by: string): Outcome<unknown> | Promise<Outcome<unknown>> =>
    isSecret(act.act)
      ? done(200, { id: act.id, confirmedBy: by, collect: `/v1/operator-acts/${act.id}/collect` })
      : doer.perform(act, by);
  if (act.confirmedBy !== null) return confirmed(act.confirmedBy);
  // A row that was changed after it was entered is not what anybody asked for.
  if (act.digest === null || !boundTo(act).equals(act.digest)) return notDone(problem("not_found"));
  if (doer.confirmed !== undefined && !isSecret(act.act))
    return doer.confirmed(act, async (client) => {
      await checkPair(client, operator, act);
      return (await confirmAct(client, act.id, operator)) ?? refuse("not_found");
    });
  const changed = await doer.changed(act);
  const by = await inTransaction(database, async (client) => {
    await checkPair(client, operator, act);
    return changed === undefined ? confirmAct(client, act.id, operator) : undefined;
  });
  return by === undefined ? notDone(changed ?? problem("not_found")) : confirmed(by);
}

/** Refuses whoever may not confirm this act, or has not looked at what it takes a look at. */
async function checkPair(client: Client, operator: string, act: KeptAct): Promise<void> {
  const refused = pairRefused(await lockOperators(client), act.operator, operator);
  if (refused !== undefined) refuse(...refused);
  // A second yes to an id is a yes to nothing.
  if (sealedIn(act) !== undefined && !(await hasLookedAt(client, act.id, operator)))
    refuse("look_first", `POST /v1/operator-acts/${act.id}/look shows it, for a reason.`);
}

/** Why this operator may not confirm what that one asks for. */
export function pairRefused(
  operators: readonly OperatorRow[],
  asking: string,
  confirming: string,
): [ProblemCode, string] | undefined {
  if (asking === confirming)
    return ["four_eyes_required", "Another operator than the one who asked confirms an act."];
  const first = operators.find(({ id }) => id === asking);
  const second = operators.find(({ id }) => id === confirming);
  if (first?.state !== "active") return ["not_allowed", "The operator who asked for this is suspended."];
  if (second?.state !== "active") return ["not_allowed", "You are suspended."];
  if (!second.seasoned)
    return ["four_eyes_required", "An operator confirms nothing on the day on which they were made."];
  if (second.madeBy === first.id || first.madeBy === second.id)
    return ["four_eyes_required", "Nobody confirms an act of whom they made, or of who made them."];
  return undefined;
}
