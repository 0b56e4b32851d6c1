import { PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api, payload } from "../../api/client";
import { useI18n } from "../../i18n/i18n";
import { FormEnd, useSaving } from "../../parts/forms";
import { useUser } from "../../session/session";

const shortest = 8;

interface Values {
  old_password: string;
  new_password: string;
  again: string;
}

/** Changes the caller's own password; the API ends all other sessions by it. */
export function PasswordForm({ onDone }: { onDone: () => void }) {
  const { t } = useI18n();
  const user = useUser();
  const form = useForm<Values>({
    initialValues: { old_password: "", new_password: "", again: "" },
    validate: {
      old_password: (value) => (value ? null : t("password.missing")),
      new_password: (value) => (value.length >= shortest ? null : t("users.invalidPassword", { count: shortest })),
      again: (value, values) => (value === values.new_password ? null : t("password.differs")),
    },
  });
  const saving = useSaving(
    form,
    ({ old_password, new_password }) => payload(api.POST("/api/v1/users/me/password", { body: { old_password, new_password } })),
    onDone,
    [],
  );
  const field = (name: "old_password" | "new_password" | "again", autoComplete: string) => (
    <PasswordInput
      label={t(`password.${name}`)}
      required
      autoComplete={autoComplete}
      visibilityToggleButtonProps={{ "aria-hidden": true }}
      {...form.getInputProps(name)}
    />
  );
  return (
    <form onSubmit={saving.submit} noValidate>
      <Stack>
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        {field("old_password", "current-password")}
        {field("new_password", "new-password")}
        {field("again", "new-password")}
        <FormEnd saving={saving} label={t("password.change")} />
      </Stack>
    </form>
  );
}
