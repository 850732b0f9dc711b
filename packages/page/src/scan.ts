/**
 * Reads bars and squares with the camera, or in a picture of them: with what the browser has for that, else with a reader that
 * comes along. What was read goes to the field for which it was asked, or leads to the trade whose number it is.
 */
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

type Picture = HTMLVideoElement | ImageBitmap;
type Read = (picture: Picture) => Promise<string | undefined>;

/** What some browsers have; the types of the pages do not know it yet. */
interface Detector {
  detect(picture: Picture): Promise<{ rawValue: string }[]>;
}
interface DetectorKind {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

/** Labels of parcels, and the square of a code. */
const wanted = ["code_128", "code_39", "ean_13", "itf", "codabar", "qr_code", "data_matrix"];
const part = (id: string): HTMLElement | null => document.getElementById(id);
/** Milliseconds between two looks. */
const pause = 150;

async function ownReader(): Promise<Read | undefined> {
  const kind = (globalThis as { BarcodeDetector?: DetectorKind }).BarcodeDetector;
  const formats = (await kind?.getSupportedFormats().catch(() => undefined)) ?? [];
  const known = wanted.filter((format) => formats.includes(format));
  if (kind === undefined || !known.includes("code_128")) return undefined;
  const detector = new kind({ formats: known });
  return async (picture) => (await detector.detect(picture))[0]?.rawValue;
}

function readerFrom(address: string): Read {
  prepareZXingModule({ overrides: { locateFile: () => address } });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (picture) => {
    const isVideo = picture instanceof HTMLVideoElement;
    canvas.width = isVideo ? picture.videoWidth : picture.width;
    canvas.height = isVideo ? picture.videoHeight : picture.height;
    if (context === null || canvas.width === 0) return undefined;
    context.drawImage(picture, 0, 0);
    const [found] = await readBarcodes(context.getImageData(0, 0, canvas.width, canvas.height), {
      maxNumberOfSymbols: 1,
    });
    return found?.text;
  };
}

/** What somebody means who has read this: a trade's number, also where a slip or an address says it, or the text itself. */
function meant(text: string): string {
  const plain = text.replaceAll("\u001d", "").trim();
  const [, slip] = /^\(?91\)?([0-9]{14})$/.exec(plain) ?? [];
  const [, address] = /[?&/]([0-9]{14})(?:[&/]|$)/.exec(plain.replace("number=", "")) ?? [];
  return slip ?? address ?? plain;
}

/** Goes on with what was read. It stands in no address: a code for the door is a secret. */
function goOn(text: string): void {
  const query = new URLSearchParams(location.search);
  const [into, trade] = [query.get("into"), query.get("trade")];
  const found = meant(text);
  if (into !== null && trade !== null && /^[0-9]{14}$/.test(trade)) {
    sessionStorage.setItem("kenshu-scan", JSON.stringify({ into, text: found }));
    return location.replace(`/trades/${trade}`);
  }
  location.replace(
    /^[0-9]{14}$/.test(found) ? `/trades/${found}` : `/trades/find?number=${encodeURIComponent(found)}`,
  );
}

async function watch(video: HTMLVideoElement, read: Read): Promise<void> {
  const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = camera;
  video.hidden = false;
  await video.play();
  for (;;) {
    const text = await read(video).catch(() => undefined);
    if (text !== undefined && text !== "") {
      for (const track of camera.getTracks()) track.stop();
      return goOn(text);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function show(id: string): void {
  const notice = part(id);
  if (notice !== null) notice.hidden = false;
}

async function begin(): Promise<void> {
  const read = (await ownReader()) ?? readerFrom(part("scan")?.dataset["reader"] ?? "");
  const picture = part("picture");
  picture?.addEventListener("change", () => {
    const [file] = (picture instanceof HTMLInputElement ? picture.files : null) ?? [];
    if (file === undefined) return;
    createImageBitmap(file)
      .then(read)
      .then((text) => (text === undefined ? show("scan-nothing") : goOn(text)))
      .catch(() => show("scan-nothing"));
  });
  const trade = new URLSearchParams(location.search).get("trade") ?? "";
  const back = part("scan-back");
  if (back instanceof HTMLAnchorElement && /^[0-9]{14}$/.test(trade)) back.href = `/trades/${trade}`;
  const video = part("camera");
  if (video instanceof HTMLVideoElement) await watch(video, read).catch(() => show("scan-none"));
}

begin().catch(() => show("scan-none"));
