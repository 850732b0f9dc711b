/** What the page of shops and the way on to one look like. Data in, HTML out. */
import { type PersonalField, personalFields } from "../../core/protocol/protocol.ts";
import {
  Button,
  Choice,
  Empty,
  Form,
  type Frame,
  LinkButton,
  Name,
  Say,
  ServerPage,
  useWords,
} from "../parts/parts.ts";
import type { ListingView } from "./listings.ts";

interface ShopsProps {
  frame: Frame;
  shops: readonly ListingView[];
  next: string | null;
  isMember: boolean;
}

const hostOf = (url: string): string => new URL(url).host;

function Shop({ listing, isMember }: { listing: ListingView; isMember: boolean }) {
  const say = useWords();
  const { shop, name, sentence, url } = listing;
  return (
    <section class="sheet" id={`shop-${shop}`} aria-labelledby={`name-${shop}`}>
      <h2 id={`name-${shop}`}>
        <Name>{name}</Name>
      </h2>
      <p>
        <Name>{sentence}</Name>
      </p>
      <p class="soft small">{hostOf(url)}</p>
      <p class="row">
        {isMember ? (
          <>
            <LinkButton href={`/portal/${shop}`} id={`go-${shop}`}>
              {say("portal.go")}
            </LinkButton>
            <LinkButton href={`/reserve?shop=${shop}`} id={`reserve-${shop}`} look="quiet">
              {say("portal.reserve")}
            </LinkButton>
          </>
        ) : (
          <LinkButton href={url} id={`go-${shop}`}>
            {say("portal.go")}
          </LinkButton>
        )}
      </p>
    </section>
  );
}

function Shops({ frame, shops, next, isMember }: ShopsProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("portal.title")}</h1>
      <p class="lead">{say("portal.lead", { server: frame.face.name })}</p>
      {shops.length === 0 ? (
        <Empty title={say("portal.empty")}>
          <p>{say("portal.emptyHint")}</p>
        </Empty>
      ) : (
        <div class="stack-l" id="shops">
          {shops.map((listing) => (
            <Shop key={listing.shop} listing={listing} isMember={isMember} />
          ))}
        </div>
      )}
      {next === null ? null : (
        <p>
          <LinkButton href={`/portal?after=${next}`} look="quiet" id="more-shops">
            {say("portal.more")}
          </LinkButton>
        </p>
      )}
    </div>
  );
}

/** `/portal`: shops by way of this server. */
export function ShopsPage(props: ShopsProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("portal.title")} here="portal">
      <Shops {...props} />
    </ServerPage>
  );
}

interface GoProps {
  frame: Frame;
  shop: { id: string; name: string };
  /** The host of the shop's page. */
  place: string;
  data: Record<PersonalField, string | null>;
}

/** What an order form asks for is ticked, and the rest is not. */
const usual: readonly PersonalField[] = ["name", "address"];

function Go({ shop, place, data }: GoProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>
        <Say k="portal.goTitle" shop={<Name>{shop.name}</Name>} />
      </h1>
      <p class="lead">
        <Say k="portal.goLead" shop={<Name>{shop.name}</Name>} place={<strong>{place}</strong>} />
      </p>
      <Form action={`/portal/${shop.id}`} id="go">
        <fieldset class="sheet">
          <legend>
            <Name>{shop.name}</Name>
          </legend>
          <div class="choices">
            {personalFields.map((field) => (
              <Choice
                key={field}
                type="checkbox"
                name={field}
                value="yes"
                id={field}
                checked={usual.includes(field) && data[field] !== null}
                disabled={data[field] === null}
                under={<Name>{data[field] ?? say("disclose.notGiven")}</Name>}
              >
                {say(`person.${field}`)}
              </Choice>
            ))}
          </div>
          <p class="hint">{say("portal.nothing")}</p>
        </fieldset>
        <Button id="go-submit" wide>
          {say("portal.submit")}
        </Button>
      </Form>
    </div>
  );
}

/** `/portal/{shop}`: what the shop is told, before the member is carried on to it. */
export function GoPage(props: GoProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("portal.title")} narrow>
      <Go {...props} />
    </ServerPage>
  );
}
