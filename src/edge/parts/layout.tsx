/** The layout every page stands in, the frame of a trading server in it, and the one way to turn a page into text. */
import type { ComponentChildren, ComponentType, VNode } from "preact";
import { useContext } from "preact/hooks";
import { renderToString } from "preact-render-to-string";
import { Round, type Rounds, worksOf } from "./round.tsx";
import { iconAsset, scriptAsset, stylesheetAsset } from "./style.ts";
import { plain, type Reader, Reading, useWords, useZoneName } from "./locale.tsx";
import { type Language, languages, type Sentence, type WordKey } from "../words/words.ts";
import type { Problem } from "../../core/protocol/protocol.ts";
import type { MethodKind } from "../../core/protocol/schemas.ts";
import { LinkButton } from "./controls.tsx";
import { Empty, Notice } from "./notices.tsx";

export interface NavigationItem {
  href: string;
  text: string;
  current?: boolean;
}

export interface PageProps {
  /** Shown in the browser's title bar before the name of the server. */
  title: string;
  /** IANA name of the zone in which times are told to who has chosen none; UTC where it is left out. */
  timeZone?: string;
  /** Origins of which pages show pictures of goods; none where it is left out. */
  images?: readonly string[];
  /** The page speaks of what a guarantor stands for. */
  guaranteed?: boolean;
  /** Whose pages these are; Kenshu's own where it is left out. */
  owner?: { name: string; home: string; foot?: string };
  navigation?: NavigationItem[];
  /** The person who is signed in; adds the button that signs out. `signOut` is the address of that POST. */
  signedIn?: { name: string; signOut?: string } | undefined;
  /** A page of one column, for a form or a text. */
  narrow?: boolean;
  /** What a device knows the reader by; `other` for others who are signed in, and left out where nobody is. */
  round?: string | undefined;
  /** What is pressed here waits where there is no line. */
  waits?: Rounds | undefined;
  /** Where the page hears of news while it is open, and the word for what it shows. */
  live?: Live | undefined;
  children: ComponentChildren;
}

export interface Live {
  /** The page's own address; its news are at `/live` under it. Left out where it hears of none. */
  page?: string;
  standing: string;
}

/** The address of the part a skip link leads to. */
const mainId = "content";

