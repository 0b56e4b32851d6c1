import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import { useFilters } from "./filters";

const pauseMs = 250;

/** A text that the API searches for, kept in the address once the typing pauses. */
export function SearchField({ label, placeholder }: { label: string; placeholder?: string }) {
  const { get, set } = useFilters();
  const kept = get("search") ?? "";
  const [typed, setTyped] = useState(kept);
  const [sent, setSent] = useState(kept);
  const [seen, setSeen] = useState(kept);
  if (kept !== seen) {
    setSeen(kept);
    // Something else changed the address, such as a button that clears it.
    if (kept !== sent) {
      setSent(kept);
      setTyped(kept);
    }
  }
  const keep = useDebouncedCallback((text: string) => {
    setSent(text.trim());
    set({ search: text.trim() || null });
  }, pauseMs);
  return (
    <TextInput
      label={label}
      placeholder={placeholder ?? ""}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        keep(event.currentTarget.value);
      }}
    />
  );
}
