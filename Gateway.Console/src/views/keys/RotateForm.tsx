import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, payload } from "../../api/client";
import type { ApiKey, CreatedApiKey } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import { Failed } from "../../parts/States";

const overlaps = ["0", "3600", "86400", "604800"] as const;

/** Asks how long the old secret shall work, and renews the key. */
export function RotateForm({ apiKey, onDone }: { apiKey: ApiKey; onDone: (key: CreatedApiKey) => void }) {
  const { t } = useI18n();
  const queries = useQueryClient();
  const [overlap, setOverlap] = useState<string>("86400");
  const rotate = useMutation({
    mutationFn: () =>
      payload(
        api.POST("/api/v1/api-keys/{key_id}/rotate", {
          params: { path: { key_id: apiKey.id } },
          body: { overlap_seconds: Number(overlap) },
        }),
      ),
    onSuccess: async (key) => {
      await queries.invalidateQueries({ queryKey: ["keys"] });
      onDone(key);
    },
  });
  return (
    <Stack>
      <Text size="sm">{t("keys.rotateText")}</Text>
      <Select
        label={t("keys.overlap")}
        value={overlap}
        onChange={(value) => setOverlap(value ?? "0")}
        allowDeselect={false}
        data={overlaps.map((value) => ({ value, label: t(`keys.overlap.${value}`) }))}
      />
      {rotate.error && <Failed error={rotate.error} />}
      <Group justify="flex-end">
        <Button onClick={() => rotate.mutate()} loading={rotate.isPending}>
          {t("keys.rotateConfirm")}
        </Button>
      </Group>
    </Stack>
  );
}
