namespace Gateway.Limits.Rates;

/// <summary><c>x-oneui-shadow</c>: which shadow limits would have refused the call, as <c>scope.window</c>, separated by commas.</summary>
internal static class ShadowHeader
{
    private const string Name = "x-oneui-shadow";

    public static void Add(IHeaderDictionary headers, string scope, string window)
    {
        var hit = $"{scope}.{window}";
        headers[Name] = headers[Name].ToString() is { Length: > 0 } others ? $"{others}, {hit}" : hit;
    }
}
