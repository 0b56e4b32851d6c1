using System.Reflection;
using Gateway.Admin.Conventions;
using Microsoft.AspNetCore.Authorization;

namespace Gateway.Admin.OpenApi;

/// <summary>One method of one path as it is served.</summary>
internal sealed record DocumentedRoute(string Method, string Path, RouteEndpoint Endpoint)
{
    private readonly MethodInfo? _handler = Endpoint.Metadata.GetMetadata<MethodInfo>();

    /// <summary>The name of the route in tables: PATCH is as PUT.</summary>
    public string Key => $"{(Method == HttpMethods.Patch ? HttpMethods.Put : Method)} {Path}";

    /// <summary>Who may call; null: everybody.</summary>
    public IAuthorizeData? Rule => Endpoint.Metadata.GetMetadata<IAuthorizeData>();

    public bool HasPathParameters => Endpoint.RoutePattern.Parameters.Count > 0;

    public bool HasBody => Takes(typeof(JsonBody)) || RequestMembers.Bodies.ContainsKey(Key);

    /// <summary>What it sends when all is well; null when neither its type nor the table tells.</summary>
    public Type? Payload => AnswerTable.Types.GetValueOrDefault(Key) ?? PayloadOf(_handler?.ReturnType);

    public string? Alias => AnswerTable.Aliases.GetValueOrDefault(Key);

    /// <summary>Whether the numbers of a page stand beside the rows.</summary>
    public bool IsList =>
        Alias is not null && Payload is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);

    public bool IsPaged => IsList || AnswerTable.PagedBare.Contains(Key);

    public bool Creates => HttpMethods.IsPost(Method) && !AnswerTable.ActingPosts.Contains(Path);

    public static IEnumerable<DocumentedRoute> AllOf(EndpointDataSource source) =>
        source
            .Endpoints.OfType<RouteEndpoint>()
            .SelectMany(RoutesOf)
            .OrderBy(r => r.Path, StringComparer.Ordinal)
            .ThenBy(r => r.Method, StringComparer.Ordinal);

    private static IEnumerable<DocumentedRoute> RoutesOf(RouteEndpoint endpoint)
    {
        var raw = endpoint.RoutePattern.RawText!;
        if (
            !raw.StartsWith(AdminServices.BasePath, StringComparison.Ordinal)
            || endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not { } methods
            || raw.EndsWith("/docs", StringComparison.Ordinal)
        )
        {
            return [];
        }
        var path = raw[AdminServices.BasePath.Length..].TrimEnd('/').Replace("{**", "{", StringComparison.Ordinal);
        return methods.HttpMethods.Select(method => new DocumentedRoute(method, path, endpoint));
    }

    private bool Takes(Type type) => _handler?.GetParameters().Any(p => p.ParameterType == type) == true;

    // The payload of Reply<T>, wherever it stands in the return type.
    private static Type? PayloadOf(Type? type)
    {
        if (type is null || !type.IsGenericType)
        {
            return null;
        }
        return type.GetGenericTypeDefinition() == typeof(Reply<>)
            ? type.GetGenericArguments()[0]
            : type.GetGenericArguments().Select(PayloadOf).FirstOrDefault(t => t is not null);
    }
}
