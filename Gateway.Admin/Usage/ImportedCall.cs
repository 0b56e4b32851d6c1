namespace Gateway.Admin.Usage;

/// <summary>A call at LiteLLM, who pays for it, and the catalogue's model.</summary>
internal sealed record ImportedCall(SpendRow Row, Payer Payer, string ModelId);
