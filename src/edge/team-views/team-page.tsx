/** `/shop/team`: who works at the shop and as what. */
import { type ShopRole, shopRoles } from "../../storage/identity/identity.ts";
import {
  type Attempt,
  Button,
  Choice,
  Empty,
  Field,
  Folded,
  Form,
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

export interface PersonShown {
  id: string;
  name: string;
  email: string;
  role: ShopRole;
  state: "invited" | "active";
  createdAt: string;
}

export interface TeamShown {
  frame: Frame;
  people: readonly PersonShown[];
  /** The id of who reads it; null where it is the shop's own sign-in. */
  self: string | null;
  /** A key for each form, so that a form that is sent twice is one wish. */
  once: () => string;
  /** The address of the following page. */
  more: string | null;
  done?: "invited" | "again" | "changed" | "removed" | undefined;
  /** They have signed in too long ago for it. */
  unproven?: boolean;
  /** What was tried and refused, under the ids of the controls. */
  attempt?: Attempt;
}

function Roles({ id, chosen }: { id: string; chosen: string }) {
  const say = useWords();
  return (
    <fieldset>
      <legend>{say("shopTeam.role")}</legend>
      <div class="choices">
        {shopRoles.map((role) => (
          <Choice
            key={role}
            name="role"
            value={role}
            id={`${id}-${role}`}
            checked={role === chosen}
            required
            under={say(`shopTeam.may.${role}`)}
          >
            {say(`shopTeam.is.${role}`)}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

function Person({ person, self, once }: { person: PersonShown } & Pick<TeamShown, "self" | "once">) {
  const say = useWords();
  const { id, name, email, role, state, createdAt } = person;
  return (
    <li class="sheet stack" id={`person-${id}`} data-role={role} data-state={state}>
      <h3>
        <Name>{name}</Name>
        {id === self ? <span class="soft small"> {say("shopTeam.you")}</span> : null}
      </h3>
      <p>
        <strong>{say(`shopTeam.is.${role}`)}</strong>
        {state === "invited" ? (
          <>
            {" · "}
            {say("shopTeam.invited")}
          </>
        ) : null}
      </p>
      <p class="small">
        <Name>{email}</Name>
      </p>
      <p class="small soft">
        <Say k="shopTeam.since" at={<Moment at={createdAt} />} />
      </p>
      {state === "invited" ? (
        <Folded
          id={`again-part-${id}`}
          title={say("shopTeam.again")}
          hint={say("shopTeam.againHint")}
          open={false}
        >
          <Form action={`/shop/team/${id}/invitation`} id={`again-form-${id}`} once={once()}>
            <Button id={`again-submit-${id}`} look="quiet">
              {say("shopTeam.againDo")}
            </Button>
          </Form>
        </Folded>
      ) : null}
      <Folded
        id={`role-part-${id}`}
        title={say("shopTeam.change")}
        hint={say("shopTeam.changeHint")}
        open={false}
      >
        <Form action={`/shop/team/${id}/role`} id={`role-form-${id}`} once={once()}>
          <Roles id={`role-${id}`} chosen={role} />
          <Button id={`role-submit-${id}`} look="quiet">
            {say("shopTeam.changeDo")}
          </Button>
        </Form>
      </Folded>
      <Folded
        id={`remove-part-${id}`}
        title={say("shopTeam.remove")}
        hint={say("shopTeam.removeHint")}
        open={false}
      >
        <Form action={`/shop/team/${id}/remove`} id={`remove-form-${id}`} once={once()}>
          <Button id={`remove-submit-${id}`} look="stop">
            {say("shopTeam.removeDo")}
          </Button>
        </Form>
      </Folded>
    </li>
  );
}

function Invite({ once, attempt }: { once: () => string; attempt: Attempt }) {
  const say = useWords();
  const { values, errors } = attempt;
  return (
    <section class="sheet stack" aria-labelledby="invite-title" id="invite">
      <h2 id="invite-title">{say("shopTeam.invite")}</h2>
      <p class="soft">{say("shopTeam.inviteHint")}</p>
      <Form action="/shop/team" id="invite-form" once={once()}>
        <Field
          name="name"
          label={say("shopTeam.name")}
          required
          maxLength={120}
          value={values["name"]}
          error={errors["name"]}
        />
        <Field
          name="email"
          label={say("shopTeam.email")}
          type="email"
          inputMode="email"
          required
          maxLength={254}
          value={values["email"]}
          error={errors["email"]}
        />
        <Roles id="invite-role" chosen={values["role"] ?? "orders"} />
        <Button id="invite-submit" wide>
          {say("shopTeam.inviteDo")}
        </Button>
      </Form>
    </section>
  );
}

function WhatIsNew({
  done,
  unproven,
  attempt = noAttempt,
}: Pick<TeamShown, "done" | "unproven" | "attempt">) {
  const say = useWords();
  return (
    <>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      {unproven === true ? (
        <Notice tone="care" id="unproven" title={say("shopTeam.signInAnew")}>
          <p>{say("shopTeam.signInAnewHint")}</p>
          <p>
            <LinkButton href="/signin?next=/shop/team" look="quiet">
              {say("nav.signIn")}
            </LinkButton>
          </p>
        </Notice>
      ) : null}
      {done === undefined ? null : (
        <Notice tone="good" id="done">
          <p>{say(`shopTeam.did.${done}`)}</p>
        </Notice>
      )}
    </>
  );
}

/** `/shop/team`. */
export function TeamPage(props: TeamShown) {
  const say = useWords();
  const { frame, people, self, once, more, done, unproven, attempt = noAttempt } = props;
  return (
    <ServerPage frame={frame} title={say("shopTeam.title")} here="shop/settings" narrow>
      <div class="stack-l">
        <a class="back" href="/shop/settings">
          ← {say("shopTeam.back")}
        </a>
        <h1>{say("shopTeam.title")}</h1>
        <p class="lead">{say("shopTeam.lead")}</p>
        <WhatIsNew {...{ done, unproven: unproven === true, attempt }} />
        <section class="stack" aria-labelledby="people-title">
          <h2 id="people-title">{say("shopTeam.people")}</h2>
          <p class="soft">{say("shopTeam.itself")}</p>
          {people.length === 0 ? <Empty title={say("shopTeam.nobody")} /> : null}
          <ul class="list">
            {people.map((person) => (
              <Person key={person.id} {...{ person, self, once }} />
            ))}
          </ul>
          {more === null ? null : (
            <p>
              <LinkButton href={more} id="more" look="quiet">
                {say("shopTeam.more")}
              </LinkButton>
            </p>
          )}
        </section>
        <Invite {...{ once, attempt }} />
        <p>
          <LinkButton href="/shop/acts" id="to-acts" look="quiet">
            {say("shopActs.title")}
          </LinkButton>
        </p>
      </div>
    </ServerPage>
  );
}
