import { Group, PasswordInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api, payload } from "../../api/client";
import type { Upstream } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import { FormEnd, useSaving } from "../../parts/forms";

export const kinds = ["litellm", "openai", "anthropic", "google", "yandex", "openai_compatible"] as const;
type Kind = (typeof kinds)[number];

interface Values {
  name: string;
  kind: Kind;
  base_url: string;
  api_key: string;
  folder_id: string;
  weight: string;
  priority: string;
  is_enabled: boolean;
  sync_models: boolean;
}

/** Connects an upstream, or changes one. A key is written and never read back. */
export function UpstreamForm({ edited, onDone }: { edited?: Upstream; onDone: (upstream: Upstream) => void }) {
  const { t } = useI18n();
  const whole = (value: string) => (/^\d+$/.test(value) ? null : t("limits.invalidWhole"));
  const form = useForm<Values>({
    initialValues: {
      name: edited?.name ?? "",
      kind: kinds.find((kind) => kind === edited?.kind) ?? "litellm",
      base_url: edited?.base_url ?? "",
      api_key: "",
      folder_id: edited?.folder_id ?? "",
      weight: edited?.weight.toString() ?? "1",
      priority: edited?.priority.toString() ?? "0",
      is_enabled: edited?.is_enabled ?? true,
      sync_models: edited?.sync_models ?? true,
    },
    validate: {
      name: (value) => (edited || /^[a-z0-9._-]+$/.test(value) ? null : t("upstreams.invalidName")),
      base_url: (value) => (value === "" || /^https?:\/\/.+/.test(value.trim()) ? null : t("upstreams.invalidUrl")),
      weight: whole,
      priority: whole,
    },
  });
  const saving = useSaving(
    form,
    (values) => {
      const before = form.getInitialValues();
      const wish = {
        ...(values.base_url.trim() !== before.base_url && { base_url: values.base_url.trim() }),
        ...(values.api_key !== "" && { api_key: values.api_key }),
        ...(values.folder_id !== before.folder_id && { folder_id: values.folder_id.trim() || null }),
        ...((!edited || values.weight !== before.weight) && { weight: Number(values.weight) }),
        ...((!edited || values.priority !== before.priority) && { priority: Number(values.priority) }),
        ...((!edited || values.is_enabled !== before.is_enabled) && { is_enabled: values.is_enabled }),
        ...((!edited || values.sync_models !== before.sync_models) && { sync_models: values.sync_models }),
      };
      return payload(
        edited
          ? api.PATCH("/api/v1/admin/upstreams/{id}", { params: { path: { id: edited.id } }, body: wish })
          : api.POST("/api/v1/admin/upstreams", { body: { ...wish, name: values.name, kind: values.kind } }),
      ).then((answer) => answer.data);
    },
    onDone,
    ["upstreams", "models"],
  );
  return (
    <form onSubmit={saving.submit} noValidate>
      <Stack>
        {!edited && (
          <>
            <TextInput label={t("keys.name")} description={t("upstreams.nameHint")} required data-autofocus maxLength={64} {...form.getInputProps("name")} />
            <Select label={t("upstreams.kind")} allowDeselect={false} data={[...kinds]} {...form.getInputProps("kind")} />
          </>
        )}
        <TextInput label={t("upstreams.url")} description={t("upstreams.urlHint")} type="url" {...form.getInputProps("base_url")} />
        <PasswordInput
          label={t("upstreams.apiKey")}
          description={t(edited?.has_api_key ? "upstreams.apiKeyKept" : "upstreams.apiKeyHint")}
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-hidden": true }}
          {...form.getInputProps("api_key")}
        />
        {form.getValues().kind === "yandex" && <TextInput label={t("upstreams.folder")} {...form.getInputProps("folder_id")} />}
        <Group grow align="flex-start">
          <TextInput label={t("upstreams.priority")} description={t("upstreams.priorityHint")} inputMode="numeric" {...form.getInputProps("priority")} />
          <TextInput label={t("upstreams.weight")} description={t("upstreams.weightHint")} inputMode="numeric" {...form.getInputProps("weight")} />
        </Group>
        <Switch label={t("upstreams.isEnabled")} {...form.getInputProps("is_enabled", { type: "checkbox" })} />
        <Switch label={t("upstreams.syncModels")} {...form.getInputProps("sync_models", { type: "checkbox" })} />
        <FormEnd saving={saving} label={t(edited ? "common.save" : "upstreams.create")} />
      </Stack>
    </form>
  );
}
