import { Button, Group, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { useNavigate } from "react-router";
import { callPagesQuery, type CallFilter } from "../api/calls";
import { useI18n } from "../i18n/i18n";
import { CallTable } from "../parts/CallTable";
import { useFilters } from "../parts/filters";
import { Page } from "../parts/Page";
import { ModelPicker, UserPicker } from "../parts/pickers";
import { Failed, Loading } from "../parts/States";
import { TextFilter } from "../parts/TextFilter";

const names = ["user_id", "model_id", "date_from", "date_to", "tag", "end_user"] as const;

/** Calls by user, model, time, tag and end user; one is also found by its id. */
export function CallList({ of, title }: { of: "everybody" | "own"; title: string }) {
  const { t } = useI18n();
  const filters = useFilters();
  const filter: CallFilter = {};
  for (const name of names) {
    const value = filters.get(name);
    if (value !== null) filter[name] = value;
  }
  const query = useInfiniteQuery(callPagesQuery(of, filter));
  const calls = query.data?.pages.flatMap((page) => page.data) ?? [];
  const total = query.data?.pages[0]?.total_count ?? 0;
  return (
    <Page title={title} actions={<FindById />}>
      <Group align="flex-end" gap="sm" role="search">
        {of === "everybody" && <UserPicker value={filters.get("user_id")} onChange={(id) => filters.set({ user_id: id })} />}
        <ModelPicker value={filters.get("model_id")} onChange={(id) => filters.set({ model_id: id })} />
        <TextInput
          type="date"
          label={`${t("common.from")} (UTC)`}
          value={filters.get("date_from") ?? ""}
          onChange={(event) => filters.set({ date_from: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={`${t("common.to")} (UTC)`}
          value={filters.get("date_to") ?? ""}
          onChange={(event) => filters.set({ date_to: event.currentTarget.value })}
        />
        <TextFilter label={t("usage.by.tag")} name="tag" />
        <TextFilter label={t("usage.by.end_user")} name="end_user" />
        {filters.isAny && (
          <Button variant="default" onClick={filters.clear}>
            {t("common.clear")}
          </Button>
        )}
      </Group>
      {query.error && calls.length === 0 ? (
        <Failed error={query.error} again={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Loading />
      ) : (
        <>
          <Group justify="space-between">
            <Text size="sm" c="dimmed" role="status">
              {t("calls.count", { count: total })}
            </Text>
            <Button variant="default" size="xs" onClick={() => void query.refetch()} loading={query.isRefetching}>
              {t("common.refresh")}
            </Button>
          </Group>
          <CallTable
            label={title}
            calls={calls}
            isOperators={of === "everybody"}
            onEnd={query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined}
          />
        </>
      )}
    </Page>
  );
}

function FindById() {
  const { t } = useI18n();
  const navigate = useNavigate();
  const [id, setId] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (id.trim()) void navigate(`/console/calls/${encodeURIComponent(id.trim())}`);
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          aria-label={t("calls.find")}
          placeholder={t("calls.find")}
          title={t("calls.findHint")}
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
          miw={0}
          flex={1}
        />
        <Button type="submit" variant="default">
          {t("calls.open")}
        </Button>
      </Group>
    </form>
  );
}
