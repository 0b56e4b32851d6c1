import type { Model } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import { Tag } from "../../parts/Tag";
import { gapOf } from "./gaps";

/** Whether a model's prices are whole. */
export function PriceState({ model }: { model: Model }) {
  const { t } = useI18n();
  const gap = gapOf(model);
  if (gap !== null) return <Tag kind="bad">{t(`models.gap.${gap}`)}</Tag>;
  return model.model_config.is_free ? <Tag kind="plain">{t("tiers.free")}</Tag> : <Tag kind="good">{t("models.priced")}</Tag>;
}
