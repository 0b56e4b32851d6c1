import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, payload } from "../../api/client";
import { keysQuery } from "../../api/own";
import type { ApiKey, CreatedApiKey } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import { DataTable, type Column } from "../../parts/DataTable";
import { useFilters } from "../../parts/filters";
import { useFormat } from "../../parts/format";
import { useConfirmed } from "../../parts/forms";
import { useNow } from "../../parts/now";
import { RowMenu } from "../../parts/RowMenu";
import { Answer } from "../../parts/States";
import { Tag } from "../../parts/Tag";
import { Time } from "../../parts/Time";
import { KeyForm } from "./KeyForm";
import { RotateForm } from "./RotateForm";
import { SecretOnce } from "./SecretOnce";

/** A user's keys, and what can be done with them. */
export function KeyList({ userId, mayChange }: { userId: string; mayChange: boolean }) {
  const { t } = useI18n();
  const filters = useFilters();
  const query = useQuery(keysQuery(userId));
  const [edited, setEdited] = useState<ApiKey | null>(null);
  const [rotated, setRotated] = useState<ApiKey | null>(null);
  const [made, setMade] = useState<{ key: CreatedApiKey; isNew: boolean } | null>(null);
  const isCreating = filters.get("new") !== null;
  return (
    <Stack>
      {mayChange && (
        <Group>
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => filters.set({ new: "1" })}>
            {t("keys.create")}
          </Button>
        </Group>
      )}
      <Answer query={query}>
        {(keys) => <Keys keys={keys} mayChange={mayChange} onEdit={setEdited} onRotate={setRotated} />}
      </Answer>
      <Modal opened={isCreating} onClose={() => filters.set({ new: null })} title={t("keys.createTitle")} closeButtonProps={{ "aria-label": t("common.close") }}>
        <KeyForm
          userId={userId}
          onDone={(key) => {
            filters.set({ new: null });
            setMade({ key: key as CreatedApiKey, isNew: true });
          }}
        />
      </Modal>
      <Modal opened={edited !== null} onClose={() => setEdited(null)} title={t("keys.editTitle", { name: edited?.name ?? "" })} closeButtonProps={{ "aria-label": t("common.close") }}>
        {edited && <KeyForm userId={userId} edited={edited} onDone={() => setEdited(null)} />}
      </Modal>
      <Modal opened={rotated !== null} onClose={() => setRotated(null)} title={t("keys.rotateTitle", { name: rotated?.name ?? "" })} closeButtonProps={{ "aria-label": t("common.close") }}>
        {rotated && (
          <RotateForm
            apiKey={rotated}
            onDone={(key) => {
              setRotated(null);
              setMade({ key, isNew: false });
            }}
          />
        )}
      </Modal>
      <Modal
        opened={made !== null}
        onClose={() => setMade(null)}
        size="lg"
        title={made ? t(made.isNew ? "keys.madeTitle" : "keys.rotatedTitle", { name: made.key.name }) : ""}
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        {made && <SecretOnce secret={made.key.api_key} onClose={() => setMade(null)} />}
      </Modal>
    </Stack>
  );
}

function Keys({
  keys,
  mayChange,
  onEdit,
  onRotate,
}: {
  keys: ApiKey[];
  mayChange: boolean;
  onEdit: (key: ApiKey) => void;
  onRotate: (key: ApiKey) => void;
}) {
  const { t } = useI18n();
  const format = useFormat();
  const confirmed = useConfirmed();
  const confirmRevoke = (key: ApiKey) =>
    confirmed({
      title: t("keys.revokeTitle", { name: key.name }),
      text: <Text size="sm">{t("keys.revokeText")}</Text>,
      confirm: t("keys.revokeConfirm"),
      run: () => payload(api.DELETE("/api/v1/api-keys/{key_id}", { params: { path: { key_id: key.id } } })),
      done: t("keys.revoked", { name: key.name }),
      touches: ["keys"],
    });
  const columns: Column<ApiKey>[] = [
    { id: "name", header: t("keys.name"), cell: (key) => <span translate="no">{key.name}</span> },
    { id: "key", header: t("keys.key"), cell: (key) => <code>{key.api_key_preview}</code> },
    { id: "state", header: t("keys.state"), cell: (key) => <State apiKey={key} /> },
    {
      id: "budget",
      header: t("keys.budget"),
      isFigure: true,
      cell: (key) => (key.max_budget === null ? t("common.noLimit") : format.usd(key.max_budget)),
    },
    { id: "spent", header: t("keys.spent"), isFigure: true, cell: (key) => format.usd(key.total_cost) },
    { id: "calls", header: t("keys.calls"), isFigure: true, cell: (key) => format.whole(key.usage_count) },
    { id: "used", header: t("keys.used"), cell: (key) => (key.last_used ? <Time at={key.last_used} /> : t("common.never")) },
    { id: "created", header: t("keys.created"), cell: (key) => <Time at={key.created_at} /> },
  ];
  if (mayChange) {
    columns.push({
      id: "actions",
      header: t("keys.actionsHeader"),
      isHeaderHidden: true,
      cell: (key) => (
        <RowMenu
          label={t("keys.actions", { name: key.name })}
          items={[
            { label: t("keys.edit"), onClick: () => onEdit(key) },
            { label: t("keys.rotate"), onClick: () => onRotate(key) },
            { label: t("keys.revoke"), onClick: () => confirmRevoke(key) },
          ]}
        />
      ),
    });
  }
  return <DataTable label={t("keys.title")} columns={columns} rows={keys} keyOf={(key) => key.id} empty={t("keys.empty")} />;
}

function State({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useI18n();
  const format = useFormat();
  const now = useNow();
  if (apiKey.expires_at && Date.parse(apiKey.expires_at) <= now) return <Tag kind="bad">{t("keys.expired")}</Tag>;
  if (!apiKey.is_active) return <Tag kind="bad">{t("keys.inactive")}</Tag>;
  if (apiKey.previous_secret_ends_at && Date.parse(apiKey.previous_secret_ends_at) > now) {
    return <Tag kind="warn">{t("keys.rotating", { when: format.moment(apiKey.previous_secret_ends_at) })}</Tag>;
  }
  return <Tag kind="good">{t("keys.active")}</Tag>;
}
