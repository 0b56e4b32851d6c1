using System.Collections.Frozen;
using Gateway.Admin.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Gateway.Admin.Conventions;

/// <summary>
/// Paths and methods that nothing serves. They end in the routes mapped here, which match anything: 404, or 405 where the path is served
/// for another method. Who may call is decided before: a known path keeps the rule of its other methods, and all of <c>/admin</c> is for
/// admins.
/// </summary>
internal static class UnservedRoutes
{
    private const string Pattern = "{**unserved}";

    public static void MapUnserved(this IEndpointRouteBuilder routes)
    {
        routes.Map("/" + Pattern, Answer(ApiError.RouteNotFound)).WithMetadata(Unserved.Instance);
        routes
            .Map("/admin/" + Pattern, Answer(ApiError.RouteNotFound))
            .WithMetadata(Unserved.Instance)
            .RequireAuthorization(AccessPolicies.Admin);
    }

    /// <summary>Comes before authorization: puts the 405 of a served path in the place of the 404.</summary>
    public static void UseWrongMethods(this IApplicationBuilder app, EndpointDataSource endpoints)
    {
        var served = new Lazy<ServedPath[]>(() => ServedPath.AllOf(endpoints));
        var literal = new Lazy<FrozenDictionary<string, ServedPath>>(() =>
            served.Value.Where(p => p.IsLiteral).DistinctBy(p => p.Text).ToFrozenDictionary(p => p.Text, StringComparer.OrdinalIgnoreCase)
        );
        app.Use(next =>
            http =>
            {
                // A literal path is never the value of a parameter, not even for methods that only the other route serves.
                if (
                    http.GetEndpoint() is RouteEndpoint { RoutePattern.Parameters.Count: > 0 }
                    && literal.Value.TryGetValue(http.Request.Path.Value!.TrimEnd('/'), out var owner)
                )
                {
                    http.Response.Headers.Allow = owner.Methods;
                    http.SetEndpoint(owner.WrongMethod);
                }
                else if (
                    http.GetEndpoint()?.Metadata.GetMetadata<Unserved>() is not null
                    && served.Value.FirstOrDefault(p => p.Matches(http)) is { } path
                )
                {
                    http.Request.RouteValues = path.ValuesOf(http);
                    http.Response.Headers.Allow = path.Methods;
                    http.SetEndpoint(path.WrongMethod);
                }
                return next(http);
            }
        );
    }

    private static RequestDelegate Answer(ApiError error) => error.ExecuteAsync;

    private sealed class Unserved
    {
        public static readonly Unserved Instance = new();
    }

    private sealed class ServedPath(RoutePattern pattern, IReadOnlyList<RouteEndpoint> endpoints)
    {
        /// <summary>The pattern as a path.</summary>
        public string Text { get; } = pattern.RawText!.TrimEnd('/');

        public bool IsLiteral => pattern.Parameters.Count == 0;

        private readonly TemplateMatcher _matcher = new(new RouteTemplate(pattern), []);

        public string Methods { get; } =
            string.Join(", ", endpoints.SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods).Distinct().Order());

        // The rule of the methods served, so that nobody learns from a 405 what a 401 would hide.
        public Endpoint WrongMethod { get; } =
            new(
                Answer(ApiError.MethodNotAllowed),
                new EndpointMetadataCollection(
                    endpoints.Any(e => e.Metadata.GetMetadata<IAuthorizeData>() is null)
                        ? []
                        : endpoints[0].Metadata.GetOrderedMetadata<IAuthorizeData>()
                ),
                "405 " + pattern.RawText
            );

        public static ServedPath[] AllOf(EndpointDataSource source) =>
            [
                .. source
                    .Endpoints.OfType<RouteEndpoint>()
                    .Where(e =>
                        e.RoutePattern.RawText!.StartsWith(AdminServices.BasePath, StringComparison.Ordinal)
                        && e.Metadata.GetMetadata<HttpMethodMetadata>() is not null
                    )
                    .GroupBy(e => e.RoutePattern.RawText!)
                    .Select(path => new ServedPath(path.First().RoutePattern, [.. path]))
                    .OrderBy(path => path._matcher.Template.Parameters.Count),
            ]; // literal segments win over parameters

        public bool Matches(HttpContext http) => _matcher.TryMatch(http.Request.Path, []);

        public RouteValueDictionary ValuesOf(HttpContext http)
        {
            var values = new RouteValueDictionary();
            _matcher.TryMatch(http.Request.Path, values);
            return values;
        }
    }
}
