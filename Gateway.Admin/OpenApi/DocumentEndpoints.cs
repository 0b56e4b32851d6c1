using System.Text;
using Gateway.Admin.Transport;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.ReDoc;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Gateway.Admin.OpenApi;

/// <summary>
/// The document, and Swagger UI and ReDoc to read it with. Scripts and styles come out of packages: no page asks another
/// host for anything.
/// </summary>
internal static class DocumentEndpoints
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src blob:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string SwaggerPage = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>OneUIHub Gateway API</title>
        <link rel="icon" href="data:,"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
        <body><div id="swagger-ui"></div><script src="/docs/swagger-ui-bundle.js"></script>
        <script src="/docs/start.js"></script></body></html>
        """;

    // Its own service for checking documents is on another host.
    private const string SwaggerStart = """
        SwaggerUIBundle({
          url: '/openapi.json', dom_id: '#swagger-ui', validatorUrl: null, deepLinking: true, docExpansion: 'none', filter: true,
          presets: [SwaggerUIBundle.presets.apis], layout: 'BaseLayout'
        });
        """;

    private const string RedocPage = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>OneUIHub Gateway API</title>
        <link rel="icon" href="data:,"><style>body{margin:0}</style></head>
        <body><div id="redoc"></div><script src="/redoc/redoc.standalone.js"></script><script src="/redoc/start.js"></script></body></html>
        """;

    private const string RedocStart = "Redoc.init('/openapi.json', {}, document.getElementById('redoc'));";

    // The picture in its foot is on its maker's host, and no option leaves it out. One that cannot be drawn ReDoc hides.
    private static readonly (string From, string To) RedocPicture = ("https://cdn.redoc.ly/redoc/logo-mini.svg", "data:,");

    public static void MapDocument(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<AdminApiOptions>().DocsEnabled)
        {
            return;
        }
        // It is made once, because routes do not change while the process runs. The ids in its examples do.
        var document = new Lazy<Task<string>>(() => MakeAsync(app.Services));
        app.MapGet(
            "/openapi.json",
            async http =>
            {
                var db = http.RequestServices.GetRequiredService<HubDbContext>();
                var text = await ExampleIds.FillAsync(await document.Value, db, http.RequestAborted);
                await SendAsync(http, "application/json; charset=utf-8", Encoding.UTF8.GetBytes(text));
            }
        );
        MapPage(app, "/docs", SwaggerPage, SwaggerStart);
        MapPage(app, "/redoc", RedocPage, RedocStart);
        MapFile(app, "/docs/swagger-ui.css", typeof(SwaggerUIOptions));
        MapFile(app, "/docs/swagger-ui-bundle.js", typeof(SwaggerUIOptions));
        MapFile(app, "/redoc/redoc.standalone.js", typeof(ReDocOptions), RedocPicture);
        app.MapGet("/api/docs", RedirectAsync);
        app.MapGet("/api/v1/docs", RedirectAsync);
    }

    private static async Task<string> MakeAsync(IServiceProvider services) =>
        await (
            await services
                .GetRequiredKeyedService<IOpenApiDocumentProvider>(DocumentServices.DocumentName)
                .GetOpenApiDocumentAsync(CancellationToken.None)
        ).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);

    private static void MapPage(WebApplication app, string path, string page, string start)
    {
        app.MapGet(path, http => SendAsync(http, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page)));
        app.MapGet(path + "/start.js", http => SendAsync(http, "text/javascript; charset=utf-8", Encoding.UTF8.GetBytes(start)));
    }

    private static void MapFile(WebApplication app, string path, Type package, (string From, string To)? changed = null)
    {
        var file = new Lazy<PackagedFile>(() => PackagedFile.Read(package.Assembly, path[(path.LastIndexOf('/') + 1)..], changed));
        app.MapGet(
            path,
            http =>
            {
                http.AddBrowserHeaders();
                return file.Value.SendAsync(http);
            }
        );
    }

    private static Task RedirectAsync(HttpContext http)
    {
        http.Response.Redirect("/docs");
        return Task.CompletedTask;
    }

    private static async Task SendAsync(HttpContext http, string contentType, byte[] body)
    {
        http.AddBrowserHeaders();
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
