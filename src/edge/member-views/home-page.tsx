/** The first page of a trading server. */
import { type Frame, LinkButton, ServerPage, useWords } from "../parts/parts.ts";

function HomeBody({ frame: { face, signedIn } }: { frame: Frame }) {
  const say = useWords();
  return (
    <div class="stack-l">
      <div class="hero">
        <h1>{say("home.heading")}</h1>
        <p class="lead">{say(face.lead)}</p>
        <p class="row">
          {signedIn?.as === "operator" ? (
            <LinkButton href="/desk" id="to-desk">
              {say("desk.title")}
            </LinkButton>
          ) : signedIn ? (
            <LinkButton href="/trades" id="to-trades">
              {say("home.toTrades")}
            </LinkButton>
          ) : (
            <>
              <LinkButton href="/join" id="to-join">
                {say("nav.join")}
              </LinkButton>
              <LinkButton href="/signin" id="to-sign-in" look="quiet">
                {say("nav.signIn")}
              </LinkButton>
            </>
          )}
          <LinkButton href="/portal" id="to-shops" look="quiet">
            {say("portal.title")}
          </LinkButton>
        </p>
      </div>
      <section class="sheet" aria-labelledby="how">
        <h2 id="how">{say("home.how")}</h2>
        <ol class="how">
          {(["home.step1", "home.step2", "home.step3", "home.step4"] as const).map((step) => (
            <li key={step}>
              <h3>{say(`${step}.title`)}</h3>
              <p>{say(step)}</p>
            </li>
          ))}
        </ol>
      </section>
      {signedIn ? null : (
        <section aria-labelledby="have-number">
          <h2 id="have-number">{say("home.number")}</h2>
          <p class="soft">{say("home.numberHint")}</p>
        </section>
      )}
    </div>
  );
}

/** `/`: what this service is. */
export function HomePage({ frame }: { frame: Frame }) {
  return (
    <ServerPage frame={frame} title={useWords()("home.title")} here="home" narrow>
      <HomeBody frame={frame} />
    </ServerPage>
  );
}
