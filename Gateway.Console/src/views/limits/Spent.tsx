import { Group, Progress, Text } from "@mantine/core";
import { useI18n } from "../../i18n/i18n";
import { useFormat } from "../../parts/format";

const near = 0.8;

/** How far a budget is spent. */
export function Spent({ spent, held, cap }: { spent: number; held: number; cap: number }) {
  const { t } = useI18n();
  const format = useFormat();
  const share = cap === 0 ? 1 : (spent + held) / cap;
  const color = share >= 1 ? "red.8" : share >= near ? "orange.8" : "blue.8";
  return (
    <Group gap="xs" wrap="nowrap" justify="flex-end">
      <Progress.Root w={80} aria-hidden>
        <Progress.Section value={Math.min(100, share * 100)} color={color} aria-label={t("limits.spentShare")} />
      </Progress.Root>
      <Text size="sm" w={56} ta="right">
        {format.percent(share)}
      </Text>
    </Group>
  );
}
