/** The page with the camera, and the page without a line. */
import {
  Button,
  codeReaderPath,
  Field,
  type Frame,
  LinkButton,
  Notice,
  scanAsset,
  ServerPage,
  useWords,
} from "../parts/parts.ts";

function ScanBody() {
  const say = useWords();
  return (
    <div class="stack-l">
      <a class="back" href="/trades" id="scan-back">
        ← {say("scan.back")}
      </a>
      <h1>{say("scan.title")}</h1>
      <div class="scripted" id="scan" data-module={scanAsset.path} data-reader={codeReaderPath}>
        <div class="stack">
          <p class="lead">{say("scan.lead")}</p>
          <video id="camera" muted playsInline hidden aria-label={say("scan.camera")} />
          <div id="scan-none" hidden>
            <Notice tone="care">
              <p>{say("scan.none")}</p>
            </Notice>
          </div>
          <div id="scan-nothing" hidden>
            <Notice tone="care">
              <p>{say("scan.nothing")}</p>
            </Notice>
          </div>
          <div class="field">
            <label for="picture">{say("scan.picture")}</label>
            <input type="file" id="picture" accept="image/*" />
          </div>
        </div>
      </div>
      <form method="get" action="/trades/find" id="scan-form" class="find">
        <Field
          name="number"
          label={say("deliveries.find")}
          hint={say("deliveries.findHint")}
          inputMode="numeric"
          required
          maxLength={40}
        />
        <Button id="find" look="quiet">
          {say("deliveries.findSubmit")}
        </Button>
      </form>
    </div>
  );
}

/** `/scan`. */
export function ScanPage({ frame }: { frame: Frame }) {
  return (
    <ServerPage frame={frame} title={useWords()("scan.title")} narrow>
      <ScanBody />
    </ServerPage>
  );
}

function NoLineBody() {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("noLine.title")}</h1>
      <p class="lead">{say("noLine.lead")}</p>
      <p>
        <LinkButton href="/trades">{say("noLine.list")}</LinkButton>
      </p>
    </div>
  );
}

/** `/no-line`, kept on the device and shown in place of a page that is not there. */
export function NoLinePage({ frame }: { frame: Frame }) {
  return (
    <ServerPage frame={frame} title={useWords()("noLine.title")} narrow>
      <NoLineBody />
    </ServerPage>
  );
}
