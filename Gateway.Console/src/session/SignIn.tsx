import { Alert, Button, Center, Divider, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useEffect, useState, type SubmitEvent } from "react";
import { api } from "../api/client";
import { ApiFailure } from "../api/failure";
import { LanguageMenu, SchemeButton } from "../app/Preferences";
import { useI18n, type I18n, type TextKey } from "../i18n/i18n";
import { wordsOf } from "../parts/States";
import { leaveForProvider, signInError } from "./returned";
import { signIn } from "./session";

const longestReturn = 500;

interface Provider {
  name: string;
  start_url: string;
}

/** Asks who is there. The address stays: after signing in its view is shown. */
export function SignIn({ hasEnded }: { hasEnded: boolean }) {
  const { t } = useI18n();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${t("signIn.title")} · ${t("app.name")}`;
  }, [t]);

  // What is shown next is fetched while somebody types.
  useEffect(() => {
    void Promise.all([import("../views/Overview"), import("../parts/Chart")]).catch(() => undefined);
  }, []);

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
            {signInError && !error && <Alert color="red" variant="outline" role="alert" title={wordsOfReturn(signInError, t)} />}
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
            <Providers />
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

// The gateway's own words are for programs: this page is all that a person sees of a sign-in that failed on the way.
function wordsOfReturn(code: string, t: I18n["t"]): string {
  const known: Record<string, TextKey> = {
    sign_in_expired: "signIn.error.expired",
    sign_in_denied: "signIn.error.denied",
    sign_in_failed: "signIn.error.failed",
    issuer_refused: "signIn.error.failed",
    issuer_unavailable: "signIn.error.unavailable",
    no_account: "signIn.error.noAccount",
    unknown_group: "signIn.error.unknownGroup",
    account_inactive: "signIn.error.inactive",
    not_found: "signIn.error.noProvider",
  };
  return t(known[code] ?? "signIn.error.other", { code });
}

/** Whose pages people may sign in at; the gateway does all of it. */
function Providers() {
  const { t } = useI18n();
  const [providers, setProviders] = useState<Provider[]>([]);
  useEffect(() => {
    const left = new AbortController();
    // Without them the password is still there.
    api.GET("/api/v1/auth/oidc", { signal: left.signal }).then(
      ({ data }) => setProviders(data?.providers ?? []),
      () => undefined,
    );
    return () => left.abort();
  }, []);
  if (providers.length === 0) return null;
  const here = `${location.pathname}${location.search}`;
  const returnTo = here.startsWith("/console") && here.length <= longestReturn ? here : "/console";
  return (
    <>
      <Divider label={t("signIn.or")} />
      {providers.map(({ name, start_url }) => (
        <Button
          key={name}
          component="a"
          variant="default"
          href={`${start_url}?return_to=${encodeURIComponent(returnTo)}`}
          onClick={leaveForProvider}
        >
          {t("signIn.with", { name })}
        </Button>
      ))}
    </>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
