/** Whether somebody of a shop may do what they are about to do, and that it stands written that they did. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { type Caller, type ShopRole, shopRoles } from "../../storage/identity/identity.ts";
import { endShopAct, insertShopAct } from "../../storage/team/team.ts";
import { ruleOfCall, type Rule } from "./by-call.ts";

/** Whether whoever has one role may do what takes another: each may what the next one may. */
const mayAs = (role: ShopRole, needed: ShopRole): boolean =>
  shopRoles.indexOf(role) <= shopRoles.indexOf(needed);

/** What whoever is signed in for a shop may do there; the shop itself, and its keys, all. */
const roleOfCaller = ({ person }: Pick<Caller, "person">): ShopRole => person?.role ?? "owner";

/** Whether they may make a call of the table, by its method and address. */
export function mayCall(caller: Pick<Caller, "person">, call: string): boolean {
  const rule = Object.hasOwn(ruleOfCall, call) ? ruleOfCall[call] : undefined;
  return mayAs(roleOfCaller(caller), rule?.role ?? "owner");
}

const isOpen = (access: readonly string[], method: string): boolean =>
  method === "GET" && access.includes("anyone");

function ruleOf({ method, routeOptions: { url = "", config } }: FastifyRequest): Rule {
  const asked = method === "HEAD" ? "GET" : method;
  const rule = Object.hasOwn(ruleOfCall, `${asked} ${url}`) ? ruleOfCall[`${asked} ${url}`] : undefined;
  return rule ?? { role: isOpen(config.access, asked) ? "reader" : "owner" };
}

/** The rows of what is being done, until it is answered. */
const begun = new WeakMap<FastifyRequest, Promise<string>>();

/**
 * Refuses what the role of somebody of a shop does not allow, with what they may be now: a session knows no role of its own. What
 * is done from a session of a shop is written down first. Keys are no people.
 */
export async function judgeRole(client: Client, request: FastifyRequest, caller: Caller): Promise<void> {
  if (caller.kind !== "shop" || caller.credential.kind !== "session") return;
  const { role, act } = ruleOf(request);
  if (!mayAs(roleOfCaller(caller), role))
    refuse("not_allowed", "Your role at the shop does not include this. An owner of the shop can do it.");
  if (act === undefined) return;
  let written = begun.get(request);
  if (written === undefined) {
    const about = aboutOf(request);
    const person = caller.person?.id ?? null;
    written = insertShopAct(client, { shop: caller.id, person, act, about });
    begun.set(request, written);
  }
  await written;
}

/** The trade number or the id that an address names beside the shop's own. */
function aboutOf({ params }: FastifyRequest): string | null {
  const { number, person, key, store, id } = (params ?? {}) as Record<string, string | undefined>;
  const about = number ?? person ?? key ?? store ?? id;
  return about === undefined || about === "" || about.length > 60 ? null : about;
}

/** A form that is shown again has asked, or found a mistake: nothing was done yet. */
const askedAgain = 100;

/** Writes what became of it, once it is answered; undefined where nothing was to be written. */
export function endJudged(
  client: Client,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> | undefined {
  const written = begun.get(request);
  if (written === undefined) return undefined;
  begun.delete(request);
  const isForm = request.routeOptions.config.form === true;
  const status = isForm && reply.statusCode === 200 ? askedAgain : reply.statusCode;
  return written.then((id) => endShopAct(client, id, status));
}
