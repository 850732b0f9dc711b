/** The forms of those who bring goods or take them back, and the code that is given to them at the door. */
import type { LotView, TradeView } from "../../core/protocol/protocol.ts";
import type { Sentence } from "../words/words.ts";
import {
  Amount,
  Choice,
  Folded,
  isHomeward,
  isToSend,
  Moment,
  Name,
  openQuantity,
  parcelsOf,
  Say,
  useWords,
} from "../parts/parts.ts";
import {
  type ActAttempt,
  ActForm,
  type ActProps,
  CodeField,
  ParcelNumber,
  Quantities,
  Receipt,
  type RoleProps,
  WhichParcel,
} from "./act-form.tsx";
import { isGiver, likelyOf, reportable } from "./trade-acts.ts";

/** The person who brings it says that they are there, and types what they are given (paragraph 0089). */
export function AtDoor({ role, ...props }: RoleProps) {
  const say = useWords();
  const { trade, attempt, now } = props;
  const likely = likelyOf(trade, role, now);
  const isHere = ({ at }: LotView) => at === "shipped" || at === "delivered";
  const known = parcelsOf(trade, isHere);
  return (
    <>
      <ActForm
        {...props}
        act="at-door"
        submit={say(role === "provider" ? "door.withThem" : "door.atDoor")}
        look={likely === "at-door" ? "main" : "quiet"}
      >
        <p class="soft">{say("door.atDoorHint")}</p>
        {inSeveral(trade, isHere) ? (
          <ParcelNumber act="at-door" attempt={attempt} known={known} hint="act.parcelHint" required />
        ) : null}
      </ActForm>
      <ByCode {...props} look={likely === "by-code" ? "main" : "quiet"} />
    </>
  );
}

/** Acceptance by the code, with the money where whoever is there takes it for what is due, and without. */
function ByCode({ look, ...props }: ActProps & { look: "main" | "quiet" }) {
  const say = useWords();
  const { attempt, toTake } = props;
  const errorOf = (act: ActAttempt["act"]) => (attempt.act === act ? attempt.errors["code"] : undefined);
  const bare = (
    <ActForm {...props} act="accept" id="by-code" submit={say("door.byCode")} look={look}>
      <CodeField name="code" id="by-code" error={errorOf("by-code")} />
    </ActForm>
  );
  const part = <ByPart {...props} error={errorOf("by-part")} />;
  if (toTake === undefined)
    return (
      <>
        {bare}
        {part}
      </>
    );
  const { amount, currency } = toTake;
  const sum = <Amount amount={amount} currency={currency} />;
  return (
    <>
      <ActForm {...props} act="accept" id="taken" submit={<Say k="taking.submit" amount={sum} />} look={look}>
        <input type="hidden" name="collected" value={amount} />
        <input type="hidden" name="currency" value={currency} />
        <CodeField name="code" id="taken" error={errorOf("taken")} />
      </ActForm>
      <Folded
        id="untaken"
        title={say("taking.without")}
        hint={say("taking.withoutHint")}
        open={attempt.act === "by-code"}
      >
        {bare}
        {part}
      </Folded>
    </>
  );
}

/** Only so many pieces by the code, where whoever is there keeps no more. */
function ByPart({ error, ...props }: ActProps & { error: Sentence | undefined }) {
  const say = useWords();
  const { trade, attempt } = props;
  const pieces = trade.lines.reduce((sum, line) => sum + openQuantity(line), 0);
  if (pieces < 2) return null;
  return (
    <Folded
      id="by-part-part"
      title={say("door.byPart")}
      hint={say("door.byPartHint")}
      open={attempt.act === "by-part"}
    >
      <ActForm {...props} act="accept" id="by-part" submit={say("door.byPartSubmit")} look="quiet">
        <Quantities act="by-part" trade={trade} attempt={attempt} open={openQuantity} />
        <CodeField name="code" id="by-part" error={error} />
      </ActForm>
    </Folded>
  );
}

