import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import { useI18n } from "../../i18n/i18n";
import { ModelName, TierName } from "../../parts/names";
import { UserName } from "../../parts/UserName";

// Stands for each end user apart.
const each = "*";

interface Targeted {
  user_id: string | null;
  team_id: string | null;
  api_key_id: string | null;
  tier_id: string | null;
  model_id: string | null;
}

/** Whom a budget or a limit is for. */
export function Target({ of, endUser = null }: { of: Targeted; endUser?: string | null }) {
  const { t } = useI18n();
  const model = of.model_id && (
    <>
      , <ModelName id={of.model_id} />
    </>
  );
  const end = endUser !== null && `, ${endUser === each ? t("limits.eachEndUser") : t("limits.ofEndUser", { name: endUser })}`;
  if (of.user_id) {
    return (
      <>
        <Anchor component={Link} size="sm" to={`/console/users/${of.user_id}`}>
          <UserName id={of.user_id} />
        </Anchor>
        {model}
        {end}
      </>
    );
  }
  if (of.tier_id) {
    return (
      <>
        {t("limits.scope.tier")} <TierName id={of.tier_id} />
        {model}
      </>
    );
  }
  const [kind, id] = of.team_id ? ([t("limits.scope.team"), of.team_id] as const) : ([t("limits.scope.api_key"), of.api_key_id ?? "–"] as const);
  return (
    <>
      {kind} {id}
      {model}
      {end}
    </>
  );
}
