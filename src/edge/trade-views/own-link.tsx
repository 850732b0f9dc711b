/** Links that are their reader's own: a guest's, and the one that a buyer gives to the recipient. */
import type { ActorRole, TradeView } from "../../core/protocol/protocol.ts";
import { CodeField } from "./act-form.tsx";
import { mayObject } from "./trade-acts.ts";
import {
  type Attempt,
  Button,
  Field,
  Form,
  type Frame,
  Moment,
  Name,
  Say,
  StateBadge,
  Steps,
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

/** Whom a present is for, and what the giver says with it. */
export interface PresentView {
  name: string;
  giver: string | null;
  greeting: string | null;
}

/** To whom a present goes and with which words, as the buyer has said so at the shop. */
export function PresentFor({ present: { name, giver, greeting } }: { present: PresentView }) {
  return (
    <>
      <p id="present-for">
        <Say
          k={giver === null ? "gift.for" : "gift.forFrom"}
          name={<Name>{name}</Name>}
          from={<Name>{giver ?? ""}</Name>}
        />
      </p>
      {greeting === null ? null : (
        <blockquote id="greeting">
          <Name>{greeting}</Name>
        </blockquote>
      )}
    </>
  );
}

/** What the buyer passes on to who receives the goods, and accepts them by it and by the code in the parcel. */
export function RecipientLink({ link, present }: { link: string; present: PresentView | undefined }) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="for-recipient" id="present">
      <h2 id="for-recipient">{say("gift.forRecipient")}</h2>
      {present === undefined ? null : <PresentFor present={present} />}
      <p>{say("gift.forRecipientHint")}</p>
      <p>
        <code id="recipient-link">{link}</code>
      </p>
      <p class="scripted no-print">
        <button
          type="button"
          class="button"
          id="share"
          data-share={link}
          data-text={say("gift.shareText")}
          data-shared={say("gift.copied")}
        >
          {say("gift.share")}
        </button>
      </p>
    </section>
  );
}

/** The head of a recipient's page: that it is a present, from whom, and with which words. */
export function GiftHead({ trade, present }: { trade: TradeView; present: PresentView | undefined }) {
  const say = useWords();
  const { giver = null, greeting = null } = present ?? {};
  return (
    <div class="stack">
      <p class="kicker">
        <StateBadge trade={trade} goods />
        <Name>{trade.shopName}</Name>
        <TradeNumber number={trade.number} />
      </p>
      <h1>{say("gift.title")}</h1>
      {giver === null ? null : (
        <p class="lead" id="gift-from">
          <Say k="gift.from" from={<Name>{giver}</Name>} />
        </p>
      )}
      {greeting === null ? null : (
        <blockquote id="greeting">
          <Name>{greeting}</Name>
        </blockquote>
      )}
      <Steps state={trade.state} goods />
    </div>
  );
}

/** The code of the parcel, asked for once; what can be done then follows. */
export function GiftCode({ number, once, attempt }: { number: string; once: string; attempt: Attempt }) {
  const say = useWords();
  return (
    <section class="sheet no-print" aria-labelledby="have-it">
      <h2 id="have-it">{say("gift.haveIt")}</h2>
      <p>{say("gift.haveItHint")}</p>
      <Form action={`/gifts/${number}/code`} once={`${once}-code`} id="gift-code-form">
        <CodeField name="giftCode" id="gift" error={attempt.errors["giftCode"]} />
        <Button id="gift-code" wide>
          {say("gift.goOn")}
        </Button>
      </Form>
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
            <Form action="/link" id="link-form" sheet>
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
