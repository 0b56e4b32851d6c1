using System.Text.Json.Nodes;
using Gateway.Admin.Currencies;
using Gateway.Core.Configuration;

namespace Gateway.Admin.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document, made of the routes that are really served: answers from the types that handlers return and from
/// <see cref="AnswerTable"/>, bodies and queries from <see cref="RequestMembers"/>, access from the rules on the routes, examples from
/// <see cref="Examples"/>. A test holds every answer of every route against it.
/// </summary>
internal static class OpenApiDocument
{
    public static JsonObject Create(EndpointDataSource source)
    {
        var schemas = new SchemaWriter();
        schemas.All["Error"] = ErrorAnswers.Schema();
        var examples = new Examples(schemas.All);
        var paths = new JsonObject();
        foreach (var route in DocumentedRoute.AllOf(source))
        {
            var full = AdminServices.BasePath + route.Path;
            var item = paths[full] as JsonObject ?? [];
            paths[full] = item;
            item[route.Method.ToLowerInvariant()] = Operation(route, schemas, examples);
        }
        SystemRoutes.Add(paths);
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "OneUIHub Gateway",
                ["version"] = ProductVersion.Text,
                ["description"] = "Accounts, catalogue, quotas and administration. Money is in USD, times are UTC.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.All,
                ["examples"] = ErrorAnswers.ExamplesByName(),
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
            },
        };
    }

    private static JsonObject Operation(DocumentedRoute route, SchemaWriter schemas, Examples examples)
    {
        var words = route.Path.Split('/', '-', '_', '{', '}').Where(s => s.Length > 0).Select(s => char.ToUpperInvariant(s[0]) + s[1..]);
        var operation = new JsonObject
        {
            ["operationId"] = route.Method.ToLowerInvariant() + string.Concat(words),
            ["tags"] = new JsonArray(route.Path.Split('/') is [_, "admin", var area, ..] ? $"admin: {area}" : route.Path.Split('/')[1]),
            ["parameters"] = Parameters(route),
        };
        if (route.Rule is { } rule)
        {
            operation["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() });
            operation["x-access"] = rule.Policy;
        }
        if (Body(route, examples) is { } body)
        {
            operation["requestBody"] = body;
        }
        operation["responses"] = Responses(route, schemas, examples);
        return operation;
    }

    private static JsonArray Parameters(DocumentedRoute route)
    {
        var all = new JsonArray();
        foreach (var parameter in route.Endpoint.RoutePattern.Parameters)
        {
            all.Add(Parameter(parameter.Name, "path", isRequired: true, MemberTable.TypeSchema('s')));
        }
        var queries = RequestMembers.Queries.GetValueOrDefault(route.Key, "") + (route.IsPaged ? " limit:i offset:i" : "");
        foreach (var (name, type, isRequired) in MemberTable.Read(queries))
        {
            all.Add(Parameter(name, "query", isRequired, MemberTable.TypeSchema(type)));
        }
        return all;
    }

    private static JsonObject Parameter(string name, string place, bool isRequired, JsonObject schema) =>
        new()
        {
            ["name"] = name,
            ["in"] = place,
            ["required"] = isRequired,
            ["schema"] = schema,
        };

    private static JsonObject? Body(DocumentedRoute route, Examples examples)
    {
        if (route.Key == "POST /admin/upload/logo")
        {
            return LogoForm();
        }
        if (route.Key == "POST /files/upload")
        {
            return FileForm();
        }
        if (!route.HasBody)
        {
            return null;
        }
        var schema = MemberTable.Schema(
            RequestMembers.Bodies[route.Key],
            partial: HttpMethods.IsPut(route.Method) || HttpMethods.IsPatch(route.Method)
        );
        var example = examples.Of(schema, route.Path.Replace("/{id}", "", StringComparison.Ordinal));
        return new JsonObject
        {
            ["required"] = schema["required"] is not null || schema["minProperties"] is not null,
            ["content"] = Json(schema, example),
        };
    }

    private static JsonObject LogoForm() =>
        new()
        {
            ["required"] = true,
            ["content"] = new JsonObject
            {
                ["multipart/form-data"] = new JsonObject
                {
                    ["schema"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["required"] = new JsonArray("logo"),
                        ["properties"] = new JsonObject
                        {
                            ["logo"] = new JsonObject
                            {
                                ["type"] = "string",
                                ["format"] = "binary",
                                ["description"] = "A .png or .svg of at most 5 MiB, by name and by content.",
                            },
                        },
                    },
                    ["encoding"] = new JsonObject { ["logo"] = new JsonObject { ["contentType"] = "image/png, image/svg+xml" } },
                    ["example"] = new JsonObject { ["logo"] = "logo.svg" },
                },
            },
        };

    private static JsonObject FileForm() =>
        new()
        {
            ["required"] = true,
            ["content"] = new JsonObject
            {
                ["multipart/form-data"] = new JsonObject
                {
                    ["schema"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["required"] = new JsonArray("file"),
                        ["properties"] = new JsonObject
                        {
                            ["file"] = new JsonObject
                            {
                                ["type"] = "string",
                                ["format"] = "binary",
                                ["description"] = "JPEG, PNG, GIF, WebP, PDF or DOCX, by declared type and by content.",
                            },
                            ["chat_id"] = MemberTable.TypeSchema('s'),
                        },
                    },
                    ["example"] = new JsonObject { ["file"] = "photo.jpg" },
                },
            },
        };

    private static JsonObject Responses(DocumentedRoute route, SchemaWriter schemas, Examples examples)
    {
        var responses = new JsonObject();
        if (route.Key == "GET /admin/ledger/export")
        {
            responses["200"] = SystemRoutes.LedgerLines();
        }
        else if (route.Path.Contains("/stream", StringComparison.Ordinal))
        {
            responses["200"] = SystemRoutes.ChatEvents();
        }
        else if (route.Key == "GET /files/{id}")
        {
            responses["200"] = SystemRoutes.FileBytes();
        }
        else
        {
            var schema = AnswerSchema(route, schemas);
            responses[route.Creates ? "201" : "200"] = new JsonObject
            {
                ["description"] = "The answer.",
                ["content"] = Json(schema, examples.Of(schema, route.Path)),
            };
        }
        if (HttpMethods.IsGet(route.Method) && AnswerTable.Revalidated.Contains(route.Path))
        {
            responses["304"] = new JsonObject { ["description"] = "As the client has it, by If-None-Match." };
        }
        ErrorAnswers.Add(responses, route);
        return responses;
    }

    private static JsonObject AnswerSchema(DocumentedRoute route, SchemaWriter schemas)
    {
        if (route.Key == "GET /currencies/exchange-rates") // one pair or all of them
        {
            return new JsonObject
            {
                ["anyOf"] = new JsonArray(
                    Envelope(schemas.Of(typeof(List<ExchangeRateResponse>)), route.Alias!, isList: true),
                    Envelope(schemas.Of(typeof(PairResponse)), AnswerTable.NoAlias, isList: false)
                ),
            };
        }
        var payload = route.Payload ?? throw new InvalidOperationException($"Nothing tells what {route.Key} answers.");
        var schema = payload == typeof(object) ? new JsonObject { ["type"] = "null" } : schemas.Of(payload);
        return route.Alias is { } alias ? Envelope(schema, alias, route.IsList) : schema;
    }

    private static JsonObject Envelope(JsonObject payload, string alias, bool isList)
    {
        var properties = new JsonObject
        {
            ["success"] = MemberTable.TypeSchema('b'),
            ["message"] = MemberTable.TypeSchema('s'),
            ["data"] = payload,
        };
        if (alias != AnswerTable.NoAlias)
        {
            properties[alias] = payload.DeepClone();
        }
        if (isList)
        {
            foreach (var number in new[] { "total_count", "limit", "offset" })
            {
                properties[number] = MemberTable.TypeSchema('i');
            }
            properties["has_more"] = MemberTable.TypeSchema('b');
        }
        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. properties.Select(p => JsonValue.Create(p.Key))]),
            ["properties"] = properties,
        };
    }

    private static JsonObject Json(JsonObject schema, JsonNode? example) =>
        new()
        {
            ["application/json"] = new JsonObject { ["schema"] = schema, ["example"] = example },
        };
}
