using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Gateway.Benchmarks.Load.Client;
using Gateway.Benchmarks.Load.Processes;
using Gateway.Benchmarks.Load.Servers;
using Gateway.Core.Keys;

namespace Gateway.Benchmarks.Start;

/// <summary>
/// <c>start</c>: from the start of the gateway's own program, in Production on SQLite, to its first answered call; on an empty folder,
/// where the schema and the first admin are made too, and again on the same folder.
/// </summary>
internal static class StartCommand
{
    private const string Announcement = "listens on ";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var rounds = arguments is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
        await using var upstream = await ChildProcess.StartAsync("upstream");
        Console.WriteLine("| round | first start, ms | to its first answer, ms | later start, ms | to its first answer, ms |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: |");
        for (var round = 1; round <= rounds; round++)
        {
            var folder = Directory.CreateTempSubdirectory("hub-start-");
            var settings = GatewayServer.Settings(folder.FullName, $"http://127.0.0.1:{upstream.Port}/", ApiKeyText.Create().Text);
            var (first, firstAnswer) = await MeasureAsync(settings);
            var (later, laterAnswer) = await MeasureAsync(settings);
            folder.Delete(recursive: true);
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {round} | {first:F0} | {firstAnswer:F0} | {later:F0} | {laterAnswer:F0} |")
            );
        }
        return 0;
    }

    private static async Task<(double Listens, double Answers)> MeasureAsync(Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Gateway.dll"), "--environment", "Production", "--Logging:LogLevel:Default=Warning"]
        )
        {
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }
        var begin = Stopwatch.GetTimestamp();
        using var gateway = Process.Start(start)!;
        try
        {
            var address = await ReadAddressAsync(gateway.StandardOutput);
            var listens = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            await CallAsync(address, settings["HUB_BOOTSTRAP_KEY"]);
            return (listens, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }
        finally
        {
            gateway.Kill();
            await gateway.WaitForExitAsync();
        }
    }

    private static async Task<Uri> ReadAddressAsync(StreamReader output)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await output.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.IndexOf(Announcement, StringComparison.Ordinal) is var at and >= 0)
            {
                return new Uri(line[(at + Announcement.Length)..].Replace("localhost", "127.0.0.1", StringComparison.Ordinal));
            }
        }
        throw new InvalidOperationException("The gateway ended before it listened.");
    }

    private static async Task CallAsync(Uri address, string apiKey)
    {
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        using var body = new ByteArrayContent(CallBytes.Body(stream: false));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.PostAsync("v1/chat/completions", body);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }
}
