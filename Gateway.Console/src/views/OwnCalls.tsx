import { useI18n } from "../i18n/i18n";
import { CallList } from "./CallList";

/** The caller's own calls. */
export default function OwnCalls() {
  const { t } = useI18n();
  return <CallList of="own" title={t("calls.own")} />;
}
