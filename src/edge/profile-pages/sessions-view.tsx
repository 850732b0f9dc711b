/** Where somebody is signed in. */
import { Button, Form, type Frame, Moment, Name, Say, ServerPage, useWords } from "../parts/parts.ts";

export interface SessionView {
  id: string;
  place: string | null;
  since: string;
  seen: string;
  here: boolean;
}

function Session({ id, place, since, seen, here }: SessionView) {
  const say = useWords();
  return (
    <li class="sheet" data-session={id}>
      <h2>{place === null ? say("sessions.unknown") : <Name>{place}</Name>}</h2>
      <p>
        <Say k="sessions.since" since={<Moment at={since} />} />
      </p>
      <p class="soft">
        <Say k="sessions.seen" seen={<Moment at={seen} />} />
      </p>
      {here ? (
        <p>
          <strong>{say("sessions.here")}</strong>
        </p>
      ) : (
        <Form action={`/sessions/${id}/end`} id={`end-${id}-form`}>
          <Button id={`end-${id}`} look="stop">
            {say("sessions.end")}
          </Button>
        </Form>
      )}
    </li>
  );
}

function SessionsBody({ sessions }: { sessions: readonly SessionView[] }) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("sessions.title")}</h1>
      <p class="lead">{say("sessions.lead")}</p>
      <ul class="list">
        {sessions.map((session) => (
          <Session key={session.id} {...session} />
        ))}
      </ul>
      {sessions.length < 2 ? null : (
        <Form action="/sessions/end-others" id="end-others-form">
          <Button id="end-others" look="stop">
            {say("sessions.endOthers")}
          </Button>
        </Form>
      )}
      <p>
        <a class="back" id="to-password" href="/password">
          {say("password.title")}
        </a>{" "}
        <a class="back" id="to-passkeys" href="/passkeys">
          {say("passkey.title")}
        </a>
      </p>
    </div>
  );
}

/** `/sessions`. */
export function SessionsPage({ frame, ...body }: { frame: Frame; sessions: readonly SessionView[] }) {
  return (
    <ServerPage frame={frame} title={useWords()("sessions.title")} here="you" narrow>
      <SessionsBody {...body} />
    </ServerPage>
  );
}
