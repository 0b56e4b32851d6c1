using System.Diagnostics;
using System.Globalization;
using Gateway.Admin.WebConsole;
using Gateway.Hosting;

namespace Gateway.Benchmarks.Scale;

/// <summary>
/// <c>console</c>: how long the console takes on a seeded database, in a real Chromium: the first view after sign-in, and the data of each
/// view. The page is the production build; <c>Gateway.Console/tests/speed.mjs</c> drives the browser and writes the report.
/// </summary>
internal static class ConsoleCommand
{
    private const string Folder = "Gateway.Console";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = ScaleOptions.Read(arguments, "--rounds", "--view");
        if (options.Folder is not { } folder)
        {
            Console.Error.WriteLine("console --data <folder> [--database <url>] [--rounds <n>] [--view <text>]");
            return 2;
        }
        var page = Path.GetFullPath(Path.Combine(Folder, "dist"));
        if (!File.Exists(Path.Combine(page, "index.html")))
        {
            Console.Error.WriteLine($"{page} is not built: npm ci and npm run build in {Folder}, or a Release build of the gateway.");
            return 2;
        }
        await using var hub = await HubProcess.StartAsync(
            ScaleOptions.HostArguments,
            options.Settings(folder),
            builder => builder.Services.AddSingleton(new ConsoleFolder(page))
        );
        var start = new ProcessStartInfo("node", ["tests/speed.mjs"]) { WorkingDirectory = Path.GetFullPath(Folder) };
        start.Environment["HUB_URL"] = hub.Address.ToString();
        start.Environment["HUB_ADMIN"] = SeedCommand.AdminEmail;
        start.Environment["HUB_CUSTOMER"] = SeedCommand.LargeUserEmail;
        start.Environment["HUB_PASSWORD"] = await File.ReadAllTextAsync(Path.Combine(folder, SeedCommand.PasswordFile));
        start.Environment["HUB_ROUNDS"] = options.Number("--rounds", 20).ToString(CultureInfo.InvariantCulture);
        start.Environment["HUB_VIEW"] = options.Text("--view") ?? "";
        using var browser = Process.Start(start)!;
        await browser.WaitForExitAsync();
        var load = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
        Console.WriteLine($"\n{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, load average {load}");
        return browser.ExitCode;
    }
}
