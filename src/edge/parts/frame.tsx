/** The frame in which a trading server's pages stand: its name, the navigation of its reader, and what was just refused. */
import type { ComponentChildren } from "preact";
import type { Problem } from "../../core/protocol/protocol.ts";
import { help } from "./advice.ts";
import { Page } from "./layout.tsx";
import { useWords } from "./locale.tsx";
import { Notice } from "./notices.tsx";
import { type Language, languages } from "./sentences.ts";

/** What people see of whose server it is. */
export interface Face {
  name: string;
  /** One or two sentences on the first page: what this service does for people. */
  lead: string;
  /** Where members see what they pay with: accounts that are kept here, or leave to use accounts kept elsewhere. */
  money: "accounts" | "methods";
}

/** What the frame of a page needs to know about the server and its reader. */
export interface Frame {
  face: Face;
  lang?: Language;
  /** IANA name; UTC where it is left out. */
  timeZone?: string;
  /** `member` has money and permissions; others who sign in have trades only. */
  signedIn?: { name: string; member: boolean };
}

/** What a person has sent and why it was not taken; findings are keyed by the ids of the controls. */
export interface Attempt {
  values: Record<string, string>;
  errors: Record<string, string>;
  problem?: Problem;
}

export const noAttempt: Attempt = { values: {}, errors: {} };

export type Place = "trades" | "accounts" | "methods" | "mandates" | "signIn" | "join" | "home";

interface ServerPageProps {
  frame: Frame;
  /** A sentence of the reader's language, or a text. */
  title: string;
  here?: Place;
  narrow?: boolean;
  children: ComponentChildren;
}

/** The sentences of a page in the language of its frame, for what stands outside of its body. */
export function words(frame: Frame): (typeof languages)["en"] {
  return languages[frame.lang ?? "en"];
}

/** A page of a trading server, with the navigation of those who are signed in or not. */
export function ServerPage({ frame, title, here, narrow = false, children }: ServerPageProps) {
  const text = words(frame);
  const { face, signedIn } = frame;
  const forMembers = ["trades", face.money, "mandates"] as const;
  const navigation = signedIn
    ? (signedIn.member ? forMembers : (["trades"] as const)).map((place) => ({
        href: `/${place}`,
        text: text[`nav.${place}`],
        current: here === place,
      }))
    : [
        { href: "/join", text: text["nav.join"], current: here === "join" },
        { href: "/signin", text: text["nav.signIn"], current: here === "signIn" },
      ];
  return (
    <Page
      title={title}
      lang={frame.lang ?? "en"}
      timeZone={frame.timeZone ?? "UTC"}
      owner={{ name: face.name, home: "/", foot: text.foot }}
      navigation={navigation}
      signedIn={signedIn}
      narrow={narrow}
    >
      {children}
    </Page>
  );
}

/** The refusal of what was just tried, above the form in which to try again. */
export function Refused({ attempt, title }: { attempt: Attempt; title?: string }) {
  const say = useWords();
  if (attempt.problem === undefined) return null;
  return (
    <Notice tone="stop" title={title ?? attempt.problem.title} id="refused">
      <p>{attempt.problem.detail}</p>
      <p>{say(help(attempt.problem.code))}</p>
    </Notice>
  );
}
