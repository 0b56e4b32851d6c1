import { Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api, payload } from "../../api/client";
import type { RateLimit } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import { FormEnd, useSaving } from "../../parts/forms";
import { noTarget, TargetFields, targetOf, targetRules, type TargetValues } from "./TargetFields";

export const windows = ["requests_per_minute", "requests_per_day", "tokens_per_minute", "tokens_per_day", "max_concurrent"] as const;
type Window = (typeof windows)[number];
const modes = ["enforce", "shadow"] as const;

type Values = TargetValues & Record<Window, string> & { mode: (typeof modes)[number] };

/** Makes a rate limit, or changes one; whom it is for stays. */
export function RateLimitForm({ edited, onDone }: { edited?: RateLimit; onDone: () => void }) {
  const { t } = useI18n();
  const shown = (name: Window) => (edited && edited[name] > 0 ? edited[name].toString() : "");
  const whole = (value: string) => (value === "" || /^\d+$/.test(value.trim()) ? null : t("limits.invalidWhole"));
  const form = useForm<Values>({
    initialValues: {
      ...noTarget,
      scope: "tier",
      requests_per_minute: shown("requests_per_minute"),
      requests_per_day: shown("requests_per_day"),
      tokens_per_minute: shown("tokens_per_minute"),
      tokens_per_day: shown("tokens_per_day"),
      max_concurrent: shown("max_concurrent"),
      mode: edited?.mode === "shadow" ? "shadow" : "enforce",
    },
    validate: {
      ...(edited ? {} : targetRules(t("limits.missing"))),
      requests_per_minute: whole,
      requests_per_day: whole,
      tokens_per_minute: whole,
      tokens_per_day: whole,
      max_concurrent: whole,
    },
  });
  const saving = useSaving(
    form,
    (values) => {
      const wish = {
        mode: values.mode,
        requests_per_minute: Number(values.requests_per_minute),
        requests_per_day: Number(values.requests_per_day),
        tokens_per_minute: Number(values.tokens_per_minute),
        tokens_per_day: Number(values.tokens_per_day),
        max_concurrent: Number(values.max_concurrent),
      };
      return edited
        ? payload(api.PATCH("/api/v1/admin/rate-limits/{id}", { params: { path: { id: edited.id } }, body: wish }))
        : payload(api.POST("/api/v1/admin/rate-limits", { body: { ...wish, ...targetOf(values) } }));
    },
    onDone,
    ["rate-limits"],
  );
  return (
    <form onSubmit={saving.submit} noValidate>
      <Stack>
        {!edited && <TargetFields form={form} hasModel={() => true} />}
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {windows.map((name) => (
            <TextInput key={name} label={t(`limits.${name}`)} placeholder={t("common.noLimit")} inputMode="numeric" {...form.getInputProps(name)} />
          ))}
        </SimpleGrid>
        <Select
          label={t("limits.mode")}
          allowDeselect={false}
          data={modes.map((value) => ({ value, label: t(`limits.mode.${value}`) }))}
          {...form.getInputProps("mode")}
        />
        <FormEnd saving={saving} label={t(edited ? "common.save" : "limits.createRate")} />
      </Stack>
    </form>
  );
}
