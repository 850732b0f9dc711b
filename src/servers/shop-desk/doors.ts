/** Who of the staff is calling, and what they may do here. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import { type Shop, zoneOf, type Frame, isGuaranteed } from "../shop-frame/shop-frame.ts";
import { type Order, sha256 } from "../shop-orders/shop-orders.ts";
import { readSession, type Role, roles } from "../shop-staff/shop-staff.ts";

export const staffCookie = "shop_staff";

/** Somebody of the staff, as far as what they do is named after them. */
export interface Who {
  /** Null for the owner of the configuration's password. */
  member: string | null;
  by: string;
  name: string | null;
  role: Role;
}

/** What the owner is called in the record, who signs in without a name. */
export const ownerSign = "owner";

/** Of each request while it is answered. */
const callers = new WeakMap<FastifyRequest, Who>();
const ended = new WeakSet<FastifyRequest>();

export function whoOf(request: FastifyRequest): Who {
  return callers.get(request) ?? refuse("not_authenticated");
}

/** Whether a role may do what another one at least is needed for. */
export const mayAs = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

/** Whose session a request brings; `ended` where it was one. */
export async function callerOf(
  shop: Shop,
  request: FastifyRequest,
): Promise<{ who: Who; open: boolean } | undefined> {
  const token = shop.cookies.read(request, staffCookie);
  if (token === undefined) return undefined;
  const row = await readSession(shop.database, sha256(token));
  if (row === undefined) return undefined;
  const { member, signIn, name, role, open } = row;
  const who = { member, by: signIn ?? ownerSign, name, role: role ?? "owner" };
  return { who, open: member === null ? row.open !== false : open };
}

/** Lets the staff in from a role on; who is not signed in goes to where they can. The role is read anew each time. */
export function staffOnly(shop: Shop, needed: Role) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const caller = await callerOf(shop, request);
    if (caller?.open !== true) return reply.redirect("/staff/sign-in", 303);
    if (!mayAs(caller.who.role, needed)) return refuse("not_allowed");
    callers.set(request, caller.who);
    return undefined;
  };
}

/** The same for a form in which somebody may have typed for longer than their session lasted: `endedHere` tells it later. */
export function staffFormOnly(shop: Shop, needed: Role) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const caller = await callerOf(shop, request);
    if (caller === undefined) return reply.redirect("/staff/sign-in", 303);
    if (!caller.open) {
      ended.add(request);
      return undefined;
    }
    if (!mayAs(caller.who.role, needed)) return refuse("not_allowed");
    callers.set(request, caller.who);
    return undefined;
  };
}

export const endedHere = (request: FastifyRequest): boolean => ended.has(request);

export async function frameOf(shop: Shop, who: Who | undefined, order?: Order): Promise<Frame> {
  return {
    shop: shop.name,
    timeZone: await zoneOf(shop, order),
    pieces: 0,
    staff: who !== undefined,
    ...(who === undefined ? {} : { role: who.role }),
    guaranteed: isGuaranteed(order),
  };
}
