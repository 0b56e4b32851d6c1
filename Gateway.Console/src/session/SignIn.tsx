import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useEffect, useState, type SubmitEvent } from "react";
import { ApiFailure } from "../api/failure";
import { LanguageMenu, SchemeButton } from "../app/Preferences";
import { useI18n } from "../i18n/i18n";
import { wordsOf } from "../parts/States";
import { signIn } from "./session";

/** Asks who is there. The address stays: after signing in its view is shown. */
export function SignIn({ hasEnded }: { hasEnded: boolean }) {
  const { t } = useI18n();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${t("signIn.title")} · ${t("app.name")}`;
  }, [t]);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await signIn(textOf(form, "email"), textOf(form, "password"));
    } catch (fault) {
      setError(fault);
      setBusy(false);
    }
  };
  const fieldError = (name: string) =>
    error instanceof ApiFailure ? error.fields.find((field) => field.field === name)?.message : undefined;

  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder p="xl" w="100%" maw={420}>
        <form onSubmit={(event) => void submit(event)} noValidate>
          <Stack>
            <Title order={1} size="h3">
              {t("app.name")}
            </Title>
            {hasEnded && !error && <Alert color="blue" variant="outline" title={t("signIn.ended")} />}
            {error !== null && <Alert color="red" variant="outline" role="alert" title={wordsOf(error, t)} />}
            <TextInput name="email" type="email" label={t("signIn.email")} autoComplete="username" required autoFocus error={fieldError("email")} />
            <PasswordInput
              name="password"
              label={t("signIn.password")}
              autoComplete="current-password"
              required
              error={fieldError("password")}
              visibilityToggleButtonProps={{ "aria-hidden": true }}
            />
            <Button type="submit" loading={isBusy}>
              {t("signIn.submit")}
            </Button>
            <Text size="sm" c="dimmed">
              {t("signIn.first")}
            </Text>
            <Stack gap="xs" align="flex-start">
              <LanguageMenu />
              <SchemeButton />
            </Stack>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
