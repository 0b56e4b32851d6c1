import { Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { modals } from "@mantine/modals";
import { api, payload } from "../../api/client";
import { useI18n } from "../../i18n/i18n";
import { useFormat } from "../../parts/format";
import { FormEnd, useSaving } from "../../parts/forms";

const types = ["deposit", "refund", "usage"] as const;
type Type = (typeof types)[number];

interface Values {
  type: Type;
  amount: string;
  description: string;
}

/** Books money to somebody's balance; asks once more, because it is money. */
export function MoneyForm({ userId, name, onDone }: { userId: string; name: string; onDone: () => void }) {
  const { t } = useI18n();
  const format = useFormat();
  const form = useForm<Values>({
    initialValues: { type: "deposit", amount: "", description: "" },
    validate: { amount: (value) => (Number(value) > 0 ? null : t("keys.invalidBudget")) },
  });
  const saving = useSaving(
    form,
    ({ type, amount, description }) =>
      payload(
        api.POST("/api/v1/admin/users/{user_id}/transactions", {
          params: { path: { user_id: userId } },
          body: { type, amount: Number(amount), ...(description.trim() && { description: description.trim() }) },
        }),
      ),
    onDone,
    ["users", "transactions"],
  );
  const submit = (event: React.SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (form.validate().hasErrors) return;
    const { type, amount } = form.getValues();
    modals.openConfirmModal({
      title: t("money.confirmTitle", { type: t(`money.type.${type}`), value: format.usd(Number(amount)) }),
      children: <Text size="sm">{t(type === "usage" ? "money.confirmTake" : "money.confirmGive", { name })}</Text>,
      labels: { confirm: t("money.confirm"), cancel: t("common.cancel") },
      closeButtonProps: { "aria-label": t("common.close") },
      onConfirm: () => saving.submit(),
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Select
          label={t("money.type")}
          allowDeselect={false}
          data={types.map((value) => ({ value, label: t(`money.type.${value}`) }))}
          {...form.getInputProps("type")}
        />
        <TextInput label={t("money.amount")} required inputMode="decimal" data-autofocus {...form.getInputProps("amount")} />
        <TextInput label={t("money.description")} {...form.getInputProps("description")} />
        <FormEnd saving={saving} label={t("money.book")} />
      </Stack>
    </form>
  );
}
