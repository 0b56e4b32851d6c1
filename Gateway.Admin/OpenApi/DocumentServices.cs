using Gateway.Admin.Conventions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Admin.OpenApi;

/// <summary>Registers the OpenAPI document: ASP.NET makes it of the routes, and what it cannot know is added here.</summary>
public static class DocumentServices
{
    /// <summary>The document's name in the container, for rooms that add routes of their own kind to it.</summary>
    public const string DocumentName = "v1";

    /// <summary>The scheme of operations that need an API key.</summary>
    public const string ApiKeyScheme = "api-key";

    internal static void AddHubDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddOpenApi(
            DocumentName,
            document =>
            {
                document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                document.ShouldInclude = DocumentedRoute.Is;
                document.CreateSchemaReferenceId = AnswerSchemas.NameOf;
                document.AddSchemaTransformer<AnswerSchemas>();
                document.AddOperationTransformer<RouteOperations>();
                document.AddDocumentTransformer<StartPage>();
            }
        );
        // After every other room has added its own.
        services.PostConfigure<OpenApiOptions>(
            DocumentName,
            document =>
            {
                document.AddDocumentTransformer(StartPage.AddAreasAsync);
                document.AddDocumentTransformer(Examples.AddAsync);
            }
        );
    }
}
