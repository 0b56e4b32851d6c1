namespace Gateway.Benchmarks.Scale;

/// <summary>A call of a list: who asks for what.</summary>
/// <param name="Route">The route as the OpenAPI document names it, without <c>/api/v1</c>.</param>
/// <param name="Caller">admin, customer or anybody.</param>
/// <param name="Path">Path and query.</param>
/// <param name="IsPaged">Whether the route takes <c>offset</c>.</param>
internal sealed record ListCall(string Route, string Caller, string Path, bool IsPaged)
{
    public ListCall With(string query) => this with { Path = Path + (Path.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query };
}
