import type { User } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import { Tag } from "../../parts/Tag";

/** Whether somebody may use the gateway. */
export function UserState({ user }: { user: User }) {
  const { t } = useI18n();
  if (!user.is_active) return <Tag kind="bad">{t("keys.inactive")}</Tag>;
  if (user.free_tier_status === "pending") return <Tag kind="warn">{t("users.pending")}</Tag>;
  if (user.free_tier_status === "rejected") return <Tag kind="bad">{t("users.rejected")}</Tag>;
  return <Tag kind="good">{t("keys.active")}</Tag>;
}
