/**
 * Mails over HTTP: what a sandbox would have sent, on pages, each person's own and all for operators; and the way in for
 * those who come by the link in a mail.
 */
import { timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { callerOf, pageWish } from "../api/api.ts";
import { listMails, readMail, type ShownMail } from "../../engines/outbox/outbox.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, pageSchema } from "../../core/protocol/schemas.ts";
import type { Server } from "../http/http.ts";
import { frameOf, isSignedOut, type PageContext, seeOther, sendPage, tags } from "../pages/pages.ts";

import { pageOf, readClock } from "../../storage/database/database.ts";
import type { Caller, Seal } from "../../storage/identity/identity.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import { noteLook } from "../operators/operators.ts";
import { MailboxPage, MailPage } from "./mailbox-page.tsx";
import { writeMail, type Writing } from "./writing.ts";

const access = ["member", "shop", "operator"] as const;
const forReaders = { access, page: true, refusals: ["not_authenticated", "not_allowed"] } as const;
const atOnce = 30;

const linkForm = /^km_([0-9]{1,20})_buyer_([0-9]{1,12})_([0-9a-f]{40})$/;

/**
 * Links that stood in mails to guests before guests had a lasting link. They went to the guest's own address and end by
 * themselves; until then they lead to the lasting link. Answers the number of the trade, or undefined where a link is none of
 * ours or has ended.
 */
export function makeMailLinks(seal: Seal): (token: string, now: Date) => string | undefined {
  return (token, now) => {
    const [, number = "", until = "", given = ""] = linkForm.exec(token) ?? [];
    if (number === "") return undefined;
    const right = seal(`mail ${number} buyer ${Number(until)}`)
      .toString("hex")
      .slice(0, 40);
    if (!timingSafeEqual(Buffer.from(given), Buffer.from(right))) return undefined;
    return Number(until) * 1000 > now.getTime() ? number : undefined;
  };
}

/** Links in mails of former times: whoever opens one reads what goes to the guest's address, and is led to their own link. */
export function registerMailLinks(
  server: Server,
  context: PageContext,
  read: ReturnType<typeof makeMailLinks>,
): void {
  server.get(
    "/mail/:token",
    {
      config: { access: ["anyone"], page: true, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Open the link in a mail",
        params: closed({ token: Type.String({ maxLength: 120 }) }),
      },
    },
    async (request, reply) => {
      const number = read(request.params.token, await readClock(context.database));
      const person = number === undefined ? undefined : await context.trades.guestOf(number);
      if (number === undefined || person === undefined || !(await context.guests.links.isFirst(person)))
        return refuse("not_found", "This link has ended; there is a newer mail, or none.");
      return seeOther(reply, new URL(await context.guests.linkFor(person, number)).pathname);
    },
  );
}

/** In a sandbox: what would have been sent, for those who are signed in, and all of it for operators. */
export function registerMailbox(server: Server, context: PageContext, writing: Writing): void {
  server.get(
    "/sandbox/mails",
    {
      config: forReaders,
      schema: {
        tags,
        summary: "The mails that a sandbox would have sent",
        querystring: closed(pageSchema.properties),
      },
    },
    async (request, reply) => {
      const caller = await readerAmong(context, request, reply);
      if (caller === undefined) return reply;
      const { limit, after } = pageWish({ limit: String(atOnce), ...request.query });
      const party = caller.kind === "operator" ? undefined : caller.id;
      const rows = await listMails(context.database, { party, limit: Math.min(limit, atOnce) + 1, after });
      const page = pageOf(rows, Math.min(limit, atOnce), (row) => row);
      const mails = await Promise.all(page.items.map((row) => listed(writing, row)));
      const older = page.next === null ? undefined : `/sandbox/mails?after=${page.next}`;
      return sendPage(reply, MailboxPage, { frame: frameOf(context, caller), mails, older });
    },
  );
  server.get(
    "/sandbox/mails/:id",
    {
      config: { ...forReaders, refusals: ["not_authenticated", "not_allowed", "not_found"] },
      schema: { tags, summary: "One of them", params: closed({ id: idSchema }) },
    },
    async (request, reply) => {
      const caller = await readerAmong(context, request, reply);
      if (caller === undefined) return reply;
      const row = await readMail(context.database, request.params.id);
      const isTheirs = caller.kind === "operator" || row?.party === caller.id;
      const written = row === undefined || !isTheirs ? undefined : await writeMail(writing, row);
      if (row === undefined || written === undefined) return refuse("not_found");
      // Also here whoever looks at somebody's address is written down.
      if (caller.kind === "operator" && row.reader !== "shop" && row.reader !== "recipient")
        await noteMailRead(context, caller.id, row.party);
      const { to, subject, text } = written;
      const shown = { to, subject, text, at: row.at.toISOString() };
      return sendPage(reply, MailPage, { frame: frameOf(context, caller), ...shown });
    },
  );
}

/** An operator reads a mail to this person; a sandbox shows mails for nothing else, so the reason is always the same. */
function noteMailRead({ database, settings }: PageContext, operator: string, person: string): Promise<void> {
  return inTransaction(database, (client) =>
    noteLook(client, settings, { person, operator, reason: "mail" }),
  );
}

/** Who reads; those who are not signed in are sent to do so. */
async function readerAmong(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Caller | undefined> {
  const caller = await callerOf(context, request);
  if (access.some((kind) => kind === caller.kind)) return caller;
  if (!isSignedOut(caller)) return refuse("not_allowed");
  seeOther(reply, "/signin?next=/sandbox/mails");
  return undefined;
}

async function listed(writing: Writing, row: ShownMail) {
  const { id, trade, reader, at } = row;
  const written = await writeMail(writing, row);
  return {
    id,
    trade: trade === null ? null : String(trade),
    reader,
    at: at.toISOString(),
    subject: written?.subject ?? null,
  };
}
