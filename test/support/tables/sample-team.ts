/** The pages about the people of a shop, with made-up data. */
import { type ComponentChild, h } from "preact";
import { problem } from "../../../src/core/protocol/protocol.ts";
import type { Frame } from "../../../src/edge/parts/layout.tsx";
import { shopActNames } from "../../../src/edge/roles/roles.ts";
import { type ActShown, ActsPage } from "../../../src/edge/team-views/acts-page.tsx";
import { TeamPage } from "../../../src/edge/team-views/team-page.tsx";
import { shopRoles } from "../../../src/storage/identity/identity.ts";
import { id, type SampleTexts } from "./sample-trades.ts";

/** What was done, by somebody and by the shop's own sign-in. */
export const sampleActs = (texts: SampleTexts): ActShown[] =>
  shopActNames.map((act, index) => ({
    id: id(40 + index),
    by: index % 3 === 2 ? null : texts.person,
    act,
    number: index % 2 === 0 ? "48210733951146" : null,
    done: index % 5 !== 4,
    at: "2026-11-25T09:00:00Z",
  }));

export function teamPages(texts: SampleTexts, frame: Frame): Record<string, ComponentChild> {
  let keys = 0;
  const people = shopRoles.map((role, index) => ({
    id: id(20 + index),
    name: texts.person,
    email: "hana@example.com",
    role,
    state: index === 3 ? ("invited" as const) : ("active" as const),
    createdAt: "2026-11-25T09:00:00Z",
  }));
  const once = () => `k-team-${(keys += 1)}`;
  const team = { frame, people, self: id(20), once, more: "/shop/team?after=x" };
  return {
    "shop-team": h(TeamPage, { ...team, done: "invited" }),
    "shop-team-again": h(TeamPage, { ...team, done: "again" }),
    "shop-team-none": h(TeamPage, { ...team, people: [], self: null, more: null }),
    "shop-team-wrong": h(TeamPage, {
      ...team,
      unproven: true,
      attempt: {
        values: { name: texts.person, email: texts.goods, role: "money" },
        errors: { email: () => texts.reason },
        problem: problem("already_exists"),
      },
    }),
    "shop-acts": h(ActsPage, { frame, acts: sampleActs(texts), more: "/shop/acts?after=x" }),
    "shop-acts-none": h(ActsPage, { frame, acts: [], more: null }),
  };
}
