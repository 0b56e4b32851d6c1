import { Button, Group, Select, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { adminTiersQuery } from "../api/admin";
import { api, payload } from "../api/client";
import type { Tier } from "../api/types";
import { useI18n } from "../i18n/i18n";
import { DataTable, type Column } from "../parts/DataTable";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { Dialog, FormEnd, useConfirmed, useSaving } from "../parts/forms";
import { Page } from "../parts/Page";
import { RowMenu } from "../parts/RowMenu";
import { Answer } from "../parts/States";

/** Kinds of customers: what each may use, and from when on users move there. */
export default function Tiers() {
  const { t } = useI18n();
  const format = useFormat();
  const filters = useFilters();
  const confirmed = useConfirmed();
  const query = useQuery(adminTiersQuery);
  const [edited, setEdited] = useState<Tier | null>(null);
  const remove = (tier: Tier) =>
    confirmed({
      title: t("tiers.deleteTitle", { name: tier.name }),
      text: <Text size="sm">{t("tiers.deleteText")}</Text>,
      confirm: t("tiers.delete"),
      run: () => payload(api.DELETE("/api/v1/admin/tiers/{id}", { params: { path: { id: tier.id } } })),
      done: t("tiers.deleted", { name: tier.name }),
      touches: ["tiers"],
    });
  const columns: Column<Tier>[] = [
    { id: "name", header: t("keys.name"), cell: (tier) => <span translate="no">{tier.name}</span> },
    {
      id: "users",
      header: t("tiers.users"),
      isFigure: true,
      cell: (tier) => (
        <Link className="link" to={`/console/users?tier_id=${tier.id}`}>
          {format.whole(tier.users_count)}
        </Link>
      ),
    },
    { id: "price", header: t("tiers.price"), isFigure: true, cell: (tier) => (tier.is_free ? t("tiers.free") : format.usd(tier.price)) },
    {
      id: "output",
      header: t("tiers.maxOutput"),
      isFigure: true,
      cell: (tier) => (tier.max_output_tokens === null ? t("common.noLimit") : format.whole(tier.max_output_tokens)),
    },
    { id: "billing", header: t("users.billing"), cell: (tier) => tier.billing_mode ?? t("users.billing.gateway") },
    { id: "limits", header: t("limits.rates"), cell: (tier) => <Link className="link" to={`/console/limits?tab=rates&tier_id=${tier.id}`}>{t("tiers.limits")}</Link> },
    { id: "description", header: t("money.description"), cell: (tier) => <span translate="no">{tier.description ?? "–"}</span> },
    {
      id: "actions",
      header: t("keys.actionsHeader"),
      isHeaderHidden: true,
      cell: (tier) => (
        <RowMenu
          label={t("keys.actions", { name: tier.name })}
          items={[
            { label: t("keys.edit"), onClick: () => setEdited(tier) },
            { label: t("common.delete"), onClick: () => remove(tier) },
          ]}
        />
      ),
    },
  ];
  const close = () => filters.set({ new: null });
  return (
    <Page
      title={t("tiers.title")}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => filters.set({ new: "1" })}>
          {t("tiers.create")}
        </Button>
      }
    >
      <Answer query={query}>
        {(tiers) => <DataTable label={t("tiers.title")} columns={columns} rows={tiers} keyOf={(tier) => tier.id} empty={t("tiers.empty")} />}
      </Answer>
      <Dialog title={t("tiers.create")} isOpen={filters.get("new") !== null} onClose={close}>
        <TierForm onDone={close} />
      </Dialog>
      <Dialog title={t("keys.editTitle", { name: edited?.name ?? "" })} isOpen={edited !== null} onClose={() => setEdited(null)}>
        {edited && <TierForm edited={edited} onDone={() => setEdited(null)} />}
      </Dialog>
    </Page>
  );
}

const billingModes = ["prepaid", "postpaid"] as const;
const ofGateway = "";

interface Values {
  name: string;
  description: string;
  price: string;
  max_output_tokens: string;
  billing_mode: string;
  is_free: boolean;
  fail_open: boolean;
}

function TierForm({ edited, onDone }: { edited?: Tier; onDone: () => void }) {
  const { t } = useI18n();
  const form = useForm<Values>({
    initialValues: {
      name: edited?.name ?? "",
      description: edited?.description ?? "",
      price: edited?.price.toString() ?? "0",
      max_output_tokens: edited?.max_output_tokens?.toString() ?? "",
      billing_mode: edited?.billing_mode ?? ofGateway,
      is_free: edited?.is_free ?? false,
      fail_open: edited?.fail_open ?? false,
    },
    validate: {
      name: (value) => (value.trim() ? null : t("keys.invalidName")),
      price: (value) => (value !== "" && Number(value) >= 0 ? null : t("tiers.invalidPrice")),
      max_output_tokens: (value) => (value === "" || /^[1-9]\d*$/.test(value) ? null : t("limits.invalidWhole")),
    },
  });
  const saving = useSaving(
    form,
    (values) => {
      const wish = {
        name: values.name.trim(),
        description: values.description.trim() || null,
        price: Number(values.price),
        max_output_tokens: values.max_output_tokens === "" ? null : Number(values.max_output_tokens),
        billing_mode: values.billing_mode || null,
        is_free: values.is_free,
        fail_open: values.fail_open,
      };
      return edited
        ? payload(api.PATCH("/api/v1/admin/tiers/{id}", { params: { path: { id: edited.id } }, body: wish }))
        : payload(api.POST("/api/v1/admin/tiers", { body: wish }));
    },
    onDone,
    ["tiers"],
  );
  return (
    <form onSubmit={saving.submit} noValidate>
      <Stack>
        <TextInput label={t("keys.name")} required data-autofocus maxLength={100} {...form.getInputProps("name")} />
        <Textarea label={t("money.description")} autosize maxRows={6} {...form.getInputProps("description")} />
        <Group grow align="flex-start">
          <TextInput label={t("tiers.price")} description={t("tiers.priceHint")} inputMode="decimal" {...form.getInputProps("price")} />
          <TextInput
            label={t("tiers.maxOutput")}
            description=" "
            placeholder={t("common.noLimit")}
            inputMode="numeric"
            {...form.getInputProps("max_output_tokens")}
          />
        </Group>
        <Select
          label={t("users.billing")}
          allowDeselect={false}
          data={[
            { value: ofGateway, label: t("users.billing.gateway") },
            ...billingModes.map((value) => ({ value, label: t(`users.billing.${value}`) })),
          ]}
          {...form.getInputProps("billing_mode")}
        />
        <Switch label={t("tiers.isFree")} {...form.getInputProps("is_free", { type: "checkbox" })} />
        <Switch label={t("tiers.failOpen")} {...form.getInputProps("fail_open", { type: "checkbox" })} />
        <FormEnd saving={saving} label={t(edited ? "common.save" : "tiers.create")} />
      </Stack>
    </form>
  );
}
