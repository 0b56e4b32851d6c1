import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useFilters } from "./filters";

/** A text that must match as a whole: kept in the address when it is entered, not at each letter. */
export function TextFilter({ label, name, placeholder = "" }: { label: string; name: string; placeholder?: string }) {
  const { get, set } = useFilters();
  const kept = get(name) ?? "";
  const [typed, setTyped] = useState(kept);
  const [seen, setSeen] = useState(kept);
  if (kept !== seen) {
    setSeen(kept);
    setTyped(kept);
  }
  const keep = () => {
    if (typed.trim() !== kept) set({ [name]: typed.trim() || null });
  };
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === "Enter") keep();
      }}
    />
  );
}
