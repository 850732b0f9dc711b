/** A real SMTP server that keeps what it takes, and answers as a test says. */
import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/** What a server says instead of taking a mail: with this status, at this command. */
export interface Refusal {
  at: "RCPT" | "DATA";
  status: number;
}

export interface TakenMail {
  /** The addresses of the envelope. */
  from: string;
  to: string[];
  raw: string;
  mail: ParsedMail;
}

export interface MailReceiver {
  url: string;
  port: number;
  taken: TakenMail[];
  /** What it says to the next mails; undefined: it takes them. */
  answer: Refusal | undefined;
  /** Called when a mail has come and before it is said to be taken. */
  beforeTaken: () => Promise<void>;
  stop(): Promise<void>;
}

/** `port`: 0 for any that is free. `user`: whom it lets in, by name and password; without it, everybody. */
export async function startMailServer(
  t: { after(release: () => Promise<void>): unknown },
  { port = 0, user }: { port?: number; user?: { name: string; password: string } } = {},
): Promise<MailReceiver> {
  const says = (status: number): Error =>
    Object.assign(new Error("no, says the test"), { responseCode: status });
  const server = new SMTPServer({
    authOptional: user === undefined,
    disabledCommands: user === undefined ? ["AUTH", "STARTTLS"] : ["STARTTLS"],
    allowInsecureAuth: true,
    logger: false,
    onAuth: ({ username, password }, _session, callback) => {
      if (username === user?.name && password === user?.password) callback(null, { user: username });
      else callback(says(535));
    },
    onRcptTo: (_address, _session, callback) => {
      const { answer } = receiver;
      callback(answer?.at === "RCPT" ? says(answer.status) : null);
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks).toString();
        const { mailFrom, rcptTo } = envelope;
        const take = async () => {
          const { answer } = receiver;
          if (answer?.at === "DATA") throw says(answer.status);
          const from = mailFrom === false ? "" : mailFrom.address;
          const to = rcptTo.map(({ address }) => address);
          receiver.taken.push({ from, to, raw, mail: await simpleParser(raw) });
          await receiver.beforeTaken();
        };
        void answered(take).then((error) => setImmediate(() => done(error)));
      });
    },
  });
  // Clients that were cut off are no fault of the server's.
  server.on("error", () => {});
  await new Promise<void>((ready) => void server.listen(port, "127.0.0.1", ready));
  const bound = (server.server.address() as AddressInfo).port;
  const login = user === undefined ? "" : `${user.name}:${user.password}@`;
  const receiver: MailReceiver = {
    url: `smtp://${login}127.0.0.1:${bound}`,
    port: bound,
    taken: [],
    answer: undefined,
    beforeTaken: () => Promise.resolve(),
    stop: () => new Promise<void>((stopped) => server.close(() => stopped())),
  };
  t.after(() => receiver.stop());
  return receiver;
}

/** What some work has thrown, or nothing. */
async function answered(work: () => Promise<void>): Promise<Error | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
