using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Tests.Sdk;

/// <summary>
/// A web site of another origin than the gateway: an empty page, and the modules of OpenAI's Node package as browsers load them.
/// </summary>
internal sealed class PageHost : IAsyncDisposable
{
    private const string Modules = "/openai";
    private readonly WebApplication _app;

    private PageHost(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<PageHost> StartAsync()
    {
        await NodePackages.InstallAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return new PageHost(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments(Modules, out var file))
        {
            http.Response.ContentType = "text/html";
            await http.Response.WriteAsync("<!doctype html><title>page</title>");
            return;
        }
        var path = Path.Combine(NodePackages.Folder, "node_modules", "openai", file.Value!.TrimStart('/'));
        if (!File.Exists(path))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        http.Response.ContentType = "text/javascript";
        await http.Response.WriteAsync(await File.ReadAllTextAsync(path));
    }
}
