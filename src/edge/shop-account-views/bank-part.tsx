/** Where an account is paid out to, and when by itself. */
import type { BankAccountKind, Rhythm } from "../../core/bankfiles/bankfiles.ts";
import {
  Amount,
  Choice,
  Day,
  Fact,
  Folded,
  Moment,
  Name,
  Notice,
  Say,
  useLanguage,
  useWords,
} from "../parts/parts.ts";
import { ActField, ActForm, type Shown } from "./account-parts.tsx";

/** An account at a bank. */
export interface BankShown {
  id: string;
  bankName: string;
  branchName: string;
  kind: BankAccountKind;
  number: string;
  holder: string;
  /** From then on money goes there. */
  usableFrom: string;
}

export interface ScheduleShown {
  every: Rhythm;
  on: number;
  least: number;
  nextOn: string;
}

export interface BankProps {
  bank: BankShown | null;
  /** What an operator has asked for, and a second one has not confirmed. */
  asked: BankShown | null;
  schedule: ScheduleShown | null;
  /** Whoever reads it may say where the money goes. */
  mayName: boolean;
  /** RFC 3339: what the server's clock says. */
  now: string;
}

/** Which account it is, in one line. */
export function BankLine({ bank }: { bank: BankShown }) {
  const say = useWords();
  const { bankName, branchName, kind, number, holder } = bank;
  return (
    <>
      <Name>{`${bankName} ${branchName}`}</Name> {say(`shopAccount.kind.${kind}`)} <Name>{number}</Name>{" "}
      <Name>{holder}</Name>
    </>
  );
}

/** The account at a bank, with the way to name another one or none. */
export function BankPart({
  shown,
  bank,
  asked,
  now,
  mayName,
}: { shown: Shown } & Omit<BankProps, "schedule">) {
  const say = useWords();
  const waits = bank !== null && bank.usableFrom > now;
  return (
    <section class="sheet stack" aria-labelledby="bank-title">
      <h2 id="bank-title">{say("shopAccount.bank")}</h2>
      {bank === null ? (
        <p id="no-bank">{say("shopAccount.noBank")}</p>
      ) : (
        <p id="the-bank">
          <BankLine bank={bank} />
        </p>
      )}
      {waits ? (
        <Notice tone="hold" id="bank-waits">
          <p>
            <Say k="shopAccount.bankWaits" at={<Moment at={bank.usableFrom} />} />
          </p>
        </Notice>
      ) : null}
      {asked === null ? null : (
        <Notice tone="care" id="bank-asked">
          <p>{say("shopAccount.bankAsked")}</p>
          <p>
            <BankLine bank={asked} />
          </p>
        </Notice>
      )}
      {bank === null || !mayName ? null : (
        <ActForm shown={shown} act="end-bank" submit={say("shopAccount.endBank")} look="stop">
          <input type="hidden" name="seen" value={bank.id} />
        </ActForm>
      )}
      {mayName ? (
        <Folded
          id="bank-part"
          title={say(bank === null ? "shopAccount.name" : "shopAccount.nameAnother")}
          hint={say("shopAccount.nameHint")}
          open={bank === null || tried(shown, "bank")}
        >
          <NameForm shown={shown} />
        </Folded>
      ) : (
        <p class="soft">{say("shopAccount.ownersName")}</p>
      )}
    </section>
  );
}

/** Whether this form was tried and refused. */
const tried = ({ attempt }: Shown, act: string): boolean =>
  [...Object.keys(attempt.values), ...Object.keys(attempt.errors)].some((name) => name.startsWith(`${act}-`));

function NameForm({ shown }: { shown: Shown }) {
  const say = useWords();
  const own = { act: "bank", attempt: shown.attempt, required: true } as const;
  const digits = { inputMode: "numeric", short: true } as const;
  const kind = shown.attempt.values["bank-kind"] ?? "ordinary";
  return (
    <ActForm shown={shown} act="bank" submit={say("shopAccount.nameIt")}>
      <ActField {...own} {...digits} name="bank" label={say("shopAccount.bankNumber")} maxLength={10} />
      <ActField {...own} {...digits} name="branch" label={say("shopAccount.branchNumber")} maxLength={10} />
      <fieldset>
        <legend>{say("shopAccount.kind")}</legend>
        <div class="choices">
          {(["ordinary", "current"] as const).map((value) => (
            <Choice
              key={value}
              name="kind"
              value={value}
              id={`bank-kind-${value}`}
              checked={kind === value}
              required
            >
              {say(`shopAccount.kind.${value}`)}
            </Choice>
          ))}
        </div>
      </fieldset>
      <ActField
        {...own}
        {...digits}
        name="number"
        label={say("shopAccount.number")}
        hint={say("shopAccount.numberHint")}
        maxLength={20}
      />
      <ActField
        {...own}
        name="holder"
        label={say("shopAccount.holder")}
        hint={say("shopAccount.holderHint")}
        maxLength={100}
      />
      <ActField
        {...own}
        name="password"
        label={say("own.password")}
        hint={say("own.passwordHint")}
        type="password"
        autocomplete="current-password"
        maxLength={200}
      />
    </ActForm>
  );
}

