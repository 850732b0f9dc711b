/** What a member allows shops to freeze without asking. */
import type { AcceptorRole } from "../../core/protocol/protocol.ts";
import {
  Amount,
  Empty,
  type Frame,
  LinkButton,
  Moment,
  Name,
  Say,
  ServerPage,
  useRoles,
  useWords,
} from "../parts/parts.ts";

export interface MandateView {
  id: string;
  shopName: string;
  currency: string;
  limit: number;
  used: number;
  until: string;
  acceptors: AcceptorRole[];
  revoked: boolean;
}

function Mandate({ mandate }: { mandate: MandateView }) {
  const say = useWords();
  const roles = useRoles();
  const { id, shopName, limit, used, currency, until, acceptors, revoked } = mandate;
  return (
    <li class="sheet" data-mandate={id}>
      <h2>
        <Name>{shopName}</Name>
      </h2>
      <p>
        <Say
          k="mandates.used"
          used={<Amount amount={used} currency={currency} />}
          limit={<Amount amount={limit} currency={currency} />}
        />
      </p>
      <p class="soft">
        <Say k="mandates.until" until={<Moment at={until} />} />
        <br />
        {say("mandates.acceptors", { who: roles(acceptors, "or") })}
      </p>
      {revoked ? (
        <p>
          <strong>{say("mandates.revoked")}</strong>
        </p>
      ) : null}
      <p>
        <LinkButton href={`/mandates/${id}`} id={`look-${id}`} look="quiet">
          <span aria-hidden="true">{say(revoked ? "mandates.look" : "mandates.change")}</span>
          <span class="hidden">
            {say(revoked ? "mandates.lookFor" : "mandates.changeFor", { shop: shopName })}
          </span>
        </LinkButton>
      </p>
    </li>
  );
}

export interface MandatesProps {
  frame: Frame;
  mandates: MandateView[];
  /** Names the following page. */
  next: string | null;
}

function MandatesBody({ mandates, next }: MandatesProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("mandates.title")}</h1>
      <p class="lead">{say("mandates.lead")}</p>
      <p>
        <LinkButton href="/mandates/new" id="give-one">
          {say("mandates.give")}
        </LinkButton>
      </p>
      {mandates.length === 0 ? (
        <Empty title={say("mandates.empty")}>
          <p>{say("mandates.emptyHint")}</p>
        </Empty>
      ) : (
        <ul class="list">
          {mandates.map((mandate) => (
            <Mandate key={mandate.id} mandate={mandate} />
          ))}
        </ul>
      )}
      {next === null ? null : (
        <p>
          <LinkButton href={`/mandates?after=${encodeURIComponent(next)}`} id="more" look="quiet">
            {say("mandates.more")}
          </LinkButton>
        </p>
      )}
      <p>
        <a href="/record" id="to-record">
          {say("record.to")}
        </a>
      </p>
    </div>
  );
}

/** `/mandates`: what the member allows shops to freeze without asking. */
export function MandatesPage(props: MandatesProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("mandates.title")} here="mandates" narrow>
      <MandatesBody {...props} />
    </ServerPage>
  );
}
