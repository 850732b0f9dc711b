/** What a sandbox would have sent, as pages. */
import type { ComponentChildren } from "preact";
import {
  Beside,
  Empty,
  type Frame,
  Moment,
  Name,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";

export interface ListedMail {
  id: string;
  /** Null where it is about a payment from an account, a payout, or a sign-in. */
  trade: string | null;
  /** The id in the language's words of who gets it. */
  reader: "buyer" | "recipient" | "shop" | "holder" | "self" | "payee" | "debtor";
  at: string;
  /** What it says first; null where there is nobody to write to any more. */
  subject: string | null;
}

interface MailboxProps {
  frame: Frame;
  mails: readonly ListedMail[];
  /** The address of the page with older ones. */
  older: string | undefined;
}

export function MailboxPage({ frame, mails, older }: MailboxProps) {
  return (
    <ServerPage frame={frame} title={useWords()("mails.title")}>
      <Mailbox mails={mails} older={older} />
    </ServerPage>
  );
}

function Mailbox({ mails, older }: Omit<MailboxProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("mails.title")}</h1>
      <p class="soft">{say("mails.lead")}</p>
      {mails.length === 0 ? <Empty title={say("mails.empty")} /> : null}
      <ul class="list">
        {mails.map((mail) => (
          <Listed key={mail.id} {...mail} />
        ))}
      </ul>
      {older === undefined ? null : (
        <p>
          <a href={older}>{say("mails.older")}</a>
        </p>
      )}
    </div>
  );
}

function Listed({ id, trade, reader, at, subject }: ListedMail) {
  const say = useWords();
  return (
    <li class="sheet" data-mail={id} data-trade={trade ?? undefined} data-reader={reader}>
      <h2>{subject === null ? say("mails.nobody") : <a href={`/sandbox/mails/${id}`}>{subject}</a>}</h2>
      <p class="soft">
        <Beside
          items={[
            say(`who.${reader}`),
            trade === null ? null : <TradeNumber number={trade} />,
            <Moment at={at} />,
          ]}
        />
      </p>
    </li>
  );
}

export interface MailPageProps {
  frame: Frame;
  to: string | null;
  at: string;
  subject: string;
  text: string;
}

export function MailPage({ frame, ...mail }: MailPageProps) {
  return (
    <ServerPage frame={frame} title={mail.subject}>
      <OneMail {...mail} />
    </ServerPage>
  );
}

function OneMail({ to, at, subject, text }: Omit<MailPageProps, "frame">) {
  const say = useWords();
  return (
    <article class="sheet">
      <h1>{subject}</h1>
      <p class="soft">
        {to === null ? say("mails.noAddress") : <Name>{to}</Name>} · <Moment at={at} />
      </p>
      {text.split("\n\n").map((paragraph, index) => (
        <p key={index}>
          <Linked>{paragraph}</Linked>
        </p>
      ))}
      <p>
        <a href="/sandbox/mails">{say("mails.title")}</a>
      </p>
    </article>
  );
}

/** A paragraph whose lines stay lines, and whose addresses can be followed. */
function Linked({ children }: { children: string }) {
  return (
    <>
      {children.split("\n").map((line, index) => (
        <span key={index}>
          {line.split(/(https?:\/\/\S+)/u).map(
            (piece, place): ComponentChildren =>
              place % 2 === 1 ? (
                <a key={place} href={piece}>
                  {piece}
                </a>
              ) : (
                piece
              ),
          )}
          <br />
        </span>
      ))}
    </>
  );
}
