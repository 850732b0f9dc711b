/** `/staff/servers`: of each server at which the shop sells, when it was last heard, what it could not tell, and the keys it knows. */
import { Button, Form, Moment, Name, Notice, TradeNumber, useLanguage } from "../../edge/parts/parts.ts";
import { type Frame, ShopPage } from "../shop-frame/shop-frame.ts";
import type { Hearing } from "../shop-news/shop-news.ts";
import { labelIn } from "../shop-orders/shop-orders.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import type { Missed, TillNews } from "./tills-money.ts";

/** A key of this age is old: whoever left since may have it. */
const oldDays = 365;

export interface ServersProps {
  frame: Frame;
  tills: TillNews[];
  hearings: Hearing[];
  now: Date;
  once: string;
  /** What came of sending again, where that was asked for. */
  resent?: { till: string; sent: number; failed: number } | undefined;
}

function MissedOnes({ till, missed, once }: { till: string; missed: Missed[]; once: string }) {
  const say = useShopWords();
  const failed = missed.filter(({ state }) => state === "failed").length;
  if (missed.length === 0) return <p id={`missed-${till}`}>{say("servers.nothingMissed")}</p>;
  return (
    <>
      <p id={`missed-${till}`}>{say("servers.missed", { count: missed.length })}</p>
      <ul class="lines">
        {missed.slice(0, 10).map(({ id, type, number, state, attempts, lastStatus, createdAt }) => (
          <li key={id} data-delivery={state}>
            <p class="spread">
              <code>{type}</code>
              {number === null ? null : <TradeNumber number={number} />}
            </p>
            <p class="small soft">
              <ShopSay
                k={state === "failed" ? "servers.failedAt" : "servers.waitingSince"}
                at={<Moment at={createdAt} />}
                attempts={attempts}
                status={lastStatus === null ? say("servers.noAnswer") : String(lastStatus)}
              />
            </p>
          </li>
        ))}
      </ul>
      {failed === 0 ? null : (
        <Form action={`/staff/servers/${till}/resend`} once={once} id={`resend-${till}-form`}>
          <Button look="quiet" id={`resend-${till}`}>
            {say("servers.resend", { count: failed })}
          </Button>
        </Form>
      )}
    </>
  );
}

function Keys({ keys, now }: { keys: NonNullable<TillNews["keys"]>; now: Date }) {
  const say = useShopWords();
  return (
    <>
      <h3>{say("servers.keys")}</h3>
      <ul class="lines">
        {keys.map(({ id, label, createdAt, expiresAt }) => {
          const days = Math.max(0, Math.floor((now.getTime() - Date.parse(createdAt)) / 86_400_000));
          return (
            <li key={id} data-key={id}>
              <p class="spread">
                <Name>{label ?? say("servers.noLabel")}</Name>
                <span class={days >= oldDays ? "badge tone-care" : "soft"}>
                  {say("servers.keyAge", { days })}
                </span>
              </p>
              {expiresAt === null ? null : (
                <p class="small soft">
                  <ShopSay k="servers.keyUntil" at={<Moment at={expiresAt} />} />
                </p>
              )}
            </li>
          );
        })}
      </ul>
      <p class="small soft">{say("servers.keysHow")}</p>
    </>
  );
}

export function ServersPage({ frame, tills, hearings, now, once, resent }: ServersProps) {
  const say = useShopWords();
  const lang = useLanguage();
  const title = say("servers.title");
  return (
    <ShopPage frame={frame} title={title} here="servers" narrow>
      <h1>{title}</h1>
      <p class="lead">{say("servers.lead")}</p>
      {tills.map(({ till, label, keys, missed }) => {
        const heard = hearings.find((each) => each.till === till);
        return (
          <section key={till} class="sheet" id={`server-${till}`} aria-labelledby={`server-${till}-title`}>
            <h2 id={`server-${till}-title`}>
              <Name>{labelIn(label, lang)}</Name>
            </h2>
            {resent?.till === till ? (
              <Notice tone={resent.failed === 0 ? "good" : "care"} id="resent">
                <p>{say("servers.resent", { sent: resent.sent, failed: resent.failed })}</p>
              </Notice>
            ) : null}
            <p id={`heard-${till}`}>
              {heard?.lastAt == null ? (
                say("servers.never")
              ) : (
                <ShopSay
                  k="servers.heard"
                  at={<Moment at={heard.lastAt.toISOString()} />}
                  count={heard.today}
                />
              )}
            </p>
            {heard?.reads === true ? <p>{say("servers.reads")}</p> : null}
            {keys === undefined ? (
              <Notice tone="care">
                <p>{say("money.away")}</p>
              </Notice>
            ) : (
              <>
                <MissedOnes till={till} missed={missed} once={`${once}-${till}`} />
                <Keys keys={keys} now={now} />
              </>
            )}
          </section>
        );
      })}
    </ShopPage>
  );
}
