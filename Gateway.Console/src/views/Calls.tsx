import { useI18n } from "../i18n/i18n";
import { CallList } from "./CallList";

/** Everybody's calls, for staff. */
export default function Calls() {
  const { t } = useI18n();
  return <CallList of="everybody" title={t("calls.title")} />;
}