function Seal() {
  return (
    <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true" focusable="false">
      <rect class="seal-field" x="1" y="1" width="30" height="30" rx="7" />
      <path
        class="seal-mark"
        d="M9 16.5l5 5L24 10.5"
        fill="none"
        stroke-width="3.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

function Top({ owner, navigation = [], signedIn }: Pick<PageProps, "owner" | "navigation" | "signedIn">) {
  const say = useWords();
  const empty = navigation.length === 0 && signedIn === undefined;
  return (
    <header class="top">
      <div class={empty ? "top-in" : "top-in with-nav"}>
        <a class="brand" href={owner?.home ?? "/"}>
          <Seal />
          <bdi>{owner?.name ?? say("owner")}</bdi>
        </a>
        {empty ? null : (
          <nav class="nav" aria-label={say("navigation")}>
            {navigation.map(({ href, text, current }) => (
              <a key={href} href={href} aria-current={current === true ? "page" : undefined}>
                {text}
              </a>
            ))}
            {signedIn === undefined ? null : (
              <form class="last" method="post" action={signedIn.signOut ?? "/signout"}>
                <button type="submit" id="sign-out" title={say("signedInAs", { name: signedIn.name })}>
                  {say("signOut")}
                </button>
              </form>
            )}
          </nav>
        )}
      </div>
    </header>
  );
}

const ownNames: Record<Language, string> = { en: "English", ja: "日本語" };

/** The way to this page in the other languages. */
function Languages() {
  const { lang, back } = useContext(Reading);
  if (back === undefined) return null;
  return (
    <form method="post" action="/language" id="language-form" class="languages">
      <input type="hidden" name="back" value={back} />
      {languages
        .filter((language) => language !== lang)
        .map((language) => (
          <button key={language} type="submit" name="language" value={language} lang={language}>
            {ownNames[language]}
          </button>
        ))}
    </form>
  );
}

function Body(props: PageProps) {
  const say = useWords();
  const foot = props.owner === undefined ? say("foot") : props.owner.foot;
  const news = props.live?.page;
  return (
    <body data-round={props.round}>
      <a class="skip" href={`#${mainId}`}>
        {say("skip")}
      </a>
      <Top {...props} />
      {props.waits === undefined ? null : <Round {...props.waits} />}
      <main
        id={mainId}
        class={props.narrow === true ? "narrow" : undefined}
        tabIndex={-1}
        data-live={news === undefined ? undefined : `${news}/live`}
        data-state={props.live?.standing}
      >
        {news === undefined ? null : (
          <div id="news" hidden>
            <Notice tone="care">
              <p>{say("trade.news")}</p>
              <LinkButton href={news} look="quiet">
                {say("trade.newsLook")}
              </LinkButton>
            </Notice>
          </div>
        )}
        {props.children}
      </main>
      <footer class="foot">
        <p>
          {foot === undefined ? null : `${foot}${say("between")}`}
          <span id="zone">{say("zone", { zone: useZoneName() })}</span>
        </p>
        <Languages />
      </footer>
    </body>
  );
}

/** A whole document. Its children bring the one `h1`. */
export function Page(props: PageProps) {
  const { title, timeZone = "UTC", images = [], owner, guaranteed } = props;
  const reader = useContext(Reading);
  const { lang } = reader;
  return (
    <Reading.Provider value={{ ...reader, timeZone: reader.timeZone ?? timeZone, images, guaranteed }}>
      <html lang={lang}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="referrer" content="no-referrer" />
          <meta name="color-scheme" content="light dark" />
          <title>{`${title} – ${owner?.name ?? "Kenshu"}`}</title>
          <link rel="icon" type={iconAsset.type} href={iconAsset.path} />
          <link rel="stylesheet" href={stylesheetAsset.path} />
          <script type="module" src={scriptAsset.path} />
        </head>
        <Body {...props} />
      </html>
    </Reading.Provider>
  );
}

/** The text of a document that is no page of a server: a mail. */
export function renderPage(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`;
}

/** The text of the page that a component makes of its data, for this reader. */
export function render<Props extends object>(
  Component: ComponentType<Props>,
  props: NoInfer<Props>,
  reader: Partial<Reader> = {},
): string {
  return renderPage(
    <Reading.Provider value={{ ...plain, ...reader }}>
      <Component {...props} />
    </Reading.Provider>,
  );
}

/** What people see of whose server it is. */
export interface Face {
  name: string;
  /** What it says on its first page of what it does for people. */
  lead: "home.institution" | "home.facilitator" | "home.guarantor";
  /** Where members see what they pay with: accounts that are kept here, or leave to use accounts kept elsewhere. */
  money: "accounts" | "methods";
  /** What members can open here themselves to pay with; nothing where it is left out. */
  means?: readonly MethodKind[];
  /** Origins of which pages show pictures of goods. */
  images?: readonly string[];
  /** What waits for operators here, each on a page of its own, and whether shops say on a page where they are paid. */
  queues?: readonly Queue[];
  payments?: true;
  /** Whether it has a page of shops. */
  portal?: true;
  /** Whether it lends lines to shops and intermediaries, who see theirs on a page. */
  lends?: true;
  /** Where those who bring goods take the money for them, at the institutions that collect for this server. */
  counters?: readonly { name: string; url: string }[];
  /** IANA name of the zone in which its pages tell times; UTC where it is left out. */
  timeZone?: string;
}

/** As what somebody has signed in, as far as it decides where they go. */
export type Visitor = "member" | "collector" | "shop" | "provider" | "operator" | "other";

/** What the frame of a page needs to know about the server and its reader. */
export interface Frame {
  face: Face;
  /** `may`: whether they may make a call, where not all. */
  signedIn?: { name: string; as: Visitor; may?: (call: string) => boolean };
  /** What lies on the device of somebody who brings goods, or accepts them. */
  round?: Rounds | undefined;
  /** The reader has come for one thing and is nobody here: nothing leads elsewhere. */
  bare?: true;
}

/** What a person has sent and why it was not taken; findings are keyed by the ids of the controls. */
export interface Attempt {
  values: Record<string, string>;
  errors: Record<string, Sentence>;
  problem?: Problem;
}

export const noAttempt: Attempt = { values: {}, errors: {} };

const queueNames = [
  "guarantees",
  "credit-requests",
  "lent-lines",
  "debts",
  "collectors",
  "bank-transfers",
  "payout-files",
  "objections",
] as const;
export type Queue = (typeof queueNames)[number];
export type Place =
  | ("counter" | "trades" | "accounts" | "methods" | "mandates" | "portal" | "payments" | "you")
  | ("signIn" | "join" | "home" | "desk" | "desk/find" | "running")
  | ShopPlace
  | Queue;

/** Where a shop's people work: their orders, the money, and what the shop has said of itself. */
const shopPlaces = ["shop", "shop/money", "shop/settings"] as const;
type ShopPlace = (typeof shopPlaces)[number];

interface ServerPageProps {
  frame: Frame;
  /** A sentence of the reader's language, or a text. */
  title: string;
  here?: Place;
  narrow?: boolean;
  live?: Live | undefined;
  /** What a buyer or a recipient presses here waits where there is no line; of those who bring goods it does on every page. */
  waits?: boolean;
  children: ComponentChildren;
}

/** Where those go who are signed in. */
function placesOf(visitor: Visitor, { money, payments, portal, lends }: Face) {
  const lent = lends === true ? (["lent-lines"] as const) : [];
  switch (visitor) {
    case "member":
      return ["trades", money, "mandates", ...(portal === true ? (["portal"] as const) : []), "you"] as const;
    case "collector":
      return ["counter"] as const;
    case "shop":
      return [...shopPlaces, ...(payments === true ? (["payments"] as const) : []), ...lent] as const;
    case "provider":
      return ["trades", ...lent] as const;
    case "operator":
      // What waits for them stands on their desk, each queue with what is in it.
      return ["desk", "desk/find", "running"] as const;
    case "other":
      return ["trades"] as const;
  }
}

/** What is promised to those who buy; those who work at a desk are told only what the one word means that they all use. */
function useFoot({ face, signedIn }: Frame): string {
  const say = useWords();
  const atDesk = signedIn?.as === "operator" || signedIn?.as === "shop" || signedIn?.as === "collector";
  if (atDesk) return say("desk.foot");
  return say(face.lead === "home.guarantor" ? "guaranteed.foot" : "foot");
}

/** What operators reach from their desk. */
const onDesk = (here: Place | undefined) =>
  here !== undefined && (here === "trades" || queueNames.some((name) => name === here));

/** A page of a trading server, with the navigation of those who are signed in or not. */
export function ServerPage({ frame, title, here, narrow = false, children, ...more }: ServerPageProps) {
  const say = useWords();
  const { face, signedIn, bare, round } = frame;
  const guaranteed = face.lead === "home.guarantor";
  const toJoin = (["join", "signIn"] as const).map((place) => {
    return { href: `/${place.toLowerCase()}`, text: say(`nav.${place}`), current: here === place };
  });
  const places = placesOf(signedIn?.as ?? "other", face).map((place) => ({
    href: `/${place}`,
    text: say((signedIn && place === "trades" && worksOf.get(signedIn.as)) || `nav.${place}`),
    current: here === place || (place === "desk" && onDesk(here)),
  }));
  const open = places.filter(({ href }) => signedIn?.may?.(`GET ${href}`) ?? true);
  const navigation = signedIn ? open : bare === true ? [] : toJoin;
  return (
    <Page
      title={title}
      timeZone={face.timeZone ?? "UTC"}
      images={face.images ?? []}
      owner={{ name: face.name, home: "/", foot: useFoot(frame) }}
      guaranteed={guaranteed}
      navigation={navigation}
      signedIn={signedIn}
      round={round?.tag ?? (signedIn && "other")}
      waits={more.waits === true || round?.of === "bringer" ? round : undefined}
      narrow={narrow}
      live={more.live}
    >
      {children}
    </Page>
  );
}

interface QueuePageProps {
  frame: Frame;
  here: Queue;
  /** Whose sentences say what the page is: its title, its lead, and that nothing waits. */
  subject: "arrivals" | "collectors" | "credit" | "debts" | "lent" | "objections" | "payouts";
  narrow?: boolean;
  /** What was asked for waits for another operator now. */
  asked?: boolean;
  /** What stands above the list. */
  above?: ComponentChildren;
  items: VNode[];
  /** The way to the next ones; null where these are all. */
  more?: { after: string; word: WordKey } | null;
}

function QueueBody({
  here,
  subject,
  asked = false,
  above,
  items,
  more = null,
}: Omit<QueuePageProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say(`${subject}.title`)}</h1>
      <p class="lead">{say(`${subject}.lead`)}</p>
      {asked ? (
        <Notice tone="hold" id="asked">
          <p>{say("queue.asked")}</p>
        </Notice>
      ) : null}
      {above}
      {items.length === 0 ? <Empty title={say(`${subject}.empty`)} /> : null}
      <ul class="list">{items}</ul>
      {more === null ? null : (
        <p>
          <LinkButton href={`/${here}?after=${encodeURIComponent(more.after)}`} id="more" look="quiet">
            {say(more.word)}
          </LinkButton>
        </p>
      )}
    </div>
  );
}

/** A page of what waits for operators, or is theirs to look at: one after another, with what can be done to each. */
export function QueuePage({ frame, ...props }: QueuePageProps) {
  const { here, subject, narrow = false } = props;
  return (
    <ServerPage frame={frame} title={useWords()(`${subject}.title`)} here={here} narrow={narrow}>
      <QueueBody {...props} />
    </ServerPage>
  );
}
