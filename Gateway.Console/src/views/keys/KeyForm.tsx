import { Alert, Group, MultiSelect, Select, Stack, Switch, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { api, payload } from "../../api/client";
import type { ApiKey, CreatedApiKey } from "../../api/types";
import { modelsQuery } from "../../api/users";
import { useMemo } from "react";
import { useI18n } from "../../i18n/i18n";
import { FormEnd, useSaving } from "../../parts/forms";

const durations = ["never", "daily", "weekly", "monthly"] as const;
const longestName = 255;

interface Values {
  name: string;
  models: string[];
  allowed_ips: string[];
  max_budget: string;
  budget_duration: string;
  expires_at: string;
  is_active: boolean;
}

// The field of a browser knows neither seconds nor zones.
function localOf(iso: string | null): string {
  if (!iso) return "";
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function valuesOf(key: ApiKey | undefined): Values {
  return {
    name: key?.name ?? "",
    models: key?.models ?? [],
    allowed_ips: key?.allowed_ips ?? [],
    max_budget: key?.max_budget?.toString() ?? "",
    budget_duration: durations.find((known) => known === key?.budget_duration) ?? "monthly",
    expires_at: localOf(key?.expires_at ?? null),
    is_active: key?.is_active ?? true,
  };
}

/** Makes a key, or changes one. What the API refuses stands at the member that it is about. */
export function KeyForm({
  userId,
  edited,
  onDone,
}: {
  userId: string;
  edited?: ApiKey;
  onDone: (key: ApiKey | CreatedApiKey) => void;
}) {
  const { t } = useI18n();
  const { data: models = [] } = useQuery(modelsQuery);
  const before = useMemo(() => valuesOf(edited), [edited]);
  const form = useForm<Values>({
    initialValues: before,
    validate: {
      name: (value) => (value.trim() ? null : t("keys.invalidName")),
      max_budget: (value) => (value === "" || Number(value) > 0 ? null : t("keys.invalidBudget")),
      expires_at: (value) => (value === "" || value === before.expires_at || Date.parse(value) > Date.now() ? null : t("keys.invalidDate")),
    },
  });
  const saving = useSaving(
    form,
    (values): Promise<ApiKey | CreatedApiKey> => {
      const wish = wishOf(values);
      return edited
        ? payload(
            api.PATCH("/api/v1/api-keys/{key_id}", {
              params: { path: { key_id: edited.id } },
              body: changed({ ...wish, is_active: values.is_active }, edited, values, before),
            }),
          )
        : payload(api.POST("/api/v1/users/{user_id}/api-keys", { params: { path: { user_id: userId } }, body: wish }));
    },
    onDone,
    ["keys"],
  );
  return (
    <form onSubmit={saving.submit} noValidate>
      <Stack>
        {edited?.admin_limits && <Alert color="blue" variant="outline" title={t("keys.adminLimits")} />}
        <TextInput label={t("keys.name")} required maxLength={longestName} data-autofocus {...form.getInputProps("name")} />
        <MultiSelect
          label={t("keys.models")}
          description={t("keys.modelsHint")}
          data={[...new Set([...models.map((model) => model.name), ...form.getValues().models])]}
          searchable
          limit={100}
          nothingFoundMessage={t("app.nothingFound")}
          {...form.getInputProps("models")}
        />
        <TagsInput label={t("keys.ips")} description={t("keys.ipsHint")} {...form.getInputProps("allowed_ips")} />
        <Group grow align="flex-start">
          <TextInput label={t("keys.maxBudget")} description={t("keys.maxBudgetHint")} inputMode="decimal" {...form.getInputProps("max_budget")} />
          <Select
            label={t("keys.period")}
            description={" "}
            allowDeselect={false}
            data={durations.map((value) => ({ value, label: t(`keys.period.${value}`) }))}
            {...form.getInputProps("budget_duration")}
          />
        </Group>
        <TextInput type="datetime-local" label={t("keys.expires")} description={t("keys.expiresHint")} {...form.getInputProps("expires_at")} />
        {edited && <Switch label={t("keys.isActive")} {...form.getInputProps("is_active", { type: "checkbox" })} />}
        <FormEnd saving={saving} label={t(edited ? "common.save" : "keys.create")} />
      </Stack>
    </form>
  );
}

function wishOf(values: Values) {
  const budget = values.max_budget === "" ? null : Number(values.max_budget);
  const wish = {
    name: values.name.trim(),
    models: values.models,
    allowed_ips: values.allowed_ips,
    expires_at: values.expires_at === "" ? null : new Date(values.expires_at).toISOString(),
    max_budget: budget,
    ...(budget !== null && { budget_duration: values.budget_duration }),
  };
  return wish as Omit<typeof wish, "expires_at" | "max_budget"> & { expires_at: string; max_budget: number }; // null clears
}

// Only what was changed is sent: what an admin limited may stay without being said again. Budget and its period are one.
function changed<T extends object>(wish: T, edited: ApiKey, values: Values, before: Values): Partial<T> {
  const isChanged = (name: keyof Values) => JSON.stringify(values[name]) !== JSON.stringify(before[name]);
  const isBudgetChanged = isChanged("max_budget") || (edited.max_budget !== null && isChanged("budget_duration"));
  return Object.fromEntries(
    Object.entries(wish).filter(([name]) =>
      name === "max_budget" || name === "budget_duration" ? isBudgetChanged : name === "name" || isChanged(name as keyof Values),
    ),
  ) as Partial<T>;
}
