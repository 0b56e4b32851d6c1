import { Group, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api, payload } from "../../api/client";
import type { Budget } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import { FormEnd, useSaving } from "../../parts/forms";
import { noTarget, TargetFields, targetOf, targetRules, type TargetValues } from "./TargetFields";

const modes = ["enforce", "shadow"] as const;

type Values = TargetValues & { end_user: string; max_budget: string; budget_duration: string; mode: (typeof modes)[number] };

// A tier's budgets know no end users.
const endUserOf = ({ scope, end_user }: Values) => (scope !== "tier" && end_user.trim() ? { end_user: end_user.trim() } : {});

/** Makes a budget, or changes one; whom it is for stays. */
export function BudgetForm({ edited, userId, onDone }: { edited?: Budget; userId?: string; onDone: () => void }) {
  const { t } = useI18n();
  const form = useForm<Values>({
    initialValues: {
      ...noTarget,
      user_id: userId ?? null,
      end_user: "",
      max_budget: edited?.max_budget.toString() ?? "",
      budget_duration: edited ? (edited.budget_duration ?? "never") : "monthly",
      mode: edited?.mode === "shadow" ? "shadow" : "enforce",
    },
    validate: {
      ...(edited ? {} : targetRules(t("limits.missing"))),
      max_budget: (value: string) => (Number(value) > 0 ? null : t("keys.invalidBudget")),
    },
  });
  const saving = useSaving(
    form,
    (values) => {
      const wish = { max_budget: Number(values.max_budget), budget_duration: values.budget_duration.trim() || null, mode: values.mode };
      return edited
        ? payload(api.PATCH("/api/v1/admin/budgets/{id}", { params: { path: { id: edited.id } }, body: wish }))
        : payload(api.POST("/api/v1/admin/budgets", { body: { ...wish, ...targetOf(values), ...endUserOf(values) } }));
    },
    onDone,
    ["budgets"],
  );
  return (
    <form onSubmit={saving.submit} noValidate>
      <Stack>
        {!edited && <TargetFields form={form} hasModel={(scope) => scope === "tier"} />}
        {!edited && form.getValues().scope !== "tier" && (
          <TextInput label={t("usage.by.end_user")} description={t("limits.endUserHint")} {...form.getInputProps("end_user")} />
        )}
        <Group grow align="flex-start">
          <TextInput label={t("keys.maxBudget")} description=" " inputMode="decimal" required {...form.getInputProps("max_budget")} />
          <TextInput label={t("keys.period")} description={t("limits.periodHint")} {...form.getInputProps("budget_duration")} />
        </Group>
        <Select
          label={t("limits.mode")}
          allowDeselect={false}
          data={modes.map((value) => ({ value, label: t(`limits.mode.${value}`) }))}
          {...form.getInputProps("mode")}
        />
        <FormEnd saving={saving} label={t(edited ? "common.save" : "limits.createBudget")} />
      </Stack>
    </form>
  );
}
