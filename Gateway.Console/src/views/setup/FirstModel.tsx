import { Anchor, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { modelsQuery } from "../../api/users";
import { useI18n } from "../../i18n/i18n";
import { Answer } from "../../parts/States";
import { PriceState } from "../catalogue/PriceState";

/** Chooses what is called first, of what the upstreams have. */
export function FirstModel({ chosen, onChoose }: { chosen: string | null; onChoose: (name: string | null) => void }) {
  const { t } = useI18n();
  const query = useQuery(modelsQuery);
  return (
    <Stack maw={480}>
      <Text>{t("setup.modelText")}</Text>
      <Answer query={query}>
        {(models) => {
          const model = models.find((one) => one.name === chosen);
          return (
            <>
              <Select
                label={t("calls.model")}
                placeholder={t("limits.choose")}
                data={[...new Set(models.map((one) => one.name))]}
                value={chosen}
                onChange={onChoose}
                searchable
                limit={100}
                nothingFoundMessage={t("app.nothingFound")}
              />
              {model && <PriceState model={model} />}
            </>
          );
        }}
      </Answer>
      <Anchor component={Link} to="/console/models?new=1">
        {t("setup.modelByHand")}
      </Anchor>
      <Anchor component={Link} to="/console/sync">
        {t("upstreams.toSync")}
      </Anchor>
    </Stack>
  );
}
