import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { modelsQuery, userQuery, userSearchQuery } from "../api/users";
import { useI18n } from "../i18n/i18n";

const pauseMs = 250;

/** Chooses one of the models. */
export function ModelPicker({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const { t } = useI18n();
  const { data = [] } = useQuery(modelsQuery);
  return (
    <Select
      label={t("calls.model")}
      placeholder={t("calls.anyModel")}
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
export function UserPicker({ value, onChange, label }: { value: string | null; onChange: (id: string | null) => void; label?: string }) {
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
      placeholder={t("calls.anyUser")}
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
