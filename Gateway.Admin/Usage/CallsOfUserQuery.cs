namespace Gateway.Admin.Usage;

/// <summary>Which ledger entries of a user are wanted.</summary>
internal record CallsOfUserQuery : CallTimesQuery
{
    public string? ModelId { get; init; }
}
