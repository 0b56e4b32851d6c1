import { useQuery } from "@tanstack/react-query";
import { userQuery } from "../api/users";

/** A user's email by the id; the id while it is not known, or where the account is gone. */
export function UserName({ id }: { id: string }) {
  const { data } = useQuery(userQuery(id));
  return <>{data?.email ?? id}</>;
}
