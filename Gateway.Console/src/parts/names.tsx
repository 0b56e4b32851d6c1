// Names of what the API only gives ids of; the id while the name is not known.
import { useQuery } from "@tanstack/react-query";
import { tiersQuery } from "../api/admin";
import { modelsQuery } from "../api/users";

export function TierName({ id }: { id: string }) {
  const { data } = useQuery(tiersQuery);
  return <span translate="no">{data?.find((tier) => tier.id === id)?.name ?? id}</span>;
}

export function ModelName({ id }: { id: string }) {
  const { data } = useQuery(modelsQuery);
  return <span translate="no">{data?.find((model) => model.id === id)?.name ?? id}</span>;
}
