import { Badge, Button, Group, NumberInput, PasswordInput, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { settingsQuery } from "../api/admin";
import { api, payload } from "../api/client";
import { ApiFailure } from "../api/failure";
import type { Setting } from "../api/types";
import { useI18n } from "../i18n/i18n";
import { useFilters } from "../parts/filters";
import { Page, Panel } from "../parts/Page";
import { SearchField } from "../parts/SearchField";
import { Answer, Empty, wordsOf } from "../parts/States";

/** What admins may set while the gateway runs, each with its meaning; what the environment decides is said to be. */
export default function Settings() {
  const { t } = useI18n();
  const filters = useFilters();
  const query = useQuery(settingsQuery);
  return (
    <Page title={t("settings.title")}>
      <Answer query={query}>
        {(settings) => {
          const categories = [...new Set(settings.map((setting) => setting.category))];
          const [category, search] = [filters.get("category"), filters.get("search")?.toLowerCase() ?? ""];
          const shown = settings.filter(
            (setting) =>
              (category === null || setting.category === category) &&
              `${setting.key} ${setting.description}`.toLowerCase().includes(search),
          );
          return (
            <>
              <Group align="flex-end" gap="sm" role="search">
                <SearchField label={t("settings.search")} />
                <Select
                  label={t("settings.category")}
                  placeholder={t("common.all")}
                  clearable
                  clearButtonProps={{ "aria-label": t("common.clear") }}
                  data={categories}
                  value={category}
                  onChange={(value) => filters.set({ category: value })}
                />
              </Group>
              {shown.length === 0 && <Empty>{t("settings.empty")}</Empty>}
              {categories
                .filter((name) => shown.some((setting) => setting.category === name))
                .map((name) => (
                  <Panel key={name} title={name}>
                    <Stack gap="lg">
                      {shown
                        .filter((setting) => setting.category === name)
                        .map((setting) => (
                          <SettingForm key={`${setting.key} ${setting.updated_at}`} setting={setting} />
                        ))}
                    </Stack>
                  </Panel>
                ))}
            </>
          );
        }}
      </Answer>
    </Page>
  );
}

function SettingForm({ setting }: { setting: Setting }) {
  const { t } = useI18n();
  const queries = useQueryClient();
  const note = useId();
  const [value, setValue] = useState(setting.is_secret ? "" : setting.value);
  const isChanged = value !== (setting.is_secret ? "" : setting.value);
  const save = useMutation({
    mutationFn: () => payload(api.PATCH("/api/v1/admin/settings/{key}", { params: { path: { key: setting.key } }, body: { value: wireOf(setting, value) } })),
    onSuccess: () => {
      notifications.show({ message: t("settings.saved", { key: setting.key }) });
      return queries.invalidateQueries({ queryKey: settingsQuery.queryKey });
    },
  });
  const error = save.error && (save.error instanceof ApiFailure && save.error.fields[0] ? save.error.fields[0].message : wordsOf(save.error, t));
  const field = {
    label: setting.key,
    description: setting.description,
    error,
    "aria-describedby": setting.note ? note : undefined,
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
      noValidate
    >
      <Group align="flex-end" wrap="nowrap" gap="sm">
        <div style={{ flex: 1, minWidth: 0 }}>
          {setting.type === "boolean" ? (
            <Switch {...field} checked={value === "true"} onChange={(event) => setValue(String(event.currentTarget.checked))} />
          ) : setting.is_secret ? (
            <PasswordInput
              {...field}
              placeholder={setting.value}
              autoComplete="off"
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
              visibilityToggleButtonProps={{ "aria-hidden": true }}
            />
          ) : setting.type === "number" ? (
            <NumberInput {...field} hideControls value={value} onChange={(next) => setValue(String(next))} />
          ) : (
            <TextInput {...field} value={value} onChange={(event) => setValue(event.currentTarget.value)} />
          )}
        </div>
        <Button type="submit" variant="default" disabled={!isChanged} loading={save.isPending} aria-label={`${t("common.save")}: ${setting.key}`}>
          {t("common.save")}
        </Button>
      </Group>
      {setting.note && (
        <Group gap="xs" mt={4} id={note}>
          {!setting.is_effective && (
            <Badge variant="outline" color="gray" c="var(--mantine-color-text)">
              {t("settings.notEffective")}
            </Badge>
          )}
          <Text size="sm">{setting.note}</Text>
        </Group>
      )}
    </form>
  );
}

// The API takes texts for all types; an optional one is emptied by null.
const wireOf = (setting: Setting, value: string) => (value === "" ? null : setting.type === "boolean" ? value === "true" : value);
