/** `/staff/team`: who works here and as what. */
import { Button, Choice, Field, Form, Mistakes, Moment, Name, Notice } from "../../edge/parts/parts.ts";
import { type Frame, type Mistaken, ShopPage } from "../shop-frame/shop-frame.ts";
import { type Member, type Role, roles, shortestPassword } from "../shop-staff/shop-staff.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";

export interface TeamProps {
  frame: Frame;
  members: Member[];
  /** Who reads the page: nobody changes their own role, or takes themselves away. */
  self: string | null;
  once: string;
  mistaken: Mistaken;
  typed: { name?: string | undefined; signIn?: string | undefined; role?: string | undefined };
  /** What was done last. */
  done?: "added" | "changed" | "password" | "ended" | undefined;
}

function Roles({ id, chosen }: { id: string; chosen: Role }) {
  const say = useShopWords();
  return (
    <fieldset>
      <legend>{say("team.role")}</legend>
      <div class="choices">
        {roles.map((role) => (
          <Choice
            key={role}
            name="role"
            value={role}
            id={`${id}-${role}`}
            checked={role === chosen}
            required
            under={say(`role.${role}May`)}
          >
            {say(`role.${role}`)}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

function OneMember({ member, once }: { member: Member; once: string }) {
  const say = useShopWords();
  const { id, role } = member;
  const at = `/staff/team/${id}`;
  return (
    <>
      <details class="act" id={`role-${id}`}>
        <summary>{say("team.changeRole")}</summary>
        <Form action={`${at}/role`} once={`${once}-r`}>
          <Roles id={`role-${id}`} chosen={role} />
          <Button look="quiet">{say("team.saveRole")}</Button>
        </Form>
      </details>
      <details class="act" id={`password-${id}`}>
        <summary>{say("team.changePassword")}</summary>
        <Form action={`${at}/password`} once={`${once}-p`}>
          <Field
            id={`password-of-${id}`}
            name="password"
            label={say("team.password")}
            hint={say("team.passwordHint", { count: shortestPassword })}
            type="password"
            required
            autocomplete="new-password"
            minLength={shortestPassword}
            maxLength={200}
          />
          <Button look="quiet">{say("team.savePassword")}</Button>
        </Form>
      </details>
      <details class="act" id={`end-${id}`}>
        <summary>{say("team.end")}</summary>
        <Form action={`${at}/end`} once={`${once}-e`}>
          <p class="soft small">{say("team.endLead")}</p>
          <Button look="stop">{say("team.end")}</Button>
        </Form>
      </details>
    </>
  );
}

function MemberCard({ member, self, once }: { member: Member } & Pick<TeamProps, "self" | "once">) {
  const say = useShopWords();
  const { id, name, signIn, role, madeAt, endedAt } = member;
  return (
    <li class="sheet" data-member={signIn}>
      <p class="spread">
        <strong>
          <Name>{name}</Name>
        </strong>
        <span>{say(`role.${role}`)}</span>
      </p>
      <p class="small soft">
        <ShopSay
          k={endedAt === null ? "team.since" : "team.until"}
          signIn={<Name>{signIn}</Name>}
          at={<Moment at={(endedAt ?? madeAt).toISOString()} />}
        />
      </p>
      {endedAt !== null || id === self ? null : (
        <OneMember member={member} once={`${once}-${id.slice(-12)}`} />
      )}
    </li>
  );
}

function Adding({ once, mistaken, typed }: Pick<TeamProps, "once" | "mistaken" | "typed">) {
  const say = useShopWords();
  return (
    <section class="sheet" aria-labelledby="add-title">
      <h2 id="add-title">{say("team.add")}</h2>
      <Form action="/staff/team" once={once} id="add-form">
        <Field
          name="name"
          label={say("team.name")}
          required
          maxLength={80}
          value={typed.name}
          error={mistaken["name"]}
        />
        <Field
          name="signIn"
          label={say("team.signIn")}
          hint={say("team.signInHint")}
          required
          maxLength={40}
          value={typed.signIn}
          error={mistaken["signIn"]}
        />
        <Field
          name="password"
          label={say("team.password")}
          hint={say("team.passwordHint", { count: shortestPassword })}
          type="password"
          required
          autocomplete="new-password"
          minLength={shortestPassword}
          maxLength={200}
          error={mistaken["password"]}
        />
        <Roles id="role" chosen={roles.find((each) => each === typed.role) ?? "clerk"} />
        <Button id="add">{say("team.addButton")}</Button>
      </Form>
    </section>
  );
}

export function TeamPage({ frame, members, self, once, mistaken, typed, done }: TeamProps) {
  const say = useShopWords();
  const title = say("team.title");
  return (
    <ShopPage frame={frame} title={title} here="team" narrow>
      <h1>{title}</h1>
      <p class="lead">{say("team.lead")}</p>
      <Mistakes errors={mistaken} />
      {done === undefined ? null : (
        <Notice tone="good" id="done">
          <p>{say(`team.done.${done}`)}</p>
        </Notice>
      )}
      <ul class="list" id="members">
        <li class="sheet">
          <p class="spread">
            <strong>{say("team.owner")}</strong>
            <span>{say("role.owner")}</span>
          </p>
          <p class="small soft">{say("team.ownerLead")}</p>
        </li>
        {members.map((member) => (
          <MemberCard key={member.id} member={member} self={self} once={once} />
        ))}
      </ul>
      <Adding once={once} mistaken={mistaken} typed={typed} />
    </ShopPage>
  );
}
