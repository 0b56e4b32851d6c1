namespace Gateway.Admin.WebConsole;

/// <summary>
/// The console: at <c>/</c> for browsers, and at <c>/console/...</c> each of its views, so that links into it work and no path of an API is
/// taken. Public: it holds no data, and what it asks the API for is decided there.
/// </summary>
internal static class ConsoleEndpoints
{
    private const string Views = "/console";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps the console. What <c>/</c> answers to other clients stays as it is.</summary>
    public static void MapConsole(this WebApplication app)
    {
        var files = app.Services.GetRequiredService<ConsoleFiles>();
        app.UseWhen(
            http => http.Request.Path == "/" && ConsolePage.IsWanted(http.Request),
            page => page.Run(http => ConsolePage.SendAsync(http, files))
        );
        app.MapMethods(Views + "/{**view}", Reading, http => ConsolePage.SendAsync(http, files));
        app.MapMethods(
            Views + "/assets/{name}",
            Reading,
            http =>
            {
                if (files.Find((string)http.Request.RouteValues["name"]!) is { } file)
                {
                    return file.SendAsync(http);
                }
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
        );
    }
}
