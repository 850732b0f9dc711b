/** `/staff/team`: who works here and as what. */
import {
  Button,
  Choice,
  Field,
  Form,
  LinkButton,
  Mistakes,
  Moment,
  Name,
  Notice,
} from "../../edge/parts/parts.ts";
import { type Frame, type Mistaken, ShopPage } from "../shop-frame/shop-frame.ts";
import { type Member, type Recorded, type Role, roles, shortestPassword } from "../shop-staff/shop-staff.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import { OwnPassword } from "./own-password.tsx";

export interface TeamProps {
  frame: Frame;
  members: Member[];
  /** Who reads the page: nobody changes their own role, or takes themselves away. */
  self: string | null;
  once: string;
  mistaken: Mistaken;
  /** In which form: about whose account, and what was to be done to it; the one for somebody new where it is left out. */
  tried?: { id: string; act: MemberAct } | undefined;
  typed: { name?: string | undefined; signIn?: string | undefined; role?: string | undefined };
  /** What was done last. */
  done?: "added" | "changed" | "password" | "ended" | undefined;
  /** What was done, and by whom; what is older stands before `older`. */
  record: Recorded[];
  older: string | null;
}

export type MemberAct = "role" | "password" | "end";

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

type Tried = Pick<TeamProps, "mistaken" | "tried">;

function OneMember({ member, once, mistaken, tried }: { member: Member; once: string } & Tried) {
  const say = useShopWords();
  const { id, role } = member;
  const at = `/staff/team/${id}`;
  const wrongIn = (act: MemberAct): Mistaken | undefined =>
    tried?.id === id && tried.act === act ? mistaken : undefined;
  const own = (act: MemberAct) => (
    <OwnPassword id={`${act}-${id}-ownPassword`} error={wrongIn(act)?.["ownPassword"]} />
  );
  return (
    <>
      <details class="act" id={`role-${id}`} open={wrongIn("role") !== undefined}>
        <summary>{say("team.changeRole")}</summary>
        <Form action={`${at}/role`} once={`${once}-r`}>
          <Roles id={`role-${id}`} chosen={role} />
          {own("role")}
          <Button look="quiet">{say("team.saveRole")}</Button>
        </Form>
      </details>
      <details class="act" id={`password-${id}`} open={wrongIn("password") !== undefined}>
        <summary>{say("team.changePassword")}</summary>
        <Form action={`${at}/password`} once={`${once}-p`}>
          <Field
            id={`password-${id}-password`}
            name="password"
            label={say("team.password")}
            hint={say("team.passwordHint", { count: shortestPassword })}
            type="password"
            required
            autocomplete="new-password"
            minLength={shortestPassword}
            maxLength={200}
            error={wrongIn("password")?.["password"]}
          />
          {own("password")}
          <Button look="quiet">{say("team.savePassword")}</Button>
        </Form>
      </details>
      <details class="act" id={`end-${id}`} open={wrongIn("end") !== undefined}>
        <summary>{say("team.end")}</summary>
        <Form action={`${at}/end`} once={`${once}-e`}>
          <p class="soft small">{say("team.endLead")}</p>
          {own("end")}
          <Button look="stop">{say("team.end")}</Button>
        </Form>
      </details>
    </>
  );
}

function MemberCard({
  member,
  self,
  once,
  ...wrong
}: { member: Member } & Tried & Pick<TeamProps, "self" | "once">) {
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
        <OneMember member={member} once={`${once}-${id.slice(-12)}`} {...wrong} />
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
        <OwnPassword id="ownPassword" error={mistaken["ownPassword"]} />
        <Button id="add">{say("team.addButton")}</Button>
      </Form>
    </section>
  );
}

/** Who did what to whose account, and where goods were had sent. */
function Record({ record, older }: Pick<TeamProps, "record" | "older">) {
  const say = useShopWords();
  if (record.length === 0) return null;
  return (
    <section class="sheet" id="record" aria-labelledby="record-title">
      <h2 id="record-title">{say("record.title")}</h2>
      <ul class="lines">
        {record.map(({ id, act, madeBy, madeAt, whom, said }) => {
          const role = roles.find((each) => each === said && (act === "add" || act === "role"));
          return (
            <li key={id} data-act={act}>
              <p>
                <ShopSay
                  k={`record.${act}`}
                  who={<Name>{madeBy}</Name>}
                  whom={<Name>{whom ?? ""}</Name>}
                  said={role === undefined ? <Name>{said ?? ""}</Name> : say(`role.${role}`)}
                />
              </p>
              <p class="small soft">
                <Moment at={madeAt.toISOString()} />
              </p>
            </li>
          );
        })}
      </ul>
      {older === null ? null : (
        <LinkButton href={`/staff/team?before=${older}`} look="quiet" id="older">
          {say("record.older")}
        </LinkButton>
      )}
    </section>
  );
}

export function TeamPage(props: TeamProps) {
  const { frame, members, self, once, mistaken, tried, typed, done, record, older } = props;
  const say = useShopWords();
  const title = say("team.title");
  const at = tried === undefined ? "" : `${tried.act}-${tried.id}-`;
  return (
    <ShopPage frame={frame} title={title} here="team" narrow>
      <h1>{title}</h1>
      <p class="lead">{say("team.lead")}</p>
      <Mistakes
        errors={Object.fromEntries(Object.entries(mistaken).map(([name, text]) => [`${at}${name}`, text]))}
      />
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
          <MemberCard
            key={member.id}
            member={member}
            self={self}
            once={once}
            mistaken={mistaken}
            tried={tried}
          />
        ))}
      </ul>
      <Adding once={once} mistaken={tried === undefined ? mistaken : {}} typed={typed} />
      <Record record={record} older={older} />
    </ShopPage>
  );
}