/** The code to give, shown only when it is asked for. */
export function DoorCode(props: ActProps) {
  const say = useWords();
  const { doorCode, attempt } = props;
  const open = doorCode !== undefined || attempt.act === "door-code";
  return (
    <Folded id="door-part" title={say("door.title")} hint={say("door.warning")} open={open}>
      {doorCode === undefined ? (
        <ActForm {...props} act="door-code" submit={say("door.show")} look="quiet" />
      ) : (
        <>
          <p class="big tabular" id="the-code">{`${doorCode.code.slice(0, 4)} ${doorCode.code.slice(4)}`}</p>
          <svg
            class="squares"
            id="the-square"
            viewBox={`0 0 ${doorCode.squares.side} ${doorCode.squares.side}`}
            width="176"
            height="176"
            role="img"
            aria-label={say("door.square")}
            shape-rendering="crispEdges"
          >
            <rect width={doorCode.squares.side} height={doorCode.squares.side} fill="#fff" />
            <path d={doorCode.squares.path} fill="#000" />
          </svg>
          <p class="soft">
            <Say k="door.until" until={<Moment at={doorCode.until} />} />
          </p>
        </>
      )}
    </Folded>
  );
}

/** The parcels that are on their way to the buyer; the empty one where there are goods without a number beside them. */
function comingParcels({ lots }: TradeView): string[] {
  const isComing = ({ at }: LotView) => at === "shipped";
  const bare = lots.some((lot) => isComing(lot) && lot.parcel === undefined);
  const known = parcelsOf({ lots }, isComing);
  return bare && known.length > 0 ? [...known, ""] : known;
}

/** Whether goods that a report can mean are in several parcels, so that its number has to be said. */
function inSeveral(
  { lots }: TradeView,
  holds: (lot: LotView) => boolean,
  numberOf: (lot: LotView) => string | undefined = ({ parcel }) => parcel,
): boolean {
  return new Set(lots.filter(holds).map(numberOf)).size > 1;
}

/** A carrier has the goods, or the shop has given them to one. */
export function Ship({ role, ...props }: RoleProps) {
  const say = useWords();
  const { trade, attempt, now } = props;
  const isLikely = role !== "carrier" || likelyOf(trade, role, now) === "ship";
  const known = parcelsOf(trade, ({ at, seen }) => at === "shipped" && seen === undefined);
  return (
    <ActForm {...props} act="ship" submit={say("act.shipSubmit")} look={isLikely ? "main" : "quiet"}>
      <p class="soft">{say("act.shipHint")}</p>
      <ParcelNumber
        act="ship"
        attempt={attempt}
        known={known}
        hint="act.parcelHint"
        required={inSeveral(trade, ({ at }) => at === "shipped")}
      />
    </ActForm>
  );
}

/** The goods have come, as the one who has them says: nothing is paid by that. */
function Arrived(props: RoleProps) {
  const say = useWords();
  const { role: _, ...form } = props;
  const coming = comingParcels(props.trade);
  const fields = (
    <ActForm {...form} act="deliver" submit={say("act.arrivedSubmit")}>
      <p class="soft">{say("act.arrivedHint")}</p>
      <WhichParcel act="deliver" known={coming} />
    </ActForm>
  );
  if (props.trade.lots.some(({ at }) => at === "shipped")) return fields;
  return (
    <Folded id="arrived-part" title={say("act.arrivedSubmit")} hint="" open={props.attempt.act === "deliver"}>
      {fields}
    </Folded>
  );
}

/** Reports that the goods were delivered. */
export function Deliver({ role, ...props }: RoleProps) {
  const say = useWords();
  if (isGiver(role)) return <Arrived {...props} role={role} />;
  const { trade, attempt, now } = props;
  const isLikely = role === "shop" || likelyOf(trade, role, now) === "deliver";
  const isMeant = reportable(trade, role);
  const known = parcelsOf(trade, isMeant);
  const isInParcel = role !== "provider" || known.length > 0;
  return (
    <ActForm
      {...props}
      act="deliver"
      submit={say(role === "provider" ? "act.servedSubmit" : "act.deliverSubmit")}
      look={isLikely ? "main" : "quiet"}
    >
      <p class="soft">{say(role === "provider" ? "act.servedHint" : "act.deliverHint")}</p>
      {isInParcel ? (
        <ParcelNumber
          act="deliver"
          attempt={attempt}
          known={known}
          hint="act.parcelHint"
          required={inSeveral(trade, isMeant)}
        />
      ) : null}
      <Receipt id="deliver" attempt={attempt} label={isInParcel ? "act.receiptToo" : "act.receipt"} />
    </ActForm>
  );
}

/** Goods that a carrier can have taken back, and the parcel in which it knows them. */
const canGoBack = (lot: LotView): boolean =>
  isToSend(lot) || lot.home === "said" || lot.at === "shipped" || lot.kind === "never_came";
const wayOf = ({ back, parcel }: LotView): string | undefined => back ?? parcel;

