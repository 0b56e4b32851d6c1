namespace Gateway.Admin.Imports;

/// <summary>What a take-over did, or would do.</summary>
/// <param name="IsDryRun">Whether nothing was written.</param>
/// <param name="Tables">Table by table.</param>
/// <param name="Notes">What an operator should know: what is not the same here.</param>
public sealed record OneUiHubReport(bool IsDryRun, IReadOnlyList<ImportedTable> Tables, IReadOnlyList<string> Notes);