type ScheduleProps = { shown: Shown; least: number } & Pick<BankProps, "schedule">;

const weekdays = [1, 2, 3, 4, 5] as const;

/** What a day of a week is called: the first of January 2024 was a Monday. */
function useWeekday(): (day: number) => string {
  const lang = useLanguage();
  const names = new Intl.DateTimeFormat(lang, { weekday: "long", timeZone: "UTC" });
  return (day) => names.format(new Date(Date.UTC(2024, 0, day)));
}

/** When it is paid out by itself. */
export function SchedulePart({ shown, schedule, least }: ScheduleProps) {
  const say = useWords();
  const weekday = useWeekday();
  return (
    <section class="sheet stack" aria-labelledby="schedule-title">
      <h2 id="schedule-title">{say("shopAccount.schedule")}</h2>
      {schedule === null ? (
        <p id="no-schedule">{say("shopAccount.noSchedule")}</p>
      ) : (
        <>
          <dl class="facts two" id="the-schedule">
            <Fact term={say("shopAccount.every")}>
              {schedule.every === "day"
                ? say("shopAccount.every.day")
                : schedule.every === "week"
                  ? say("shopAccount.every.weekOn", { day: weekday(schedule.on) })
                  : say("shopAccount.every.monthOn", { day: String(schedule.on) })}
            </Fact>
            <Fact term={say("shopAccount.next")}>
              <Day day={schedule.nextOn} />
            </Fact>
            <Fact term={say("shopAccount.least")}>
              <Amount amount={schedule.least} currency={shown.currency} />
            </Fact>
          </dl>
          <ActForm shown={shown} act="end-schedule" submit={say("shopAccount.endSchedule")} look="stop" />
        </>
      )}
      <Folded
        id="schedule-part"
        title={say("shopAccount.setSchedule")}
        hint={say("shopAccount.scheduleHint")}
        open={tried(shown, "schedule")}
      >
        <ScheduleForm shown={shown} schedule={schedule} least={least} />
      </Folded>
    </section>
  );
}

function ScheduleForm({ shown, schedule, least }: ScheduleProps) {
  const say = useWords();
  const weekday = useWeekday();
  const { values } = shown.attempt;
  const every = values["schedule-every"] ?? schedule?.every ?? "month";
  const onWeek = values["schedule-weekday"] ?? String(schedule?.every === "week" ? schedule.on : 1);
  return (
    <ActForm shown={shown} act="schedule" submit={say("shopAccount.setSchedule")}>
      <fieldset>
        <legend>{say("shopAccount.every")}</legend>
        <div class="choices">
          {(["day", "week", "month"] as const).map((value) => (
            <Choice
              key={value}
              name="every"
              value={value}
              id={`schedule-every-${value}`}
              checked={every === value}
              required
            >
              {say(`shopAccount.every.${value}`)}
            </Choice>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>{say("shopAccount.weekday")}</legend>
        <div class="choices">
          {weekdays.map((day) => (
            <Choice
              key={day}
              name="weekday"
              value={String(day)}
              id={`schedule-weekday-${day}`}
              checked={onWeek === String(day)}
            >
              {weekday(day)}
            </Choice>
          ))}
        </div>
      </fieldset>
      <ActField
        act="schedule"
        attempt={shown.attempt}
        name="day"
        label={say("shopAccount.day")}
        hint={say("shopAccount.dayHint")}
        own
        inputMode="numeric"
        short
        value={schedule?.every === "month" ? schedule.on : 25}
        maxLength={4}
      />
      <ActField
        act="schedule"
        attempt={shown.attempt}
        name="least"
        label={say("shopAccount.least")}
        hint={say("shopAccount.leastHint")}
        required
        inputMode="decimal"
        short
        value={schedule?.least ?? least}
        maxLength={40}
      />
    </ActForm>
  );
}
