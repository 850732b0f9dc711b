/** A real browser for the page tests: the one Chromium found on this machine, driven by playwright-core. */
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Browser } from "playwright-core";

export const howToGetABrowser =
  "No Chromium found for the page tests: install chromium or Google Chrome, or name one in KENSHU_CHROMIUM.";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

const usualPlaces = [
  "/snap/bin/chromium",
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/** Where Playwright's own download puts the program inside `chromium-1234/`, by platform and age. */
const insidePlaywright = [
  "chrome-linux64/chrome",
  "chrome-linux/chrome",
  "chrome-linux/headless_shell",
  "chrome-headless-shell-linux64/chrome-headless-shell",
  "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
  "chrome-win64/chrome.exe",
  "chrome-win/chrome.exe",
];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function playwrightPrograms(): string[] {
  const caches = [
    process.env["PLAYWRIGHT_BROWSERS_PATH"],
    join(homedir(), ".cache", "ms-playwright"),
    join(homedir(), "Library", "Caches", "ms-playwright"),
    join(homedir(), "AppData", "Local", "ms-playwright"),
  ];
  return caches.flatMap((cache) => {
    if (cache === undefined || !existsSync(cache)) return [];
    const versions = readdirSync(cache).filter((name) => name.startsWith("chromium"));
    return versions
      .sort()
      .reverse()
      .flatMap((version) => insidePlaywright.map((program) => join(cache, version, program)));
  });
}

/** The path of a Chromium on this machine, or undefined. KENSHU_CHROMIUM, where set, is the only candidate. */
export function findBrowser(): string | undefined {
  const named = process.env["KENSHU_CHROMIUM"];
  if (named !== undefined && named !== "") return isProgram(named) ? named : undefined;
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"];
  const candidates = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...usualPlaces,
    ...playwrightPrograms(),
  ];
  return candidates.find(isProgram);
}

/** Starts a headless browser that asks nothing of the network but the pages under test. The caller closes it. */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error(howToGetABrowser);
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });
  boundClosing(browser);
  return browser;
}

const closingMs = 10_000;

/**
 * Chromium sometimes never says that a context is gone whose service worker had still something to fetch, and a test would wait
 * for ever. It goes with the browser at the latest.
 */
function boundClosing(browser: Browser): void {
  const open = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await open(options);
    const close = context.close.bind(context);
    context.close = (why) => Promise.race([close(why), pause(closingMs, undefined, { ref: false })]);
    return context;
  };
}
