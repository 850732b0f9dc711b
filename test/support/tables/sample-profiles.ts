/** The pages on which people change what is known of them and what they sign in with, with made-up data. */
import { type ComponentChild, h } from "preact";
import { FirstPage } from "../../../src/edge/profile-pages/first-view.tsx";
import { SessionsPage } from "../../../src/edge/profile-pages/sessions-view.tsx";
import { OwnDataPage } from "../../../src/edge/profile-pages/own-views.tsx";
import {
  ForgottenPage,
  PasswordPage,
  ResetPage,
  TakeBackPage,
} from "../../../src/edge/profile-pages/sign-in-views.tsx";
import { type Attempt, type Frame } from "../../../src/edge/parts/layout.tsx";
import type { SampleTexts } from "./sample-trades.ts";

export function profilePages(
  member: Frame,
  texts: SampleTexts,
  attempt: Attempt,
): Record<string, ComponentChild> {
  const data = {
    name: texts.person,
    kana: "ヤマダ　ハナコ",
    address: texts.reason,
    email: texts.goods,
    phone: null,
  };
  const frame: Frame = { face: member.face };
  const typed: Attempt = { ...attempt, errors: { password: () => texts.reason } };
  const asked: Attempt = { ...attempt, errors: { email: () => texts.reason } };
  return {
    sessions: h(SessionsPage, {
      frame: member,
      sessions: [
        { id: "1", place: null, since: "2026-11-29T00:00:00Z", seen: "2026-11-29T01:00:00Z", here: true },
        {
          id: "2",
          place: texts.shop,
          since: "2026-11-29T00:00:00Z",
          seen: "2026-11-29T01:00:00Z",
          here: false,
        },
      ],
    }),
    you: h(OwnDataPage, { frame: member, data, number: "4821073395", coded: true, done: "sent" }),
    "you-again": h(OwnDataPage, { frame: member, data, number: "4821073395", coded: false, attempt }),
    password: h(PasswordPage, { frame: member, email: texts.goods, done: true }),
    "password-again": h(PasswordPage, { frame: member, attempt: typed }),
    "first-sign-in": h(FirstPage, {
      frame,
      attempt: { ...attempt, errors: { code: () => texts.reason } },
    }),
    "first-sign-in-done": h(FirstPage, { frame, done: true }),
    forgotten: h(ForgottenPage, { frame, open: true, attempt: asked }),
    "forgotten-sent": h(ForgottenPage, { frame, open: true, done: true }),
    "forgotten-no-mails": h(ForgottenPage, { frame, open: false }),
    reset: h(ResetPage, { frame, attempt: typed }),
    "reset-done": h(ResetPage, { frame, done: true }),
    "address-back": h(TakeBackPage, { frame, attempt: typed }),
    "address-stopped": h(TakeBackPage, { frame, done: "stopped" }),
  };
}
