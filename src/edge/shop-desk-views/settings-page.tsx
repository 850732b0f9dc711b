/** What a shop has said of itself, and by what its programs come in and are told: each part with its forms. */
import {
  type Attempt,
  Choice,
  Folded,
  type Frame,
  LinkButton,
  Mistakes,
  Moment,
  Name,
  noAttempt,
  Notice,
  Refused,
  Say,
  ServerPage,
  useWords,
} from "../parts/parts.ts";
import { Chain, type ChainShown } from "./chain-part.tsx";
import { Part, SetField, SetForm, type Shown } from "./set-parts.tsx";
import { AskedOnce } from "./sure-part.tsx";

export interface KeyShown {
  id: string;
  label: string | null;
  createdAt: string;
  expiresAt: string | null;
}

export interface HookShown {
  id: string;
  url: string;
  types: readonly string[];
  state: string;
}

export interface DeliveryShown {
  id: string;
  type: string;
  number: string | null;
  state: string;
  attempts: number;
  createdAt: string;
}

/** What was tried last and refused: fields under `act-field`. */
export interface SettingsShown extends ChainShown {
  frame: Frame;
  once: () => string;
  keys: readonly KeyShown[];
  hooks: readonly HookShown[];
  deliveries: readonly DeliveryShown[];
  returnAddress: { name: string; address: string; phone?: string | null } | null;
  returnUrls: readonly string[];
  unique: boolean;
  listing: { url: string; sentence: string } | undefined;
  /** What is shown now, and never again. */
  secret?: { what: "key" | "secret"; value: string } | undefined;
  done?: boolean | undefined;
  sure?:
    | {
        act: string;
        question: "revokeSure" | "rotateSure" | "dropSure";
        of: string;
        called: string;
        key: string;
      }
    | undefined;
  /** What was asked for takes a sign-in that is younger. */
  unproven?: boolean;
  attempt?: Attempt;
}

function Keys({ keys, ...shown }: Shown & Pick<SettingsShown, "keys">) {
  const say = useWords();
  return (
    <Part id="keys" title={say("shopSet.keys")} hint={say("shopSet.keysHint")}>
      <ul class="lines">
        {keys.map(({ id, label, createdAt, expiresAt }) => (
          <li key={id}>
            <p>
              <strong>
                <Say k="shopSet.key" label={label === null ? say("shopSet.noLabel") : <Name>{label}</Name>} />
              </strong>
            </p>
            <p class="small soft">
              <Say k="shopSet.made" at={<Moment at={createdAt} />} />
              {expiresAt === null ? null : (
                <>
                  {" · "}
                  <Say k="shopSet.expires" at={<Moment at={expiresAt} />} />
                </>
              )}
            </p>
            <SetForm act="revoke-key" of={id} once={shown.once} submit={say("shopSet.revoke")} look="stop" />
          </li>
        ))}
      </ul>
      <SetForm act="make-key" once={shown.once} submit={say("shopSet.makeKey")}>
        <SetField
          act="make-key"
          attempt={shown.attempt}
          name="label"
          label={say("shopSet.label")}
          maxLength={100}
        />
      </SetForm>
    </Part>
  );
}

const deliveryWord = (state: string) =>
  state === "delivered" ? "shopSet.sent" : state === "failed" ? "shopSet.failed" : "shopSet.waits";

function Hooks({ hooks, deliveries, ...shown }: Shown & Pick<SettingsShown, "hooks" | "deliveries">) {
  const say = useWords();
  const { attempt, once } = shown;
  return (
    <Part id="hooks" title={say("shopSet.hooks")} hint={say("shopSet.hooksHint")}>
      {hooks.length === 0 ? <p>{say("shopSet.noHooks")}</p> : null}
      <ul class="lines">
        {hooks.map(({ id, url, types, state }) => (
          <li key={id}>
            <p>
              <strong>
                <Name>{url}</Name>
              </strong>
            </p>
            <p class="small soft">
              {types.includes("*") ? say("shopSet.allTypes") : <Name>{types.join(" ")}</Name>}
            </p>
            <div class="row">
              {state === "active" ? (
                <SetForm act="test-hook" of={id} once={once} submit={say("shopSet.test")} />
              ) : null}
              <SetForm act="rotate-hook" of={id} once={once} submit={say("shopSet.rotate")} />
              <SetForm act="drop-hook" of={id} once={once} submit={say("shopSet.drop")} look="stop" />
            </div>
          </li>
        ))}
      </ul>
      <SetForm act="add-hook" once={once} submit={say("shopSet.addHook")}>
        <SetField
          act="add-hook"
          attempt={attempt}
          name="url"
          label={say("shopSet.hookUrl")}
          required
          maxLength={2000}
        />
        <SetField
          act="add-hook"
          attempt={attempt}
          name="types"
          label={say("shopSet.hookTypes")}
          hint={say("shopSet.hookTypesHint")}
          value="*"
          required
          maxLength={2000}
        />
      </SetForm>
      <Folded id="deliveries" title={say("shopSet.deliveries")} hint="" open={false}>
        {deliveries.length === 0 ? <p>{say("shopSet.noDeliveries")}</p> : null}
        <ul class="lines">
          {deliveries.map(({ id, type, number, state, attempts, createdAt }) => (
            <li key={id}>
              <p>
                <Name>{number === null ? type : `${type} ${number}`}</Name>
                {" · "}
                {say(deliveryWord(state))}
                {" · "}
                {say("shopSet.tries", { count: attempts })}
              </p>
              <p class="small soft">
                <Moment at={createdAt} />
              </p>
              <SetForm act="resend" of={id} once={once} submit={say("shopSet.resend")} />
            </li>
          ))}
        </ul>
      </Folded>
    </Part>
  );
}

