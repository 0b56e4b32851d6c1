import { Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { modals } from "@mantine/modals";
import { api, payload } from "../../api/client";
import type { User } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import { FormEnd, useSaving } from "../../parts/forms";
import { TeamPicker, TierPicker } from "../../parts/pickers";
import { roles, type Role } from "./roles";

const billingModes = ["prepaid", "postpaid"] as const;
const ofGateway = "";

interface Values {
  email: string;
  name: string;
  role: Role;
  tier_id: string;
  team_id: string | null;
  billing_mode: string;
  monthly_token_limit: string;
}

/** Changes an account. Another role is another access: it is asked for once more. */
export function UserForm({ user, onDone }: { user: User; onDone: () => void }) {
  const { t } = useI18n();
  const form = useForm<Values>({
    initialValues: {
      email: user.email,
      name: user.name ?? "",
      role: roles.find((role) => role === user.role) ?? "customer",
      tier_id: user.tier_id,
      team_id: user.team_id,
      billing_mode: user.billing_mode ?? ofGateway,
      monthly_token_limit: user.user_limit.monthly_token_limit?.toString() ?? "",
    },
    validate: {
      email: (value) => (/.+@.+/.test(value.trim()) ? null : t("users.invalidEmail")),
      monthly_token_limit: (value) => (value === "" || /^\d+$/.test(value) ? null : t("limits.invalidWhole")),
    },
  });
  const saving = useSaving(
    form,
    (values) => {
      const before = form.getInitialValues();
      const wish = {
        email: values.email.trim(),
        name: values.name.trim() || null,
        role: values.role,
        tier_id: values.tier_id,
        team_id: values.team_id,
        billing_mode: values.billing_mode || null,
        monthly_token_limit: values.monthly_token_limit === "" ? null : Number(values.monthly_token_limit),
      };
      const changed = Object.fromEntries(Object.entries(wish).filter(([name]) => values[name as keyof Values] !== before[name as keyof Values]));
      return Object.keys(changed).length === 0
        ? Promise.resolve(null)
        : payload(api.PATCH("/api/v1/admin/users/{id}", { params: { path: { id: user.id } }, body: changed }));
    },
    onDone,
    ["users"],
  );
  const submit = (event: React.SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { role } = form.getValues();
    if (role === user.role || form.validate().hasErrors) {
      saving.submit(event);
      return;
    }
    modals.openConfirmModal({
      title: t("users.roleTitle", { name: user.email, role: t(`users.role.${role}`) }),
      children: <Text size="sm">{t("users.roleText")}</Text>,
      labels: { confirm: t("users.roleConfirm"), cancel: t("common.cancel") },
      closeButtonProps: { "aria-label": t("common.close") },
      onConfirm: () => saving.submit(),
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput type="email" label={t("signIn.email")} required data-autofocus autoComplete="off" {...form.getInputProps("email")} />
        <TextInput label={t("keys.name")} autoComplete="off" {...form.getInputProps("name")} />
        <Select
          label={t("users.role")}
          description={t("users.roleHint")}
          allowDeselect={false}
          data={roles.map((value) => ({ value, label: t(`users.role.${value}`) }))}
          {...form.getInputProps("role")}
        />
        <Group grow align="flex-start">
          <TierPicker
            value={form.getValues().tier_id}
            onChange={(id) => form.setFieldValue("tier_id", id ?? user.tier_id)}
            error={form.errors.tier_id}
            isRequired
          />
          <TeamPicker value={form.getValues().team_id} onChange={(id) => form.setFieldValue("team_id", id)} error={form.errors.team_id} />
        </Group>
        <Group grow align="flex-start">
          <Select
            label={t("users.billing")}
            allowDeselect={false}
            data={[
              { value: ofGateway, label: t("users.billing.gateway") },
              ...billingModes.map((value) => ({ value, label: t(`users.billing.${value}`) })),
            ]}
            {...form.getInputProps("billing_mode")}
          />
          <TextInput
            label={t("users.monthlyTokens")}
            placeholder={t("common.noLimit")}
            inputMode="numeric"
            {...form.getInputProps("monthly_token_limit")}
          />
        </Group>
        <FormEnd saving={saving} label={t("common.save")} />
      </Stack>
    </form>
  );
}
