/** The pages on which people change what is known of them and what they sign in with, with made-up data. */
import { FirstPage } from "../../../src/edge/profile-pages/first-view.tsx";
import { OwnDataPage } from "../../../src/edge/profile-pages/own-views.tsx";
import {
  ForgottenPage,
  PasswordPage,
  ResetPage,
  TakeBackPage,
} from "../../../src/edge/profile-pages/sign-in-views.tsx";
import type { Attempt, Frame } from "../../../src/edge/parts/layout.tsx";
import type { SampleTexts } from "./sample-trades.ts";
import { render } from "./sample-reader.ts";

export function profilePages(member: Frame, texts: SampleTexts, attempt: Attempt): Record<string, string> {
  const data = { name: texts.person, address: texts.reason, email: texts.goods, phone: null };
  const frame: Frame = { face: member.face };
  const typed: Attempt = { ...attempt, errors: { password: () => texts.reason } };
  const asked: Attempt = { ...attempt, errors: { email: () => texts.reason } };
  return {
    you: render(OwnDataPage, { frame: member, data, coded: true, done: "sent" }),
    "you-again": render(OwnDataPage, { frame: member, data, coded: false, attempt }),
    password: render(PasswordPage, { frame: member, email: texts.goods, done: true }),
    "password-again": render(PasswordPage, { frame: member, attempt: typed }),
    "first-sign-in": render(FirstPage, {
      frame,
      attempt: { ...attempt, errors: { code: () => texts.reason } },
    }),
    "first-sign-in-done": render(FirstPage, { frame, done: true }),
    forgotten: render(ForgottenPage, { frame, open: true, attempt: asked }),
    "forgotten-sent": render(ForgottenPage, { frame, open: true, done: true }),
    "forgotten-no-mails": render(ForgottenPage, { frame, open: false }),
    reset: render(ResetPage, { frame, attempt: typed }),
    "reset-done": render(ResetPage, { frame, done: true }),
    "address-back": render(TakeBackPage, { frame, attempt: typed }),
    "address-stopped": render(TakeBackPage, { frame, done: "stopped" }),
  };
}
