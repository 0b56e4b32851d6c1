import { useSyncExternalStore } from "react";

const tickMs = 5_000;

function subscribe(tell: () => void) {
  const timer = setInterval(tell, tickMs);
  return () => clearInterval(timer);
}

/** The time, to a few seconds; what is drawn by it is drawn again as it passes. */
export const useNow = () => useSyncExternalStore(subscribe, () => Math.floor(Date.now() / tickMs) * tickMs);
