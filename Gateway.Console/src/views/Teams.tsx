import { Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { teamsQuery } from "../api/admin";
import { api, payload } from "../api/client";
import type { Team } from "../api/types";
import { useI18n } from "../i18n/i18n";
import type { Column } from "../parts/DataTable";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { Dialog, FormEnd, useConfirmed, useSaving } from "../parts/forms";
import { Page } from "../parts/Page";
import { PagedTable } from "../parts/PagedTable";
import { RowMenu } from "../parts/RowMenu";
import { SearchField } from "../parts/SearchField";
import { Time } from "../parts/Time";

/** Groups of users that share budgets and limits. */
export default function Teams() {
  const { t } = useI18n();
  const format = useFormat();
  const filters = useFilters();
  const confirmed = useConfirmed();
  const query = useInfiniteQuery({ ...teamsQuery(filters.get("search")), placeholderData: keepPreviousData });
  const [edited, setEdited] = useState<Team | null>(null);
  const remove = (team: Team) =>
    confirmed({
      title: t("teams.deleteTitle", { name: team.name }),
      text: <Text size="sm">{t("teams.deleteText")}</Text>,
      confirm: t("teams.delete"),
      run: () => payload(api.DELETE("/api/v1/admin/teams/{id}", { params: { path: { id: team.id } } })),
      done: t("teams.deleted", { name: team.name }),
      touches: ["teams"],
    });
  const columns: Column<Team>[] = [
    { id: "name", header: t("keys.name"), cell: (team) => <span translate="no">{team.name}</span> },
    { id: "id", header: t("audit.entity_id"), cell: (team) => <code>{team.id}</code> },
    { id: "members", header: t("teams.members"), isFigure: true, cell: (team) => format.whole(team.members_count) },
    { id: "usage", header: t("nav.usage"), cell: (team) => <Link className="link" to={`/console/usage?by=user&team_id=${encodeURIComponent(team.id)}`}>{t("teams.usage")}</Link> },
    { id: "created", header: t("keys.created"), cell: (team) => <Time at={team.created_at} /> },
    { id: "description", header: t("money.description"), cell: (team) => <span translate="no">{team.description ?? "–"}</span> },
    {
      id: "actions",
      header: t("keys.actionsHeader"),
      isHeaderHidden: true,
      cell: (team) => (
        <RowMenu
          label={t("keys.actions", { name: team.name })}
          items={[
            { label: t("keys.edit"), onClick: () => setEdited(team) },
            { label: t("common.delete"), onClick: () => remove(team) },
          ]}
        />
      ),
    },
  ];
  const close = () => filters.set({ new: null });
  return (
    <Page
      title={t("teams.title")}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => filters.set({ new: "1" })}>
          {t("teams.create")}
        </Button>
      }
    >
      <Group align="flex-end" gap="sm" role="search">
        <SearchField label={t("teams.search")} />
      </Group>
      <PagedTable
        query={query}
        label={t("teams.title")}
        count={(count) => t("teams.count", { count })}
        columns={columns}
        keyOf={(team) => team.id}
        empty={t("teams.empty")}
      />
      <Dialog title={t("teams.create")} isOpen={filters.get("new") !== null} onClose={close}>
        <TeamForm onDone={close} />
      </Dialog>
      <Dialog title={t("keys.editTitle", { name: edited?.name ?? "" })} isOpen={edited !== null} onClose={() => setEdited(null)}>
        {edited && <TeamForm edited={edited} onDone={() => setEdited(null)} />}
      </Dialog>
    </Page>
  );
}

interface Values {
  id: string;
  name: string;
  description: string;
}

function TeamForm({ edited, onDone }: { edited?: Team; onDone: () => void }) {
  const { t } = useI18n();
  const form = useForm<Values>({
    initialValues: { id: "", name: edited?.name ?? "", description: edited?.description ?? "" },
    validate: { name: (value) => (value.trim() ? null : t("keys.invalidName")) },
  });
  const saving = useSaving(
    form,
    ({ id, name, description }) => {
      const wish = { name: name.trim(), description: description.trim() || null };
      return edited
        ? payload(api.PATCH("/api/v1/admin/teams/{id}", { params: { path: { id: edited.id } }, body: wish }))
        : payload(api.POST("/api/v1/admin/teams", { body: { ...wish, ...(id.trim() && { id: id.trim() }) } }));
    },
    onDone,
    ["teams"],
  );
  return (
    <form onSubmit={saving.submit} noValidate>
      <Stack>
        <TextInput label={t("keys.name")} required data-autofocus maxLength={255} {...form.getInputProps("name")} />
        {!edited && <TextInput label={t("audit.entity_id")} description={t("teams.idHint")} {...form.getInputProps("id")} />}
        <Textarea label={t("money.description")} autosize maxRows={6} {...form.getInputProps("description")} />
        <FormEnd saving={saving} label={t(edited ? "common.save" : "teams.create")} />
      </Stack>
    </form>
  );
}