function SentBack({ returnAddress, ...shown }: Shown & Pick<SettingsShown, "returnAddress">) {
  const say = useWords();
  const own = { act: "return-address", attempt: shown.attempt };
  return (
    <Part id="back" title={say("shopSet.back")} hint={say("shopSet.backHint")}>
      <SetForm act="return-address" once={shown.once} submit={say("shopSet.save")}>
        <SetField
          {...own}
          name="name"
          label={say("shopSet.name")}
          value={returnAddress?.name}
          required
          maxLength={120}
        />
        <SetField
          {...own}
          name="address"
          label={say("shopSet.address")}
          value={returnAddress?.address}
          long
          required
          maxLength={300}
        />
        <SetField
          {...own}
          name="phone"
          label={say("shopSet.phone")}
          type="tel"
          value={returnAddress?.phone ?? undefined}
          maxLength={40}
        />
      </SetForm>
    </Part>
  );
}

function Found({
  returnUrls,
  unique,
  listing,
  ...shown
}: Shown & Pick<SettingsShown, "returnUrls" | "unique" | "listing">) {
  const say = useWords();
  const { attempt, once } = shown;
  return (
    <>
      <Part id="urls" title={say("shopSet.urls")} hint={say("shopSet.urlsHint")}>
        <SetForm act="return-urls" once={once} submit={say("shopSet.save")}>
          <SetField
            act="return-urls"
            attempt={attempt}
            name="urls"
            label={say("shopSet.urls")}
            value={returnUrls.join("\n")}
            long
            maxLength={4000}
          />
        </SetForm>
        <SetForm act="unique" once={once} submit={say("shopSet.save")}>
          <Choice
            type="checkbox"
            name="unique"
            value="yes"
            id="unique-yes"
            checked={unique}
            under={say("shopSet.uniqueHint")}
          >
            {say("shopSet.unique")}
          </Choice>
        </SetForm>
      </Part>
      <Part id="listing" title={say("shopSet.listing")} hint={say("shopSet.listingHint")}>
        <SetForm act="list" once={once} submit={say("shopSet.save")}>
          <SetField
            act="list"
            attempt={attempt}
            name="url"
            label={say("shopSet.listingUrl")}
            hint={say("shopSet.listingUrlHint")}
            value={listing?.url}
            required
            maxLength={400}
          />
          <SetField
            act="list"
            attempt={attempt}
            name="sentence"
            label={say("shopSet.sentence")}
            value={listing?.sentence}
            required
            maxLength={200}
          />
        </SetForm>
        {listing === undefined ? null : (
          <SetForm act="unlist" once={once} submit={say("shopSet.unlist")} look="stop" />
        )}
      </Part>
    </>
  );
}

function WhatIsNew({ secret, done, sure, unproven, attempt = noAttempt }: SettingsShown) {
  const say = useWords();
  return (
    <>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      {unproven === true ? (
        <Notice tone="care" title={say("mandate.signInFirst")} id="sign-in-first">
          <p>{say("shopSet.signInFirst")}</p>
          <p>
            <LinkButton href="/signin?next=/shop/settings" id="sign-in-anew">
              {say("mandate.signInAnew")}
            </LinkButton>
          </p>
        </Notice>
      ) : null}
      {done === true && secret === undefined ? (
        <Notice tone="good" id="done">
          <p>{say("shopSet.saved")}</p>
        </Notice>
      ) : null}
      {secret === undefined ? null : (
        <Notice
          tone="good"
          id="secret"
          title={say(secret.what === "key" ? "shopSet.newKey" : "shopSet.secret")}
        >
          <p>
            <code id="the-secret">{secret.value}</code>
          </p>
          <p>{say("shopSet.once")}</p>
        </Notice>
      )}
      {sure === undefined ? null : (
        <AskedOnce
          title={say("shopSure.title")}
          act={sure.act}
          action={`/shop/settings/${sure.act}`}
          fields={[
            ["of", sure.of],
            ["key", sure.key],
          ]}
          back="/shop/settings"
        >
          <p>
            <Say
              k={`shopSet.${sure.question}`}
              label={<Name>{sure.called}</Name>}
              url={<Name>{sure.called}</Name>}
            />
          </p>
        </AskedOnce>
      )}
    </>
  );
}

function Settings(props: SettingsShown) {
  const say = useWords();
  const { attempt = noAttempt, once } = props;
  const shown = { ...props, attempt, once };
  return (
    <div class="stack-l">
      <h1>{say("shopSet.title")}</h1>
      <WhatIsNew {...props} />
      <SentBack {...shown} />
      <Found {...shown} />
      <Keys {...shown} />
      <Hooks {...shown} />
      <Chain {...shown} />
      <Part id="team" title={say("shopSet.team")} hint={say("shopSet.teamText")}>
        <p>
          <LinkButton href="/shop/team" id="to-team" look="quiet">
            {say("shopSet.toTeam")}
          </LinkButton>
        </p>
        <p>
          <a href="/sessions">{say("sessions.title")}</a>
        </p>
        <p>
          <a href="/shop/standing" id="to-standing">
            {say("shopStanding.title")}
          </a>
        </p>
      </Part>
    </div>
  );
}

/** `/shop/settings`. */
export function SettingsPage(props: SettingsShown) {
  return (
    <ServerPage frame={props.frame} title={useWords()("shopSet.title")} here="shop/settings" narrow>
      <Settings {...props} />
    </ServerPage>
  );
}
