import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { adminModelQuery } from "../api/admin";
import { api, payload } from "../api/client";
import type { Model } from "../api/types";
import { useI18n } from "../i18n/i18n";
import { useFormat } from "../parts/format";
import { Dialog, useConfirmed } from "../parts/forms";
import { Facts, Page, Panel } from "../parts/Page";
import { Answer, Empty } from "../parts/States";
import { Tag } from "../parts/Tag";
import { Time } from "../parts/Time";
import { gapOf } from "./catalogue/gaps";
import { ModelForm } from "./catalogue/ModelForm";

/** One model: what it is, and each of its prices with where it comes from. */
export default function ModelPage() {
  const { t } = useI18n();
  const { id = "" } = useParams();
  const query = useQuery(adminModelQuery(id));
  return (
    <Page
      title={query.data?.name ?? t("calls.model")}
      actions={
        <Anchor component={Link} to="/console/models">
          {t("models.back")}
        </Anchor>
      }
    >
      <Answer query={query}>{(model) => <OneModel model={model} />}</Answer>
    </Page>
  );
}

function OneModel({ model }: { model: Model }) {
  const { t } = useI18n();
  const format = useFormat();
  const navigate = useNavigate();
  const confirmed = useConfirmed();
  const [isEditing, setEditing] = useState(false);
  const gap = gapOf(model);
  const config = model.model_config;
  const yesNo = (is: boolean) => t(is ? "common.yes" : "common.no");
  const tokens = (value: number | null) => (value === null ? t("models.unknown") : format.whole(value));
  const remove = () =>
    confirmed({
      title: t("models.deleteTitle", { name: model.name }),
      text: <Text size="sm">{t("models.deleteText")}</Text>,
      confirm: t("models.delete"),
      run: async () => {
        await payload(api.DELETE("/api/v1/admin/models/{id}", { params: { path: { id: model.id } } }));
        void navigate("/console/models");
      },
      done: t("models.deleted", { name: model.name }),
      touches: [],
    });
  return (
    <Stack>
      {gap !== null && <Alert color="red" variant="outline" title={t(`models.gap.${gap}`)}>{t("models.gapText")}</Alert>}
      <Panel
        title={t("call.facts")}
        side={config.is_enabled ? <Tag kind="good">{t("models.enabled")}</Tag> : <Tag kind="bad">{t("models.disabled")}</Tag>}
      >
        <Stack>
          <Facts
            rows={[
              [t("models.company"), model.company.name],
              [t("models.mode"), <span key="mode" translate="no">{model.mode}</span>],
              [t("models.externalId"), model.external_id ?? t("common.none")],
              [t("models.aliases"), model.aliases.join(", ") || t("common.none")],
              [t("models.maxInput"), tokens(model.max_input_tokens)],
              [t("models.maxOutput"), tokens(model.max_output_tokens)],
              [t("models.vision"), yesNo(model.supports_vision)],
              [t("models.tools"), yesNo(model.supports_function_calling)],
              [t("models.reasoning"), yesNo(model.supports_reasoning)],
              [t("models.isFree"), yesNo(config.is_free)],
              [t("models.synced"), model.last_synced_at ? <Time key="synced" at={model.last_synced_at} /> : t("common.never")],
              [t("audit.entity_id"), model.id],
            ]}
          />
          <Group gap="xs">
            <Button variant="default" onClick={() => setEditing(true)}>
              {t("models.edit")}
            </Button>
            <Button variant="default" component={Link} to={`/console/usage?by=user&model_id=${model.id}`}>
              {t("nav.usage")}
            </Button>
            <Button variant="default" component={Link} to={`/console/limits?tab=rates&model_id=${model.id}`}>
              {t("limits.rates")}
            </Button>
            <Button variant="default" onClick={remove}>
              {t("models.delete")}
            </Button>
          </Group>
        </Stack>
      </Panel>
      <Panel title={t("models.prices")} side={<Text size="sm">{t("models.mainSource", { source: config.price_source })}</Text>}>
        <Rates model={model} />
      </Panel>
      <Dialog title={t("keys.editTitle", { name: model.name })} isOpen={isEditing} onClose={() => setEditing(false)} size="lg">
        <ModelForm edited={model} onDone={() => setEditing(false)} />
      </Dialog>
    </Stack>
  );
}

const perMillion = 1_000_000;

function Rates({ model }: { model: Model }) {
  const { t } = useI18n();
  const format = useFormat();
  const { rates, admin_rates, price_source } = model.model_config;
  const names = Object.keys(rates).sort();
  if (names.length === 0) return <Empty>{t("models.noRates")}</Empty>;
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={t("models.prices")}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("models.rate")}</th>
            <th scope="col" className="right">
              {t("models.perUnit")}
            </th>
            <th scope="col" className="right">
              {t("models.perMillion")}
            </th>
            <th scope="col">{t("models.source")}</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <td>
                <code>{name}</code>
              </td>
              <td className="right">{format.usdExact(rates[name] ?? 0)}</td>
              <td className="right">{format.usd((rates[name] ?? 0) * perMillion)}</td>
              <td>{admin_rates.includes(name) ? "admin" : price_source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
