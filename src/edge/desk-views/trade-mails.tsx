/** What was written about a trade, to whom, and whether it has arrived. */
import type { TradeEventView } from "../../core/protocol/protocol.ts";
import { Button, Form, Moment, Name, useWords } from "../parts/parts.ts";

export interface TradeMailLine {
  id: string;
  seq: number;
  reader: "buyer" | "recipient" | "shop";
  /** Masked; null where no address is known. */
  to: string | null;
  at: string;
  state: "waiting" | "taken" | "kept" | "failed";
  error: string | null;
  takenAt: string | null;
  /** It can be sent again. */
  again: boolean;
}

interface MailsProps {
  number: string;
  mails: readonly TradeMailLine[];
  events: readonly TradeEventView[];
  once: string;
}

const knownErrors = ["nobody", "no_address", "no_mail_server", "not_written"] as const;

function Why({ error }: { error: string }) {
  const say = useWords();
  const known = knownErrors.find((one) => one === error);
  return (
    <p class="small soft">
      {say("deskMails.error", { error: known === undefined ? error : say(`deskMails.error.${known}`) })}
    </p>
  );
}

function Mail({ mail, number, events, once }: Omit<MailsProps, "mails"> & { mail: TradeMailLine }) {
  const say = useWords();
  const { id, seq, reader, to, at, state, error, takenAt, again } = mail;
  const event = events.find((one) => one.seq === seq);
  return (
    <li data-mail={id} data-state={state}>
      <p>
        {say(`who.${reader}`)}
        {say("colon")}
        {to === null ? say("deskMails.noAddress") : <Name>{to}</Name>}
      </p>
      {event === undefined ? null : (
        <p class="small">{say(`event.${event.type}`, { who: say(`who.${event.actor.role}`) })}</p>
      )}
      <p class="small soft">
        <Moment at={at} />
        {say("comma")}
        {say(`deskMails.${state}`)}
        {takenAt === null ? null : (
          <>
            {" "}
            <Moment at={takenAt} />
          </>
        )}
      </p>
      {error === null ? null : <Why error={error} />}
      {again ? (
        <Form
          action={`/desk/trades/${number}/mails/${id}`}
          id={`again-${id}`}
          once={`${once}-${id.slice(-12)}`}
        >
          <Button look="quiet">{say("deskMails.again")}</Button>
        </Form>
      ) : null}
    </li>
  );
}

export function TradeMails(props: MailsProps) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="mails">
      <h2 id="mails">{say("deskMails.title")}</h2>
      {props.mails.length === 0 ? <p class="soft">{say("deskMails.none")}</p> : null}
      <ol class="story">
        {props.mails.map((mail) => (
          <Mail key={mail.id} {...props} mail={mail} />
        ))}
      </ol>
    </section>
  );
}
