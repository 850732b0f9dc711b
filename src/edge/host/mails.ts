/** How a server tells people by mail: by its mail server, or, as a sandbox without one, on pages. */
import type { Server } from "../http/http.ts";
import {
  createMailer,
  type Mailer,
  makeMailLinks,
  openMailServer,
  registerMailbox,
  registerMailCalls,
  registerMailLinks,
} from "../mail/mail.ts";
import type { PageContext } from "../pages/pages.ts";
import { makeSeal } from "../../storage/identity/identity.ts";
import type { HostOptions } from "./host-options.ts";

/** A sandbox without a mail server keeps mails; any other server without one tells nobody by mail. */
export function mailUseOf({
  smtp,
  sandbox,
}: Pick<HostOptions, "smtp" | "sandbox">): "sent" | "kept" | "unsent" {
  if (smtp !== undefined) return "sent";
  return sandbox ? "kept" : "unsent";
}

/** Registers what belongs to mails and begins to send what is queued. */
export function startMails(
  { smtp, sandbox, publicUrl }: Pick<HostOptions, "smtp" | "sandbox" | "publicUrl">,
  peers: readonly { id: string; name: string }[],
  server: Server,
  context: PageContext,
  secret: Buffer,
  onError: (error: unknown) => void,
): Mailer {
  const { database, vault, trades, guests, profiles, face } = context;
  const writing = {
    database,
    vault,
    trades,
    guests,
    profiles,
    publicUrl,
    server: face.name,
    language: smtp?.language ?? "en",
    timeZone: context.settings.timeZone,
    serverNames: new Map(peers.map(({ id, name }) => [id, name])),
  };
  registerMailLinks(server, context, makeMailLinks(makeSeal(secret, "links in mails")));
  registerMailCalls(server, context, smtp !== undefined);
  if (sandbox) registerMailbox(server, context, writing);
  return createMailer({ writing, mailServer: smtp && openMailServer(smtp), onError });
}
