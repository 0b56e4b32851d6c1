// Filters of a view live in its address, so that a link shows the same to somebody else.
import { useCallback } from "react";
import { useSearchParams } from "react-router";

export function useFilters() {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (changes: Record<string, string | null>) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes)) {
            if (value) after.set(name, value);
            else after.delete(name);
          }
          return after;
        },
        { replace: true },
      ),
    [setParams],
  );
  return { get: (name: string) => params.get(name), set, clear: () => setParams({}, { replace: true }), isAny: params.size > 0 };
}
