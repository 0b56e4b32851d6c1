import { Alert, Button, CopyButton, Group, Stack, Title } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useI18n } from "../../i18n/i18n";

/** A key's text, at the one moment that it can be seen. */
export function SecretOnce({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useI18n();
  const curl = [
    `curl ${location.origin}/v1/models -H "Authorization: Bearer ${secret}"`,
  ].join("\n");
  return (
    <Stack>
      <Alert color="yellow" variant="outline" title={t("keys.shownOnce")} />
      <pre className="secret" data-testid="secret">
        {secret}
      </pre>
      <Group>
        <Copy text={secret} />
      </Group>
      <Title order={3} size="h6">
        {t("keys.tryIt")}
      </Title>
      <pre className="secret">{curl}</pre>
      <Group justify="space-between">
        <Copy text={curl} />
        <Button onClick={onClose}>{t("common.close")}</Button>
      </Group>
    </Stack>
  );
}

export function Copy({ text }: { text: string }) {
  const { t } = useI18n();
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button variant="default" size="xs" onClick={copy} leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}>
          {t(copied ? "common.copied" : "common.copy")}
        </Button>
      )}
    </CopyButton>
  );
}
