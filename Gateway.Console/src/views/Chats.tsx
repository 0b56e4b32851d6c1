import { Button, Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { Link, useNavigate } from "react-router";
import { chatsQuery } from "../api/chats";
import { api, payload } from "../api/client";
import type { Chat } from "../api/types";
import { useI18n } from "../i18n/i18n";
import { DataTable, type Column } from "../parts/DataTable";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { Dialog, useAct, useConfirmed } from "../parts/forms";
import { Page } from "../parts/Page";
import { RowMenu } from "../parts/RowMenu";
import { SearchField } from "../parts/SearchField";
import { Failed, Loading } from "../parts/States";
import { Time } from "../parts/Time";

/** The caller's own chats. */
export default function Chats() {
  const { t } = useI18n();
  const format = useFormat();
  const filters = useFilters();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const act = useAct();
  const confirmed = useConfirmed();
  const [renamed, setRenamed] = useState<Chat | null>(null);
  const query = useInfiniteQuery(chatsQuery({ search: filters.get("search"), isArchived: filters.get("archived") !== null }));
  const create = useMutation({
    mutationFn: () => payload(api.POST("/api/v1/chats", { body: {} })),
    onSuccess: async (chat) => {
      await queries.invalidateQueries({ queryKey: ["chats"] });
      void navigate(`/console/chats/${chat.id}`);
    },
  });
  const path = (chat: Chat) => ({ params: { path: { id: chat.id } } });
  const remove = (chat: Chat) =>
    confirmed({
      title: t("chats.deleteTitle", { name: chat.title }),
      text: <Text size="sm">{t("chats.deleteText")}</Text>,
      confirm: t("chats.delete"),
      run: () => payload(api.DELETE("/api/v1/chats/{id}/permanent", path(chat))),
      done: t("chats.deleted"),
      touches: ["chats"],
    });
  const columns: Column<Chat>[] = [
    {
      id: "title",
      header: t("chats.name"),
      cell: (chat) => (
        <Link className="link" to={`/console/chats/${chat.id}`}>
          {chat.title}
        </Link>
      ),
    },
    { id: "messages", header: t("chats.messages"), isFigure: true, cell: (chat) => format.whole(chat.message_count) },
    { id: "model", header: t("calls.model"), cell: (chat) => chat.model_used ?? "–" },
    { id: "changed", header: t("chats.changed"), cell: (chat) => <Time at={chat.updated_at} /> },
    {
      id: "actions",
      header: t("keys.actionsHeader"),
      isHeaderHidden: true,
      cell: (chat) => (
        <RowMenu
          label={t("keys.actions", { name: chat.title })}
          items={[
            { label: t("chats.rename"), onClick: () => setRenamed(chat) },
            {
              label: t(chat.is_archived ? "chats.restore" : "chats.archive"),
              onClick: () =>
                void act(
                  () =>
                    chat.is_archived
                      ? payload(api.POST("/api/v1/chats/{id}/restore", path(chat)))
                      : payload(api.PATCH("/api/v1/chats/{id}", { ...path(chat), body: { is_archived: true } })),
                  t("common.saved"),
                  ["chats"],
                ),
            },
            { label: t("common.delete"), onClick: () => remove(chat) },
          ]}
        />
      ),
    },
  ];
  return (
    <Page
      title={t("chats.title")}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} loading={create.isPending} onClick={() => create.mutate()}>
          {t("chats.create")}
        </Button>
      }
    >
      {create.error && <Failed error={create.error} />}
      <Group align="flex-end" gap="sm" role="search">
        <SearchField label={t("chats.search")} />
        <Switch
          label={t("chats.showArchived")}
          checked={filters.get("archived") !== null}
          onChange={(event) => filters.set({ archived: event.currentTarget.checked ? "1" : null })}
        />
      </Group>
      {query.data === undefined ? (
        query.error ? (
          <Failed error={query.error} again={() => void query.refetch()} />
        ) : (
          <Loading />
        )
      ) : (
        <DataTable
          label={t("chats.title")}
          columns={columns}
          rows={query.data.pages.flat()}
          keyOf={(chat) => chat.id}
          empty={t("chats.empty")}
          onEnd={query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined}
        />
      )}
      <Dialog title={t("chats.rename")} isOpen={renamed !== null} onClose={() => setRenamed(null)}>
        {renamed && <RenameForm chat={renamed} onDone={() => setRenamed(null)} />}
      </Dialog>
    </Page>
  );
}

function RenameForm({ chat, onDone }: { chat: Chat; onDone: () => void }) {
  const { t } = useI18n();
  const queries = useQueryClient();
  const [title, setTitle] = useState(chat.title);
  const [isMissing, setMissing] = useState(false);
  const save = useMutation({
    mutationFn: () => payload(api.PATCH("/api/v1/chats/{id}", { params: { path: { id: chat.id } }, body: { title: title.trim() } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["chats"] });
      onDone();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (title.trim()) save.mutate();
    else setMissing(true);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={t("chats.name")}
          required
          data-autofocus
          value={title}
          error={isMissing && !title.trim() && t("keys.invalidName")}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {save.error && <Failed error={save.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
