/** What a member lets a shop read, field by field (patent 0091). */
import { type PersonalField, personalFields } from "../../core/protocol/protocol.ts";
import {
  type Attempt,
  Button,
  Choice,
  Day,
  Form,
  type Frame,
  LinkButton,
  Mistakes,
  Name,
  noAttempt,
  Notice,
  Refused,
  Say,
  ServerPage,
  useWords,
} from "../parts/parts.ts";

export interface DisclosureProps {
  frame: Frame;
  shop: { id: string; name: string };
  /** The address at the shop to go back to. */
  back: string;
  /** What there is to tell. */
  data: Record<PersonalField, string | null>;
  /** True once it has been agreed: `back` then leads to the shop with what it needs to read. */
  agreed?: boolean;
  attempt?: Attempt;
}

function Agreeing({ shop, back, data, attempt = noAttempt }: DisclosureProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("disclose.title")}</h1>
      <p class="lead">
        <Say k="disclose.lead" shop={<Name>{shop.name}</Name>} />
      </p>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      <Form action="/disclose" id="disclose">
        <input type="hidden" name="shop" value={shop.id} />
        <input type="hidden" name="return" value={back} />
        <fieldset class="sheet">
          <legend>
            <Name>{shop.name}</Name>
          </legend>
          <div class="choices">
            {personalFields.map((field) => (
              <Choice
                key={field}
                type="checkbox"
                name={field}
                value="yes"
                id={field}
                disabled={data[field] === null}
                under={
                  field === "birthDate" && data[field] !== null ? (
                    <Day day={data[field]} />
                  ) : (
                    <Name>{data[field] ?? say("disclose.notGiven")}</Name>
                  )
                }
              >
                {say(`person.${field}`)}
              </Choice>
            ))}
          </div>
        </fieldset>
        <Button id="disclose-submit" wide>
          {say("disclose.submit")}
        </Button>
      </Form>
      <p>
        <LinkButton href={back} id="disclose-nothing" look="quiet">
          {say("disclose.back", { shop: shop.name })}
        </LinkButton>
      </p>
    </div>
  );
}

function Agreed({ shop, back }: DisclosureProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("disclose.doneTitle")}</h1>
      <Notice tone="good">
        <p>
          <Say k="disclose.done" shop={<Name>{shop.name}</Name>} />
        </p>
      </Notice>
      <p>
        <LinkButton href={back} id="to-shop">
          {say("disclose.toShop", { shop: shop.name })}
        </LinkButton>
      </p>
    </div>
  );
}

/** `/disclose`: what a member lets a shop read, field by field, and the way back to it (patent 0091). */
export function DisclosurePage(props: DisclosureProps) {
  const said = useWords();
  return (
    <ServerPage
      frame={props.frame}
      title={said(props.agreed ? "disclose.doneTitle" : "disclose.title")}
      narrow
    >
      {props.agreed ? <Agreed {...props} /> : <Agreeing {...props} />}
    </ServerPage>
  );
}
