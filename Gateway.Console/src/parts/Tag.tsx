export type TagKind = "good" | "bad" | "warn" | "plain";

/** A state in a word; the colour says nothing that the word does not. */
export function Tag({ kind, isCode = false, children }: { kind: TagKind; isCode?: boolean; children: string }) {
  return (
    <span className="tag" data-kind={kind} translate={isCode ? "no" : undefined}>
      {children}
    </span>
  );
}

/** How a call ended: `ok`, or why not, by the code that metrics and the API have too. */
export function OutcomeTag({ status, outcome }: { status: string; outcome: string }) {
  return <Tag kind={outcome === "ok" ? "good" : status === "completed" ? "warn" : "bad"} isCode>{outcome}</Tag>;
}
