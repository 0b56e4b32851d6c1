import { Anchor, Button, Group, Select } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { adminModelsQuery } from "../api/admin";
import type { Model } from "../api/types";
import { useI18n } from "../i18n/i18n";
import type { Column } from "../parts/DataTable";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { Dialog } from "../parts/forms";
import { Page } from "../parts/Page";
import { PagedTable } from "../parts/PagedTable";
import { SearchField } from "../parts/SearchField";
import { Tag } from "../parts/Tag";
import { ModelForm } from "./catalogue/ModelForm";
import { PriceState } from "./catalogue/PriceState";

const perMillion = 1_000_000;
const modes = ["chat", "completion", "embedding", "image_generation", "audio_transcription", "audio_speech", "rerank", "moderation", "responses"];

/** The catalogue: what calls may ask for, what it costs, and where a price is missing. */
export default function Models() {
  const { t } = useI18n();
  const format = useFormat();
  const filters = useFilters();
  const navigate = useNavigate();
  const query = useInfiniteQuery({
    ...adminModelsQuery({ search: filters.get("search"), is_enabled: filters.get("is_enabled"), mode: filters.get("mode") }),
    placeholderData: keepPreviousData,
  });
  const price = (value: number | null) => (value === null ? "–" : format.usd(value * perMillion));
  const columns: Column<Model>[] = [
    {
      id: "name",
      header: t("keys.name"),
      cell: (model) => (
        <Anchor component={Link} size="sm" to={`/console/models/${model.id}`}>
          {model.name}
        </Anchor>
      ),
    },
    { id: "mode", header: t("models.mode"), cell: (model) => <span translate="no">{model.mode}</span> },
    {
      id: "state",
      header: t("keys.state"),
      cell: (model) =>
        model.model_config.is_enabled ? <Tag kind="good">{t("models.enabled")}</Tag> : <Tag kind="bad">{t("models.disabled")}</Tag>,
    },
    { id: "prices", header: t("models.prices"), cell: (model) => <PriceState model={model} /> },
    { id: "source", header: t("models.source"), cell: (model) => model.model_config.price_source },
    { id: "input", header: t("models.inputPrice"), isFigure: true, cell: (model) => price(model.model_config.input_token_cost) },
    { id: "output", header: t("models.outputPrice"), isFigure: true, cell: (model) => price(model.model_config.output_token_cost) },
    { id: "company", header: t("models.company"), cell: (model) => model.company.name },
    { id: "upstream", header: t("models.externalId"), cell: (model) => model.external_id ?? "–" },
  ];
  return (
    <Page
      title={t("models.title")}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => filters.set({ new: "1" })}>
          {t("models.create")}
        </Button>
      }
    >
      <Group align="flex-end" gap="sm" role="search">
        <SearchField label={t("models.search")} />
        <Select
          label={t("models.mode")}
          placeholder={t("common.all")}
          clearable
          clearButtonProps={{ "aria-label": t("common.clear") }}
          data={modes}
          value={filters.get("mode")}
          onChange={(value) => filters.set({ mode: value })}
        />
        <Select
          label={t("keys.state")}
          placeholder={t("common.all")}
          clearable
          clearButtonProps={{ "aria-label": t("common.clear") }}
          data={[
            { value: "true", label: t("models.enabled") },
            { value: "false", label: t("models.disabled") },
          ]}
          value={filters.get("is_enabled")}
          onChange={(value) => filters.set({ is_enabled: value })}
        />
      </Group>
      <PagedTable
        query={query}
        label={t("models.title")}
        count={(count) => t("models.count", { count })}
        columns={columns}
        keyOf={(model) => model.id}
        empty={t("models.empty")}
      />
      <Dialog title={t("models.create")} isOpen={filters.get("new") !== null} onClose={() => filters.set({ new: null })} size="lg">
        <ModelForm onDone={(model) => void navigate(`/console/models/${model.id}`)} />
      </Dialog>
    </Page>
  );
}
