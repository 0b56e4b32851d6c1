import { Alert, Button, Group, Stack, Stepper, Text } from "@mantine/core";
import { useState } from "react";
import type { CreatedApiKey } from "../api/types";
import { useI18n } from "../i18n/i18n";
import { useFilters } from "../parts/filters";
import { Page } from "../parts/Page";
import { useUser } from "../session/session";
import { KeyForm } from "./keys/KeyForm";
import { SecretOnce } from "./keys/SecretOnce";
import { PasswordForm } from "./people/PasswordForm";
import { FirstCall } from "./setup/FirstCall";
import { FirstModel } from "./setup/FirstModel";
import { FirstUpstream } from "./setup/FirstUpstream";

const steps = ["password", "upstream", "model", "key", "call"] as const;

/** From a fresh gateway to the first answered call; each step can be done later and again. */
export default function Setup() {
  const { t } = useI18n();
  const filters = useFilters();
  const user = useUser();
  const at = Math.max(0, steps.findIndex((step) => step === filters.get("step")));
  const [isChanged, setChanged] = useState(false);
  const [key, setKey] = useState<CreatedApiKey | null>(null);
  const model = filters.get("model");
  const go = (step: number) => filters.set({ step: steps[step] ?? "password" });
  return (
    <Page title={t("setup.title")}>
      <Stepper active={at} onStepClick={go} size="sm" aria-label={t("setup.title")}>
        <Stepper.Step label={t("setup.password")}>
          <Stack maw={480}>
            <Text>{t("setup.passwordText")}</Text>
            {isChanged ? <Alert color="blue" variant="outline" role="status" title={t("setup.passwordDone")} /> : <PasswordForm onDone={() => setChanged(true)} />}
          </Stack>
        </Stepper.Step>
        <Stepper.Step label={t("setup.upstream")}>
          <FirstUpstream />
        </Stepper.Step>
        <Stepper.Step label={t("setup.model")}>
          <FirstModel chosen={model} onChoose={(name) => filters.set({ model: name })} />
        </Stepper.Step>
        <Stepper.Step label={t("setup.key")}>
          <Stack maw={640}>
            <Text>{t("setup.keyText")}</Text>
            {key ? <SecretOnce secret={key.api_key} onClose={() => go(at + 1)} /> : <KeyForm userId={user.id} onDone={(made) => setKey(made as CreatedApiKey)} />}
          </Stack>
        </Stepper.Step>
        <Stepper.Step label={t("setup.call")}>
          <FirstCall secret={key?.api_key ?? null} model={model} />
        </Stepper.Step>
      </Stepper>
      <Group>
        <Button variant="default" disabled={at === 0} onClick={() => go(at - 1)}>
          {t("setup.back")}
        </Button>
        <Button variant="default" disabled={at === steps.length - 1} onClick={() => go(at + 1)}>
          {t("setup.next")}
        </Button>
      </Group>
    </Page>
  );
}
