/** The page of what operators did and read, with made-up data. */
import { type ComponentChild, h } from "preact";
import { RecordPage } from "../../../src/edge/member-views/record.tsx";
import { type Frame } from "../../../src/edge/parts/layout.tsx";
import { id, type SampleTexts } from "./sample-trades.ts";

export function recordPages(frame: Frame, texts: SampleTexts, now: string): Record<string, ComponentChild> {
  const trade = "48210733951146";
  return {
    record: h(RecordPage, {
      frame,
      changes: [
        { id: id(6), act: "changed", field: "email", role: "self", at: now },
        { id: id(7), act: "stopped", field: "email", role: "mail", at: now },
      ],
      acts: [
        { id: id(1), act: "transfer.take", trade: null, channel: "phone", at: now },
        { id: id(2), act: null, trade, channel: "letter", at: now },
        { id: id(3), act: "key.make", trade: null, channel: "desk", at: now },
      ],
      looks: [
        { id: id(4), reason: texts.reason, trade: null, at: now },
        { id: id(5), reason: null, trade, at: now },
      ],
    }),
    "record-empty": h(RecordPage, { frame, acts: [], looks: [], changes: [] }),
  };
}
