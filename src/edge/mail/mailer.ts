/**
 * Sends the mails that were queued with a change. Any number of processes may do so on one database. Every committed mail
 * is taken by a mail server at least once, or ends as failed; a repetition has the same Message-ID.
 */
import {
  claimMails,
  type ClaimedMail,
  forgetMails,
  noteMailFailure,
  noteMailTaken,
} from "../../engines/outbox/outbox.ts";
import { connectionsMost, type MailServer } from "./smtp.ts";
import { writeMail, type Writing } from "./writing.ts";

export interface MailerOptions {
  writing: Writing;
  /** Without it nothing is sent. */
  mailServer: MailServer | undefined;
  onError: (error: unknown) => void;
  /** How often waiting mails are looked for; 1 s if not given. */
  pollEveryMs?: number;
  /** For how long a mail belongs to the process that sends it; longer than any attempt. 2 minutes if not given. */
  leaseMs?: number;
}

export interface Mailer {
  /** Sends all that is due now; resolves when no attempt is left. */
  round(): Promise<void>;
  /** Takes on no more and waits for what is being sent. */
  close(): Promise<void>;
}

/** Longer than any clock usually runs that a mail tells of; and than one that the shop has prolonged as far as it may. */
const kept = { days: 120, unreachedDays: 800 };
const forgetEveryMs = 3_600_000;
const forgetAtOnce = 5000;

/** Seconds from the failure of each attempt to the next: ten attempts within about three days and a half. */
const pauses = [30, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** How long to wait after an attempt, the first being 1, before the next; null where there is none. */
function pauseAfter(attempt: number): number | null {
  return pauses[attempt - 1] ?? null;
}

export function createMailer(options: MailerOptions): Mailer {
  const { writing, mailServer, onError, pollEveryMs = 1000 } = options;
  let running: Promise<void> | undefined;
  let ended = false;

  const round = (): Promise<void> => {
    if (mailServer === undefined) return Promise.resolve();
    running ??= sendDue({ ...options, mailServer }, () => ended).finally(() => {
      running = undefined;
    });
    return running;
  };
  const poll =
    mailServer && setInterval(() => void (running === undefined && round().catch(onError)), pollEveryMs);
  const forget = setInterval(() => {
    forgetMails(writing.database, kept, forgetAtOnce).catch(onError);
  }, forgetEveryMs);
  return {
    round,
    close: async () => {
      ended = true;
      clearInterval(poll);
      clearInterval(forget);
      await running?.catch(onError);
      mailServer?.close();
    },
  };
}

type Sending = MailerOptions & { mailServer: MailServer };

/** Claims no more than are sent at a time, so that a lease holds until its mail's turn is over. */
async function sendDue(sending: Sending, hasEnded: () => boolean): Promise<void> {
  const { writing, leaseMs = 120_000 } = sending;
  for (;;) {
    if (hasEnded()) return;
    const claimed = await claimMails(writing.database, { most: connectionsMost, leaseMs });
    await Promise.all(claimed.map((mail) => attempt(sending, mail)));
    if (claimed.length < connectionsMost) return;
  }
}

/** One attempt and what follows from it. A mail that cannot be written now waits like one that could not be sent. */
async function attempt({ writing, mailServer, onError }: Sending, mail: ClaimedMail): Promise<void> {
  const { database } = writing;
  const again = pauseAfter(mail.attempt);
  try {
    const written = await writeMail(writing, mail);
    if (written === undefined) return await noteMailFailure(database, mail, "nobody", null);
    if (written.to === null) return await noteMailFailure(database, mail, "no_address", null);
    const { subject, text, html, to } = written;
    const id = messageIdOf(mail.id, writing.publicUrl);
    const end = await mailServer.send({ id, to, subject, text, html });
    if (end.how === "taken") return await noteMailTaken(database, mail.id);
    await noteMailFailure(database, mail, end.error, end.how === "never" ? null : again);
  } catch (error) {
    onError(error);
    await noteMailFailure(database, mail, "not_written", again).catch(onError);
  }
}

/** The same for every attempt, so that a mail server can drop what it has. */
function messageIdOf(id: string, publicUrl: string): string {
  return `${id}@${new URL(publicUrl).hostname}`;
}
