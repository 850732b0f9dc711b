/** What a device sends that was pressed on it: perhaps long ago, and perhaps more than once. */
import type { FastifyRequest } from "fastify";
import { type ActorRole, type Problem, refuse } from "../../core/protocol/protocol.ts";
import type { MoveBody } from "../../core/protocol/schemas.ts";
import { answerTo } from "../../engines/engine/engine.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { idFrom } from "../../storage/database/database.ts";
import { callerOf, type Context } from "../api/api.ts";
import type { Doorstep } from "../doorstep/doorstep.ts";
import { deviceOf } from "./owners.ts";

type Fields = Partial<Record<string, string>>;

/** What became of a press, now or when it came first. */
interface Answered {
  problem: Problem | undefined;
  waits: boolean;
  version?: number | undefined;
}

/** A form that has waited on a device: with the version of the trade that its owner saw there. */
interface Waited {
  seen: number | undefined;
}

/**
 * How a form comes that has waited on a device (packages/page): with what the device knows its owner by, and with the version
 * of the trade that they saw. Undefined for every other form; refused where its owner is not who sends it now.
 */
export async function waitedOf(
  context: Context & { doorstep: Doorstep },
  request: FastifyRequest,
  recipient?: Pick<Actor, "id">,
): Promise<Waited | undefined> {
  const { "kenshu-round": tag, "kenshu-seen": seen } = request.headers;
  if (tag === undefined) return undefined;
  const theirs =
    recipient === undefined
      ? deviceOf(context, await callerOf(context, request))?.tag
      : context.doorstep.devices.tagOf(recipient.id);
  if (theirs !== tag) return refuse("not_authenticated", "Whoever has pressed this is not signed in here.");
  return { seen: typeof seen === "string" && /^[0-9]{1,9}$/.test(seen) ? Number(seen) : undefined };
}

/** Whether a form says itself which goods it means. What another means depends on how the trade stands when it comes. */
const namesGoods = (fields: Fields): boolean =>
  (fields["parcel"] ?? "").trim() !== "" ||
  fields["code"] !== undefined ||
  Object.keys(fields).some((name) => name.startsWith("quantity-"));

/**
 * What was pressed, bound to what was seen: of those who bring goods where they name none; of those who accept them in any case,
 * since money moves by what they saw and by nothing that the trade has become since.
 */
export function asSeen(
  body: MoveBody,
  waited: Waited | undefined,
  by: { fields: Fields; role: ActorRole },
): MoveBody {
  if (!isBound(waited, by)) return body;
  return { ...body, version: waited?.seen ?? 0 };
}

/** Whether it is done only where the trade is as its owner saw it. */
export function isBound(
  waited: Waited | undefined,
  { fields, role }: { fields: Fields; role: ActorRole },
): boolean {
  if (waited === undefined) return false;
  const brings = role === "carrier" || role === "provider";
  return !brings || (waited.seen !== undefined && !namesGoods(fields));
}

/**
 * By what a press is known that a device sends. All forms of a page bear one key, and a page that was kept is pressed more than
 * once: only the same press again gets the same answer, and another one is another act.
 */
export function keyOfPress(act: string, fields: Fields): string | undefined {
  if (fields["key"] === undefined) return undefined;
  const said = Object.entries(fields).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return idFrom(`press ${act} ${JSON.stringify(said)}`);
}

/** What a device sends again means what it meant at first, whatever has become of the trade by it. */
export async function answeredBefore(
  { database }: Pick<Context, "database">,
  { id }: Pick<Actor, "id">,
  key: string | undefined,
): Promise<Answered | undefined> {
  const before = key === undefined ? undefined : await answerTo(database, { caller: id, key });
  if (before === undefined) return undefined;
  const { version } = before.how === "done" ? (before.view.value as { version?: number }) : {};
  return {
    problem: before.how === "refused" ? before.problem.value : undefined,
    waits: before.status === 202,
    version,
  };
}

/**
 * Where a press leads that was bound to what its owner saw: with the version that it has made of that, so that what they pressed
 * after it, on the same page, is bound to this one.
 */
export const withVersion = (path: string, { version, waits }: Answered, bound: boolean): string =>
  bound && !waits && version !== undefined ? `${path}&version=${version}` : path;
