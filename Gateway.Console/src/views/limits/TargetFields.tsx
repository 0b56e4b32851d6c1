import { Select, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { scopes, type Scope } from "../../api/admin";
import { useI18n } from "../../i18n/i18n";
import { ModelPicker, TeamPicker, TierPicker, UserPicker } from "../../parts/pickers";

export interface TargetValues {
  scope: Scope;
  user_id: string | null;
  team_id: string | null;
  api_key_id: string;
  tier_id: string | null;
  model_id: string | null;
}

export const noTarget: TargetValues = { scope: "user", user_id: null, team_id: null, api_key_id: "", tier_id: null, model_id: null };

/** What the chosen scope names, as the API takes it. */
export const targetOf = (values: TargetValues) => ({
  ...(values.scope === "user" && { user_id: values.user_id }),
  ...(values.scope === "team" && { team_id: values.team_id }),
  ...(values.scope === "api_key" && { api_key_id: values.api_key_id.trim() }),
  ...(values.scope === "tier" && { tier_id: values.tier_id }),
  ...(values.model_id && { model_id: values.model_id }),
});

/** Asks whom a budget or limit is for. */
export function TargetFields<T extends TargetValues>({ form: typed, hasModel }: { form: UseFormReturnType<T>; hasModel: (scope: Scope) => boolean }) {
  const { t } = useI18n();
  const form = typed as unknown as UseFormReturnType<TargetValues>;
  const { scope, user_id, team_id, tier_id, model_id } = form.getValues();
  return (
    <>
      <Select
        label={t("limits.for")}
        allowDeselect={false}
        data={scopes.map((value) => ({ value, label: t(`limits.scope.${value}`) }))}
        value={scope}
        onChange={(value) => form.setValues({ scope: value as Scope, model_id: null })}
      />
      {scope === "user" && (
        <UserPicker value={user_id} onChange={(id) => form.setFieldValue("user_id", id)} error={form.errors.user_id} placeholder={t("limits.choose")} isRequired />
      )}
      {scope === "team" && (
        <TeamPicker value={team_id} onChange={(id) => form.setFieldValue("team_id", id)} error={form.errors.team_id} placeholder={t("limits.choose")} isRequired />
      )}
      {scope === "api_key" && <TextInput label={t("limits.keyId")} required {...form.getInputProps("api_key_id")} />}
      {scope === "tier" && (
        <TierPicker value={tier_id} onChange={(id) => form.setFieldValue("tier_id", id)} error={form.errors.tier_id} placeholder={t("limits.choose")} isRequired />
      )}
      {hasModel(scope) && (
        <ModelPicker value={model_id} onChange={(id) => form.setFieldValue("model_id", id)} error={form.errors.model_id} />
      )}
    </>
  );
}

/** Complains about a target that is missing. */
export const targetRules = (missing: string) => ({
  user_id: (value: string | null, values: TargetValues) => (values.scope === "user" && !value ? missing : null),
  team_id: (value: string | null, values: TargetValues) => (values.scope === "team" && !value ? missing : null),
  api_key_id: (value: string, values: TargetValues) => (values.scope === "api_key" && !value.trim() ? missing : null),
  tier_id: (value: string | null, values: TargetValues) => (values.scope === "tier" && !value ? missing : null),
});
