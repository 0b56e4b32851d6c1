using System.Text.Json;

namespace Gateway.Benchmarks.Scale;

/// <summary>Every GET of the OpenAPI document with each of its filters, as each kind of caller that has much to see there.</summary>
internal static class ListPlan
{
    private const string BasePath = "/api/v1";

    public static IEnumerable<ListCall> Of(JsonElement document, ListSamples samples)
    {
        foreach (
            var path in document.GetProperty("paths").EnumerateObject().Where(p => p.Name.StartsWith(BasePath, StringComparison.Ordinal))
        )
        {
            var route = path.Name[BasePath.Length..];
            if (!path.Value.TryGetProperty("get", out var operation) || ListSamples.Apart.ContainsKey(route))
            {
                continue;
            }
            var access = operation.TryGetProperty("x-access", out var policy) ? policy.GetString() : null;
            var callers =
                access is null ? ["anybody"]
                : route.StartsWith("/admin/", StringComparison.Ordinal) ? ["admin"]
                : new[] { "customer", "admin" };
            foreach (var call in callers.SelectMany(caller => Variations(route, caller, operation, samples)))
            {
                yield return call;
            }
        }
    }

    private static IEnumerable<ListCall> Variations(string route, string caller, JsonElement operation, ListSamples samples)
    {
        var parameters = (operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToList() : [])
            .Select(p =>
                (
                    Name: p.GetProperty("name").GetString()!,
                    In: p.GetProperty("in").GetString(),
                    Required: p.TryGetProperty("required", out var required) && required.GetBoolean()
                )
            )
            .ToList();
        var path = parameters
            .Where(p => p.In == "path")
            .Aggregate(
                route,
                (text, p) => text.Replace($"{{{p.Name}}}", Uri.EscapeDataString(samples.Of(route, p.Name)[0]), StringComparison.Ordinal)
            );
        var filters = parameters
            .Where(p => p.In == "query" && !p.Required && p.Name is not ("limit" or "offset"))
            .Select(p => p.Name)
            .ToList();
        var call = parameters
            .Where(p => p.In == "query" && p.Required)
            .Aggregate(
                new ListCall(route, caller, path, parameters.Exists(p => p.Name == "offset")),
                (made, p) => made.With(Pair(p.Name, samples.Of(route, p.Name)[0]))
            );
        yield return call;
        if (call.IsPaged)
        {
            yield return call.With("limit=200");
        }
        foreach (var name in filters)
        {
            foreach (var value in samples.Of(route, name))
            {
                yield return call.With(Pair(name, value));
            }
        }
        foreach (
            var (first, second) in filters
                .SelectMany((first, i) => filters.Skip(i + 1).Select(second => (first, second)))
                .Where(p => p.first != "page" && p.second != "page")
        )
        {
            yield return call.With(Pair(first, samples.Of(route, first)[0])).With(Pair(second, samples.Of(route, second)[0]));
        }
    }

    private static string Pair(string name, string value) => $"{name}={Uri.EscapeDataString(value)}";
}
