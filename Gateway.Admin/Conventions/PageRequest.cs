namespace Gateway.Admin.Conventions;

/// <summary>Which rows of a list are wanted.</summary>
internal readonly record struct PageRequest(int Limit, int Offset)
{
    /// <summary>The numbers that an answer shows beside its rows.</summary>
    public PageOfTotal Of(long totalCount, int returned) => new(totalCount, Limit, Offset, Offset + (long)returned < totalCount);
}
