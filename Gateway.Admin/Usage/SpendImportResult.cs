namespace Gateway.Admin.Usage;

/// <summary>What an import did.</summary>
/// <param name="Created">Calls that came into the ledger.</param>
/// <param name="Skipped">Rows of LiteLLM that did not: the gateway's own, those imported before, and those of nobody here.</param>
internal sealed record SpendImportResult(int Created, int Skipped);
