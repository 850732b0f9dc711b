/** The forms of those who bring goods or take them back, and the code that is given to them at the door. */
import { Folded, Moment, Say, useWords } from "../parts/parts.ts";
import { ActForm, type ActProps, CodeField, Receipt } from "./act-form.tsx";

/** The person who brings it says that they are there, and types what they are given (paragraph 0089). */
export function AtDoor(props: ActProps) {
  const say = useWords();
  const error = props.attempt.act === "by-code" ? props.attempt.errors["code"] : undefined;
  return (
    <>
      <ActForm {...props} act="at-door" submit={say("door.atDoor")} look="quiet">
        <p class="soft">{say("door.atDoorHint")}</p>
      </ActForm>
      <ActForm {...props} act="accept" id="by-code" submit={say("door.byCode")}>
        <CodeField name="code" id="by-code" error={error} />
      </ActForm>
    </>
  );
}

/** The code to give, shown only when it is asked for. */
export function DoorCode(props: ActProps) {
  const say = useWords();
  const { doorCode, attempt } = props;
  const open = doorCode !== undefined || attempt.act === "door-code";
  return (
    <Folded id="door-part" title={say("door.title")} hint={say("door.warning")} open={open}>
      {doorCode === undefined ? (
        <ActForm {...props} act="door-code" submit={say("door.show")} look="quiet" />
      ) : (
        <>
          <p class="big tabular" id="the-code">{`${doorCode.code.slice(0, 4)} ${doorCode.code.slice(4)}`}</p>
          <p class="soft">
            <Say k="door.until" until={<Moment at={doorCode.until} />} />
          </p>
        </>
      )}
    </Folded>
  );
}

/** Reports that the goods were delivered. */
export function Deliver(props: ActProps) {
  const say = useWords();
  return (
    <ActForm {...props} act="deliver" submit={say("act.deliverSubmit")}>
      <p class="soft">{say("act.deliverHint")}</p>
      <Receipt id="deliver" attempt={props.attempt} />
    </ActForm>
  );
}

/** Reports that rejected goods came back. */
export function GoodsBack(props: ActProps) {
  const say = useWords();
  const { attempt } = props;
  return (
    <Folded
      id="return-part"
      title={say("act.return")}
      hint={say("act.returnHint")}
      open={attempt.act === "return"}
    >
      <ActForm {...props} act="return" submit={say("act.returnSubmit")}>
        <Receipt id="return" attempt={attempt} />
      </ActForm>
    </Folded>
  );
}
