import { PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api, payload } from "../../api/client";
import type { User } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import { FormEnd, useSaving } from "../../parts/forms";
import { TierPicker } from "../../parts/pickers";
import { roles, type Role } from "./roles";

const shortestPassword = 8;

interface Values {
  email: string;
  name: string;
  password: string;
  role: Role;
  tier_id: string | null;
}

/** Makes an account. */
export function NewUserForm({ onDone }: { onDone: (user: User) => void }) {
  const { t } = useI18n();
  const form = useForm<Values>({
    initialValues: { email: "", name: "", password: "", role: "customer", tier_id: null },
    validate: {
      email: (value) => (/.+@.+/.test(value.trim()) ? null : t("users.invalidEmail")),
      password: (value) => (value.length >= shortestPassword ? null : t("users.invalidPassword", { count: shortestPassword })),
    },
  });
  const saving = useSaving(
    form,
    ({ email, name, password, role, tier_id }) =>
      payload(
        api.POST("/api/v1/admin/users", { body: { email: email.trim(), password, role, tier_id, ...(name.trim() && { name: name.trim() }) } }),
      ).then((answer) => answer.data),
    onDone,
    ["users"],
  );
  return (
    <form onSubmit={saving.submit} noValidate>
      <Stack>
        <TextInput type="email" label={t("signIn.email")} required data-autofocus autoComplete="off" {...form.getInputProps("email")} />
        <TextInput label={t("keys.name")} autoComplete="off" {...form.getInputProps("name")} />
        <PasswordInput
          label={t("signIn.password")}
          required
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-hidden": true }}
          {...form.getInputProps("password")}
        />
        <Select
          label={t("users.role")}
          description={t("users.roleHint")}
          allowDeselect={false}
          data={roles.map((value) => ({ value, label: t(`users.role.${value}`) }))}
          {...form.getInputProps("role")}
        />
        <TierPicker
          value={form.getValues().tier_id}
          onChange={(id) => form.setFieldValue("tier_id", id)}
          error={form.errors.tier_id}
          placeholder={t("users.defaultTier")}
        />
        <FormEnd saving={saving} label={t("users.create")} />
      </Stack>
    </form>
  );
}
