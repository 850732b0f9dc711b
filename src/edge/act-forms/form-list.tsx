/** All forms of acts, and what an act has made that is shown once. Data in, HTML out. */
import type { ActName } from "../operators/operators.ts";
import { type Frame, LinkButton, Notice, ServerPage, useWords } from "../parts/parts.ts";
import { type FormSpec, type Group, titleOf } from "./specs.ts";

interface SecretProps {
  frame: Frame;
  act: ActName;
  secret: { name: "key" | "code" | "pdf"; value: string };
}

function SecretBody({ act, secret: { name, value } }: Omit<SecretProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say(`deed.${act}`)}</h1>
      <Notice tone="care" title={say("secret.once")} id="secret">
        <p>{say(`secret.${name}`)}</p>
        {name === "pdf" ? (
          <p>
            <a id="secret-file" download="letter.pdf" href={`data:application/pdf;base64,${value}`}>
              {say("secret.open")}
            </a>
          </p>
        ) : (
          <p>
            <code id="secret-value">{value}</code>
          </p>
        )}
      </Notice>
      <p>
        <LinkButton href="/operator-acts" look="quiet">
          {say("waiting.title")}
        </LinkButton>
      </p>
    </div>
  );
}

/** What is shown once, to whoever has asked for it. */
export function SecretPage(props: SecretProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()(`deed.${props.act}`)} here="desk" narrow>
      <SecretBody {...props} />
    </ServerPage>
  );
}

interface ListProps {
  frame: Frame;
  forms: readonly { name: string; spec: FormSpec }[];
}

const groups: readonly Group[] = ["members", "parties", "money", "server"];

function ListBody({ forms }: Omit<ListProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("form.all")}</h1>
      <p class="lead">{say("form.allLead")}</p>
      <nav class="chips" aria-label={say("form.groups")}>
        {groups.map((group) => (
          <a key={group} href={`#group-${group}`}>
            {say(`form.group.${group}`)}
          </a>
        ))}
      </nav>
      {groups.map((group) => {
        const here = forms.filter(({ spec }) => spec.group === group);
        if (here.length === 0) return null;
        return (
          <section key={group} class="sheet" aria-labelledby={`group-${group}`}>
            <h2 id={`group-${group}`}>{say(`form.group.${group}`)}</h2>
            <ul class="lines columns">
              {here.map(({ name, spec }) => (
                <li key={name}>
                  <a href={`/desk/acts/${name}`} id={`form-${name}`}>
                    {say(titleOf(spec))}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

/** `/desk/acts`: what operators do here, each with its form. */
export function ActListPage(props: ListProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("form.all")} here="desk">
      <ListBody {...props} />
    </ServerPage>
  );
}
