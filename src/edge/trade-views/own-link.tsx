/** Links that are their reader's own: a guest's, and the one that a buyer gives to the recipient. */
import type { ActorRole, TradeView } from "../../core/protocol/protocol.ts";
import { mayObject } from "./trade-acts.ts";
import {
  type Attempt,
  Button,
  Field,
  Form,
  type Frame,
  Moment,
  Say,
  TradeNumber,
  Mistakes,
  noAttempt,
  Notice,
  ServerPage,
  useWords,
} from "../parts/parts.ts";

interface OwnLinkProps {
  number: string;
  /** The link, where it is shown: once, after the approval. */
  link?: string | undefined;
}

/** The guest's link once, right after they have approved. */
export function OwnLink({ link }: Pick<OwnLinkProps, "link">) {
  const say = useWords();
  if (link === undefined) return null;
  return (
    <Notice tone="care" id="own-link" title={say("guest.linkTitle")}>
      <p>{say("guest.linkOnce")}</p>
      <p>
        <code>{link}</code>
      </p>
    </Notice>
  );
}

/** For a guest whose link may be in other hands: this one ends, and a new one goes to their address. */
export function NewLink({ number, once }: Pick<OwnLinkProps, "number"> & { once: string }) {
  const say = useWords();
  return (
    <details class="act" id="new-link">
      <summary>{say("guest.newLink")}</summary>
      <p class="soft">{say("guest.newLinkHint")}</p>
      <Form action={`/trades/${number}/link`} once={`${once}-link`} id="link-form">
        <Button id="send-link" look="quiet">
          {say("guest.sendLink")}
        </Button>
      </Form>
    </details>
  );
}

/** An amount that was reserved before ordering: the number to be shown, or the order to be looked at. */
export function EarmarkNotice({
  trade,
  role,
  now,
  once,
}: {
  trade: TradeView;
  role: ActorRole;
  now: string;
  once: string;
}) {
  const say = useWords();
  const { earmark, number } = trade;
  if (earmark === undefined || trade.state !== "reserved") return null;
  const mine = role === "buyer";
  if (earmark.state === "open")
    return (
      <Notice tone="hold" id="earmark" title={say(mine ? "earmark.show" : "earmark.open")}>
        {mine ? (
          <p class="lead" id="earmark-number">
            <TradeNumber number={number} />
          </p>
        ) : null}
        <p>{say(mine ? "earmark.showHint" : "earmark.openHint")}</p>
      </Notice>
    );
  if (!mayObject(trade, now)) return null;
  return (
    <Notice tone="care" id="order-look" title={say(mine ? "earmark.look" : "earmark.waits")}>
      <p>
        <Say
          k={mine ? "earmark.lookHint" : "earmark.waitsHint"}
          until={<Moment at={earmark.objectBy ?? now} />}
        />
      </p>
      {mine && trade.pending === null ? (
        <Form action={`/trades/${number}/order-seen`} once={`${once}-seen`} id="order-seen">
          <input type="hidden" name="version" value={trade.version} />
          <Button id="order-is-mine">{say("earmark.yes")}</Button>
        </Form>
      ) : null}
    </Notice>
  );
}

/** What the buyer passes on to who receives the goods, and accepts them by it and by the code in the parcel. */
export function RecipientLink({ link }: { link: string }) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="for-recipient">
      <h2 id="for-recipient">{say("gift.forRecipient")}</h2>
      <p>{say("gift.forRecipientHint")}</p>
      <p>
        <code id="recipient-link">{link}</code>
      </p>
    </section>
  );
}

/** `/link`: for a guest who has lost theirs. It answers everybody the same. */
export function LinkPage({
  frame,
  attempt = noAttempt,
  sent = false,
}: {
  frame: Frame;
  attempt?: Attempt;
  sent?: boolean;
}) {
  const say = useWords();
  return (
    <ServerPage frame={frame} title={say("link.title")} narrow>
      <div class="stack-l">
        <h1>{say("link.title")}</h1>
        {sent ? (
          <Notice tone="good" id="link-sent">
            <p>{say("link.sent")}</p>
          </Notice>
        ) : (
          <div class="stack-l">
            <Mistakes errors={attempt.errors} />
            <p class="lead">{say("link.lead")}</p>
            <Form action="/link" id="link-form">
              <Field
                name="number"
                label={say("link.number")}
                required
                maxLength={40}
                inputMode="numeric"
                value={attempt.values["number"]}
                error={attempt.errors["number"]}
              />
              <Button id="send-link" wide>
                {say("guest.sendLink")}
              </Button>
            </Form>
          </div>
        )}
      </div>
    </ServerPage>
  );
}
