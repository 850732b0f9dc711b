/** Lists of operators, and one thing of such a list with what can be done to it. */
import type { ComponentChildren } from "preact";
import {
  Empty,
  type Frame,
  LinkButton,
  Name,
  Notice,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import type { WordKey } from "../words/words.ts";
import { Facts, type Names } from "./facts.tsx";

/** The way to the form of an act, filled in as far as it is known. */
export interface ActLink {
  word: WordKey;
  href: string;
}

export interface Listed {
  id: string;
  /** A name that somebody has typed, or a number of this server's. */
  title: string;
  numbered?: true;
  /** Where it has a page of its own. */
  href?: string | undefined;
  state?: WordKey | undefined;
  notes?: readonly WordKey[];
  /** What is missing of it; left out where nobody asks. */
  missing?: readonly WordKey[];
  facts: object;
  acts: readonly ActLink[];
}

function Acts({ acts, id }: { acts: readonly ActLink[]; id: string }) {
  const say = useWords();
  if (acts.length === 0) return null;
  return (
    <p class="row">
      {acts.map(({ word, href }) => (
        <LinkButton key={href} href={href} look="quiet" id={`${id}-${word.replaceAll(".", "-")}`}>
          {say(word)}
        </LinkButton>
      ))}
    </p>
  );
}

function Missing({ missing }: { missing: readonly WordKey[] }) {
  const say = useWords();
  if (missing.length === 0) return <p class="soft">{say("applications.nothingMissing")}</p>;
  return (
    <p>
      {say("applications.missing")}
      {say("colon")}
      {missing.map((word) => say(word)).join(say("comma"))}
    </p>
  );
}

function Item({ item, names, under }: { item: Listed; names: Names; under: boolean }) {
  const say = useWords();
  const { id, title, numbered, href, state, notes = [], missing, facts, acts } = item;
  const head = numbered === true ? <TradeNumber number={title} /> : <Name>{title}</Name>;
  const heading = (
    <>
      {href === undefined ? head : <a href={href}>{head}</a>}
      {state === undefined ? null : <span class="badge tone-calm">{say(state)}</span>}
    </>
  );
  return (
    <li class="sheet stack" data-item={id}>
      {under ? <h3>{heading}</h3> : <h2>{heading}</h2>}
      {notes.map((word) => (
        <p key={word} class="soft">
          {say(word)}
        </p>
      ))}
      <Facts of={facts} names={names} />
      {missing === undefined ? null : <Missing missing={missing} />}
      <Acts acts={acts} id={id} />
    </li>
  );
}

export interface Group {
  /** Nothing where the page has one list only. */
  title?: WordKey;
  empty: WordKey;
  items: readonly Listed[];
  /** The way to the next ones. */
  more?: ActLink | undefined;
}

interface ListProps {
  frame: Frame;
  title: WordKey;
  lead: WordKey;
  done: boolean;
  /** What can be done beside what is listed. */
  acts: readonly ActLink[];
  groups: readonly Group[];
  names: Names;
}

function ListBody({ title, lead, done, acts, groups, names }: Omit<ListProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <div>
        <a class="back" href="/desk">
          ← {say("desk.title")}
        </a>
        <h1>{say(title)}</h1>
      </div>
      <p class="lead">{say(lead)}</p>
      <Done done={done} />
      <Acts acts={acts} id="all" />
      {groups.map((group) => {
        const { empty, items, more } = group;
        return (
          <section key={group.title ?? title} class="stack">
            {group.title === undefined ? null : <h2>{say(group.title)}</h2>}
            {items.length === 0 ? <Empty title={say(empty)} /> : null}
            <ul class="list">
              {items.map((item) => (
                <Item key={item.id} item={item} names={names} under={group.title !== undefined} />
              ))}
            </ul>
            {more === undefined ? null : (
              <p>
                <LinkButton href={more.href} look="quiet">
                  {say(more.word)}
                </LinkButton>
              </p>
            )}
          </section>
        );
      })}
    </div>
  );
}

function Done({ done }: { done: boolean }) {
  const say = useWords();
  if (!done) return null;
  return (
    <Notice tone="good" id="done">
      <p>{say("form.done")}</p>
    </Notice>
  );
}

/** A list, or several under each other. */
export function ListPage(props: ListProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()(props.title)} here="desk">
      <ListBody {...props} />
    </ServerPage>
  );
}

export interface Section {
  title: WordKey;
  facts: object | undefined;
  empty?: WordKey;
}

interface OneProps {
  frame: Frame;
  kind: WordKey;
  name: string;
  back: string;
  state: WordKey | undefined;
  done: boolean;
  sections: readonly Section[];
  acts: readonly ActLink[];
  names: Names;
}

function OneBody({ kind, name, back, state, done, sections, acts, names }: Omit<OneProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <div>
        <a class="back" href={back}>
          ← {say(kind)}
        </a>
        <h1>
          <Name>{name}</Name>
          {state === undefined ? null : <span class="badge tone-calm">{say(state)}</span>}
        </h1>
      </div>
      <Done done={done} />
      {sections.map(({ title, facts, empty }) => (
        <section key={title} class="sheet">
          <h2>{say(title)}</h2>
          {facts === undefined ? (
            empty === undefined ? null : (
              <p class="soft">{say(empty)}</p>
            )
          ) : (
            <Facts of={facts} names={names} />
          )}
        </section>
      ))}
      <section class="sheet" aria-labelledby="acts">
        <h2 id="acts">{say("parties.acts")}</h2>
        <List acts={acts} />
      </section>
    </div>
  );
}

function List({ acts }: { acts: readonly ActLink[] }): ComponentChildren {
  const say = useWords();
  return (
    <ul class="lines">
      {acts.map(({ word, href }) => (
        <li key={href}>
          <a href={href}>{say(word)}</a>
        </li>
      ))}
    </ul>
  );
}

/** One of a list. */
export function OnePage(props: OneProps) {
  return (
    <ServerPage frame={props.frame} title={props.name} here="desk" narrow>
      <OneBody {...props} />
    </ServerPage>
  );
}
