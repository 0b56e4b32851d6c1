import { Badge, Button, Group, NumberInput, PasswordInput, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { settingsQuery } from "../api/admin";
import { api, payload } from "../api/client";
import { ApiFailure } from "../api/failure";
import type { Setting } from "../api/types";
import { useI18n, type I18n } from "../i18n/i18n";
import { settingsInRussian } from "../i18n/settings.ru";
import { useFilters } from "../parts/filters";
import { Page, Panel } from "../parts/Page";
import { SearchField } from "../parts/SearchField";
import { Answer, Empty, wordsOf } from "../parts/States";

/** What admins may set while the gateway runs, each with its meaning; what the environment decides is said to be. */
export default function Settings() {
  const { t, language } = useI18n();
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
              `${setting.key} ${describe(setting, language)}`.toLowerCase().includes(search),
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
                  data={categories.map((name) => ({ value: name, label: categoryWord(name, t) }))}
                  value={category}
                  onChange={(value) => filters.set({ category: value })}
                />
              </Group>
              {shown.length === 0 && <Empty>{t("settings.empty")}</Empty>}
              {categories
                .filter((name) => shown.some((setting) => setting.category === name))
                .map((name) => (
                  <Panel key={name} title={categoryWord(name, t)}>
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

const known = ["auth", "billing", "chat", "events", "limits", "litellm", "logging", "profile"] as const;

function categoryWord(name: string, t: I18n["t"]): string {
  const category = known.find((one) => one === name);
  return category ? t(`settings.category.${category}`) : name;
}

const describe = (setting: Setting, language: I18n["language"]) =>
  (language === "ru" && settingsInRussian[setting.key]) || setting.description;

function SettingForm({ setting }: { setting: Setting }) {
  const { t, language } = useI18n();
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
    description: describe(setting, language),
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
          <Note text={setting.note} />
        </Group>
      )}
    </form>
  );
}

// What the API says of a setting without effect names the variable that has it.
function Note({ text }: { text: string }) {
  const { t } = useI18n();
  const [, wins] = /^([A-Z_]+) is set in the environment/.exec(text) ?? [];
  const [, atStart] = /set ([A-Z_]+) in the environment/.exec(text) ?? [];
  if (wins) return <Text size="sm">{t("settings.environmentWins", { name: wins })}</Text>;
  if (atStart) return <Text size="sm">{t("settings.fixedAtStart", { name: atStart })}</Text>;
  return (
    <Text size="sm" lang="en">
      {text}
    </Text>
  );
}

// The API takes texts for all types; an optional one is emptied by null.
const wireOf = (setting: Setting, value: string) => (value === "" ? null : setting.type === "boolean" ? value === "true" : value);
