// Filters of a view live in its address, so that a link shows the same to somebody else.
import { useCallback } from "react";
import { useSearchParams } from "react-router";

export function useFilters() {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (changes: Record<string, string | null>) => {
      // The address as it is now: whoever calls may have been drawn before it changed last.
      const after = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value) after.set(name, value);
        else after.delete(name);
      }
      setParams(after, { replace: true });
    },
    [setParams],
  );
  return { get: (name: string) => params.get(name), set, clear: () => setParams({}, { replace: true }), isAny: params.size > 0 };
}
