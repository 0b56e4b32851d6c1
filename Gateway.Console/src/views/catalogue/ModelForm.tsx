import { Group, Select, SimpleGrid, Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { companiesQuery } from "../../api/admin";
import { api, payload } from "../../api/client";
import type { Model } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import { FormEnd, useSaving } from "../../parts/forms";

const perMillion = 1_000_000;
export const prices = ["input_token_cost", "output_token_cost", "cache_read_token_cost", "cache_write_token_cost", "reasoning_token_cost"] as const;
export const itemPrices = ["image_cost", "request_cost"] as const;
type Price = (typeof prices)[number] | (typeof itemPrices)[number];

type Values = Record<Price, string> & {
  name: string;
  company_id: string | null;
  external_id: string;
  mode: string;
  aliases: string[];
  is_enabled: boolean;
  is_free: boolean;
};

// Through text: a price times a million must not show what binary fractions do to it.
const shown = (value: number | null | undefined, factor: number) => (value === null || value === undefined ? "" : Number((value * factor).toPrecision(12)).toString());

/** Makes a model, or changes one: its names, whether it may be called, and what it costs. */
export function ModelForm({ edited, onDone }: { edited?: Model; onDone: (model: Model) => void }) {
  const { t } = useI18n();
  const { data: companies = [] } = useQuery(companiesQuery);
  const config = edited?.model_config;
  const amount = (value: string) => (value === "" || Number(value) >= 0 ? null : t("tiers.invalidPrice"));
  const form = useForm<Values>({
    initialValues: {
      name: edited?.name ?? "",
      company_id: edited?.company_id ?? null,
      external_id: edited?.external_id ?? "",
      mode: edited?.mode ?? "chat",
      aliases: edited?.aliases ?? [],
      is_enabled: config?.is_enabled ?? true,
      is_free: config?.is_free ?? false,
      input_token_cost: shown(config?.input_token_cost, perMillion),
      output_token_cost: shown(config?.output_token_cost, perMillion),
      cache_read_token_cost: shown(config?.cache_read_token_cost, perMillion),
      cache_write_token_cost: shown(config?.cache_write_token_cost, perMillion),
      reasoning_token_cost: shown(config?.reasoning_token_cost, perMillion),
      image_cost: shown(config?.image_cost, 1),
      request_cost: shown(config?.request_cost, 1),
    },
    validate: {
      name: (value) => (value.trim() ? null : t("keys.invalidName")),
      company_id: (value) => (value ? null : t("models.invalidCompany")),
      input_token_cost: amount,
      output_token_cost: amount,
      cache_read_token_cost: amount,
      cache_write_token_cost: amount,
      reasoning_token_cost: amount,
      image_cost: amount,
      request_cost: amount,
    },
  });
  const saving = useSaving(
    form,
    (values) => {
      const before = form.getInitialValues();
      const sent = (name: Price, factor: number) =>
        values[name] === before[name] ? {} : { [name]: values[name] === "" ? null : Number((Number(values[name]) / factor).toPrecision(12)) };
      const wish = {
        name: values.name.trim(),
        company_id: values.company_id ?? "",
        external_id: values.external_id.trim() || null,
        mode: values.mode.trim(),
        aliases: values.aliases,
        model_config: {
          is_enabled: values.is_enabled,
          is_free: values.is_free,
          ...Object.assign({}, ...prices.map((name) => sent(name, perMillion)), ...itemPrices.map((name) => sent(name, 1))),
        } as object,
      };
      return payload(
        edited
          ? api.PATCH("/api/v1/admin/models/{id}", { params: { path: { id: edited.id } }, body: wish })
          : api.POST("/api/v1/admin/models", { body: wish }),
      ).then((answer) => answer.data);
    },
    onDone,
    ["models"],
  );
  return (
    <form onSubmit={saving.submit} noValidate>
      <Stack>
        <Group grow align="flex-start">
          <TextInput label={t("keys.name")} description={t("models.nameHint")} required data-autofocus maxLength={255} {...form.getInputProps("name")} />
          <TextInput label={t("models.externalId")} description={t("models.externalIdHint")} {...form.getInputProps("external_id")} />
        </Group>
        <Group grow align="flex-start">
          <Select
            label={t("models.company")}
            required
            searchable
            data={companies.map((company) => ({ value: company.id, label: company.name }))}
            nothingFoundMessage={t("app.nothingFound")}
            {...form.getInputProps("company_id")}
          />
          <TextInput label={t("models.mode")} {...form.getInputProps("mode")} />
        </Group>
        <TagsInput label={t("models.aliases")} description={t("models.aliasesHint")} {...form.getInputProps("aliases")} />
        <Text size="sm" c="dimmed">
          {t("models.priceHint")}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {prices.map((name) => (
            <TextInput key={name} label={t(`models.${name}`)} inputMode="decimal" {...form.getInputProps(name)} />
          ))}
          {itemPrices.map((name) => (
            <TextInput key={name} label={t(`models.${name}`)} inputMode="decimal" {...form.getInputProps(name)} />
          ))}
        </SimpleGrid>
        <Switch label={t("models.isEnabled")} {...form.getInputProps("is_enabled", { type: "checkbox" })} />
        <Switch label={t("models.isFree")} {...form.getInputProps("is_free", { type: "checkbox" })} />
        <FormEnd saving={saving} label={t(edited ? "common.save" : "models.create")} />
      </Stack>
    </form>
  );
}
