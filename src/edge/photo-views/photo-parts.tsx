/** The field for photos in a form, and the photos of an event. */
import type { ActorRole, TradeEventView } from "../../core/protocol/protocol.ts";
import { type Attempt, Button, FileField, useWords } from "../parts/parts.ts";

/** As the server bounds them; a test compares the two. */
export const photosMost = 5;
export const photoMebibytes = 10;

/** Up to five photos, and what was kept of those that came with a form that had something else wrong. */
export function PhotoField({ act, attempt }: { act: "reject" | "say"; attempt: Attempt | undefined }) {
  const say = useWords();
  const kept = attempt?.values["photos"] ?? "";
  const count = kept === "" ? 0 : kept.split(" ").length;
  return (
    <>
      <FileField
        name="photo"
        id={`${act}-photos`}
        label={say("photo.label")}
        hint={say("photo.hint", { most: photosMost, size: photoMebibytes })}
        accept="image/jpeg,image/png,image/webp"
        multiple
        optional
        error={attempt?.errors["photos"]}
      />
      {count === 0 ? null : (
        <p class="soft small" id={`${act}-photos-kept`}>
          {say("photo.kept", { count })}
          <input type="hidden" name="photos" value={kept} />
        </p>
      )}
    </>
  );
}

/** Whose trade it is that the photos belong to, and who looks at it. */
export interface Showing {
  number: string;
  role: ActorRole;
}

/** The photos that an event names, for buyer and shop; an operator says for each why they look at it. */
export function Photos({ event, number, role }: Showing & { event: TradeEventView }) {
  const say = useWords();
  const { photos } = event.data;
  const digests = Array.isArray(photos) ? photos.filter((each) => typeof each === "string") : [];
  if (digests.length === 0) return null;
  const at = (digest: string) => `/v1/trades/${number}/photos/${digest}`;
  if (role === "operator")
    return (
      <div class="stack">
        <p class="hint">{say("photo.lookHint")}</p>
        {digests.map((digest, index) => {
          const id = `photo-${event.seq}-${index + 1}`;
          return (
            <form method="get" action={at(digest)} key={digest}>
              <div class="field">
                <label for={id}>{say("photo.reason", { number: index + 1 })}</label>
                <input id={id} name="reason" required maxLength={200} autocomplete="off" />
              </div>
              <Button look="quiet">{say("photo.look", { number: index + 1 })}</Button>
            </form>
          );
        })}
      </div>
    );
  return (
    <ul class="photos" aria-label={say("photo.shown")}>
      {digests.map((digest, index) => (
        <li key={digest}>
          <a href={at(digest)}>
            <img
              src={at(digest)}
              alt={say("photo.alt", { number: index + 1, count: digests.length })}
              loading="lazy"
              width="120"
              height="120"
            />
          </a>
        </li>
      ))}
    </ul>
  );
}
