/** One mail server, by SMTP, and what its answer means. What it says in words is kept nowhere: it may hold addresses. */
export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with user and password where the server asks for them. */
  url: string;
  /** The address that mails come from, as `Name <address>` or the address alone. */
  from: string;
  /** Lets mails and credentials go over a line that is not encrypted, as to a relay on the same machine. */
  unencrypted?: boolean | undefined;
  /** The longest wait for a connection or an answer; 20 s if not given. */
  timeoutMs?: number | undefined;
}

export interface Message {
  /** What stands between the angle brackets of Message-ID. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** `again`: nothing is wrong with the message. The word for an error tells nothing of its reader. */
export type SendEnd = { how: "taken" } | { how: "again"; error: string } | { how: "never"; error: string };

export interface MailServer {
  /** Never throws for what a server or a network does. */
  send(message: Message): Promise<SendEnd>;
  close(): void;
}

/** Mails that are sent at a time. */
export const connectionsMost = 4;

export function openMailServer({
  url,
  from,
  unencrypted = false,
  timeoutMs = 20_000,
}: SmtpOptions): MailServer {
  // Read with the first mail: many a server sends none.
  const connect = async () => {
    const { createTransport } = await import("nodemailer");
    return createTransport({
      url,
      pool: true,
      maxConnections: connectionsMost,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      requireTLS: !unencrypted && !url.startsWith("smtps:"),
      disableFileAccess: true,
      disableUrlAccess: true,
      logger: false,
    });
  };
  let made: ReturnType<typeof connect> | undefined;
  return {
    send: async ({ id, to, ...content }) => {
      if (!isAddress(to)) return { how: "never", error: "address_refused" };
      try {
        made ??= connect();
        const transport = await made;
        await transport.sendMail({
          ...content,
          from,
          // As an object, so that nothing in it is taken for a second address.
          to: { name: "", address: to },
          messageId: `<${id}>`,
          headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
        });
        return { how: "taken" };
      } catch (error) {
        return endOf(error);
      }
    },
    close: () => {
      // One that could not be made was told with each of its mails.
      made?.then((transport) => transport.close()).catch(() => {});
    },
  };
}

/** One address and nothing else: no list, no group, no quotes, nothing that could begin a header. */
function isAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[^\s@<>()[\]\\,;:"\p{C}]+$/u.test(text);
}

/** What a server refuses for good is this reader or this message; all else can be put right, here or there. */
function endOf(error: unknown): SendEnd {
  const { code, responseCode, command } = (error ?? {}) as {
    code?: unknown;
    responseCode?: unknown;
    command?: unknown;
  };
  if (typeof responseCode === "number") {
    const isOfReader = command === "RCPT TO" || command === "DATA";
    const said = `smtp_${responseCode}`;
    return { how: responseCode >= 500 && isOfReader ? "never" : "again", error: said };
  }
  const known = typeof code === "string" && /^[A-Z0-9_]{1,30}$/.test(code);
  return { how: "again", error: known ? code.toLowerCase() : "no_connection" };
}
