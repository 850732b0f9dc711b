/** What the servers of a world take from the machine: processor time and memory, told by the operating system. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

interface Process {
  pid: number;
  parent: number;
  command: string;
  /** Seconds of processor time, its own. */
  cpu: number;
  /** The same of its children that have ended. */
  endedCpu: number;
}

export interface Sample {
  institutionCpu: number;
  /** Undefined where PostgreSQL is not this world's own. */
  postgresCpu: number | undefined;
  /** Bytes of memory now, and the most there ever were. */
  rss: number;
  rssPeak: number;
}

/** A sample whose processor times are those since an earlier one. */
export function spentBetween(before: Sample, after: Sample): Sample {
  const { institutionCpu, postgresCpu } = before;
  return {
    ...after,
    institutionCpu: after.institutionCpu - institutionCpu,
    postgresCpu: after.postgresCpu === undefined ? undefined : after.postgresCpu - (postgresCpu ?? 0),
  };
}

/** Looks at the institution's server and at PostgreSQL, both somewhere below the process `root`. */
export async function takeSample(root: number): Promise<Sample> {
  const all = process.platform === "linux" ? readProcesses() : await askForProcesses();
  const children = (pid: number) => all.filter(({ parent }) => parent === pid);
  const institution = children(root).find(({ command }) => command.includes("serve institution"));
  const postmaster = children(root).find(({ command }) => command.includes("postgres"));
  if (institution === undefined) throw new Error("The institution's server is not there.");
  return {
    institutionCpu: institution.cpu,
    postgresCpu: postmaster && cpuOf([postmaster, ...children(postmaster.pid)]) + postmaster.endedCpu,
    ...(await memoryOf(institution.pid)),
  };
}

function cpuOf(processes: readonly Process[]): number {
  return processes.reduce((sum, { cpu }) => sum + cpu, 0);
}

/** Every Linux counts processor time for programs in hundredths of a second. */
const ticks = 100;

function readProcesses(): Process[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^[0-9]+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      const command = readFileSync(`/proc/${name}/cmdline`, "latin1").replaceAll("\0", " ");
      // The name of a program stands in brackets and may hold anything, also brackets.
      const fields = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .map(Number);
      const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map(
        (index) => fields[index],
      );
      return {
        pid: Number(name),
        parent,
        command,
        cpu: (user + system) / ticks,
        endedCpu: (endedUser + endedSystem) / ticks,
      };
    } catch {
      return []; // It ended while it was read.
    }
  });
}

async function askForProcesses(): Promise<Process[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid=,time=,args="], { maxBuffer: 2 ** 24 });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, time = "", command = ""] =
      /^ *([0-9]+) +([0-9]+) +([-0-9:.]+) +(.*)$/.exec(line) ?? [];
    if (pid === undefined) return [];
    const cpu = time.split(/[-:]/).reduce((sum, part) => sum * 60 + Number(part), 0);
    return { pid: Number(pid), parent: Number(parent), command, cpu, endedCpu: 0 };
  });
}

async function memoryOf(pid: number): Promise<{ rss: number; rssPeak: number }> {
  if (process.platform !== "linux") {
    const { stdout } = await run("ps", ["-o", "rss=", "-p", String(pid)]);
    const rss = Number(stdout.trim()) * 1024;
    return { rss, rssPeak: rss };
  }
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  const bytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+([0-9]+) kB`, "m").exec(status)?.[1] ?? 0) * 1024;
  return { rss: bytes("VmRSS"), rssPeak: bytes("VmHWM") };
}
