/** The page on which a member lets a shop give them credit. Data in, HTML out. */
import { Button, Form, type Frame, Name, Notice, Say, ServerPage, useWords } from "../parts/parts.ts";

interface LeaveProps {
  frame: Frame;
  lender: { id: string; name: string };
  /** Whether the member lets it already. */
  stands: boolean;
  once: string;
}

function LeaveBody({ lender, stands, once }: LeaveProps) {
  const say = useWords();
  const at = `/lenders/${lender.id}`;
  return (
    <div class="stack-l">
      <h1>
        <Say k="lender.title" name={<Name>{lender.name}</Name>} />
      </h1>
      <p class="lead">{say("lender.lead")}</p>
      {stands ? (
        <>
          <Notice tone="hold" id="stands">
            <p>{say("lender.stands")}</p>
          </Notice>
          <Form action={`${at}/stop`} id="stop-form" once={once}>
            <Button id="stop" look="stop">
              {say("lender.stop")}
            </Button>
          </Form>
        </>
      ) : (
        <Form action={at} id="allow-form" once={once}>
          <Button id="allow">{say("lender.allow")}</Button>
        </Form>
      )}
    </div>
  );
}

/** `/lenders/{id}`. */
export function LeavePage(props: LeaveProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("lender.heading")} narrow>
      <LeaveBody {...props} />
    </ServerPage>
  );
}
