export type TagKind = "good" | "bad" | "warn" | "plain";

/** A state in a word; the colour says nothing that the word does not. */
export function Tag({ kind, children }: { kind: TagKind; children: string }) {
  return (
    <span className="tag" data-kind={kind}>
      {children}
    </span>
  );
}

/** How a call ended: `ok`, or why not. */
export function OutcomeTag({ status, outcome }: { status: string; outcome: string }) {
  return <Tag kind={outcome === "ok" ? "good" : status === "completed" ? "warn" : "bad"}>{outcome}</Tag>;
}
