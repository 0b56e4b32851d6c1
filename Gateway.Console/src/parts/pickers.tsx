import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { teamsQuery, tiersQuery } from "../api/admin";
import { modelsQuery, userQuery, userSearchQuery } from "../api/users";
import { useI18n } from "../i18n/i18n";

const pauseMs = 250;

interface Picker {
  value: string | null;
  onChange: (id: string | null) => void;
  label?: string;
  placeholder?: string;
  error?: ReactNode;
  isRequired?: boolean;
}

/** What all of them have in common. */
function useSelect({ value, onChange, error, isRequired = false }: Picker) {
  const { t } = useI18n();
  return {
    error,
    required: isRequired,
    value,
    onChange,
    searchable: true,
    // A list that opens by itself hides what stands below, when the focus only passes or a mistake was found.
    openOnFocus: false,
    clearable: true,
    nothingFoundMessage: t("app.nothingFound"),
    clearButtonProps: { "aria-label": t("common.clear") },
  };
}

/** Chooses one of the models. */
export function ModelPicker(picker: Picker) {
  const { label, placeholder } = picker;
  const { t } = useI18n();
  const common = useSelect(picker);
  const { data = [] } = useQuery(modelsQuery);
  return (
    <Select
      label={label ?? t("calls.model")}
      placeholder={placeholder ?? t("calls.anyModel")}
      {...common}
      data={data.map((model) => ({ value: model.id, label: model.name }))}
      limit={100}
    />
  );
}

/** Chooses one of maybe many users: the API searches. */
export function UserPicker(picker: Picker) {
  const { value, label, placeholder } = picker;
  const { t } = useI18n();
  const common = useSelect(picker);
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text, pauseMs);
  const { data = [] } = useQuery({ ...userSearchQuery(search), placeholderData: keepPreviousData });
  const { data: chosen } = useQuery({ ...userQuery(value ?? ""), enabled: value !== null });
  const options = data.map((user) => ({ value: user.id, label: user.email }));
  if (chosen && !options.some((option) => option.value === chosen.id)) options.unshift({ value: chosen.id, label: chosen.email });
  return (
    <Select
      label={label ?? t("calls.user")}
      placeholder={placeholder ?? t("calls.anyUser")}
      {...common}
      onSearchChange={(typed) => setText(typed === chosen?.email ? "" : typed)}
      data={options}
      filter={({ options: all }) => all}
    />
  );
}

/** Chooses one of the tiers. */
export function TierPicker(picker: Picker) {
  const { label, placeholder, isRequired = false } = picker;
  const { t } = useI18n();
  const common = useSelect(picker);
  const { data = [] } = useQuery(tiersQuery);
  return (
    <Select
      label={label ?? t("own.tier")}
      placeholder={placeholder ?? t("tiers.any")}
      {...common}
      data={data.map((tier) => ({ value: tier.id, label: tier.name }))}
      clearable={!isRequired}
      allowDeselect={!isRequired}
    />
  );
}

/** Chooses one of maybe many teams: the API searches. For admins. */
export function TeamPicker(picker: Picker) {
  const { value, label, placeholder } = picker;
  const { t } = useI18n();
  const common = useSelect(picker);
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text, pauseMs);
  const { data } = useInfiniteQuery({ ...teamsQuery(search || null), placeholderData: keepPreviousData });
  const options = (data?.pages.flatMap((page) => page.data) ?? []).map((team) => ({ value: team.id, label: team.name }));
  if (value !== null && !options.some((option) => option.value === value)) options.unshift({ value, label: value });
  const chosen = options.find((option) => option.value === value)?.label;
  return (
    <Select
      label={label ?? t("teams.team")}
      placeholder={placeholder ?? t("teams.none")}
      {...common}
      onSearchChange={(typed) => setText(typed === chosen ? "" : typed)}
      data={options}
      filter={({ options: all }) => all}
    />
  );
}
