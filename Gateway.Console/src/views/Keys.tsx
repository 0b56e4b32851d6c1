import { useI18n } from "../i18n/i18n";
import { Page } from "../parts/Page";
import { KeyList } from "./keys/KeyList";
import { useUser } from "../session/session";

/** The caller's own keys. */
export default function Keys() {
  const { t } = useI18n();
  return (
    <Page title={t("keys.title")}>
      <KeyList userId={useUser().id} mayChange />
    </Page>
  );
}
