/** A gate that `decide` waits at. */
export function makeGate(): { reached: Promise<void>; arrive: () => Promise<void>; open: () => void } {
  let open = () => {};
  let here = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (here = resolve));
  const arrive = () => {
    here();
    return opened;
  };
  return { reached, arrive, open: () => open() };
}