/** Where goods go back to, and a label to print. */
function ReturnTo({ trade, proof, returnTo }: Pick<ActProps, "trade" | "proof" | "returnTo">) {
  const say = useWords();
  if (returnTo === undefined) return null;
  if (returnTo === null) return <p id="return-nowhere">{say("back.nowhere")}</p>;
  const { name, address, phone } = returnTo;
  return (
    <>
      <p id="return-to">
        {say("back.to")}
        {[name, ...address.split("\n"), ...(phone === null ? [] : [phone])].map((row) => (
          <>
            <br />
            <Name>{row}</Name>
          </>
        ))}
      </p>
      <p>
        <a id="to-label" href={`/${proof === undefined ? "trades" : "gifts"}/${trade.number}/label`}>
          {say("back.label")}
        </a>
      </p>
    </>
  );
}

/** Rejected or withdrawn goods leave for the shop; a carrier also brings back what could not be delivered. */
export function SendBack({ role, ...props }: RoleProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const isCarrier = role === "carrier";
  // Only a carrier who is independent of the shop brings back what has not been rejected.
  const independent = isCarrier && trade.independent.includes("carrier");
  const rejected = trade.lots.some((lot) => isToSend(lot) || lot.home === "said");
  const words = !isCarrier ? "send-back" : rejected ? "pickedUp" : "refused";
  // A number under which something is back already is not one under which something leaves.
  const isFree = (number: string) => !trade.lots.some(({ back, home }) => back === number && home === "back");
  const parcels = independent
    ? [
        ...parcelsOf(
          trade,
          ({ home }) => home === "said",
          ({ back }) => back,
        ),
        ...parcelsOf(trade, ({ at, kind }) => at === "shipped" || kind === "never_came"),
      ]
    : [];
  const known = parcels.filter(isFree);
  const form = (
    <ActForm
      {...props}
      act="send-back"
      submit={say(`act.${words}Submit`)}
      look={isCarrier ? "quiet" : "main"}
    >
      <ParcelNumber
        act="send-back"
        attempt={attempt}
        known={known}
        hint={isCarrier ? "act.parcelHint" : "act.parcelBackHint"}
        required={independent && inSeveral(trade, canGoBack, wayOf)}
      />
    </ActForm>
  );
  if (isCarrier)
    return (
      <Folded
        id="send-back-part"
        title={say(`act.${words}`)}
        hint={say(`act.${words}Hint`)}
        open={attempt.act === "send-back"}
      >
        <ReturnTo {...props} />
        {form}
      </Folded>
    );
  return (
    <div class="stack">
      <h3>{say("act.send-back")}</h3>
      <ReturnTo {...props} />
      <p class="soft">{say("act.send-backHint")}</p>
      {form}
    </div>
  );
}

const isComingBack = (lot: LotView): boolean => isHomeward(lot) && lot.home !== "back";

/** Whether the shop has taken what came back. */
function HowItWent({ chosen = "" }: { chosen: string | undefined }) {
  const say = useWords();
  const ways = [
    ["", say("act.handedOver")],
    ["refused", say("act.notTakenAtDoor")],
    ["undeliverable", say("act.notBrought")],
  ] as const;
  return (
    <fieldset>
      <legend>{say("act.returnHow")}</legend>
      <div class="choices">
        {ways.map(([value, words]) => (
          <Choice
            key={value}
            name="notTaken"
            value={value}
            id={`return-${value === "" ? "taken" : value}`}
            checked={value === chosen}
          >
            {words}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

/** Reports that goods came back to the shop, or that the shop did not take them. */
export function GoodsBack({ role, ...props }: RoleProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const independent = role === "carrier" && trade.independent.includes("carrier");
  const known = parcelsOf(trade, isComingBack, ({ back }) => back);
  return (
    <Folded
      id="return-part"
      title={say("act.return")}
      hint={say("act.returnHint")}
      open={attempt.act === "return"}
    >
      <ActForm {...props} act="return" submit={say("act.returnSubmit")}>
        {known.length === 0 ? null : (
          <ParcelNumber
            act="return"
            attempt={attempt}
            known={known}
            hint="act.parcelHint"
            required={inSeveral(trade, isComingBack, ({ back }) => back)}
          />
        )}
        {independent ? (
          <HowItWent chosen={attempt.act === "return" ? attempt.values["notTaken"] : undefined} />
        ) : null}
        <Receipt id="return" attempt={attempt} />
      </ActForm>
    </Folded>
  );
}
