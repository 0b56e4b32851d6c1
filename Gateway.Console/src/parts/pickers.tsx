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

/** Chooses one of the models. */
export function ModelPicker({ value, onChange, label, placeholder, error, isRequired = false }: Picker) {
  const { t } = useI18n();
  const { data = [] } = useQuery(modelsQuery);
  return (
    <Select
      label={label ?? t("calls.model")}
      placeholder={placeholder ?? t("calls.anyModel")}
      error={error}
      required={isRequired}
      value={value}
      onChange={onChange}
      data={data.map((model) => ({ value: model.id, label: model.name }))}
      searchable
      clearable
      nothingFoundMessage={t("app.nothingFound")}
      clearButtonProps={{ "aria-label": t("common.clear") }}
      limit={100}
    />
  );
}

/** Chooses one of maybe many users: the API searches. */
export function UserPicker({ value, onChange, label, placeholder, error, isRequired = false }: Picker) {
  const { t } = useI18n();
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
      error={error}
      required={isRequired}
      value={value}
      onChange={onChange}
      onSearchChange={(typed) => setText(typed === chosen?.email ? "" : typed)}
      data={options}
      filter={({ options: all }) => all}
      searchable
      clearable
      nothingFoundMessage={t("app.nothingFound")}
      clearButtonProps={{ "aria-label": t("common.clear") }}
    />
  );
}

/** Chooses one of the tiers. */
export function TierPicker({ value, onChange, label, placeholder, error, isRequired = false }: Picker) {
  const { t } = useI18n();
  const { data = [] } = useQuery(tiersQuery);
  return (
    <Select
      label={label ?? t("own.tier")}
      placeholder={placeholder ?? t("tiers.any")}
      error={error}
      required={isRequired}
      value={value}
      onChange={onChange}
      data={data.map((tier) => ({ value: tier.id, label: tier.name }))}
      searchable
      clearable={!isRequired}
      allowDeselect={!isRequired}
      nothingFoundMessage={t("app.nothingFound")}
      clearButtonProps={{ "aria-label": t("common.clear") }}
    />
  );
}

/** Chooses one of maybe many teams: the API searches. For admins. */
export function TeamPicker({ value, onChange, label, placeholder, error, isRequired = false }: Picker) {
  const { t } = useI18n();
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
      error={error}
      required={isRequired}
      value={value}
      onChange={onChange}
      onSearchChange={(typed) => setText(typed === chosen ? "" : typed)}
      data={options}
      filter={({ options: all }) => all}
      searchable
      clearable
      nothingFoundMessage={t("app.nothingFound")}
      clearButtonProps={{ "aria-label": t("common.clear") }}
    />
  );
}
