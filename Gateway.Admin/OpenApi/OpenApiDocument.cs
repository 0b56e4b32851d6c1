using System.Reflection;
using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;
using Microsoft.AspNetCore.Authorization;

namespace Gateway.Admin.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document of <c>/api/v1</c>, made of the routes that are really served: answers from the types that handlers return, bodies and queries from
/// <see cref="RequestMembers"/>, access from the rules on the routes.
/// </summary>
internal static class OpenApiDocument
{
    private static readonly string[] EnvelopedAreas = ["/admin/", "/companies", "/models", "/tiers", "/rate-limits", "/currencies", "/requests"];
    private static readonly string[] BareAreas = ["/admin/litellm/", "/currencies/convert"];

    public static JsonObject Create(EndpointDataSource source)
    {
        var schemas = new SchemaWriter();
        var paths = new JsonObject();
        foreach (var route in source.Endpoints.OfType<RouteEndpoint>().SelectMany(RoutesOf).OrderBy(r => r.Path, StringComparer.Ordinal).ThenBy(r => r.Method, StringComparer.Ordinal))
        {
            var full = AdminServices.BasePath + route.Path;
            var item = paths[full] as JsonObject ?? [];
            paths[full] = item;
            item[route.Method.ToLowerInvariant()] = Operation(route, schemas);
        }
        schemas.All["Error"] = ErrorSchema();
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "OneUIHub Gateway", ["version"] = "1.0.0", ["description"] = "Accounts, catalogue, quotas and administration." },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.All,
                ["securitySchemes"] = new JsonObject { ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
            },
        };
    }

    private static IEnumerable<Route> RoutesOf(RouteEndpoint endpoint)
    {
        var raw = endpoint.RoutePattern.RawText!;
        if (!raw.StartsWith(AdminServices.BasePath, StringComparison.Ordinal) || endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not { } methods)
        {
            return [];
        }
        var path = raw[AdminServices.BasePath.Length..].TrimEnd('/').Replace("{**", "{", StringComparison.Ordinal);
        return methods.HttpMethods.Select(method => new Route(method, path, endpoint));
    }

    private static JsonObject Operation(Route route, SchemaWriter schemas)
    {
        var handler = route.Endpoint.Metadata.GetMetadata<MethodInfo>();
        var parameters = handler?.GetParameters().Select(p => p.ParameterType).ToList() ?? [];
        var operation = new JsonObject
        {
            ["operationId"] = $"{route.Method.ToLowerInvariant()}{string.Concat(route.Path.Split('/', '-', '_', '{', '}').Where(s => s.Length > 0).Select(s => char.ToUpperInvariant(s[0]) + s[1..]))}",
            ["tags"] = new JsonArray(route.Path.Split('/')[1] == "admin" ? "admin" : route.Path.Split('/')[1]),
            ["parameters"] = Parameters(route, parameters.Contains(typeof(QueryReader))),
            ["responses"] = Responses(route, handler, schemas),
        };
        if (route.Endpoint.Metadata.GetMetadata<IAuthorizeData>() is { } rule)
        {
            operation["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() });
            operation["x-access"] = rule.Policy;
        }
        if (parameters.Contains(typeof(JsonBody)))
        {
            var key = $"{(route.Method == HttpMethods.Patch ? HttpMethods.Put : route.Method)} {route.Path}";
            operation["requestBody"] = new JsonObject
            {
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = MemberTable.Schema(RequestMembers.Bodies[key], partial: route.Method is "PUT" or "PATCH") } },
            };
        }
        return operation;
    }

    private static JsonArray Parameters(Route route, bool hasQuery)
    {
        var all = new JsonArray();
        foreach (var parameter in route.Endpoint.RoutePattern.Parameters)
        {
            all.Add(new JsonObject { ["name"] = parameter.Name, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" } });
        }
        if (!hasQuery || route.Method != HttpMethods.Get)
        {
            return all;
        }
        foreach (var (name, type, isRequired) in MemberTable.Read(RequestMembers.Queries.GetValueOrDefault(route.Path, "") + " limit:i offset:i"))
        {
            all.Add(new JsonObject { ["name"] = name, ["in"] = "query", ["required"] = isRequired, ["schema"] = MemberTable.TypeSchema(type) });
        }
        return all;
    }

    private static JsonObject Responses(Route route, MethodInfo? handler, SchemaWriter schemas)
    {
        var payload = PayloadOf(handler?.ReturnType);
        var schema = payload is null ? new JsonObject() : schemas.Of(payload);
        var isEnveloped = EnvelopedAreas.Any(a => (route.Path + "/").StartsWith(a, StringComparison.Ordinal)) && !BareAreas.Any(a => route.Path.StartsWith(a, StringComparison.Ordinal));
        var responses = new JsonObject { [Creates(route) ? "201" : "200"] = Response("The answer.", isEnveloped && payload?.Name != nameof(Done) ? Envelope(schema) : schema) };
        foreach (var (status, text) in ErrorsOf(route))
        {
            responses[status] = Response(text, new JsonObject { ["$ref"] = "#/components/schemas/Error" });
        }
        return responses;
    }

    private static IEnumerable<(string Status, string Text)> ErrorsOf(Route route)
    {
        yield return ("400", "The request is wrong; details name the members.");
        if (route.Endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null)
        {
            yield return ("401", "No valid access token.");
            yield return ("403", "Not allowed for this caller.");
        }
        if (route.Endpoint.RoutePattern.Parameters.Count > 0)
        {
            yield return ("404", "There is none.");
        }
        if (!HttpMethods.IsGet(route.Method))
        {
            yield return ("409", "It contradicts what stands.");
        }
        yield return ("429", "Too many requests; see Retry-After.");
        yield return ("500", "Our fault.");
    }

    // Routes that make something answer 201; what only acts answers 200.
    private static bool Creates(Route route) =>
        HttpMethods.IsPost(route.Method) && !new[] { "/login", "/refresh", "/logout", "/password", "/check", "/rotate", "/convert", "/update-rates", "/sync", "/sync-model-group", "/test-connection", "/approve", "/approve/{id}", "/sync/{user_id}" }
            .Any(end => route.Path.EndsWith(end, StringComparison.Ordinal));

    // The payload of Reply<T>, wherever it stands in the return type.
    private static Type? PayloadOf(Type? type)
    {
        if (type is null || !type.IsGenericType)
        {
            return null;
        }
        return type.GetGenericTypeDefinition() == typeof(Reply<>) ? type.GetGenericArguments()[0] : type.GetGenericArguments().Select(PayloadOf).FirstOrDefault(t => t is not null);
    }

    private static JsonObject Response(string description, JsonObject schema) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } },
    };

    private static JsonObject Envelope(JsonObject payload) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("success", "message", "data"),
        ["properties"] = new JsonObject
        {
            ["success"] = new JsonObject { ["type"] = "boolean" }, ["message"] = new JsonObject { ["type"] = "string" }, ["data"] = payload,
            ["total_count"] = new JsonObject { ["type"] = "integer" }, ["limit"] = new JsonObject { ["type"] = "integer" }, ["offset"] = new JsonObject { ["type"] = "integer" },
            ["has_more"] = new JsonObject { ["type"] = "boolean" },
        },
    };

    private static JsonObject ErrorSchema() => MemberTable.Schema("error:s! message:s! detail:s! success:b! code:s! details:v! request_id:s!", partial: false);

    private sealed record Route(string Method, string Path, RouteEndpoint Endpoint);
}
