namespace Gateway.Admin.LiteLlm;

/// <summary><c>{"data": ...}</c>.</summary>
internal sealed record DataOf<T>(T Data)
    where T : notnull;
