import { useFormat } from "./format";

/** A moment in local time; the pointer shows it in UTC. */
export function Time({ at }: { at: string }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={`${at.replace("T", " ").replace("Z", "")} UTC`}>
      {format.moment(at)}
    </time>
  );
}
